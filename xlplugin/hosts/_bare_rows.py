"""Rows of tables in which somebody has typed but no formula stands, so that nothing is worked out for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xlplugin.hosts._book import Book, Table
    from xlplugin.hosts._pages import Page
    from xlplugin.hosts._sheet_xml import SheetXml

__all__ = ["bare_rows"]


def bare_rows(book: Book, pages: Iterable[Page]) -> dict[str, list[int]]:
    """The rows by sheet. LibreOffice leaves such rows: formulas do not follow into a row inserted there."""
    tables: dict[str, list[Table]] = {}
    for table in book.tables.values():
        tables.setdefault(table.sheet.casefold(), []).append(table)
    found = {}
    for page in pages:
        rows = sorted(row for table in tables.get(page.xml.name.casefold(), ()) for row in _of(table, page.xml))
        if rows:
            found[page.xml.name] = rows
    return found


def _of(table: Table, xml: SheetXml) -> Iterator[int]:
    rows = range(table.first_row + table.header_rows, table.last_row - table.totals_rows + 1)
    left, bare = False, set(rows)
    for column, places in xml.formulas.rows.items():
        if not bare:
            return
        held = [row for row in places if row in rows] if table.first_column <= column <= table.last_column else []
        if 2 * len(held) > len(rows):  # a column that is worked out, not one with a formula here and there
            left = True
            bare.difference_update(held)
    if left and bare:
        cells, _ = xml.cells(range(min(bare), max(bare) + 1))
        filled = (cell for cell in cells if cell.end > cell.open_end and cell.row in bare)
        yield from {cell.row for cell in filled if table.first_column <= cell.column <= table.last_column}
