"""Where cells and formulas stand in a sheet: a quick reader for what programs write, a slow one for all else."""

from __future__ import annotations

import io
import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._formula_cells import Formulas

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FOLDED", "Cell", "Reader", "attribute", "cell_name", "quick_cells", "quick_formulas"]

_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)>(<f([^>]*?)(?:/>|>([^<]*)</f>))'
    rb'(<v(?: xml:space="preserve")?>([^<]*)</v>|<v/>)?</c>'
)
_CELL_CLOSE = b"</c>"
FOLDED = b"<f/>"
_FORMULA = re.compile(rb"<f[\s>/]")
_KIND = re.compile(rb' t="(\w*)"')
_ATTRIBUTE = rb"""\s+%s\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_ROW = re.compile(rb'<row\s[^>]*?\br="([0-9]{1,7})"[^>]*>|<row[\s>/]')
_ANY_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"[^>]*>|<c[\s>/]')


class Cell(NamedTuple):
    """A cell's place on the sheet and in the bytes; `open_end` is where its start tag ends."""

    row: int
    column: int
    start: int
    open_end: int
    end: int


def quick_formulas(content: bytes, start: int, end: int) -> tuple[Formulas, bytes] | None:
    """The formula cells of a sheet written as every program writes it; None if this one is written otherwise.

    With them comes the sheet folded: `<f/>` stands for every formula that has a text and no attributes. Formulas are
    most of a large sheet, and their places are those in the folded sheet.

    Args:
        content: the sheet.
        start: where its rows start.
        end: where they end.
    """
    if content.find(b"<!", start, end) >= 0 or content.find(b"<?", start, end) >= 0:
        return None
    found = Formulas()
    folded = _folded(content, start, end, found)
    found.close()
    count = sum(1 for _ in _FORMULA.finditer(folded, start, end - len(content) + len(folded)))
    return (found, folded) if len(found) == count else None


def quick_cells(content: bytes, start: int, end: int, wanted: range) -> tuple[list[Cell], list[Cell]] | None:
    """The cells and the rows that stand in some rows; None if the sheet is written in an unusual way.

    Args:
        content: a sheet that `quick_formulas` could read.
        start: where its rows start.
        end: where they end.
        wanted: the rows whose cells are wanted; rows are given from the first of these to the end of the sheet.
    """
    cells: list[Cell] = []
    rows: list[Cell] = []
    for hit in _ROW.finditer(content, start, end):
        if hit[1] is None or hit[0].count(b'"') % 2:
            return None
        row = int(hit[1])
        if row < wanted.start:
            continue
        close = hit.end() if hit[0].endswith(b"/>") else content.index(b"</row>", hit.end()) + 6
        rows.append(Cell(row, 0, hit.start(), hit.end(), close))
        if row in wanted:
            for cell in _cells(content, row, hit.end(), close):
                if cell is None:
                    return None
                cells.append(cell)
    return cells, rows


def _cells(content: bytes, row: int, start: int, end: int) -> Iterator[Cell | None]:
    for hit in _ANY_CELL.finditer(content, start, end):
        if hit[1] is None or hit[0].count(b'"') % 2:
            yield None
            return
        close = hit.end() if hit[0].endswith(b"/>") else content.index(b"</c>", hit.end()) + 4
        yield Cell(row, column_number(hit[1].decode()), hit.start(), hit.end(), close)


def _folded(content: bytes, start: int, end: int, found: Formulas) -> bytes:
    """The sheet with its plain formulas folded; all formulas go to `found`."""
    column_of, kind_of = cache(_column), cache(_kind)
    folded, done, short = io.BytesIO(), 0, 0  # `short` says by how many bytes the folded sheet is behind
    for hit in _CELL.finditer(content, start, end):
        letters, row, cell_attributes, _, f_attributes, raw, v, value = hit.groups()
        low, high = hit.span(4)
        cell_start, f_start = hit.start() - short, low - short
        if raw and not f_attributes:
            folded.write(content[done:low])
            folded.write(FOLDED)
            done = high
            short += high - low - len(FOLDED)
        f_end, v_end = high - short, hit.end() - len(_CELL_CLOSE) - short
        places = int(row), column_of(letters), cell_start, f_start, f_start, f_end, f_end, v_end
        found.add(places, f_attributes, raw or b"", kind_of(cell_attributes), (value or b"") if v else None)
    folded.write(content[done:])
    return folded.getvalue()


def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def _kind(attributes: bytes) -> bytes:
    shown = _KIND.search(attributes)
    return shown[1] if shown and shown[1] != b"n" else b""


def attribute(tag: bytes, name: bytes) -> str:
    """The value of an attribute in a start tag's bytes, empty if it isn't there."""
    hit = re.search(_ATTRIBUTE % name, tag)
    return "" if not hit else unescape((hit[1] if hit[1] is not None else hit[2]).decode())


def cell_name(row: int, column: int) -> str:
    """A cell's reference, e.g. `C5`."""
    return f"{column_letters(column)}{row}"


class Reader:
    """Reads cells with a real XML parser: prefixes, comments, CDATA, single quotes, cells without a reference.

    Args:
        content: the sheet.
        wanted: the rows whose cells are collected, and all rows from the first of these; None collects formula
            cells instead.

    Raises:
        ValueError: the XML is damaged.
    """

    def __init__(self, content: bytes, wanted: range | None) -> None:
        self.formulas = Formulas()
        self.cells: list[Cell] = []
        self.rows: list[Cell] = []
        self._content, self._wanted = content, wanted
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
        except expat.ExpatError as cause:
            raise ValueError(str(cause)) from cause

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
                self._add_formula(start, open_end)
        elif name == "row" and self._row >= self._wanted.start:
            self.rows.append(Cell(self._row, 0, start, open_end, end))
        elif name == "c" and self._row in self._wanted:
            self.cells.append(Cell(self._row, self._column, start, open_end, end))

    def _add_formula(self, start: int, open_end: int) -> None:
        f_start, f_end = self._parts["f"]
        v_start, v_end = self._parts.get("v", (f_end, f_end))
        kind = self._cell.get("t", "n").encode()
        value = escape(self._texts.get("v", ""), quote=False).encode() if "v" in self._parts else None
        raw = escape(self._texts.get("f", ""), quote=False).encode()
        places = self._row, self._column, start, open_end, f_start, f_end, v_start, v_end
        self.formulas.add(places, self._f_attributes, raw, b"" if kind == b"n" else kind, value)


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
