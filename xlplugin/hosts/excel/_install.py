"""`xlplugin install excel` and `uninstall excel`: what xlwings documents, step by step, and nothing half done."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts._package import write_beside
from xlplugin.hosts.excel import _checks, _record
from xlplugin.hosts.excel._addin import NAME, QUICKSTART, addin_settings, build_addin
from xlplugin.hosts.excel._facts import installed, settings_file, start_folder
from xlplugin.hosts.excel._job import Job, Step, do_all
from xlplugin.hosts.excel._macro import MODULE_NAME, vba
from xlplugin.hosts.excel._settings import MODULE, merged, read, with_module, without, without_module
from xlplugin.hosts.excel._windows import ThisMachine

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.hosts.excel._windows import OpenBook, Windows

    Tell = Callable[..., None]

__all__ = ["install", "uninstall"]

_WRAPPERS = "xlwings_udfs"
_STANDALONE = "xlwings"


def install(tell: Tell, *, lang: str = "en", book: Path | None = None, windows: Windows | None = None) -> None:
    """Installs the functions for every workbook, or into one workbook, and tells each step.

    Args:
        tell: is told a text key and its facts.
        lang: zh or en, for the button's words.
        book: an .xlsm that gets the functions itself; without it they come with an add-in.
        windows: the machine; this one unless told otherwise.

    Raises:
        XlpError: what stands in the way; nothing is left half installed then.
    """
    windows = windows or ThisMachine()
    _checks.on_windows(windows)
    job = Job(windows, lang, tell, None if book is None else Path(book))
    do_all(job, _ADDIN_STEPS if job.book is None else _BOOK_STEPS)
    tell("excel.installed" if job.book is None else "excel.book_done", path=job.target)


def uninstall(tell: Tell, *, windows: Windows | None = None) -> None:
    """Takes our add-in and our settings away; whatever is not ours stays.

    Raises:
        XlpError: a file is in use or cannot be written.
    """
    windows = windows or ThisMachine()
    _checks.on_windows(windows)
    ours = [found for found in map(_ours_in, _record.folders(windows)) if found]
    job = Job(windows, "en", tell)
    job.target = ours[0] if ours else start_folder(windows) / NAME
    if not ours and not _record.exists(windows):
        tell("excel.nothing_installed", path=job.target)
        return
    do_all(job, (Step("remove", lambda job: _remove(job, ours)), Step("unset", _unset)))
    _record.forget(windows)
    tell("excel.uninstalled", path=job.target)


def _ours_in(folder: Path) -> Path | None:
    found = installed(folder)
    return found.path if found and found.ours else None


# The add-in, for every workbook


def _staged(job: Job) -> Path:
    return job.work / (NAME if job.book is None else f"{job.book.stem}.new{job.book.suffix}")


def _build(job: Job) -> None:
    job.work.mkdir(parents=True, exist_ok=True)
    source = job.windows.xlwings_folder() / QUICKSTART
    if not source.exists():
        raise XlpError("excel_quickstart", path=source)
    settings = addin_settings(str(job.windows.python), job.windows.xlwings_version())
    build_addin(source, _staged(job), settings, job.lang)


def _import_into_addin(job: Job) -> None:
    with job.windows.excel() as excel:
        opened = excel.open(_staged(job))
        _put_macro(job, opened, button=True)
        opened.import_functions(MODULE)
        opened.save()
        job.target = excel.start_folder / NAME


def _place(job: Job) -> None:
    target = _target(job)
    target.parent.mkdir(parents=True, exist_ok=True)
    _checks.room_for_addin(target.parent)
    job.windows.close_everywhere(NAME)
    job.remember(target)
    with write_beside(target) as out:
        out.write(_staged(job).read_bytes())
    job.remember(_record.place(job.windows))
    _record.note(job.windows, start_folder=str(target.parent))


def _load(job: Job) -> None:
    try:
        opened = job.windows.open_everywhere(_target(job))
    except XlpError:  # it is installed all the same
        opened = False
    job.tell("excel.loaded" if opened else "excel.starts_with_excel")


def _target(job: Job) -> Path:
    return job.target or start_folder(job.windows) / NAME


def _clear(job: Job) -> None:
    shutil.rmtree(job.work, ignore_errors=True)
    with suppress(OSError):  # not empty: the record of an installation is there
        job.work.parent.rmdir()


# One workbook with the functions inside


def _put_macro(job: Job, opened: OpenBook, *, button: bool) -> None:
    path = job.work / f"{MODULE_NAME}.bas"
    path.write_bytes(vba(button=button))
    if MODULE_NAME in opened.modules():
        opened.remove_module(MODULE_NAME)
    opened.add_module(path)


def _set(job: Job) -> None:
    """The user's xlwings.conf names this Python and our module; the workbook's own VBA asks there."""
    path = settings_file(job.windows)
    text = _text_of(path, job.windows.ansi)
    old = read(text)
    _checks.same_interpreter(job.windows, path, old)
    wanted = {"INTERPRETER_WIN": str(job.windows.python), "UDF MODULES": with_module(old.get("UDF MODULES", ""))}
    if all(old.get(key) == value for key, value in wanted.items()):
        return
    job.remember(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if old.get("INTERPRETER_WIN"):
        del wanted["INTERPRETER_WIN"]  # the same Python, perhaps in other letters
    _write(job, path, merged(text, wanted))
    job.remember(_record.place(job.windows))
    _record.note(job.windows, interpreter=wanted.get("INTERPRETER_WIN", _record.interpreter(job.windows)))


def _text_of(path: Path, encoding: str) -> str:
    """The file's text; bytes that the code page does not know stay what they are when it is written again."""
    return path.read_bytes().decode(encoding, errors="surrogateescape") if path.exists() else ""


def _write(job: Job, path: Path, text: str) -> None:
    try:
        content = text.encode(job.windows.ansi, errors="surrogateescape")
    except UnicodeEncodeError:
        raise XlpError("excel_letters", path=path, found=str(job.windows.python)) from None
    with write_beside(path) as out:
        out.write(content)


def _copy(job: Job) -> None:
    job.work.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_book(job), _staged(job))


def _import_into_book(job: Job) -> None:
    with job.windows.excel() as excel:
        opened = excel.open(_staged(job))
        modules = opened.modules()
        _checks.only_our_functions(_book(job), modules.get(_WRAPPERS, ""))
        if _STANDALONE in modules:
            opened.remove_module(_STANDALONE)
        opened.add_module(job.windows.xlwings_folder() / "xlwings.bas")
        _put_macro(job, opened, button=False)
        opened.import_functions(MODULE)
        done = opened.refresh()
        opened.save()
    job.tell("excel.refreshed", count=done.formulas)
    if done.protected:
        job.tell("excel.protected", sheets=", ".join(done.protected))


def _replace(job: Job) -> None:
    book = _book(job)
    backup = book.with_name(book.name + ".bak")
    job.remember(backup)
    shutil.copyfile(book, backup)
    with write_beside(book) as out:
        out.write(_staged(job).read_bytes())
    job.tell("excel.backup", path=backup)


def _book(job: Job) -> Path:
    if job.book is None:  # the steps for one workbook are taken with one
        raise ValueError(job.book)
    return job.book


# Removal


def _remove(job: Job, ours: list[Path]) -> None:
    for path in ours:
        job.windows.close_everywhere(NAME)
        job.remember(path)
        path.unlink()


def _unset(job: Job) -> None:
    """Takes our module out of the user's xlwings.conf, and the interpreter only where we had put it there."""
    path = settings_file(job.windows)
    text = _text_of(path, job.windows.ansi)
    old = read(text)
    put = _record.interpreter(job.windows)
    gone = {"INTERPRETER_WIN"} if put and _same(old.get("INTERPRETER_WIN", ""), put) else set()
    modules = without_module(old.get("UDF MODULES", ""))
    if MODULE in old.get("UDF MODULES", "").split(";"):
        text = merged(text, {"UDF MODULES": modules}) if modules else without(text, {"UDF MODULES"})
    elif not gone:
        return
    job.remember(path)
    text = without(text, gone)
    if text.strip():
        _write(job, path, text)
    else:
        path.unlink()


def _same(one: str, other: str) -> bool:
    return PureWindowsPath(one) == PureWindowsPath(other)


_ADDIN_STEPS = (
    Step("check", _checks.before_addin),
    Step("build", _build, _clear),
    Step("import", _import_into_addin),
    Step("place", _place),
    Step("load", _load),
    Step("tidy", _clear),
)
_BOOK_STEPS = (
    Step("check", _checks.before_book),
    Step("settings", _set),
    Step("copy", _copy, _clear),
    Step("import_book", _import_into_book),
    Step("replace", _replace),
    Step("tidy", _clear),
)
