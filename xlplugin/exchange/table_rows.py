"""A table of a workbook file: found by its name or its headers, read row by row, and written into.

Writing changes cells of the table's rows and puts rows behind the last filled one; every other byte of the package
stays, but for what says where the table ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import is_blank, text_of
from xlplugin.errors import XlpError
from xlplugin.exchange._row_stream import Values, sheet_pieces
from xlplugin.exchange._table_write import Change, changed_parts
from xlplugin.exchange._texts import SharedTexts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xlplugin.hosts._book import Book, Table
    from xlplugin.hosts._values import Value

__all__ = ["Row", "TableRows", "find_table", "shared_texts"]


class Row(NamedTuple):
    """One row of a table.

    Args:
        number: as the sheet counts.
        values: the cells of the columns asked for, in that order; dates are serials.
        formulas: the places of those values that a formula made.
    """

    number: int
    values: list[Value]
    formulas: set[int]


@dataclass(frozen=True)
class TableRows:
    """A table of a book with the columns that were looked for.

    Args:
        book: the workbook.
        table: where the table lies.
        columns: the sheet's column of each key that was found.
        lang: `zh` or `en`, as the headers of these columns are.
    """

    book: Book
    table: Table
    columns: Mapping[str, int]
    lang: str

    @property
    def first_row(self) -> int:
        """The first row under the header."""
        return self.table.first_row + self.table.header_rows

    @property
    def last_row(self) -> int:
        """The last row that is no total."""
        return self.table.last_row - self.table.totals_rows

    @cached_property
    def part(self) -> str:
        """The part of the table's sheet."""
        return next(sheet.part for sheet in self.book.sheets if sheet.name == self.table.sheet)

    def rows(self, keys: Sequence[str]) -> Iterator[Row]:
        """The rows of the table in which one of these columns holds something.

        Args:
            keys: the columns; one that the table doesn't have is always blank.
        """
        first, last = self.first_row, self.last_row
        reader = Values([self.columns.get(key) for key in keys], shared_texts(self.book))
        for piece in sheet_pieces(self.book, self.part, self.table.sheet):
            for number, values, formulas in reader.of(piece.content) if piece.kind == "rows" else ():
                if first <= number <= last and not all(map(is_blank, values)):
                    yield Row(number, values, formulas)

    def write(
        self,
        target: Path,
        changes: Mapping[tuple[int, str], Value],
        added: Iterable[Sequence[Value]],
        count: int,
        keys: Sequence[str],
        after: int,
    ) -> None:
        """Writes the workbook to `target` with cells changed and rows added.

        Args:
            target: the file to be made; it may be the one that was read.
            changes: new values by row and key.
            added: rows behind the last filled one, each with the values of `keys`; prepared rows are filled first,
                in which a formula stays.
            count: how many rows these are.
            keys: the columns of the added rows.
            after: the last filled row; the header's where there is none.

        Raises:
            XlpError: the rows don't fit, something stands in their way, or the target can't be written.
        """
        cells = {(row, self.columns[key]): value for (row, key), value in changes.items()}
        columns = [self.columns.get(key) for key in keys]
        change = Change(cells, iter(added), count, columns, max(after, self.first_row - 1))
        changed, removed = changed_parts(self, change)
        self.book.package.write(target, changed, removed)


def shared_texts(book: Book) -> list[str]:
    """The texts that cells of a book share."""
    part = book.shared_strings
    name = part and book.package.find(part)
    return SharedTexts(book.package.read(name)).texts if name else []


def find_table(book: Book, name: str, words: Mapping[str, Collection[str]], required: Collection[str]) -> TableRows:
    """The table of this name, or else the one whose headers are those looked for.

    Args:
        book: the workbook.
        name: the table's name.
        words: the headers by which each column is known, in any language.
        required: the columns without which it is not the table.

    Raises:
        XlpError: there is none; the sentence says which columns are missing in the nearest.
    """
    known = {text_of(word): key for key, spelled in words.items() for word in (key, *spelled)}
    named = book.tables.get(name.casefold())
    tables = [named] if named else []
    tables += [table for table in book.tables.values() if table is not named]
    best: TableRows | None = None
    for table in tables:
        found = _understood(book, table, known)
        if all(key in found.columns for key in required):
            return found
        if best is None or (best.table is not named and len(found.columns) > len(best.columns)):
            best = found
    missing = [key for key in required if best is None or key not in best.columns]
    shown = " · ".join("/".join(list(words[key])[:2]) for key in missing)
    raise XlpError(
        "table_missing", path=book.package.path, table=best.table.name if best else "-", wanted=name, missing=shown
    )


def _understood(book: Book, table: Table, known: Mapping[str, str]) -> TableRows:
    columns: dict[str, int] = {}
    headers: list[str] = []
    for header, place in table.columns.items():
        key = known.get(text_of(header))
        if key is not None and key not in columns:
            columns[key] = table.first_column + place
            headers.append(header)
    lang = "en" if all(header.isascii() for header in headers) else "zh"
    return TableRows(book, table, columns, lang)
