"""A Windows home and an Excel for the installation's steps: real files in a folder, VBA modules kept inside them."""

from __future__ import annotations

import json
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings
from _pywin32 import classic

from xlplugin.errors import XlpError
from xlplugin.hosts.excel.refresh import Refreshed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Home", "a_macro_book", "modules_in"]

_PART = "modules.json"
OFFICE = "HKLM\\SOFTWARE\\Microsoft\\Office\\16.0\\Excel\\InstallRoot"
SECURITY = "HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Security"


def modules_in(path: Path) -> dict[str, str]:
    """The VBA modules that the Excel below has saved in a file."""
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read(_PART)) if _PART in file.namelist() else {}


def a_macro_book(path: Path, **modules: str) -> Path:
    """A workbook file with VBA modules in it."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(_PART, json.dumps(modules))
    return path


class Home:
    """A machine with one Excel 16, a Python in a virtual environment and xlwings as it is installed here.

    Args:
        folder: where its folders lie.
        ansi: the code page of its Windows.
    """

    def __init__(self, folder: Path, ansi: str = "gb18030") -> None:
        self.system = "Windows"
        self.home = folder / "Users" / "张三"
        self.roaming, self.local = self.home / "AppData" / "Roaming", self.home / "AppData" / "Local"
        self.python = folder / "xlplugin" / "Scripts" / "python.exe"
        self.ansi = ansi
        self.values: dict[tuple[str, str], object] = {(OFFICE, "Path"): "C:\\", (SECURITY, "AccessVBOM"): 1}
        self.start = self.roaming / "Microsoft" / "Excel" / "XLSTART"
        self.running = False
        self.open: list[str] = []
        self.fails_at = ""
        self.python.parent.mkdir(parents=True)
        self.python.touch()
        self.start.mkdir(parents=True)
        self.local.mkdir(parents=True)
        (folder / "xlplugin" / f"xlwings64-{xlwings.__version__}.dll").touch()

    def xlwings_version(self) -> str:
        return xlwings.__version__

    def xlwings_folder(self) -> Path:
        return Path(xlwings.__file__).parent

    def registry(self, key: str, name: str) -> object:
        return self.values.get((key, name))

    @contextmanager
    def excel(self) -> Iterator[_Excel]:
        self.may("start")
        yield _Excel(self)

    def close_everywhere(self, name: str) -> None:
        self.may("close")
        self.open = [each for each in self.open if each != name]

    def open_everywhere(self, path: Path) -> bool:
        self.may("load")
        if self.running:
            self.open.append(path.name)
        return self.running

    def may(self, what: str) -> None:
        """Refuses where this is the thing that is to fail."""
        if what == self.fails_at:
            raise XlpError("excel_said", found="0x800A03EC")

    def files(self) -> dict[str, bytes]:
        """Every file of the user, by its place."""
        paths = (path for path in self.home.rglob("*") if path.is_file())
        return {path.relative_to(self.home).as_posix(): path.read_bytes() for path in paths}


class _Excel:
    def __init__(self, home: Home) -> None:
        self._home = home
        self.start_folder = home.start  # where this Excel says it is

    def open(self, path: Path) -> _Book:
        self._home.may("open")
        return _Book(self._home, path)


class _Book:
    def __init__(self, home: Home, path: Path) -> None:
        self._home = home
        self._path = path
        self._modules = modules_in(path)

    def modules(self) -> dict[str, str]:
        return dict(self._modules)

    def remove_module(self, name: str) -> None:
        del self._modules[name]

    def add_module(self, path: Path) -> None:
        self._home.may("add")
        text = path.read_bytes().decode("ascii")
        assert text.startswith('Attribute VB_Name = "')
        assert "\n" not in text.replace("\r\n", ""), "VBA reads only lines that end in CR LF"
        name = text.split('"')[1]
        assert name not in self._modules, "Excel would name the second one otherwise"
        self._modules[name] = text

    def import_functions(self, module: str) -> None:
        self._home.may("import")
        assert module == "xlplugin.hosts.excel.udfs"
        with classic() as host:
            self._modules["xlwings_udfs"] = host.wrappers(self._path.name)

    def refresh(self) -> Refreshed:
        self._home.may("refresh")
        return Refreshed(7, ("规则",))

    def save(self) -> None:
        self._home.may("save")
        with zipfile.ZipFile(self._path) as old:
            parts = {name: old.read(name) for name in old.namelist() if name != _PART}
        with zipfile.ZipFile(self._path, "w") as new:
            for name, content in parts.items():
                new.writestr(name, content)
            new.writestr(_PART, json.dumps(self._modules))
