"""The 规则 table: an office's own numbers and switches, read line by line, and what is said of a line that is wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from xlplugin.decisions.office_rules import NO_RULES, read_rules
from xlplugin.errors import CellError
from xlplugin.rulebook import load
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    Functions = dict[str, Callable[..., object]]

BOOK = load()
WINDOW = "purchase_window_habcf"
SCORE = "score_bands_90_70_60"
MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
ZH = ("方案", "项", "值")
EN = ("scheme", "item", "value")


def why(scheme: str, field: str, cell: object, table: object) -> str:
    """Why a row is graded so, at a desk of its own."""
    return str(Desk(BOOK).functions()["XLP_WHY"](scheme, field, cell, None, table))


def rules(*lines: tuple[object, ...], header: tuple[object, ...] = ZH) -> list[tuple[object, ...]]:
    """A rules table with its header."""
    return [header, *lines]


def template(*schemes: str) -> list[tuple[object, ...]]:
    """The table as the template lays it out, with every number as published."""
    rows: list[tuple[object, ...]] = [("方案", "项", "值", "发布值", "依据", "说明")]
    for id_ in schemes:
        for path, parameter in BOOK[id_].parameters.items():
            value = "无" if parameter.value is None else parameter.value
            rows.append((id_, path, value, value, parameter.basis, parameter.label["zh"]))
    return [*rows, ("*", "working_days", "否", "否", "P", "")]


# what an office may change --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [ZH, EN, ("Scheme", "ITEM", " value "), ("方案", "item", "值")])
def test_a_changed_limit_and_interval_are_followed(functions: Functions, header: tuple[object, ...]) -> None:
    table = rules((WINDOW, "bands.H.limit", 5), (WINDOW, "interval.H", 2), header=header)
    grade, interval = functions["XLP_GRADE"], functions["XLP_INTERVAL"]
    assert [grade(WINDOW, "days_to_purchase", days, None, table) for days in (5, 6, 7)] == ["H", "A", "A"]
    assert [grade(WINDOW, "days_to_purchase", days) for days in (5, 6, 7)] == ["H", "H", "H"]
    assert interval(WINDOW, "H", table) == 2
    assert interval(WINDOW, "H") == 1
    assert functions["XLP_NEXT_CONTACT"](WINDOW, "H", MONDAY, None, None, None, table) == date(2026, 3, 4)
    assert "2天回访" in why(WINDOW, "预计购买天数", 5, table)


def test_every_parameter_of_every_scheme_can_be_named(functions: Functions) -> None:
    for scheme in BOOK.values():
        field = next(iter(scheme.fields), "x")
        table = template(scheme.id)
        assert read_rules(BOOK, table) == NO_RULES
        assert functions["XLP_STATUS"](scheme.id, field, None, None, table) == functions["XLP_STATUS"](
            scheme.id, field, None
        )


def test_a_line_equal_to_the_published_one_changes_nothing(functions: Functions) -> None:
    table = template(*BOOK)
    assert len(table) > 60
    for days in (0, 7, 8, 15, 16, 30, 31, 90, 91):
        for name in ("XLP_GRADE", "XLP_WHY", "XLP_RAISE"):
            call = functions[name]
            assert call(WINDOW, "days_to_purchase", days, None, table) == call(WINDOW, "days_to_purchase", days)
    desk = Desk(BOOK)
    chain, bad = desk.chain(WINDOW, table)
    assert bad is None
    assert chain.scheme is BOOK[WINDOW]


@pytest.mark.parametrize("word", ["无", "none", "None", " 无 ", "不回访", "ｎｏｎｅ"])
def test_an_interval_can_be_none(functions: Functions, word: str) -> None:
    table = rules((WINDOW, "interval.C", word))
    assert functions["XLP_INTERVAL"](WINDOW, "C", table) == ""
    assert functions["XLP_NEXT_CONTACT"](WINDOW, "C", MONDAY, None, None, None, table) == ""
    assert functions["XLP_GRADE"](WINDOW, "days_to_purchase", 60, None, table) == "C"
    back = rules((WINDOW, "interval.F", 30))
    assert functions["XLP_INTERVAL"](WINDOW, "F", back) == 30


@pytest.mark.parametrize("value", [5, 5.0, "5", "５", " 5 "])
def test_a_value_may_be_typed_in_any_form(functions: Functions, value: object) -> None:
    assert functions["XLP_INTERVAL"](WINDOW, "H", rules((WINDOW, "interval.H", value))) == 5


def test_lines_stand_in_any_order_among_blank_ones_and_other_columns(functions: Functions) -> None:
    table = [
        ("说明", "值", "项", "方案"),
        (None, None, None, None),
        ("提早", 5, " INTERVAL.h ", WINDOW),
        ("", "", "", ""),
        ("别的方案", 50, "bands.C.limit", SCORE),
    ]
    assert functions["XLP_INTERVAL"](WINDOW, "H", table) == 5
    assert functions["XLP_GRADE"](SCORE, "score", 55, None, table) == "C"
    assert functions["XLP_GRADE"](WINDOW, "days_to_purchase", 7, None, table) == "H"


def test_a_scheme_may_be_named_by_its_title(functions: Functions) -> None:
    for title in BOOK[WINDOW].title.values():
        assert functions["XLP_INTERVAL"](WINDOW, "H", rules((title, "interval.H", 5))) == 5


def test_sixty_lines_and_more_are_followed(functions: Functions) -> None:
    for count in (60, 61, 500):
        table = rules(*[(SCORE, "interval.A", 3)] * (count - 1), (WINDOW, "interval.H", 9))
        assert functions["XLP_INTERVAL"](WINDOW, "H", table) == 9


def test_an_empty_table_is_none_at_all(functions: Functions) -> None:
    tables: list[object] = [
        None,
        "",
        [],
        [[]],
        [[None, None, None]],
        [("", "", "")],
        rules(),
        rules((None, None, None)),
    ]
    for empty in tables:
        assert functions["XLP_INTERVAL"](WINDOW, "H", empty) == 1
        assert functions["XLP_STATUS"](WINDOW, "days_to_purchase", 5, None, empty) == "ok"


def test_limits_and_points_are_parameters_too(functions: Functions) -> None:
    park = rules(("visit_count_abcd", "limits.a_visits", 5))
    assert functions["XLP_GRADE"]("visit_count_abcd", ["visits", "interaction"], [4, "none"], None, park) == "B"
    lines = ["A"] * 10
    fields = list(BOOK["score_checklist_100"].fields)
    swapped = rules(
        ("score_checklist_100", "points.purchasing_power.A", 15),
        ("score_checklist_100", "points.price.A", 20),
    )
    assert functions["XLP_GRADE"]("score_checklist_100", fields, lines, None, swapped) == "A"
    broken = rules(("score_checklist_100", "points.purchasing_power.A", 19))
    assert functions["XLP_STATUS"]("score_checklist_100", fields, lines, None, broken) == "invalid"


# switches -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["*", "全部", "all", "", None])
@pytest.mark.parametrize(("value", "moved"), [("是", True), (True, True), (1, True), ("否", False), (None, False)])
def test_the_working_day_switch(functions: Functions, scheme: object, value: object, moved: bool) -> None:
    table = rules((scheme, "working_days", value))
    day = functions["XLP_NEXT_CONTACT"](WINDOW, "H", FRIDAY, None, None, None, table)
    assert day == (date(2026, 3, 9) if moved else date(2026, 3, 7))


@pytest.mark.parametrize("scheme", ["＊", "ALL", "All", "Ａｌｌ"])
def test_every_scheme_in_any_case_and_width(functions: Functions, scheme: str) -> None:
    table = rules((scheme, "working_days", "是"))
    assert functions["XLP_NEXT_CONTACT"](WINDOW, "H", FRIDAY, None, None, None, table) == date(2026, 3, 9)


def test_holidays_count_only_where_the_switch_is_on(functions: Functions) -> None:
    call = functions["XLP_NEXT_CONTACT"]
    holidays = [["日期", "名称", "休/班"], [date(2026, 3, 9), "店庆", "休"], [date(2026, 3, 8), "店庆", "班"]]
    on, off = rules(("*", "working_days", "是")), rules(("*", "working_days", "否"))
    assert call(WINDOW, "B", MONDAY, None, None, holidays, on) == date(2026, 3, 8)
    assert call(WINDOW, "B", MONDAY, None, None, holidays, off) == date(2026, 3, 9)
    assert call(WINDOW, "B", MONDAY, None, None, holidays) == date(2026, 3, 9)
    assert call(WINDOW, "B", MONDAY, None, None, None, on) == date(2026, 3, 9)
    assert call(WINDOW, "B", MONDAY, None, None, date(2026, 3, 9), on) == date(2026, 3, 6)


def test_the_switch_leaves_grades_alone(functions: Functions) -> None:
    table = rules(("*", "working_days", "是"))
    for days in (5, 8, 40, None):
        assert functions["XLP_GRADE"](WINDOW, "days_to_purchase", days, None, table) == functions["XLP_GRADE"](
            WINDOW, "days_to_purchase", days
        )


# lines that cannot be followed ----------------------------------------------------------------------------------------


def is_invalid(functions: Functions, scheme: str, table: object) -> str:
    """Why the rows of a scheme are invalid under a rules table; nothing is graded or dated then."""
    field = next(iter(BOOK[scheme].fields.values()))
    judged = (scheme, field.label["zh"], 5, None, table)
    assert functions["XLP_GRADE"](*judged) == ""
    assert functions["XLP_STATUS"](*judged) == "填写有误"
    assert functions["XLP_RAISE"](*judged) == ""
    grade = BOOK[scheme].grades[0]
    assert functions["XLP_INTERVAL"](scheme, grade, table) == ""
    assert functions["XLP_NEXT_CONTACT"](scheme, grade, MONDAY, None, None, None, table) == ""
    agreed = date(2026, 3, 4)
    assert functions["XLP_NEXT_CONTACT"](scheme, grade, MONDAY, agreed, None, None, table) == agreed
    return str(functions["XLP_WHY"](*judged))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ((WINDOW, "bands.X.limit", 5), "bands.X.limit"),
        ((WINDOW, "bands.H", 5), "bands.H"),
        ((WINDOW, "interval.Z", 5), "interval.Z"),
        ((WINDOW, "working_days", "是"), "working_days"),
        ((WINDOW, "bands.H.limit", None), "bands.H.limit"),
        ((WINDOW, "interval.H", ""), "interval.H"),
        ((WINDOW, "bands.H.limit", "无"), "无"),
        ((WINDOW, "bands.H.limit", "七"), "七"),
        ((WINDOW, "bands.H.limit", "7天"), "7天"),
        ((WINDOW, "bands.H.limit", date(2026, 3, 2)), "2026-03-02"),
        ((WINDOW, "bands.H.limit", CellError("#REF!")), "#REF!"),
        ((WINDOW, "interval.H", 0), "0"),
        ((WINDOW, "interval.H", -1), "-1"),
        ((WINDOW, "interval.H", 1.5), "1.5"),
        ((WINDOW, "interval.H", 3651), "3651"),
        ((WINDOW, "interval.H", "否"), "否"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(functions: Functions, line: tuple[object, ...], found: str) -> None:
    table = rules((WINDOW, "interval.A", 3), line, (SCORE, "interval.A", 9))
    said = is_invalid(functions, WINDOW, table)
    assert "规则表第2行" in said
    assert f"「{found}」" in said
    assert functions["XLP_INTERVAL"](SCORE, "A", table) == 9, "other schemes are not touched"
    assert why(WINDOW, "Days to purchase", 5, table).startswith("rules line 2")


def test_a_boolean_is_no_interval(functions: Functions) -> None:
    assert "规则表第1行" in is_invalid(functions, WINDOW, rules((WINDOW, "interval.H", True)))


@pytest.mark.parametrize(("first", "then"), [(True, 1), (1, True)])
def test_a_mended_cell_is_read_again(functions: Functions, first: object, then: object) -> None:
    functions["XLP_INTERVAL"](WINDOW, "B", rules((WINDOW, "interval.B", first)))
    wanted = 1 if type(then) is int else ""
    assert functions["XLP_INTERVAL"](WINDOW, "B", rules((WINDOW, "interval.B", then))) == wanted


@pytest.mark.parametrize("line", [("no_such", "interval.A", 3), (7, "interval.A", 3), (CellError("#REF!"), "x", 3)])
def test_an_unknown_scheme_touches_every_row(functions: Functions, line: tuple[object, ...]) -> None:
    for scheme in (WINDOW, SCORE):
        assert "规则表第1行" in is_invalid(functions, scheme, rules(line))


@pytest.mark.parametrize("line", [("*", "working_days", "也许"), ("*", "holidays", "是"), ("*", "interval.A", 3)])
def test_a_switch_that_cannot_be_read_touches_every_row(functions: Functions, line: tuple[object, ...]) -> None:
    for scheme in (WINDOW, SCORE):
        assert "规则表第1行" in is_invalid(functions, scheme, rules(line))


def test_of_two_bad_lines_the_first_is_named(functions: Functions) -> None:
    table = rules((WINDOW, "x", 1), (WINDOW, "y", 1))
    assert "第1行「x」" in is_invalid(functions, WINDOW, table)


@pytest.mark.parametrize(
    "lines",
    [
        [(WINDOW, "bands.H.limit", 15)],
        [(WINDOW, "bands.H.limit", 16)],
        [(WINDOW, "bands.C.limit", 30)],
        [(WINDOW, "bands.C.limit", 1)],
        [(WINDOW, "bands.A.limit", 5), (WINDOW, "bands.H.limit", 10)],
        [(SCORE, "bands.A.limit", 70)],
        [(SCORE, "bands.C.limit", 80)],
    ],
)
def test_disorder_makes_rows_invalid_and_why_names_it(functions: Functions, lines: list[tuple[object, ...]]) -> None:
    scheme = str(lines[0][0])
    said = is_invalid(functions, scheme, rules(*lines))
    assert scheme in said
    assert str(lines[0][2]) in said
    assert "these rules do not go together" in why(scheme, next(iter(BOOK[scheme].fields)), 5, rules(*lines))


def test_limits_that_cross_together_are_in_order(functions: Functions) -> None:
    table = rules((WINDOW, "bands.H.limit", 20), (WINDOW, "bands.A.limit", 25))
    grades = [functions["XLP_GRADE"](WINDOW, "days_to_purchase", days, None, table) for days in (20, 21, 25, 26, 31)]
    assert grades == ["H", "A", "A", "B", "C"]


@pytest.mark.parametrize("header", [("a", "b", "c"), ("方案", "项"), ("方案", "项目", "值"), (CellError("#REF!"),)])
def test_a_table_without_its_header_is_not_followed(functions: Functions, header: tuple[object, ...]) -> None:
    is_invalid(functions, WINDOW, [header, (WINDOW, "interval.H", 5)])


def test_without_the_header_line_the_range_is_not_followed(functions: Functions) -> None:
    is_invalid(functions, WINDOW, [(WINDOW, "interval.H", 5), (SCORE, "interval.A", 9)])


def test_of_two_lines_for_one_item_the_last_stands_or_both_are_named(functions: Functions) -> None:
    table = rules((WINDOW, "interval.H", 5), (WINDOW, "interval.H", 1))
    assert functions["XLP_INTERVAL"](WINDOW, "H", table) in (1, "")


def test_a_limit_beyond_the_end_of_its_band_is_disorder(functions: Functions) -> None:
    table = rules(("percent_bands", "bands.4.limit", 0.85))
    assert functions["XLP_STATUS"]("percent_bands", "percent", 0.87, None, table) in ("invalid", "ok")


@pytest.mark.parametrize(
    ("scheme", "line"),
    [
        ("visit_count_abcd", ("limits.a_visits", 1)),
        ("time_to_close_abcde", ("limits.a_months", 4)),
        ("account_tiers_vip_abc", ("limits.vip_lines", 2)),
    ],
)
def test_limits_out_of_order_are_disorder(functions: Functions, scheme: str, line: tuple[str, float]) -> None:
    field = next(iter(BOOK[scheme].fields))
    assert functions["XLP_STATUS"](scheme, field, None, None, rules((scheme, *line))) == "invalid"
