"""A workbook opened for respelling: its sheets, its cells, and what a reference in a formula speaks of."""

from __future__ import annotations

import re
from functools import cached_property
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange._cells import filled_cells
from xlplugin.exchange._texts import SharedTexts
from xlplugin.hosts._book import Book, column_letters, column_number
from xlplugin.hosts._raised import Raiser
from xlplugin.hosts._references import Respeller, quoted
from xlplugin.hosts._sheet_xml import SheetXml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.hosts._book import Sheet, Table
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._values import Value

__all__ = ["Area", "Opened"]

_A1 = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    r"\$?(?P<left>[A-Z]{1,3})(?P<fixed>\$?)(?P<top>\d+)"
    r"(?::\$?(?P<right>[A-Z]{1,3})(?P<fixed_2>\$?)(?P<bottom>\d+))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d][\w.\\]*")
_DEEPEST = 3  # names of names


class Area(NamedTuple):
    """Cells a formula speaks of; `follows` says that they move with the formula's row."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    follows: bool

    @property
    def is_cell(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)

    def column(self, place: int) -> Area:
        """One of its columns, counted from 0."""
        return self._replace(left=self.left + place, right=self.left + place)

    def fixed(self) -> str:
        """The area as any sheet's formula speaks of it."""
        first = f"${column_letters(self.left)}${self.top}"
        last = f"${column_letters(self.right)}${self.bottom}"
        return f"{quoted(self.sheet)}!{first}" + ("" if first == last else f":{last}")


class Opened:
    """A workbook, read as far as it is asked for.

    Args:
        package: the workbook.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.book = Book(package)
        self._xml: dict[str, SheetXml] = {}
        self._respellers: dict[str, Respeller] = {}
        self._raisers: dict[str, Raiser] = {}
        self._columns: dict[str, dict[int, dict[int, Value]]] = {}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The sheets with cells, by name."""
        return {sheet.name: sheet for sheet in self.book.sheets if sheet.kind == "worksheet"}

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts that cells share."""
        part = self.book.shared_strings
        return SharedTexts(self.package.read(part)).texts if part else []

    def xml(self, sheet: str) -> SheetXml:
        """A sheet's XML."""
        if sheet not in self._xml:
            self._xml[sheet] = SheetXml(self.package.read(self.sheets[sheet].part), sheet)
        return self._xml[sheet]

    def table_at(self, sheet: str, row: int, column: int) -> Table | None:
        """The table whose data a cell belongs to."""
        for table in self.sheets[sheet].tables:
            first = table.first_row + table.header_rows
            if first <= row <= table.last_row and table.first_column <= column <= table.last_column:
                return table
        return None

    def values(self, area: Area) -> list[list[Value]]:
        """What an area holds, row by row."""
        rows = range(area.top, area.bottom + 1)
        found = {(cell.row, cell.column): cell.value for cell in filled_cells(self.xml(area.sheet), self.texts, rows)}
        return [[found.get((row, column)) for column in range(area.left, area.right + 1)] for row in rows]

    def area(self, text: str, sheet: str, row: int, column: int, depth: int = 0) -> Area | None:
        """What a reference speaks of; None where it is none, or one that is not told by its text.

        Args:
            text: the reference as it stands in the formula.
            sheet: the formula's sheet.
            row: of its cell, from 1.
            column: of its cell, from 1.
            depth: how many names led here.
        """
        text = text.strip()
        hit = _A1.fullmatch(text) or _A1.fullmatch(self._lowered(text, sheet, row, column))
        if hit is not None:
            return self._a1(hit, sheet)
        if depth < _DEEPEST and _NAME.fullmatch(text):
            return self._named(text, sheet, depth)
        return None

    def named(self, text: str, sheet: str, row: int) -> str:
        """A reference by the names of its table and columns, where it is one to a whole part of a table."""
        if sheet not in self._raisers:
            self._raisers[sheet] = Raiser(sheet, self.book.tables)
        return unescape(self._raisers[sheet].raised(escape(text, quote=False).encode(), row).decode())

    def _lowered(self, text: str, sheet: str, row: int, column: int) -> str:
        if sheet not in self._respellers:
            self._respellers[sheet] = Respeller(sheet, self.book.tables)
        respelled = self._respellers[sheet].respell(escape(text, quote=False).encode(), row, column)
        return unescape(respelled.decode())

    def _a1(self, hit: re.Match[str], sheet: str) -> Area | None:
        name = hit["sheet"]
        if name:
            name = name[1:-1].replace("''", "'") if name.startswith("'") else name
            sheet = next((one for one in self.sheets if one.casefold() == name.casefold()), "")
            if not sheet:
                return None
        if hit["bottom"] and bool(hit["fixed"]) != bool(hit["fixed_2"]):
            return None
        rows = sorted((int(hit["top"]), int(hit["bottom"] or hit["top"])))
        columns = sorted((column_number(hit["left"]), column_number(hit["right"] or hit["left"])))
        return Area(sheet, rows[0], columns[0], rows[1], columns[1], not hit["fixed"])

    def _named(self, text: str, sheet: str, depth: int) -> Area | None:
        scopes = {place: one.name for place, one in enumerate(self.book.sheets)}
        found = {
            scopes.get(name.scope, "") if name.scope is not None else "": name.text
            for name in self.book.names
            if name.name.casefold() == text.casefold()
        }
        meant = found.get(sheet, found.get(""))
        area = None if meant is None else self.area(meant.lstrip("="), sheet, 1, 1, depth + 1)
        return None if area is None or area.follows else area

    def column(self, sheet: str, column: int, apart: int = 0) -> dict[int, Value]:
        """The filled cells of a column, by the number of a row so many rows above."""
        if sheet not in self._columns:
            found = self._columns[sheet] = {}
            for cell in filled_cells(self.xml(sheet), self.texts):
                found.setdefault(cell.column, {})[cell.row] = cell.value
        cells = self._columns[sheet].get(column, {})
        return {row - apart: value for row, value in cells.items()} if apart else cells
