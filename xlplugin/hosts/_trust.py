"""The check of the engine: every formula it isn't trusted with is calculated once from the values in the file.

In the check's view every formula cell holds the value the last program left. A copy of each formula in question
stands in a far column of its own row, so that ROW() and unqualified references mean the same; it must come to the
value the file shows. Only so far as it does is the formula calculated anew; otherwise its old value stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.hosts._arrays import area, is_array, is_dynamic
from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.hosts._values import decode, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._engine import Engine
    from xlplugin.hosts._pages import Page, Pages
    from xlplugin.hosts._sheet_xml import Edit, Formula
    from xlplugin.hosts._values import Value

__all__ = ["check", "is_answer"]

_ANSWERS = frozenset("#DIV/0! #N/A #NULL! #NUM! #REF! #VALUE! #CALC!".split())
_LAST_COLUMN = 1 << 14
_SLACK = 8  # columns that an array may grow by before it meets the next one
_FILLED = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^>]*[^/]>')
_SELF = re.compile(
    r"""(?P<skip>"(?:[^"]|"")*"|'(?:[^']|'')*')
    |(?P<own>(?<![\w.])COLUMN\(\s*\))
    |(?<![\w.$:!])\$?(?P<low>[0-9]{1,7}):\$?(?P<high>[0-9]{1,7})(?![\w:(])
    |(?P<qualified>!)\$?(?P<low2>[0-9]{1,7}):\$?(?P<high2>[0-9]{1,7})(?![\w:(])
    |(?:_xlfn\.)?ANCHORARRAY\(\s*(?P<anchor>\$?[A-Z]{1,3}\$?[0-9]{1,7})\s*\)""",
    re.VERBOSE | re.IGNORECASE,
)

Candidates = "Mapping[str, list[int]]"
Place = tuple[int, int]


def is_answer(value: Value) -> bool:
    """Whether a value is a result, not the engine's way to say that it can't or won't."""
    return not isinstance(value, CellError) or value.text in _ANSWERS


def check(pages: Pages, candidates: Mapping[str, list[int]], errors_only: bool = False) -> bool:
    """Pins the formulas that the engine can't evaluate or evaluates otherwise; true if there were any.

    Args:
        pages: the book as it was read, inputs not yet put in (put in already for `errors_only`).
        candidates: by sheet name, places in the sheet's list of formulas.
        errors_only: pin only what the engine has no answer to, whatever the file shows.
    """
    shadows = {name: _Shadows(pages.pages[name], places) for name, places in candidates.items() if places}
    added = {name: sorted(found.edits()) for name, found in shadows.items()}
    engine = pages.engine(lambda page: merge(_constants(page), added.get(page.name, ())))
    gave_up = engine.evaluate() is not None
    before = {name: len(page.pinned) for name, page in pages.pages.items()}
    for name, found in shadows.items():
        for place in found.placed:
            verdict = ("cannot_evaluate", None) if gave_up else found.verdict(engine, place, errors_only)
            if verdict:
                pages.pages[name].pin(place, *verdict)
    return any(len(page.pinned) > before[name] for name, page in pages.pages.items())


def _constants(page: Page) -> Iterator[Edit]:
    for formula in page.xml.formulas:
        yield formula.f_start, formula.f_end, b""


@dataclass
class _Shadows:
    """The copies on one sheet; `placed` says where each formula's copy stands."""

    page: Page
    places: list[int]
    placed: dict[int, Place] = field(init=False, default_factory=dict)
    _first: int = field(init=False)
    _values: dict[int, dict[int, Value]] | None = field(init=False, default=None)
    _own: set[Place] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        formulas = self.page.xml.formulas
        used: dict[int, int] = {}
        arrays = [place for place in self.places if is_array(formulas[place])]
        for place in self.places:
            if place not in set(arrays):
                row = formulas[place].row
                used[row] = used.get(row, 0) + 1
                self.placed[place] = row, used[row] - 1
        width = max(used.values(), default=0) + 1
        for place in arrays:
            found = area(formulas[place])
            self.placed[place] = found[0], width
            width += found[3] - found[1] + 1 + _SLACK
        self._first = _free_columns(self.page, width)
        self.placed = {place: (row, self._first + offset) for place, (row, offset) in self.placed.items()}

    def edits(self) -> Iterator[Edit]:
        content, prefix = self.page.xml.content, self.page.xml.prefix
        closing = b"</%srow>" % prefix
        inserted: dict[int, list[bytes]] = {}
        for place, (row, column) in self.placed.items():
            formula = self.page.xml.formulas[place]
            at = content.find(closing, formula.v_end)
            inserted.setdefault(at, []).append(self._copy(formula, cell_name(row, column).encode()))
        yield from ((at, at, b"".join(cells)) for at, cells in inserted.items())

    def verdict(self, engine: Engine, place: int, errors_only: bool) -> tuple[str, Value] | None:
        """Why a formula must keep its value, with what its copy came to; None if it need not."""
        formula = self.page.xml.formulas[place]
        computed = self._computed(engine, self.placed[place])
        if self._spills(engine, place):
            return "cannot_evaluate", computed
        cached = decode(formula.kind, formula.value)
        if not is_answer(computed) and not (computed == cached and not errors_only):
            return "cannot_evaluate", computed
        if errors_only:
            return None
        agrees = self._array_agrees(engine, place) if is_array(formula) else same(cached, computed)
        return None if agrees else ("differs", computed)

    def _copy(self, formula: Formula, home: bytes) -> bytes:
        prefix = self.page.xml.prefix
        text = unescape(self.page.lowered(formula).decode())
        text = _SELF.sub(partial(_as_at_home, page=self.page, formula=formula, last=self._first - 1), text)
        element = self.page.element(formula, escape(text, quote=False).encode())
        if is_array(formula):
            old = cell_name(formula.row, formula.column).encode()
            element = element.replace(b' ref="%s"' % old, b' ref="%s"' % home, 1)
        return b'<%sc r="%s">%s</%sc>' % (prefix, home, element, prefix)

    def _computed(self, engine: Engine, key: Place) -> Value:
        if self._values is None:
            own = self._own = set(self.placed.values())
            beside = {(row + 1, column) for row, column in own} | {(row, column + 1) for row, column in own}
            asked: dict[int, list[int]] = {}
            for row, column in sorted(own | beside):
                asked.setdefault(column, []).append(row)
            self._values = engine.values(self.page.name, asked)
        return self._values[key[1]][key[0]]

    def _spills(self, engine: Engine, place: int) -> bool:
        """Whether the copy of a formula that is no array one fills more than its cell."""
        if is_array(self.page.xml.formulas[place]):
            return False
        row, column = self.placed[place]
        for beside in ((row + 1, column), (row, column + 1)):
            if beside not in self._own and self._computed(engine, beside) is not None:
                return engine.spilled_from(self.page.name, *beside) == (row, column)
        return False

    def _array_agrees(self, engine: Engine, place: int) -> bool:
        formula, name = self.page.xml.formulas[place], self.page.name
        old, (row, column) = area(formula), self.placed[place]
        height, width = old[2] - old[0] + 1, old[3] - old[1] + 1
        rows, columns = engine.spilled(name, row, column)
        if (
            rows > height
            or columns > width
            or (is_dynamic(self.page.xml, formula) and (rows, columns) != (height, width))
        ):
            return False
        shown = engine.block(name, old[:2], old[2:])
        found = engine.block(name, (row, column), (row + height - 1, column + width - 1))
        pairs = ((x, y, shown[y][x], found[y][x]) for y in range(height) for x in range(width))
        return all(
            same(cached, computed if y < rows and x < columns else CellError("#N/A"))
            for x, y, cached, computed in pairs
        )


def _as_at_home(hit: re.Match[str], *, page: Page, formula: Formula, last: int) -> str:
    if hit["own"]:
        return str(formula.column)
    low, high = hit["low"] or hit["low2"], hit["high"] or hit["high2"]
    if low:
        return f"{hit['qualified'] or ''}$A${low}:${column_letters(last)}${high}"
    if hit["anchor"]:
        ref = hit["anchor"].replace("$", "").upper()
        for _, other in page.xml.formulas.marked():
            if is_array(other) and cell_name(other.row, other.column) == ref:
                found = area(other)
                return f"{cell_name(*found[:2])}:{cell_name(*found[2:])}"
    return hit[0]


def _free_columns(page: Page, width: int) -> int:
    """The first of enough columns, far to the right, that hold nothing."""
    if page.xml.plain:
        used = {column_number(letters.decode()) for letters in set(_FILLED.findall(page.xml.content))}
    else:
        cells, _ = page.xml.cells(range(1, 1 << 21))
        used = {cell.column for cell in cells if cell.end != cell.open_end}
    first = _LAST_COLUMN - width
    while first > 1 and (met := [column for column in range(first, first + width + 1) if column in used]):
        first = min(met) - width - 1
    return max(first, 1)
