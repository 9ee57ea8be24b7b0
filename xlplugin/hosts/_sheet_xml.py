"""A sheet's XML as bytes: where its formula cells stand, and edits that leave every other byte alone."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts._formula_cells import Formula, Formulas
from xlplugin.hosts._scan import FOLDED, Cell, Reader, attribute, cell_name, quick_cells, quick_formulas
from xlplugin.hosts._shared import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Cell", "Edit", "Formula", "SheetXml", "attribute", "cell_name", "put_value"]

Edit = tuple[int, int, bytes]
"""Bytes from, bytes up to, what stands there instead."""

_PIECE = 1 << 20
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8"}
_KIND_ATTRIBUTE = re.compile(rb"""\s+t\s*=\s*(?:"[^"]*"|'[^']*')""")


class SheetXml:
    """One sheet's XML.

    Args:
        content: the part; anything but UTF-8 is turned into UTF-8.
        name: the sheet's name, for messages.

    `formulas` are its formula cells in order, shared formulas spelled out; `plain` says that the sheet is written as
    programs usually write it. In a plain sheet `content` has `<f/>` in place of formulas without attributes, whose
    texts `edited` puts back; `start` and `end` bound the element that holds the rows.

    Raises:
        XlpError: the XML is damaged.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.content = _as_utf8(content, name)
        self.name = name
        self.start, self.end, self.prefix = self._data_bounds()
        self.plain = False
        self._folded, self._texts = array("I"), list[bytes]()  # where formulas are folded, and what they are
        self.formulas = self._formulas()
        self._spell_out()

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The part with some bytes replaced; edits may come in any order but must not overlap."""
        return b"".join(self.pieces(sorted(edits)))

    def pieces(self, edits: Iterable[Edit]) -> Iterator[bytes]:
        """The same piece by piece, from edits in the order of the sheet."""
        done = 0
        for start, end, new in edits:
            self._refuse_overlap(done, start)
            yield from self._unfolded(done, start)
            yield new
            done = end
        yield from self._unfolded(done, len(self.content))

    def rows(self, edits: Iterable[Edit]) -> Iterator[bytes]:
        """The rows piece by piece, folded formulas left so, from edits of rows in the order of the sheet."""
        content, done = self.content, self.start
        for start, end, new in edits:
            self._refuse_overlap(done, start)
            yield content[done:start]
            yield new
            done = end
        yield from (content[at : min(at + _PIECE, self.end)] for at in range(done, self.end, _PIECE))

    def _refuse_overlap(self, done: int, start: int) -> None:
        if start < done:
            raise XlpError("sheet_damaged", sheet=self.name, found=f"overlap at {start}")

    def _unfolded(self, start: int, end: int) -> Iterator[bytes]:
        content, folded = self.content, self._folded
        for at in range(bisect_left(folded, start), bisect_left(folded, end)):
            yield content[start : folded[at]]
            yield b"<f>%s</f>" % self._texts[at]
            start = folded[at] + len(FOLDED)
        yield content[start:end]

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

    def _formulas(self) -> Formulas:
        quick = None if self.prefix else quick_formulas(self.content, self.start, self.end)
        self.plain = quick is not None
        if quick is None:
            return self._slowly(None).formulas
        found, folded = quick
        self.end += len(folded) - len(self.content)
        self.content = folded
        for start, raw in found.plain():
            self._folded.append(start)
            self._texts.append(raw)
        return found

    def _slowly(self, rows: range | None) -> Reader:
        try:
            return Reader(self.content, rows)
        except ValueError as cause:
            raise XlpError("sheet_damaged", sheet=self.name, found=cause) from cause

    def _spell_out(self) -> None:
        """Gives each cell of a shared formula its own text."""
        homes: dict[str, Formula] = {}
        for place, formula in self.formulas.marked():
            if b"shared" not in formula.attributes:
                continue
            group = attribute(formula.attributes, b"si")
            if formula.raw:
                homes[group] = formula
            elif group in homes:
                home = homes[group]
                text = moved(unescape(home.raw.decode()), formula.row - home.row, formula.column - home.column)
                self.formulas.respelled(place, escape(text, quote=False).encode())


def put_value(sheet: SheetXml, formula: Formula, kind: bytes, value: bytes) -> list[Edit]:
    """The edits that give a formula cell a new value, in their order."""
    prefix = sheet.prefix
    space = b' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else b""
    new = b"<%sv%s>%s</%sv>" % (prefix, space, value, prefix)
    value_edit = formula.v_start, formula.v_end, new
    if kind == formula.kind:
        return [value_edit]
    start, end = formula.start, formula.open_end
    bare = _KIND_ATTRIBUTE.sub(b"", sheet.content[start : end - 1])
    return [(start, end, bare + (b' t="%s">' % kind if kind else b">")), value_edit]


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
