"""The filled cells of a sheet with their values, and new content for some of them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import CellError
from xlplugin.hosts._book import column_number
from xlplugin.hosts._values import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.hosts._sheet_xml import Edit, SheetXml
    from xlplugin.hosts._values import Value

__all__ = ["Filled", "filled_cells", "text_in", "with_value"]

_P = rb"(?:[\w.-]+:)?"
_KIND = re.compile(rb"""\st\s*=\s*["'](\w*)["']""")
_V = re.compile(rb"<%sv(?:\s[^>]*)?>([^<]*)</" % _P)
_T = re.compile(rb"<(%s)t(?:\s[^>]*)?>([^<]*)</" % _P)
_PHONETIC = re.compile(rb"<(%s)rPh\b.*?</\1rPh>" % _P, re.DOTALL)
_F = re.compile(rb"<%sf[\s/>]" % _P)
_MANY = 1000
_PLAIN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*?)(?:/>|>((<f[^>]*?(?:/>|>[^<]*</f>))?'
    rb"(?:<v(?: [^>]*)?>([^<]*)</v>|<v/>)?(<is>.*?</is>)?)</c>)",
    re.DOTALL,
)
_NOT_KEPT = re.compile(rb"""\s+(?:t|cm)\s*=\s*(?:"[^"]*"|'[^']*')""")


class Filled(NamedTuple):
    """A filled cell: its place, its bytes, its value; `shared` is its place among the shared texts or -1."""

    row: int
    column: int
    start: int
    open_end: int
    end: int
    value: Value
    shared: int
    is_formula: bool


def filled_cells(sheet: SheetXml, texts: Sequence[str], rows: range = range(1, 1 << 21)) -> Iterator[Filled]:
    """The cells of a sheet that hold something.

    Args:
        sheet: the sheet.
        texts: the book's shared texts.
        rows: the rows to look at.
    """
    if sheet.plain and rows.stop - rows.start > _MANY:
        quick = _quickly(sheet, texts)
        if quick is not None:
            yield from (cell for cell in quick if cell.row in rows)
            return
    content = sheet.content
    for cell in sheet.cells(rows)[0]:
        if cell.end == cell.open_end:
            continue
        body = content[cell.open_end : cell.end]
        hit = _KIND.search(content, cell.start, cell.open_end)
        kind = hit[1] if hit else b""
        value, shared = _value(kind, body, texts)
        is_formula = _F.search(body) is not None
        if value is not None or is_formula:
            yield Filled(*cell, value, shared, is_formula)


def _quickly(sheet: SheetXml, texts: Sequence[str]) -> list[Filled] | None:
    """The same of a sheet written as every program writes it; None where one cell is written otherwise."""
    content, count = sheet.content, 0
    found: list[Filled] = []
    kinds: dict[bytes, bytes] = {}
    columns: dict[bytes, int] = {}
    values: dict[tuple[bytes, bytes], tuple[Value, int]] = {}
    for hit in _PLAIN_CELL.finditer(content, sheet.start, sheet.end):
        count += 1
        letters, row, attributes, body, formula, raw, inline = hit.groups()
        if body is None:
            continue
        kind = kinds.get(attributes)
        if kind is None:
            shown = _KIND.search(attributes)
            kind = kinds[attributes] = shown[1] if shown else b""
        if inline is not None or raw is None:
            value, shared = _value(kind, body, texts)
        else:
            known = values.get((kind, raw))
            if known is None:
                known = values[kind, raw] = _value(kind, body, texts)
            value, shared = known
        if value is None and formula is None:
            continue
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = column_number(letters.decode())
        places = int(row), column, hit.start(), hit.start(4), hit.end()
        found.append(Filled._make((*places, value, shared, formula is not None)))
    return found if count == content.count(b"<c ", sheet.start, sheet.end) else None


def text_in(xml: bytes) -> str:
    """The text of a piece of rich or plain text, without readings."""
    if b"rPh" in xml:
        xml = _PHONETIC.sub(b"", xml)
    return unescape(b"".join(hit[2] for hit in _T.finditer(xml)).decode())


def with_value(sheet: SheetXml, cell: Filled, value: Value) -> Edit:
    """The edit that leaves a plain value in a cell, or nothing; its style stays."""
    prefix = sheet.prefix
    tag = _NOT_KEPT.sub(b"", sheet.content[cell.start : cell.open_end - 1].rstrip(b"/ "))
    if value is None or value == "":
        return cell.start, cell.end, tag + b"/>"
    kind, raw = encode(value)
    if kind == b"str":
        space = b' xml:space="preserve"' if raw != raw.strip() or b"\n" in raw else b""
        inside = b"<%sis><%st%s>%s</%st></%sis>" % (prefix, prefix, space, raw, prefix, prefix)
        tag += b' t="inlineStr">'
    else:
        inside = b"<%sv>%s</%sv>" % (prefix, raw, prefix)
        tag += b' t="%s">' % kind if kind else b">"
    return cell.start, cell.end, tag + inside + b"</%sc>" % prefix


def _value(kind: bytes, body: bytes, texts: Sequence[str]) -> tuple[Value, int]:
    if kind == b"inlineStr":
        return text_in(body), -1
    hit = _V.search(body)
    if hit is None:
        return ("" if kind == b"str" else None), -1
    if kind == b"s":
        at = int(hit[1]) if hit[1].strip().isdigit() else len(texts)
        return (texts[at], at) if at < len(texts) else (CellError("#REF!"), -1)
    if kind == b"d":
        return decode(b"str", hit[1]), -1
    return decode(kind if kind != b"n" else b"", hit[1]), -1
