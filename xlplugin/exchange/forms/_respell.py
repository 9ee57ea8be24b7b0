"""Calls of our functions respelled from host to host; they stay calls."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.exchange.forms._calls import calls, plainly, with_prefix
from xlplugin.exchange.forms._records import COLUMN_FORMULA
from xlplugin.hosts import lite
from xlplugin.hosts._arrays import area, is_array
from xlplugin.hosts._package import Edited
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.hosts.lite import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlplugin.exchange.forms._opened import Opened
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Edit, Formula, SheetXml

__all__ = ["CALLED", "as_lite", "as_plain_calls", "is_alone", "language_of", "plain_cell", "without_lite"]

CALLED = re.compile(rb"XLP_", re.IGNORECASE)
_CM = re.compile(rb"""\s+cm\s*=\s*(?:"[^"]*"|'[^']*')""")
_SPELLED = re.compile(
    rb"<((?:[\w.-]+:)?(?:formula|formula1|formula2|definedName|f))((?:\s[^>]*)?)>([^<]*XLP_[^<]*)</\1>", re.IGNORECASE
)
_ARRAY = re.compile(rb'\s+array="1"')


def is_alone(formula: Formula) -> bool:
    """Whether a formula fills its own cell only, also where a program keeps it as an array of one cell."""
    top, left, bottom, right = area(formula) if is_array(formula) else (1, 1, 1, 1)
    return (top, left) == (bottom, right)


def plain_cell(xml: SheetXml, formula: Formula, text: str) -> Iterator[Edit]:
    """The edits that give a cell another formula, no array; its value stays."""
    tag = xml.content[formula.start : formula.open_end]
    bare = _CM.sub(b"", tag)
    if bare != tag:
        yield formula.start, formula.open_end, bare
    raw = escape(text, quote=False).encode()
    yield formula.f_start, formula.f_end, b"<%sf>%s</%sf>" % (xml.prefix, raw, xml.prefix)


def _array_cell(xml: SheetXml, formula: Formula, text: str, cm: bytes) -> Iterator[Edit]:
    """The edits that make a cell's formula a dynamic array, as Excel stores every call of an add-in's function."""
    if is_array(formula):
        at = xml.content.index(b">", formula.f_start) + 1
        end = xml.content.rindex(b"</", at, formula.f_end)
        yield at, end, escape(text, quote=False).encode()
        return
    tag = _CM.sub(b"", xml.content[formula.start : formula.open_end])
    if cm:
        yield formula.start, formula.open_end, tag[:-1] + b' cm="%s">' % cm
    raw, home = escape(text, quote=False).encode(), cell_name(formula.row, formula.column).encode()
    element = b'<%sf t="array" ref="%s">%s</%sf>' % (xml.prefix, home, raw, xml.prefix)
    yield formula.f_start, formula.f_end, element


def as_plain_calls(opened: Opened) -> Package:
    """The workbook with every call by its plain name; the code that Lite carries is left where it is."""
    return _respelled(opened, plainly, _plain_edits, is_lite=False)


def _plain_edits(xml: SheetXml, formula: Formula, text: str) -> Iterator[Edit]:
    if PREFIX.encode() in formula.raw and is_alone(formula):
        yield from plain_cell(xml, formula, text)
    elif is_array(formula):
        yield from _array_cell(xml, formula, text, b"")
    else:
        raw = escape(text, quote=False).encode()
        yield formula.f_start, formula.f_end, b"<%sf>%s</%sf>" % (xml.prefix, raw, xml.prefix)


def as_lite(opened: Opened, lang: str) -> Package:
    """The workbook for xlwings Lite, with the functions inside.

    Args:
        opened: the workbook, its calls spelled plainly.
        lang: of what is shown beside the functions.
    """
    metadata, cm = lite.dynamic_arrays(opened.book)

    def edits(xml: SheetXml, formula: Formula, text: str) -> Iterator[Edit]:
        return _array_cell(xml, formula, text, cm)

    package = _respelled(opened, with_prefix, edits, is_lite=True)
    return lite.carried(Edited(package, metadata) if metadata else package, lang)


def _respelled(
    opened: Opened,
    respell: Callable[[str], str],
    edits: Callable[[SheetXml, Formula, str], Iterator[Edit]],
    *,
    is_lite: bool,
) -> Package:
    changed: dict[str, bytes] = {}
    for name, sheet in opened.sheets.items():
        content = opened.package.read(sheet.part)
        if CALLED.search(content):
            made = list(_sheet_edits(opened.xml(name), respell, edits, is_lite))
            new = _outside(opened.xml(name).edited(made) if made else content, respell)
            if new != content:
                changed[sheet.part] = new
    for table in opened.book.tables.values():
        old = opened.package.read(table.part)
        new = COLUMN_FORMULA.sub(lambda hit: _column(hit, respell, is_lite), old)
        if new != old:
            changed[table.part] = new
    old = opened.package.read(opened.book.part)
    if (new := _outside(old, respell)) != old:
        changed[opened.book.part] = new
    return Edited(opened.package, changed) if changed else opened.package


def _sheet_edits(
    xml: SheetXml,
    respell: Callable[[str], str],
    edits: Callable[[SheetXml, Formula, str], Iterator[Edit]],
    is_lite: bool,
) -> Iterator[Edit]:
    known: dict[bytes, str | None] = {}  # None where a formula stays as it is
    for formula in xml.formulas:
        if formula.raw not in known:
            text = respell(formula.text) if CALLED.search(formula.raw) else formula.text
            is_other = text != formula.text or (is_lite and next(calls(text), None) is not None)
            known[formula.raw] = text if is_other else None
        spelled = known[formula.raw]
        if spelled is not None:
            yield from edits(xml, formula, spelled)


def _outside(content: bytes, respell: Callable[[str], str]) -> bytes:
    """A part with the formulas of names, of colours and of checks respelled; those of cells are no longer met."""
    at = max(content.rfind(b"sheetData>"), 0)
    old = content[at:]
    tail = _SPELLED.sub(lambda hit: _element(hit, respell), old) if CALLED.search(old) else old
    return content if tail == old else content[:at] + tail


def _element(hit: re.Match[bytes], respell: Callable[[str], str]) -> bytes:
    text = unescape(hit[3].decode())
    new = respell(text)
    return hit[0] if new == text else b"<%s%s>%s</%s>" % (hit[1], hit[2], escape(new, quote=False).encode(), hit[1])


def _column(hit: re.Match[bytes], respell: Callable[[str], str], is_lite: bool) -> bytes:
    if not CALLED.search(hit["text"]):
        return hit[0]
    text = unescape(hit["text"].decode())
    new, opening = respell(text), hit["open"]
    if is_lite and b"array=" not in opening:
        opening = opening[:-1] + b' array="1">'
    elif not is_lite and PREFIX.encode() in hit["text"]:
        opening = _ARRAY.sub(b"", opening)
    return opening + escape(new, quote=False).encode() + hit["close"]


def without_lite(package: Package) -> Package:
    """The workbook without the functions that Lite carries; an add-in's code that isn't ours stays."""
    return lite.uncarried(package)


def language_of(opened: Opened) -> str:
    """The language of a workbook: Chinese where a sheet or a table's header is, else English."""
    words = [*opened.sheets, *(header for table in opened.book.tables.values() for header in table.headers)]
    return "en" if all(word.isascii() for word in words) else "zh"
