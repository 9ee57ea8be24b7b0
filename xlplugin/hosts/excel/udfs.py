"""The module that xlwings' setting `UDF Modules` names: every worksheet function for classic Excel, from its record.

Cells come raw: xlwings' date and number converters would turn a blank into a day of 1899 and fail on text, so what a
cell means is read in `xlplugin.cells` alone. Ranges keep their shape (`ndim=2`); errors come spelled out.
"""

from __future__ import annotations

from functools import lru_cache
from inspect import Parameter, Signature
from typing import TYPE_CHECKING

from xlwings import arg, func

from xlplugin.errors import CellError
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlplugin.worksheet import Function

__all__ = ["HELP_LIMIT", "NEWER_ERRORS"]

HELP_LIMIT = 255
# COM sends an error as a whole number, and every real number as a float. xlwings spells out the seven old ones.
NEWER_ERRORS = {
    code - 2_146_828_288: text
    for code, text in {
        2043: "#GETTING_DATA",
        2045: "#SPILL!",
        2046: "#CONNECT!",
        2047: "#BLOCKED!",
        2048: "#UNKNOWN!",
        2049: "#FIELD!",
        2050: "#CALC!",
        2051: "#BUSY!",
    }.items()
}


@lru_cache(maxsize=1)
def _functions() -> Mapping[str, Callable[..., object]]:
    return Desk().functions()


def _incoming(value: object) -> object:
    """An argument as the kernel takes it: a value for one cell, rows of cells for a range, None for one left out."""
    if not isinstance(value, (list, tuple)):
        return _cell(value)
    rows = [[_cell(cell) for cell in row] for row in value]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _cell(cell: object) -> object:
    if type(cell) is int and cell in NEWER_ERRORS:
        return CellError(NEWER_ERRORS[cell])
    return cell


def _outgoing(answer: object) -> object:
    """An answer as xlwings can hand it to Excel; pywin32 has no way to hand over an error value, so it goes as text."""
    if isinstance(answer, list):
        return [[_outgoing(cell) for cell in row] for row in answer]
    return answer.text if isinstance(answer, CellError) else answer


def _help(zh: str, en: str) -> str:
    """Help in both languages, as long as Excel's function wizard shows."""
    both = f"{zh} / {en}"
    return both if len(both) <= HELP_LIMIT else zh[:HELP_LIMIT]


def _surface(function: Function) -> Callable[..., object]:
    """A function as xlwings exports it: named arguments, help, raw values."""

    def call(*cells: object) -> object:
        try:
            return _outgoing(_functions()[function.name](*map(_incoming, cells)))
        except Exception:  # noqa: BLE001 - xlwings would write the traceback into the customer's row; doctor names the cause
            return "#VALUE!"

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = _help(function.zh, function.en)
    call.__annotations__ = {}  # xlwings would take a type for a converter
    kind = Parameter.POSITIONAL_OR_KEYWORD
    call.__signature__ = Signature(  # type: ignore[attr-defined] # inspect.signature honours it on every callable
        [Parameter(each.name, kind, default=None if each.optional else Parameter.empty) for each in function.args]
    )
    decorated: Callable[..., object] = call
    for each in function.args:
        decorated = arg(each.name, convert=None, ndim=2, err_to_str=True, doc=_help(each.zh, each.en))(decorated)
    return func(category="xlplugin")(decorated)  # last: every decorator of an argument sets the category back


globals().update({name: _surface(function) for name, function in FUNCTIONS.items()})
