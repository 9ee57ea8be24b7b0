"""The parts of a workbook that change when a table's cells change and rows are added to it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import XlpError
from xlplugin.exchange._row_model import RowModel, Shared
from xlplugin.exchange._row_stream import filled_in, row_numbers, sheet_pieces
from xlplugin.exchange._stretch import Stretch
from xlplugin.hosts._placing import place
from xlplugin.hosts._sheet_xml import SheetXml, cell_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from xlplugin.exchange.table_rows import TableRows
    from xlplugin.hosts._values import Value

__all__ = ["Change", "changed_parts"]

_MOST_ROWS = 1 << 20
_AT_ONCE = 2000


class Change(NamedTuple):
    """What is to be done to a table.

    Args:
        cells: new values by row and column.
        added: the values of the rows to be added, in order.
        rows: how many they are.
        columns: the column of each of their values, None for one that the table doesn't have.
        after: the row behind which they go.
    """

    cells: dict[tuple[int, int], Value]
    added: Iterator[Sequence[Value]]
    rows: int
    columns: Sequence[int | None]
    after: int


def changed_parts(rows: TableRows, change: Change) -> tuple[dict[str, bytes | Iterable[bytes]], set[str]]:
    """The parts with their new content, the sheet's piece by piece; and those to be left out.

    Raises:
        XlpError: the rows don't fit, or something stands in their way.
    """
    last = max(rows.last_row, change.after + change.rows)
    grows = last > rows.last_row
    changed: dict[str, bytes | Iterable[bytes]] = {}
    removed: set[str] = set()
    model = RowModel(rows.table.first_column, rows.table.last_column)
    if grows:
        _refuse(rows, last, model)
        stretch = Stretch(rows.table, last - rows.last_row)
        changed[rows.table.part] = stretch.table(rows.book.package.read(rows.table.part))
        workbook = rows.book.package.read(rows.book.part)
        if (named := stretch.names(workbook)) != workbook:
            changed[rows.book.part] = named
        changed |= _elsewhere(rows, stretch)
        if model.has_formulas:
            without, removed = rows.book.without_calc_chain()
            changed |= without
    else:
        stretch = Stretch(rows.table, 0)
    changed[rows.part] = _Writer(rows, change, last, stretch, model).pieces()
    return changed, removed


def _elsewhere(rows: TableRows, stretch: Stretch) -> Iterator[tuple[str, bytes]]:
    """The other sheets whose formulas speak of whole columns of the table by their cells, as in shared copies."""
    for sheet in rows.book.sheets:
        if sheet.kind == "worksheet" and sheet.part != rows.part:
            old = rows.book.package.read(sheet.part)
            if (new := stretch.formulas(old, own=False)) != old:
                yield sheet.part, new


def _refuse(rows: TableRows, last: int, model: RowModel) -> None:
    """Looks at what stands below the table, and learns from its last row what a row is like."""
    table, path = rows.table, rows.book.package.path
    if last > _MOST_ROWS:
        raise XlpError("table_full", path=path, table=table.name, found=last, limit=_MOST_ROWS)
    if table.totals_rows:
        raise XlpError("table_totals", path=path, table=table.name, rows=last - rows.last_row)
    shared = Shared()
    for piece in sheet_pieces(rows.book, rows.part, table.sheet):
        if piece.kind == "tail":
            hit = Stretch(table, last - rows.last_row).merged(piece.content)
        elif piece.kind == "head":
            model.columns_in(piece.content)
            continue
        else:
            shared.learn(piece.content)
            model.learn(piece.content, rows.last_row, shared)
            hit = _below(piece.content, rows, last)
        if hit:
            raise XlpError("table_below", path=path, table=table.name, sheet=table.sheet, cell=hit)


def _below(content: bytes, rows: TableRows, last: int) -> str:
    """The first filled cell that stands where the table is to grow; empty where there is none."""
    table = rows.table
    numbers = row_numbers(content)
    if not numbers or numbers[-1][0] <= table.last_row:
        return ""
    for row, column in filled_in(content):
        if table.last_row < row <= last and table.first_column <= column <= table.last_column:
            return cell_name(row, column)
    return ""


class _Writer:
    """The sheet with its change, piece by piece."""

    def __init__(self, rows: TableRows, change: Change, last: int, stretch: Stretch, model: RowModel) -> None:
        self._rows = rows
        self._change = change
        self._end = rows.last_row
        self._last = last
        self._stretch = stretch
        self._model = model
        self._cols = b""
        self._cells = self._prepared()
        self._waiting = sorted(self._cells)
        self._done = 0  # how many of these are written
        self._next = rows.last_row + 1  # the first row of the extension that isn't written

    def _prepared(self) -> dict[int, dict[int, Value]]:
        """The new cells of the rows that there are, by row and column."""
        cells: dict[int, dict[int, Value]] = {}
        for (row, column), value in self._change.cells.items():
            cells.setdefault(row, {})[column] = value
        room = self._end - self._change.after
        for row, values in enumerate(islice(self._change.added, max(room, 0)), self._change.after + 1):
            filled = zip(self._change.columns, values)
            cells[row] = {column: value for column, value in filled if column is not None and value is not None}
        return cells

    def pieces(self) -> Iterator[bytes]:
        """The new content of the part."""
        for kind, content in sheet_pieces(self._rows.book, self._rows.part, self._rows.table.sheet):
            if kind == "head":
                self._cols = _columns_of(content)
                yield self._stretch.head(content)
            elif kind == "rows":
                yield from (self._stretch.formulas(piece, own=True) for piece in self._into(content))
            else:
                yield from self._filled(b"", self._end)
                added = self._extension(self._last)
                yield from (self._stretch.formulas(row, own=True) for row in added)
                yield self._stretch.tail(content)

    def _into(self, content: bytes) -> Iterator[bytes]:
        numbers = row_numbers(content)
        if numbers[-1][0] <= self._end:
            yield from self._filled(content, numbers[-1][0])
            return
        at = next(start for row, start in numbers if row > self._end)
        yield from self._filled(content[:at], self._end)
        if self._next > self._last:
            yield content[at:]
            return
        ends = [start for _, start in numbers[1:]] + [len(content)]
        for (row, start), end in zip(numbers, ends):
            if row > self._last:
                yield from self._extension(self._last)
                yield content[start:]
                return
            if row > self._end:
                yield from self._extension(row - 1)
                yield self._model.over(content[start:end], self._values(next(self._change.added)), row)
                self._next = row + 1

    def _filled(self, content: bytes, up_to: int) -> Iterator[bytes]:
        """Whole rows with the new cells up to a row put in."""
        start = self._done
        while self._done < len(self._waiting) and self._waiting[self._done] <= up_to:
            self._done += 1
        rows = self._waiting[start : self._done]
        if not rows:
            yield content
            return
        for at in range(0, len(rows), _AT_ONCE) if not content else (0,):
            wanted = rows[at : at + _AT_ONCE] if not content else rows
            yield self._placed(content, wanted)

    def _placed(self, content: bytes, wanted: Sequence[int]) -> bytes:
        opening = b"<worksheet>" + self._cols + b"<sheetData>"
        closing = b"</sheetData></worksheet>"
        sheet = SheetXml(opening + content + closing, self._rows.table.sheet)
        made = {(formula.row, formula.column) for formula in sheet.formulas}
        cells = {(row, column): value for row in wanted for column, value in self._cells[row].items()}
        values: Mapping[tuple[int, int], Value] = {key: value for key, value in cells.items() if key not in made}
        return sheet.edited(place(sheet, values, inline=True))[len(opening) : -len(closing)]

    def _extension(self, up_to: int) -> Iterator[bytes]:
        """New rows up to a row; the last of the added ones may come before it."""
        for row in range(self._next, up_to + 1):
            yield self._model.row(self._values(next(self._change.added)), row)
        self._next = max(self._next, up_to + 1)

    def _values(self, values: Sequence[Value]) -> dict[int, Value]:
        return {column: value for column, value in zip(self._change.columns, values) if column is not None}


def _columns_of(head: bytes) -> bytes:
    start, end = head.find(b"<cols>"), head.find(b"</cols>")
    return head[start : end + 7] if 0 <= start < end else b""
