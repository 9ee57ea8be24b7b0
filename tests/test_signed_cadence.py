"""Signed customers: the next fixed day, the month's contacts, the worksheet function and its plain formula."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import _native as native
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from xlplugin.cells import EPOCH_1900
from xlplugin.decisions.chain import Chain
from xlplugin.decisions.signed_cadence import LEAST_CONTACTS, SCHEME, contacts_in, is_kept, next_fixed_day
from xlplugin.errors import CellError, XlpError
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load, with_values
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Functions = dict[str, Callable[..., object]]

SIGNED = load()[SCHEME]
ON = {"limits.fixed_days": 1}
RULES = [["方案", "项", "值"]]
ENGLISH_RULES = [["scheme", "item", "value"]]


def ordinals(*days: date) -> list[int]:
    return [day.toordinal() for day in days]


# fixed days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "following"),
    [
        (date(2026, 3, 2), date(2026, 3, 16)),  # spec 2.10
        (date(2026, 3, 16), date(2026, 4, 1)),  # spec 2.10
        (date(2026, 3, 1), date(2026, 3, 16)),
        (date(2026, 3, 15), date(2026, 3, 16)),
        (date(2026, 2, 28), date(2026, 3, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2026, 12, 15), date(2026, 12, 16)),
    ],
)
def test_the_first_fixed_day_after_the_last_contact(last: date, following: date) -> None:
    assert date.fromordinal(next_fixed_day(last.toordinal(), (1, 16))) == following
    decided = Chain(with_values(load(), SIGNED, ON)).decide([], None, last)
    assert decided.next_contact == following


def test_fifteen_days_where_the_switch_is_off() -> None:
    assert Chain(SIGNED).decide([], None, date(2026, 3, 2)).next_contact == date(2026, 3, 17)
    assert SIGNED.fixed_days == ()
    assert SIGNED.parameters["limits.fixed_days"].basis == "P"
    assert SIGNED.parameters[LEAST_CONTACTS].basis == "S"


def test_other_days_of_the_office() -> None:
    changed = with_values(load(), SIGNED, {**ON, "limits.fixed_day_1": 5, "limits.fixed_day_2": 28})
    assert changed.fixed_days == (5, 28)
    assert Chain(changed).decide([], None, date(2026, 2, 28)).next_contact == date(2026, 3, 5)


@pytest.mark.parametrize(
    "values",
    [
        {"limits.fixed_days": 2},
        {"limits.fixed_day_1": 0},
        {"limits.fixed_day_2": 29},
        {"limits.fixed_day_1": 16},
        {"limits.fixed_day_1": 1.5},
    ],
)
def test_days_that_are_none_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(XlpError) as caught:
        with_values(load(), SIGNED, {**ON, **values})
    assert caught.value.code == "scheme_file"


def test_an_agreed_date_is_measured_against_the_fixed_day() -> None:
    chain = Chain(with_values(load(), SIGNED, ON))
    late = chain.decide([], None, date(2026, 3, 2), date(2026, 3, 17))
    assert (late.next_contact, late.flags) == (date(2026, 3, 17), ("beyond_policy",))
    early = chain.decide([], None, date(2026, 3, 2), date(2026, 3, 16))
    assert (early.next_contact, early.flags) == (date(2026, 3, 16), ())
    assert chain.decide([], None, date(2026, 3, 2), None, "是").next_contact is None


@pytest.mark.parametrize(("lang", "said"), [("zh", "每月1、16日联系"), ("en", "call on day 1, 16 of the month")])
def test_why_names_the_fixed_days(lang: str, said: str) -> None:
    why = Chain(with_values(load(), SIGNED, ON)).decide([], None, date(2026, 3, 2)).why(lang)
    assert said in why
    assert "15" not in why


def test_fixed_days_leave_no_interval(functions: Functions) -> None:
    rules = [*RULES, [SCHEME, "limits.fixed_days", 1]]
    assert functions["XLP_INTERVAL"](SCHEME, "E") == 15
    assert functions["XLP_INTERVAL"](SCHEME, "E", RULES) == 15
    assert functions["XLP_INTERVAL"](SCHEME, "E", rules) == ""
    decision = Chain(with_values(load(), SIGNED, ON)).decide([], None, date(2026, 3, 2))
    assert (decision.interval_days, decision.next_contact) == (None, date(2026, 3, 16))


def test_the_rules_table_switches_them_on(functions: Functions) -> None:
    rules = [*RULES, [SCHEME, "limits.fixed_days", 1]]
    dated = functions["XLP_NEXT_CONTACT"]
    assert dated(SCHEME, "E", date(2026, 3, 2), None, None, None, rules) == date(2026, 3, 16)
    assert dated(SCHEME, "E", date(2026, 3, 2), None, None, None, RULES) == date(2026, 3, 17)
    wrong = [*RULES, [SCHEME, "limits.fixed_days", 3]]
    assert dated(SCHEME, "E", date(2026, 3, 2), None, None, None, wrong) == ""


@pytest.mark.parametrize(
    "values",
    [{}, ON, {**ON, "limits.fixed_day_1": 10, "limits.fixed_day_2": 20}, {"limits.fixed_day_2": 28}],
)
def test_plain_formulas_say_the_same(tmp_path: Path, values: dict[str, Any]) -> None:
    rows: list[native.Row] = [[day, None, None] for day in range(46050, 46150)]
    rows += [[46083, 46090, None], [46083, 46120, None], [46083, None, "是"], ["上周", None, None], [None, None, None]]
    native.write(tmp_path / "rows.xlsx", SIGNED, rows, values=values)

    got = native.by_engine(tmp_path / "rows.xlsx", SIGNED, len(rows))

    assert got == list(native.by_kernel(SIGNED, rows, values=values))


@pytest.mark.parametrize("values", [{**ON, "limits.fixed_day_2": 29}, {"limits.fixed_days": 2}])
def test_plain_formulas_follow_no_day_that_is_none(tmp_path: Path, values: dict[str, Any]) -> None:
    native.write(tmp_path / "rows.xlsx", SIGNED, [[46083, None, None]], values=values)
    assert native.by_engine(tmp_path / "rows.xlsx", SIGNED, 1) == [("", "填写有误", "", "", "")]


# the month's contacts -------------------------------------------------------------------------------------------------

MARCH = date(2026, 3, 1).toordinal()


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ([], 0),
        (ordinals(date(2026, 3, 3)), 1),
        (ordinals(date(2026, 3, 3), date(2026, 3, 20)), 2),  # spec 2.10
        (ordinals(date(2026, 3, 1), date(2026, 3, 31)), 2),
        (ordinals(date(2026, 2, 28), date(2026, 4, 1)), 0),
        (ordinals(date(2025, 3, 3), date(2026, 3, 3)), 1),
        (ordinals(date(2026, 3, 3), date(2026, 3, 3)), 2),
    ],
)
def test_contacts_of_a_calendar_month(days: list[int], count: int) -> None:
    for day in (MARCH, MARCH + 15, MARCH + 30):
        assert contacts_in(days, day) == count
    assert is_kept(days, MARCH) is (count >= 2)
    assert is_kept(days, MARCH, 1) is (count >= 1)


LOG: Sequence[tuple[object, object]] = (
    ("客户", "日期"),
    ("K1", 46084.0),  # 2026-03-03
    ("Ｋ１", "2026年3月20日"),
    ("K2", date(2026, 3, 3)),
    ("K3", date(2026, 3, 3)),
    ("K3", "上周"),
    ("K4", "2026-03-01"),
    ("K4", "２０２６-03-31"),
    ("K4", "不详"),
    (None, date(2026, 3, 3)),
    (1001.0, date(2026, 3, 3)),
    (1001.0, date(2026, 3, 4)),
    ("K5", None),
)
CUSTOMERS, DAYS = ([[row[at]] for row in LOG] for at in (0, 1))


@pytest.mark.parametrize(
    ("customer", "month", "answer"),
    [
        ("K1", 46082.0, "是"),
        ("k1 ", "2026-03", "是"),
        ("K1", "2026/03", "是"),
        ("K1", date(2026, 3, 31), "是"),
        ("K1", date(2026, 4, 1), "否"),
        ("K2", 46082.0, "否"),
        ("K3", 46082.0, "填写有误"),  # the second contact's date may be of this month
        ("K4", 46082.0, "是"),  # two are enough, whatever the third is
        ("K5", 46082.0, "否"),
        ("K9", 46082.0, "否"),
        ("1001", 46082.0, "是"),
        (1001.0, 46082.0, "是"),
        ("", 46082.0, ""),
        (None, 46082.0, ""),
        ("K1", None, ""),
        ("K1", "三月", "填写有误"),
        ("#N/A", 46082.0, CellError("#N/A")),
        ("K1", CellError("#REF!"), CellError("#REF!")),
    ],
)
def test_the_function(functions: Functions, customer: object, month: object, answer: object) -> None:
    assert functions["XLP_CADENCE_OK"](customer, CUSTOMERS, DAYS, month) == answer


def test_its_language_and_limit_come_from_the_rules(functions: Functions) -> None:
    call = functions["XLP_CADENCE_OK"]
    assert call("K2", CUSTOMERS, DAYS, 46082.0, ENGLISH_RULES) == "no"
    assert call("K2", CUSTOMERS[1:], DAYS[1:], 46082.0) == "no"
    assert call("K1", CUSTOMERS, DAYS, 46082.0, [*RULES, [SCHEME, LEAST_CONTACTS, 3]]) == "否"
    assert call("K2", CUSTOMERS, DAYS, 46082.0, [*RULES, [SCHEME, LEAST_CONTACTS, 1]]) == "是"
    assert call("K1", CUSTOMERS, DAYS, 46082.0, [*RULES, [SCHEME, LEAST_CONTACTS, "两次"]]) == "填写有误"


def test_many_customers_and_ranges_that_do_not_fit(functions: Functions) -> None:
    call = functions["XLP_CADENCE_OK"]
    assert call([["K1"], ["K2"], [None]], CUSTOMERS, DAYS, 46082.0) == [["是"], ["否"], [""]]
    assert call("K1", CUSTOMERS, DAYS[1:], 46082.0) == CellError("#VALUE!")


def test_the_days_of_a_1904_book() -> None:
    call = Desk(epoch=date(1904, 1, 1).toordinal()).functions()["XLP_CADENCE_OK"]
    serials = [[day - date(1904, 1, 1).toordinal()] for day in ordinals(date(2026, 3, 3), date(2026, 3, 20))]
    assert call("K1", [["K1"], ["K1"]], serials, float(MARCH - date(1904, 1, 1).toordinal())) == "yes"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("with_rules", [False, True])
def test_its_plain_formula(tmp_path: Path, functions: Functions, lang: str, with_rules: bool) -> None:
    header = ("客户", "日期") if lang == "zh" else ("customer", "date")
    log = [header, *((name, day) for name, day in LOG[1:] if isinstance(day, (float, date)))]
    rules: list[Any] = [*(RULES if lang == "zh" else ENGLISH_RULES), [SCHEME, LEAST_CONTACTS, 1]]
    asked = ["K1", "K2", "K9", 1001.0, None]
    record = FUNCTIONS["XLP_CADENCE_OK"]
    assert record.plain
    texts = [f"$A$1:$A${len(log)}", f"$B$1:$B${len(log)}", "$D$1", *(["$F$1:$H$2"] if with_rules else [])]
    with xlsxwriter.Workbook(str(tmp_path / "plain.xlsx"), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("log")
        for row, cells in enumerate(log):
            sheet.write_row(row, 0, cells)
        sheet.write_number("D1", MARCH + 9 - EPOCH_1900)
        for row, line in enumerate(rules):
            sheet.write_row(row, 5, line)
        for row, customer in enumerate(asked):
            if customer is not None:
                sheet.write(row, 9, customer)
            sheet.write_formula(row, 10, "=" + record.plain(lang, f"$J${row + 1}", *texts))
    recalc(tmp_path / "plain.xlsx", tmp_path / "plain.xlsx", lambda _: {})

    found = [
        row[10] for row in CalamineWorkbook.from_path(str(tmp_path / "plain.xlsx")).get_sheet_by_index(0).to_python()
    ]

    call = functions["XLP_CADENCE_OK"]
    customers, days = [[name] for name, _ in log], [[day] for _, day in log]
    more = [rules] if with_rules else []
    wanted = [call(customer, customers, days, MARCH + 9 - EPOCH_1900, *more) for customer in asked]
    assert found[: len(asked)] == wanted
