"""What charts and pivot tables remember of cells, brought in line with the masked cells."""

from __future__ import annotations

import datetime as dt
import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.exchange._masks import MASKED, masked_value
from xlplugin.exchange.labels import kind_of
from xlplugin.hosts._book import split_ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._values import Value

__all__ = ["chart", "pivot_definition", "pivot_records"]

_P = rb"(?:[\w.-]+:)?"
_CACHE = re.compile(rb"(<(%s)f>([^<]*)</\2f>\s*)(<\2(strCache|numCache|multiLvlStrCache)>.*?</\2\5>)" % _P, re.DOTALL)
_POINT = re.compile(rb'<(%s)pt\b[^>]*?idx="(\d+)"[^>]*>.*?</\1pt>' % _P, re.DOTALL)
_V = re.compile(rb"(<%sv>)([^<]*)(?=</)" % _P)
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)")
_FIELD = re.compile(rb"<(%scacheField)\b([^>]*)>(.*?)</\1>" % _P, re.DOTALL)
_NAME = re.compile(rb"""\sname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BOUNDS = re.compile(rb"""\s+(?:minValue|maxValue|minDate|maxDate)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ITEM = re.compile(rb"<(%s)([sndxbme])(?=[\s/>])((?:\s[^>]*?)?)(?:/>|>.*?</\1\2>)" % _P, re.DOTALL)
_ITEM_V = re.compile(rb"""(\sv\s*=\s*)(?:"([^"]*)"|'([^']*)')""")
_RECORD = re.compile(rb"<(%s)r(?=[\s>]).*?</\1r>" % _P, re.DOTALL)
_ROOT = re.compile(rb"<%spivotCacheDefinition\b(?![^>]*refreshOnLoad)" % _P)

Changed = "Mapping[tuple[str, int, int], Value]"


def chart(content: bytes, changed: Mapping[tuple[str, int, int], Value]) -> bytes:
    """A chart whose points show what the cells show now.

    Args:
        content: the part.
        changed: new values by sheet in lower case, row and column.
    """
    return _CACHE.sub(
        lambda hit: hit[1] + _points(hit[4], unescape(hit[3].decode()), changed, hit[5] == b"numCache"), content
    )


def _points(cache: bytes, formula: str, changed: Mapping[tuple[str, int, int], Value], numbers: bool) -> bytes:
    match = _RANGE.fullmatch(formula.strip("()"))
    if match is None:  # of a name or of several ranges it can't be told which cells they are
        return _POINT.sub(b"", cache)
    sheet = (match[1] or match[2]).replace("''", "'").casefold()
    top, left, bottom, right = split_ref(match[3])
    width = right - left + 1
    several = (right - left) and (bottom - top)

    def point(hit: re.Match[bytes]) -> bytes:
        place = int(hit[2])
        key = (sheet, top + place // width, left + place % width)
        if several:
            touched = any(row in range(top, bottom + 1) and name == sheet for name, row, _ in changed)
            return b"" if touched else hit[0]
        if key not in changed:
            return hit[0]
        new = changed[key]
        if not isinstance(new, str) or numbers:
            return b""
        return _V.sub(lambda found: found[1] + escape(new, quote=False).encode(), hit[0])

    return _POINT.sub(point, cache)


def pivot_definition(content: bytes) -> tuple[bytes, list[str]]:
    """A pivot table's cache with masked items, and what each of its fields holds."""
    kinds: list[str] = []

    def field(hit: re.Match[bytes]) -> bytes:
        name = _NAME.search(hit[2])
        kind = kind_of(unescape((name[1] or name[2] or b"").decode())) if name else ""
        kinds.append(kind if kind in MASKED else "")
        if not kinds[-1]:
            return hit[0]
        return b"<%s%s>%s</%s>" % (hit[1], hit[2], _BOUNDS.sub(b"", _items(hit[3], kinds[-1])), hit[1])

    content = _FIELD.sub(field, re.sub(rb"<(%scacheField)\b([^>]*)/>" % _P, rb"<\1\2></\1>", content))
    if any(kinds):  # the next program that can makes the table anew from the masked cells
        content = _ROOT.sub(lambda hit: hit[0] + b' refreshOnLoad="1"', content)
    return content, kinds


def pivot_records(content: bytes, kinds: list[str]) -> bytes:
    """The rows a pivot table remembers, with masked values."""

    def record(hit: re.Match[bytes]) -> bytes:
        fields = iter(kinds)
        start = hit[0].index(b">") + 1
        return hit[0][:start] + _ITEM.sub(lambda item: _item(item, next(fields, ""), 0), hit[0][start:])

    return _RECORD.sub(record, content)


def _items(xml: bytes, kind: str) -> bytes:
    count: Iterator[int] = iter(range(1, 1 << 30))
    return _ITEM.sub(lambda item: _item(item, kind, next(count)), xml)


def _item(item: re.Match[bytes], kind: str, number: int) -> bytes:
    """An item masked; the items of one field must differ, so they are numbered."""
    if not kind or item[2] in (b"x", b"m", b"b", b"e"):
        return item[0]

    def value(hit: re.Match[bytes]) -> bytes:
        return hit[1] + b'"' + _instead(item[2], (hit[2] or hit[3] or b""), kind, number) + b'"'

    return _ITEM_V.sub(value, item[0], count=1)


def _instead(tag: bytes, old: bytes, kind: str, number: int) -> bytes:
    if tag == b"n":
        return b"%d" % number
    if tag == b"d":
        return (dt.date(1900, 1, 1) + dt.timedelta(number)).isoformat().encode() + b"T00:00:00"
    shown = masked_value(kind, unescape(old.decode())) or "*"
    return escape(f"{shown} {number}" if number else str(shown)).encode()
