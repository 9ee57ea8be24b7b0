"""A row's cells read as the inputs of a scheme, once; what cannot be read is named, never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

try:
    from operator import call
except ImportError:  # before Python 3.11

    def call(function: Callable[[object], object], cell: object) -> object:  # type: ignore[misc] # as operator's
        return function(cell)


from xlplugin.cells import (
    EPOCH_1900,
    Unreadable,
    choice_reader,
    date_reader,
    fraction_reader,
    number_reader,
    read_yes_no,
    text_of,
    whole_reader,
)
from xlplugin.decisions.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Field, Scheme

_MOST_REMEMBERED = 256

__all__ = ["EvidenceReader", "Problem", "field_reader", "read_or_problem"]


class Problem(NamedTuple):
    """One cell that could not be read: the field, and why."""

    field: str
    cause: Unreadable


def field_reader(field: Field, epoch: int) -> Callable[[object], object]:
    """The reader of one input's cells; a blank one is None, or what the scheme says it stands for."""
    read = _reader_of_kind(field, epoch)
    if field.blank is None:
        return read
    default = read(field.blank)

    def read_or_default(cell: object) -> object:
        value = read(cell)
        return default if value is None else value

    return read_or_default


def _reader_of_kind(field: Field, epoch: int) -> Callable[[object], object]:
    if field.kind == "date":
        return date_reader(epoch)
    if field.kind == "yes_no":
        return read_yes_no
    if field.kind == "choice":
        return choice_reader(_spellings(field))
    if field.kind == "fraction":
        return fraction_reader(field.low, field.high)
    if field.kind == "number":
        return number_reader(field.low, field.high)
    return whole_reader(field.low, field.high, cut=field.kind == "days")


class _Remembered(dict[object, object]):
    """What a reader makes of the cells typed most: as good as the reader, and looked up without calling it.

    Args:
        read: the reader.
        numbers: whether numbers are kept too; 1, 1.0 and TRUE are one key, so only where they mean the same.
    """

    def __init__(self, read: Callable[[object], object], *, numbers: bool) -> None:
        super().__init__()
        self._read = read
        self._numbers = numbers

    def __missing__(self, cell: object) -> object:
        value = self._read(cell)
        if (self._numbers or cell is None or type(cell) is str) and len(self) < _MOST_REMEMBERED:
            self[cell] = value
        return value


def _quick(field: Field, read: Callable[[object], object]) -> Callable[[object], object]:
    """The reader of an input that is one of few words, remembering them; any other as it is."""
    if field.kind not in ("choice", "yes_no"):
        return read
    return _Remembered(read, numbers=field.kind == "yes_no").__getitem__


def _spellings(field: Field) -> dict[str, str]:
    words = {}
    for token, by_language in field.tokens.items():
        for word in (token, *by_language["zh"], *by_language["en"]):
            words[word] = words[text_of(word)] = token  # as it is nearly always typed, and as it is looked up
    return words


def read_or_problem(read: Callable[[object], object], cell: object) -> object:
    """What a reader makes of a cell, or the `Unreadable` it raised."""
    try:
        return read(cell)
    except Unreadable as cause:
        return cause


class EvidenceReader:
    """Reads the cells of one scheme's inputs.

    Args:
        scheme: the scheme.
        epoch: day 0 of the workbook's serial dates, as an ordinal.
    """

    def __init__(self, scheme: Scheme, epoch: int = EPOCH_1900) -> None:
        self.ids = (*scheme.fields, *scheme.derived)
        self.place = {id_: place for place, id_ in enumerate(self.ids)}
        self._readers = tuple(field_reader(field, epoch) for field in scheme.fields.values())
        self._quick = tuple(map(_quick, scheme.fields.values(), self._readers))
        self._quantities = tuple(quantity(derived, scheme, self.place) for derived in scheme.derived.values())
        self._asks_day = any(derived.date for derived in scheme.derived.values())
        self._read_day = date_reader(epoch)

    def day(self, as_of: object) -> AsOf:
        """The day a row is judged on, or why it cannot be read; None where the scheme does not ask for it."""
        return read_or_problem(self._read_day, as_of) if self._asks_day else None  # type: ignore[return-value] # days are read as ordinals

    def read(self, cells: Sequence[object], as_of: object) -> Values:
        """The values of inputs and derived quantities, in the scheme's order.

        Args:
            cells: one cell for each input, in the scheme's order.
            as_of: the cell with the day the row is judged on.

        Raises:
            Unreadable: a cell cannot be read; `problems` names them all.
        """
        try:
            values: Values = list(map(call, self._quick, cells))
        except TypeError:  # a cell that cannot be looked up, such as a list
            values = [read(cell) for read, cell in zip(self._readers, cells)]
        return self.complete(values, self.day(as_of)) if self._quantities else values

    def complete(self, values: Values, as_of: AsOf) -> Values:
        """Inputs already read, with the quantities derived from them put behind."""
        for work_out in self._quantities:
            values.append(work_out(values, as_of))
        return values

    def problems(self, cells: Sequence[object], as_of: object) -> tuple[Problem, ...]:
        """Every cell of the row that cannot be read; where each can, those that do not fit together."""
        day = self.day(as_of)
        read = [read_or_problem(read, cell) for read, cell in zip(self._readers, cells)]
        unread = [Problem(id_, value) for id_, value in zip(self.ids, read) if isinstance(value, Unreadable)]
        if unread:
            return tuple(unread)
        found = []
        for id_, work_out in zip(self.ids[len(read) :], self._quantities):
            try:
                read.append(work_out(read, day))
            except Unreadable as cause:
                read.append(None)
                found.append(Problem("as_of" if cause is day else id_, cause))
        return tuple(found)
