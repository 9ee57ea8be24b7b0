"""What says where a table ends, moved down when it grows: its part, rules on its cells, names and formulas of it."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.hosts._book import column_letters, split_ref
from xlplugin.hosts._sheet_xml import cell_name

if TYPE_CHECKING:
    from xlplugin.hosts._book import Table

__all__ = ["Stretch"]

_DIMENSION = re.compile(rb'(<dimension\b[^>]*?\bref=")([A-Z0-9:$]+)(")')
_TABLE_REF = re.compile(rb'(\sref=")([A-Z0-9:$]+)(")')
_SQREF = re.compile(rb'(\ssqref="|<xm:sqref>)([^"<]+)(?=["<])')
_MERGED = re.compile(rb'<mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_FORMULA = re.compile(rb"(<(?:formula[12]?|xm:f)>)([^<]+)(?=<)")
_CELL_FORMULA = re.compile(rb"(<(?:[\w.-]+:)?f(?:\s[^>]*)?>)([^<]+)(?=</)")
_NAME = re.compile(rb"(<definedName\b[^>]*>)([^<]+)(?=<)")
_RANGE = re.compile(
    r"(?<![\w.!'])('(?:[^']|'')+'!|[\w.]+!)?(\$?[A-Z]{1,3}\$?[0-9]{1,7}:\$?[A-Z]{1,3}\$)([0-9]{1,7})(?!\w)"
)


class Stretch:
    """A table that grows.

    Args:
        table: where it lies now.
        by: by how many rows it grows; 0 where it doesn't.
    """

    def __init__(self, table: Table, by: int) -> None:
        self._table = table
        self._by = by

    def table(self, content: bytes) -> bytes:
        """The table's own part."""
        return _TABLE_REF.sub(lambda hit: hit[1] + self._longer(hit[2]) + hit[3], content)

    def head(self, content: bytes) -> bytes:
        """The sheet up to its rows."""
        return _DIMENSION.sub(self._dimension, content, count=1)

    def tail(self, content: bytes) -> bytes:
        """The sheet behind its rows: rules that end with the table."""
        if not self._by:
            return content
        content = _SQREF.sub(lambda hit: hit[1] + b" ".join(map(self._longer, hit[2].split())), content)
        return _FORMULA.sub(lambda hit: hit[1] + self._ranges(hit[2], bare=True), content)

    def names(self, content: bytes) -> bytes:
        """The workbook part: names of ranges that end with the table, print areas among them."""
        return _NAME.sub(lambda hit: hit[1] + self._ranges(hit[2], bare=False), content)

    def formulas(self, content: bytes, *, own: bool) -> bytes:
        """Rows of a sheet, or all of it, with formulas that speak of whole columns of the table by their cells.

        Args:
            content: the bytes.
            own: whether it is the table's sheet.
        """
        end = b"$%d" % self._table.last_row
        if not self._by or end not in content:
            return content
        return _CELL_FORMULA.sub(
            lambda hit: hit[1] + self._ranges(hit[2], bare=own, whole=True) if end in hit[2] else hit[0], content
        )

    def merged(self, tail: bytes) -> str:
        """The first cell of merged ones that stand where the table is to grow; empty where there are none."""
        for hit in _MERGED.finditer(tail):
            first_row, first_column, last_row, last_column = split_ref(hit[1].decode())
            below = first_row <= self._table.last_row + self._by and last_row > self._table.last_row
            if below and self._is_beside(first_column, last_column):
                return cell_name(first_row, first_column)
        return ""

    def _is_beside(self, first_column: int, last_column: int) -> bool:
        return first_column <= self._table.last_column and last_column >= self._table.first_column

    def _longer(self, ref: bytes) -> bytes:
        try:
            first_row, first_column, last_row, last_column = split_ref(ref.decode())
        except ValueError:
            return ref
        whole = first_row <= self._table.first_row + self._table.header_rows or first_row < last_row
        if last_row != self._table.last_row or not whole or not self._is_beside(first_column, last_column):
            return ref
        first, _, last = ref.decode().partition(":")
        end = re.sub(r"[0-9]+$", str(last_row + self._by), last or first)
        return f"{first}:{end}".encode()

    def _ranges(self, text: bytes, *, bare: bool, whole: bool = False) -> bytes:
        found = unescape(text.decode())
        new = _RANGE.sub(lambda hit: self._range(hit, bare, whole), found)
        return text if new == found else escape(new, quote=False).encode()

    def _range(self, hit: re.Match[str], bare: bool, whole: bool) -> str:
        sheet, ends, last = hit[1], hit[2], hit[3]
        if sheet is None:
            is_ours = bare
        else:
            is_ours = sheet[:-1].strip("'").replace("''", "'").casefold() == self._table.sheet.casefold()
        first_row, first_column, last_row, last_column = split_ref(ends + last)
        if whole and first_row not in (self._table.first_row, self._table.first_row + self._table.header_rows):
            return hit[0]
        if not is_ours or last_row != self._table.last_row or not self._is_beside(first_column, last_column):
            return hit[0]
        return f"{sheet or ''}{ends}{last_row + self._by}"

    def _dimension(self, hit: re.Match[bytes]) -> bytes:
        first_row, first_column, last_row, last_column = split_ref(hit[2].decode())
        row = max(last_row, self._table.last_row + self._by)
        low = cell_name(min(first_row, self._table.first_row), min(first_column, self._table.first_column))
        high = f"{column_letters(max(last_column, self._table.last_column))}{row}"
        return hit[1] + f"{low}:{high}".encode() + hit[3]
