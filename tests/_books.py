"""Builders of workbooks for the tests: plain ones made from cells, and one rich in features."""

from __future__ import annotations

import io
import zipfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from xlplugin.errors import CellError
from xlplugin.hosts._package import Package
from xlplugin.hosts._spelled_out import with_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DEFAULTS = (
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
)
PKG = "http://schemas.openxmlformats.org/package/2006"


def cell(ref: str, value: object = None, *, formula: str | None = None, attributes: str = "", f: str = "") -> str:
    """One cell's XML with a formula and its cached value."""
    inside = "" if formula is None else f"<f{f}>{escape(formula, quote=False)}</f>" if formula or not f else f"<f{f}/>"
    kind = ""
    if isinstance(value, bool):
        kind, value = ' t="b"', int(value)
    elif isinstance(value, CellError):
        kind, value = ' t="e"', value.text
    elif isinstance(value, str):
        kind = ' t="str"'
    shown = "" if value is None else f"<v>{escape(str(value), quote=False)}</v>"
    return f'<c r="{ref}"{attributes}{kind}>{inside}{shown}</c>'


def rows(*cells: str) -> str:
    """Cells gathered into rows, in the order given."""
    found: dict[int, list[str]] = {}
    for xml in cells:
        ref = xml.split('r="', 1)[1].split('"', 1)[0]
        found.setdefault(int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), []).append(xml)
    return "".join(f'<row r="{row}">{"".join(inside)}</row>' for row, inside in sorted(found.items()))


def raw_book(
    path: Path,
    sheets: Mapping[str, str],
    *,
    names: str = "",
    settings: str = "",
    calc: str = '<calcPr calcId="191029"/>',
    whole: Mapping[str, str] | None = None,
    extra: Mapping[str, bytes] | None = None,
    calc_chain: bool = False,
) -> Path:
    """A workbook of hand-written sheets: by name the content of sheetData, or in `whole` a sheet's entire XML."""
    parts: dict[str, bytes] = {}
    overrides = [("/xl/workbook.xml", "sheet.main")]
    relations = []
    entries = []
    for place, (name, data) in enumerate(sheets.items(), 1):
        xml = (whole or {}).get(name) or f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{place}.xml"] = xml.encode()
        overrides.append((f"/xl/worksheets/sheet{place}.xml", "worksheet"))
        relations.append(("worksheet", f"worksheets/sheet{place}.xml"))
        entries.append(f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>')
    if calc_chain:
        parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"/>'.encode()
        overrides.append(("/xl/calcChain.xml", "calcChain"))
        relations.append(("calcChain", "calcChain.xml"))
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    body = f"{settings}<sheets>{''.join(entries)}</sheets>{defined}{calc}"
    parts["xl/workbook.xml"] = f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{body}</workbook>'.encode()
    types = "".join(f'<Override PartName="{part}" ContentType="{_SHEET_ML}.{kind}+xml"/>' for part, kind in overrides)
    parts["[Content_Types].xml"] = f'<Types xmlns="{PKG}/content-types">{_DEFAULTS}{types}</Types>'.encode()
    parts["_rels/.rels"] = _relations([("officeDocument", "xl/workbook.xml")])
    parts["xl/_rels/workbook.xml.rels"] = _relations(relations)
    parts |= extra or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    """All parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def named(path: Path) -> Path:
    """The workbook beside itself with table references in place of those to cells that are parts of tables."""
    target = path.with_name(f"named-{path.name}")
    with_tables(Package(path)).write(target, {})
    return target


def changed_parts(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The workbook written again after some surgery on its parts."""
    parts = parts_of(path)
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rich_book(path: Path, count: int = 6) -> Path:
    """A macro workbook with nearly everything that other programs lose when they save."""
    import xlwings  # noqa: PLC0415 - only its sample workbook is wanted

    sample = Path(xlwings.__file__).parent / "quickstart_standalone.xlsm"
    book = xlsxwriter.Workbook(str(path))
    book.add_vba_project(io.BytesIO(parts_of(sample)["xl/vbaProject.bin"]), True)
    sheets = [book.add_worksheet(name) for name in ("来访登记", "设置", "it's 汇总")]
    book.set_vba_name("ThisWorkbook")
    for place, sheet in enumerate(sheets, 1):
        sheet.set_vba_name(f"Sheet{place}")
    _settings(book, sheets[1])
    _register(book, sheets[0], count)
    _summary(book, sheets[2])
    hidden = book.add_worksheet("藏")
    hidden.very_hidden()
    hidden.write_formula("A1", "='it''s 汇总'!B2*2", None, 0)
    book.add_chartsheet("图").set_chart(_chart(book))
    book.close()
    return changed_parts(path, _surgery)


def _settings(book: Any, sheet: Any) -> None:
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, pair in enumerate([("等级", "间隔"), ("A", 1), ("B", 3), ("C", 7)]):
        sheet.write_row(row, 0, pair)
    sheet.write_column(0, 3, ["节假日", 46296, 46297], date)
    book.define_name("节假日", "=设置!$D$2:$D$3")
    book.define_name("税率", "=0.03")
    book.define_name("'来访登记'!本表", "=来访登记!$B$2")


def _register(book: Any, sheet: Any, count: int) -> None:
    heads = ["客户", "次数", "预算", "到访日期", "等级", "下次", "倍数"]
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    options = {"name": "tbl", "columns": [{"header": head} for head in heads], "style": "Table Style Medium 2"}
    sheet.add_table(0, 0, count, len(heads) - 1, options)
    for row in range(1, count + 1):
        sheet.write_row(row, 0, [f"客户{row}", row, 100 * row])
        sheet.write_number(row, 3, 46000 + row, date)
        inputs = "tbl[[#Headers],[客户]:[预算]],tbl[[#This Row],[客户]:[预算]]"
        sheet.write_formula(row, 4, f"=XLP_GRADE(设置!$A$1,{inputs})", None, "")
        sheet.write_formula(
            row, 5, "=IFERROR(XLP_NEXT(tbl[[#This Row],[等级]],tbl[[#This Row],[到访日期]],节假日),0)", date, 0
        )
        sheet.write_formula(row, 6, "=tbl[[#This Row],[次数]]*2+税率", None, 0)
    sheet.data_validation(1, 1, count, 1, {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 99})
    sheet.data_validation(1, 4, count, 4, {"validate": "list", "source": "=设置!$A$2:$A$4"})
    sheet.conditional_format(1, 1, count, 1, {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.conditional_format(1, 2, count, 2, {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.write_comment("B2", "批注")
    sheet.insert_image("J2", "dot.png", {"image_data": io.BytesIO(_PNG)})
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, count, 6)
    sheet.set_header("&C来访登记")


def _summary(book: Any, sheet: Any) -> None:
    for row, grade in enumerate("ABC", 1):
        sheet.write(row, 0, grade)
        sheet.write_formula(row, 1, f"=COUNTIFS(tbl[等级],A{row + 1})", None, 0)
    sheet.write_dynamic_array_formula("D2", '=FILTER(tbl[客户],tbl[等级]="A","无")', None, "无")
    sheet.add_sparkline("F2", {"range": "'it''s 汇总'!B2:B4"})
    sheet.insert_chart("H2", _chart(book))


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='it''s 汇总'!$B$2:$B$4", "categories": "='it''s 汇总'!$A$2:$A$4"})
    return chart


def _surgery(parts: dict[str, bytes]) -> None:
    parts["customXml/item1.xml"] = b'<?xml version="1.0"?><register xmlns="urn:xlplugin:meta" rule="v3"/>'
    relation = f'<Relationship Id="rId900" Type="{REL}/customXml" Target="../customXml/item1.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    validation = (
        '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list" allowBlank="1">'
        "<x14:formula1><xm:f>设置!$A$2:$A$4</xm:f></x14:formula1><xm:sqref>H2:H7</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext>"
    )
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<extLst>", b"<extLst>" + validation.encode())
    assert validation.encode() in parts[sheet]


def _relations(targets: list[tuple[str, str]]) -> bytes:
    inside = "".join(
        f'<Relationship Id="rId{place}" Type="{REL}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PKG}/relationships">{inside}</Relationships>'.encode()


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccf50cf000004010102"
    "7d1b8d0a0000000049454e44ae426082"
)
