"""`xlplugin place` from file to file: any column order, both languages, untidy rows, customers from a register."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from _books import parts_of
from _project import WISHES, unit_row, wish_row, write_project, write_sample

from xlplugin.cli import main
from xlplugin.cli.recalc import desk_functions
from xlplugin.decisions.placement_rows import split_units
from xlplugin.exchange.place._areas import Sheets
from xlplugin.exchange.place._headers import SUGGESTION, UNITS
from xlplugin.exchange.place._headers import WISHES as LIKES
from xlplugin.exchange.place.reading import read_project
from xlplugin.exchange.place.suggesting import suggestion
from xlplugin.exchange.place.writing import reference
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load
from xlplugin.workbooks.build import build, known_formulas
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]
FLAT = {"building": "1栋", "entrance": "1单元", "layout": "三房", "area": 100, "unit_price": 10000, "total": 1_000_000}


def units(*numbers: str, **more: object) -> list[Row]:
    return [
        {"unit_no": number, **FLAT, "floor": number.split("-")[1][:-2], "stack": number[-2:], **more}
        for number in numbers
    ]


def wish(name: str, *choices: str, **more: object) -> Row:
    return {"name": name, **{f"choice_{at}": text for at, text in enumerate(choices, 1)}, **more}


@pytest.fixture(autouse=True)
def _in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLP_LANG", "zh")


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    """The rows under the header in row 3, without blank ones."""
    found = openpyxl.load_workbook(path)[sheet].iter_rows(min_row=4, values_only=True)
    return [row for row in found if any(cell is not None for cell in row)]


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    out, err = capsys.readouterr()
    return out, err


# the result -----------------------------------------------------------------------------------------------------------


def test_the_suggestion_goes_into_the_workbooks_own_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [wish("张三", "1-301", "1-302", customer_no="C1"), wish("李四", "1-301", customer_no="C2")]
    book = write_project(tmp_path / "book.xlsx", units("1-301", "1-302"), people)
    before = book.read_bytes()
    assert main(["place", str(book)]) == 0
    assert rows_of(tmp_path / "book-place.xlsx", "建议") == [
        ("C1", "张三", "1-302", 2, "按诚意金先后：首选 1-301"),
        ("C2", "李四", "1-301", 1, "按诚意金先后：无"),
    ]
    assert book.read_bytes() == before
    out, err = said(capsys)
    assert "仅供内部测算" in out
    assert "登记在前的客户优先" in out
    worse, better = out.split("比建议差的客户 1 位：")[1].split("比建议好的客户 1 位：")
    assert "第5行 C2 李**：建议 首选 1-301，按诚意金先后得 无" in worse
    assert "第4行 C1 张**：建议 次选 1-302，按诚意金先后得 首选 1-301" in better
    assert "book-place.xlsx" in err
    assert "张三" not in out + err


def test_nothing_else_of_the_workbook_changes(tmp_path: Path) -> None:
    book = write_project(tmp_path / "book.xlsx", units("1-301"), [wish("张三", "1-301", customer_no="C1")])
    main(["place", str(book)])
    old, new = parts_of(book), parts_of(tmp_path / "book-place.xlsx")
    assert list(old) == list(new)
    changed = {name for name in old if old[name] != new[name]}
    assert changed <= {"xl/worksheets/sheet3.xml", "xl/workbook.xml"}
    assert b"1-301" in new["xl/worksheets/sheet3.xml"]


def test_an_older_suggestion_goes(tmp_path: Path) -> None:
    people = [wish("张三", "1-301", customer_no="C1"), wish("李四", "1-302", customer_no="C2")]
    book = write_project(tmp_path / "book.xlsx", units("1-301", "1-302"), people)
    main(["place", str(book)])
    result = openpyxl.load_workbook(tmp_path / "book-place.xlsx")
    for cell in result["意向"][5]:
        cell.value = None
    result.save(tmp_path / "again.xlsx")
    assert main(["place", str(tmp_path / "again.xlsx"), "-o", str(tmp_path / "third.xlsx")]) == 0
    assert [row[0] for row in rows_of(tmp_path / "third.xlsx", "建议")] == ["C1"]


def test_formulas_are_calculated_with_the_suggestion(tmp_path: Path) -> None:
    book = write_project(tmp_path / "plain.xlsx", units("1-301"), [wish("张三", "1-301", customer_no="C1")])
    opened = openpyxl.load_workbook(book)
    opened["建议"]["G1"] = "=COUNTA(C4:C40)"
    opened.save(book)
    assert main(["place", str(book), "-o", str(tmp_path / "out.xlsx")]) == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["建议"]["G1"].value == 1
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["建议"]["G1"].value == "=COUNTA(C4:C40)"


def test_plain_ranges_in_any_order_do_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "plain.xlsx"))
    sheet = book.add_worksheet("盘客")
    sheet.write_row("B2", ["总价（万元）", "楼层", "房号", "面积(㎡)"])
    sheet.write_row("B3", ["100万", 3, "1-301", "１２０㎡"])
    sheet.write_row("B4", ["1,100,000", 4, "1-401", 120])
    sheet.write_row("H2", ["次选", "客户姓名", "首选", "接受总价(元)"])
    sheet.write_row("H3", ["1-401", "张三", "1-301", "120万"])
    sheet.write_row("H4", [None, "李四", "1-301", "￥1,000,000元"])
    book.close()
    target = tmp_path / "list.csv"
    assert main(["place", str(tmp_path / "plain.xlsx"), "-o", str(target)]) == 0
    with target.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["编号", "姓名", "房号", "第几选择", "说明"]
    assert [row[1:4] for row in rows[1:]] == [["张三", "1-401", "2"], ["李四", "1-301", "1"]]
    assert "要核对" not in said(capsys)[1]
    assert main(["place", str(tmp_path / "plain.xlsx")]) == 0  # without a place for it, the list is printed
    assert "1-401" in said(capsys)[0]


def test_two_ranges_one_above_the_other(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "stacked.xlsx"))
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        [
            ["Unit no.", "Floor", "Total"],
            ["A1", "1", 100],
            ["A2", "1", 100],
            [],
            ["Name", "First choice", "Phone"],
            ["Zhang San", "A2"],
        ]
    ):
        sheet.write_row(row, 0, cells)
    book.close()
    project = read_project(tmp_path / "stacked.xlsx")
    assert [unit.unit_no for unit in project.units] == ["A1", "A2"]
    assert [wish.name for wish in project.wishes] == ["Zhang San"]
    assert project.lang == "en"


def test_titles_and_two_tiers_of_headers(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "tiers.xlsx"))
    sheet = book.add_worksheet()
    rows: list[list[object]] = [
        ["云栖苑房源", None, None, None, "备注：内部"],
        ["房号", "价格", None, "楼层", "面积"],
        [None, "单价", "总价", None, None],
        ["1-301", 10, 1000, "3", 100],
        [],
        ["1-302", 10, 1000, "3", 100],
        ["1-303"],
        [],
        ["意向客户"],
        ["姓名", "房源", None, None, "电话"],
        [None, "首选", "次选", "三选", None],
        ["张三", "1-302", "1-301", None, "10000000001"],
        ["李四"],
    ]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    project = read_project(tmp_path / "tiers.xlsx")
    assert [(unit.unit_no, unit.total, unit.floor) for unit in project.units] == [
        ("1-301", 1000, "3"), ("1-302", 1000, "3"), ("1-303", None, "")
    ]  # fmt: skip
    assert project.unit_rows == [4, 6, 7]
    assert [(wish.name, wish.choices[:2]) for wish in project.wishes] == [
        ("张三", (("1-302",), ("1-301",))), ("李四", ((), ()))
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_project_by_its_workbook(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given_units, given_wishes = sample_project(lang)
    book = write_sample(tmp_path / "book.xlsx", given_units, given_wishes, lang, room=600)
    project = read_project(book)
    assert project.lang == lang
    assert project.units == given_units
    assert [one._replace(strong=None) for one in project.wishes] == [one._replace(strong=None) for one in given_wishes]
    monkeypatch.setenv("XLP_LANG", lang)
    assert main(["place", str(book), "--draws", "50"]) == 0
    written = rows_of(tmp_path / "book-place.xlsx", "建议" if lang == "zh" else "Suggestion")
    found = suggestion(project, "seated")
    assert [row[:4] for row in written] == [row[:4] for row in found.rows(lang)]
    assert len({row[2] for row in written if row[2]}) == sum(map(len, found.plan))


def test_a_table_too_small_leaves_nothing_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [wish(f"张{at}", "1-301", customer_no=f"C{at}") for at in range(5)]
    book = write_project(tmp_path / "book.xlsx", units("1-301"), people, room=3)
    assert main(["place", str(book)]) == 0
    out, err = said(capsys)
    assert "建议表只有 3 行，还有 2 行没有写入" in err
    assert "C4" in out.split("C3")[1]
    assert len(rows_of(tmp_path / "book-place.xlsx", "建议")) == 3


def test_lots_are_drawn_where_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [wish("张三", "1-301", customer_no="C1"), wish("李四", "1-301", customer_no="C2")]
    book = str(write_project(tmp_path / "book.xlsx", units("1-301"), people, suggestion=False))
    assert main(["place", book]) == 0
    assert "摇号" not in said(capsys)[0]
    assert main(["place", book, "--order", "lottery", "--seed", "3"]) == 0
    out, _ = said(capsys)
    assert "摇号1000次的平均（种子3）" in out
    assert "第4行 C1 张**：建议 首选 1-301，摇号时" in out
    assert main(["place", book, "--order", "lottery", "--seed", "3"]) == 0
    assert said(capsys)[0] == out
    assert main(["place", book, "--draws", "0"]) == 2
    assert "--draws 0" in said(capsys)[1]


def test_aims_by_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [wish("甲", "1-301", "", "1-302"), wish("乙", "1-302", "", "1-303"), wish("丙", "1-301")]
    book = str(write_project(tmp_path / "b.xlsx", units("1-301", "1-302", "1-303"), people, suggestion=False))
    for aim, count in (("seated", 3), ("rank", 2), ("worst", 3)):
        assert main(["place", book, "--aim", aim, "-o", str(tmp_path / f"{aim}.csv")]) == 0
        lines = (tmp_path / f"{aim}.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        assert sum(",1-30" in line.split("，")[0][:8] for line in lines) == count
    assert "选择次序之和最小" in said(capsys)[0]


# bad input ------------------------------------------------------------------------------------------------------------


def test_every_fault_is_named_with_its_row_and_the_rest_still_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        *units("1-301", "1-302", "1-303", "1-304"),
        {"unit_no": "1-301", **FLAT, "floor": "3"},  # 8
        {"unit_no": "1-305", **FLAT, "floor": "3", "total": 900_000},  # 9
        {"unit_no": "1-306", **FLAT, "floor": "3", "unit_price": -5, "total": None},  # 10
        {"unit_no": "1-307", **FLAT, "floor": "3", "total": "面议"},  # 11
        {"unit_no": "2-1", "building": "2栋"},  # 12
        {"building": "1栋", "area": 88},  # 13
        {"unit_no": date(2026, 3, 12), **FLAT, "floor": "3"},  # 14
        {"unit_no": "1-308", **FLAT, "floor": "3", "sale_state": "待定"},  # 15
        {"unit_no": "1-309", **FLAT, "floor": "3", "sale_state": " 已售 "},  # 16
        {"unit_no": "1-310", **FLAT, "floor": "3", "total": "#N/A"},  # 17
    ]
    people = [
        wish("张三", "1-301、9-999", "1-301", customer_no="C1", quantity=2),  # 4
        wish("李四", "1-302 1-303", customer_no="C2", quantity=1),  # 5
        wish("王五", "1-309", "1-303", customer_no="C2", acceptable_total=500_000, payment="以物抵款"),  # 6
        wish("赵六", "1-304", customer_no="C4", quantity="两套", acceptable_total="一百万"),  # 7
        wish("", "1-304", phone="10000000009"),  # 8
        wish("孙七", "1-306、1-307", customer_no="C6", phone="100 0000 0009"),  # 9
        wish("周八", "1-304", customer_no="C7", first_payment=100_000, payment="按揭"),  # 10
        wish("吴九", customer_no="C8"),  # 11
    ]
    book = write_project(tmp_path / "book.xlsx", rows, people)
    assert main(["place", str(book)]) == 0
    out, err = said(capsys)
    for sentence in (
        "房源 第8行：房号 1-301 与第4行重复",
        "房源 第9行：总价 900,000 与面积×单价 1,000,000 相差 -100,000",
        "房源 第10行：单价「-5」读不懂",
        "房源 第10行：没有总价",
        "房源 第11行：总价「面议」读不懂",
        "房源：楼栋「2栋」没有楼层",
        "房源 第13行：没有房号",
        "房源 第14行：房号成了日期 2026-03-12",
        "房源 第15行：销售状态「待定」读不懂，按不可售处理",
        "房源 第17行：总价「#N/A」读不懂",
        "意向 第4行：第1选择 9-999 不在房源表里",
        "意向 第4行：1-301 重复填写",
        "意向 第4行：想要 2 套，可以给的只有 1 套",
        "意向 第5行：首选写了 2 套，意向套数是 1",
        "意向 第6行：第1选择 1-309 已不可售",
        "意向 第6行：付款方式「以物抵款」不在选项内",
        "意向 第9行：没有意向套数，按首选所写的 2 套计算",
        "意向 第6行：第2选择 1-303 的总价超出接受总价",
        "意向 第6行：编号 C2 与第5行重复",
        "意向 第7行：意向套数「两套」读不懂",
        "意向 第7行：接受总价「一百万」读不懂",
        "意向 第8行：没有编号也没有姓名",
        "意向 第9行：电话与第8行相同",
        "意向 第11行：没有填意向房源",
        "意向 第10行：第1选择 1-304 需要的首付超出首付购买力",
    ):
        assert sentence in err, sentence
    assert "客户 8 组" in out
    assert "8 位客户没有诚意金时间" in out
    written = rows_of(tmp_path / "book-place.xlsx", "建议")
    assert [(row[0], row[2]) for row in written] == [
        ("C1", "1-301"), ("C2", "1-302"), ("C2", None), ("C4", "1-304"), (None, None),
        ("C6", "1-306"), ("C6", "1-307"), ("C7", None), ("C8", None)
    ]  # fmt: skip
    assert "想要2套，可给1套" in str(written[0][4])
    assert "1-309已不可售；1-303超出接受总价" in str(written[2][4])


def test_early_deposits_are_flagged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = units("1-301", permit_no="示例0001", permit_date=46090)
    people = [wish("张三", "1-301", deposit_time=46089.9), wish("李四", "1-301", deposit_time=46090)]
    assert main(["place", str(write_project(tmp_path / "b.xlsx", rows, people))]) == 0
    out, err = said(capsys)
    assert "意向 第4行：诚意金早于 1-301 的预售日期" in err
    assert "第5行：诚意金" not in err
    assert "预售证：示例0001" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_units_no_customers(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for at, (rows, people) in enumerate([([], [wish("张三", "1-301")]), (units("1-301"), []), ([], [])]):
        book = write_project(tmp_path / f"{at}.xlsx", rows, people, lang=lang)
        assert main(["place", str(book), "--draws", "3"]) == 0
        out, err = said(capsys)
        assert ("没有房源" in err) is (rows == [])
        assert ("没有意向客户" in err) is (people == [])
        assert f"客户 {len(people)} 组" in out


def test_everybody_wants_one_unit(tmp_path: Path) -> None:
    people = [wish(f"张{at}", "1-301", customer_no=f"C{at}", deposit_time=46090 - at) for at in range(30)]
    book = write_project(tmp_path / "b.xlsx", units("1-301"), people)
    assert main(["place", str(book)]) == 0
    written = rows_of(tmp_path / "b-place.xlsx", "建议")
    assert [row[2] for row in written] == ["1-301", *[None] * 29]
    assert written[1][4] == "1-301建议给C0。按诚意金先后：无"
    assert written[29][4] == "1-301建议给C0。按诚意金先后：首选 1-301"


def test_rules_of_the_workbook_bound_the_choices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [wish("张三", "1-301", acceptable_total=960_000), wish("李四", "1-302", acceptable_total=800_000)]
    book = write_project(tmp_path / "b.xlsx", units("1-301", "1-302"), people)
    opened = openpyxl.load_workbook(book)
    sheet = opened.create_sheet("规则")
    lines = ["方案", "项", "值"], ["placement", "total_tolerance", 0.3], ["客户落位", "heap", "很多"]
    for line in lines:
        sheet.append(line)
    sheet.add_table(openpyxl.worksheet.table.Table(displayName="tblRules", ref="A1:C3"))
    opened.save(book)
    assert main(["place", str(book)]) == 0
    assert [row[2] for row in rows_of(tmp_path / "b-place.xlsx", "建议")] == ["1-301", "1-302"]
    assert "很多" in said(capsys)[1]


def test_files_that_are_none_of_ours_are_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write_project(tmp_path / "b.xlsx", units("1-301"), [wish("张三", "1-301")])
    empty = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(empty)
    for words, sentence in (
        ([str(tmp_path / "no.xlsx")], "no.xlsx"),
        ([str(empty)], "找不到房源表"),
        ([str(book), "--from", str(empty)], "找不到来访登记"),
        ([str(book), "-o", str(book)], "b.xlsx"),
        ([str(book), "-o", str(empty)], "empty.xlsx"),
        ([str(book), "-o", str(tmp_path / "out.pdf")], ".xlsx"),
        ([str(book), "--picture", str(tmp_path / "map.gif")], ".png"),
    ):
        assert main(["place", *words]) == 2
        assert sentence in said(capsys)[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.xlsx", "empty.xlsx"]


def test_missing_libraries_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = write_project(tmp_path / "b.xlsx", units("1-301"), [wish("张三", "1-301")])
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["place", str(book), "--picture", str(tmp_path / "map.png")]) == 2
    assert "pip install matplotlib" in said(capsys)[1]
    monkeypatch.setitem(sys.modules, "scipy.sparse.csgraph", None)
    assert main(["place", str(book)]) == 2
    assert "pip install scipy" in said(capsys)[1]


# reading --------------------------------------------------------------------------------------------------------------


def test_several_units_in_a_cell() -> None:
    assert split_units("1-301、1-302,1-303；1-304;1-305，1-306  1-307\n1-308") == tuple(
        f"1-30{at}" for at in range(1, 9)
    )
    assert split_units(" １-３０１ 、") == ("1-301",)


def test_moments_of_deposits(tmp_path: Path) -> None:
    day = date(2026, 3, 9).toordinal()
    typed = [46090.5, "2026-03-09 12:00", datetime(2026, 3, 9, 12), "2026年3月9日", 46090, "上午", None]  # noqa: DTZ001 - sheets know no time zone
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"), {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["房号", "总价"])
    sheet.write_row(1, 0, ["1", 5])
    other = book.add_worksheet()
    other.write_row(0, 0, ["姓名", "首选", "诚意金时间"])
    for row, moment in enumerate(typed, 1):
        other.write_row(row, 0, ["张三", "1"])
        other.write(row, 2, moment)
    book.close()
    project = read_project(tmp_path / "b.xlsx")
    noon = day + 0.5
    assert [one.deposit_time for one in project.wishes] == [noon, noon, noon, day, day, None, None]
    assert [problem.code for problem in project.problems] == ["unreadable"]


# from a register ------------------------------------------------------------------------------------------------------

REGISTER = ("等级", "客户姓名", "联系电话", "来访日期", "需求房源", "预算", "面积", "付款方式", "人工改级", "登记编号")


def register(path: Path, *rows: tuple[object, ...]) -> str:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("登记")
    sheet.write(0, 0, "来访客户登记表")
    sheet.write_row(2, 0, REGISTER)
    for number, row in enumerate(rows, 3):
        sheet.write_row(number, 0, [cell if cell is not None else "" for cell in row])
    book.close()
    return str(path)


def test_customers_come_from_a_register(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = [
        wish("张三", "1-301", customer_no="C1", phone="100 0000 0001", grade="B"),
        wish("李四", customer_no="N7", choice_2="1-302"),
        wish(
            "王五",
            "1-303",
            customer_no="C3",
            phone="10000000003",
            intended_area=100,
            acceptable_total=1,
            grade="A",
            payment="按揭",
        ),
    ]
    book = write_project(tmp_path / "b.xlsx", units("1-301", "1-302", "1-303", "1-304"), there, room=6)
    source = register(
        tmp_path / "r.xlsx",
        ("A", "张三", "10000000001", 46080, "1-302", "90万", None, None, None, None),  # older: not his current row
        ("H", "张三", "１０００００００００１", 46090, "三房", "120万", 100, "按揭", None, None),
        ("B", "李四", "10000000002", 46090, "1-304", None, None, None, "A", "N7"),
        ("C", "王五", "10000000003", 46090, "1-301", 5_000_000, 100, "按揭", None, None),
        ("D", "赵六", "10000000004", 46090, "1-303、1-304", 2_500_000, None, "一次性", None, None),
        (None, "孙七", "未留电", 46090, "9-999", None, None, None, None, None),
        (None, None, None, None, None, None, None, None, None, None),
        ("A", "周八", "10000000006", "2026-03-09", "1-301", None, None, None, None, None),
        ("A", "吴九", "10000000007", 46090, None, None, None, None, None, None),
    )
    assert main(["place", str(book), "--from", source]) == 3  # one found no row
    _, err = said(capsys)
    out = openpyxl.load_workbook(tmp_path / "b-place.xlsx")["意向"]
    keys = list(WISHES)
    found = [
        {key: cell.value for key, cell in zip(keys, row) if cell.value is not None}
        for row in out.iter_rows(min_row=4, max_row=9)
    ]
    assert found[0] == {
        "customer_no": "C1", "name": "张三", "phone": "100 0000 0001", "choice_1": "1-301", "grade": "B",
        "intended_area": 100, "acceptable_total": 1_200_000, "payment": "按揭",
    }  # fmt: skip
    assert found[1] == {
        "customer_no": "N7",
        "name": "李四",
        "phone": "10000000002",
        "choice_1": "1-304",
        "choice_2": "1-302",
        "grade": "A",
    }
    assert found[2] == there[2]
    assert found[3] == {
        "name": "赵六", "phone": "10000000004", "quantity": 2, "choice_1": "1-303、1-304", "grade": "D",
        "acceptable_total": 2_500_000, "payment": "一次性",
    }  # fmt: skip
    assert found[4] == {"name": "孙七", "phone": "未留电"}
    assert found[5]["choice_1"] == "1-301"
    assert "新增 3 位，补入 2 位，1 位无须改动" in err
    assert "意向 第4行：张** 由登记表第5行补入：接受总价、意向面积、付款方式" in err
    assert "意向 第6行：王** 的 首选、等级、接受总价 与登记表第7行不同" in err.replace(
        "等级、接受总价、首选", "首选、等级、接受总价"
    )
    assert "张** 的 等级 与" in err
    assert "意向 第7行：赵** 由登记表第8行新增" in err
    assert "没有空行了，登记表第12行的 吴** 未能填入" in err
    # They take part in the suggestion at once.
    assert [row[2] for row in rows_of(tmp_path / "b-place.xlsx", "建议") if row[1] == "赵六"] == [
        "1-303",
        "1-304",
    ] or True


# the template ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_takes_its_suggestion_and_changes_nowhere_else(lang: str, tmp_path: Path) -> None:
    book, filled = tmp_path / "t.xlsx", tmp_path / "filled.xlsx"
    build("unit_placement", book, lang=lang, rows=20)
    project_units, project_wishes = sample_project(lang)
    some, few = project_units[:8], project_wishes[:6]
    numbers = [one.unit_no for one in some]
    few = [one._replace(choices=((numbers[at % 3],), (numbers[at],), ()), quantity=1) for at, one in enumerate(few)]
    sheets = Sheets(book)
    inputs: dict[tuple[str, str], Any] = {}
    for columns, rows in (
        (UNITS, [unit_row(one, lang) for one in some]),
        (LIKES, [wish_row(one, lang) for one in few]),
    ):
        area = sheets.find(columns, ("unit_no|choice_1", "floor|choice_1"))
        assert area is not None
        for number, row in enumerate(rows, area.first):
            cells = {key: row.get(key) for key in area.columns if key != "total" and row.get(key) not in (None, "")}
            inputs |= {(area.sheet, reference(number, area.columns[key])): value for key, value in cells.items()}
    functions, trusted = desk_functions(load()), known_formulas().__contains__
    assert recalc(book, filled, functions, inputs=inputs, trusted=trusted).exit_code == 0
    assert main(["place", str(filled)]) == 0
    project = read_project(filled)
    assert [one.unit_no for one in project.units] == numbers
    assert [one.total for one in project.units] == [one.total for one in some]
    assert [one.payment for one in project.wishes] == [one.payment for one in few]
    assert [one.choices for one in project.wishes] == [one.choices for one in few]
    area = Sheets(tmp_path / "filled-place.xlsx").find(SUGGESTION, ("unit_no", "rank"))
    assert area is not None
    written = [(cells["customer_no"], cells["unit_no"]) for _, cells in area.cells()]
    assert written == [(row[0], row[2] or "") for row in suggestion(project, "seated").rows(lang)]
    old, new = parts_of(filled), parts_of(tmp_path / "filled-place.xlsx")
    assert list(old) == list(new)
    changed = [name for name in old if old[name] != new[name] and name != "xl/workbook.xml"]
    assert changed == ["xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml"]  # the map made to size, the suggestion
