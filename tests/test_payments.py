"""Payments taken in from accounting exports: what goes in, what changes, what is refused, and nothing twice."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from _books import changed_parts, parts_of
from _payment_book import ACCOUNTS, account_book
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplugin.cells import Unreadable
from xlplugin.cli import main
from xlplugin.errors import XlpError
from xlplugin.exchange._export import open_export
from xlplugin.exchange._ledger_cells import amount_of, is_local_currency, month_reader
from xlplugin.exchange.ledger_words import is_total, key_of, unit_of
from xlplugin.exchange.mapping import Mapping, read_mapping, save_mapping
from xlplugin.exchange.payments import TABLE_WORDS, Plan, plan_import
from xlplugin.exchange.payments_report import save_report, sentences
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts.places import open_book

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
HEADER = "客户编号,品项,月份,金额,凭证号,备注"
ROWS = ("K001,饮料,2026-03,1234.50,记-1,", "K002,粮油,2026-03,300,,", "K002,粮油,2026-03,-100,,退款")


def export(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join((header, *lines, "")).encode(encoding))
    return path


def planned(book: Path, source: Path, **options: Any) -> Plan:
    return plan_import(open_book(book), open_export(source, **options))


def plan_of(tmp_path: Path, *lines: str, header: str = HEADER, **book: Any) -> Plan:
    return planned(account_book(tmp_path / "book.xlsx", **book), export(tmp_path / "export.csv", *lines, header=header))


def held(book: Path) -> list[list[Any]]:
    rows = find_table(open_book(book), "tblPayments", TABLE_WORDS, ("amount",))
    return [row.values for row in rows.rows(tuple(TABLE_WORDS))]


def added(plan: Plan) -> list[tuple[Any, ...]]:
    """Account, product line, month, voucher and amount of what is added."""
    return [
        (key.account_no, key.product_line, f"{key.month:%Y-%m}", key.voucher, plan.sums.amounts[place])
        for place in plan.adds
        for key in [plan.payment(place)]
    ]


def refused(plan: Plan) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.why) for refusal in plan.refused]


# amounts and months ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (1234.5, 1234.5),
        (-3.0, -3.0),
        (7, 7.0),
        ("1234.50", 1234.5),
        ("1,234.00", 1234.0),
        ("1，234，567.8", 1234567.8),
        ("１２３４．５", 1234.5),
        ("¥1,234", 1234.0),
        ("￥ 1,234.5", 1234.5),
        ("CNY 1,234", 1234.0),
        ("1234 rmb", 1234.0),
        ("人民币1234元", 1234.0),
        ("1,234.5元", 1234.5),
        ("3万", 30000.0),
        ("3.55万元", 35500.0),
        ("¥0.29万", 2900.0),
        ("(1,234.00)", -1234.0),
        ("（1,234.00）", -1234.0),
        ("¥(1,234.00)", -1234.0),
        ("(¥1,234.00)", -1234.0),
        ("[56]", -56.0),
        ("1,234.00-", -1234.0),
        ("-1,234.00", -1234.0),
        ("－1234", -1234.0),
        ("-¥3万", -30000.0),
        ("红字1,234.00", -1234.0),
        ("(红字)56", -56.0),
        ("56（红字）", -56.0),
        ("红字-56", -56.0),
        ("+5", 5.0),
        (".5", 0.5),
        ("0", 0.0),
        ("-", 0.0),
    ],
)
def test_amounts(cell: object, amount: float) -> None:
    assert amount_of(cell) == amount


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", "payment_blank"),
        (None, "payment_blank"),
        ("   ", "payment_blank"),
        (float("nan"), "payment_amount"),
        (float("inf"), "payment_amount"),
        ("一百", "payment_amount"),
        ("1,2345", "payment_amount"),
        ("12,34", "payment_amount"),
        ("1.2.3", "payment_amount"),
        ("1e5", "payment_amount"),
        ("1 234 5x", "payment_amount"),
        ("(-5)", "payment_amount"),
        ("--5", "payment_amount"),
        ("-5-", "payment_amount"),
        ("约500", "payment_amount"),
        ("元", "payment_amount"),
        (True, "payment_amount"),
        (date(2026, 3, 1), "payment_amount"),
        ("#N/A", "error_value"),
        ("USD 100", "payment_currency"),
        ("$100", "payment_currency"),
        ("HK$100", "payment_currency"),
        ("100美元", "payment_currency"),
        ("€5", "payment_currency"),
    ],
)
def test_amounts_that_are_none(cell: object, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        amount_of(cell)
    assert caught.value.why == why


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03",
        "2026/3",
        "2026.3",
        "2026.03",
        "202603",
        202603.0,
        202603,
        "2026年3月",
        "2026年03月",
        "2026年3月份",
        "２０２６年３月",
        "2026年第3期",
        "2026-03-15",
        "2026/3/1",
        "20260331",
        "2026年3月31日",
        date(2026, 3, 31),
        datetime(2026, 3, 1, 23, 59),  # noqa: DTZ001 - a cell has no time zone
        46082.0,
        46112.9,
    ],
)
def test_months(cell: object) -> None:
    assert month_reader()(cell) == 2026 * 12 + 2


@pytest.mark.parametrize(
    "cell", ["", None, "三月", "2026-13", "2026-00", "3", 3.0, "2026.1", "03/2026", "26-03", "1849-01", "#N/A", True]
)
def test_months_that_are_none(cell: object) -> None:
    with pytest.raises(Unreadable) as caught:
        month_reader()(cell)
    assert caught.value.why == "payment_month"


@pytest.mark.parametrize("cell", ["", None, "CNY", "人民币", "rmb", "￥", "ＣＮＹ"])
def test_the_currency_that_is_ours(cell: object) -> None:
    assert is_local_currency(cell)
    assert not is_local_currency("USD")


def test_words_of_exports() -> None:
    assert [
        key_of(word) for word in ("往来单位编号", "客户编码", " Customer  No. ", "回款金额（元）", "金额(万元)", "某列")
    ] == [
        "account_no",
        "account_no",
        "account_no",
        "amount",
        "amount",
        "",
    ]
    assert [unit_of(word) for word in ("金额(万元)", "金额（元）", "金额", "Amount (千元)")] == [10_000, 1, 1, 1_000]
    assert is_total("合 计:", part=False)
    assert is_total("K001 小计", part=True)
    assert not is_total("K001 小计", part=False)
    assert not is_total("合计商行", part=True)


# files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, sign: str) -> None:
    lines = [line.replace(",", sign) for line in ROWS]
    source = export(tmp_path / "e.csv", *lines, header=HEADER.replace(",", sign), encoding=encoding)
    plan = planned(account_book(tmp_path / "book.xlsx"), source)
    assert added(plan) == [
        ("K001", "饮料", "2026-03", "记-1", 1234.5),
        ("K002", "粮油", "2026-03", None, 200.0),
    ]


def test_titles_above_and_totals_within(tmp_path: Path) -> None:
    source = tmp_path / "e.csv"
    lines = [
        "某公司 2026年3月 回款明细",
        "",
        HEADER,
        *ROWS,
        "",
        "K002 小计,,,200,,",
        HEADER,
        ",,,1434.5,,本月合计",
        "合计,,,1434.5,,",
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    plan = planned(account_book(tmp_path / "book.xlsx"), source)
    assert (len(plan.adds), plan.refused) == (2, [])
    assert [(total.line, total.why) for total in plan.totals] == [
        (8, "payment_total"),
        (9, "payment_header"),
        (10, "payment_total"),
        (11, "payment_total"),
    ]
    assert plan.export.header_row == 3


def test_a_total_with_an_account_and_a_month_is_left_out_too(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, "K001,饮料,2026-03,100,记-1,", "K001,饮料,2026-03,100,,本月合计", "K001,小计,2026-03,100,,"
    )
    assert added(plan) == [("K001", "饮料", "2026-03", "记-1", 100.0)]
    assert [total.line for total in plan.totals] == [3, 4]


def test_a_workbook_as_an_export(tmp_path: Path) -> None:
    source = tmp_path / "e.xlsx"
    with xlsxwriter.Workbook(str(source), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("说明").write("A1", "回款导出")
        sheet = book.add_worksheet("明细")
        sheet.write("A1", "回款明细")
        sheet.write_row("A3", ["记账日期", "往来单位编码", "存货名称", "贷方金额", "凭证号"])
        sheet.write_row("A4", [date(2026, 3, 5), "K001", "饮料", 100.25, 17])
        sheet.write_row("A5", [date(2026, 3, 31), "K001", "饮料", -0.25, 18])
        sheet.write_row("A6", ["合计", None, None, 100])
    plan = planned(account_book(tmp_path / "book.xlsx"), source)
    assert added(plan) == [
        ("K001", "饮料", "2026-03", "17", 100.25),
        ("K001", "饮料", "2026-03", "18", -0.25),
    ]
    assert [total.line for total in plan.totals] == [6]
    with pytest.raises(XlpError) as caught:
        planned(tmp_path / "book.xlsx", source, sheet="没有")
    assert caught.value.code == "no_such_sheet"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("会计年度,会计期间,客户编码,产品线,收款金额", "2026,3,K001,饮料,5"),
        ("年,月,日,客户编码,产品线,收款金额", "2026,3,9,K001,饮料,5"),
        ("期间,记账日期,客户编码,产品线,收款金额", "3,2026-03-09,K001,饮料,5"),
        ("记账日期,客户编码,产品线,借方金额,贷方金额", "2026-03-09,K001,饮料,,5"),
        ("原币金额,币种,记账日期,客户编码,产品线,本币金额", "9,USD?,2026-03-09,K001,饮料,5"),
        ("Posting date;Customer no.;Item;Amount", "2026-03-09;K001;饮料;5"),
        ("收款日期,客户名称,商品名称,回款", "2026-03-09,甲商行,饮料,5"),
    ],
)
def test_columns_of_many_programs(tmp_path: Path, header: str, line: str) -> None:
    line = line.replace("USD?", "CNY")
    assert added(plan_of(tmp_path, line, header=header)) == [("K001", "饮料", "2026-03", None, 5.0)]


def test_an_amount_in_ten_thousands(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "K001,饮料,2026-03,1.25", header="客户编号,品项,月份,金额（万元）")
    assert added(plan) == [("K001", "饮料", "2026-03", None, 12500.0)]
    assert ("payments.note.unit", {"unit": 10_000, "header": "金额（万元）"}) in plan.notes


def test_a_changed_header_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(XlpError) as caught:
        plan_of(tmp_path, "K001,饮料,2026-03,5", header="客户编号,货品大类,月份,实收数")
    error = caught.value
    assert error.code == "payments_columns"
    assert error.facts["found"] == "account_no = 客户编号, month = 月份"
    assert error.facts["others"] == "货品大类, 实收数"
    for lang in ("zh", "en"):
        said = error.sentence(lang)
        assert "product_line" in said
        assert "amount" in said
        assert "--mapping" in said


def test_no_header_at_all(tmp_path: Path) -> None:
    with pytest.raises(XlpError) as caught:
        plan_of(tmp_path, "x,y,z", header="a,b,c")
    assert (caught.value.code, caught.value.facts["others"]) == ("payments_columns", "a, b, c")


@pytest.mark.parametrize("ending", ["toml", "json"])
def test_a_mapping_is_kept_and_used(tmp_path: Path, ending: str) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", "2026-03,K001,1.5", header='"所属""月""",编号乙,实收数')
    mapping = Mapping({"account_no": "编号乙", "month": '所属"月"', "amount": "实收数"}, {"product_line": "综合"})
    save_mapping(tmp_path / f"m.{ending}", mapping)
    assert read_mapping(tmp_path / f"m.{ending}") == mapping
    plan = planned(book, source, mapping=mapping)
    assert added(plan) == [("K001", "综合", "2026-03", None, 1.5)]
    changed = export(tmp_path / "e2.csv", "2026-03,K001,1.5", header="月份,编号乙,实收")
    with pytest.raises(XlpError) as caught:
        planned(book, changed, mapping=mapping)
    assert caught.value.code == "payments_columns"


@pytest.mark.parametrize(
    "text", ["[columns]\nnonsense = 'x'", "[colums]\n", "columns = 3", "[columns]\namount = 3", "x = ["]
)
def test_a_mapping_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(XlpError) as caught:
        read_mapping(tmp_path / "m.toml")
    assert caught.value.code == "payments_mapping"
    assert "account_no" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.csv", None, "file_missing"),
        ("bytes.csv", b"\x00\x01\x02", "not_a_table"),
        ("bad.csv", b"\xff\xff\x81", "csv_encoding"),
        ("empty.csv", b"", "payments_columns"),
        ("text.xlsx", b"hello", "not_a_workbook"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(XlpError) as caught:
        open_export(tmp_path / name)
    assert caught.value.code == code


# row by row -----------------------------------------------------------------------------------------------------------


def test_what_is_wrong_is_refused_and_the_rest_goes_in(tmp_path: Path) -> None:
    accounts = (*ACCOUNTS, ("K002", "乙二"), ("K006", "甲商行"))
    plan = plan_of(
        tmp_path,
        "K009,饮料,2026-03,5,,",
        "K002,饮料,2026-03,5,,",
        ",饮料,2026-03,5,,",
        "K003,,2026-03,5,,",
        "K003,饮料,,5,,",
        "K003,饮料,2026-13,5,,",
        "K003,饮料,2026-03,,,",
        "K003,饮料,2026-03,五,,",
        "K003,饮料,2026-03,$5,,",
        "#REF!,饮料,2026-03,5,,",
        "K003,#N/A,2026-03,5,,",
        "k003 ,饮料,2026-03,5,,",
        accounts=accounts,
    )
    assert refused(plan) == [
        (2, "payment_unknown_account"),
        (3, "payment_twice"),
        (4, "payment_no_account"),
        (5, "payment_no_line"),
        (6, "payment_month"),
        (7, "payment_month"),
        (8, "payment_blank"),
        (9, "payment_amount"),
        (10, "payment_currency"),
        (11, "error_value"),
        (12, "error_value"),
    ]
    assert added(plan) == [("K003", "饮料", "2026-03", None, 5.0)]
    for lang in ("zh", "en"):
        said = "\n".join(sentences(plan, lang))
        assert "None" not in said
        assert "K009" in said


def test_another_currency_in_its_own_column(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, "K001,饮料,2026-03,5,USD", "K001,饮料,2026-03,6,人民币", header="客户编号,品项,月份,金额,币种"
    )
    assert refused(plan) == [(2, "payment_currency")]
    assert added(plan) == [("K001", "饮料", "2026-03", None, 6.0)]


def test_a_debit_is_no_payment(tmp_path: Path) -> None:
    header = "客户编号,品项,月份,借方金额,贷方金额"
    plan = plan_of(
        tmp_path, "K001,饮料,2026-03,500,0.00", "K001,饮料,2026-03,500,", "K001,饮料,2026-03,,7", header=header
    )
    assert refused(plan) == [(2, "payment_debit"), (3, "payment_debit")]
    assert added(plan) == [("K001", "饮料", "2026-03", None, 7.0)]


def test_names_where_there_are_no_numbers(tmp_path: Path) -> None:
    accounts = (*ACCOUNTS, ("K006", "甲商行"))
    plan = plan_of(
        tmp_path,
        "乙商行,饮料,2026-03,5",
        "甲商行,饮料,2026-03,5",
        "无名,饮料,2026-03,5",
        "K003,饮料,2026-03,5",
        header="客户名称,品项,月份,金额",
        accounts=accounts,
    )
    assert refused(plan) == [(3, "payment_ambiguous"), (4, "payment_unknown_account")]
    assert [row[0] for row in added(plan)] == ["K002", "K003"]


def test_numbers_that_are_numbers_stay_so(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "1001,饮料,2026-03,5,,",
        "１００１,饮料,2026-03,5,,",
        "01001,饮料,2026-03,5,,",
        accounts=((1001, "甲"),),
        paid=(),
    )
    assert added(plan) == [(1001.0, "饮料", "2026-03", None, 10.0)]
    assert refused(plan) == [(4, "payment_unknown_account")]


def test_rows_of_one_key_are_summed_refunds_taken_off(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "K003,饮料,2026-03,0.1,,",
        "K003,饮料,2026/3/9,0.2,,",
        "K003, 饮料 ,202603,(0.1),,",
        "K003,饮料,2026-04,1,,",
    )
    assert added(plan) == [("K003", "饮料", "2026-03", None, 0.2), ("K003", "饮料", "2026-04", None, 1.0)]
    assert ("payments.note.summed", {"count": 1, "lines": 3}) in plan.notes


def test_the_same_voucher_line_twice_counts_once(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "K003,饮料,2026-03,5,V1,",
        "K003,饮料,2026-03,5,v1,",
        "K003,饮料,2026-03,6,V1,",
        "K003,粮油,2026-03,5,V1,",
    )
    assert refused(plan) == [(3, "payment_repeated")]
    assert added(plan) == [("K003", "饮料", "2026-03", "V1", 11.0), ("K003", "粮油", "2026-03", "V1", 5.0)]


def test_months_out_of_order_and_negative_months_go_in(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "K003,饮料,2026-05,5,,", "K003,饮料,2026-03,-5,,", "K003,饮料,2026-04,0,,")
    assert [row[2] for row in added(plan)] == ["2026-05", "2026-03", "2026-04"]
    assert refused(plan) == []
    assert ("payments.note.negative", {"count": 1}) in plan.notes


def test_one_line_that_paid_more_than_the_total_is_flagged(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "K003,饮料,2026-03,100,,", "K003,粮油,2026-03,-30,,", "K004,饮料,2026-03,100,,")
    over = [facts for key, facts in plan.notes if key == "payments.note.over_total"]
    assert over == [{"account": "K003", "month": "2026-03"}]
    assert len(plan.adds) == 3


# against what the book holds ------------------------------------------------------------------------------------------


def test_updates_and_what_is_there_already(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, "K001,饮料,2026-02,90000,v1,", "K002,粮油,2026-02,16000.5,,另一个备注", "K002,粮油,2026-03,1,,"
    )
    assert plan.same == 1
    assert [(update.row, update.old) for update in plan.updates] == [(7, 15000.0)]
    assert added(plan) == [("K002", "粮油", "2026-03", None, 1.0)]
    assert not any(key == "payments.note.lowered" for key, _ in plan.notes)
    plan.write(tmp_path / "out.xlsx")
    assert held(tmp_path / "out.xlsx") == [
        ["K001", "饮料", 46054.0, 90000.0, "V1", None],
        ["K002", "粮油", 46054.0, 16000.5, None, "首批"],
        ["K002", "粮油", 46082.0, 1.0, None, None],
    ]


def test_an_update_that_lowers_a_month_is_flagged(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "K002,粮油,2026-02,14000,,", "K001,饮料,2026-02,1,V1,")
    assert len(plan.updates) == 2
    assert ("payments.note.lowered", {"count": 1}) in plan.notes  # a voucher that was corrected is none


def test_a_month_with_and_without_vouchers_is_not_counted_twice(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "K001,饮料,2026-02,90001,,", "K002,粮油,2026-02,15001,V9,", "K002,饮料,2026-02,1,V9,")
    assert refused(plan) == [(2, "payment_other_manner"), (3, "payment_other_manner")]
    assert added(plan) == [("K002", "饮料", "2026-02", "V9", 1.0)]


def test_a_month_that_comes_to_the_same_with_vouchers_is_there_already(tmp_path: Path) -> None:
    lines = ("K002,粮油,2026-02,9000,V1,", "K002,粮油,2026-02,6000,V2,", "K001,饮料,2026-02,90000,,")
    plan = plan_of(tmp_path, *lines)
    assert (plan.same, plan.changes_nothing, plan.refused) == (3, True, [])


def test_an_export_of_both_manners_comes_again_unchanged(tmp_path: Path) -> None:
    lines = ("K003,饮料,2026-03,5,V1,", "K003,饮料,2026-03,6,,")
    plan = plan_of(tmp_path, *lines)
    assert len(plan.adds) == 2
    plan.write(tmp_path / "out.xlsx")
    again = planned(tmp_path / "out.xlsx", tmp_path / "export.csv")
    assert (again.same, again.changes_nothing, again.refused) == (2, True, [])
    more = planned(tmp_path / "out.xlsx", export(tmp_path / "more.csv", *lines, "K003,饮料,2026-03,7,V2,"))
    assert [row[3] for row in added(more)] == ["V2"]


def test_several_rows_of_one_key_in_the_book(tmp_path: Path) -> None:
    paid = (
        ("K003", "饮料", 46082, 5.0),
        ("K003", "饮料", 46082, 6.0),
        ("K004", "饮料", 46082, 5.0),
        ("K004", "饮料", 46082, 6.0),
    )
    plan = plan_of(tmp_path, "K003,饮料,2026-03,11,,", "K004,饮料,2026-03,12,,", paid=paid)
    assert plan.same == 1
    assert refused(plan) == [(3, "payment_several")]
    assert plan.refused[0].facts == {"rows": "8, 9"}


def test_rows_of_the_book_as_people_type_them(tmp_path: Path) -> None:
    paid = (
        ("k003", "饮料 ", "2026年3月", "1,000.00", " v1", None),
        ("K003", "粮油", "不详", 5.0),
        ("K099", "饮料", 46082, 5.0),
        ("K004", "饮料", 46082, "待定"),
    )
    plan = plan_of(tmp_path, "K003,饮料,2026-03,1000,V1,", "K004,饮料,2026-03,5,,", paid=paid)
    assert plan.same == 1
    assert refused(plan) == [(3, "payment_unread")]
    assert ("payments.note.unread", {"count": 2, "rows": "7, 8"}) in plan.notes


def test_a_formula_as_an_amount_is_not_overwritten(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet2.xml"

    def made(parts: dict[str, bytes]) -> None:
        old = b"<v>15000</v>"
        assert old in parts[sheet]
        parts[sheet] = parts[sheet].replace(old, b"<f>7500*2</f>" + old)

    book = changed_parts(account_book(tmp_path / "book.xlsx"), made)
    assert planned(book, export(tmp_path / "e.csv", "K002,粮油,2026-02,15000,,")).same == 1
    plan = planned(book, export(tmp_path / "e2.csv", "K002,粮油,2026-02,1,,"))
    assert refused(plan) == [(2, "payment_formula")]


# the command ----------------------------------------------------------------------------------------------------------

EXPORT = tuple(
    f"K00{at % 5 + 1},品{at % 4},2026-0{at % 3 + 1},{at * 100 + 50}.25,{f'V{at}' if at % 2 else ''},第{at}笔"
    for at in range(40)
)


def test_a_book_is_not_taken_into_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.xlsx"
    openpyxl.Workbook().save(book)
    before = book.read_bytes()
    assert main(["payments", str(book), "--into", str(book)]) == 2
    assert "--into" in capsys.readouterr().err
    assert book.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def imported(source: Path, book: Path, target: Path, *options: str) -> int:
    return main(["payments", str(source), "--into", str(book), "-o", str(target), *options])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_export_twice_leaves_the_file_byte_for_byte(tmp_path: Path, lang: str) -> None:
    book = account_book(tmp_path / "book.xlsx", lang=lang)
    read = book.read_bytes()
    source = export(tmp_path / "e.csv", *EXPORT, encoding="gb18030")
    assert imported(source, book, tmp_path / "one.xlsx") == 0
    assert imported(source, tmp_path / "one.xlsx", tmp_path / "two.xlsx") == 0
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert len(held(tmp_path / "one.xlsx")) > 12
    assert book.read_bytes() == read


def test_nothing_changes_but_rows_results_and_where_the_table_ends(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *EXPORT), book, tmp_path / "one.xlsx")
    before, after = parts_of(book), parts_of(tmp_path / "one.xlsx")
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    sheets = {f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 4)}  # results on 客户 and 概览, rows on 回款
    assert changed == {*sheets, "xl/tables/table2.xml", "xl/workbook.xml"}
    for name in sheets - {"xl/worksheets/sheet2.xml"}:
        assert _without_values(before[name]) == _without_values(after[name])


def _without_values(xml: bytes) -> bytes:
    import re  # noqa: PLC0415 - only here

    return re.sub(rb"<v>[^<]*</v>", b"", re.sub(rb' t="(?:str|n|e)"', b"", xml))


def test_results_are_those_of_the_new_payments(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *EXPORT), book, tmp_path / "one.xlsx")
    values = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)
    total = sum(row[3] for row in held(tmp_path / "one.xlsx"))
    assert values["概览"]["B2"].value == pytest.approx(total)
    assert [row[0].value for row in values["回款"]["D6:D30"]][:5] == [2026] * 5


def test_two_exports_that_overlap_count_nothing_twice(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx", paid=())
    one, two = export(tmp_path / "1.csv", *EXPORT[:25]), export(tmp_path / "2.csv", *EXPORT[10:])
    imported(one, book, tmp_path / "b1.xlsx", "--no-recalc")
    plan = planned(tmp_path / "b1.xlsx", two)
    assert {row[3] for row in added(plan) if row[3]} == {f"V{at}" for at in range(25, 40, 2)}
    imported(two, tmp_path / "b1.xlsx", tmp_path / "b2.xlsx", "--no-recalc")
    with_vouchers = [row for row in held(tmp_path / "b2.xlsx") if row[4]]
    assert sorted(row[3] for row in with_vouchers) == sorted(at * 100 + 50.25 for at in range(1, 40, 2))


def test_a_rehearsal_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", *ROWS)
    before = book.read_bytes()
    assert main(["payments", str(source), "--into", str(book), "--in-place", "--dry-run"]) == 0
    assert (book.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == (before, ["book.xlsx", "e.csv"])
    assert "K001" in capsys.readouterr().out


def test_in_its_place_the_old_file_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    before = book.read_bytes()
    source = export(tmp_path / "e.csv", *ROWS)
    command = ["payments", str(source), "--into", str(book), "--in-place"]
    assert main(command) == 0
    assert (tmp_path / "book.xlsx.bak").read_bytes() == before
    after = book.read_bytes()
    assert main(command) == 0
    assert (book.read_bytes(), (tmp_path / "book.xlsx.bak").read_bytes()) == (after, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "book.xlsx.bak", "e.csv"]
    capsys.readouterr()
    (tmp_path / ".~lock.book.xlsx#").touch()
    assert main([*command[:1], str(export(tmp_path / "e2.csv", "K003,a,2026-03,1,,")), *command[2:]]) == 2
    assert book.read_bytes() == after


def test_without_recalculation_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *ROWS), book, tmp_path / "out.xlsx", "--no-recalc")
    assert "recalc" in capsys.readouterr().err
    before, after = parts_of(book), parts_of(tmp_path / "out.xlsx")
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet2.xml"}


def test_other_peoples_formulas_follow_where_the_engine_can_be_believed(tmp_path: Path) -> None:
    """A formula that isn't ours is calculated anew if the engine gave the last program's answer before the import."""
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", "K003,a,2026-03,1,,"), book, tmp_path / "calculated.xlsx")
    sheet = "xl/worksheets/sheet4.xml"

    def wrong(parts: dict[str, bytes]) -> None:
        assert b"<v>210002</v>" in parts[sheet]
        parts[sheet] = parts[sheet].replace(b"<v>210002</v>", b"<v>12345</v>")  # as if another program saw it otherwise

    book = changed_parts(tmp_path / "calculated.xlsx", wrong)
    assert imported(export(tmp_path / "e2.csv", "K003,a,2026-04,9,,"), book, tmp_path / "out.xlsx") == 3
    values = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["概览"]
    assert (values["B2"].value, values["B4"].value) == (105010, 12345)


def test_the_report_names_every_row(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    lines = (
        "K001,=饮料,2026-03,5,,",
        "K009,饮料,2026-03,5,,",
        "K002,粮油,2026-02,1,,",
        "K003,a,2026-03,1,,",
        "K003,a,2026-03,2,,",
        "合计,,,14,,",
    )
    plan = planned(book, export(tmp_path / "e.csv", *lines))
    save_report(plan, tmp_path / "r.csv", "zh")
    raw = (tmp_path / "r.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [(row["动作"], row["导出行"], row["工作簿行"]) for row in rows] == [
        ("拒收", "3", ""),
        ("略过", "7", ""),
        ("更新", "4", "7"),
        ("新增", "2", ""),
        ("新增", "5", ""),
    ]
    assert (rows[2]["原金额"], rows[2]["金额"]) == ("15000.0", "1.0")
    assert rows[3]["品项"] == "'=饮料"
    assert rows[4]["说明"] == "2 行合为一笔"


def test_of_many_rows_the_first_are_shown(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, *(f"K003,品{at},2026-03,1,," for at in range(50)), *(f"X{at},a,2026-03,1,," for at in range(50))
    )
    said = list(sentences(plan, "zh", 5))
    assert sum("新增 K003" in line for line in said) == 5
    assert sum("另有 45 条" in line for line in said) == 2
    assert len(plan.adds) == len(plan.refused) == 50


@pytest.mark.parametrize(
    ("options", "code"),
    [(("-o", "book.xlsx"), 2), (("-o", "out.csv"), 2), (("--mapping", "none.toml"), 2), ((), 0)],
)
def test_where_the_result_goes(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", *ROWS)
    placed = [options[0], str(tmp_path / options[1])] if options else []
    assert main(["payments", str(source), "--into", str(book), "--no-recalc", *placed]) == code
    assert (tmp_path / "book-payments.xlsx").exists() is (code == 0)


@pytest.mark.parametrize("option", ["--report", "--save-mapping"])
@pytest.mark.parametrize("name", ["e.csv", "book.xlsx"])
def test_what_was_read_is_never_written_over(tmp_path: Path, option: str, name: str) -> None:
    book, source = account_book(tmp_path / "book.xlsx"), export(tmp_path / "e.csv", *ROWS)
    before = (tmp_path / name).read_bytes()
    assert imported(source, book, tmp_path / "out.xlsx", option, str(tmp_path / name)) == 2
    assert (tmp_path / name).read_bytes() == before


LINES = st.lists(
    st.tuples(
        st.sampled_from(["K001", "k002", " K003", "K009"]),
        st.sampled_from(["带凭证", "不带"]),
        st.sampled_from(["2026-01", "202602", "2026年3月"]),
        st.integers(-100, 100).map(lambda cents: cents / 100),
        st.integers(1, 4),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(first=LINES, second=LINES)
def test_any_two_exports_one_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, first: list[Any], second: list[Any]
) -> None:
    """Against a few lines of plain Python: by voucher, or replaced whole; and never anything twice."""
    folder = tmp_path_factory.mktemp("two")
    book = account_book(folder / "book.xlsx", paid=(), prepared=4)
    wanted: dict[tuple[str, str, int, str], float] = {}
    for number, lines in enumerate((first, second, second)):
        found: dict[tuple[str, str, int, str], list[float]] = {}
        texts = []
        for account, line, month, amount, voucher in lines:
            at = int(month.rstrip("月")[-1])
            marked = f"V{voucher}" if line == "带凭证" else ""
            texts.append(f"{account},{line},{month},{amount},{marked},")
            if account != "K009":
                paid = found.setdefault((account.strip().upper(), line, at, marked), [])
                if not (marked and paid and abs(sum(paid) - amount) < 0.005):  # the same voucher line again
                    paid.append(amount)
        wanted |= {key: round(sum(paid), 2) for key, paid in found.items()}
        plan = planned(book, export(folder / f"{number}.csv", *texts))
        if number == 2:
            assert plan.changes_nothing
        book = folder / f"{number}.xlsx"
        plan.write(book)
    months = {46023.0: 1, 46054.0: 2, 46082.0: 3}
    assert {(row[0], row[1], months[row[2]], row[4] or ""): round(row[3], 2) for row in held(book)} == wanted
    assert len(held(book)) == len(wanted)


def test_an_export_none_of_whose_rows_can_be_used(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    assert imported(export(tmp_path / "e.csv", "K009,a,2026-03,1,,"), book, tmp_path / "out.xlsx") == 2
    assert (tmp_path / "out.xlsx").read_bytes() == book.read_bytes()


def test_the_mapping_that_was_found_is_kept(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", "K001,饮料,2026-03,5", header="往来单位编码,产品线,记账日期,贷方金额")
    imported(source, book, tmp_path / "o.xlsx", "--no-recalc", "--save-mapping", str(tmp_path / "m.json"))
    assert json.loads((tmp_path / "m.json").read_text("utf-8"))["columns"] == {
        "account_no": "往来单位编码",
        "product_line": "产品线",
        "date": "记账日期",
        "amount": "贷方金额",
    }
    assert imported(source, tmp_path / "o.xlsx", tmp_path / "o2.xlsx", "--mapping", str(tmp_path / "m.json")) == 0
    assert (tmp_path / "o.xlsx").read_bytes() == (tmp_path / "o2.xlsx").read_bytes()
