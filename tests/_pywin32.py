"""Classic xlwings on any system: pywin32 stubbed by a few names, xlwings' own BSD converters and VBA writer real.

Everything is imported anew inside the context and gone afterwards, so that no other test sees it.
"""

from __future__ import annotations

import atexit
import ctypes
import datetime as dt
import io
import os
import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MISSING", "Classic", "classic"]

MISSING = -2147352572
"""What VBA sends for an optional argument that was left out."""

_OURS = "xlplugin.hosts.excel.udfs"
_SUBMODULES = ("client", "client.dynamic", "server", "server.dispatcher", "server.policy", "server.util")
_PLAIN = ("win32api", "win32con", "win32event", "win32gui", "win32process")


class _Stub(ModuleType):
    """A module in which every name is a class of its own; nothing of it is ever called here."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = type(name, (), {})
        setattr(self, name, found)
        return found


class Classic:
    """Our module under xlwings' classic decorators, and what Excel would do with it."""

    def __init__(self, module: Any, udfs: Any, conversion: Any, errors: Mapping[int, str]) -> None:
        self.module = module
        self.errors = errors
        self._udfs = udfs
        self._conversion = conversion

    def record(self, name: str) -> Any:
        """What xlwings' decorators have noted of a function."""
        return getattr(self.module, name).__xlfunc__

    def wrappers(self, book: str) -> str:
        """The VBA that *Import Functions* would put into a book of this name."""
        out = io.StringIO()
        self._udfs.generate_vba_wrapper(_OURS, self.module, out, SimpleNamespace(Name=book))
        return out.getvalue()

    def call(self, name: str, *sent: object) -> Any:
        """What Excel gets back when a cell calls a function, told what COM sends."""
        known = self.record(name)
        args = [self._read(value, known["args"][place]) for place, value in enumerate(sent)]
        answer = getattr(self.module, name)(*args)
        rows = self._conversion.write(answer, None, known["ret"]["options"])
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    def _read(self, value: object, known: Mapping[str, Any]) -> object:
        if type(value) is int and value == MISSING:
            return known.get("optional")
        return self._conversion.read(None, value, known["options"])


@contextmanager
def classic() -> Iterator[Classic]:
    """Classic xlwings with our functions in it."""
    hidden = {name: module for name, module in sys.modules.items() if _is_xlwings(name)}
    environment = {name: os.environ.pop(name, None) for name in ("XLWINGS_ON_SERVER", "XLWINGS_LICENSE_KEY")}
    libraries = {name: getattr(ctypes, name, None) for name in ("windll", "oledll", "PyDLL")}
    for name in hidden:
        del sys.modules[name]
    sys.modules.update(_stubs())
    for name in libraries:
        setattr(ctypes, name, MagicMock(name=name))
    try:
        yield _started()
    finally:
        for name in [name for name in sys.modules if _is_xlwings(name) or name in _stubs()]:
            del sys.modules[name]
        for name, library in libraries.items():
            if library is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, library)
        os.environ.update({name: value for name, value in environment.items() if value is not None})
        sys.modules.update(hidden)


def _is_xlwings(name: str) -> bool:
    return name == _OURS or name.split(".", maxsplit=1)[0] == "xlwings"


def _started() -> Classic:
    xlwings: Any = import_module("xlwings")
    windows: Any = import_module("xlwings._xlwindows")
    atexit.unregister(windows.cleanup)
    xlwings.engines.add(import_module("xlwings.main").Engine(impl=windows.engine))
    udfs: Any = import_module("xlwings.udfs")
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    return Classic(import_module(_OURS), udfs, import_module("xlwings.conversion"), windows.cell_errors)


def _stubs() -> dict[str, ModuleType]:
    names = ["pythoncom", "pywintypes", "win32timezone", "win32com", *_PLAIN]
    found: dict[str, Any] = {name: _Stub(name) for name in [*names, *(f"win32com.{sub}" for sub in _SUBMODULES)]}
    for name, stub in found.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(found[parent], child, stub)
    found["pythoncom"].__file__ = ""
    found["pythoncom"].CoInitialize = lambda: None
    found["pywintypes"].TimeType = dt.datetime
    found["pywintypes"].com_error = type("com_error", (Exception,), {})
    found["pythoncom"].com_error = found["pywintypes"].com_error
    found["win32timezone"].TimeZoneInfo = SimpleNamespace(utc=lambda: dt.timezone.utc)
    return found
