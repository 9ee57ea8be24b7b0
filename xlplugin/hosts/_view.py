"""The small .xlsx that the engine is given instead of the workbook: cells, names and shared texts, nothing else."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from html import escape
from typing import TYPE_CHECKING

from xlplugin.hosts._package import joined
from xlplugin.hosts._values import serial

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._sheet_xml import Edit, SheetXml

__all__ = ["build_view", "probe_view", "sheet_view"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ISO_DATE = re.compile(rb'(<(?:[\w.-]+:)?c\b[^>]*?) t="d"([^>]*>)<((?:[\w.-]+:)?v)>([^<]+)</')
_LARGE = 16 << 20
_BLANK_CELL = re.compile(rb"<c [^>]*/>")
_BLANK_ROW = re.compile(rb"<row [^>]*(?:/>|></row>)")
_ELSEWHERE = re.compile(r"\[\d+\]")


def sheet_view(sheet: SheetXml, edits: Iterable[Edit], date1904: bool) -> Iterator[bytes]:
    """A sheet's XML cut after its cells, piece by piece.

    Args:
        sheet: the sheet as it is in the file.
        edits: what gives its formulas as the engine is to see them, in the order of the sheet.
        date1904: the book's date system, for dates written as text.
    """
    large = sheet.end - sheet.start > _LARGE and not sheet.prefix
    yield sheet.content[: sheet.start].replace(_STRICT, _MAIN.encode())
    for cells in _whole_cells(sheet.rows(edits), b"<%sc " % sheet.prefix):
        dated = _ISO_DATE.sub(lambda hit: _as_serial(hit, date1904), cells) if b't="d"' in cells else cells
        yield _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", dated)) if large else dated
    yield b"</%ssheetData></%sworksheet>" % (sheet.prefix, sheet.prefix)


def _whole_cells(pieces: Iterable[bytes], opening: bytes) -> Iterator[bytes]:
    """Pieces cut anew, each before the start of a cell."""
    rest = b""
    for piece in joined(pieces):
        at = piece.rfind(opening)
        if at < 0:
            rest += piece
        else:
            yield rest + piece[:at]
            rest = piece[at:]
    yield rest


def build_view(
    book: Book, sheets: Mapping[str, Iterable[bytes]], names: Iterable[tuple[str, str, str | None]]
) -> bytes:
    """The bytes of the engine's workbook.

    Args:
        book: the workbook.
        sheets: by sheet name, what `sheet_view` makes.
        names: defined names, each with its formula in the engine's spelling and its sheet's name or None.
    """
    places = {name: place for place, name in enumerate(sheets)}
    parts: dict[str, Iterable[bytes]] = {}
    for part, content in _frame(list(sheets), book.shared_strings is not None):
        parts[part] = (content,)
    parts["xl/workbook.xml"] = (_workbook(list(sheets), book.date1904, _defined(names, places)),)
    parts |= {f"xl/worksheets/sheet{places[name] + 1}.xml": content for name, content in sheets.items()}
    if book.shared_strings is not None:
        parts["xl/sharedStrings.xml"] = (book.package.read(book.shared_strings),)
    return _stored(parts)


def probe_view(calls: Iterable[str]) -> bytes:
    """A workbook whose first row calls each of some functions without arguments."""
    cells = "".join(f"<c><f>{escape(name)}()</f></c>" for name in calls)
    parts = dict(_frame(["P"], False))
    parts["xl/workbook.xml"] = _workbook(["P"], False, "")
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>'
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    return _stored({part: (content,) for part, content in parts.items()})


def _as_serial(hit: re.Match[bytes], date1904: bool) -> bytes:
    try:
        moment = dt.datetime.fromisoformat(hit[4].decode().removesuffix("Z"))
    except ValueError:
        return hit[0]
    return b"%s%s<%s>%s</" % (hit[1], hit[2], hit[3], repr(serial(moment, date1904)).encode())


def _defined(names: Iterable[tuple[str, str, str | None]], places: Mapping[str, int]) -> str:
    found = []
    for name, text, sheet in names:
        if name.startswith("_xlnm.") or _ELSEWHERE.search(text) or (sheet is not None and sheet not in places):
            continue
        scope = "" if sheet is None else f' localSheetId="{places[sheet]}"'
        found.append(f'<definedName name="{escape(name)}"{scope}>{escape(text, quote=False)}</definedName>')
    return f"<definedNames>{''.join(found)}</definedNames>" if found else ""


def _workbook(sheets: list[str], date1904: bool, names: str) -> bytes:
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>' for place, name in enumerate(sheets, 1)
    )
    setting = '<workbookPr date1904="1"/>' if date1904 else ""
    body = f"{setting}<sheets>{entries}</sheets>{names}"
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{body}</workbook>'.encode()


def _frame(sheets: list[str], texts: bool) -> Iterable[tuple[str, bytes]]:
    kinds = [("/xl/workbook.xml", "sheet.main")]
    kinds += [(f"/xl/worksheets/sheet{place}.xml", "worksheet") for place in range(1, len(sheets) + 1)]
    relations = [f"worksheets/sheet{place}.xml" for place in range(1, len(sheets) + 1)]
    if texts:
        kinds.append(("/xl/sharedStrings.xml", "sharedStrings"))
        relations.append("sharedStrings.xml")
    overrides = "".join(f'<Override PartName="{part}" ContentType="{_SHEET_ML}.{kind}+xml"/>' for part, kind in kinds)
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    types = f'<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>'
    yield "[Content_Types].xml", types.encode()
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    targets = [("sharedStrings" if "shared" in target else "worksheet", target) for target in relations]
    yield "xl/_rels/workbook.xml.rels", _relations(targets)


def _relations(targets: list[tuple[str, str]]) -> bytes:
    entries = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'.encode()


def _stored(parts: Mapping[str, Iterable[bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, pieces in parts.items():
            with archive.open(name, "w") as member:
                member.writelines(pieces)
    return out.getvalue()
