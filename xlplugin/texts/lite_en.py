"""What is said about workbooks for xlwings Lite, in English."""

TEXTS = {
    "cli.option.template_host": "what calculates it: classic (Excel with xlwings, LibreOffice, xlplugin recalc) "
    "lite (xlwings Lite; the functions travel inside the workbook), or native (plain formulas, for any spreadsheet)",
    "cli.template.lite_next": "For xlwings Lite: open the workbook in Excel, press the xlwings Lite button, press "
    "Trust and Continue. In an Excel without xlwings Lite the values stay as they are; "
    "LibreOffice keeps no values of such formulas, so for LibreOffice make the classic edition.",
    "lite.code.about": "xlplugin {version}: intent grades and next contact dates for sales offices.\n\n"
    "Made by `xlplugin template … --host lite`; edit the office's rules on the rules sheet, not here.\n"
    "Nothing is downloaded: functions and rulebook are the text at the end of this file.",
}
