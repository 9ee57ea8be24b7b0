"""A large sheet read and passed on in pieces of whole rows, so that no more than a few megabytes are held."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import CellError, XlpError
from xlplugin.exchange._cells import text_in
from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._values import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["Piece", "Values", "filled_in", "row_numbers", "sheet_pieces"]

_OPENED = re.compile(rb"<sheetData\s*(/?)>")
_CLOSED = b"</sheetData>"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)(?<!/)>'
    rb"(?:<v>([^<]*)</v>|<is><t(?: [^>]*)?>([^<]*)</t></is>|(.*?))</c>",
    re.DOTALL,
)
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_KIND = re.compile(rb'\st="(\w*)"')
_MOST_TEXTS = 200_000
_V = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")


class Piece(NamedTuple):
    """A piece of a sheet: `head` up to the first row, `rows` whole rows, `tail` from their end on."""

    kind: str
    content: bytes


def sheet_pieces(book: Book, part: str, sheet: str) -> Iterator[Piece]:
    """The pieces of a sheet in order, the head first and the tail last.

    Raises:
        XlpError: `sheet_unusual`, where it is written otherwise than programs usually write it.
    """
    pieces = book.package.stream(part)
    waiting = b""
    for piece in pieces:
        waiting += piece
        if opened := _OPENED.search(waiting):
            break
    else:
        raise XlpError("sheet_unusual", sheet=sheet, found="sheetData")
    if waiting.startswith(_UTF16) or opened[1]:
        raise XlpError("sheet_unusual", sheet=sheet, found=opened[0].decode("latin-1"))
    yield Piece("head", waiting[: opened.end()])
    waiting = waiting[opened.end() :]
    while (end := waiting.find(_CLOSED)) < 0:
        cut = waiting.rfind(b"<row ")
        if cut > 0:
            yield _checked(waiting[:cut], sheet)
            waiting = waiting[cut:]
        following = next(pieces, None)
        if following is None:
            raise XlpError("sheet_damaged", sheet=sheet, found="sheetData")
        waiting += following
    if end:
        yield _checked(waiting[:end], sheet)
    yield Piece("tail", b"".join((waiting[end:], *pieces)))


def _checked(rows: bytes, sheet: str) -> Piece:
    for name in (b"row", b"c"):
        if rows.count(b'<%s r="' % name) != rows.count(b"<%s " % name) + rows.count(b"<%s>" % name):
            raise XlpError("sheet_unusual", sheet=sheet, found=f"<{name.decode()}>")
    if b"<!" in rows or b"<?" in rows:
        raise XlpError("sheet_unusual", sheet=sheet, found="<!")
    return Piece("rows", rows)


def row_numbers(rows: bytes) -> list[tuple[int, int]]:
    """Each row's number and where it starts."""
    return [(int(hit[1]), hit.start()) for hit in _ROW.finditer(rows)]


def filled_in(rows: bytes) -> Iterator[tuple[int, int]]:
    """The places of the filled cells of whole rows, formulas among them."""
    for letters, row, *_ in _CELL.findall(rows):
        yield int(row), column_number(letters.decode())


class Values:
    """Reads the values of some columns, row by row.

    Args:
        columns: the columns by number, in the order in which values are wanted; None for one that isn't there.
        texts: the book's shared texts.
    """

    def __init__(self, columns: Sequence[int | None], texts: Sequence[str]) -> None:
        self._places = {column_letters(column).encode(): at for at, column in enumerate(columns) if column}
        self._width = len(columns)
        self._texts = texts
        self._inline: dict[bytes, str] = {}
        self._kinds: dict[bytes, bytes] = {}

    def of(self, rows: bytes) -> Iterator[tuple[int, list[Value], set[int]]]:
        """Each row that has a filled cell in these columns: its number, its values, the places of formulas."""
        places, at = self._places, b""
        values: list[Value] = []
        formulas: set[int] = set()
        for letters, row, attributes, raw, text, body in _CELL.findall(rows):
            place = places.get(letters)
            if place is None:
                continue
            if row != at:
                if values:
                    yield int(at), values, formulas
                at, values, formulas = row, [None] * self._width, set()
            if body:
                values[place] = _made(self._kind(attributes), body, self._texts)
                if b"<f" in body:
                    formulas.add(place)
            elif text:
                values[place] = self._text(text)
            else:
                values[place] = _plain(self._kind(attributes), raw, self._texts)
        if values:
            yield int(at), values, formulas

    def _kind(self, attributes: bytes) -> bytes:
        known = self._kinds.get(attributes)
        if known is None:
            known = self._kinds[attributes] = _kind(attributes)
        return known

    def _text(self, raw: bytes) -> str:
        known = self._inline.get(raw)
        if known is None:
            known = unescape(raw.decode())
            if len(self._inline) < _MOST_TEXTS:
                self._inline[raw] = known
        return known


def _made(kind: bytes, body: bytes, texts: Sequence[str]) -> Value:
    if kind == b"inlineStr":
        return text_in(body)
    hit = _V.search(body)
    if hit is None:
        return None
    return _plain(kind, hit[1], texts)


def _plain(kind: bytes, raw: bytes, texts: Sequence[str]) -> Value:
    if not kind:
        return decode(kind, raw) if raw else None
    if kind == b"s":
        at = int(raw) if raw.isdigit() else len(texts)
        return texts[at] if at < len(texts) else CellError("#REF!")
    if kind == b"d":
        return decode(b"str", raw)
    return decode(kind, raw) if raw or kind == b"str" else None


def _kind(attributes: bytes) -> bytes:
    hit = _KIND.search(attributes)
    return hit[1] if hit and hit[1] != b"n" else b""
