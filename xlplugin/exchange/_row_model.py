"""What a new row of a table is like: as its last row in format and formulas, with values of its own."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange._row_stream import row_numbers
from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._shared import moved
from xlplugin.hosts._sheet_xml import attribute, cell_name
from xlplugin.hosts._values import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.hosts._values import Value

__all__ = ["RowModel", "Shared"]

_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_F = re.compile(rb"<f([^>]*?)(?:/>|>([^<]*)</f>)")
_HOME = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*><f([^>]*\bt="shared"[^>]*)>([^<]+)</f>')
_COLUMN = re.compile(rb"<col\b[^>]*>")
_OWN = re.compile(rb'\s(?:r|spans|hidden|collapsed)="[^"]*"')
_REF = re.compile(rb'\sref="[^"]*"')
_KIND = re.compile(rb'\s(?:t|vm)="[^"]*"')
_MOST_TEXTS = 100_000


class Shared:
    """The homes of shared formulas, met on the way through a sheet."""

    def __init__(self) -> None:
        self._homes: dict[str, tuple[int, int, str]] = {}

    def learn(self, rows: bytes) -> None:
        """Keeps the homes that stand in these rows."""
        if b't="shared"' not in rows:
            return
        for letters, row, attributes, text in _HOME.findall(rows):
            home = int(row), column_number(letters.decode()), unescape(text.decode())
            self._homes[attribute(attributes, b"si")] = home

    def text(self, group: str, row: int, column: int) -> str:
        """The formula of a group as a cell means it; empty where its home wasn't met."""
        if group not in self._homes:
            return ""
        home_row, home_column, text = self._homes[group]
        return moved(text, row - home_row, column - home_column)


class _Made(NamedTuple):
    """A formula of the last row, with its element's attributes and its row."""

    attributes: bytes
    text: str
    row: int

    def element(self, row: int, column: int) -> bytes:
        attributes = self.attributes
        if b"ref=" in attributes:  # an array is entered in this one cell
            attributes = _REF.sub(b' ref="%s"' % cell_name(row, column).encode(), attributes)
        text = escape(moved(self.text, row - self.row, 0), quote=False).encode()
        return b"<f%s>%s</f>" % (attributes, text)


class RowModel:
    """What the new rows of a table have in common.

    Args:
        first: the table's first column.
        last: its last.
    """

    def __init__(self, first: int, last: int) -> None:
        self._columns = range(first, last + 1)
        self._letters = {column: column_letters(column).encode() for column in self._columns}
        self._styles: dict[int, bytes] = {}
        self._formulas: dict[int, _Made] = {}
        self._tag = b""
        self._texts: dict[str, bytes] = {}

    @property
    def has_formulas(self) -> bool:
        """Whether new rows bring formulas with them."""
        return bool(self._formulas)

    def columns_in(self, head: bytes) -> None:
        """Takes the styles of whole columns, for where the last row isn't written."""
        for hit in _COLUMN.finditer(head):
            style = attribute(hit[0], b"style")
            low, high = int(attribute(hit[0], b"min") or 0), int(attribute(hit[0], b"max") or 0)
            for column in self._columns if style not in ("", "0") else ():
                if low <= column <= high:
                    self._styles[column] = b' s="%s"' % style.encode()

    def learn(self, rows: bytes, number: int, shared: Shared) -> None:
        """Takes over what the row of this number is like, if it is among these."""
        numbers = row_numbers(rows)
        places = [at for at, (row, _) in enumerate(numbers) if row == number] if numbers else []
        if not places:
            return
        start = numbers[places[0]][1]
        end = numbers[places[0] + 1][1] if places[0] + 1 < len(numbers) else len(rows)
        row = rows[start:end]
        self._tag = _OWN.sub(b"", row[len(b"<row") : row.index(b">")].rstrip(b"/"))
        self._styles = {}
        for letters, attributes, body in _CELL.findall(row):
            column = column_number(letters.decode())
            if column in self._letters:
                self._styles[column] = _KIND.sub(b"", attributes).rstrip()
                self._learn_formula(column, number, body, shared)

    def _learn_formula(self, column: int, row: int, body: bytes, shared: Shared) -> None:
        hit = _F.search(body)
        if hit is None:
            return
        attributes, text = hit[1], unescape((hit[2] or b"").decode())
        if b't="shared"' in attributes:
            text = text or shared.text(attribute(attributes, b"si"), row, column)
            attributes = b""
        if text:
            self._formulas[column] = _Made(attributes, text, row)

    def row(self, values: Mapping[int, Value], number: int) -> bytes:
        """A whole new row."""
        cells = b"".join(self._cell(column, number, values.get(column)) for column in self._columns)
        return b'<row r="%d"%s>%s</row>' % (number, self._tag, cells)

    def over(self, old: bytes, values: Mapping[int, Value], number: int) -> bytes:
        """The new row in place of one that is blank in the table's columns; its other cells stay."""
        end = old.index(b">") + 1
        kept = {
            column_number(hit[1].decode()): hit[0]
            for hit in _CELL.finditer(old, end)
            if column_number(hit[1].decode()) not in self._letters
        }
        kept |= {column: self._cell(column, number, values.get(column)) for column in self._columns}
        tag = re.sub(rb'\sspans="[^"]*"', b"", old[: end - 1].rstrip(b"/"))
        return b"%s>%s</row>" % (tag, b"".join(cell for _, cell in sorted(kept.items())))

    def _cell(self, column: int, row: int, value: Value) -> bytes:
        made = self._formulas.get(column)
        style = self._styles.get(column, b"")
        place = b'<c r="%s%d"%s' % (self._letters[column], row, style)
        if made is not None:
            return b"%s>%s</c>" % (place, made.element(row, column))
        if value is None or value == "":
            return place + b"/>" if style else b""
        if type(value) is str:
            return b'%s t="inlineStr"><is>%s</is></c>' % (place, self._text(value))
        kind, raw = encode(value)
        shown = b' t="%s"' % kind if kind else b""
        return b"%s%s><v>%s</v></c>" % (place, shown, raw)

    def _text(self, value: str) -> bytes:
        known = self._texts.get(value)
        if known is None:
            raw = encode(value)[1]
            space = b' xml:space="preserve"' if raw != raw.strip() or b"\n" in raw else b""
            known = b"<t%s>%s</t>" % (space, raw)
            if len(self._texts) < _MOST_TEXTS:
                self._texts[value] = known
        return known
