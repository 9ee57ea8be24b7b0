"""Whatever stands in the cells: functions answer, in one language, in few words, and better evidence is no worse."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplugin.decisions import Decision, chain_of, decide
from xlplugin.domain import STATUSES
from xlplugin.errors import CellError
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.rulebook import Scheme
    from xlplugin.rulebook.model import Field

BOOK = load()
# A desk for each language, so that what one has remembered is not another's answer.
CALLS = {lang: Desk(BOOK).functions() for lang in ("zh", "en", "id")}
CALL = CALLS["id"]
JUDGES = ("XLP_GRADE", "XLP_STATUS", "XLP_WHY", "XLP_RAISE")
TODAY = date(2026, 3, 2)
RANKED = [scheme.id for scheme in BOOK.values() if scheme.ranked and len(scheme.grades) > 1]
ERRORS = st.sampled_from(["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "Err:504"]).map(CellError)
ODD = "\u200b \u202e7 ｎｅｅｄ １，２３４ 45% % {found} {0} %s \0 2026-02-30 3月2日 #N/A Err:504 1e5 --1 ٣ ²"
ODDER = "👍🏽 é\u0301 ' \" =1+1 無 -0 \ud800"
ODD_TEXT = st.sampled_from([*ODD.split(), *ODDER.split(), "A" * 300, "長" * 300])
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
WILD = st.one_of(
    st.none(),
    st.text(max_size=20),
    ODD_TEXT,
    st.integers(-(10**15), 10**15),
    st.integers(-40, 50000),
    st.floats(allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.decimals(allow_infinity=False, allow_nan=False, places=2, min_value=-(10**6), max_value=10**6),
    ERRORS,
    st.binary(min_size=4, max_size=8),
    st.complex_numbers(allow_nan=False),
    st.builds(object),
)


def likely(field: Field) -> st.SearchStrategy[object]:
    """Cells a person would fill in for an input, a blank among them."""
    if field.tokens:
        words = [word for words in field.tokens.values() for word in (*words["zh"], *words["en"])]
        return st.sampled_from([None, *field.tokens, *words])
    if field.kind == "yes_no":
        return st.sampled_from([None, True, False, "是", "否", "Y", "n", 1, 0])
    if field.kind == "date":
        return st.one_of(st.none(), st.integers(-40, 200).map(lambda days: TODAY + timedelta(days)))
    if field.kind == "fraction":
        return st.one_of(st.none(), st.integers(0, 100).map(lambda share: share / 100))
    top = 400_000 if "payment" in field.id else 100 if field.id in ("score", "days_to_purchase") else 8
    return st.one_of(st.none(), st.integers(0, top), st.integers(0, top).map(str))


def rows(scheme: Scheme, cells: st.SearchStrategy[object], *, wild: int = 1) -> st.SearchStrategy[tuple[object, ...]]:
    """Rows of a scheme's inputs: mostly likely cells, here and there any other."""
    mixed = [st.one_of(*[likely(field)] * 4, *[cells] * wild) for field in scheme.fields.values()]
    return st.tuples(*mixed)


def is_fit(answer: object) -> bool:
    """Whether a cell can show an answer."""
    if isinstance(answer, list):
        return all(isinstance(row, list) and all(is_fit(cell) for cell in row) for row in answer)
    if isinstance(answer, str):
        return len(answer) <= 255
    if isinstance(answer, float):
        return isfinite(answer)
    return type(answer) in (int, bool, date, CellError)


def cells_of(answer: object) -> list[object]:
    """An answer's cells."""
    return [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]


# no function breaks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", list(BOOK))
@settings(max_examples=40)
@given(data=st.data())
def test_no_cell_content_breaks_a_judgement(scheme: str, data: st.DataObject) -> None:
    lang = data.draw(st.sampled_from(["zh", "en", "id"]))
    common = list(BOOK.common.values())
    fields = [*BOOK[scheme].fields.values(), *common]
    header = tuple(field.id if lang == "id" else field.label[lang] for field in fields)
    contact = st.tuples(*[st.one_of(likely(field), WILD) for field in common])
    row = (*data.draw(rows(BOOK[scheme], WILD)), *data.draw(contact))
    said = {name: CALLS[lang][name](scheme, header, row) for name in JUDGES}
    assert all(isinstance(answer, str) and len(answer) <= 255 for answer in said.values()), said
    assert said["XLP_WHY"] != ""
    status = CALL["XLP_STATUS"](scheme, [field.id for field in fields], row)
    assert status in STATUSES
    assert (said["XLP_GRADE"] == "") is (status in STATUSES[:4])


@pytest.mark.parametrize("scheme", list(BOOK))
@settings(max_examples=25)
@given(data=st.data())
def test_no_cell_content_breaks_a_date(scheme: str, data: st.DataObject) -> None:
    grade = data.draw(st.one_of(st.sampled_from([*BOOK[scheme].grades, ""]), WILD))
    last, agreed = (data.draw(st.one_of(st.none(), DAYS, WILD)) for _ in range(2))
    opt_out = data.draw(st.one_of(st.none(), st.booleans(), WILD))
    holidays = data.draw(st.lists(st.tuples(DAYS | WILD, WILD, st.sampled_from(["休", "班", "off", "work", None]))))
    lines = st.tuples(
        st.sampled_from(["*", scheme, BOOK[scheme].title["zh"], None]) | WILD,
        st.sampled_from(["working_days", *BOOK[scheme].parameters, None]) | WILD,
        st.sampled_from([1, 7, 40, "无", "是", None]) | WILD,
    )
    rules = data.draw(st.none() | st.lists(lines, max_size=3).map(lambda lines: [("方案", "项", "值"), *lines]))
    evidence = data.draw(rows(BOOK[scheme], WILD))
    seen: tuple[object, ...] = (tuple(BOOK[scheme].fields), evidence, data.draw(st.none() | DAYS | WILD))
    rest = data.draw(st.sampled_from([(), seen] if evidence else [()]))
    for name in ("XLP_NEXT_CONTACT", "XLP_FLAGS"):
        answer = CALL[name](scheme, grade, last, agreed, opt_out, holidays or None, rules, *rest)
        assert is_fit(answer), (name, answer)
        assert not isinstance(answer, (bool, float))
    assert is_fit(CALL["XLP_INTERVAL"](scheme, grade, rules, *rest))


SHAPES = st.one_of(
    WILD,
    st.lists(WILD, min_size=1, max_size=3),
    st.lists(st.tuples(WILD, WILD), min_size=1, max_size=3),
    st.lists(st.tuples(WILD), min_size=1, max_size=3).map(tuple),
    st.sampled_from(["score", "得分", "意向得分", "intent score", ["score"], [["score"], ["x"]]]),
)


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=150)
@given(data=st.data())
def test_no_range_of_any_shape_breaks_a_function(name: str, data: st.DataObject) -> None:
    function = FUNCTIONS[name]
    scheme = data.draw(st.sampled_from(["score_bands_90_70_60", "signed_e_cadence", "stage_0_4"]) | SHAPES)
    count = data.draw(st.integers(function.least, len(function.args))) - 1
    args = [data.draw(SHAPES) for _ in range(count)]
    assert is_fit(CALL[name](scheme, *args))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("XLP_GRADE", ("percent_bands", [[["percent"]]], 0.5)),
        ("XLP_GRADE", ("percent_bands", {}, 0.5)),
        ("XLP_GRADE", ("percent_bands", [["percent"], 1], 0.5)),
        ("XLP_GRADE", (10**5000, "percent", 0.5)),
        ("XLP_GRADE", ("percent_bands", ["percent", 10**5000], [0.5, 1])),
        ("XLP_GRADE", ("percent_bands", "percent", 10**400)),
        ("XLP_GRADE", ("visit_count_abcd", ["visits", "interaction"], [float("inf"), "some"])),
        ("XLP_GRADE", ("percent_bands", "percent", 0.5, None, [("方案", "项", "值"), ("percent_bands",)])),
        ("XLP_INTERVAL", ("percent_bands", 10**5000)),
        (
            "XLP_NEXT_CONTACT",
            ("percent_bands", "5", 46083, None, None, [[{}]], [("方案", "项", "值"), ("*", "working_days", "是")]),
        ),
    ],
)
def test_even_what_no_host_sends_breaks_nothing(name: str, args: tuple[object, ...]) -> None:
    assert is_fit(CALL[name](*args))


@pytest.mark.parametrize(
    "args",
    [
        (["score"] * 60, [1] * 60),
        ("score", 1, None, [["x" * 40] * 10]),
    ],
)
def test_why_fits_a_cell_also_where_header_or_rules_are_wrong(args: tuple[object, ...]) -> None:
    assert is_fit(CALL["XLP_WHY"]("score_bands_90_70_60", *args))


# one language -------------------------------------------------------------------------------------------------------

# Cells that bring no letters of either language with them, so that every letter in an answer is ours.
MUTE = st.one_of(
    st.none(),
    st.text(st.characters(whitelist_categories=["Nd", "Po", "Sm", "So"], max_codepoint=0x2DFF), max_size=8),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    DAYS,
    ERRORS,
    st.builds(object),
)
CHINESE = re.compile("[\u2e80-\u9fff\uff01-\uff5e\u3001-\u303f]")
QUOTED = re.compile("「[^」]*(?:」|$)")
CITED = re.compile(r"\d{3}:L\d+(?:-L\d+)?(?:, L\d+(?:-L\d+)?)*")
# Grades and the letters by which the source itself counts.
GRADES = re.compile(r"(?<![A-Za-z])(?:VIP|[HABCDEFU])(?![A-Za-z])|深入[abcd]")


@pytest.mark.parametrize("scheme", list(BOOK))
@settings(max_examples=40)
@given(data=st.data())
def test_an_answer_keeps_to_the_language_of_the_headers(scheme: str, data: st.DataObject) -> None:
    common = list(BOOK.common.values())
    fields = [*BOOK[scheme].fields.values(), *common]
    contact = st.tuples(*[st.one_of(likely(field), MUTE) for field in common])
    row = (*data.draw(rows(BOOK[scheme], MUTE)), *data.draw(contact))
    for name in ("XLP_WHY", "XLP_RAISE", "XLP_STATUS"):
        chinese = CALLS["zh"][name](scheme, [field.label["zh"] for field in fields], row)
        english = CALLS["en"][name](scheme, [field.label["en"] for field in fields], row)
        assert isinstance(chinese, str)
        assert isinstance(english, str)
        quoted_words = [cell for cell in row if isinstance(cell, str) and CHINESE.search(cell)]
        assert not CHINESE.search(english) or any(word in english for word in quoted_words), english
        bare = GRADES.sub("", CITED.sub("", QUOTED.sub("", chinese)))
        assert not re.search("[A-Za-z]", bare), chinese


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (("score_bands_90_70_60", None, 3), "None"),
        (("score_bands_90_70_60", "interval.A", True), "True"),
        (("score_bands_90_70_60", CellError("#REF!"), 3), "CellError"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_told_in_the_sheets_words(line: tuple[object, ...], found: str) -> None:
    said = CALL["XLP_WHY"]("score_bands_90_70_60", "意向得分", 95, None, [("方案", "项", "值"), line])
    assert isinstance(said, str)
    assert "规则表第1行" in said
    assert found not in said


# better evidence is no worse ----------------------------------------------------------------------------------------

YES_NO = (False, True)
LETTERS = ("D", "C", "B", "A")
NEED = ("none", "motive", "need")
# Of each ranked scheme the inputs with an order, worst value first.
ORDERED: dict[str, dict[str, Sequence[object]]] = {
    "score_bands_90_70_60": {"score": [0, 59.99, 60, 69.99, 70, 89.99, 90, 100]},
    "score_checklist_100": dict.fromkeys(BOOK["score_checklist_100"].fields, LETTERS),
    "purchase_window_habcf": {
        "days_to_purchase": [400, 91, 90, 31, 30, 16, 15, 8, 7, 0],
        "need": NEED,
        "power": YES_NO,
        "confidence": YES_NO,
    },
    "dealer_callback_habc": {id_: YES_NO for id_ in BOOK["dealer_callback_habc"].fields if id_ != "level"},
    "visit_count_abcd": {
        "visits": [0, 1, 2, 3, 9],
        "interaction": ("none", "some", "frequent"),
        "need": NEED,
        **dict.fromkeys(("confidence", "power", "price_accepted", "urgent"), YES_NO),
    },
    "stage_0_4": {"stage": [-1, 0, 1, 2, 3, 4]},
    "time_to_close_abcde": {
        "need": ("none", "potential", "clear"),
        "months_to_close": [30, 6.01, 6, 3.01, 3, 1.01, 1, 0],
    },
    "percent_bands": {"percent": [share / 100 for share in range(0, 101, 5)]},
    "phone_levels_1_6": {"dial_no": [9, 2, 1]},
    "quality_abcd": {"same_trade": YES_NO, "superior": YES_NO},
    "revisit_window": {"last_visit": [TODAY - timedelta(days) for days in (90, 31, 30, 8, 7, 4, 3, 0)]},
    "question_depth": dict.fromkeys(BOOK["question_depth"].fields, YES_NO),
}


def test_every_ranked_scheme_is_tried() -> None:
    assert set(ORDERED) == set(RANKED)


@pytest.mark.parametrize("scheme", RANKED)
@settings(max_examples=60)
@given(data=st.data())
def test_better_evidence_is_never_graded_worse(scheme: str, data: st.DataObject) -> None:
    given_: dict[str, object] = {}
    for id_, field in BOOK[scheme].fields.items():
        given_[id_] = data.draw(st.sampled_from(list(ORDERED[scheme].get(id_, (None,)))) | likely(field))
    if scheme == "purchase_window_habcf":
        given_["expected_purchase"] = None
    if scheme == "time_to_close_abcde":
        given_["expected_close"] = None
    id_ = data.draw(st.sampled_from(list(ORDERED[scheme])))
    values = ORDERED[scheme][id_]
    better = data.draw(st.integers(1, len(values) - 1))
    worse = data.draw(st.integers(0, better - 1))
    low, high = (decide(BOOK[scheme], {**given_, id_: values[at]}, as_of=TODAY) for at in (worse, better))
    if low.grade and high.grade:
        assert BOOK[scheme].rank(high.grade) <= BOOK[scheme].rank(low.grade), (given_, id_, values[worse])


# precedence ---------------------------------------------------------------------------------------------------------

PARK: dict[str, object] = {"visits": 2, "interaction": "some"}


@pytest.mark.parametrize(
    ("scheme", "row", "status"),
    [
        ("visit_count_abcd", {**PARK, "eligible": "no", "visits": "x"}, "invalid"),
        ("visit_count_abcd", {**PARK, "visits": None, "interaction": "x"}, "invalid"),
        ("visit_count_abcd", {"eligible": "no"}, "out_of_scope"),
        ("visit_count_abcd", {**PARK, "eligible": "no", "visits": 0}, "out_of_scope"),
        ("visit_count_abcd", {"visits": None, "interaction": "some", "need": "need"}, "missing"),
        ("visit_count_abcd", {**PARK, "visits": 0, "need": "need"}, "gap"),
        ("visit_count_abcd", {**PARK, "visits": 0}, "gap"),
        ("visit_count_abcd", {**PARK, "need": "none"}, "provisional"),
        ("purchase_window_habcf", {"days_to_purchase": -1, "power": "x"}, "invalid"),
        ("purchase_window_habcf", {"days_to_purchase": -1, "power": "no"}, "stale"),
        (
            "purchase_window_habcf",
            {"days_to_purchase": 1, "need": "none", "power": "no", "confidence": "no"},
            "capped",
        ),
        ("time_to_close_abcde", {"expected_close": date(2026, 3, 1)}, "missing"),
        ("time_to_close_abcde", {"need": "clear", "expected_close": date(2026, 3, 1)}, "stale"),
        ("time_to_close_abcde", {"need": "x", "expected_close": date(2026, 3, 1)}, "invalid"),
        ("account_tiers_vip_abc", {"best_line_payment": 2, "monthly_payment": 1}, "invalid"),
        ("account_tiers_vip_abc", {"product_lines": 7, "best_line_payment": 2}, "missing"),
        ("score_checklist_100", {"price": "E"}, "invalid"),
        ("revisit_window", {"last_visit": date(2026, 3, 3)}, "invalid"),
    ],
)
def test_of_two_statuses_the_graver_is_shown(scheme: str, row: dict[str, object], status: str) -> None:
    assert decide(BOOK[scheme], row, as_of=TODAY).status == status


# the promise --------------------------------------------------------------------------------------------------------


def as_typed(field: Field, value: Any) -> object:
    """A changed value as a person would type it."""
    return date.fromordinal(value) if field.kind == "date" else value


def lifted(decision: Decision, scheme: Scheme, cells: Sequence[object]) -> tuple[str, list[object]] | None:
    """The grade promised, and the cells after the advice is followed; None where there is no advice."""
    chain = chain_of(scheme)
    lift = chain.adviser.lift(decision._graded, decision._values, decision._as_of)
    if lift is None:
        return None
    changed = list(cells)
    for at, (id_, field) in enumerate(scheme.fields.items()):
        if id_ in lift.changes:
            changed[at] = as_typed(field, lift.changes[id_][0])
    return lift.grade, changed


@pytest.mark.parametrize("scheme", list(BOOK))
@settings(max_examples=80)
@given(data=st.data())
def test_what_is_advised_comes_true(scheme: str, data: st.DataObject) -> None:
    cells = data.draw(rows(BOOK[scheme], WILD, wild=0))
    before = chain_of(BOOK[scheme]).decide(cells, TODAY)
    found = lifted(before, BOOK[scheme], cells)
    assert (before.advice("zh") == "") is (before.advice("en") == "") is (found is None)
    if found is None:
        return
    promised, changed = found
    after = chain_of(BOOK[scheme]).decide(changed, TODAY)
    rank = BOOK[scheme].rank
    assert after.grade == promised, (cells, changed)
    assert rank(after.grade) < rank(before.grade)


@settings(max_examples=200)
@given(moment=st.datetimes(datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2199-12-31")))
def test_a_day_is_the_same_day_in_every_form(moment: datetime) -> None:
    day = moment.date()
    serial = day.toordinal() - date(1899, 12, 30).toordinal()
    year, month, last = day.year, day.month, day.day
    forms: list[object] = [day, moment, serial, float(serial) + 0.5, str(serial), int(f"{day:%Y%m%d}"), day.isoformat()]
    forms += [f"{day:%Y%m%d}", f"{year}年{month}月{last}日", f"{year}/{month}/{last}", f"{year}.{month}.{last}"]
    grades = {CALL["XLP_GRADE"]("revisit_window", "last_visit", form, TODAY) for form in forms}
    assert len(grades) == 1
