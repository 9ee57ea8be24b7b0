"""Our add-in file: xlwings' own quickstart add-in with its settings sheet filled in and a button of ours.

Its VBA is xlwings', byte for byte; the wrappers of our functions are imported into it by Excel. The quickstart add-in
reads its settings from a sheet of its own (`myaddin.conf`), not from the user's xlwings.conf, so nothing that other
workbooks go by is changed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from xlplugin import __version__
from xlplugin.errors import XlpError
from xlplugin.hosts._package import Package
from xlplugin.hosts.excel._macro import BUTTON
from xlplugin.hosts.excel._settings import MODULE
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Settings that we have no use for. Were they left out, xlwings' VBA would look for them in a file beside the workbook
# in front, and put what it finds there into the command that starts Python.
_NONE = (
    "Interpreter",
    "Interpreter_Mac",
    "PYTHONPATH",
    "Conda Path",
    "Conda Env",
    "LICENSE_KEY",
    *(
        f"{drive}_{system}"
        for drive in ("ONEDRIVE_CONSUMER", "ONEDRIVE_COMMERCIAL", "SHAREPOINT")
        for system in ("WIN", "MAC")
    ),
)

__all__ = ["NAME", "QUICKSTART", "addin_settings", "build_addin", "settings_of"]

NAME = "xlplugin.xlam"
QUICKSTART = "quickstart_addin_ribbon.xlam"
_SHEET = "myaddin.conf"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def addin_settings(python: str, xlwings_version: str) -> dict[str, str | bool]:
    """The add-in's settings, by the names xlwings gives them; all it knows, so that no file elsewhere has a say."""
    return {
        "Interpreter_Win": python,
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",  # a mailed workbook's folder is no place to take code from
        "UDF Modules": MODULE,
        "Debug UDFs": False,
        "Use UDF Server": False,
        "Show Console": False,
        "SHOW_ERROR_POPUPS": "True",
        "TEMP DIR": "%TEMP%",
        **dict.fromkeys(_NONE, ""),
        "XLWINGS_VERSION": xlwings_version,
        "XLPLUGIN_VERSION": __version__,
    }


def build_addin(source: Path, target: Path, settings: Mapping[str, str | bool], lang: str) -> None:
    """Writes the add-in file, made from xlwings' quickstart add-in.

    Raises:
        XlpError: `excel_quickstart`, where that file is not as we know it; nothing is written then.
    """
    package = Package(source)
    book = package.read("xl/workbook.xml")
    book, renamed = re.subn(rb'name="_?myaddin\.conf"', f'name="{_SHEET}"'.encode(), book)
    book = re.sub(rb'\s*fullCalcOnLoad="1"', b"", book)
    sheet = package.read("xl/worksheets/sheet1.xml")
    sheet, filled = re.subn(rb"<sheetData>.*</sheetData>", lambda _: _rows(settings), sheet, flags=re.DOTALL)
    sheet = re.sub(rb"<dimension [^>]*/>", f'<dimension ref="A1:B{len(settings)}"/>'.encode(), sheet)
    button, placed = re.subn(
        rb"<tab .*</tab>", lambda _: _button(lang), package.read("customUI/customUI.xml"), flags=re.DOTALL
    )
    if (renamed, filled, placed) != (1, 1, 1):
        raise XlpError("excel_quickstart", path=source)
    package.write(target, {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet, "customUI/customUI.xml": button})


def _rows(settings: Mapping[str, str | bool]) -> bytes:
    rows = "".join(
        f'<row r="{row}">{_text(f"A{row}", key)}{_value(f"B{row}", value)}</row>'
        for row, (key, value) in enumerate(settings.items(), 1)
    )
    return f"<sheetData>{rows}</sheetData>".encode()


def _text(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _value(ref: str, value: str | bool) -> str:
    if isinstance(value, bool):
        return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'
    return _text(ref, value) if value else ""


def _button(lang: str) -> bytes:
    label, tip = quoteattr(say(lang, "excel.button")), quoteattr(say(lang, "excel.button_tip"))
    return (
        f'<tab idMso="TabFormulas"><group id="xlpluginGroup" label="xlplugin"><button id="xlpluginRefresh" '
        f'label={label} supertip={tip} size="large" onAction="{BUTTON}" imageMso="Refresh"/></group></tab>'
    ).encode()


def settings_of(path: Path) -> dict[str, str]:
    """The settings inside an add-in file, as built or as Excel has saved it; empty where it has none.

    Raises:
        XlpError: the file is no workbook or cannot be read.
    """
    package = Package(path)
    try:
        part = _settings_part(package)
        return {} if part is None else _cells(package, part)
    except (ET.ParseError, KeyError, IndexError, ValueError):
        return {}


def _settings_part(package: Package) -> str | None:
    sheets = ET.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")  # noqa: S314 - a package within limits
    id_ = next((sheet.get(_RELATION) for sheet in sheets if sheet.get("name") == _SHEET), None)
    relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - the same
    target = next((each.get("Target", "") for each in relations if each.get("Id") == id_), None)
    return None if target is None else target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _cells(package: Package, part: str) -> dict[str, str]:
    shared = _shared(package)
    found: dict[str, str] = {}
    for row in ET.fromstring(package.read(part)).iter(f"{_MAIN}row"):  # noqa: S314 - the same
        cells = {(cell.get("r") or "")[:1]: _shown(cell, shared) for cell in row}
        if cells.get("A"):
            found[cells["A"].upper()] = cells.get("B", "")
    return found


def _shared(package: Package) -> list[str]:
    part = package.find("xl/sharedStrings.xml")
    items = [] if part is None else ET.fromstring(package.read(part)).iter(f"{_MAIN}si")  # noqa: S314 - the same
    return ["".join(text.text or "" for text in item.iter(f"{_MAIN}t")) for item in items]


def _shown(cell: ET.Element, shared: list[str]) -> str:
    text = "".join(each.text or "" for each in cell.iter() if each.tag in (f"{_MAIN}t", f"{_MAIN}v"))
    return shared[int(text)] if cell.get("t") == "s" else text
