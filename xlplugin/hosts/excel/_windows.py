"""What the installation asks of Windows and of Excel, and the real ones that answer it.

The real answers could not be run where this was written (no Windows, no Excel): they are kept thin, and word for word
as xlwings' own commands do it. Everything decided from the answers stands in the other modules and is tested there.
"""

from __future__ import annotations

import os
import platform
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xlplugin.errors import XlpError
from xlplugin.hosts.excel.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from xlplugin.hosts.excel.refresh import Refreshed

__all__ = ["Excel", "OpenBook", "ThisMachine", "Windows"]


class OpenBook(Protocol):
    """A workbook or add-in open in an Excel of our own."""

    def modules(self) -> Mapping[str, str]:
        """The VBA modules by name, with their text."""

    def remove_module(self, name: str) -> None:
        """Takes a VBA module out."""

    def add_module(self, path: Path) -> None:
        """Puts a VBA module in from a .bas file."""

    def import_functions(self, module: str) -> None:
        """Makes the VBA wrappers of a Python module's functions, as xlwings' *Import Functions* does."""

    def refresh(self) -> Refreshed:
        """Enters our formulas anew."""

    def save(self) -> None:
        """Saves it where it is and closes it."""


class Excel(Protocol):
    """An Excel started for us, without a window."""

    @property
    def start_folder(self) -> Path:
        """The folder whose files Excel opens at each start (XLSTART)."""

    def open(self, path: Path) -> OpenBook:
        """Opens a workbook or add-in."""


class Windows(Protocol):
    """The machine: its folders, its registry, its Python and its Excel."""

    system: str
    home: Path
    roaming: Path
    local: Path
    python: Path
    ansi: str

    def xlwings_version(self) -> str:
        """The version of xlwings in this Python; empty where there is none."""

    def xlwings_folder(self) -> Path:
        """Where xlwings keeps its add-in files and VBA modules."""

    def registry(self, key: str, name: str) -> object:
        """A value of the registry, told with HKCU or HKLM in front; None where there is none."""

    def excel(self) -> AbstractContextManager[Excel]:
        """An Excel of our own, ended afterwards."""

    def close_everywhere(self, name: str) -> None:
        """Closes a workbook or add-in in every Excel that runs, without saving."""

    def open_everywhere(self, path: Path) -> bool:
        """Opens an add-in in every Excel that runs; False where none does."""


class ThisMachine:
    """The machine this runs on."""

    ansi = "mbcs"  # VBA reads settings files in the system's own code page

    def __init__(self) -> None:
        self.system = platform.system()
        self.home = Path(os.environ.get("USERPROFILE") or Path.home())
        self.roaming = Path(os.environ.get("APPDATA") or self.home / "AppData" / "Roaming")
        self.local = Path(os.environ.get("LOCALAPPDATA") or self.home / "AppData" / "Local")
        self.python = Path(sys.executable)

    def xlwings_version(self) -> str:
        """The version of xlwings in this Python; empty where there is none."""
        try:
            return version("xlwings")
        except PackageNotFoundError:
            return ""

    def xlwings_folder(self) -> Path:
        """Where xlwings keeps its add-in files and VBA modules."""
        return Path(import_module("xlwings").__file__ or "").parent

    def registry(self, key: str, name: str) -> object:
        """A value of the registry; None where there is none."""
        winreg: Any = import_module("winreg")
        root, _, path = key.partition("\\")
        roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
        try:
            with winreg.OpenKey(roots[root], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
                found: object = winreg.QueryValueEx(opened, name)[0]
        except OSError:
            return None
        return found

    @contextmanager
    def excel(self) -> Iterator[Excel]:
        """An Excel of our own, ended afterwards.

        It has an empty workbook in front: Excel refuses help texts for functions where only hidden books are open.
        """
        xlwings: Any = import_module("xlwings")
        with _told():
            app = xlwings.App(visible=False, add_book=True)
            app.display_alerts = False
        try:
            yield _OurExcel(app)
        finally:
            app.quit()

    def close_everywhere(self, name: str) -> None:
        """Closes a workbook or add-in in every Excel that runs, without saving."""
        for app in import_module("xlwings").apps:
            with _told(), suppress(KeyError):  # add-ins open by name, and are missing from the list of books
                app.books[name].close()

    def open_everywhere(self, path: Path) -> bool:
        """Opens an add-in in every Excel that runs; False where none does."""
        opened = False
        for app in import_module("xlwings").apps:
            with _told():
                app.books.open(str(path))
            opened = True
        return opened


class _OurExcel:
    def __init__(self, app: Any) -> None:
        self._app = app

    @property
    def start_folder(self) -> Path:
        with _told():
            return Path(self._app.startup_path)

    def open(self, path: Path) -> OpenBook:
        with _told():
            return _OurBook(self._app.books.open(str(path)))


class _OurBook:
    def __init__(self, book: Any) -> None:
        self._book = book

    @property
    def _components(self) -> Any:
        return self._book.api.VBProject.VBComponents

    def modules(self) -> dict[str, str]:
        with _told():
            return {each.Name: _code(each.CodeModule) for each in self._components}

    def remove_module(self, name: str) -> None:
        with _told():
            self._components.Remove(self._components(name))

    def add_module(self, path: Path) -> None:
        with _told():
            self._components.Import(str(path))

    def import_functions(self, module: str) -> None:
        with _told():
            import_module("xlwings.udfs").import_udfs(module, self._book.api)

    def refresh(self) -> Refreshed:
        with _told():
            return refresh(self._book)

    def save(self) -> None:
        with _told():
            self._book.save()
            self._book.close()


def _code(module: Any) -> str:
    count = module.CountOfLines
    return str(module.Lines(1, count)) if count else ""


@contextmanager
def _told() -> Iterator[None]:
    """Whatever Excel refuses, in its own words."""
    try:
        yield
    except XlpError:
        raise
    except Exception as cause:
        raise XlpError("excel_said", found=_words(cause)) from cause


def _words(cause: Exception) -> str:
    """The sentence inside a COM error (number, text, (.., source, sentence, ..), argument); else its last line."""
    detail = cause.args[2] if len(cause.args) > 2 else None
    if isinstance(detail, tuple) and len(detail) > 2 and detail[2]:
        return str(detail[2])
    return (str(cause).strip().splitlines() or [type(cause).__name__])[-1]
