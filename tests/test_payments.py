"""Payments taken in row by row and against what the book holds: added, updated, refused, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from _books import changed_parts
from _payment_book import ACCOUNTS, account_book
from _payment_export import added, export, held, plan_of, planned, refused

from xlplugin.exchange.payments_report import sentences

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


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
