"""Workbooks whose formulas speak of cells where they spoke of tables, for programs that know no tables; and back.

The formulas that tables have for new rows stay as they are: Excel fills them in, and only Excel knows them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.hosts._book import Book
from xlplugin.hosts._package import Edited
from xlplugin.hosts._raised import Raiser
from xlplugin.hosts._references import Respeller
from xlplugin.hosts._sheet_xml import SheetXml, attribute, cell_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlplugin.hosts._book import Sheet
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Edit, Formula

__all__ = ["spelled_out", "with_tables"]

_FIXED = re.compile(rb"\$[A-Z]{1,3}\$?[0-9]")
_LOST = re.compile(rb"#(?:REF|VALUE)!")
_COLUMN_FORMULA = re.compile(rb"<(?:[\w.-]+:)?calculatedColumnFormula\b[^>]*>[^<]*\[")
_TAG = re.compile(rb"<(?P<end>/?)(?:[\w.-]+:)?(?P<name>[\w.-]+)[^>]*?(?P<alone>/?)>")
# What a sheet may have behind its ignored errors, in the order of the standard (ISO/IEC 29500-1, 18.3.1.99).
_BEHIND = frozenset(
    b"smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts "
    b"extLst AlternateContent worksheet".split()
)
_IGNORED = re.compile(rb"<(?P<tag>(?:[\w.-]+:)?ignoredErrors)\s*>(?P<inside>.*?)</(?P=tag)>", re.DOTALL)
_ONE = re.compile(rb"<(?:[\w.-]+:)?ignoredError\b[^>]*>")
_SAID = re.compile(rb"""\s(?:calculatedColumn|formulaRange)\s*=\s*(?:"[^"]*"|'[^']*')""")
# A cell whose formula is spelled otherwise than its column's is no mistake, nor is one that reads a part of a row.
_MARKS = b' formulaRange="1" calculatedColumn="1"'


def spelled_out(package: Package) -> Package:
    """The workbook with references to cells in place of table references; itself where it has none."""
    book = Book(package)
    if not book.tables:
        return package
    respellers = {sheet.name: Respeller(sheet.name, book.tables, keeps_calls=True) for sheet in book.sheets}
    named = re.compile(b"|".join([rb"\[", *(re.escape(name.encode()) for name in book.tables)]), re.IGNORECASE)

    def cells(sheet: str, formula: Formula) -> bytes:
        made = respellers[sheet].respell(formula.raw, formula.row, formula.column)
        lost = made is not formula.raw and _LOST.search(made) and not _LOST.search(formula.raw)
        return formula.raw if lost else made

    return _changed(book, named, cells, _with_peace)


def with_tables(package: Package) -> Package:
    """The workbook with table references in place of those to cells that are whole parts of a table."""
    book = Book(package)
    if not book.tables:
        return package
    raisers = {sheet.name: Raiser(sheet.name, book.tables) for sheet in book.sheets}

    def tables(sheet: str, formula: Formula) -> bytes:
        return raisers[sheet].raised(formula.raw, formula.row)

    return _changed(book, _FIXED, tables)


def _changed(
    book: Book,
    spelled: re.Pattern[bytes],
    respell: Callable[[str, Formula], bytes],
    finish: Callable[[bytes, Package, Sheet], bytes] | None = None,
) -> Package:
    """The workbook with formulas respelled on those sheets that have something spelled so."""
    changed: dict[str, bytes] = {}
    for sheet in book.sheets:
        if sheet.kind != "worksheet":
            continue
        content = book.package.read(sheet.part)
        if not spelled.search(content):
            continue
        xml = SheetXml(content, sheet.name)
        edits = list(_edits(xml, sheet.name, respell))
        if edits:
            content = xml.edited(edits)
            changed[sheet.part] = finish(content, book.package, sheet) if finish else content
    return Edited(book.package, changed) if changed else book.package


def _edits(xml: SheetXml, sheet: str, respell: Callable[[str, Formula], bytes]) -> Iterator[Edit]:
    groups = set[str]()  # shared formulas of which one changes; all of these are given their own text
    made = [(formula, respell(sheet, formula)) for formula in xml.formulas]
    for formula, new in made:
        if new != formula.raw and b"shared" in formula.attributes:
            groups.add(attribute(formula.attributes, b"si"))
    for formula, new in made:
        is_shared = b"shared" in formula.attributes
        if new == formula.raw and not (is_shared and attribute(formula.attributes, b"si") in groups):
            continue
        if formula.attributes and not is_shared:
            at = xml.content.index(b">", formula.f_start) + 1
            yield at, xml.content.rindex(b"</", at, formula.f_end), new
        else:
            yield formula.f_start, formula.f_end, b"<%sf>%s</%sf>" % (xml.prefix, new, xml.prefix)


def _with_peace(content: bytes, package: Package, sheet: Sheet) -> bytes:
    """A sheet that tells Excel not to mark the cells of its calculated columns."""
    areas = [
        f"{cell_name(table.first_row + table.header_rows, table.first_column)}:"
        f"{cell_name(table.last_row - table.totals_rows, table.last_column)}"
        for table in sheet.tables
        if _COLUMN_FORMULA.search(package.read(table.part))
    ]
    for area in areas:
        content = _quiet(content, area)
    return content


def _quiet(content: bytes, area: str) -> bytes:
    at = content.rfind(b"sheetData>") + len(b"sheetData>")
    listed = _IGNORED.search(content, at)
    if listed is None:
        place, prefix = _place(content, at)
        new = b'<%signoredErrors><%signoredError sqref="%s"%s/></%signoredErrors>'
        made = new % (prefix, prefix, area.encode(), _MARKS, prefix)
        return content[:place] + made + content[place:]
    for hit in _ONE.finditer(listed["inside"]):
        if area in attribute(hit[0], b"sqref").split():
            bare = _SAID.sub(b"", hit[0])
            end = b"/>" if bare.endswith(b"/>") else b">"
            start = listed.start("inside") + hit.start()
            return content[:start] + bare.removesuffix(end).rstrip() + _MARKS + end + content[start + len(hit[0]) :]
    prefix = listed["tag"].removesuffix(b"ignoredErrors")
    made = b'<%signoredError sqref="%s"%s/>' % (prefix, area.encode(), _MARKS)
    return content[: listed.end("inside")] + made + content[listed.end("inside") :]


def _place(content: bytes, at: int) -> tuple[int, bytes]:
    """Where a sheet's ignored errors go, and the prefix of its elements."""
    depth = 0
    for hit in _TAG.finditer(content, at):
        if not depth and hit["name"] in _BEHIND:
            prefix = re.match(rb"</?((?:[\w.-]+:)?)", content[hit.start() :])
            return hit.start(), b"" if hit["name"] == b"AlternateContent" or prefix is None else prefix[1]
        depth += 0 if hit["alone"] else -1 if hit["end"] else 1
    return len(content), b""
