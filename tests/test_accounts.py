"""The rules of the account workbook: every example of spec 2.15 and 2.16, each edge, and what cannot be read."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from xlplugin.cells import EPOCH_1900
from xlplugin.decisions.accounts import (
    borders,
    credit_due,
    loyalty_class,
    months_later,
    payment_action,
    potential_class,
    share_gap,
    value_class,
)
from xlplugin.decisions.chain import Chain
from xlplugin.decisions.ledger import Ledger, check_rows, full_months, key_of, month_text, read_ledger
from xlplugin.decisions.policy import ITEMS, TIERS, Policy, read_policy
from xlplugin.errors import CellError
from xlplugin.rulebook import load
from xlplugin.texts import LANGUAGES, accounts_en, accounts_zh

BOOK = load()
CHAIN = Chain(BOOK["account_tiers_vip_abc"])
NUMBERS = {path: float(one.value or 0) for path, one in BOOK.settings["account_views"].parameters.items()}
AS_OF = date(2026, 11, 22).toordinal()
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def tier(lines: object, monthly: object, best: object, mode: object = None, poor: object = None) -> tuple[str, str]:
    decision = CHAIN.grade([lines, monthly, best, mode, poor])
    return decision.grade, decision.status


# the tier: every example of spec 2.15 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "monthly", "best", "either"),
    [
        (7, 200_000, 60_000, "VIP"),  # G108
        (6, 300_000, 90_000, "A"),  # G109
        (6, 300_000, 100_001, "A"),  # G110
        (7, 199_999, 40_000, "A"),  # G111
        (4, 100_000, 30_000, "A"),  # G112
        (3, 100_000, 40_000, "B"),  # G113
        (1, 100_000, 100_000, "B"),  # G114
        (1, 100_001, 100_001, "A"),  # G115
        (2, 30_000, 20_000, "B"),  # G116
        (2, 29_999, 20_000, "C"),  # G117
        (1, 50_000, 50_000, "C"),  # G118
        (1, 50_001, 50_001, "B"),  # G119
        (0, 0, 0, "C"),  # G120
    ],
)
def test_the_examples_by_either_criterion(lines: int, monthly: int, best: int, either: str) -> None:
    assert tier(lines, monthly, best)[0] == either
    assert tier(lines, monthly, best, "任一")[0] == either


@pytest.mark.parametrize(
    ("lines", "monthly", "best", "hard"),
    [
        (7, 200_000, 60_000, "VIP"),  # the VIP line has no second column to leave out
        (6, 300_000, 90_000, "B"),
        (6, 300_000, 100_001, "A"),
        (7, 199_999, 40_000, "C"),
        (4, 100_000, 30_000, "C"),
        (3, 100_000, 40_000, "C"),
        (1, 100_000, 100_000, "B"),
        (1, 100_001, 100_001, "A"),
        (2, 30_000, 20_000, "C"),
        (2, 29_999, 20_000, "C"),
        (1, 50_000, 50_000, "C"),
        (1, 50_001, 50_001, "B"),
        (0, 0, 0, "C"),
        (8, 190_000, 30_000, "C"),  # G121
    ],
)
def test_the_examples_by_the_hard_criterion_alone(lines: int, monthly: int, best: int, hard: str) -> None:
    assert tier(lines, monthly, best, "硬性")[0] == hard


def test_a_vip_is_provisional_and_a_bad_payer_is_c() -> None:
    assert tier(7, 200_000, 60_000) == ("VIP", "provisional")
    assert tier(9, 900_000, 200_000, None, "是") == ("C", "ok")
    assert tier(2, 50_000, 60_000) == ("", "invalid")  # G122
    for blank in range(3):
        figures: list[object] = [4, 100_000, 30_000]
        figures[blank] = None
        assert tier(*figures) == ("", "missing")


# payments -------------------------------------------------------------------------------------------------------------


def serial(day: date) -> float:
    return float(day.toordinal() - EPOCH_1900)


def ledger(*rows: tuple[Any, ...], months: int = 3) -> Ledger:
    return read_ledger(rows, full_months(AS_OF, months))


def test_full_months_leave_the_running_one_out() -> None:
    assert [month_text(month) for month in full_months(AS_OF, 3)] == ["2026-08", "2026-09", "2026-10"]
    first = date(2026, 1, 1).toordinal()
    assert [month_text(month) for month in full_months(first, 3)] == ["2025-10", "2025-11", "2025-12"]
    assert list(full_months(date(2026, 11, 30).toordinal(), 3)) == list(full_months(AS_OF, 3))


def test_a_month_without_a_row_counts_as_nothing_and_is_named() -> None:
    paid = ledger(("K1", "tea", serial(AUGUST), 90_000.0), ("K1", "tea", serial(OCTOBER), 60_000.0))
    assert paid.of("K1").monthly(3) == 50_000
    assert "2026-09" in paid.note("K1", "zh")
    assert "按0算" in paid.note("K1", "zh")
    assert paid.of("K2").monthly(3) == 0
    assert all(month in paid.note("K2", "en") for month in ("2026-08", "2026-09", "2026-10"))


def test_months_outside_count_for_nothing_but_the_last_payment() -> None:
    paid = ledger(("K1", "tea", serial(date(2026, 7, 31)), 9.0), ("K1", "tea", serial(date(2026, 11, 1)), 9.0))
    account = paid.of("K1")
    assert (account.monthly(3), account.product_lines(), account.last) == (0, 0, 2026 * 12 + 10)


def test_lines_and_the_best_one() -> None:
    paid = ledger(
        ("K1", "tea", serial(AUGUST), 100.0),
        ("K1", " TEA", serial(OCTOBER), 200.0),
        ("K1", "ｎｕｔｓ", serial(SEPTEMBER), 270.0),
        ("K1", "juice", serial(SEPTEMBER), 30.0),
        ("K1", "juice", serial(SEPTEMBER), -30.0),
        ("K1", "water", serial(SEPTEMBER), 0.0),
    ).of("k1")
    assert (paid.product_lines(), paid.best_line(3), paid.monthly(3), paid.refunds) == (2, 100, 190, 1)


def test_the_order_of_rows_makes_no_difference() -> None:
    draw = random.Random(4)  # noqa: S311 - sample rows
    rows = [
        (f"K{draw.randrange(4)}", f"L{draw.randrange(5)}", serial(draw.choice((AUGUST, SEPTEMBER, OCTOBER))), float(n))
        for n in range(80)
    ]
    figures = []
    for _ in range(3):
        draw.shuffle(rows)
        paid = ledger(*rows)
        accounts = (paid.of(f"K{n}") for n in range(4))
        figures.append([(one.monthly(3), one.best_line(3), one.product_lines()) for one in accounts])
    assert figures[0] == figures[1] == figures[2]


def test_cents_do_not_miss_a_limit() -> None:
    amounts = (199_999.9, 200_000.05, 200_000.05)
    paid = ledger(
        *(("K1", "tea", serial(month), amount) for month, amount in zip((AUGUST, SEPTEMBER, OCTOBER), amounts))
    )
    assert paid.of("K1").monthly(3) == 200_000


@pytest.mark.parametrize("amount", [1_200.0, 1200, "1,200", "１，２００", " 1200 "])
@pytest.mark.parametrize("month", [serial(SEPTEMBER), SEPTEMBER, "2026-09-01", "2026/9/15", "2026年9月1日", "20260901"])
def test_amounts_and_months_as_people_type_them(amount: object, month: object) -> None:
    assert ledger(("K1", "tea", month, amount)).of("K1").monthly(3) == 400


@pytest.mark.parametrize(
    ("row", "piece"),
    [
        (("K1", "tea", SEPTEMBER, "￥1,200"), "￥1,200"),
        (("K1", "tea", SEPTEMBER, "1200元"), "1200元"),
        (("K1", "tea", SEPTEMBER, "(500)"), "(500)"),
        (("K1", "tea", SEPTEMBER, None), "没有金额"),
        (("K1", "tea", SEPTEMBER, CellError("#N/A")), "#N/A"),
        (("K1", "tea", SEPTEMBER, True), "TRUE"),
        (("K1", "tea", "九月", 5.0), "九月"),
        (("K1", "tea", None, 5.0), "没有月份"),
        (("K1", "tea", 0.0, 5.0), "没有月份"),
        (("K1", "tea", CellError("#REF!"), 5.0), "#REF!"),
    ],
)
def test_a_row_that_cannot_be_counted_leaves_the_figures_open_and_is_named(row: tuple[Any, ...], piece: str) -> None:
    paid = ledger(("K1", "tea", serial(AUGUST), 9.0), row)
    account = paid.of("K1")
    assert (account.monthly(3), account.best_line(3), account.product_lines()) == (None, None, None)
    assert piece in paid.note("K1", "zh")
    assert "第2条" in paid.note("K1", "zh")
    assert "record 2" in paid.note("K1", "en")
    assert paid.of("K2").monthly(3) == 0


def test_an_unreadable_amount_of_another_time_spoils_nothing() -> None:
    assert ledger(("K1", "tea", date(2026, 1, 1), "?")).of("K1").monthly(3) == 0


def test_a_row_without_a_line_counts_but_its_lines_are_not_known() -> None:
    paid = ledger(("K1", None, SEPTEMBER, 300.0))
    account = paid.of("K1")
    assert (account.monthly(3), account.product_lines(), account.best_line(3)) == (100, None, None)
    assert "没有品项" in paid.note("K1", "zh")


def test_a_row_without_an_account_is_kept_aside_and_blank_rows_are_none() -> None:
    paid = ledger((None, None, None, None), ("", " ", None, None), (None, "tea", SEPTEMBER, 5.0))
    assert [problem.row for problem in paid.lost] == [3]
    assert paid.accounts == {}


def test_many_bad_rows_are_counted_and_the_note_stays_short() -> None:
    paid = ledger(*[("K1", "tea", SEPTEMBER, "坏" * 300)] * 50)
    for lang in LANGUAGES:
        assert len(paid.note("K1", lang)) <= 255


def test_rows_to_be_looked_into_are_counted_and_named() -> None:
    rows: list[tuple[object, ...]] = [
        ("K1", "tea", serial(AUGUST), 9.0),
        ("K9", "tea", serial(AUGUST), 9.0),
        ("K1", "tea", serial(AUGUST), -9.0),
        (None, None, None, None),
        ("K9", "tea", "?", 9.0),
        ("K1", "", serial(AUGUST), 9.0),
        ("K1", "tea", serial(AUGUST), "(5)"),
        ("K1", "tea", None, 5.0),
        ("K1", "tea", 0.0, 5.0),
        ("K1", "tea", 0.0, 5.0),
        ("K1", "tea", serial(AUGUST), None),
        ("", "tea", serial(AUGUST), 5.0),
        ("k１", "tea", "2026-08-01", "1,200"),
        (CellError("#N/A"), "tea", serial(AUGUST), 5.0),
    ]
    found = check_rows(rows, {"k1"})
    assert found.total == 10
    assert [problem.row for problem in found.first] == [2, 6, 7, 8, 9, 10, 11, 12, 14]
    assert found.first[0].listed("zh") == "第2条 客户编号「K9」：客户表里没有这个编号"
    assert "'(5)'" in found.first[2].listed("en")
    assert check_rows([("K1", "tea", "x" * 900, 1)], {"k1"}).first[0].listed("zh")[:4] == "第1条 "


def test_of_very_many_bad_rows_the_first_are_kept() -> None:
    found = check_rows([("K1", "tea", SEPTEMBER, "?")] * 3_000, {"k1"})
    assert (found.total, len(found.first)) == (3_000, 1_000)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("K1", " k１ ", True), (1001.0, "1001", True), (1001, "1001", True), ("001", "1", False), ("K-1", "K 1", False)],
)
def test_an_account_is_known_by_its_number(one: object, other: object, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same


# credit and action ----------------------------------------------------------------------------------------------------

TABLE: list[list[object]] = [
    ["级别", "项目", "内容", "把握"],
    ["C", "账期", "0-7", "推定"],
    ["B", "账期", "10-15", "推定"],
    ["A", "账期", None, "缺失"],
    ["VIP", "账期", "", "缺失"],
    ["C", "回款标准", 1, "推定"],
    ["B", "回款标准", None, "缺失"],
]


def policy(*more: list[object]) -> Policy:
    found = read_policy([*TABLE[:1], *more, *TABLE[1:]])
    assert found is not None
    return found


def test_credit_days_are_the_upper_figure_and_lost_ones_are_not_made_up() -> None:
    table = policy()
    invoiced = date(2026, 3, 2).toordinal()
    assert [table.credit_days(tier) for tier in TIERS] == [None, None, 15, 7]
    assert date.fromordinal(credit_due(invoiced, table.credit_days("c") or 0)) == date(2026, 3, 9)
    assert date.fromordinal(credit_due(invoiced, table.credit_days("B") or 0)) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        (15, 15),
        (15.0, 15),
        ("15", 15),
        ("15天", 15),
        ("１０－１５", 15),
        ("10－15", 15),
        ("10-15 天", 15),
        ("10~15", 15),
        ("10至15日", 15),
        (0, 0),
        (7.5, None),
        (-1, None),
        ("月结", None),
        ("10-", None),
        (True, None),
        (CellError("#N/A"), None),
        (date(2026, 10, 15), None),  # what 10-15 becomes where a sheet takes it for a day
        (99_999, None),
        (3650, 3650),
        ("10-3650", 3650),
        ("10-3651天", None),
    ],
)
def test_credit_days_as_offices_write_them(cell: object, days: int | None) -> None:
    assert policy(["A", "账期", cell, "缺失"]).credit_days("A") == days


def test_a_policy_note_says_why_a_cell_is_blank_or_how_sure_it_is() -> None:
    table = policy()
    assert table.note("A", "credit_days", "zh") == "A类的账期：原文缺失，待本单位在「政策」填写"
    assert "lost in the source" in table.note("VIP", "账期", "en")
    assert "推定" in table.note("C", "账期", "zh")
    filled = policy(["A", "账期", 30, "缺失"])
    assert (filled.credit_days("A"), filled.note("A", "账期", "zh")) == (30, "")
    assert "月结" in policy(["A", "账期", "月结", "缺失"]).note("A", "账期", "zh")
    assert "空着" in policy(["A", "账期", None, "确定"]).note("A", "账期", "zh")


def test_headers_of_a_policy_are_known_in_every_language_and_order() -> None:
    english = read_policy([["Content", "Tier", "Item"], [9, "c", "Credit days"]])
    assert english is not None
    assert (english.lang, english.credit_days("C")) == ("en", 9)
    coded = read_policy([["tier", "item", "value"], ["C", "credit_days", 9]])
    assert coded is not None
    assert (coded.lang, coded.credit_days("C")) == ("code", 9)
    assert read_policy([["方案", "项", "值"], ["C", "账期", 9]]) is None


@pytest.mark.parametrize(
    ("tier", "collected", "due", "standard", "action"),
    [
        ("c", 99, 100, 1.0, "may_suspend"),
        ("c", 100, 100, 1.0, "none"),
        ("c", 101, 100, 1.0, "none"),
        ("c", 0, 100, 1.0, "may_suspend"),
        ("c", 0, 0, 1.0, "none"),
        ("c", 99, 100, None, None),
        ("b", 90, 100, None, None),
        ("b", 90, 100, 0.9, "none"),
        ("b", 89.99, 100, 0.9, "below"),
        ("a", 0.7 * 3, 3, 0.7, "below"),  # 2.0999… is less than 2.1
        ("c", 0.1 + 0.2, 0.3, 1.0, "none"),
    ],
)
def test_the_action(tier: str, collected: float, due: float, standard: float | None, action: str | None) -> None:
    assert payment_action(tier, collected, due, standard) == action


# three views: every example of spec 2.16 ------------------------------------------------------------------------------


def test_value_by_rank() -> None:
    spent = [float(100 - rank) for rank in range(10)]
    classes = [value_class(one, spent, 0.2, 0.3) for one in spent]
    assert classes == ["high"] * 2 + ["medium"] * 3 + ["low"] * 5


def test_ties_go_to_the_better_class_and_nothing_is_low() -> None:
    assert [value_class(one, [9, 5, 5, 5, 1], 0.2, 0.3) for one in (9, 5, 1)] == ["high", "medium", "low"]
    assert value_class(7, [7] * 10, 0.2, 0.3) == "high"
    assert value_class(0, [0, 0, 0], 0.2, 0.3) == "low"
    assert value_class(3, [3], 0.2, 0.3) == "low"  # one of one is no fifth of the list


def test_seven_tenths_are_seven_tenths() -> None:
    spent = [float(rank) for rank in range(10, 0, -1)]
    assert [value_class(one, spent, 0.1, 0.6) for one in spent] == ["high"] + ["medium"] * 6 + ["low"] * 3


TODAY = date(2026, 3, 2).toordinal()


@pytest.mark.parametrize(
    ("last", "again", "complaints", "gone", "class_"),
    [
        (date(2026, 1, 5), 3, 0, None, "loyal"),
        (date(2026, 1, 5), 3, 1, None, "ordinary"),
        (date(2025, 2, 1), 3, 0, None, "churning"),  # 13 months ago
        (date(2025, 3, 2), 3, 0, None, "churning"),
        (date(2025, 3, 3), 3, 0, None, "loyal"),
        (date(2026, 1, 5), 2, 0, False, "loyal"),
        (date(2026, 1, 5), 1, 0, None, "ordinary"),
        (date(2026, 1, 5), 3, 0, True, "churning"),
        (None, None, None, True, "churning"),
        (None, 3, 0, None, None),
        (date(2026, 1, 5), None, 0, None, None),
        (date(2026, 1, 5), 3, None, None, None),
        (date(2026, 1, 5), None, 1, None, "ordinary"),
        (date(2026, 1, 5), 1, None, None, "ordinary"),
    ],
)
def test_loyalty(
    last: date | None, again: int | None, complaints: int | None, gone: bool | None, class_: str | None
) -> None:
    day = None if last is None else last.toordinal()
    assert loyalty_class(day, again, complaints, gone, TODAY, NUMBERS) == class_


def test_loyalty_without_a_day_is_not_known() -> None:
    assert loyalty_class(TODAY, 3, 0, None, None, NUMBERS) is None


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2025, 12, 1), 1, (2026, 1, 1)),
        ((2025, 3, 2), 12, (2026, 3, 2)),
        ((2026, 3, 31), 6, (2026, 9, 30)),
        ((2026, 11, 30), 1, (2026, 12, 30)),
    ],
)
def test_months_later(day: tuple[int, int, int], months: int, after: tuple[int, int, int]) -> None:
    assert date.fromordinal(months_later(date(*day).toordinal(), months)) == date(*after)


@pytest.mark.parametrize(
    ("strong", "large", "customer", "class_"),
    [
        (True, True, False, "key"),
        (True, False, False, "latent"),
        (True, True, None, "key"),
        (True, False, True, "ordinary"),
        (False, None, None, "ordinary"),
        (None, False, True, "ordinary"),
        (None, True, False, None),
        (True, None, False, None),
        (True, False, None, None),
    ],
)
def test_potential(strong: bool | None, large: bool | None, customer: bool | None, class_: str | None) -> None:
    assert potential_class(strong, large, customer) == class_


# shares and borders ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "gaps"),
    [
        ((5, 20, 50, 25), (0, 0, 0, 0)),
        ((1, 6, 17, 9), (-1.97, -1.82, 1.52, 2.27)),
        ((0, 0, 0, 1), (-5, -20, -50, 75)),
    ],
)
def test_the_share_check_in_percentage_points(counts: tuple[int, ...], gaps: tuple[float, ...]) -> None:
    targets = [NUMBERS[f"share_{one.casefold()}"] for one in TIERS]
    assert sum(targets) == 1
    found = [share_gap(count, sum(counts), target) for count, target in zip(counts, targets)]
    assert found == pytest.approx(gaps, abs=0.005)
    assert share_gap(0, 0, 0.05) is None


def test_borders_are_what_a_little_more_or_less_would_change() -> None:
    def tier_at(factor: float) -> str:
        return tier(4, 95_000 * factor, 30_000 * factor)[0]

    assert borders(0.1, tier_at) == [(1, "A")]
    assert borders(0.05, tier_at) == []
    assert borders(0.1, lambda _factor: "") == []
    assert borders(0.1, lambda factor: "" if factor == 1 else "A") == [], "an account without a tier is near none"


# the house ------------------------------------------------------------------------------------------------------------


def test_both_languages_say_the_same_things() -> None:
    assert accounts_zh.TEXTS.keys() == accounts_en.TEXTS.keys()
    assert all(f"policy.{item}" in accounts_zh.TEXTS for item in ITEMS)


def test_target_shares_come_from_the_source() -> None:
    shares = {one: BOOK.settings["account_views"].parameters[f"share_{one.casefold()}"] for one in TIERS}
    assert [shares[one].value for one in TIERS] == [0.05, 0.20, 0.50, 0.25]
    assert "".join(shares[one].basis for one in TIERS) == "ISSI"
