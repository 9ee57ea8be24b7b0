"""Formula texts respelled for the engine: structured references as A1, our functions by their plain name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.hosts._book import column_letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from xlplugin.hosts._book import Table

    _Hit = tuple[re.Match[str], int]  # and the place after it

__all__ = ["Respeller", "closing", "quoted"]

# Texts and quoted sheet names first, so that nothing inside them is taken for a reference.
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?:_xll\.|_xldudf_(?:\w+?_)?(?=XLP_)|\[\d+\]!|'(?:[^']|'')*'!|[\w.]+!)(?P<ours>XLP_\w+)(?=\s*\()
    |(?P<quoted>'(?:[^']|'')*'(?:!|(?=:)))
    |(?P<external>\[\d+\](?=[^\W\d]|!))
    |(?P<table>[^\W\d\[\]][\w.\\]*)?(?P<open>\[)
    |(?P<bare>(?<![\w.\\$!'])[^\W\d][\w.\\]*(?![\w.\\(!\[']))""",
    re.IGNORECASE | re.VERBOSE,
)
_NEEDS = re.compile(rb"\[|_xldudf_|_xll\.|!XLP_", re.IGNORECASE)
_LEFT_OUT = re.compile(rb"XLP_.*?(?:,\s*[,)]|\(\s*,)", re.IGNORECASE | re.DOTALL)
_UNESCAPE = re.compile("'(.)", re.DOTALL)
_HOLE = "\0"
_NO_SUCH_ROW = "#VALUE!"
_NO_SUCH_PART = "#REF!"


@dataclass(frozen=True)
class _ThisRow:
    """Cells of a table in the formula's own row."""

    prefix: str
    columns: tuple[str, ...]
    first: int
    last: int

    def at(self, row: int) -> str:
        if not self.first <= row <= self.last:
            return _NO_SUCH_ROW
        return self.prefix + ":".join(f"${letters}{row}" for letters in self.columns)


@dataclass(frozen=True)
class _Template:
    """A formula respelled once, to be filled in for each row."""

    pieces: tuple[str | _ThisRow, ...]
    pattern: bytes
    places: int
    first: int
    last: int

    def at(self, row: int) -> bytes:
        if self.first <= row <= self.last:
            return self.pattern % ((row,) * self.places)
        text = "".join(piece if isinstance(piece, str) else piece.at(row) for piece in self.pieces)
        return escape(text, quote=False).encode()


class Respeller:
    """Respells the formulas of one sheet.

    Args:
        sheet: the sheet's name.
        tables: the book's tables by their name in lower case.
        finish: what is still to be done to a formula that recurs from row to row, given the text and the sheet.
        keeps_calls: whether the names of our functions stay as they are spelled.
    """

    def __init__(
        self,
        sheet: str,
        tables: Mapping[str, Table],
        finish: Callable[[str, str], str] | None = None,
        *,
        keeps_calls: bool = False,
    ) -> None:
        self._finish = finish
        self._keeps_calls = keeps_calls
        self._sheet = sheet
        self._tables = tables
        self._own = [table for table in tables.values() if table.sheet == sheet]
        self._known: dict[bytes, _Template] = {}
        names = "|".join(re.escape(name) for name in tables)
        self._names = re.compile(rf"(?<![\w.\\$!'])(?:{names})(?![\w.\\(!'])", re.IGNORECASE) if names else None
        self._ascii = [name.lower().encode() for name in tables] if names.isascii() else []  # found much sooner

    def respell(self, raw: bytes, row: int, column: int) -> bytes:
        """A formula as the engine takes it, XML-escaped like the one that came in; the same object if unchanged.

        Args:
            raw: the formula as it stands in the sheet's XML, escaped, without an equals sign.
            row: the row of its cell from 1.
            column: the column of its cell from 1.
        """
        template = self._known.get(raw)
        if template is not None:
            return template.at(row)
        named = self._names and self._may_name(raw) and self._names.search(raw.decode())
        if not named and not _NEEDS.search(raw) and not (self._finish and _LEFT_OUT.search(raw)):
            return raw
        text = unescape(raw.decode())
        hits = list(_hits(text))
        if any(hit["open"] and not hit["table"] for hit, _ in hits):  # means the table around this very cell
            return self._template(text, hits, self._table_at(row, column)).at(row)
        template = self._template(text, hits, None)
        if "[" in text:  # such a text recurs in every row, others don't
            self._known[raw] = template
        return template.at(row)

    def _may_name(self, raw: bytes) -> bool:
        lower = raw.lower()
        return not self._ascii or any(map(lower.__contains__, self._ascii))

    def is_same_anywhere(self, raw: bytes) -> bool:
        """Whether a formula that was respelled comes out alike in every row, but for the row's number."""
        return raw in self._known

    def respell_text(self, text: str) -> str:
        """A defined name's formula as the engine takes it; a reference to `this row` is left as it is."""
        pieces = list(self._pieces(text, _hits(text), None))
        if any(isinstance(piece, _ThisRow) for piece in pieces):
            return text
        return "".join(str(piece) for piece in pieces)

    def _table_at(self, row: int, column: int) -> Table | None:
        for table in self._own:
            inside = table.first_row <= row <= table.last_row
            if inside and table.first_column <= column <= table.last_column:
                return table
        return None

    def _template(self, text: str, hits: Iterable[_Hit], own: Table | None) -> _Template:
        pieces = self._finished(tuple(self._pieces(text, hits, own)))
        pattern, places, first, last = b"", 0, 1, 1 << 20
        for piece in pieces:
            if isinstance(piece, str):
                pattern += escape(piece, quote=False).encode().replace(b"%", b"%%")
                continue
            cells = ":".join(f"${letters}%d" for letters in piece.columns)
            prefix = escape(piece.prefix, quote=False).replace("%", "%%")
            pattern += f"{prefix}{cells}".encode()
            places += len(piece.columns)
            first, last = max(first, piece.first), min(last, piece.last)
        return _Template(pieces, pattern, places, first, last)

    def _finished(self, pieces: tuple[str | _ThisRow, ...]) -> tuple[str | _ThisRow, ...]:
        if self._finish is None:
            return pieces
        text = "".join(piece if isinstance(piece, str) else _HOLE for piece in pieces)
        holes = iter([piece for piece in pieces if not isinstance(piece, str)])
        first, *rest = self._finish(text, self._sheet).split(_HOLE)
        return (first, *(part for text in rest for part in (next(holes), text)))

    def _pieces(self, text: str, hits: Iterable[_Hit], own: Table | None) -> Iterator[str | _ThisRow]:
        done = 0
        for hit, at in hits:
            piece: str | _ThisRow | None = None
            if hit["ours"]:
                piece = None if self._keeps_calls else hit["ours"].upper()
            elif hit["open"]:
                table = self._tables.get(hit["table"].casefold()) if hit["table"] else own
                piece = self._cells(table, text[hit.end("open") : at - 1]) if table else None
            elif hit["bare"] and hit["bare"].casefold() in self._tables:
                piece = self._cells(self._tables[hit["bare"].casefold()], "")
            if piece is not None:
                yield text[done : hit.start()]
                yield piece
                done = at
        yield text[done:]

    def _cells(self, table: Table, body: str) -> str | _ThisRow | None:
        items, columns = _parts(body)
        places = [table.columns.get(column.casefold()) for column in columns] or [0, len(table.columns) - 1]
        if any(place is None for place in places) or len(places) > 2:
            return None
        ends = sorted({table.first_column + place for place in places if place is not None})
        letters = tuple(column_letters(end) for end in ends)
        prefix = "" if table.sheet == self._sheet else f"{quoted(table.sheet)}!"
        first, last = table.first_row + table.header_rows, table.last_row - table.totals_rows
        if items == {"#this row"}:
            return _ThisRow(prefix, letters, first, last)
        rows = _rows(table, items)
        if rows is None:
            return None
        if not rows:
            return _NO_SUCH_PART
        low, high = f"${letters[0]}${rows[0]}", f"${letters[-1]}${rows[1]}"
        return f"{prefix}{low}" if low == high else f"{prefix}{low}:{high}"


def _hits(text: str) -> Iterator[_Hit]:
    """What in a formula may need another spelling, each with the place after it."""
    at = 0
    while hit := _TOKEN.search(text, at):
        at = closing(text, hit.start("open")) if hit["open"] else hit.end()
        yield hit, at


def quoted(sheet: str) -> str:
    """A sheet's name as a formula spells it, always in quotes."""
    return "'" + sheet.replace("'", "''") + "'"


def _rows(table: Table, items: set[str]) -> tuple[int, ...] | None:
    """First and last row of the named parts; empty where the table lacks them, None where the parts are unknown."""
    first, last = table.first_row + table.header_rows, table.last_row - table.totals_rows
    spans = {
        "#all": (table.first_row, table.last_row),
        "#data": (first, last),
        "#headers": (table.first_row, first - 1),
        "#totals": (last + 1, table.last_row),
    }
    if not items <= spans.keys() or items >= {"#headers", "#totals"}:
        return None
    chosen = [spans[item] for item in items or {"#data"}]
    rows = min(low for low, _ in chosen), max(high for _, high in chosen)
    return rows if rows[0] <= rows[1] else ()


def _parts(body: str) -> tuple[set[str], list[str]]:
    """The special items (lower case) and the columns named between a reference's brackets."""
    body = body.strip()
    items: set[str] = set()
    if body.startswith("@"):
        items, body = {"#this row"}, body[1:].strip()
    if not body.startswith("["):
        if body.startswith("#"):
            return {body.casefold()}, []
        return items, [_UNESCAPE.sub(r"\1", body)] if body else []
    columns, at = [], 0
    while (at := body.find("[", at)) >= 0:
        end = closing(body, at)
        inner = body[at + 1 : end - 1]
        if inner.startswith("#"):
            items.add(inner.casefold())
        else:
            columns.append(_UNESCAPE.sub(r"\1", inner))
        at = end
    return items, columns


def closing(text: str, at: int) -> int:
    """The place after the bracket that closes the one at `at`, or the end of the text."""
    depth = 0
    while at < len(text):
        if text[at] == "'":  # escapes the next character
            at += 1
        elif text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return at
