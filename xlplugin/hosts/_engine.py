"""The formula engine behind one small door: the only module that knows formualizer."""

from __future__ import annotations

import datetime as dt
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import formualizer

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._book import column_letters, split_ref
from xlplugin.hosts._references import quoted
from xlplugin.hosts._values import TEXT_LIMIT, serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlplugin.hosts._values import Value

__all__ = ["Engine", "Fault", "Faults"]

_KINDS = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
    "Circ": "#CIRC!",
}
_NAMES = {text: {"type": "Error", "kind": kind} for kind, text in _KINDS.items()}
_BAD_NUMBER, _BAD_VALUE, _NOTHING = CellError("#NUM!"), CellError("#VALUE!"), CellError("#N/A")
_AS_IS = frozenset((float, bool, type(None)))
# The package reader has refused what is too large; a view is not compressed and its formulas are spelled out.
_LIMITS = dict.fromkeys(("max_input_bytes", "max_expanded_bytes", "max_part_bytes"), 4 << 30)
_GAP = 64  # reading a few cells too many is cheaper than asking once more


@dataclass(frozen=True)
class Fault:
    """A function of ours that raised: a mistake in the program, never in the sheet.

    Args:
        function: its name.
        found: the exception in a line.
        trace: the traceback, for a log.
        count: how many calls ended so.
    """

    function: str
    found: str
    trace: str
    count: int


class Faults:
    """Collects the exceptions of our functions, alike ones counted together."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[str, int]] = {}

    def add(self, function: str, cause: Exception) -> None:
        """Keeps an exception."""
        key = function, f"{type(cause).__name__}: {cause}"
        trace, count = self._seen.get(key, ("", 0))
        self._seen[key] = trace or "".join(traceback.format_exception(cause)), count + 1

    def all(self) -> tuple[Fault, ...]:
        """What was kept, in the order of first appearance."""
        return tuple(Fault(*key, trace, count) for key, (trace, count) in self._seen.items())


class Engine:
    """A workbook being calculated.

    Args:
        view: the bytes of an .xlsx that holds what is to be calculated.
        functions: our functions by name.
        date1904: whether day 0 is 1904-01-01.
        faults: where exceptions of our functions go.
        called: told after each call of ours, for progress.

    `constants` may be filled after loading: texts among our functions' arguments that stand for something else.

    Raises:
        XlpError: the engine can't load the view.
    """

    def __init__(
        self,
        view: bytes,
        functions: Mapping[str, Callable[..., object]],
        date1904: bool,
        faults: Faults,
        called: Callable[[], None] | None = None,
    ) -> None:
        settings = formualizer.EvaluationConfig()
        settings.enable_parallel = False  # with Python callbacks its threads fight for the interpreter: 4x slower
        settings.date_system = "1904" if date1904 else "1900"
        config = formualizer.WorkbookConfig(eval_config=settings)
        try:
            self._book: Any = formualizer.Workbook.from_bytes(view, config=config, load_limits=_LIMITS)
        except Exception as cause:
            raise XlpError("engine_failed", found=cause) from cause
        self._book.set_temporal_egress("serial")
        self.constants: dict[str, object] = {}
        for name, function in functions.items():
            call = _guarded(name, function, date1904, faults, self.constants, called)
            self._book.register_function(name, call, min_args=0, max_args=None)

    def evaluate(self) -> str | None:
        """Calculates everything; what the engine said if it gave up as a whole, None if all went well."""
        try:
            self._book.evaluate_all()
        except Exception as cause:  # noqa: BLE001 - as above
            return str(cause)
        return None

    def values(self, sheet: str, asked: Mapping[int, Sequence[int]]) -> dict[int, dict[int, Value]]:
        """The values of the asked cells of a sheet (and some beside them), by column, then by row.

        Args:
            sheet: its name.
            asked: by column the rows, in order.
        """
        found: dict[int, dict[int, Value]] = {}
        page = self._book.sheet(sheet)
        for column, rows in asked.items():
            values = found[column] = {}
            for first, last in _runs(rows):
                grid = page.get_values(formualizer.RangeAddress(sheet, first, column, last, column))
                flat = [row[0] for row in grid]
                if dict in map(type, flat):
                    flat = list(map(_value, flat))
                values.update(zip(range(first, last + 1), flat, strict=True))
        return found

    def block(self, sheet: str, first: tuple[int, int], last: tuple[int, int]) -> list[list[Value]]:
        """The values of a rectangle of a sheet, row by row."""
        area = formualizer.RangeAddress(sheet, *first, *last)
        return [[_value(value) for value in row] for row in self._book.sheet(sheet).get_values(area)]

    def spilled(self, sheet: str, row: int, column: int) -> tuple[int, int]:
        """How many rows and columns the formula in a cell fills."""
        role = self._role(sheet, row, column)
        if role is None or role.extent is None:
            return 1, 1
        first_row, first_column, last_row, last_column = split_ref(role.extent.rpartition("!")[2])
        return last_row - first_row + 1, last_column - first_column + 1

    def spilled_from(self, sheet: str, row: int, column: int) -> tuple[int, int] | None:
        """The cell whose formula filled this one, None if none did."""
        role = self._role(sheet, row, column)
        if role is None or role.anchor is None:
            return None
        return split_ref(role.anchor.rpartition("!")[2])[:2]

    def _role(self, sheet: str, row: int, column: int) -> Any:
        return self._book.inspect_cell(f"{quoted(sheet)}!{column_letters(column)}{row}").cell.spill


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = rows[0]
    for row in rows:
        if row - last > _GAP:
            yield first, last
            first = row
        last = row
    yield first, last


def _guarded(
    name: str,
    function: Callable[..., object],
    date1904: bool,
    faults: Faults,
    constants: Mapping[str, object],
    called: Callable[[], None] | None,
) -> Callable[..., object]:
    stands_for = constants.get
    epoch = round(dt.date.max.toordinal() - serial(dt.date.max, date1904))

    def call(*arguments: object) -> object:
        try:
            result = function(
                *[
                    stands_for(value, value)
                    if type(value) is str
                    else value
                    if type(value) in _AS_IS
                    else _incoming(value)
                    for value in arguments
                ]
            )
            if type(result) is dt.date:
                result = float(result.toordinal() - epoch)
            elif type(result) is not str or len(result) > TEXT_LIMIT:
                result = _outgoing(result, date1904)
        except Exception as cause:  # noqa: BLE001 - whatever a function raises, the book must still be calculated
            faults.add(name, cause)
            result = _NAMES["#VALUE!"]
        if called is not None:
            called()
        return result

    return call


def _incoming(value: object) -> object:
    """An engine's value as our functions take it: errors as CellError, ranges as lists of rows."""
    if type(value) is list:
        try:
            for row in value:
                hash(tuple(row))  # an error comes as a dict, which alone has no hash
        except TypeError:
            return [[_value(cell) for cell in row] for row in value]
        return value
    return _value(value)


def _value(value: Any) -> Value:
    if type(value) is dict:
        return CellError(_KINDS.get(value.get("kind", ""), f"#{value.get('kind')}!"))
    return value  # type: ignore[no-any-return] # the engine hands over None, bool, float and str otherwise


def _outgoing(value: object, date1904: bool) -> object:
    """One of our results as the engine takes it: nothing but text, number, boolean, error, or rows of these."""
    if not isinstance(value, (list, tuple)):
        return _scalar(value, date1904)
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value] if value else [[""]]
    if not any(isinstance(row, (list, tuple)) for row in value):
        rows = [list(value)] if value else [[""]]
    width = max(map(len, rows)) or 1
    filled = [[_scalar(cell, date1904) for cell in row + [_NOTHING] * (width - len(row))] for row in rows]
    return filled[0][0] if len(filled) == width == 1 else filled


def _scalar(value: object, date1904: bool) -> object:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value[:TEXT_LIMIT])
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        number = float(value) if abs(value) < 1e308 else float("inf")
        return number if abs(number) < float("inf") else _NAMES[_BAD_NUMBER.text]
    if isinstance(value, dt.date):
        return serial(value, date1904)
    if isinstance(value, CellError):
        return _NAMES.get(value.text, _NAMES[_BAD_VALUE.text])
    raise TypeError(f"{type(value).__name__} is no value of a cell")
