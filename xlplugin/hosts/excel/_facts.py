"""What the registry and the folders of a Windows machine say about Excel, Python and xlwings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import XlpError
from xlplugin.hosts.excel._addin import NAME, settings_of
from xlplugin.hosts.excel._settings import MODULE

if TYPE_CHECKING:
    from pathlib import Path

    from xlplugin.hosts.excel._windows import Windows

__all__ = [
    "Installed",
    "dll",
    "excel_versions",
    "installed",
    "macros",
    "settings_file",
    "start_folder",
    "trusts_vba_project",
]

_VERSIONS = ("16.0", "15.0", "14.0")
_OFFICE = ("SOFTWARE\\Microsoft\\Office", "SOFTWARE\\WOW6432Node\\Microsoft\\Office")
_CLICK_TO_RUN = "HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\REGISTRY\\MACHINE\\Software\\Microsoft\\Office"
# A policy set by the office's IT stands over the user's own choice.
_SECURITY = (
    "HKCU\\Software\\Policies\\Microsoft\\Office\\{}\\Excel\\Security",
    "HKLM\\Software\\Policies\\Microsoft\\Office\\{}\\Excel\\Security",
    "HKCU\\Software\\Microsoft\\Office\\{}\\Excel\\Security",
)
_MACROS = {1: "all", 2: "ask", 3: "signed", 4: "none"}


class Installed(NamedTuple):
    """An add-in file that lies where ours would: whether it is ours, and which versions made it."""

    path: Path
    ours: bool
    xlplugin: str
    xlwings: str
    python: str


def excel_versions(windows: Windows) -> tuple[str, ...]:
    """The versions of Excel on the machine, newest first, such as 16.0."""
    return tuple(version for version in _VERSIONS if any(_root(windows, key) for key in _places(version)))


def _places(version: str) -> list[str]:
    return [f"HKLM\\{office}\\{version}" for office in _OFFICE] + [f"{_CLICK_TO_RUN}\\{version}"]


def _root(windows: Windows, key: str) -> object:
    return windows.registry(f"{key}\\Excel\\InstallRoot", "Path")


def _security(windows: Windows, version: str, name: str) -> object:
    values = (windows.registry(key.format(version), name) for key in _SECURITY)
    return next((value for value in values if value is not None), None)


def trusts_vba_project(windows: Windows, version: str) -> bool:
    """Whether this Excel lets programs put VBA modules into workbooks."""
    return _security(windows, version, "AccessVBOM") == 1


def macros(windows: Windows, version: str) -> str:
    """What Excel does about macros: all, ask, signed, none; asking is what it does unless told otherwise."""
    value = _security(windows, version, "VBAWarnings")
    return _MACROS.get(value, "ask") if isinstance(value, int) else "ask"


def start_folder(windows: Windows) -> Path:
    """The user's XLSTART folder, where every version of Excel looks unless its user moved it."""
    return windows.roaming / "Microsoft" / "Excel" / "XLSTART"


def settings_file(windows: Windows) -> Path:
    """The user's xlwings.conf, which workbooks with xlwings' module in them go by."""
    return windows.home / ".xlwings" / "xlwings.conf"


def dll(windows: Windows) -> Path | None:
    """The library of xlwings for this Python, where its VBA looks for it: beside python.exe, or one folder up."""
    name = f"xlwings64-{windows.xlwings_version()}.dll"
    places = (folder / name for folder in (windows.python.parent, windows.python.parent.parent))
    return next((place for place in places if place.exists()), None)


def installed(folder: Path) -> Installed | None:
    """What lies in the start folder under our add-in's name; None where nothing does.

    Raises:
        XlpError: `cannot_read`, where somebody else holds the file.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        settings = settings_of(path)
    except XlpError as error:
        if error.code == "cannot_read":
            raise
        settings = {}  # damaged, or no workbook at all: nothing says that it is ours
    return Installed(
        path,
        MODULE in settings.get("UDF MODULES", "").split(";"),
        settings.get("XLPLUGIN_VERSION", ""),
        settings.get("XLWINGS_VERSION", ""),
        settings.get("INTERPRETER_WIN", ""),
    )
