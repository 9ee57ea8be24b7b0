"""The worksheet functions as a sheet calls them: ranges, headers, dates, flags, and what their records say."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from xlplugin.cells import EPOCH_1904
from xlplugin.decisions import decide
from xlplugin.errors import CellError
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    Functions = dict[str, Callable[..., object]]

BOOK = load()
WINDOW = "purchase_window_habcf"
SCORE = "score_bands_90_70_60"
PARK = "visit_count_abcd"
MONDAY = date(2026, 3, 2)
NA, VALUE = CellError("#N/A"), CellError("#VALUE!")
JUDGES = ("XLP_GRADE", "XLP_STATUS", "XLP_WHY", "XLP_RAISE")
RULES_ON = [("方案", "项", "值"), ("*", "working_days", "是")]


@pytest.fixture
def grade(functions: Functions) -> Callable[..., object]:
    return functions["XLP_GRADE"]


@pytest.fixture
def date_of(functions: Functions) -> Callable[..., object]:
    return functions["XLP_NEXT_CONTACT"]


@pytest.fixture
def flags(functions: Functions) -> Callable[..., object]:
    return functions["XLP_FLAGS"]


# shapes -------------------------------------------------------------------------------------------------------------


def test_one_field_and_one_value(functions: Functions) -> None:
    assert functions["XLP_GRADE"](SCORE, "score", 95) == "A"
    assert functions["XLP_STATUS"](SCORE, "score", 95) == "ok"
    assert functions["XLP_GRADE"](SCORE, [["score"]], [[95]]) == "A"
    assert functions["XLP_GRADE"](SCORE, ("score",), (95,)) == "A"


def test_one_row_however_the_host_wraps_it(grade: Callable[..., object]) -> None:
    header, row = ["visits", "interaction"], [3, "none"]
    for wrap in (lambda cells: cells, tuple, lambda cells: [cells], lambda cells: (tuple(cells),)):
        assert grade(PARK, wrap(header), wrap(row)) == "A"


def test_many_rows_give_one_answer_a_row(functions: Functions) -> None:
    header, rows = [["visits", "interaction"]], [[3, "none"], [2, "some"], [None, "some"], ["x", "some"]]
    assert functions["XLP_GRADE"](PARK, header, rows) == [["A"], ["B"], [""], [""]]
    assert functions["XLP_STATUS"](PARK, header, rows) == [["provisional"], ["provisional"], ["missing"], ["invalid"]]
    for name in JUDGES:
        together = functions[name](PARK, header, rows)
        assert together == [[functions[name](PARK, header, [row])] for row in rows]


def test_one_column_of_values_under_one_field(grade: Callable[..., object]) -> None:
    assert grade(SCORE, "score", [[95], [70], [None]]) == [["A"], ["B"], [""]]
    assert grade(SCORE, [["score"]], ((95,), (70,))) == [["A"], ["B"]]


def test_values_beside_each_other_are_answered_beside_each_other(grade: Callable[..., object]) -> None:
    assert grade(SCORE, "score", [[95, 70, None]]) == [["A", "B", ""]]
    assert grade(SCORE, "score", (95, 70)) == [["A", "B"]]


def test_headers_may_stand_in_a_column(grade: Callable[..., object]) -> None:
    header = [["visits"], ["interaction"]]
    assert grade(PARK, header, [[3], ["none"]]) == "A"
    assert grade(PARK, header, [[3, 2, 0], ["none", "some", "none"]]) == [["A", "B", "D"]]
    square = [[3, 1], ["some", "some"]]
    assert grade(PARK, header, square) == [["A", "C"]]
    assert grade(PARK, ["visits", "interaction"], [[3, "some"], [1, "some"]]) == [["A"], ["C"]]


def test_as_of_is_one_day_for_all_or_one_a_row(grade: Callable[..., object]) -> None:
    rows = [[date(2026, 3, 5)], [date(2026, 3, 5)]]
    assert grade(WINDOW, "expected_purchase", rows, MONDAY) == [["H"], ["H"]]
    assert grade(WINDOW, "expected_purchase", rows, [[MONDAY], [date(2026, 3, 6)]]) == [["H"], [""]]
    assert grade(WINDOW, "expected_purchase", rows, [[MONDAY], [None]]) == [["H"], [""]]
    assert grade(WINDOW, "expected_purchase", rows, [[MONDAY]] * 3) == VALUE


def test_the_argument_as_of_wins_over_the_column(functions: Functions) -> None:
    header, row = ["expected_purchase", "as_of"], [date(2026, 3, 20), date(2026, 3, 19)]
    grade, why = functions["XLP_GRADE"], functions["XLP_WHY"]
    assert grade(WINDOW, header, row) == "H"
    assert grade(WINDOW, header, row, MONDAY) == "B"
    for blank in (None, "", " "):
        assert grade(WINDOW, header, row, blank) == "H"
    assert functions["XLP_STATUS"](WINDOW, "expected_purchase", date(2026, 3, 20)) == "missing"
    assert "as of" in str(why(WINDOW, "expected_purchase", date(2026, 3, 20)))
    assert functions["XLP_STATUS"](WINDOW, header, row, "3月2日") == "invalid"
    assert functions["XLP_STATUS"](WINDOW, header, [row[0], NA]) == "invalid"
    assert grade(WINDOW, "days_to_purchase", 5, "3月2日") == "H"  # not needed, so it does no harm


def test_a_workbook_of_1904_counts_from_its_own_day() -> None:
    functions = Desk(BOOK, EPOCH_1904).functions()
    assert functions["XLP_GRADE"]("revisit_window", "last_visit", 44621, 44621.5) == "hot"
    assert functions["XLP_NEXT_CONTACT"](SCORE, "A", 44621) == date(2026, 3, 5)
    assert functions["XLP_NEXT_CONTACT"](SCORE, "A", 44621, None, None, [[44624]], RULES_ON) == date(2026, 3, 4)


# headers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("visits", "interaction"), "provisional"),
        (("来访次数", "微信互动"), "暂定"),
        (("来访次数", "私下互动"), "暂定"),
        (("Visits", "Interaction"), "provisional"),
        (("VISITS", "INTERACTION"), "provisional"),
        (("ｖｉｓｉｔｓ", "Ｉｎｔｅｒａｃｔｉｏｎ"), "provisional"),
        ((" visits ", "\u3000interaction\u00a0"), "provisional"),
        (("来访\n次数", " 微信 互动"), "暂定"),
        (("visits", "微信互动"), "暂定"),
        (("\u200bvisits", "interaction\ufeff"), "provisional"),
    ],
)
def test_headers_in_either_language_any_case_and_width(
    functions: Functions, header: tuple[str, str], status: str
) -> None:
    assert functions["XLP_GRADE"](PARK, header, (2, "有")) == "B"
    assert functions["XLP_STATUS"](PARK, header, (2, "some")) == status


@pytest.mark.parametrize("scheme", [scheme.id for scheme in BOOK.values() if scheme.fields])
def test_every_label_of_every_input_is_a_header(functions: Functions, scheme: str) -> None:
    for field in BOOK[scheme].fields.values():
        for word in (field.id, *field.label.values(), *field.also, field.id.replace("_", " ").upper()):
            answer = functions["XLP_STATUS"](scheme, word, CellError("#REF!"))
            assert answer in ("invalid", "填写有误"), word


def test_other_columns_are_passed_over_in_any_order(grade: Callable[..., object]) -> None:
    header = ["编号", None, "微信互动", "", "备注", CellError("#REF!"), 7, "来访次数", MONDAY, True]
    row = [1, "x", "频繁", NA, object(), 5, "?", 0, "y", "z"]
    assert grade(PARK, header, row) == "A"


def test_a_header_of_two_tiers_does_not_fit_a_row_of_cells(grade: Callable[..., object]) -> None:
    assert grade(PARK, [["行为", None], ["visits", "interaction"]], [[2, "some"]]) == VALUE


def test_one_input_in_two_columns_makes_the_row_invalid(functions: Functions) -> None:
    header, row = ("需求", "需求程度", "首付够", "能拍板"), ("需求", "需求", "是", "是")
    assert functions["XLP_GRADE"]("three_factor", header, row) == ""
    assert functions["XLP_STATUS"]("three_factor", header, row) == "填写有误"
    assert "need" in str(functions["XLP_WHY"]("three_factor", header, row))


def test_a_language_is_not_remembered_for_another(functions: Functions) -> None:
    row = (2, "some")
    assert functions["XLP_STATUS"](PARK, ("来访次数", "微信互动"), row) == "暂定"
    assert functions["XLP_STATUS"](PARK, ("visits", "interaction"), row) == "provisional"


def test_a_column_as_of_is_not_remembered_for_another_header(functions: Functions) -> None:
    row = (date(2026, 3, 20), date(2026, 3, 19))
    assert functions["XLP_GRADE"](WINDOW, ("expected_purchase", "as_of"), row) == "H"
    assert functions["XLP_STATUS"](WINDOW, ("expected_purchase", "signed_on"), row) == "missing"


# wrong formulas -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JUDGES)
def test_a_formula_that_cannot_be_meant_is_an_error(functions: Functions, name: str) -> None:
    call = functions[name]
    assert call("no_such_scheme", "score", 95) == NA
    assert call(None, "score", 95) == NA
    assert call(SCORE, "no such field", 95) == NA
    assert call(SCORE, ["a", "b"], [1, 2]) == NA
    assert call(SCORE, None, 95) == NA
    assert call(CellError("#REF!"), "score", 95) == CellError("#REF!")
    assert call("#NAME?", "score", 95) == CellError("#NAME?")
    assert call(PARK, ["visits", "interaction"], [1, "some", 3]) == VALUE
    assert call(PARK, ["visits", "interaction"], [[1], ["some"], [3]]) == VALUE
    assert call(PARK, ["visits", "interaction"], 1) == VALUE
    assert call(SCORE, "score", [[95, 70], [60, 50]]) == VALUE
    assert call(SCORE, "score", 95, [[MONDAY], [MONDAY]]) == VALUE


@pytest.mark.parametrize("name", ["XLP_INTERVAL", "XLP_NEXT_CONTACT", "XLP_FLAGS"])
def test_a_grade_the_scheme_does_not_have_is_an_error(functions: Functions, name: str) -> None:
    rest = () if name == "XLP_INTERVAL" else (MONDAY,)
    assert functions[name]("no_such_scheme", "A", *rest) == NA
    for wrong in ("Z", "A+", 7, True, MONDAY, "AA", "级"):
        assert functions[name](SCORE, wrong, *rest) == NA
    assert functions[name](SCORE, CellError("#REF!"), *rest) == CellError("#REF!")
    assert functions[name](SCORE, "#VALUE!", *rest) == VALUE


@pytest.mark.parametrize("scheme", list(BOOK))
def test_a_scheme_is_known_by_its_title_too(grade: Callable[..., object], scheme: str) -> None:
    field = next(iter(BOOK[scheme].fields), "x")
    for name in (scheme, scheme.upper(), f" {scheme} "):
        assert grade(name, field, "?") == grade(scheme, field, "?") != NA


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_title_with_a_space_is_found(grade: Callable[..., object], lang: str) -> None:
    for scheme in BOOK.values():
        field = next(iter(scheme.fields), "x")
        assert grade(scheme.title[lang], field, "?") != NA, scheme.title[lang]


@pytest.mark.parametrize("error", [NA, VALUE, CellError("#REF!"), "#DIV/0!", "Err:504", -2146826246])
def test_an_error_in_an_input_is_invalid_and_never_blank(functions: Functions, error: object) -> None:
    header, row = ("visits", "interaction", "need"), (2, "some", error)
    assert functions["XLP_GRADE"](PARK, header, row) == ""
    assert functions["XLP_STATUS"](PARK, header, row) == "invalid"
    assert "need" in str(functions["XLP_WHY"](PARK, header, row))
    assert functions["XLP_RAISE"](PARK, header, row) == ""


# the next contact: decisions 6 to 9 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "grade", "last", "agreed", "opt_out", "day", "said"),
    [
        # 6: an agreed date wins
        (WINDOW, "B", MONDAY, None, None, date(2026, 3, 9), ""),
        (WINDOW, "B", MONDAY, date(2026, 3, 5), None, date(2026, 3, 5), ""),
        (WINDOW, "B", MONDAY, date(2026, 3, 9), None, date(2026, 3, 9), ""),
        (WINDOW, "B", MONDAY, date(2026, 3, 10), None, date(2026, 3, 10), "beyond_policy"),
        (WINDOW, "F", MONDAY, date(2026, 5, 1), None, date(2026, 5, 1), ""),
        (WINDOW, "", MONDAY, date(2026, 5, 1), None, date(2026, 5, 1), ""),
        ("quality_abcd", "A", MONDAY, date(2026, 5, 1), None, date(2026, 5, 1), ""),
        (WINDOW, "B", None, date(2026, 3, 5), None, date(2026, 3, 5), ""),
        # on or before the last contact it is ignored
        (WINDOW, "B", MONDAY, MONDAY, None, date(2026, 3, 9), "agreed_in_past"),
        (WINDOW, "B", MONDAY, date(2026, 3, 1), None, date(2026, 3, 9), "agreed_in_past"),
        (WINDOW, "F", MONDAY, date(2026, 3, 1), None, "", "agreed_in_past"),
        (WINDOW, "B", MONDAY, date(2026, 3, 3), None, date(2026, 3, 3), ""),
        # no last contact, no grade, no interval: no date
        (WINDOW, "B", None, None, None, "", ""),
        (WINDOW, "F", MONDAY, None, None, "", ""),
        (WINDOW, "", MONDAY, None, None, "", ""),
        # dates that cannot be read
        (WINDOW, "B", "3月2日", None, None, "", "unreadable_date"),
        (WINDOW, "B", NA, None, None, "", "unreadable_date"),
        (WINDOW, "B", MONDAY, "下周一", None, date(2026, 3, 9), "unreadable_date"),
        (WINDOW, "B", "3月2日", date(2026, 3, 5), None, date(2026, 3, 5), "unreadable_date"),
        (WINDOW, "B", "3月2日", "下周一", None, "", "unreadable_date"),
        (WINDOW, "F", "3月2日", None, None, "", "unreadable_date"),
        # 8: do not contact
        (WINDOW, "B", MONDAY, None, "是", "", "opt_out"),
        (WINDOW, "B", MONDAY, date(2026, 3, 5), True, "", "opt_out"),
        (WINDOW, "B", MONDAY, None, "否", date(2026, 3, 9), ""),
        (WINDOW, "B", MONDAY, None, 0, date(2026, 3, 9), ""),
        (WINDOW, "B", MONDAY, None, "?", "", "opt_out"),
        (WINDOW, "B", MONDAY, None, NA, "", "opt_out"),
        ("stage_0_4", -1, MONDAY, None, None, "", ""),
        ("stage_0_4", "-1", MONDAY, date(2026, 3, 9), None, date(2026, 3, 9), ""),
        # times of day fall away
        (
            WINDOW,
            "B",
            datetime.fromisoformat("2026-03-02 23:59"),
            datetime.fromisoformat("2026-03-09 09:00"),
            None,
            date(2026, 3, 9),
            "",
        ),
        (WINDOW, "B", 46083.75, "2026年3月10日", None, date(2026, 3, 10), "beyond_policy"),
    ],
)
def test_the_next_contact_and_what_is_said_beside_it(
    functions: Functions,
    scheme: str,
    grade: object,
    last: object,
    agreed: object,
    opt_out: object,
    day: object,
    said: str,
) -> None:
    found = functions["XLP_NEXT_CONTACT"](scheme, grade, last, agreed, opt_out)
    assert found == day
    assert type(found) is type(day)
    assert functions["XLP_FLAGS"](scheme, grade, last, agreed, opt_out) == said


def test_a_hostile_customer_is_left_alone_whatever_the_grade(functions: Functions) -> None:
    header = ("outcome", "dial_no")
    for name in ("XLP_NEXT_CONTACT", "XLP_INTERVAL"):
        rest = (MONDAY, None, None, None, None) if name == "XLP_NEXT_CONTACT" else (None,)
        call = functions[name]
        assert call("phone_levels_1_6", "3", *rest, header, ("hostile", 1)) == ""
        assert call("phone_levels_1_6", "6", *rest, header, ("强硬抵触", 1)) == ""
        found = call("phone_levels_1_6", "3", *rest, header, ("hung_up", 1))
        assert found == (30 if name == "XLP_INTERVAL" else date(2026, 4, 1))
    agreed = date(2026, 3, 9)
    call = functions["XLP_NEXT_CONTACT"]
    assert call("phone_levels_1_6", "3", MONDAY, agreed, None, None, None, header, ("hostile", 1)) == agreed


def test_a_revisit_counts_from_the_visit(functions: Functions) -> None:
    call = functions["XLP_NEXT_CONTACT"]
    visit, contact = date(2026, 3, 2), date(2026, 3, 4)
    assert call("revisit_window", "hot", contact, None, None, None, None, "last_visit", visit, MONDAY) == date(
        2026, 3, 5
    )
    assert call("revisit_window", "hot", None, None, None, None, None, "last_visit", visit, MONDAY) == date(2026, 3, 5)
    assert call("revisit_window", "hot", contact) == date(2026, 3, 7)
    decision = decide(BOOK["revisit_window"], {"last_visit": visit}, as_of=contact, last_contact=contact)
    assert decision.next_contact == date(2026, 3, 5)


def test_a_revisit_is_not_moved_onto_the_last_contact(functions: Functions) -> None:
    # Wednesday + 3 is Saturday the 7th; Friday the 6th is the last contact itself, so Monday the 9th (spec 0.2.8)
    args = ("revisit_window", "hot", date(2026, 3, 6), None, None, None, RULES_ON, "last_visit", date(2026, 3, 4))
    assert functions["XLP_NEXT_CONTACT"](*args, date(2026, 3, 6)) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("scheme", "cell", "days"),
    [
        (WINDOW, "B", 7),
        (WINDOW, "b", 7),
        (WINDOW, "ｂ", 7),
        (WINDOW, " Ｂ ", 7),
        (WINDOW, "B级", 7),
        (WINDOW, "ｂ 级", 7),
        (WINDOW, "F", ""),
        (WINDOW, "", ""),
        (WINDOW, None, ""),
        ("stage_0_4", 3, 3),
        ("stage_0_4", 3.0, 3),
        ("stage_0_4", "３", 3),
        ("stage_0_4", "3级", 3),
        ("stage_0_4", 0, 15),
        ("stage_0_4", -1, ""),
        ("percent_bands", 5, 1),
        ("revisit_window", "Hot", 3),
        ("signed_e_cadence", "E", 15),
        ("quality_abcd", "A", ""),
        ("three_factor", "H/A", ""),
        ("account_tiers_vip_abc", "vip", ""),
    ],
)
def test_a_grade_as_a_person_types_it(functions: Functions, scheme: str, cell: object, days: object) -> None:
    assert functions["XLP_INTERVAL"](scheme, cell) == days


@pytest.mark.parametrize(("word", "days"), [("热", 3), ("温", 7), ("渐冷", 30), ("观望期", "")])
def test_a_grade_by_the_word_why_uses(functions: Functions, word: str, days: object) -> None:
    assert functions["XLP_INTERVAL"]("revisit_window", word) == days


def test_many_grades_are_answered_in_their_shape(functions: Functions) -> None:
    grades, days = [["A"], ["B"], [""]], [[MONDAY], [MONDAY], [MONDAY]]
    assert functions["XLP_INTERVAL"](WINDOW, grades) == [[3], [7], [""]]
    assert functions["XLP_INTERVAL"](WINDOW, ["A", "B"]) == [[3, 7]]
    assert functions["XLP_NEXT_CONTACT"](WINDOW, grades, days) == [[date(2026, 3, 5)], [date(2026, 3, 9)], [""]]
    assert functions["XLP_NEXT_CONTACT"](WINDOW, grades, MONDAY) == [[date(2026, 3, 5)], [date(2026, 3, 9)], [""]]
    assert functions["XLP_FLAGS"](WINDOW, grades, days, date(2026, 3, 6)) == [["beyond_policy"], [""], [""]]
    assert functions["XLP_NEXT_CONTACT"](WINDOW, grades, days[:2]) == VALUE


def test_one_grade_and_many_dates_keep_the_dates_shape(functions: Functions) -> None:
    days = [[MONDAY], [date(2026, 3, 3)]]
    assert functions["XLP_NEXT_CONTACT"](WINDOW, "A", days) == [[date(2026, 3, 5)], [date(2026, 3, 6)]]


@pytest.mark.parametrize("name", ["XLP_INTERVAL", "XLP_NEXT_CONTACT"])
def test_a_block_of_grades_keeps_its_shape_or_is_refused(functions: Functions, name: str) -> None:
    rest = () if name == "XLP_INTERVAL" else (MONDAY,)
    answer = functions[name](WINDOW, [["A", "B"], ["H", "C"]], *rest)
    assert answer == VALUE or (isinstance(answer, list) and [len(row) for row in answer] == [2, 2])


def test_one_wrong_grade_spoils_only_its_own_row(functions: Functions) -> None:
    assert functions["XLP_INTERVAL"](WINDOW, [["A"], ["Z"], ["B"]]) == [[3], [NA], [7]]


def test_flags_speak_the_language_of_the_headers(functions: Functions) -> None:
    call, late = functions["XLP_FLAGS"], (MONDAY, date(2026, 3, 20))
    assert call(WINDOW, "B", *late) == "beyond_policy"
    assert call(WINDOW, "B", *late, None, None, RULES_ON) == "约定晚于规定"
    english = [("scheme", "item", "value"), ("*", "working_days", "yes")]
    assert call(WINDOW, "B", *late, None, None, english) == "agreed beyond policy"
    row = ("预计购买天数", 20)
    assert call(WINDOW, "B", *late, None, None, english, *row) == "约定晚于规定"
    assert call(WINDOW, "B", "?", date(2026, 3, 20)) == "unreadable_date"


# the register's way of calling --------------------------------------------------------------------------------------


def test_the_register_calls_with_one_header_and_one_row_at_a_time(functions: Functions) -> None:
    computed, asked = (
        "等级 到期 下次联系日 客户姓名",
        "来访次数 预计购买日 需求程度 首付够 能拍板 认可价格 急买 微信互动",
    )
    header = (tuple(f"{computed} {asked} 约定联系 上次联系 勿扰".split()),)
    last = date(2026, 3, 6)
    row = ("", "", "", "张三", 2, "2026年3月20日", "明确要买", "√", "是", None, None, "有", None, last, None)
    assert functions["XLP_GRADE"](PARK, header, (row,), last) == "B"
    assert functions["XLP_STATUS"](PARK, header, (row,), last) == "暂定"
    why = str(functions["XLP_WHY"](PARK, header, (row,), last))
    assert why.startswith("来访2次")
    assert "7天回访" in why
    assert "认可价格" in why
    assert "1次" in str(functions["XLP_RAISE"](PARK, header, (row,), last))
    assert functions["XLP_GRADE"](WINDOW, header, (row,), last) == "A"
    assert functions["XLP_NEXT_CONTACT"](PARK, "B", last, None, None, None, None, header, (row,)) == date(2026, 3, 13)


def test_why_names_the_contact_cell_that_cannot_be_read(functions: Functions) -> None:
    header = ("意向得分", "上次联系", "约定联系", "勿扰")
    why = str(functions["XLP_WHY"](SCORE, header, (95, "3月2日", "下周一", "?")))
    for word in ("上次联系", "约定联系", "勿扰", "3月2日", "下周一"):
        assert word in why
    assert functions["XLP_GRADE"](SCORE, header, (95, "3月2日", "下周一", "?")) == "A"


def test_why_does_not_round_a_score_across_a_limit(functions: Functions) -> None:
    assert functions["XLP_GRADE"](SCORE, "意向得分", 89.999) == "B"
    assert "89.999" in str(functions["XLP_WHY"](SCORE, "意向得分", 89.999))


# records ------------------------------------------------------------------------------------------------------------


def test_the_functions_are_those_of_the_house() -> None:
    names = "GRADE STATUS WHY RAISE INTERVAL NEXT_CONTACT FLAGS"
    assert {f"XLP_{name}" for name in names.split()} <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_record_fits_what_hosts_can_show(name: str) -> None:
    function = FUNCTIONS[name]
    assert re.fullmatch("XLP_[A-Z_]+", name)
    assert function.name == name
    for text in (function.zh, function.en, *(text for arg in function.args for text in (arg.zh, arg.en))):
        assert 0 < len(text) <= 255
    assert re.search("[\u4e00-\u9fff]", function.zh)
    assert not re.search("[\u4e00-\u9fff]", function.en)
    assert len(", ".join(arg.name for arg in function.args)) + len(str(len(function.args))) < 254
    assert len(function.args) <= 30
    assert len({arg.name for arg in function.args}) == len(function.args)
    assert all(re.fullmatch("[a-z][a-z_]*", arg.name) for arg in function.args)
    optional = [arg.optional for arg in function.args]
    assert optional == sorted(optional), "what may be left out stands last"
    assert function.body.__code__.co_argcount == len(function.args) + 1
    assert function.body.__code__.co_varnames[1 : len(function.args) + 1] == tuple(arg.name for arg in function.args)


TOKEN = re.compile(r'\s*(?:(XLP_[A-Z_]+)\(|DATE\((\d+),(\d+),(\d+)\)|"([^"]*)"|(-?\d+(?:\.\d+)?)|\{([^}]*)\}|([,)]))')
ROWS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')


def arguments(text: str) -> list[object]:
    """The arguments of a simple formula: texts, numbers, dates and arrays."""
    found: list[object] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        assert match, text[at:]
        at = match.end()
        _, year, month, day, quoted, number, array, _ = match.groups()
        if year:
            found.append(date(int(year), int(month), int(day)))
        elif quoted is not None:
            found.append(quoted)
        elif number:
            found.append(float(number))
        elif array is not None:
            found.append([arguments(row) for row in ROWS.split(array)])
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_example_gives_what_it_says(functions: Functions, name: str) -> None:
    function = FUNCTIONS[name]
    called, _, rest = function.example.partition("(")
    assert called == name
    answer = functions[name](*arguments(rest))
    assert shown(answer) == function.result


def shown(answer: object) -> str:
    """An answer as a record writes it: one line, whole numbers without a point."""
    if isinstance(answer, list):
        return "; ".join(", ".join(map(shown, row)) for row in answer)
    if isinstance(answer, float) and answer.is_integer():
        answer = int(answer)
    return answer.isoformat() if isinstance(answer, date) else str(answer).replace("\n", " ")
