"""Cells of a table in a formula's text named by the table and its headers again, as `_references` spelled them out."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.hosts._book import column_number
from xlplugin.hosts._references import closing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._book import Table

__all__ = ["Raiser"]

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<elsewhere>\[\d+\][^\W\d][\w.]*!)
    |(?<![\w.\\$:!])(?P<sheet>'(?:[^']|'')*'!|[^\W\d][\w.]*!)?
        \$(?P<left>[A-Z]{1,3})(?P<fixed>\$?)(?P<top>\d{1,7})
        (?::\$(?P<right>[A-Z]{1,3})(?P<fixed_2>\$?)(?P<bottom>\d{1,7}))?(?![\w.:(!\[])
    |(?P<quoted>'(?:[^']|'')*'!?)
    |(?P<open>\[)""",
    re.VERBOSE,
)
_OWN_ROW = re.compile(rb"(\$[A-Z]{1,3})([0-9]{1,7})(?![0-9])")
_HOLE = b"\0"
_NEEDS_QUOTE = re.compile(r"(['\[\]#@])")
_QUOTED = r"'\1"


class Raiser:
    """Names the cells of tables in the formulas of one sheet; spelled out again, such a formula is what it was.

    Args:
        sheet: the sheet's name.
        tables: the book's tables by their name in lower case.
    """

    def __init__(self, sheet: str, tables: Mapping[str, Table]) -> None:
        self._sheet = sheet.casefold()
        self._on: dict[str, list[Table]] = {}
        for table in tables.values():
            self._on.setdefault(table.sheet.casefold(), []).append(table)
        self._bounds = sorted({at for table in tables.values() for at in (*_data(table), table.first_row)})
        self._known: dict[tuple[bytes, int], bytes] = {}  # empty where nothing is named

    def raised(self, raw: bytes, row: int) -> bytes:
        """A formula with table references; the same object where it speaks of no table.

        Args:
            raw: the formula as it stands in the sheet's XML, escaped, without an equals sign.
            row: the row of its cell from 1.
        """
        if b"$" not in raw or not self._on:
            return raw
        own = b"%d" % row
        shape = _OWN_ROW.sub(lambda hit: hit[1] + _HOLE if hit[2] == own else hit[0], raw)
        key = shape, sum(bound <= row for bound in self._bounds)
        known = self._known.get(key)
        if known is not None:
            return known or raw
        text = unescape(raw.decode())
        made = self._text(text, row)
        new = b"" if made == text else escape(made, quote=False).encode()
        if own not in new:  # it recurs from row to row
            self._known[key] = new
        return new or raw

    def _text(self, text: str, row: int) -> str:
        pieces, done = list[str](), 0
        for hit, at in _hits(text):
            named = self._named(hit, row) if hit["left"] else None
            if named is not None:
                pieces += [text[done : hit.start()], named]
                done = at
        return "".join([*pieces, text[done:]])

    def _named(self, hit: re.Match[str], row: int) -> str | None:
        """What a reference to cells is called; None where it is no whole part of a table."""
        sheet = self._sheet
        if hit["sheet"]:
            sheet = hit["sheet"][:-1].strip("'").replace("''", "'").casefold()
        left, right = (column_number(letters) for letters in (hit["left"], hit["right"] or hit["left"]))
        rows = int(hit["top"]), int(hit["bottom"] or hit["top"])
        if hit["bottom"] and hit["fixed"] != hit["fixed_2"]:
            return None
        for table in self._on.get(sheet, ()):
            if table.first_column <= left <= right <= table.last_column:
                part = _part(table, rows, row, follows=not hit["fixed"])
                if part is not None:
                    return _spelled(table, part, left, right)
        return None


def _hits(text: str) -> Iterator[tuple[re.Match[str], int]]:
    at = 0
    while hit := _TOKEN.search(text, at):
        at = closing(text, hit.start()) if hit["open"] else hit.end()
        yield hit, at


def _data(table: Table) -> tuple[int, int]:
    """The first and the last row under a table's header, without its totals."""
    return table.first_row + table.header_rows, table.last_row - table.totals_rows


def _part(table: Table, rows: tuple[int, int], row: int, *, follows: bool) -> str | None:
    """The part of a table that some rows are; empty for its data, None where they are none."""
    first, last = _data(table)
    if follows:
        return "#This Row" if rows == (row, row) and first <= row <= last else None
    parts = {(first, last): "", (table.first_row, table.last_row): "#All", (table.first_row, first - 1): "#Headers"}
    return parts.get(rows)


def _spelled(table: Table, part: str, left: int, right: int) -> str:
    ends = [table.headers[end - table.first_column] for end in dict.fromkeys((left, right))]
    columns = ":".join(f"[{_NEEDS_QUOTE.sub(_QUOTED, header)}]" for header in ends)
    if part == "#All" and (left, right) == (table.first_column, table.last_column):
        return f"{table.name}[#All]"
    if part:
        return f"{table.name}[[{part}],{columns}]"
    return table.name + (columns if len(ends) == 1 else f"[{columns}]")
