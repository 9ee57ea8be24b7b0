"""What must be so before anything is changed; each cause in a sentence that says what to do."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from xlplugin import __version__
from xlplugin.errors import XlpError
from xlplugin.hosts.excel import _record
from xlplugin.hosts.excel._facts import dll, excel_versions, installed, trusts_vba_project
from xlplugin.hosts.excel._settings import MODULE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xlplugin.hosts.excel._facts import Installed
    from xlplugin.hosts.excel._job import Job
    from xlplugin.hosts.excel._windows import Windows

__all__ = ["before_addin", "before_book", "on_windows", "only_our_functions", "room_for_addin", "same_interpreter"]

_CALL = re.compile(r'CallUDF\("([^"]+)"|CallUDF "([^"]+)"')


def on_windows(windows: Windows) -> None:
    """Raises `excel_only_windows` on any other system."""
    if windows.system != "Windows":
        raise XlpError("excel_only_windows", found=windows.system)


def before_addin(job: Job) -> None:
    """Raises what stands in the way of the add-in; tells what is replaced."""
    _excel_and_python(job)
    for old in map(room_for_addin, _record.folders(job.windows)):
        if old and (old.xlplugin, old.xlwings) != (__version__, job.windows.xlwings_version()):
            job.tell("excel.replaces", xlplugin=old.xlplugin, xlwings=old.xlwings)


def before_book(job: Job) -> None:
    """Raises what stands in the way of putting the functions into one workbook."""
    book = job.book
    if book is None or not book.exists():
        raise XlpError("file_missing", path=book)
    if book.suffix.lower() != ".xlsm":
        raise XlpError("excel_book_kind", path=book)
    if (book.parent / f"~${book.name}").exists():
        raise XlpError("excel_book_open", path=book)
    _excel_and_python(job)


def _excel_and_python(job: Job) -> None:
    windows = job.windows
    versions = excel_versions(windows)
    if not versions:
        raise XlpError("excel_none")
    if not windows.xlwings_version():
        raise XlpError("excel_needs_xlwings", python=windows.python)
    if dll(windows) is None:
        raise XlpError("excel_no_dll", version=windows.xlwings_version(), path=windows.python.parent)
    _carries_the_same_version(windows)
    untrusting = [version for version in versions if not trusts_vba_project(windows, version)]
    if untrusting:
        raise XlpError("excel_trust", found=", ".join(untrusting))
    job.tell("excel.found", excel=", ".join(versions), python=windows.python, xlwings=windows.xlwings_version())
    if len(versions) > 1:
        job.tell("excel.several", found=", ".join(versions))


def _carries_the_same_version(windows: Windows) -> None:
    """The VBA of xlwings names the library by version, so files of two installations mixed would fail in every cell."""
    path = windows.xlwings_folder() / "xlwings.bas"
    text = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
    found = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', text)
    if found is None or found[1] != windows.xlwings_version():
        raise XlpError("excel_versions", found=found[1] if found else "?", wanted=windows.xlwings_version())


def room_for_addin(folder: Path) -> Installed | None:
    """What is installed there already, if it is ours; raises `excel_stranger` where it is someone else's."""
    old = installed(folder)
    if old and not old.ours:
        raise XlpError("excel_stranger", path=old.path)
    return old


def same_interpreter(windows: Windows, path: Path, settings: Mapping[str, str]) -> None:
    """Raises `excel_other_python` where the user's settings name another Python; they are not ours to change."""
    found = settings.get("INTERPRETER_WIN") or settings.get("INTERPRETER", "")
    found = found or settings.get("CONDA ENV", "")
    if found and PureWindowsPath(found) != PureWindowsPath(windows.python):
        raise XlpError("excel_other_python", path=path, found=found, wanted=windows.python)


def only_our_functions(book: Path, wrappers: str) -> None:
    """Raises `excel_others_functions` where a workbook has functions of other modules: importing would drop them."""
    others = {one or other for one, other in _CALL.findall(wrappers)} - {MODULE}
    if others:
        raise XlpError("excel_others_functions", path=book, found=", ".join(sorted(others)))
