"""Where people's data stand on sheets that nobody laid out for us: lists, forms, several of them on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from _books import MAIN, changed_parts, parts_of, raw_book
from python_calamine import CalamineWorkbook

from xlplugin.errors import XlpError
from xlplugin.exchange._masks import contacts_hidden, masked_value, people_in
from xlplugin.exchange.share import Terms, share
from xlplugin.workbooks.package import tidied

if TYPE_CHECKING:
    from pathlib import Path

    from xlplugin.hosts._values import Value


def masked(tmp_path: Path, *lines: list[object]) -> list[list[object]]:
    """The lines of a sheet as a copy shows them."""
    path, target = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if value is not None:
                sheet.write(row, column, value)
    book.close()
    changed_parts(path, _calculated)
    share(path, target, Terms())
    found = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [list(row) for row in found]


def _calculated(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")


def test_a_list_below_a_title_and_another_below_it(tmp_path: Path) -> None:
    found = masked(
        tmp_path,
        ["三月名单"],
        ["姓名", "楼栋", "手机"],
        ["王小五", "一号楼", "10000000005"],
        [],
        ["房号", "客户", "联系电话", "备注"],
        ["1-101", "赵小六", "10000000006", "很急"],
    )
    assert found[1] == ["姓名", "楼栋", "手机", ""]
    assert found[2] == ["王**", "一号楼", "100****0005", ""]
    assert found[4] == ["房号", "客户", "联系电话", "备注"]
    assert found[5] == ["1-101", "赵**", "100****0006", ""]


def test_a_form_in_one_line_and_one_of_two_columns(tmp_path: Path) -> None:
    found = masked(
        tmp_path,
        ["客户姓名", "王小五", "联系电话", "10000000005"],
        ["意向项目", "云栖苑", "通讯地址", "深圳市南山区科技路1号"],
        ["登记日", "2026-03-02", "车牌号", "粤B12345"],
    )
    assert found == [
        ["客户姓名", "王**", "联系电话", "100****0005"],
        ["意向项目", "云栖苑", "通讯地址", "深圳市南山区"],
        ["登记日", "2026-03-02", "车牌号", "粤B*****"],
    ]


def test_one_known_header_alone(tmp_path: Path) -> None:
    found = masked(tmp_path, ["客户姓名", "星级"], ["王小五", "三星"], ["赵小六", "四星"])
    assert [row[0] for row in found] == ["客户姓名", "王**", "赵**"]
    assert [row[1] for row in found[1:]] == ["三星", "四星"]


def test_words_in_the_data_make_no_header(tmp_path: Path) -> None:
    found = masked(
        tmp_path,
        ["联系电话", "方式", "客户姓名", "归属人"],
        ["10000000005", "电话", "王小五", "周一鸣"],
        ["10000000006", "微信", "赵小六", "周一鸣"],
    )
    assert found[1:] == [["100****0005", "电话", "王**", "周一鸣"], ["100****0006", "微信", "赵**", "周一鸣"]]


def test_several_numbers_people_and_an_extension_in_one_cell(tmp_path: Path) -> None:
    found = masked(
        tmp_path,
        ["客户姓名", "联系电话", "杂"],
        ["王小五、赵小六(夫妇)", "0755-12345678-801 / 10000000006", "赵小六说打12345678或100-0000-0006"],
        ["孙小七先生", 10000000007, "孙小七的电话是10000000007,介绍人孙小七"],
    )
    assert found[1] == ["王**", "****801 / 100****0006", "赵**说打****678或100****0006"]
    assert found[2] == ["孙**", "100****0007", "孙**的电话是100****0007,介绍人孙**"]


def test_nobodys_name_is_no_secret_and_a_colleagues_stays(tmp_path: Path) -> None:
    found = masked(
        tmp_path,
        ["客户姓名", "接待人", "情形"],
        ["未知", "周一鸣", "来意未知"],
        ["周一", "周一鸣", "周一鸣接待了周一"],
        ["Li Si", "Zhou", "Li Sicong saw Li Si"],
    )
    assert [row[2] for row in found[1:]] == ["来意未知", "周一鸣接待了周**", "Li Sicong saw L**"]


def test_what_a_colleague_is_called_stays_even_with_a_number_in_it(tmp_path: Path) -> None:
    desk = "售楼处10000000009"
    found = masked(tmp_path, ["客户姓名", "联系电话", "接待人"], ["张三", "10000000001", desk])
    assert found[1] == ["张**", "100****0001", desk]


def test_parts_in_other_encodings_are_masked_or_refused(tmp_path: Path) -> None:
    def add(parts: dict[str, bytes]) -> None:
        _calculated(parts)
        parts["customXml/item1.xml"] = "<x>王小五</x>".encode("utf-16")

    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("S")
    sheet.write_column("A1", ["客户姓名", "王小五"])
    book.close()
    changed_parts(path, add)
    share(path, tmp_path / "copy.xlsx", Terms())
    assert parts_of(tmp_path / "copy.xlsx")["customXml/item1.xml"].decode("utf-16") == "<x>王**</x>"
    for odd in ("<x>王小五</x>".encode("gb18030"), b"\0\1" + "王小五".encode("utf-16-le")):
        changed_parts(path, lambda parts, odd=odd: parts.update({"customXml/item1.xml": odd}))  # type: ignore[misc] # a lambda bound in a loop
        with pytest.raises(XlpError) as caught:
            share(path, tmp_path / "odd.xlsx", Terms())
        assert caught.value.code == "share_leak"
        assert not (tmp_path / "odd.xlsx").exists()


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "张三", "张**"),
        ("name", " 李 ", "李**"),
        ("name", "", ""),
        ("name", None, None),
        ("phone", "13800005678", "138****5678"),
        ("phone", "+86 138-0000-5678", "138****5678"),
        ("phone", "１３８００００５６７８", "138****5678"),
        ("phone", 13800005678.0, "138****5678"),
        ("phone", "0755-12345678", "****678"),
        ("phone", "1234567", "****567"),
        ("phone", "8012", "***"),
        ("phone", "未留电", "未留电"),
        ("address", "广东省深圳市南山区科技路1号", "广东省深圳市南山区"),
        ("address", "深圳市南山区", "深圳市南山区"),
        ("address", "阳光小区3栋302", None),
        ("address", "上海市阳光小区3栋302", "上海市"),
        ("address", "百佳超市楼上", None),
        ("address", "3 High Street", None),
        ("plate", "粤B12345", "粤B*****"),
        ("employer", "某公司", None),
        ("birthday", 37251.0, None),
        ("removed", 30000.0, None),
        ("free", "很急", None),
    ],
)
def test_masks(kind: str, value: Value, shown: Value) -> None:
    assert masked_value(kind, value) == shown


def test_numbers_that_look_personal() -> None:
    assert contacts_hidden("证440300199001011234") == "证****234"
    assert contacts_hidden("编号20260302-001,20260302,1500000") == "编号20260302-001,20260302,1500000"
    assert contacts_hidden("a138 0000 5678b") == "a138****5678b"


def test_people_of_a_cell() -> None:
    assert people_in("王小五/赵小六女士") == {"王小五/赵小六女士", "王小五/赵小六", "王小五", "赵小六女士", "赵小六"}


def test_a_sheet_written_with_prefixes(tmp_path: Path) -> None:
    cells = (
        "<x:row r='1'><x:c r='A1' t='inlineStr'><x:is><x:t>客户姓名</x:t></x:is></x:c></x:row>"
        "<x:row r='2'><x:c t='inlineStr' r='A2' s='0'><x:is><x:r><x:t>王小</x:t></x:r><x:r><x:t>五</x:t></x:r></x:is>"
        "</x:c><x:c r='B2' t='str'><x:f>\"找\"&amp;A2</x:f><x:v>找王小五</x:v></x:c></x:row>"
    )
    whole = f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData>{cells}</x:sheetData></x:worksheet>"
    path = raw_book(tmp_path / "book.xlsx", {"S": ""}, whole={"S": whole})
    share(path, tmp_path / "copy.xlsx", Terms())
    found = CalamineWorkbook.from_path(str(tmp_path / "copy.xlsx")).get_sheet_by_index(0).to_python()
    assert [list(row) for row in found] == [["客户姓名", ""], ["王**", "找王**"]]
    assert "小五" not in parts_of(tmp_path / "copy.xlsx")["xl/worksheets/sheet1.xml"].decode()


def tidy(path: Path) -> None:
    """The book as if a spreadsheet had calculated it."""
    path.write_bytes(tidied(path.read_bytes()))


def test_captions_above_a_table_are_no_labels(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet = book.add_worksheet("客户")
        sheet.write_row("A4", ["客户（请填写）", "三种视角", "跟进（请填写）", "说明"])
        sheet.add_table(
            "A5:D7", {"name": "t", "columns": [{"header": one} for one in ("编号", "金额", "首付", "级别")]}
        )
        sheet.write_row("A6", ["K1", 1_380_000, 1_380_000, "A"])
    tidy(tmp_path / "book.xlsx")
    share(tmp_path / "book.xlsx", tmp_path / "out.xlsx", Terms())
    shown = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in shown[4]] == ["客户（请填写）", "三种视角", "跟进（请填写）", "说明"]
    assert [cell.value for cell in shown[6]] == ["K1", 1_380_000, None, "A"]


def test_a_count_beside_the_word_for_customers_stays(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet = book.add_worksheet("落位")
        sheet.write_row("A1", ["客户", 500])
        sheet.write_row("D3", ["单价 16,500元", "共500套"])
    tidy(tmp_path / "book.xlsx")
    share(tmp_path / "book.xlsx", tmp_path / "out.xlsx", Terms())
    shown = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert (shown["B1"].value, shown["D3"].value, shown["E3"].value) == (500, "单价 16,500元", "共500套")


def test_names_that_a_formula_shows_with_stars_stay_so(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx")) as book:
        sheet = book.add_worksheet("房源")
        sheet.write_row("A1", ["房号", "诚意客户", "联系电话"])
        sheet.write_row("A2", ["1-101", None, "10000000001"])
        sheet.write_formula("B2", '="C1 张**"', None, "C1 张**")
    tidy(tmp_path / "book.xlsx")
    share(tmp_path / "book.xlsx", tmp_path / "out.xlsx", Terms())
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active["B2"].value == "C1 张**"
