"""A workbook as an office has made it its own, with customers' names and phones wherever a workbook can hold them."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import xlsxwriter
from _books import _PNG, REL, changed_parts

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("张三丰", "李四光", "欧阳五福", "Zhao Liu")
PHONES = ("10000000001", "10000000002", "075512345678", "10000000004")
STAFF = ("周一鸣", "吴小满")
NOTES = ("喜欢南向的三房,太太说了算", "要先卖掉老房子", "孩子读小学", "wants a south view")
OTHERS = ("440300190001011234", "粤B12345", "深圳市南山区科技路8号302", "某某贸易公司", "37251", "备用号10000000009")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def office_book(path: Path) -> Path:
    """The workbook; its formulas carry their values."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": f"{NAMES[0]}的表", "author": "小王", "company": "某公司", "comments": PHONES[0]})
    book.set_custom_property("客户", NAMES[1])
    sheets = {name: book.add_worksheet(name) for name in ("登记", "我的名单", "档案", "变更", "跟进", NAMES[0], "藏")}
    _table(book, sheets["登记"])
    _list(book, sheets["我的名单"])
    _form(sheets["档案"])
    _log(sheets["变更"])
    _follow_up(sheets["跟进"])
    sheets[NAMES[0]].write("A1", "此人的一页")
    sheets["藏"].very_hidden()
    for row in range(4):
        sheets["藏"].write_formula(row, 0, f"=我的名单!C{row + 5}", None, NAMES[row])
        sheets["藏"].write_formula(row, 1, f'="打给"&我的名单!B{row + 5}', None, f"打给{PHONES[row]}")
    book.define_name("重点客户", f'="{NAMES[1]}"')
    book.define_name("此页", f"={NAMES[0]}!$A$1")
    book.close()
    return changed_parts(path, _more_parts)


def _table(book: Any, sheet: Any) -> None:
    heads = ["等级", "联系电话", "我加的列", "客户姓名", "归属人", "备注", "家庭收入", "下次联系日"]
    sheet.add_table(3, 1, 8, 8, {"name": "tbl", "columns": [{"header": head} for head in heads]})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row in range(4):
        at = row + 4
        sheet.write_formula(at, 1, 'IFERROR(XLP_GRADE("x",1,1),"")', None, "ABCD"[row])
        sheet.write(at, 2, PHONES[row])
        sheet.write(at, 3, f"与{NAMES[row]}同来")
        sheet.write(at, 4, NAMES[row])
        sheet.write(at, 5, STAFF[row % 2])
        sheet.write(at, 6, NOTES[row])
        sheet.write(at, 7, 37251)
        sheet.write_formula(at, 8, "=46000+1", date, 46001)
    sheet.write_formula("J5", "=H5", None, 37251)
    sheet.write_url("K7", f"mailto:x@example.com?subject={quote(NAMES[1])}", string="写信")
    sheet.write_comment("E5", f"{NAMES[0]} 打 {PHONES[0]}", {"author": STAFF[0]})
    sheet.data_validation("E12", {"validate": "list", "source": list(NAMES)})
    sheet.data_validation("C5:C9", {"validate": "any", "input_title": "电话", "input_message": f"如{PHONES[1]}"})
    sheet.conditional_format("E5:E9", {"type": "text", "criteria": "containing", "value": NAMES[2], "format": date})
    sheet.conditional_format("B5:B9", {"type": "formula", "criteria": "=NOT(_xlfn.ISFORMULA($B5))", "format": date})
    sheet.conditional_format("I5:I9", {"type": "formula", "criteria": "=$I5>1", "format": date})
    sheet.set_header(f"&C{NAMES[0]}")
    sheet.write_url("K5", f"mailto:x@example.com?subject={NAMES[0]}", string=f"写给{NAMES[0]}", tip=NAMES[0])
    chart = book.add_chart({"type": "column"})
    data: dict[str, Any] = {"categories_data": list(NAMES), "values_data": [37251] * 4}
    chart.add_series({"categories": "=登记!$E$5:$E$8", "values": "=登记!$H$5:$H$8", "name": NAMES[0], **data})
    chart.set_title({"name": f"{NAMES[1]}等"})
    sheet.insert_chart("M3", chart)
    sheet.insert_textbox("M20", f"请给{NAMES[3]}回电 {PHONES[3]}")
    sheet.insert_image("M30", "dot.png", {"image_data": io.BytesIO(_PNG)})


def _list(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.write("A1", "我的名单(自己加的)")
    sheet.write_row("A4", ["序", "手 机*", "姓名", "证号", "车牌号", "通讯地址", "单位", "随手记"])
    typed = (10000000001, "100 0000 0002", "0755-12345678", unicodedata.normalize("NFKC", "１０００００００００４"))
    for row in range(4):
        sheet.write_row(row + 4, 0, [row + 1, typed[row], NAMES[row], OTHERS[0], *OTHERS[1:4], OTHERS[5]])
    sheet.write_rich_string("J1", "同 ", bold, NAMES[0][:1], NAMES[0][1:], " 一起来")
    sheet.write("J2", int(PHONES[1]))


def _form(sheet: Any) -> None:
    pairs = [("客户姓名", NAMES[0]), ("籍贯", "某地"), ("移动电话", PHONES[0]), ("健康状况", "有旧伤一处")]
    for row, pair in enumerate(pairs):
        sheet.write_row(row, 0, pair)


def _log(sheet: Any) -> None:
    sheet.write_row(0, 0, ["日期", "格", "旧值", "新值", "修改人"])
    sheet.write_row(1, 0, ["2026-03-02", "E5", "张三疯", NAMES[0], STAFF[0]])


def _follow_up(sheet: Any) -> None:
    sheet.write_row(0, 0, ["日期", "联系电话", "方式", "沟通内容"])
    for row in range(4):
        sheet.write_row(row + 1, 0, ["2026-03-02", PHONES[row], "电话", NOTES[row]])


def _more_parts(parts: dict[str, bytes]) -> None:
    calc = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = calc.replace(b' fullCalcOnLoad="1"', b"")
    items = "".join(f'<s v="{name}"/>' for name in NAMES)
    fields = (
        f'<cacheField name="客户姓名"><sharedItems count="4">{items}</sharedItems></cacheField>'
        '<cacheField name="家庭收入"><sharedItems containsNumber="1" minValue="37251" maxValue="37251"/></cacheField>'
    )
    records = "".join(f'<r><x v="{at}"/><n v="37251"/></r>' for at in range(4))
    _with_part(
        parts,
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'<pivotCacheDefinition xmlns="{MAIN}"><cacheFields count="2">{fields}</cacheFields></pivotCacheDefinition>',
        "pivotCacheDefinition",
    )
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = (
        f'<pivotCacheRecords xmlns="{MAIN}" count="4">{records}</pivotCacheRecords>'.encode()
    )
    threads = (
        f'<ThreadedComments><threadedComment ref="E6"><text>{NAMES[1]}</text></threadedComment></ThreadedComments>'
    )
    parts["xl/threadedComments/threadedComment1.xml"] = threads.encode()
    _with_part(parts, "customXml/item1.xml", f"<x>{NAMES[2]}</x>", "customXml")
    _with_part(parts, "xl/revisions/revisionHeaders.xml", f"<headers>{NAMES[0]}</headers>", "revisionHeaders")


def _with_part(parts: dict[str, bytes], name: str, content: str, kind: str) -> None:
    parts[name] = content.encode()
    rels = "xl/_rels/workbook.xml.rels"
    target = name.removeprefix("xl/") if name.startswith("xl/") else f"../{name}"
    relation = f'<Relationship Id="r{len(parts)}" Type="{REL}/{kind}" Target="{target}"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", relation.encode())
    override = f'<Override PartName="/{name}" ContentType="application/xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())


def outside_book(path: Path) -> Path:
    """The workbook with a link to another file, a DDE link and an embedded object."""

    def add(parts: dict[str, bytes]) -> None:
        link = f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>'
        _with_part(parts, "xl/externalLinks/externalLink1.xml", link, "externalLink")
        dde = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="x"/></externalLink>'
        _with_part(parts, "xl/externalLinks/externalLink2.xml", dde, "externalLink")
        links = b"<externalReferences><externalReference/></externalReferences><definedNames>"
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<definedNames>", links)
        name = '<definedName name="fetch">WEBSERVICE("http://example.com/")</definedName></definedNames>'
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</definedNames>", name.encode())
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("word/document.xml", f"<w>{NAMES[0]}</w>")
        parts["xl/embeddings/oleObject1.docx"] = inner.getvalue()

    return changed_parts(office_book(path), add)
