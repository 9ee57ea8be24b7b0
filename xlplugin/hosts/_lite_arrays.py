"""What a workbook must say about dynamic arrays before a cell may be one; Excel keeps calls of add-ins so."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlplugin.hosts._book import Book

__all__ = ["dynamic_arrays"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_TYPE_NAME = re.compile(rb"""<metadataType\b[^>]*?name\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"<cellMetadata\b.*?</cellMetadata>", re.DOTALL)
_BLOCK = re.compile(rb"<bk>(.*?)</bk>", re.DOTALL)
_OF = re.compile(rb"""<rc\b[^>]*?\bt\s*=\s*["'](\d+)["']""")
_METADATA = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<metadata xmlns="{_MAIN}" '
    'xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"><metadataTypes count="1">'
    '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
    'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
    '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
    '<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
    '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)


def dynamic_arrays(book: Book) -> tuple[dict[str, bytes], bytes]:
    """The parts to change or to add, and what a dynamic array's cell refers to.

    Where a workbook has other cell metadata and none for arrays, its calls become arrays of the older kind: the
    reference is empty then.
    """
    package = book.package
    part = package.find("xl/metadata.xml")
    if part is not None:
        return {}, _reference(package.read(part))
    folder, name = posixpath.split(book.part)
    rels = package.find(f"{folder}/_rels/{name}.rels") or f"{folder}/_rels/{name}.rels"
    types = package.find("[Content_Types].xml") or "[Content_Types].xml"
    relation = f'<Relationship Id="rIdXlpMetadata" Type="{_KIND}" Target="/xl/metadata.xml"/></Relationships>'
    override = f'<Override PartName="/xl/metadata.xml" ContentType="{_TYPE}"/></Types>'
    return {
        rels: package.read(rels).replace(b"</Relationships>", relation.encode()),
        types: package.read(types).replace(b"</Types>", override.encode()),
        "xl/metadata.xml": _METADATA.encode(),
    }, b"1"


def _reference(metadata: bytes) -> bytes:
    names = [hit[1] for hit in _TYPE_NAME.finditer(metadata)]
    cells = _CELL.search(metadata)
    if b"XLDAPR" not in names or cells is None:
        return b""
    wanted = names.index(b"XLDAPR") + 1
    for number, block in enumerate(_BLOCK.finditer(cells[0]), 1):
        of = _OF.search(block[1])
        if of and int(of[1]) == wanted:
            return b"%d" % number
    return b""
