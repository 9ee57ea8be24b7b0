"""Accounting exports as files: encodings, layouts, headers and mappings, and what is none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from _payment_book import account_book
from _payment_export import HEADER, ROWS, added, export, plan_of, planned

from xlplugin.errors import XlpError
from xlplugin.exchange._export import open_export
from xlplugin.exchange.mapping import Mapping, read_mapping, save_mapping

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


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
