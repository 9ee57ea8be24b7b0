"""English texts; the keys are the same as in `zh`, a test compares them."""

TEXTS = {
    # errors a person can cause, by XlpError.code
    "error.file_missing": "No such file: {path}. Check the folder and the name.",
    "error.is_folder": "{path} is a folder; a workbook file (.xlsx or .xlsm) is needed.",
    "error.not_a_workbook": "{path} is not a workbook that can be read ({found}). Needed: .xlsx or .xlsm; save an old .xls as .xlsx first.",
    "error.encrypted": "{path} is protected by a password. Remove it in your spreadsheet, or save a copy without one.",
    "error.truncated": "{path} is incomplete or damaged ({found}). Ask the sender for it again.",
    "error.too_large": "{path} unpacks to {found} MB; the limit is {limit} MB, so it was not opened.",
}
