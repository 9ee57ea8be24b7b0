"""What is said about LibreOffice Calc, in English."""

TEXTS = {
    "error.install_kind": "{path}: the extension must end in .oxt, or LibreOffice does not take it.",
    "calc.title": "xlplugin sales functions",
    "calc.about": "xlplugin {version}: the XLP_ functions in LibreOffice Calc: intent grade, the reason for it and the "
    "next contact date under published grading schemes. Uses no network and collects nothing.",
    "calc.zero_or_blank": "0 or blank, Calc can't say; write B2:B2",
    "calc.installed": "Add-in {version} is installed in LibreOffice {office}, and has been tried (profile {path}).",
    "calc.replaced": "Version {before}, which was there before, has been replaced.",
    "calc.next": "Next: open LibreOffice Calc and type "
    '=XLP_GRADE("purchase_window_habcf";"days_to_purchase";5) in a cell; it shows H.',
    "calc.removed": "Add-in {before} has been removed from LibreOffice {office} (profile {path}).",
    "calc.was_not_there": "The add-in is not in LibreOffice {office}; there is nothing to remove (profile {path}).",
    "calc.stays_for_everyone": "The one for everyone on this machine, {everyone}, stays: only an administrator can "
    "remove it (unopkg remove --shared {identifier}).",
    "calc.built": "The add-in is written to {path}. Add it in LibreOffice under Tools > Extensions, "
    "or double-click it.",
    "calc.step.build": "building the add-in",
    "calc.step.install": "installing",
    "calc.step.try": "trying it",
    "calc.state.no_office": "LibreOffice: none found.",
    "calc.state.office": "LibreOffice {found}: {path}",
    "calc.state.old_office": "LibreOffice {found}: {path}; too old, XLP_ functions in an .xlsx show #NAME? there. "
    "Update to 25.2 or later.",
    "calc.state.installed": "Add-in: {version} is installed.",
    "calc.state.not_installed": "Add-in: not installed. Run: xlplugin install calc",
    "calc.state.other_version": "Add-in: {version} is installed, and this package is {ours}. "
    "To update, run: xlplugin install calc",
    "calc.state.newer": "Add-in: {version} is installed, which is newer than this package, {ours}. "
    "Update this package.",
    "calc.state.installed_for_everyone": "Add-in: {version} is installed for everyone on this machine.",
    "calc.state.other_version_for_everyone": "Add-in: {version} is installed for everyone on this machine, and this "
    "package is {ours}. Ask the administrator to replace it (docs/it.en.md).",
    "calc.state.everyone_too": "{everyone} is installed for everyone on this machine as well; the user's own goes "
    "first.",
    "error.calc_no_office": "LibreOffice was not found. Install LibreOffice {allowed} or later; if it is in an unusual "
    "place, name its soffice (--program PATH), or build the file alone (xlplugin install calc --build-only) and add it "
    "in LibreOffice under Tools > Extensions.",
    "error.calc_not_there": "{path} is not LibreOffice's program. Name its soffice file or its program folder.",
    "error.calc_too_old": "{path} is LibreOffice {found}; {allowed} or later is needed: in earlier ones, such as 7.4, "
    "the XLP_ functions of an .xlsx show #NAME?, and a file saved there does not work in Excel either. "
    "Update LibreOffice first; nothing was installed.",
    "error.calc_in_use": "LibreOffice is open (there is the lock file {path}). Close all its windows and try again; "
    "if it is really not running, delete that file. Nothing was changed.",
    "error.calc_busy": "Another xlplugin is just installing or removing the add-in (profile {path}). "
    "Wait until it is done, then try again. Nothing was changed.",
    "error.calc_read_only": "LibreOffice's profile folder {path} cannot be written ({found}). "
    "Check its permissions and the free space, or ask your administrator. Nothing was changed.",
    "error.calc_no_python": "{path} has no Python support, so the add-in cannot run. Install the system's package "
    "python3-uno, or use the official installer of LibreOffice. Nothing was installed.",
    "error.calc_newer": "Add-in {found} is installed, which is newer than this package, {version}. "
    "Update this package; to go back all the same, run first: xlplugin uninstall calc",
    "error.calc_everyone": "Add-in {found} is already installed for everyone on this machine, and LibreOffice starts "
    "no second one beside it. It works without anything being installed for a user; for another version (this package "
    "is {version}) ask the administrator to replace it (docs/it.en.md). Nothing was changed.",
    "error.calc_failed": "LibreOffice did not take the add-in ({found}); nothing of it is left behind. "
    "Close LibreOffice and try once more; if it fails again, send us this sentence.",
    "error.calc_failed_older": "LibreOffice did not take the add-in ({found}); it was taken out again, and version "
    "{before}, which was there before, is gone with it: install that from its own package. Send us this sentence.",
    "error.calc_not_removed": "LibreOffice did not remove the add-in ({found}). "
    "Remove it in LibreOffice under Tools > Extensions.",
}
