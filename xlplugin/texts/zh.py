"""Chinese texts; the keys are the same as in `en`, a test compares them."""

TEXTS = {
    # errors a person can cause, by XlpError.code
    "error.file_missing": "找不到文件:{path}。请检查路径和文件名。",
    "error.is_folder": "{path} 是文件夹,需要的是一个工作簿文件(.xlsx 或 .xlsm)。",
    "error.not_a_workbook": "{path} 不是可读取的工作簿({found})。需要 .xlsx 或 .xlsm;旧的 .xls 请先在表格软件里另存为 .xlsx。",
    "error.encrypted": "{path} 有打开密码。请先在表格软件里去掉密码,或另存一份不加密的副本。",
    "error.truncated": "{path} 不完整或已损坏({found})。请向发件人重新要一份。",
    "error.too_large": "{path} 解压后有 {found} MB,上限是 {limit} MB,已拒绝打开。",
}
