"""The parts of a workbook package in which xlwings Lite keeps its code."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from xlplugin.hosts._kernel import zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["FOLDER", "added_parts", "with_parts", "without_parts"]

_STORE_ID = "WA200008175"
_MICROSOFT = "http://schemas.microsoft.com/office"
_OPEN = "http://schemas.openxmlformats.org"
_OFFICE_RELATIONS = f"{_OPEN}/officeDocument/2006/relationships"
FOLDER = "xl/webextensions"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The newest pair seen in a workbook that Lite saved itself; our kernel runs on this Python and on later ones.
_SETTINGS = {
    "pyodideVersion": "0.27.5",
    "addinVersion": "1.0.0.0-35",
    "xlwingsSettingsWorkbook": {"startupBehavior": "taskpane"},
}
_TYPES = {
    "taskpanes.xml": "application/vnd.ms-office.webextensiontaskpanes+xml",
    "webextension1.xml": "application/vnd.ms-office.webextension+xml",
}


def with_parts(book: bytes, files: Mapping[str, str], functions: Iterable[str]) -> bytes:
    """The workbook with Lite's parts in it.

    Args:
        book: an .xlsx without such parts.
        files: the code by file name, `main.py` and `requirements.txt`.
        functions: the functions' names as the formulas spell them.
    """
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    called = tuple(functions)
    parts |= added_parts(parts.__getitem__, files, called)
    parts |= {name: _array_columns(part, called) for name, part in parts.items() if name.startswith("xl/tables/")}
    return zipped(parts)


def added_parts(read: Callable[[str], bytes], files: Mapping[str, str], functions: Iterable[str]) -> dict[str, bytes]:
    """The parts that change and those that are new when a workbook takes Lite's parts in.

    Args:
        read: gives a part of the workbook, which has none of Lite's.
        files: the code by file name.
        functions: the functions' names as the formulas spell them.
    """
    parts = {}
    parts["[Content_Types].xml"] = _before_end(read("[Content_Types].xml"), "</Types>", _types())
    relation = _relation("rIdXlwingsLite", f"{_MICROSOFT}/2011/relationships/webextensiontaskpanes", "taskpanes.xml")
    root = relation.replace('Target="', f'Target="{FOLDER}/')
    parts["_rels/.rels"] = _before_end(read("_rels/.rels"), "</Relationships>", root)
    parts[f"{FOLDER}/taskpanes.xml"] = _taskpanes().encode()
    parts[f"{FOLDER}/_rels/taskpanes.xml.rels"] = _relations().encode()
    parts[f"{FOLDER}/webextension1.xml"] = _webextension(files, tuple(functions)).encode()
    return parts


def without_parts(read: Callable[[str], bytes], parts: Iterable[str]) -> tuple[dict[str, bytes], set[str]]:
    """The parts that change and those that go when Lite's parts are taken out.

    Args:
        read: gives a part of the workbook.
        parts: the parts that lie in Lite's folder.
    """
    gone = re.compile(rb"<(?:Override|Relationship)\b[^>]*?%s/[^>]*?/>" % FOLDER.encode())
    changed = {name: gone.sub(b"", read(name)) for name in ("[Content_Types].xml", "_rels/.rels")}
    return changed, set(parts)


def _before_end(part: bytes, end: str, more: str) -> bytes:
    return part.replace(end.encode(), f"{more}{end}".encode())


def _types() -> str:
    return "".join(
        f'<Override PartName="/{FOLDER}/{part}" ContentType="{content}"/>' for part, content in _TYPES.items()
    )


def _relation(id_: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/>'


def _relations() -> str:
    relation = _relation("rId1", f"{_MICROSOFT}/2011/relationships/webextension", "webextension1.xml")
    return f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships">{relation}</Relationships>'


def _taskpanes() -> str:
    """The pane on the right, closed: who hasn't got Lite isn't asked to install it."""
    pane = f"{_MICROSOFT}/webextensions/taskpanes/2010/11"
    return (
        f'{_XML}<wetp:taskpanes xmlns:wetp="{pane}">'
        f'<wetp:taskpane dockstate="right" visibility="0" width="438" row="0">'
        f'<wetp:webextensionref xmlns:r="{_OFFICE_RELATIONS}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )


def _webextension(files: Mapping[str, str], functions: Iterable[str]) -> str:
    """The add-in's settings, each as JSON in an attribute, and the functions that Excel is to wait for."""
    settings = {**files, **_SETTINGS}
    properties = "".join(
        f'<we:property name="{name}" value="{_as_attribute(value)}"/>' for name, value in settings.items()
    )
    ids = "".join(f"<we:customFunctionIds>{escape(name)}</we:customFunctionIds>" for name in functions)
    return (
        f'{_XML}<we:webextension xmlns:we="{_MICROSOFT}/webextensions/webextension/2010/11" id="{_id(files)}">'
        f"{_reference('en-US')}<we:alternateReferences>{_reference(_STORE_ID)}</we:alternateReferences>"
        f"<we:properties>{properties}</we:properties><we:bindings/>"
        f'<we:snapshot xmlns:r="{_OFFICE_RELATIONS}"/><we:extLst>'
        f"{_extension('D87F86FE-615C-45B5-9D79-34F1136793EB', '<we:containsCustomFunctions/>')}"
        f"{_extension('7C84B067-C214-45C3-A712-C9D94CD141B2', _list(ids))}</we:extLst></we:webextension>"
    )


def _as_attribute(value: object) -> str:
    """A setting as Office keeps it: JSON, its line ends spelled out, its quotes escaped."""
    return escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")), {'"': "&quot;"})


def _reference(store: str) -> str:
    return f'<we:reference id="{_STORE_ID.lower()}" version="1.0.0.0" store="{store}" storeType="OMEX"/>'


def _list(ids: str) -> str:
    return f"<we:customFunctionIdList>{ids}</we:customFunctionIdList>"


def _extension(uri: str, content: str) -> str:
    return f'<a:ext xmlns:a="{_OPEN}/drawingml/2006/main" uri="{{{uri}}}">{content}</a:ext>'


def _id(files: Mapping[str, str]) -> str:
    """An id that changes with the code, and is the same whenever the same workbook is built."""
    return f"{{{str(uuid5(NAMESPACE_URL, json.dumps(files, sort_keys=True))).upper()}}}"


def _array_columns(table: bytes, functions: Iterable[str]) -> bytes:
    """A table whose columns with our functions fill new rows as their cells are: with an array formula."""
    called = re.compile(rb"<calculatedColumnFormula>(?=[^<]*(?:%s)\()" % b"|".join(name.encode() for name in functions))
    return called.sub(b'<calculatedColumnFormula array="1">', table)
