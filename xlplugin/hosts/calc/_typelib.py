"""The type library of a Calc add-in, written as LibreOffice reads it, so that nobody needs its development kit.

The format is UNOIDL's binary one: an eight-byte mark, the place and size of the outermost module's map, then strings,
entries and maps, each before what points at it. Numbers are little-endian; names are ASCII.
"""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Method", "type_library"]

_MARK = b"UNOIDL\xff\x00"
_MODULE, _INTERFACE = 0, 5
_BASE = "com.sun.star.uno.XInterface"
_SEEN = 0x80000000  # a string that stands earlier in the file is given by its place, with this bit set


class Method(NamedTuple):
    """One method of the interface.

    Args:
        name: in lower camel case, as UNO wants it.
        args: name and type of each argument, all of them inward.
        gives: the type of the answer.
    """

    name: str
    args: Sequence[tuple[str, str]]
    gives: str = "any"


class _File:
    """The bytes so far, and where each string stands in them."""

    def __init__(self) -> None:
        self.content = bytearray(_MARK + bytes(8))
        self._strings: dict[str, int] = {}

    def number(self, *numbers: int) -> None:
        for number in numbers:
            self.content += pack("<I", number)

    def string(self, text: str) -> None:
        place = self._strings.setdefault(text, len(self.content))
        if place < len(self.content):
            self.number(_SEEN | place)
        else:
            self.number(len(text))
            self.content += text.encode("ascii")

    def name(self, text: str) -> int:
        """Where a name of a map's entry stands; it ends with a zero byte."""
        place = len(self.content)
        self.content += text.encode("ascii") + b"\0"
        return place


def type_library(interface: str, methods: Sequence[Method]) -> bytes:
    """The content of an .rdb file that declares one interface.

    Args:
        interface: its full name with dots, such as `org.example.XFunctions`.
        methods: what it offers.
    """
    file = _File()
    *modules, last = interface.split(".")
    named, entity = file.name(last), _interface(file, methods)
    for module in reversed(modules):
        inside = (1, named, entity)  # the map of a module: how many entries, then each one's name and content
        named, entity = file.name(module), len(file.content)
        file.content.append(_MODULE)
        file.number(*inside)
    file.content[8:16] = pack("<II", len(file.content), 1)
    file.number(named, entity)
    return bytes(file.content)


def _interface(file: _File, methods: Sequence[Method]) -> int:
    place = len(file.content)
    file.content.append(_INTERFACE)
    file.number(1)
    file.string(_BASE)
    file.number(0, 0, len(methods))  # no optional bases, no attributes
    for method in methods:
        _method(file, method)
    return place


def _method(file: _File, method: Method) -> None:
    file.string(method.name)
    file.string(method.gives)
    file.number(len(method.args))
    for name, kind in method.args:
        file.content.append(0)  # inward
        file.string(name)
        file.string(kind)
    file.number(0)  # no exceptions
