"""Plain values put into cells of a sheet's XML, cells and rows made where they are missing, styles kept."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from xlplugin.hosts._book import column_letters, split_ref
from xlplugin.hosts._sheet_xml import attribute
from xlplugin.hosts._values import encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._sheet_xml import Cell, Edit, SheetXml
    from xlplugin.hosts._values import Value

__all__ = ["place"]

_DIMENSION = re.compile(rb"""<((?:[\w.-]+:)?)dimension\b[^>]*?\bref\s*=\s*["']([A-Z0-9:$]+)["'][^>]*/>""")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col\b[^>]*>")
_NOT_KEPT = re.compile(rb"""\s+(?:t|cm|vm|r)\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPANS = re.compile(rb"""\s+spans\s*=\s*(?:"[^"]*"|'[^']*')""")


def place(sheet: SheetXml, values: Mapping[tuple[int, int], Value], inline: bool) -> list[Edit]:
    """The edits that put values into cells.

    Args:
        sheet: the sheet.
        values: by row and column; None empties a cell and keeps its style.
        inline: text as the file's own text (for what a person typed) instead of a formula's result.
    """
    if not values:
        return []
    by_row: dict[int, dict[int, Value]] = {}
    for (row, column), value in sorted(values.items(), key=lambda item: item[0]):
        by_row.setdefault(row, {})[column] = value
    cells, rows = sheet.cells(range(min(by_row), max(by_row) + 1))
    there: dict[int, list[Cell]] = {}
    for cell in cells:
        there.setdefault(cell.row, []).append(cell)
    placer = _Placer(sheet, inline)
    edits: list[Edit] = []
    known = {row.row: row for row in rows}
    placer.rows = rows
    for number, wanted in by_row.items():
        if number in known:
            edits += placer.into_row(known[number], there.get(number, []), wanted)
        elif filled := {column: value for column, value in wanted.items() if value is not None}:
            edits.append(placer.new_row(number, filled))
    return [*_joined(edits), *_dimension(sheet, values)]


class _Placer:
    def __init__(self, sheet: SheetXml, inline: bool) -> None:
        self._sheet = sheet
        self._inline = inline
        self._styles = list(_column_styles(sheet))
        self.rows: list[Cell] = []

    def into_row(self, row: Cell, cells: list[Cell], wanted: Mapping[int, Value]) -> Iterator[Edit]:
        content, prefix = self._sheet.content, self._sheet.prefix
        tag = content[row.start : row.open_end]
        new: list[tuple[int, bytes]] = []
        for column, value in wanted.items():
            at = bisect_left([cell.column for cell in cells], column)
            if at < len(cells) and cells[at].column == column:
                cell = cells[at]
                old = content[cell.start : cell.open_end]
                yield cell.start, cell.end, self._cell(cell.row, column, value, _kept(old, prefix))
            elif value is not None:
                before = cells[at].start if at < len(cells) else self._row_close(row)
                new.append((before, self._cell(row.row, column, value, self._style(tag, column))))
        if not new:
            return
        if tag.endswith(b"/>"):
            inside = b"".join(cell for _, cell in new)
            yield row.start, row.end, _SPANS.sub(b"", tag[:-2]) + b">" + inside + b"</%srow>" % prefix
            return
        if _SPANS.search(tag):
            yield row.start, row.open_end, _SPANS.sub(b"", tag)
        yield from ((before, before, cell) for before, cell in new)

    def new_row(self, number: int, wanted: Mapping[int, Value]) -> Edit:
        prefix = self._sheet.prefix
        inside = b"".join(
            self._cell(number, column, value, self._style(b"", column)) for column, value in wanted.items()
        )
        at = self._row_start_after(number)
        new = b'<%srow r="%d">%s</%srow>' % (prefix, number, inside, prefix)
        return at, at, new

    def _row_close(self, row: Cell) -> int:
        return row.end if row.open_end == row.end else self._sheet.content.rindex(b"</", row.start, row.end)

    def _row_start_after(self, number: int) -> int:
        later = bisect_left([row.row for row in self.rows], number)
        return self.rows[later].start if later < len(self.rows) else self._sheet.end

    def _style(self, row_tag: bytes, column: int) -> bytes:
        style = attribute(row_tag, b"s") if attribute(row_tag, b"customFormat") in ("1", "true") else ""
        if not style:
            style = next((found for low, high, found in self._styles if low <= column <= high), "")
        return f' s="{style}"'.encode() if style else b""

    def _cell(self, row: int, column: int, value: Value, attributes: bytes) -> bytes:
        prefix = self._sheet.prefix
        start = b'<%sc r="%s%d"%s' % (prefix, column_letters(column).encode(), row, attributes)
        if value is None:
            return start + b"/>"
        kind, raw = encode(value)
        if kind == b"str" and self._inline:
            space = b' xml:space="preserve"' if raw != raw.strip() or b"\n" in raw else b""
            inside = b"<%sis><%st%s>%s</%st></%sis>" % (prefix, prefix, space, raw, prefix, prefix)
            return start + b' t="inlineStr">' + inside + b"</%sc>" % prefix
        shown = b' t="%s">' % kind if kind else b">"
        return start + shown + b"<%sv>%s</%sv></%sc>" % (prefix, raw, prefix, prefix)


def _kept(tag: bytes, prefix: bytes) -> bytes:
    """The attributes that stay with a cell whose content changes."""
    inside = tag[len(prefix) + 2 : -2 if tag.endswith(b"/>") else -1]
    return _NOT_KEPT.sub(b"", inside).rstrip()


def _column_styles(sheet: SheetXml) -> Iterator[tuple[int, int, str]]:
    for hit in _COLUMN.finditer(sheet.content, 0, sheet.start):
        style = attribute(hit[0], b"style")
        if style not in ("", "0"):
            yield int(attribute(hit[0], b"min") or 0), int(attribute(hit[0], b"max") or 0), style


def _joined(edits: list[Edit]) -> list[Edit]:
    """Insertions at one place made into one, in the order they came."""
    inserted: dict[int, bytes] = {}
    others = []
    for start, end, new in edits:
        if start == end:
            inserted[start] = inserted.get(start, b"") + new
        else:
            others.append((start, end, new))
    return [*others, *((at, at, new) for at, new in inserted.items())]


def _dimension(sheet: SheetXml, values: Mapping[tuple[int, int], Value]) -> Iterator[Edit]:
    hit = _DIMENSION.search(sheet.content, 0, sheet.start)
    filled = [key for key, value in values.items() if value is not None]
    if not hit or not filled:
        return
    first_row, first_column, last_row, last_column = split_ref(hit[2].decode())
    rows, columns = [row for row, _ in filled], [column for _, column in filled]
    low = f"{column_letters(min(first_column, *columns))}{min(first_row, *rows)}"
    high = f"{column_letters(max(last_column, *columns))}{max(last_row, *rows)}"
    ref = (low if low == high else f"{low}:{high}").encode()
    if ref != hit[2]:
        yield (*hit.span(2), ref)
