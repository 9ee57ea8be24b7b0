"""A sheet's XML as bytes: where its formula cells stand, and edits that leave every other byte alone."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from xlplugin.errors import XlpError
from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._shared import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Cell", "Edit", "Formula", "SheetXml", "attribute", "cell_name", "put_value"]

Edit = tuple[int, int, bytes]
"""Bytes from, bytes up to, what stands there instead."""

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(<f([^>]*?)(?:/>|>([^<]*)</f>))(<v>([^<]*)</v>|<v/>)?</c>'
)
_FORMULA = re.compile(rb"<f[\s>/]")
_KIND = re.compile(rb' t="(\w*)"')
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8"}
_ATTRIBUTE = rb"""\s+%s\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_KIND_ATTRIBUTE = re.compile(_ATTRIBUTE % b"t")


class Cell(NamedTuple):
    """A cell's place on the sheet and in the bytes; `open_end` is where its start tag ends."""

    row: int
    column: int
    start: int
    open_end: int
    end: int


class Formula(NamedTuple):
    """A formula cell.

    Args:
        start: where the cell starts; `open_end` where its start tag ends.
        f_start: where `<f` starts, `f_end` where the element ends.
        v_start: where `<v>` starts, `v_end` where it ends; the same place if there is none.
        attributes: of `<f`, as they stand.
        raw: the formula as it stands, XML-escaped.
        kind: the cell's `t`, empty for a number.
        value: the content of `<v>` as it stands, None without one.
    """

    row: int
    column: int
    start: int
    open_end: int
    f_start: int
    f_end: int
    v_start: int
    v_end: int
    attributes: bytes
    raw: bytes
    kind: bytes
    value: bytes | None

    @property
    def text(self) -> str:
        """The formula in words, without an equals sign."""
        return unescape(self.raw.decode())


class SheetXml:
    """One sheet's XML.

    Args:
        content: the part; anything but UTF-8 is turned into UTF-8.
        name: the sheet's name, for messages.

    `formulas` are its formula cells in order, shared formulas spelled out; `plain` says that they stand in the
    bytes as they were read; `start` and `end` bound the element that holds the rows.

    Raises:
        XlpError: the XML is damaged.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.content = _as_utf8(content, name)
        self.name = name
        self.start, self.end, self.prefix = self._data_bounds()
        self.plain = False
        self.formulas = self._explicit(self._formulas())

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The part with some bytes replaced; edits may come in any order but must not overlap."""
        content, done = self.content, 0
        pieces: list[bytes] = []
        for start, end, new in sorted(edits):
            if start < done:
                raise XlpError("sheet_damaged", sheet=self.name, found=f"overlap at {start}")
            pieces.append(content[done:start])
            pieces.append(new)
            done = end
        if not pieces:
            return content
        pieces.append(content[done:])
        return b"".join(pieces)

    def cells(self, rows: range) -> tuple[list[Cell], list[Cell]]:
        """The cells and the rows that stand in these rows, in order; for a row `column` is 0."""
        reader = _Reader(self, rows)
        return reader.cells, reader.rows

    def _data_bounds(self) -> tuple[int, int, bytes]:
        opened = re.search(rb"<((?:[\w.-]+:)?)sheetData\s*(/?)>", self.content)
        if not opened:
            raise XlpError("sheet_damaged", sheet=self.name, found="sheetData")
        start, prefix = opened.start(), opened[1]
        if opened[2]:  # an empty sheet gets a pair of tags, so that cells can be put between
            pair = b"<%ssheetData></%ssheetData>" % (prefix, prefix)
            self.content = self.content[:start] + pair + self.content[opened.end() :]
        end = self.content.rfind(b"</" + prefix + b"sheetData")
        if end < start:
            raise XlpError("sheet_damaged", sheet=self.name, found="sheetData")
        return start, end, prefix

    def _formulas(self) -> list[Formula]:
        content, start, end = self.content, self.start, self.end
        common = not self.prefix and content.find(b"<!", start, end) < 0 and content.find(b"<?", start, end) < 0
        if common:
            found = list(_quick(content, start, end))
            self.plain = len(found) == len(_FORMULA.findall(content, start, end))
            if self.plain:
                return found
        return _Reader(self, None).formulas

    def _explicit(self, found: list[Formula]) -> list[Formula]:
        """The formulas with shared ones spelled out in each of their cells."""
        homes: dict[str, Formula] = {}
        for place, formula in enumerate(found):
            if b"shared" not in formula.attributes:
                continue
            group = attribute(formula.attributes, b"si")
            if formula.raw:
                homes[group] = formula
            elif group in homes:
                home = homes[group]
                text = moved(unescape(home.raw.decode()), formula.row - home.row, formula.column - home.column)
                found[place] = formula._replace(raw=escape(text, quote=False).encode())
        return found


def attribute(tag: bytes, name: bytes) -> str:
    """The value of an attribute in a start tag's bytes, empty if it isn't there."""
    hit = re.search(_ATTRIBUTE % name, tag)
    return "" if not hit else unescape((hit[1] if hit[1] is not None else hit[2]).decode())


def put_value(sheet: SheetXml, formula: Formula, kind: bytes, value: bytes) -> list[Edit]:
    """The edits that give a formula cell a new value."""
    prefix = sheet.prefix
    space = b' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else b""
    new = b"<%sv%s>%s</%sv>" % (prefix, space, value, prefix)
    edits = [(formula.v_start, formula.v_end, new)]
    if kind != formula.kind:
        start, end = formula.start, formula.open_end
        bare = _KIND_ATTRIBUTE.sub(b"", sheet.content[start : end - 1])
        edits.append((start, end, bare + (b' t="%s">' % kind if kind else b">")))
    return edits


def _quick(content: bytes, start: int, end: int) -> Iterator[Formula]:
    """The formula cells of a sheet written as every program writes it; others come out fewer than there are."""
    columns: dict[bytes, int] = {}
    for hit in _CELL.finditer(content, start, end):
        letters, row, attributes, _, f_attributes, raw, _, value = hit.groups()
        column = columns.get(letters)
        if column is None:
            column = columns[letters] = column_number(letters.decode())
        kind = _KIND.search(attributes)
        f_start, f_end = hit.span(4)
        v_start, v_end = hit.span(7)
        if v_start < 0:
            v_start = v_end = f_end
        if value is None and v_start != v_end:
            value = b""
        spans = hit.start(), f_start, f_start, f_end, v_start, v_end
        shown = kind[1] if kind and kind[1] != b"n" else b""
        yield Formula._make((int(row), column, *spans, f_attributes, raw or b"", shown, value))


class _Reader:
    """Reads cells with a real XML parser: prefixes, comments, CDATA, single quotes, cells without a reference.

    Args:
        sheet: the sheet.
        wanted: the rows whose cells are collected; None collects formula cells instead.
    """

    def __init__(self, sheet: SheetXml, wanted: range | None) -> None:
        self.formulas: list[Formula] = []
        self.cells: list[Cell] = []
        self.rows: list[Cell] = []
        self._content, self._wanted = sheet.content, wanted
        self._row = self._column = 0
        self._open: list[tuple[str, int, int]] = []  # element, where it starts, where its start tag ends
        self._cell: dict[str, str] = {}
        self._parts: dict[str, tuple[int, int]] = {}
        self._texts: dict[str, str] = {}
        self._f_attributes = b""
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._starts, self._ends
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(self._content, True)
        except (expat.ExpatError, ValueError) as cause:
            raise XlpError("sheet_damaged", sheet=sheet.name, found=cause) from cause

    def _doctype(self, *_: object) -> None:
        raise ValueError("DOCTYPE")

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        at = self._parser.CurrentByteIndex
        if name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = column_number(letters) if letters else self._column + 1
            self._cell, self._parts, self._texts = attributes, {}, {}
        elif name not in ("f", "v"):
            return
        open_end = _tag_end(self._content, at)
        if name == "f":
            self._f_attributes = self._content[at + 1 : open_end].partition(b"f")[2].rstrip(b"/>")
        self._open.append((name, at, open_end))

    def _text(self, text: str) -> None:
        if self._open and self._open[-1][0] in ("f", "v"):
            name = self._open[-1][0]
            self._texts[name] = self._texts.get(name, "") + text

    def _ends(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name not in ("row", "c", "f", "v") or not self._open or self._open[-1][0] != name:
            return
        _, start, open_end = self._open.pop()
        at = self._parser.CurrentByteIndex
        end = open_end if self._content[open_end - 2 : open_end] == b"/>" else self._content.index(b">", at) + 1
        if name in ("f", "v"):
            self._parts[name] = start, end
        elif self._wanted is None:
            if name == "c" and "f" in self._parts:
                self.formulas.append(self._formula(start, open_end))
        elif self._row in self._wanted:
            found = self.rows if name == "row" else self.cells
            found.append(Cell(self._row, 0 if name == "row" else self._column, start, open_end, end))

    def _formula(self, start: int, open_end: int) -> Formula:
        f_start, f_end = self._parts["f"]
        v_start, v_end = self._parts.get("v", (f_end, f_end))
        kind = self._cell.get("t", "n").encode()
        value = escape(self._texts.get("v", ""), quote=False).encode() if "v" in self._parts else None
        raw = escape(self._texts.get("f", ""), quote=False).encode()
        spans = start, open_end, f_start, f_end, v_start, v_end
        kind = b"" if kind == b"n" else kind
        return Formula(self._row, self._column, *spans, self._f_attributes, raw, kind, value)


def _tag_end(content: bytes, at: int) -> int:
    """Where the start tag at `at` ends; a `>` may stand inside an attribute's quotes."""
    quote = b""
    for hit in re.compile(rb"[\"'>]").finditer(content, at):
        if quote:
            quote = b"" if hit[0] == quote else quote
        elif hit[0] == b">":
            return hit.end()
        else:
            quote = hit[0]
    return len(content)


def _as_utf8(content: bytes, name: str) -> bytes:
    codec = next((codec for bom, codec in _BOMS.items() if content.startswith(bom)), "")
    declared = _DECLARED.match(content)
    codec = codec or (declared[1].decode() if declared else "utf-8")
    if codec.casefold() in ("utf-8", "utf8", "us-ascii"):
        return content
    try:
        text = content.decode(codec)
    except (LookupError, UnicodeDecodeError) as cause:
        raise XlpError("sheet_damaged", sheet=name, found=cause) from cause
    return re.sub(r"""encoding\s*=\s*["'][\w.-]+["']""", 'encoding="UTF-8"', text, count=1).encode()


def cell_name(row: int, column: int) -> str:
    """A cell's reference, e.g. `C5`."""
    return f"{column_letters(column)}{row}"
