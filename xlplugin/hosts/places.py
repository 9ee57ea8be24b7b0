"""Where things stand in a workbook file: named cells, and the columns of tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.hosts._book import Book, column_letters
from xlplugin.hosts._package import Package

if TYPE_CHECKING:
    from xlplugin.hosts._book import Table

__all__ = ["cell_named", "open_book", "ref"]

_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)")


def open_book(path: Path) -> Book:
    """A workbook file understood as far as its sheets, names and tables.

    Raises:
        XlpError: it is no workbook, or cannot be read.
    """
    return Book(Package(Path(path)))


def cell_named(book: Book, name: str) -> tuple[str, str] | None:
    """The sheet and reference of a named cell; None where the book has no such name for one cell."""
    for entry in book.names:
        if entry.name.casefold() == name.casefold() and entry.scope is None:
            match = _CELL.fullmatch(entry.text.strip())
            if match:
                quoted, plain, letters, row = match.groups()
                return (quoted.replace("''", "'") if quoted else plain), f"{letters}{row}"
    return None


def ref(table: Table, header: str, row: int) -> str:
    """The reference of a cell of a table: by its column's header, and its row counted from 1 under the header."""
    column = table.first_column + table.columns[header.casefold()]
    return f"{column_letters(column)}{table.first_row + table.header_rows + row - 1}"
