"""A sheet's XML as bytes: where its formula cells stand, and edits that leave every other byte alone."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts._scan import Cell, Formula, Reader, attribute, cell_name, quick_cells, quick_formulas
from xlplugin.hosts._shared import moved

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cell", "Edit", "Formula", "SheetXml", "attribute", "cell_name", "put_value"]

Edit = tuple[int, int, bytes]
"""Bytes from, bytes up to, what stands there instead."""

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(<f([^>]*?)(?:/>|>([^<]*)</f>))(<v>([^<]*)</v>|<v/>)?</c>')
_FORMULA = re.compile(rb"<f[\s>/]")
_KIND = re.compile(rb' t="(\w*)"')
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8"}
_KIND_ATTRIBUTE = re.compile(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")


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
        """The cells that stand in these rows, and all rows from the first of these on; for a row `column` is 0."""
        found = quick_cells(self.content, self.start, self.end, rows) if self.plain else None
        if found is not None:
            return found
        reader = self._slowly(rows)
        return reader.cells, reader.rows

    def _data_bounds(self) -> tuple[int, int, bytes]:
        opened = re.search(rb"<((?:[\w.-]+:)?)sheetData\s*(/?)>", self.content)
        if not opened:
            raise XlpError("sheet_damaged", sheet=self.name, found="sheetData")
        if self.content.find(b"<!DOCTYPE", 0, opened.start()) >= 0:  # entities can swell without limit
            raise XlpError("sheet_damaged", sheet=self.name, found="DOCTYPE")
        start, prefix = opened.start(), opened[1]
        if opened[2]:  # an empty sheet gets a pair of tags, so that cells can be put between
            pair = b"<%ssheetData></%ssheetData>" % (prefix, prefix)
            self.content = self.content[:start] + pair + self.content[opened.end() :]
        end = self.content.rfind(b"</" + prefix + b"sheetData")
        if end < start:
            raise XlpError("sheet_damaged", sheet=self.name, found="sheetData")
        return start, end, prefix

    def _formulas(self) -> list[Formula]:
        found = None if self.prefix else quick_formulas(self.content, self.start, self.end)
        self.plain = found is not None
        return self._slowly(None).formulas if found is None else found

    def _slowly(self, rows: range | None) -> Reader:
        try:
            return Reader(self.content, rows)
        except ValueError as cause:
            raise XlpError("sheet_damaged", sheet=self.name, found=cause) from cause

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
