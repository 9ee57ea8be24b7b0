"""The formula cells of a sheet, hundreds of thousands of them kept in little room."""

from __future__ import annotations

from array import array
from collections import defaultdict
from functools import cached_property, partial
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Formula", "Formulas"]

_PLACES = 8  # the numbers that lead a Formula


class Formula(NamedTuple):
    """A formula cell.

    Args:
        start: where the cell starts; `open_end` where its start tag ends.
        f_start: where `<f` starts, `f_end` where the element ends.
        v_start: where `<v>` starts, `v_end` where it ends; the same place if there is none.
        attributes: of `<f`, as they stand.
        raw: the formula as it stands, XML-escaped.
        kind: the cell's `t`, empty for a number.
        value: the content of `<v>` as it stands, None without one.
    """

    row: int
    column: int
    start: int
    open_end: int
    f_start: int
    f_end: int
    v_start: int
    v_end: int
    attributes: bytes
    raw: bytes
    kind: bytes
    value: bytes | None

    @property
    def text(self) -> str:
        """The formula in words, without an equals sign."""
        return unescape(self.raw.decode())


class Formulas:
    """Formula cells in the order of the sheet, each made into a `Formula` when it is asked for.

    Texts that recur are kept once: in a table every row of a column has the same formula, and often the same answer.
    """

    def __init__(self) -> None:
        self._places = array("I")
        self._attributes: list[bytes] = []
        self._raws: list[bytes] = []
        self._kinds: list[bytes] = []
        self._values: list[bytes | None] = []
        self._known: dict[bytes | None, bytes | None] = {}

    def __len__(self) -> int:
        return len(self._raws)

    def __getitem__(self, at: int) -> Formula:
        places = self._places[at * _PLACES : (at + 1) * _PLACES]
        return Formula._make((*places, self._attributes[at], self._raws[at], self._kinds[at], self._values[at]))

    def __iter__(self) -> Iterator[Formula]:
        numbers = [self._places[at::_PLACES] for at in range(_PLACES)]
        cells = zip(*numbers, self._attributes, self._raws, self._kinds, self._values, strict=True)
        return map(partial(tuple.__new__, Formula), cells)

    def plain(self) -> Iterator[tuple[int, bytes]]:
        """Where the elements of formulas with a text and no attributes start, each with its text."""
        starts = self._places[4::_PLACES]
        cells = zip(starts, self._attributes, self._raws, strict=True)
        return ((start, raw) for start, attributes, raw in cells if raw and not attributes)

    def marked(self) -> Iterator[tuple[int, Formula]]:
        """The formulas whose element has attributes, each with its place: arrays, shared ones, data tables."""
        return ((at, self[at]) for at, attributes in enumerate(self._attributes) if attributes)

    @cached_property
    def rows(self) -> dict[int, list[int]]:
        """The rows of the formula cells in each column, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for row, column in zip(self._places[::_PLACES], self._places[1::_PLACES], strict=True):
            found[column].append(row)
        return {column: sorted(rows) for column, rows in found.items()}

    def add(self, places: tuple[int, ...], attributes: bytes, raw: bytes, kind: bytes, value: bytes | None) -> None:
        """Puts a cell behind the others; `places` are the numbers of a `Formula`."""
        once = self._known.setdefault
        self._places.extend(places)
        self._attributes.append(once(attributes, attributes) or b"")
        self._raws.append(once(raw, raw) or b"")
        self._kinds.append(once(kind, kind) or b"")
        self._values.append(once(value, value))

    def close(self) -> None:
        """Forgets which texts were met; no more are added."""
        self._known = {}

    def respelled(self, at: int, raw: bytes) -> None:
        """Gives a cell another text."""
        self._raws[at] = raw
