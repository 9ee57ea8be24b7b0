"""Amounts, months, currencies and words of accounting exports, as they are read."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from xlplugin.cells import Unreadable
from xlplugin.exchange._ledger_cells import amount_of, is_local_currency, month_reader
from xlplugin.exchange.ledger_words import is_total, key_of, unit_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


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
