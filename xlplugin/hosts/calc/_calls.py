"""The worksheet functions as Calc calls them: cells as it sends them, answers as it shows them.

It travels with the kernel inside the add-in, so it may use nothing but the kernel.
"""

from __future__ import annotations

from datetime import date, datetime
from struct import pack, unpack
from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.worksheet import Arg

    Cells = tuple[object, ...]

__all__ = ["functions"]

_MOST_REMEMBERED = 10_000
_MOST_RANGES = 16
# Arguments that are the same range in every row; the rest differ from row to row.
_SHARED = ("fields", "rules", "holidays", "units", "wishes", "payments", "policy")
# Calc's own numbers of errors; a not-a-number that carries one is shown as that error.
_NUMBERS = {
    "#NUM!": 503,
    "#VALUE!": 519,
    "#NULL!": 521,
    "#REF!": 524,
    "#NAME?": 525,
    "#DIV/0!": 532,
    "#N/A": 32767,
}
_NOT_A_NUMBER = 0x7FF8 << 48
_EMPTY = (0, "")


class _Ranges:
    """The few ranges that all rows share: Calc makes each anew for every call, a desk knows them by identity."""

    def __init__(self) -> None:
        self._kept: list[Cells] = []
        self._marks: list[object] = []

    def kept(self, cells: Cells) -> tuple[object, Cells]:
        """A mark that stands for a range's content and equals nothing else, and the range as it was first seen."""
        try:
            place = self._kept.index(cells)
        except ValueError:
            if len(self._kept) == _MOST_RANGES:
                self._kept.clear()
                self._marks.clear()
            place = len(self._kept)
            self._kept.append(cells)
            self._marks.append(object())
        return self._marks[place], self._kept[place]


def functions(epoch: int) -> dict[str, Callable[[Cells], object]]:
    """Every worksheet function by name, each taking all its cells at once, at one desk.

    Args:
        epoch: day 0 of the document's serial dates, as an ordinal.
    """
    ranges = _Ranges()
    return {
        name: _remembering(_for_calc(function, FUNCTIONS[name].args, epoch), FUNCTIONS[name].args, ranges)
        for name, function in Desk(epoch=epoch).functions().items()
    }


def _remembering(call: Callable[[Cells], object], args: Sequence[Arg], ranges: _Ranges) -> Callable[[Cells], object]:
    """The function with its latest answers kept, for Calc asks again whenever a cell before it is touched."""
    shared = [place for place, arg in enumerate(args) if arg.name in _SHARED]
    answers: dict[tuple[object, ...], object] = {}

    def remembering(cells: Cells) -> object:
        key, taken = list(cells), list(cells)
        for place in shared:
            if place < len(cells) and type(cells[place]) is tuple:
                key[place], taken[place] = ranges.kept(cells[place])  # type: ignore[arg-type] # a tuple it is
        known = answers.get(tuple(key))
        if known is None:
            if len(answers) >= _MOST_REMEMBERED:
                answers.clear()
            known = answers[tuple(key)] = call(tuple(taken))
        return known

    return remembering


def _for_calc(function: Callable[..., object], args: Sequence[Arg], epoch: int) -> Callable[[Cells], object]:
    evidence = next((place for place, arg in enumerate(args) if arg.name == "evidence"), len(args))
    fields = next((place for place, arg in enumerate(args) if arg.name == "fields"), len(args))

    def call(cells: Cells) -> object:
        taken = [None if cell in _EMPTY else cell for cell in cells]
        if evidence < len(cells) and cells[evidence] == 0:
            taken[evidence] = _unclear(cells[fields])
        return _given_back(function(*taken), epoch)

    return call


def _unclear(fields: object) -> str:
    """What takes the place of a single cell's 0: Calc sends a blank cell as 0 too, unless it is sent as a range."""
    return say("en" if isinstance(fields, str) and fields.isascii() else "zh", "calc.zero_or_blank")


def _given_back(answer: object, epoch: int) -> str | float:
    """An answer as Calc takes it: numbers as doubles, dates as serials, errors as numbers that stand for them.

    Many rows are refused. Calc takes rows only from functions that never give one value, and the texts in them are
    then counted and looked up wrongly: one formula a row is the way here.
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, datetime):
        return answer.toordinal() - epoch + (answer.hour * 3600 + answer.minute * 60 + answer.second) / 86400
    if isinstance(answer, date):
        return float(answer.toordinal() - epoch)
    if isinstance(answer, CellError):
        return _error(answer.text)
    return _error("#VALUE!") if isinstance(answer, list) else float(answer)  # type: ignore[arg-type] # a number then


def _error(text: str) -> float:
    number = _NUMBERS.get(text, _NUMBERS["#VALUE!"])
    return float(unpack("<d", pack("<Q", _NOT_A_NUMBER | number))[0])
