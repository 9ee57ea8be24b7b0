"""Sheets put behind those of a workbook, every other part left as it is."""

from __future__ import annotations

import posixpath
import re
from html import escape
from typing import TYPE_CHECKING

from xlplugin.hosts._book import column_letters
from xlplugin.hosts._values import encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["Page", "added", "cell", "free_name", "text_cell", "without_sheets"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_END = re.compile(rb"</((?:[\w.-]+:)?)sheets\s*>")
_ID = re.compile(rb"""\ssheetId\s*=\s*["'](\d+)["']""")
_BOUND = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*["'](?:%s|%s)["']""" % (_OFFICE.encode(), _STRICT.encode()))
_LONGEST_NAME = 31
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)")


class Page:
    """A sheet to be added.

    Args:
        name: its name.
        widths: of its columns from the first, in characters.
        hidden: whether it is out of sight.

    `rows` are the bytes of its cells, by row.
    """

    def __init__(self, name: str, widths: Sequence[float], *, hidden: bool = True) -> None:
        self.name, self.widths, self.hidden = name, widths, hidden
        self.rows: dict[int, list[bytes]] = {}

    def put(self, row: int, cells: Iterable[bytes]) -> None:
        """Adds cells to a row, which come from left to right."""
        self.rows.setdefault(row, []).extend(cells)

    def as_values(self) -> Page:
        """The same without its formulas."""
        page = Page(self.name, self.widths, hidden=self.hidden)
        page.rows = {row: [_FORMULA.sub(b"", one) for one in cells] for row, cells in self.rows.items()}
        return page

    def xml(self) -> bytes:
        """The sheet's part."""
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(self.widths, 1)
        )
        data = b"".join(b'<row r="%d">%s</row>' % (row, b"".join(cells)) for row, cells in sorted(self.rows.items()))
        head = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
            f'<sheetView showGridLines="0" workbookViewId="0"/></sheetViews><cols>{columns}</cols><sheetData>'
        )
        return head.encode() + data + b"</sheetData></worksheet>"


def text_cell(place: str, text: str) -> bytes:
    """A cell with a text."""
    inside = escape(text, quote=False).encode()
    return b'<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (place.encode(), inside)


def cell(place: str, element: bytes, value: Value) -> bytes:
    """A cell with a formula and its value.

    Args:
        place: its reference.
        element: the formula's element.
        value: what it comes to.
    """
    kind, raw = encode(value)
    shown = b' t="%s"' % kind if kind else b""
    return b'<c r="%s"%s>%s<v>%s</v></c>' % (place.encode(), shown, element, raw)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name for a sheet that no other has, in any case."""
    folded = {name.casefold() for name in taken}
    name, number = wanted[:_LONGEST_NAME], 1
    while name.casefold() in folded:
        number += 1
        name = f"{wanted[: _LONGEST_NAME - 4]} {number}"
    return name


def added(book: Book, pages: Sequence[Page]) -> dict[str, bytes]:
    """The parts of the workbook that change and those that are new, with the pages behind its sheets."""
    package = book.package
    content, rels = package.read(book.part), _relations_of(book)
    types = package.find("[Content_Types].xml") or "[Content_Types].xml"
    prefix, end = _prefix(content), _END.search(content)
    assert end is not None  # noqa: S101 - a book without sheets is none
    number = max(map(int, _ID.findall(content)), default=0)
    entries, relations, overrides, parts = [], [], [], dict[str, bytes]()
    for at, page in enumerate(pages, 1):
        part = _free_part(package.names, [*parts])
        parts[part] = page.xml()
        state = ' state="hidden"' if page.hidden else ""
        entries.append(
            f'<{end[1].decode()}sheet name="{escape(page.name)}" sheetId="{number + at}"{state} '
            f'{prefix}:id="rIdXlp{number + at}"/>'
        )
        relations.append(f'<Relationship Id="rIdXlp{number + at}" Type="{_OFFICE}/worksheet" Target="/{part}"/>')
        overrides.append(f'<Override PartName="/{part}" ContentType="{_TYPE}"/>')
    parts[book.part] = content[: end.start()] + "".join(entries).encode() + content[end.start() :]
    parts[rels] = _before_end(package.read(rels), b"Relationships", relations)
    parts[types] = _before_end(package.read(types), b"Types", overrides)
    return parts


def _prefix(content: bytes) -> str:
    bound = _BOUND.search(content)
    return bound[1].decode() if bound else "r"


def _relations_of(book: Book) -> str:
    folder, name = posixpath.split(book.part)
    part = f"{folder}/_rels/{name}.rels"
    return book.package.find(part) or part


def _before_end(content: bytes, element: bytes, more: Iterable[str]) -> bytes:
    """XML with elements put before its end, under the prefix it uses."""
    hits = list(re.finditer(rb"</((?:[\w.-]+:)?)" + element + rb"\s*>", content))
    prefix, at = hits[-1][1], hits[-1].start()
    spelled = "".join(more).encode().replace(b"<", b"<" + prefix)
    return content[:at] + spelled + content[at:]


def _free_part(names: Sequence[str], taken: Sequence[str]) -> str:
    folded = {name.casefold() for name in (*names, *taken)}
    number = 1
    while f"xl/worksheets/sheet{number}.xml" in folded:
        number += 1
    return f"xl/worksheets/sheet{number}.xml"


def without_sheets(book: Book, names: Sequence[str], read: Mapping[str, bytes]) -> tuple[dict[str, bytes], set[str]]:
    """The parts to change and to remove so that some sheets, the last ones, are gone.

    Args:
        book: the workbook.
        names: of the sheets.
        read: parts that are changed already.
    """
    gone = {sheet.part for sheet in book.sheets if sheet.name in names}
    content = read.get(book.part, book.package.read(book.part))
    rels = _relations_of(book)
    relations = read.get(rels, book.package.read(rels))
    for name in names:
        entry = rb"""<(?:[\w.-]+:)?sheet\b[^>]*?\sname\s*=\s*["']%s["'][^>]*?/>""" % re.escape(escape(name).encode())
        content = re.sub(entry, b"", content)
    for part in gone:
        base = re.escape(posixpath.basename(part).encode())
        relations = re.sub(
            rb"""<(?:[\w.-]+:)?Relationship\b[^>]*?Target\s*=\s*["'][^"']*?/?%s["'][^>]*?/>""" % base, b"", relations
        )
    types = book.package.find("[Content_Types].xml") or "[Content_Types].xml"
    listed = read.get(types, book.package.read(types))
    for part in gone:
        listed = re.sub(
            rb"""<(?:[\w.-]+:)?Override\b[^>]*?PartName\s*=\s*["']/%s["'][^>]*?/>""" % re.escape(part.encode()),
            b"", listed,
        )  # fmt: skip
    own = {f"{posixpath.dirname(part)}/_rels/{posixpath.basename(part)}.rels" for part in gone}
    gone |= {found for part in own if (found := book.package.find(part))}
    return {book.part: content, rels: relations, types: listed}, gone


def letters(number: int) -> str:
    """The letters of a column counted from 1."""
    return column_letters(number)
