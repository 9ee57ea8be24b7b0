"""The sheets of a workbook made ready for the engine: formulas respelled, those it must not touch pinned."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from heapq import merge
from html import unescape
from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.hosts._arrays import area, is_array, is_dynamic, members_blanked
from xlplugin.hosts._constants import Constants
from xlplugin.hosts._engine import Engine, Faults
from xlplugin.hosts._formulas import Reader, Trait
from xlplugin.hosts._raised import Raiser
from xlplugin.hosts._references import Respeller
from xlplugin.hosts._sheet_xml import SheetXml, cell_name
from xlplugin.hosts._values import decode
from xlplugin.hosts._view import build_view, probe_view, sheet_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._sheet_xml import Edit, Formula
    from xlplugin.hosts._values import Value

__all__ = ["Kept", "Page", "Pages"]

Functions = "Mapping[str, Callable[..., object]]"


@dataclass(frozen=True)
class Kept:
    """A formula whose old value stays.

    Args:
        sheet: the sheet's name.
        ref: the cell, e.g. `C5`.
        formula: its text as it stands in the file, without an equals sign.
        why: `cannot_evaluate` (the engine has no answer) or `differs` (its answer isn't the last program's).
        cached: the value that stays; None where the file has none.
        computed: what the engine said, None where it wasn't asked.
    """

    sheet: str
    ref: str
    formula: str
    why: str
    cached: Value
    computed: Value


@dataclass
class Page:
    """One sheet with its formulas.

    Args:
        name: the sheet's name.
        part: its part in the package.
        xml: its XML, inputs put in.
        respeller: gives its formulas the engine's spelling.
        raiser: names the cells of tables in them.
        traits: what is known of each formula, in the order of `xml.formulas`, see `Trait`.
        has_inputs: whether values were typed in since it was read.
        pinned: by row and column, the formulas that keep their value.
    """

    name: str
    part: str
    xml: SheetXml
    respeller: Respeller
    raiser: Raiser
    traits: list[int]
    has_inputs: bool = False
    pinned: dict[tuple[int, int], Kept] = field(default_factory=dict)
    _trusted: dict[bytes, bool] = field(default_factory=dict)

    def pin(self, place: int, why: str, computed: Value = None) -> None:
        """Keeps a formula's value, given the formula's place in the sheet's list."""
        formula = self.xml.formulas[place]
        cached, text = decode(formula.kind, formula.value), formula.text
        ref = cell_name(formula.row, formula.column)
        self.pinned[formula.row, formula.column] = Kept(self.name, ref, text, why, cached, computed)

    def live(self) -> Iterable[tuple[int, Formula]]:
        """The formulas that are calculated, with their places in the sheet's list."""
        pinned, formulas = self.pinned, enumerate(self.xml.formulas)
        if not pinned:
            return formulas
        return ((place, formula) for place, formula in formulas if (formula.row, formula.column) not in pinned)

    def lowered(self, formula: Formula) -> bytes:
        """One of the sheet's formulas in the engine's spelling."""
        return self.respeller.respell(formula.raw, formula.row, formula.column)

    def is_trusted(self, formula: Formula, trusted: Callable[[str], bool]) -> bool:
        """Whether a formula is trusted, whether it names the cells of tables or speaks of them by their place."""
        named = self.raiser.raised(formula.raw, formula.row)
        if named not in self._trusted:
            self._trusted[named] = trusted(unescape(named.decode()))
        return self._trusted[named] or (named is not formula.raw and trusted(formula.text))

    def live_arrays(self) -> list[Formula]:
        """The array formulas among the live ones."""
        arrays = (formula for _, formula in self.xml.formulas.marked() if is_array(formula))
        return [formula for formula in arrays if (formula.row, formula.column) not in self.pinned]

    def view_edits(self) -> Iterator[Edit]:
        """The edits that turn the sheet into what the engine calculates, in the order of the sheet."""
        blanked = sorted(members_blanked(self.xml, self.live_arrays()))
        return merge(self._formula_edits(), blanked) if blanked else self._formula_edits()

    def _formula_edits(self) -> Iterator[Edit]:
        pinned, plain = self.pinned, self.xml.plain
        for formula in self.xml.formulas:
            if pinned and (formula.row, formula.column) in pinned:
                yield formula.f_start, formula.f_end, b""
            elif formula.attributes or not plain:
                yield formula.f_start, formula.f_end, self.element(formula, self.lowered(formula))
            else:
                yield formula.f_start, formula.f_end, b"<f>%s</f>" % self.lowered(formula)

    def element(self, formula: Formula, text: bytes) -> bytes:
        """The `<f>` element for the engine."""
        prefix = self.xml.prefix
        if not is_array(formula):
            return b"<%sf>%s</%sf>" % (prefix, text, prefix)
        home = cell_name(formula.row, formula.column).encode()
        found = area(formula)
        if found[:2] == found[2:] and not is_dynamic(self.xml, formula):
            text = b"INDEX(%s,1,1)" % text  # entered in one cell it shows its first value only
        return b'<%sf t="array" ref="%s">%s</%sf>' % (prefix, home, text, prefix)


class Pages:
    """All worksheets of a book, ready to be calculated.

    Args:
        book: the workbook.
        functions: our functions by name.
    """

    def __init__(self, book: Book, functions: Mapping[str, Callable[..., object]]) -> None:
        self.book = book
        self.functions = functions
        self.faults = Faults()
        worksheets = [sheet for sheet in book.sheets if sheet.kind == "worksheet"]
        self._sheets = {sheet.name: SheetXml(book.package.read(sheet.part), sheet.name) for sheet in worksheets}
        self._constants = Constants(functions, self._is_constant)
        self._respellers = {
            sheet.name: Respeller(sheet.name, book.tables, self._constants.replaced) for sheet in worksheets
        }
        self._raisers = {sheet.name: Raiser(sheet.name, book.tables) for sheet in worksheets}
        self._reader = Reader(functions, _missing)
        self.pages = {sheet.name: self._page(sheet.name, sheet.part) for sheet in worksheets}
        self._names = list(self._defined_names())

    def replace(self, name: str, xml: SheetXml) -> None:
        """Takes a sheet's XML with inputs put in; what was pinned stays so where the formula is still there."""
        old = self.pages[name]
        self._sheets[name] = xml
        page = self.pages[name] = self._page(name, old.part)
        page.has_inputs = True
        there = {(formula.row, formula.column) for formula in xml.formulas} if old.pinned else set()
        page.pinned = {key: kept for key, kept in old.pinned.items() if key in there}

    def engine(self, edits: Callable[[Page], Iterable[Edit]], called: Callable[[], None] | None = None) -> Engine:
        """The engine, loaded with the sheets as edited; the edits of a page come in the order of its sheet."""
        engine = Engine(self.view(edits), self.functions, self.book.date1904, self.faults, called)
        engine.constants |= self._constants.values(lambda sheet, area: engine.block(sheet, area[:2], area[2:]))
        return engine

    def view(self, edits: Callable[[Page], Iterable[Edit]]) -> bytes:
        """The workbook that the engine is given."""
        sheets = {page.name: sheet_view(page.xml, edits(page), self.book.date1904) for page in self.pages.values()}
        return build_view(self.book, sheets, self._names)

    def _is_constant(self, sheet: str, found: tuple[int, int, int, int]) -> bool:
        if sheet not in self._sheets:
            return False
        formulas = self._sheets[sheet].formulas
        first_row, first_column, last_row, last_column = found
        for column, rows in formulas.rows.items():
            at = bisect_left(rows, first_row)
            if first_column <= column <= last_column and at < len(rows) and rows[at] <= last_row:
                return False
        # What an array fills may grow down and to the right.
        starts = [area(formula)[:2] for _, formula in formulas.marked() if is_array(formula)]
        return not any(row <= last_row and column <= last_column for row, column in starts)

    def _page(self, name: str, part: str) -> Page:
        page = Page(name, part, self._sheets[name], self._respellers[name], self._raisers[name], [])
        page.traits = self._traits(page)
        for place, formula in page.xml.formulas.marked():
            if b"dataTable" in formula.attributes:
                page.traits[place] |= Trait.HOPELESS
        return page

    def _traits(self, page: Page) -> list[int]:
        """The traits of a sheet's formulas, each text that recurs looked at once."""
        texts: list[bytes] = []
        known: dict[bytes, int] = {}
        found = array("I")
        for formula in page.xml.formulas:
            at = known.get(formula.raw)
            if at is None:
                at = len(texts)
                texts.append(page.lowered(formula))
                if page.respeller.is_same_anywhere(formula.raw):
                    known[formula.raw] = at
            found.append(at)
        traits = self._reader.traits(texts)
        return [traits[at] for at in found]

    def _defined_names(self) -> Iterator[tuple[str, str, str | None]]:
        sheets = self.book.sheets
        respeller = Respeller("", self.book.tables)
        for name in self.book.names:
            known = name.scope is None or name.scope < len(sheets)
            if known:
                scope = None if name.scope is None else sheets[name.scope].name
                yield name.name, respeller.respell_text(name.text), scope


def _missing(calls: list[str]) -> set[str]:
    probe = Engine(probe_view(calls), {}, False, Faults())
    probe.evaluate()
    answers = probe.block("P", (1, 1), (1, len(calls)))[0]
    return {call for call, answer in zip(calls, answers, strict=True) if answer == CellError("#NAME?")}
