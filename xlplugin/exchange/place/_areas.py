"""Where the rows of a kind stand in a workbook: in a table, or in a plain range under its headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplugin.cells import is_blank
from xlplugin.exchange.place._headers import KNOWN, header_word, keys_of
from xlplugin.hosts.places import open_book
from xlplugin.workbooks._sheets import sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlplugin.hosts._book import Book, Table

__all__ = ["Area", "Sheets"]

_HEADER_WITHIN = 50
_LAST_ROW = 1 << 20
_HEADER_LIKE = 3  # so many words of a header in one row are a header, not data


@dataclass(frozen=True)
class Area:
    """Rows under their headers.

    Args:
        sheet: the sheet they stand on.
        columns: by key, the column from 1; headers: by key, the header as it is written.
        first: the first row of data, as the sheet counts; last: the last row there is room for.
        rows: the cells of each row that holds anything, with the row's number.
        table: the table they are, if they are one.
    """

    sheet: str
    columns: dict[str, int]
    headers: dict[str, str]
    first: int
    last: int
    rows: list[tuple[int, list[object]]]
    table: Table | None

    def cells(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Each row's number with its cells by key; a column that is not there gives blanks."""
        places = [(key, column - 1) for key, column in self.columns.items()]
        for number, row in self.rows:
            yield number, {key: row[at] if at < len(row) else None for key, at in places}


class Sheets:
    """The sheets of a workbook as cells.

    Args:
        path: an .xlsx or .xlsm.

    Raises:
        XlpError: it is no workbook, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.book: Book = open_book(path)
        named, self.epoch = sheet_rows(path, None)
        self._cells = {name: cells() for name, cells in named}

    def find(self, words: dict[str, str], needed: Sequence[str]) -> Area | None:
        """The area with most of these columns, tables first; None where none has all that are needed.

        Args:
            words: the columns' words by key, see `_headers`.
            needed: keys, each of which must be there; of several joined by `|` one is enough.
        """
        keys = keys_of(words)
        found = [area for area in self._candidates(keys) if all(_has(area, key) for key in needed)]
        return max(found, key=lambda area: (len(area.columns), area.table is not None), default=None)

    def rows_of(self, table: Table) -> list[list[object]]:
        """A table's cells, its header first."""
        first, last = table.first_column - 1, table.first_column - 1 + len(table.columns)
        return [row[first:last] for row in self._cells[table.sheet][table.first_row - 1 : table.last_row]]

    def put(self, sheet: str, row: int, column: int, value: object) -> None:
        """Puts a value into a cell as it is known here; the file stays as it is."""
        cells = self._cells[sheet]
        cells += [[] for _ in range(row - len(cells))]
        line = cells[row - 1]
        line += [None] * (column - len(line))
        line[column - 1] = value

    def _candidates(self, keys: Mapping[str, str]) -> Iterator[Area]:
        in_table = {sheet.name: sheet.tables for sheet in self.book.sheets}
        for name, cells in self._cells.items():
            for table in in_table.get(name, ()):
                if table.header_rows:
                    yield self._table(table, cells, keys)
            for at in range(1, min(len(cells), _HEADER_WITHIN) + 1):
                row = _with_upper_tier(cells, at, keys)
                for first, last in _runs(row):
                    if not any(_covers(table, at, first) for table in in_table.get(name, ())):
                        yield self._range(name, at, row[: last - 1], first, cells, keys)

    def _table(self, table: Table, cells: list[list[object]], keys: Mapping[str, str]) -> Area:
        last_column = table.first_column + len(table.columns)
        header = cells[table.first_row - 1][: last_column - 1] if table.first_row <= len(cells) else []
        columns, headers = _columns(header, table.first_column, keys)
        first, last = table.first_row + table.header_rows, table.last_row - table.totals_rows
        rows = _filled(cells, first, last, table.first_column, last_column)
        return Area(table.sheet, columns, headers, first, last, rows, table)

    def _range(
        self,
        sheet: str,
        at: int,
        header: list[object],
        first_column: int,
        cells: list[list[object]],
        keys: Mapping[str, str],
    ) -> Area:
        columns, headers = _columns(header, first_column, keys)
        last_column = len(header) + 1
        end = at
        if len(columns) >= 2:  # most rows that are tried are no headers
            below = range(at + 1, len(cells) + 1)
            found = next((row for row in below if _is_header(cells[row - 1], first_column, last_column)), None)
            end = len(cells) if found is None else _before_title(cells, found - 1, first_column, last_column)
        rows = _filled(cells, at + 1, end, first_column, last_column)
        return Area(sheet, columns, headers, at + 1, end if end < len(cells) else _LAST_ROW, rows, None)


def _with_upper_tier(cells: list[list[object]], at: int, keys: Mapping[str, str]) -> list[object]:
    """A row that may be a header; where it is blank, with what stands above it in a two-tier header."""
    row = cells[at - 1]
    above = cells[at - 2] if at > 1 else []
    wide = [*row, *[None] * (len(above) - len(row))]
    return [
        above[column] if is_blank(cell) and column < len(above) and header_word(above[column]) in keys else cell
        for column, cell in enumerate(wide)
    ]


def _before_title(cells: list[list[object]], end: int, first: int, last: int) -> int:
    """The last row of data above another header; a title of that header stands below a blank row."""
    at = end
    while at and _count(cells[at - 1], first, last) == 1:
        at -= 1
    if at and _count(cells[at - 1], first, last):
        return end
    while at and not _count(cells[at - 1], first, last):
        at -= 1
    return at


def _count(row: Sequence[object], first: int, last: int) -> int:
    return sum(not is_blank(cell) for cell in row[first - 1 : last - 1])


def _has(area: Area, key: str) -> bool:
    return any(one in area.columns for one in key.split("|"))


def _covers(table: Table, row: int, column: int) -> bool:
    last_column = table.first_column + len(table.columns) - 1
    return table.first_row <= row <= table.last_row and table.first_column <= column <= last_column


def _runs(row: Sequence[object]) -> Iterator[tuple[int, int]]:
    """The columns from and up to which cells are filled without a gap, and from the first to the last one."""
    filled = [column for column, cell in enumerate(row, 1) if not is_blank(cell)]
    if not filled:
        return
    start = before = filled[0]
    runs = []
    for column in filled[1:]:
        if column != before + 1:
            runs.append((start, before + 1))
            start = column
        before = column
    runs.append((start, before + 1))
    yield from runs
    if len(runs) > 1:
        yield filled[0], filled[-1] + 1


def _columns(header: Sequence[object], first: int, keys: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """By key, the column it stands in and the header as written; of two alike the first."""
    columns: dict[str, int] = {}
    headers: dict[str, str] = {}
    for column in range(first, len(header) + 1):
        key = keys.get(header_word(header[column - 1]))
        if key is not None and key not in columns:
            columns[key] = column
            headers[key] = str(header[column - 1]).strip()
    return columns, headers


def _is_header(row: Sequence[object], first: int, last: int) -> bool:
    """Whether these columns of a row head rows of any kind."""
    words = [header_word(cell) for cell in row[first - 1 : last - 1] if isinstance(cell, str)]
    return sum(word in KNOWN for word in words) >= _HEADER_LIKE


def _filled(
    cells: list[list[object]], first: int, last: int, first_column: int, last_column: int
) -> list[tuple[int, list[object]]]:
    """The rows that hold anything in these columns, cut behind the last one."""
    found = []
    for number in range(first, min(last, len(cells)) + 1):
        row = cells[number - 1][: last_column - 1]
        if not all(is_blank(cell) for cell in row[first_column - 1 :]):
            found.append((number, row))
    return found
