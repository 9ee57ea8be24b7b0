"""A large sheet read and passed on in pieces of whole rows, so that no more than a few megabytes are held."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import CellError, XlpError
from xlplugin.exchange._cells import text_in
from xlplugin.hosts._book import column_number
from xlplugin.hosts._values import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["CellText", "Piece", "cells_in", "row_numbers", "sheet_pieces", "value_of"]

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
_V = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")


class Piece(NamedTuple):
    """A piece of a sheet: `head` up to the first row, `rows` whole rows, `tail` from their end on."""

    kind: str
    content: bytes


class CellText(NamedTuple):
    """A filled cell as it stands: its place and type, and its plain value, its text or else its whole body."""

    row: int
    column: int
    kind: bytes
    raw: bytes
    text: bytes
    body: bytes


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


def cells_in(rows: bytes) -> Iterator[CellText]:
    """The filled cells of whole rows, formulas among them."""
    place, kind_of = cache(_column), cache(_kind)
    for letters, row, attributes, raw, text, body in _CELL.findall(rows):
        yield CellText(int(row), place(letters), kind_of(attributes), raw, text, body)


def value_of(cell: CellText, texts: Sequence[str]) -> tuple[Value, bool]:
    """What a cell holds, and whether a formula made it."""
    _, _, kind, raw, text, body = cell
    if body:
        return _made(kind, body, texts), b"<f" in body
    if kind == b"inlineStr":
        return unescape(text.decode()), False
    return _plain(kind, raw, texts), False


def _made(kind: bytes, body: bytes, texts: Sequence[str]) -> Value:
    if kind == b"inlineStr":
        return text_in(body)
    hit = _V.search(body)
    if hit is None:
        return None
    return _plain(kind, hit[1], texts)


def _plain(kind: bytes, raw: bytes, texts: Sequence[str]) -> Value:
    if kind == b"s":
        at = int(raw) if raw.isdigit() else len(texts)
        return texts[at] if at < len(texts) else CellError("#REF!")
    if kind == b"d":
        return decode(b"str", raw)
    if not raw and kind != b"str":
        return None
    return decode(kind, raw)


def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def _kind(attributes: bytes) -> bytes:
    hit = _KIND.search(attributes)
    return hit[1] if hit and hit[1] != b"n" else b""
