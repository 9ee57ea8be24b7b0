"""A copy in plain formulas put back: formulas that are still as the copy had them become the calls they were."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.exchange._cells import filled_cells
from xlplugin.exchange.forms._editions import editions
from xlplugin.exchange.forms._records import COLUMN_FORMULA, Record, records_of
from xlplugin.exchange.forms._respell import plain_cell
from xlplugin.exchange.forms._sheets import without_sheets
from xlplugin.hosts._book import split_ref
from xlplugin.hosts._package import Edited
from xlplugin.hosts._shared import moved
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.hosts._values import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.exchange._cells import Filled
    from xlplugin.exchange.forms._opened import Opened
    from xlplugin.hosts._book import Table
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Edit, Formula, SheetXml
    from xlplugin.hosts._values import Value

__all__ = ["Back", "back", "mark"]

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_NOT_TOLD = re.compile(r"[$'\s]")
_LOGICAL = re.compile(r"\b(true|false)\(\)")
_TABLE_COLUMN = re.compile(
    rb"""<(?P<tag>(?:[\w.-]+:)?tableColumn)\b(?P<more>[^>]*?\sname\s*=\s*(?:"(?P<name>[^"]*)"|'[^']*')[^>]*?)(?:/>|>(?P<inside>.*?)</(?P=tag)>)""",
    re.DOTALL,
)


@dataclass
class Back:
    """What became of a copy in plain formulas.

    Args:
        package: the workbook, its formulas calls again.
        restored: how many formulas were put back; `recalled` how many of them stood there as values.
        left: by sheet, formulas that speak of the workings and are not as the copy had them; they stay.
        lacking: by sheet and header, the table without which a call can't be put back.
    """

    package: Package
    restored: int = 0
    recalled: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)
    lacking: dict[tuple[str, str], str] = field(default_factory=dict)


def mark(value: Value) -> str:
    """A short mark of a value, by which a cell is known to hold it still; nothing can be read from it."""
    return f"{zlib.crc32(repr('' if value is None else value).encode()):08x}"


def back(opened: Opened) -> Back:
    """The workbook as it was before it was put in plain formulas, or as another edition; itself where it never was."""
    name, records = records_of(opened)
    if not name:
        found = editions(opened, _normal)
        return Back(found.package, found.restored, left=found.left, lacking=found.lacking)
    return _Back(opened, name, records).made()


def _normal(text: str) -> str:
    """A formula's text without what programs spell in their own way."""
    pieces, done = [], 0
    for hit in _TEXT.finditer(text):
        pieces += [_plainer(text[done : hit.start()]), hit[0]]
        done = hit.end()
    return "".join([*pieces, _plainer(text[done:])])


def _plainer(text: str) -> str:
    return _LOGICAL.sub(r"\1", _NOT_TOLD.sub("", text).casefold())


class _Back:
    def __init__(self, opened: Opened, name: str, records: Sequence[Record]) -> None:
        self._opened = opened
        added = [record.sheet for record in records if record.kind == "sheet" and record.sheet in opened.sheets]
        self._added = [name, *added]
        self._formulas = [record for record in records if record.kind == "formula"]
        self._values = [record for record in records if record.kind == "values"]
        self._result = Back(opened.package)

    def made(self) -> Back:
        changed: dict[str, bytes] = {}
        for sheet in self._opened.sheets:
            if sheet in self._added:
                continue
            edits = [*self._formula_edits(sheet), *self._value_edits(sheet)]
            if edits:
                changed[self._opened.sheets[sheet].part] = self._opened.xml(sheet).edited(edits)
        for table in self._opened.book.tables.values():
            new = self._columns(table)
            if new is not None:
                changed[table.part] = new
        removed: set[str] = set()
        if not self._result.left:
            parts, removed = without_sheets(self._opened.book, self._added, changed)
            changed |= parts
        changed, removed = self._without_chain(changed, removed)
        self._result.package = Edited(self._opened.package, changed, removed)
        return self._result

    def _without_chain(self, changed: dict[str, bytes], removed: set[str]) -> tuple[dict[str, bytes], set[str]]:
        chain = self._opened.book.calc_chain
        if chain is None:
            return changed, removed
        without, gone = self._opened.book.without_calc_chain()
        pattern = re.compile(rb"<(?:[\w.-]+:)?(?:Override|Relationship)\b[^>]*?calcChain[^>]*?/>")
        parts = {part: pattern.sub(b"", changed.get(part, content)) for part, content in without.items()}
        return {**changed, **parts}, removed | gone

    def _formula_edits(self, sheet: str) -> Iterator[Edit]:
        xml = self._opened.xml(sheet)
        known: dict[tuple[bytes, tuple[str, str]], Record | None] = {}
        own = tuple(_plainer(name) + "!" for name in self._added)
        candidates = self._candidates(sheet)
        for formula in xml.formulas:
            place = self._place(sheet, formula.row, formula.column)
            record = known.get((formula.raw, place))
            if (formula.raw, place) not in known:
                record = self._recognised(formula, candidates.get(place, []))
                if moved(formula.text, 1, 0) == formula.text:  # it recurs as it is
                    known[formula.raw, place] = record
            if record is not None:
                text = moved(record.formula, formula.row - split_ref(record.cell)[0], 0)
                self._result.restored += 1
                yield from plain_cell(xml, formula, text)
            elif any(name in _normal(formula.text) for name in own):
                self._result.left.setdefault(sheet, []).append(cell_name(formula.row, formula.column))

    def _candidates(self, sheet: str) -> dict[tuple[str, str], list[Record]]:
        """The records that may be of a cell: by table and header, without them for the sheet's own cells."""
        found: dict[tuple[str, str], list[Record]] = {}
        for record in self._formulas:
            if record.plain and (record.table or record.sheet == sheet):
                found.setdefault((record.table.casefold(), record.header.casefold()), []).append(record)
        return found

    def _place(self, sheet: str, row: int, column: int) -> tuple[str, str]:
        table = self._opened.table_at(sheet, row, column)
        if table is None:
            return "", ""
        return table.name.casefold(), table.headers[column - table.first_column].casefold()

    def _recognised(self, formula: Formula, records: Sequence[Record]) -> Record | None:
        """The record whose plain formula stands here unchanged."""
        text = _normal(formula.text)
        for record in records:
            if _normal(moved(record.plain, formula.row - split_ref(record.cell)[0], 0)) == text:
                return record
        return None

    def _value_edits(self, sheet: str) -> Iterator[Edit]:
        marks: dict[tuple[str, str, int], tuple[Record, set[str]]] = {}
        for record in self._values:
            if record.sheet == sheet or record.table:
                column = 0 if record.table else split_ref(record.cell)[1]
                key = record.table.casefold(), record.header.casefold(), column
                marks.setdefault(key, (record, set()))[1].update(record.plain.split())
        if not marks:
            return
        xml = self._opened.xml(sheet)
        filled = {(cell.row, cell.column): cell for cell in filled_cells(xml, self._opened.texts)}
        for cell in xml.cells(range(1, 1 << 21))[0]:
            place = self._place(sheet, cell.row, cell.column)
            found = marks.get((*place, 0 if place[0] else cell.column))
            if found is None or (not place[0] and (cell.row, cell.column) not in filled):
                continue
            value = filled.get((cell.row, cell.column))
            if (value is None or not value.is_formula) and mark(value.value if value else None) in found[1]:
                self._result.restored += 1
                self._result.recalled += 1
                record = found[0]
                text = moved(record.formula, cell.row - split_ref(record.cell)[0], 0)
                yield _called(xml, cell.start, cell.open_end, cell.end, text, value)

    def _columns(self, table: Table) -> bytes | None:
        """The table with the formulas of its columns put back; a program that lost them gets them again."""
        wanted = {
            record.header.casefold(): record
            for record in (*self._values, *self._formulas)
            if record.table.casefold() == table.name.casefold()
        }
        if not wanted:
            return None

        def column(hit: re.Match[bytes]) -> bytes:
            record = wanted.get(unescape((hit["name"] or b"").decode()).casefold())
            if record is None:
                return hit[0]
            inside = hit["inside"] or b""
            there = COLUMN_FORMULA.search(inside)
            if (
                there
                and record.kind == "formula"
                and _normal(unescape(there["text"].decode())) != _normal(record.plain)
            ):
                return hit[0]
            prefix = hit["tag"].removesuffix(b"tableColumn")
            new = b"<%scalculatedColumnFormula>%s</%scalculatedColumnFormula>" % (
                prefix, escape(record.formula, quote=False).encode(), prefix,
            )  # fmt: skip
            return b"<%s%s>%s%s</%s>" % (
                hit["tag"],
                hit["more"].rstrip(),
                new,
                COLUMN_FORMULA.sub(b"", inside),
                hit["tag"],
            )

        old = self._opened.package.read(table.part)
        new = _TABLE_COLUMN.sub(column, old)
        return None if new == old else new


_KIND = re.compile(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")


def _called(xml: SheetXml, start: int, open_end: int, end: int, text: str, filled: Filled | None) -> Edit:
    """The edit that gives a cell without a formula one, its value kept until it is calculated."""
    kind, raw = encode(filled.value if filled else "")
    tag = _KIND.sub(b"", xml.content[start : open_end - 1].rstrip(b"/ "))
    shown = b' t="%s"' % kind if kind else b""
    parts = (tag, shown, xml.prefix, escape(text, quote=False).encode(), xml.prefix, xml.prefix, raw, xml.prefix)
    return start, end, b"%s%s><%sf>%s</%sf><%sv>%s</%sv></%sc>" % (*parts, xml.prefix)
