"""What is said about Excel, about installing, removing and examining, in English."""

TEXTS = {
    # the commands
    "cli.install.help": "install the worksheet functions into Excel (Windows, through xlwings) or LibreOffice Calc",
    "cli.uninstall.help": "take the installed functions away again; what is not ours stays",
    "cli.doctor.help": "say what is installed, which Python and which versions, what is missing and what "
    "to do about it",
    "cli.option.install_host": "excel (Windows, through xlwings) or calc (LibreOffice 25.2 or later)",
    "cli.option.install_book": "excel: put the functions into this .xlsm workbook instead of an add-in for "
    "all workbooks",
    "cli.option.build_only": "calc: build the .oxt file and install nothing",
    "cli.option.output_extension": "with --build-only: the .oxt file to write",
    "cli.option.program": "calc: the soffice file or program folder of a LibreOffice in an unusual place",
    "cli.option.uninstall_host": "excel or calc",
    "error.install_option": "{option} belongs to `{command} {belongs}`, not to `{command} {host}`. Leave it out.",
    "error.install_output": "{option} needs --build-only: an installation knows its own place.",
    "error.install_program": "--build-only installs nothing, so it needs no --program. Leave one of them out.",
    # steps
    "excel.step.check": "[{number}/{count}] looking for Excel, Python, xlwings and what Excel allows",
    "excel.step.build": "[{number}/{count}] building the add-in from xlwings' own quickstart add-in",
    "excel.step.import": "[{number}/{count}] starting Excel unseen and importing the functions into the add-in",
    "excel.step.place": "[{number}/{count}] putting the add-in into Excel's start folder",
    "excel.step.load": "[{number}/{count}] opening it in the Excel that runs",
    "excel.step.tidy": "[{number}/{count}] tidying up",
    "excel.step.settings": "[{number}/{count}] naming this Python and our module in xlwings.conf; other lines stay",
    "excel.step.copy": "[{number}/{count}] copying the workbook, to work on the copy",
    "excel.step.import_book": "[{number}/{count}] starting Excel unseen, importing xlwings' module and the "
    "functions, entering our formulas anew",
    "excel.step.replace": "[{number}/{count}] putting the copy in the workbook's place",
    "excel.step.remove": "[{number}/{count}] taking the add-in out of Excel's start folder",
    "excel.step.unset": "[{number}/{count}] taking our entries out of xlwings.conf; other lines stay",
    "excel.found": "    Excel {excel}, Python {python}, xlwings {xlwings}",
    "excel.several": "    Several versions of Excel are installed ({found}). All read the same start "
    "folder, so the add-in serves all; the functions are imported with the one Windows starts.",
    "excel.replaces": "    An add-in of xlplugin {xlplugin} with xlwings {xlwings} is there; it is replaced.",
    "excel.loaded": "    It is loaded; type =XLP_ in a cell.",
    "excel.starts_with_excel": "    It loads when Excel is next started.",
    "excel.installed": "Installed: {path}\nIn a workbook that shows #NAME? press Formulas > xlplugin > "
    "Refresh formulas (or run the macro XlpRefresh). Keep this Python where it is: the add-in starts it.",
    "excel.book_done": "{path} now carries the functions. Who opens it needs Windows, Excel and this "
    "version of xlwings and xlplugin; others see the values.",
    "excel.backup": "    The workbook as it was is kept as {path}",
    "excel.refreshed": "{count} formulas entered anew",
    "excel.refreshed_but": "{count} formulas entered anew; protected sheets left alone: {sheets}",
    "excel.protected": "    Protected sheets were left alone: {sheets}. Unprotect them and run the macro XlpRefresh.",
    "excel.uninstalled": "Removed: {path}. Restart Excel if it runs. Workbooks that carry the functions "
    "keep them and their values; to calculate again they need `xlplugin install excel --book`.",
    "excel.nothing_installed": "Nothing of ours is installed ({path} is not there).",
    "excel.button": "Refresh formulas",
    "excel.button_tip": "Enters every XLP_ formula of this workbook anew, for workbooks that show #NAME?",
    # what stands in the way
    "error.excel_only_windows": "Excel with classic xlwings runs on Windows; this is {found}. Here: "
    "`xlplugin install calc` for LibreOffice, a workbook for xlwings Lite (`xlplugin template NAME --host "
    "lite`), or `xlplugin recalc`.",
    "error.excel_none": "No Excel was found in the registry (14.0 to 16.0 were looked for). Install "
    "desktop Excel, or use LibreOffice: `xlplugin install calc`.",
    "error.excel_needs_xlwings": "Python {python} has no xlwings. Run: pip install xlwings",
    "error.excel_no_dll": "xlwings {version} has not put its library xlwings64-{version}.dll beside "
    "{path}. Python from the Microsoft Store and `pip install --user` don't put it there: use Python from "
    "python.org, make a virtual environment (py -m venv C:\\xlplugin), install xlplugin in it and run this "
    "command there.",
    "error.excel_versions": "xlwings' VBA module is of version {found}, the package of version {wanted}: "
    "two installations are mixed. Run: pip install --force-reinstall xlwings=={wanted}",
    "error.excel_trust": "Excel {found} does not let programs put VBA into workbooks. In Excel: File > "
    "Options > Trust Center > Trust Center Settings > Macro Settings, tick 'Trust access to the VBA "
    "project object model'. Run this command again; afterwards the tick may be taken off.",
    "error.excel_quickstart": "{path} is missing or not made as expected: this version of xlwings has "
    "changed its quickstart add-in. Install one this version of xlplugin knows: pip install "
    "xlwings==0.37.8",
    "error.excel_stranger": "{path} is there and is not ours, or it is damaged; it was left alone. Rename or remove "
    "it, then run this command again.",
    "error.excel_other_python": "{path} names another Python ({found}) for the user's xlwings workbooks; "
    "it was left alone. Install xlplugin into that Python and run this command with it, or take the line "
    "out, or install for all workbooks without --book (that does not use this file). This Python: {wanted}",
    "error.excel_letters": "{path}: Excel reads this file in the system's code page, which cannot write "
    "the path {found}. Make the virtual environment in a folder with plain letters, such as C:\\xlplugin.",
    "error.excel_book_kind": "{path}: only an .xlsm can carry functions. In Excel: File > Save As > Excel "
    "Macro-Enabled Workbook, then name that file.",
    "error.excel_book_open": "{path} is open in Excel. Close it first.",
    "error.excel_others_functions": "{path} already carries functions of other modules ({found}), which "
    "importing ours would drop; it was left alone. Install for all workbooks without --book.",
    "error.excel_said": "Excel refused: {found}. Close Excel's dialogs and other workbooks, then try "
    "again; `xlplugin doctor` says what is set.",
    # doctor
    "doctor.xlplugin": "xlplugin {version}",
    "doctor.python": "Python {version} on {system}: {path}",
    "doctor.old_python": "Python {version}: xlplugin needs 3.11 or later. Install a newer one from python.org.",
    "doctor.rulebook": "rulebook: {count} schemes{own}",
    "doctor.own_rulebook": ", with the office's own folder {path}",
    "doctor.package": "{name} {version}",
    "doctor.extra_missing": "no {name}, which not everybody needs. {needs}",
    "doctor.package_missing": "{name} is missing. Run: pip install {name}",
    "doctor.engine": "embedded engine (recalc, demo): {name} {version}",
    "doctor.engine_wrong": "embedded engine: {name} {version} is installed, {wanted} is needed. Run: pip "
    'install "{name}{wanted}"',
    "doctor.engine_fails": "embedded engine: {name} {version} does not load ({found}). Run: pip install "
    "--force-reinstall {name}",
    "doctor.lite": "xlwings Lite: nothing to install here; a workbook made with `xlplugin template NAME "
    "--host lite` carries the functions",
    "doctor.heading.base": "xlplugin",
    "doctor.heading.excel": "Excel with xlwings",
    "doctor.heading.calc": "LibreOffice Calc",
    "doctor.heading.lite": "xlwings Lite",
    "doctor.all_well": "Nothing needs mending. Lines marked · are for your information; no host but one's "
    "own is needed.",
    "doctor.to_do": "To be done: {count} (marked ✗).",
    "doctor.excel.elsewhere": "runs on Windows only; this is {found}",
    "doctor.excel.none": "no Excel found in the registry",
    "doctor.excel.version": "Excel {found}",
    "doctor.excel.library": "xlwings' library {version} lies where Excel looks for it",
    "doctor.excel.no_library": "xlwings64-{version}.dll is not beside {path}: use Python from python.org "
    "with a virtual environment, not the Microsoft Store's",
    "doctor.excel.trust": "Excel {version} lets programs put VBA into workbooks (needed for installing only)",
    "doctor.excel.no_trust": "Excel {version} does not let programs put VBA into workbooks; needed for "
    "installing only: Trust Center > Macro Settings",
    "doctor.excel.macros_all": "Excel {version} runs all macros",
    "doctor.excel.macros_ask": "Excel {version} asks before it runs macros; the start folder is trusted "
    "unless the office's IT has changed that",
    "doctor.excel.macros_signed": "Excel {version} runs signed macros only: the add-in is not signed. Ask "
    "the IT person (docs/it.en.md)",
    "doctor.excel.macros_none": "Excel {version} runs no macros: the functions will show #NAME?. Ask the "
    "IT person (docs/it.en.md), or use xlwings Lite",
    "doctor.excel.addin": "add-in {path}: xlplugin {xlplugin}, xlwings {xlwings}, Python {python}",
    "doctor.excel.old_addin": "add-in {path} was made with xlplugin {xlplugin} and xlwings {xlwings}, "
    "which is not what this Python has. Run: xlplugin install excel",
    "doctor.excel.addin_no_python": "add-in {path} starts Python {python}, which is not there any more: the functions "
    "will not work. Run: xlplugin install excel",
    "doctor.excel.no_addin": "no add-in in {path}. Run: xlplugin install excel",
    "doctor.excel.stranger": "{path} is not ours, or it is damaged. Rename or remove it, then run: xlplugin install excel",
    "doctor.excel.settings_no_python": "{path} names Python {python}, which is not there any more: workbooks that "
    "carry the functions will not calculate. Take the line INTERPRETER_WIN out, then run: "
    "xlplugin install excel --book BOOK.xlsm",
    "doctor.excel.settings": "{path} names our module and Python {python} (for workbooks that carry the functions)",
}
