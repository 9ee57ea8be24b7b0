"""What of Excel, xlwings and our add-in is there, and what is to be done about the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlplugin import __version__
from xlplugin.errors import XlpError
from xlplugin.hosts.excel import _record
from xlplugin.hosts.excel._facts import (
    dll,
    excel_versions,
    installed,
    macros,
    settings_file,
    start_folder,
    trusts_vba_project,
)
from xlplugin.hosts.excel._settings import MODULE, read
from xlplugin.hosts.excel._windows import ThisMachine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts.excel._windows import Windows

__all__ = ["Finding", "status"]


class Finding(NamedTuple):
    """One line of a doctor's report.

    Args:
        state: ok; todo, where something is to be done; info, where nothing is but it is good to know.
        key: the text that says what was found and what to do.
        facts: what fills it.
    """

    state: str
    key: str
    facts: dict[str, object]


def status(windows: Windows | None = None) -> list[Finding]:
    """What is there for Excel on this machine; on a machine without Windows only that."""
    windows = windows or ThisMachine()
    if windows.system != "Windows":
        return [_finding("info", "elsewhere", found=windows.system)]
    versions = excel_versions(windows)
    if not versions:
        return [_finding("info", "none")]
    return [
        _finding("ok", "version", found=", ".join(versions)),
        _library(windows),
        *(_trust(windows, version) for version in versions),
        *(_macros(windows, version) for version in versions),
        _addin(windows),
        *_settings(windows),
    ]


def _finding(state: str, key: str, **facts: object) -> Finding:
    return Finding(state, f"doctor.excel.{key}", facts)


def _library(windows: Windows) -> Finding:
    version = windows.xlwings_version()
    if dll(windows):
        return _finding("ok", "library", version=version)
    return _finding("todo", "no_library", version=version or "?", path=windows.python.parent)


def _trust(windows: Windows, version: str) -> Finding:
    trusted = trusts_vba_project(windows, version)
    return _finding("ok" if trusted else "info", "trust" if trusted else "no_trust", version=version)


def _macros(windows: Windows, version: str) -> Finding:
    level = macros(windows, version)
    return _finding("todo" if level in ("signed", "none") else "ok", f"macros_{level}", version=version)


def _addin(windows: Windows) -> Finding:
    try:
        found = next(filter(None, map(installed, _record.folders(windows))), None)
    except XlpError as error:
        return Finding("todo", f"error.{error.code}", error.facts)
    if found is None:
        return _finding("info", "no_addin", path=start_folder(windows))
    if not found.ours:
        return _finding("todo", "stranger", path=found.path)
    made, here = (found.xlplugin, found.xlwings), (__version__, windows.xlwings_version())
    key = "old_addin" if made != here else "addin_no_python" if _is_gone(found.python) else "addin"
    facts = {"xlplugin": found.xlplugin, "xlwings": found.xlwings, "python": found.python, "path": found.path}
    return _finding("ok" if key == "addin" else "todo", key, **facts)


def _is_gone(python: str) -> bool:
    """Whether it is the path of a program that is not there; a bare name is looked for by Windows itself."""
    is_path = ("\\" in python or "/" in python) and "%" not in python
    return is_path and not Path(python).exists()


def _settings(windows: Windows) -> Iterator[Finding]:
    """The user's settings file, where workbooks with the functions inside look for Python."""
    path = settings_file(windows)
    if not path.exists():
        return
    settings = read(path.read_bytes().decode(windows.ansi, errors="replace"))
    if MODULE in settings.get("UDF MODULES", "").split(";"):
        python = settings.get("INTERPRETER_WIN", "")
        gone = _is_gone(python)
        yield _finding("todo" if gone else "ok", "settings_no_python" if gone else "settings", path=path, python=python)
