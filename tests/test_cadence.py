"""Days added and moved: the working-day rule, holidays, made-up working days, ends of months and years."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from xlplugin.cells import EPOCH_1904, Unreadable
from xlplugin.decisions import WorkingDays, chain_of
from xlplugin.decisions.cadence import next_contact
from xlplugin.decisions.office_rules import read_holidays
from xlplugin.decisions.quantities import add_months, months_between
from xlplugin.domain import Contact
from xlplugin.rulebook import load
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

BOOK = load()
WEEK = WorkingDays()
# Section 8 of the specification: what the rule makes of each date, without holidays.
COLUMN = (Path(__file__).parent / "data" / "working_days.csv").read_text(encoding="utf-8").splitlines()
CASES = list(csv.DictReader(COLUMN))
RULES_ON = [("方案", "项", "值"), ("*", "working_days", "是")]
# Spring Festival 2026 as an office would type it: nine days off, two weekend days worked.
FESTIVAL = [(date(2026, 2, 15) + timedelta(days), "春节", "休") for days in range(9)]
FESTIVAL += [(date(2026, 2, 14), "春节", "班"), (date(2026, 2, 28), "春节", "班")]


def ordinals(days: Iterable[date]) -> set[int]:
    return {day.toordinal() for day in days}


def contact(days: int | None, last: date | None, working_days: WorkingDays | None = WEEK, **rest: date) -> Contact:
    """The contact of an interval after a last contact."""
    known: dict[str, Any] = {key: value.toordinal() for key, value in rest.items()}
    agreed = known.pop("agreed", None)
    start = None if last is None else last.toordinal()
    return next_contact(days, start, agreed, None, working_days=working_days, **known)


def after(days: int, last: date, working_days: WorkingDays | None = WEEK) -> date | None:
    return contact(days, last, working_days).next_contact


# the specification's column ------------------------------------------------------------------------------------------


def test_the_column_is_complete() -> None:
    assert len(CASES) == 87
    assert sum(bool(case["moved_to"]) for case in CASES) == 14
    for case in CASES:
        assert f"{date.fromisoformat(case['next_contact']):%a}" == case["weekday"]
        if case["moved_to"]:
            assert f"{date.fromisoformat(case['moved_to']):%a}" == case["moved_weekday"]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_weekends_of_the_specification(case: dict[str, str]) -> None:
    last, days = date.fromisoformat(case["last_contact"]), int(case["interval_days"])
    assert after(days, last, None) == date.fromisoformat(case["next_contact"])
    moved = case["moved_to"] or case["next_contact"]
    assert after(days, last) == date.fromisoformat(moved)
    if case["case"] == "G055":  # decisions.md 8 took this date away
        assert chain_of(BOOK["stage_0_4"]).interval_of("-1") is None
        return
    call = Desk(BOOK).functions()["XLP_NEXT_CONTACT"]
    assert call(case["scheme"], case["grade"], last).isoformat() == case["next_contact"]  # type: ignore[attr-defined] # it gives a date
    switched = call(case["scheme"], case["grade"], last, None, None, None, RULES_ON)
    assert switched.isoformat() == moved  # type: ignore[attr-defined] # it gives a date


# the rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "days", "day"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 6)),  # Saturday goes back to Friday
        (date(2026, 3, 2), 6, date(2026, 3, 6)),  # Sunday goes back to Friday
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday + 1: back would be the last contact, so forward
        (date(2026, 3, 6), 2, date(2026, 3, 9)),
        (date(2026, 3, 5), 2, date(2026, 3, 6)),  # Thursday + 2: Friday is after the last contact
        (date(2026, 3, 5), 3, date(2026, 3, 6)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # a last contact on a weekend
        (date(2026, 3, 7), 7, date(2026, 3, 13)),
        (date(2026, 3, 8), 1, date(2026, 3, 9)),
        (date(2026, 3, 2), 4, date(2026, 3, 6)),  # a working day stays
    ],
)
def test_back_unless_that_is_not_after_the_last_contact(last: date, days: int, day: date) -> None:
    assert after(days, last) == day


def test_holidays_are_passed_over_and_made_up_days_are_worked() -> None:
    calendar = read_holidays(FESTIVAL)
    assert calendar.is_worked(date(2026, 2, 14).toordinal())  # a Saturday
    assert not calendar.is_worked(date(2026, 2, 16).toordinal())  # a Monday
    assert after(7, date(2026, 2, 10), calendar) == date(2026, 2, 14)  # Tuesday the 17th: back to the made-up Saturday
    assert after(3, date(2026, 2, 14), calendar) == date(2026, 2, 24)  # the whole festival lies between
    assert after(1, date(2026, 2, 14), calendar) == date(2026, 2, 24)
    assert after(15, date(2026, 2, 13), calendar) == date(2026, 2, 28)  # a Saturday that is worked stays
    assert after(16, date(2026, 2, 13), calendar) == date(2026, 2, 28)  # Sunday goes back to it
    assert after(15, date(2026, 2, 13)) == date(2026, 2, 27)


def test_a_made_up_day_beats_a_holiday_of_the_same_date() -> None:
    saturday = date(2026, 3, 7)
    calendar = WorkingDays(ordinals([saturday]), ordinals([saturday]))
    assert calendar.is_worked(saturday.toordinal())


def test_a_calendar_without_a_working_day_is_not_believed() -> None:
    year = ordinals(date(2026, 1, 1) + timedelta(days) for days in range(400))
    assert after(7, date(2026, 3, 2), WorkingDays(year)) == date(2026, 3, 9)
    month = ordinals(date(2026, 3, 1) + timedelta(days) for days in range(31))
    assert after(7, date(2026, 3, 2), WorkingDays(month)) == date(2026, 4, 1)
    assert after(14, date(2026, 2, 27), WorkingDays(month)) == date(2026, 4, 1)
    assert after(14, date(2026, 2, 26), WorkingDays(month)) == date(2026, 2, 27)


def test_an_agreed_date_is_never_moved() -> None:
    saturday = date(2026, 3, 7)
    assert contact(7, date(2026, 3, 2), agreed=saturday) == Contact(7, saturday, ())
    assert contact(5, date(2026, 3, 2), agreed=saturday).next_contact == saturday
    assert contact(None, date(2026, 3, 2), agreed=saturday) == Contact(None, saturday, ())
    assert contact(1, date(2026, 3, 6), agreed=date(2026, 3, 8)) == Contact(1, date(2026, 3, 8), ())
    assert contact(1, date(2026, 3, 6), agreed=date(2026, 3, 10)).flags == ("beyond_policy",)


def test_flags_stand_in_the_order_of_the_contract() -> None:
    bad = Unreadable("not_a_date", "?")
    assert next_contact(7, bad, date(2026, 3, 2).toordinal(), None).flags == ("unreadable_date",)
    start, agreed = date(2026, 3, 2).toordinal(), date(2026, 3, 20).toordinal()
    late = next_contact(7, bad, agreed, None, count_from=start)
    assert late == Contact(7, date(2026, 3, 20), ("beyond_policy", "unreadable_date"))
    past = next_contact(7, bad, start, None, count_from=start)
    assert past == Contact(7, date(2026, 3, 9), ("agreed_in_past", "unreadable_date"))
    assert next_contact(7, start, bad, None) == Contact(7, date(2026, 3, 9), ("unreadable_date",))
    assert next_contact(7, bad, bad, True) == Contact(None, None, ("opt_out",))


# ends of months and years, leap days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "days", "day"),
    [
        (date(2026, 1, 30), 2, date(2026, 2, 1)),
        (date(2026, 2, 27), 2, date(2026, 3, 1)),
        (date(2028, 2, 27), 2, date(2028, 2, 29)),
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2028, 2, 29), 365, date(2029, 2, 28)),
        (date(2100, 2, 28), 1, date(2100, 3, 1)),
        (date(2026, 12, 30), 7, date(2027, 1, 6)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(9000, 12, 31), 3650, date(9010, 12, 29)),
    ],
)
def test_days_are_counted_across_ends(last: date, days: int, day: date) -> None:
    assert after(days, last, None) == day


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_months_are_added_as_edate_does(start: date, months: int, end: date) -> None:
    assert add_months(start.toordinal(), months) == end.toordinal()


def test_months_between_agree_with_edate_on_every_day() -> None:
    for start in (date(2026, 1, 29), date(2026, 1, 31), date(2028, 2, 29), date(2026, 3, 2), date(2026, 12, 31)):
        at = start.toordinal()
        before = -1.0
        for day in range(at, at + 800):
            months = months_between(at, day)
            assert months > before or (months == before and day > at)
            before = months
            for limit in (1, 3, 6):
                assert (months <= limit) is (day <= add_months(at, limit)), (start, date.fromordinal(day), limit)
    assert months_between(date(2026, 3, 2).toordinal(), date(2026, 3, 1).toordinal()) < 0


# the holiday table --------------------------------------------------------------------------------------------------


def test_a_holiday_table_is_read_as_offices_keep_it() -> None:
    rows = [
        ("日期", "名称", "休/班"),
        ("2026年10月1日", "国庆节", "休"),
        (46297, "国庆节", None),
        ("2026/10/10", "国庆调休", "班"),
        ("2026-10-11", "Make-up", "WORK"),
        (date(2026, 10, 5), "", "off"),
        ("2027年待公布", "元旦", "休"),
        (None, None, None),
    ]
    calendar = read_holidays(rows)
    for day, worked in (
        (date(2026, 10, 1), False),
        (date(2026, 10, 2), False),
        (date(2026, 10, 5), False),
        (date(2026, 10, 6), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), True),
        (date(2026, 10, 17), False),
        (date(2027, 1, 1), True),
    ):
        assert calendar.is_worked(day.toordinal()) is worked, day


def test_a_single_column_of_dates_means_days_off() -> None:
    calendar = read_holidays([(date(2026, 3, 9),), (46091.0,), ("x",)])
    assert [calendar.is_worked(date(2026, 3, day).toordinal()) for day in (9, 10, 11)] == [False, False, True]


def test_a_holiday_table_of_a_1904_book_is_read_by_its_own_day() -> None:
    calendar = read_holidays([(44628, "x", "休")], EPOCH_1904)
    assert not calendar.is_worked(date(2026, 3, 9).toordinal())


@pytest.mark.parametrize("word", ["上班", "班日", "工作日", "working"])
def test_a_worked_day_in_other_words_is_not_a_day_off(word: str) -> None:
    assert read_holidays([("2026-10-12", "国庆调休", word)]).is_worked(date(2026, 10, 12).toordinal())
