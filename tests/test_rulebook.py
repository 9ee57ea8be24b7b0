"""Scheme files: what is published, what an office adds, and what the loader says to a person who slips."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest
import tomllib

from xlplugin import rulebook
from xlplugin.decisions import decide
from xlplugin.errors import XlpError
from xlplugin.rulebook import load, with_values
from xlplugin.rulebook.schema import read_scheme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.rulebook import Scheme

BOOK = load()
DOCS = Path(__file__).parent.parent / "docs" / "schemes.md"
PUBLISHED = Path(rulebook.__file__).parent / "schemes"
EXAMPLE = "walk_in_abc"
CHINESE = re.compile("[\u4e00-\u9fff]")

# The public contract: input ids and their Chinese headers, in order.
FIELDS = {
    "score_bands_90_70_60": {"score": "意向得分"},
    "score_checklist_100": {
        "purchasing_power": "首付能力",
        "customer_group": "客群契合",
        "location": "区域认可",
        "price": "价格认可",
        "liking": "喜好程度",
        "belief": "信任程度",
        "lifestyle": "生活品质",
        "decision_maker": "决策人",
        "unit_fixed": "锁定房源",
        "ready_to_book": "可定房",
    },
    "purchase_window_habcf": {
        "days_to_purchase": "预计购买天数",
        "expected_purchase": "预计购买日期",
        "need": "需求程度",
        "power": "首付够",
        "confidence": "能拍板",
    },
    "three_factor": {"need": "需求程度", "power": "首付够", "confidence": "能拍板"},
    "dealer_callback_habc": {
        "level": "意向级别",
        "h1": "谈及交车",
        "h2": "车型已定",
        "h3": "主动谈竞品",
        "h4": "谈装饰置换付款上牌",
        "h5": "来电或再到店",
        "a1": "商谈一小时",
        "a2": "气氛融洽",
        "a3": "约好下次",
        "a4": "有意向车型",
        "a5": "细问配置",
        "b1": "已知联系方式",
        "b2": "谈及单位学历",
        "b3": "知其爱好",
        "name_known": "知称呼",
    },
    "visit_count_abcd": {
        "visits": "来访次数",
        "interaction": "微信互动",
        "need": "需求程度",
        "confidence": "能拍板",
        "power": "首付够",
        "price_accepted": "认可价格",
        "urgent": "急买",
        "eligible": "符合入园条件",
    },
    "stage_0_4": {"stage": "意向阶段"},
    "signed_e_cadence": {},
    "time_to_close_abcde": {
        "need": "业务需求",
        "expected_close": "预计成交日期",
        "months_to_close": "预计成交月数",
        "basis": "口径",
    },
    "percent_bands": {"percent": "意向百分比"},
    "phone_levels_1_6": {"outcome": "通话结果", "dial_no": "第几次拨打"},
    "quality_abcd": {"same_trade": "同类型", "superior": "优质"},
    "revisit_window": {"last_visit": "上次来访"},
    "question_depth": {
        "asked_general": "一般提问",
        "asked_a": "深入a",
        "asked_b": "深入b",
        "asked_c": "深入c",
        "asked_d": "深入d",
    },
    "account_tiers_vip_abc": {
        "product_lines": "品项数",
        "monthly_payment": "月回款",
        "best_line_payment": "单品项最高月回款",
        "mode": "评选方式",
        "poor_credit": "信用不良",
    },
}
# The interval table of the specification (0.3), with decisions.md 8 for a refusing customer.
INTERVALS: dict[str, dict[str, tuple[int | None, str]]] = {
    "purchase_window_habcf": {"H": (1, "S"), "A": (3, "S"), "B": (7, "S"), "C": (15, "S"), "F": (None, "S")},
    "dealer_callback_habc": {"H": (2, "S"), "A": (7, "S"), "B": (13, "S"), "C": (20, "S")},
    "stage_0_4": {"0": (15, "S"), "1": (7, "S"), "2": (7, "S"), "3": (3, "S"), "4": (3, "S"), "-1": (None, "P")},
    "signed_e_cadence": {"E": (15, "P")},
    "revisit_window": {"hot": (3, "S"), "warm": (7, "S"), "cooling": (30, "S"), "lapsed": (None, "P")},
    "score_bands_90_70_60": {"A": (3, "P"), "B": (7, "P"), "C": (15, "P"), "D": (30, "P")},
    "score_checklist_100": {"A": (3, "P"), "B": (7, "P"), "C": (15, "P"), "D": (30, "P")},
    "visit_count_abcd": {"A": (3, "P"), "B": (7, "P"), "C": (15, "P"), "D": (30, "P")},
    "time_to_close_abcde": {"A": (3, "P"), "B": (7, "P"), "C": (15, "P"), "D": (30, "P"), "E": (None, "P")},
    "percent_bands": {"5": (1, "P"), "4": (3, "P"), "3": (7, "P"), "2": (15, "P"), "1": (30, "P")},
    "phone_levels_1_6": {"6": (1, "P"), "5": (3, "P"), "4": (7, "P"), "3": (30, "P"), "2": (1, "P"), "1": (None, "P")},
    "three_factor": {},
    "quality_abcd": {},
    "question_depth": {},
    "account_tiers_vip_abc": {},
}
# Points of the checklist (spec 2.2), letters A to D.
POINTS = {
    "purchasing_power": (20, 15, 13, 5),
    "customer_group": (5, 4, 4, 1),
    "location": (10, 10, 7, 2),
    "price": (15, 11, 9, 3),
    "liking": (10, 8, 7, 2),
    "belief": (10, 10, 6, 2),
    "lifestyle": (5, 4, 3, 1),
    "decision_maker": (10, 7, 6, 3),
    "unit_fixed": (10, 6, 5, 0),
    "ready_to_book": (5, 4, 2, 0),
}


def example() -> str:
    """The scheme file printed in docs/schemes.md."""
    return DOCS.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]


def published(scheme: str) -> str:
    """A published scheme file as text."""
    return (PUBLISHED / f"{scheme}.toml").read_text(encoding="utf-8")


def refused(folder: Path, text: str, name: str = EXAMPLE) -> XlpError:
    """What the loader says to a folder with one scheme file of this content."""
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(XlpError) as caught:
        load(folder)
    return caught.value


def assert_says(error: XlpError, *wanted: str) -> None:
    """The sentence of an error names all of these, in either language."""
    for lang in ("zh", "en"):
        for part in wanted:
            assert part in error.sentence(lang), (part, error.sentence(lang))


def changed(text: str, old: str, new: str) -> str:
    """The text with the one place changed that says `old`."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


# what is published ------------------------------------------------------------------------------------------------


def test_the_fifteen_schemes_are_published() -> None:
    assert set(BOOK) == set(FIELDS)
    assert len(BOOK) == 15


@pytest.mark.parametrize("scheme", FIELDS)
def test_inputs_are_the_public_contract(scheme: str) -> None:
    assert {id_: field.label["zh"] for id_, field in BOOK[scheme].fields.items()} == FIELDS[scheme]
    assert list(BOOK[scheme].fields) == list(FIELDS[scheme])


@pytest.mark.parametrize("scheme", INTERVALS)
def test_intervals_are_those_of_the_specification(scheme: str) -> None:
    found = {grade: (interval.days, interval.basis) for grade, interval in BOOK[scheme].intervals.items()}
    assert found == INTERVALS[scheme]
    assert (BOOK[scheme].no_interval is None) == bool(found)


def test_points_are_those_of_the_specification() -> None:
    points = BOOK["score_checklist_100"].points
    assert points is not None
    assert {id_: tuple(row.values()) for id_, row in points.table.items()} == POINTS
    assert [sum(column) for column in zip(*POINTS.values(), strict=True)] == [100, 79, 62, 19]
    assert points.basis == "P"


def test_unordered_schemes_are_the_two_whose_grades_are_no_ladder() -> None:
    assert {scheme.id for scheme in BOOK.values() if not scheme.ranked} == {"three_factor", "account_tiers_vip_abc"}


def texts(scheme: Scheme) -> Iterator[dict[str, str]]:
    """Every text of a scheme that a user can read."""
    yield scheme.title
    yield from (words for words in (scheme.note, scheme.no_interval, *scheme.names.values()) if words)
    for field in scheme.fields.values():
        yield from (words for words in (field.label, field.ask) if words)
    yield from (derived.label for derived in scheme.derived.values())
    yield from (parameter.label for parameter in scheme.parameters.values())
    for lines in (scheme.first, *(table.lines for table in scheme.tables)):
        yield from (line.because for line in lines)


@pytest.mark.parametrize("scheme", list(BOOK))
def test_every_text_keeps_to_its_language(scheme: str) -> None:
    for words in texts(BOOK[scheme]):
        parts = {lang: list(Formatter().parse(text)) for lang, text in words.items()}
        plain = {lang: "".join(text for text, *_ in found) for lang, found in parts.items()}
        assert not CHINESE.search(plain["en"]), plain
        assert not re.search("[A-Za-z]{2,}", plain["zh"].replace("VIP", "")), plain
        named = {lang: {name for _, name, *_ in found if name} for lang, found in parts.items()}
        assert named["zh"] == named["en"]


@pytest.mark.parametrize("scheme", list(BOOK))
def test_a_stated_or_inferred_line_says_where(scheme: str) -> None:
    for lines in (BOOK[scheme].first, *(table.lines for table in BOOK[scheme].tables)):
        for line in lines:
            assert line.lines or line.basis == "P", (line.number, line.because)


@pytest.mark.parametrize("scheme", list(BOOK))
def test_no_two_inputs_answer_to_one_header(scheme: str) -> None:
    for lang in ("zh", "en"):
        headers = [field.label[lang] for field in BOOK[scheme].fields.values()]
        headers += [header for field in BOOK[scheme].fields.values() for header in field.also]
        assert len(headers) == len(set(headers))


def test_the_packed_rulebook_is_the_same_one() -> None:
    packed = json.loads(rulebook.packed())
    settings = {f"settings/{id_}.toml" for id_ in BOOK.settings}
    assert set(packed) == {"vocabulary.toml", *(f"{scheme}.toml" for scheme in BOOK), *settings}
    assert packed["quality_abcd.toml"]["id"] == "quality_abcd"


def test_a_scheme_is_found_by_id_and_by_title() -> None:
    scheme = BOOK["signed_e_cadence"]
    assert BOOK.find("signed_e_cadence") is scheme
    assert BOOK.find(" " + scheme.title["zh"]) is scheme
    assert BOOK.find(scheme.title["en"].upper()) is scheme


def test_an_unknown_scheme_is_answered_with_those_there_are() -> None:
    with pytest.raises(XlpError) as caught:
        BOOK.find("habc")
    assert caught.value.code == "unknown_scheme"
    assert_says(caught.value, "habc", *BOOK)


# an office's own folder -------------------------------------------------------------------------------------------


def test_the_example_of_the_docs_loads_and_decides(tmp_path: Path) -> None:
    (tmp_path / f"{EXAMPLE}.toml").write_text(example(), encoding="utf-8")
    book = load(tmp_path)
    assert set(book) == {*BOOK, EXAMPLE}
    decision = decide(book[EXAMPLE], {"visits": 3, "funds": "是"}, last_contact="2026-03-02")
    assert (decision.grade, decision.status, str(decision.next_contact)) == ("A", "ok", "2026-03-04")
    assert decide(book[EXAMPLE], {"visits": 2, "funds": "是"}).grade == "B"
    assert decide(book[EXAMPLE], {"visits": 0}).grade == "C"
    assert decide(book[EXAMPLE], {"visits": 100}).status == "invalid"


def test_an_office_replaces_a_published_scheme(tmp_path: Path) -> None:
    text = changed(published("score_bands_90_70_60"), 'grade = "A", limit = 90', 'grade = "A", limit = 85')
    (tmp_path / "score_bands_90_70_60.toml").write_text(text, encoding="utf-8")
    book = load(tmp_path)
    assert list(book) == list(BOOK)
    assert decide(book["score_bands_90_70_60"], {"score": 85}).grade == "A"
    assert decide(BOOK["score_bands_90_70_60"], {"score": 85}).grade == "B"


def test_the_folder_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{EXAMPLE}.toml").write_text(example(), encoding="utf-8")
    monkeypatch.setenv("XLP_RULEBOOK", str(tmp_path))
    assert EXAMPLE in load()


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / f"{EXAMPLE}.toml").write_text(example(), encoding="utf-8-sig")
    assert EXAMPLE in load(tmp_path)


def test_an_empty_folder_adds_nothing(tmp_path: Path) -> None:
    assert list(load(tmp_path)) == list(BOOK)


@pytest.mark.parametrize("name", ["nowhere", "file.toml"])
def test_what_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.toml").write_text("", encoding="utf-8")
    with pytest.raises(XlpError) as caught:
        load(tmp_path / name)
    assert caught.value.code == "rulebook_folder"
    assert_says(caught.value, str(tmp_path / name))


# an office's own numbers ------------------------------------------------------------------------------------------


def test_an_office_sets_limits_points_and_intervals() -> None:
    bands = with_values(BOOK, BOOK["score_bands_90_70_60"], {"bands.A.limit": 85, "interval.A": 2, "interval.D": None})
    assert decide(bands, {"score": 85}).interval_days == 2
    assert decide(bands, {"score": 10}).interval_days is None
    visits = with_values(BOOK, BOOK["visit_count_abcd"], {"limits.a_visits": 4})
    assert decide(visits, {"visits": 3, "interaction": "some"}).grade == "B"
    points = {"points.price.A": 14, "points.belief.A": 11}
    assert with_values(BOOK, BOOK["score_checklist_100"], points).parameters["points.price.A"].value == 14
    assert BOOK["score_bands_90_70_60"].parameters["bands.A.limit"].value == 90


def test_an_unknown_number_is_answered_with_those_there_are() -> None:
    with pytest.raises(XlpError) as caught:
        with_values(BOOK, BOOK["quality_abcd"], {"bands.A.limit": 1})
    assert caught.value.code == "unknown_rule"
    assert_says(caught.value, "quality_abcd", "bands.A.limit")
    with pytest.raises(XlpError) as caught:
        with_values(BOOK, BOOK["signed_e_cadence"], {"interval.A": 1})
    assert_says(caught.value, "signed_e_cadence", "interval.A", "interval.E")


def test_an_offices_numbers_are_checked_like_a_file() -> None:
    with pytest.raises(XlpError) as caught:
        with_values(BOOK, BOOK["score_bands_90_70_60"], {"bands.B.limit": 95})
    assert_says(caught.value, "score_bands_90_70_60.toml", "table[1].bands", "[90, 95, 60]", "由大到小")
    with pytest.raises(XlpError) as caught:
        with_values(BOOK, BOOK["score_checklist_100"], {"points.price.A": 16})
    assert_says(caught.value, "score_checklist_100.toml", "points.table", "101", "100")
    with pytest.raises(XlpError) as caught:
        with_values(BOOK, BOOK["signed_e_cadence"], {"interval.E": 3651})
    assert_says(caught.value, "interval.E.days", "3651", "3650")


# what the loader says ---------------------------------------------------------------------------------------------

SLIPS = [
    # what was meant, what was typed, the key, what was found, what is allowed
    ("rank = [", "ranks = [", "ranks", "'ranks'", "rank"),
    ('type = "whole"', 'type = "whole"\nunit = "次"', "input.visits.unit", "'unit'", "range"),
    ('type = "whole"', 'type = "integer"', "input.visits.type", "'integer'", "whole"),
    ('type = "whole"\n', "", "input.visits.type", "None", "whole"),
    ("range = [0, 99]", "range = [99, 0]", "input.visits.range", "[99, 0]", "[low, high]"),
    ("range = [0, 99]", "range = [0, nan]", "input.visits.range", "[0, nan]", "[low, high]"),
    ("range = [0, 99]", "range = [0, 99]\nblank = 100", "input.visits.blank", "100", "范围"),
    ('type = "yes_no"', 'type = "yes_no"\nblank = "maybe"', "input.funds.blank", "'maybe'", "yes / no"),
    ('type = "yes_no"', 'type = "choice"\ntokens = "needs"', "input.funds.tokens", "'needs'", "purchase_need"),
    ('type = "yes_no"', 'type = "choice"', "input.funds.tokens", "None", "选项"),
    ('label = { zh = "首付够", en = "funds" }', 'label = { zh = "首付够" }', "input.funds.label", "首付够", "en ="),
    ("[input.funds]", "[input.Funds]", "input.Funds", "'Funds'", "[a-z]"),
    ('lines = "L12-L18"', 'lines = "12-18"', "source[1].lines", "'12-18'", "L12-L34"),
    ('file = "sales_handbook.txt"\n', "", "source[1].file", "None", "str"),
    ("value = 3,", 'value = "3",', "limits.many.value", "'3'", "数字"),
    ("value = 3,", "value = nan,", "limits.many.value", "nan", "数字"),
    ('all = ["visits"]', 'all = ["visit"]', "required.all", "'visit'", "visits"),
    ('all = ["visits"]', 'all = "visits"', "required.all", "'visits'", "["),
    ('visits = ">= many"', 'visits = ">= more"', "table[1].line[1].when.visits", "'>= more'", "many"),
    ('visits = ">= many"', 'visits = "=> many"', "table[1].line[1].when.visits", "'=> many'", ">="),
    ('visits = ">= many"', 'visits = ">= 3"', "table[1].line[1].when.visits", "'>= 3'", "many"),
    ('visits = ">= many"', "visits = 3", "table[1].line[1].when.visits", "3", ">="),
    ('visits = ">= many"', 'calls = ">= many"', "table[1].line[1].when.calls", "'calls'", "visits"),
    ('funds = "yes" }', 'funds = "true" }', "table[1].line[1].when.funds", "'true'", "yes / no / blank / given"),
    ('basis = "I"', 'basis = "X"', "table[1].line[2].basis", "'X'", "S / I / P"),
    ('basis = "I"\n', "", "table[1].line[2].basis", "None", "S / I / P"),
    ('basis = "I"\nlines = "L16"', 'basis = "I"\nlines = "p. 16"', "table[1].line[2].lines", "'p. 16'", "L12-L34"),
    ('en = "no visit yet"', 'en = "no {visit} yet"', "because", "no {visit} yet", "{visits}"),
    ('grade = "C"', 'grade = "D"', "rank", "['C', 'D']", "'A', 'B', 'D'"),
    ('grade = "C"', 'status = "gap"', "table[1].line[3].grade", "None", "missing"),
    ('grade = "C"', 'grade = "C"\nstatus = "stale"', "table[1].line[3].grade", "'C'", "stale"),
    ('grade = "C"', 'grade = "C"\nstatus = "sure"', "table[1].line[3].status", "'sure'", "provisional"),
    ("when = {}", 'when = { visits = "= 0" }', "table[1].line", "[]", "the last line"),
    ('when = { visits = "> 0" }', "when = {}", "table[1].line", "[2, 3]", "the last line"),
    ('id = "visits"', 'id = "visits"\napplies = "all_given"', "table[1].given", "None", "inputs"),
    ('id = "visits"', 'id = "visits"\ngiven = ["fund"]', "table[1].given", "'fund'", "funds"),
    ('id = "visits"', 'id = "visits"\nblanks = "missing"', "table[1].blanks", "'missing'", "provisional"),
    ('C = { days = "none", basis = "P" }', "", "interval.C", "None", "days = 7"),
    ('C = { days = "none", basis = "P" }', 'F = { days = 1, basis = "P" }', "interval.F", "'F'", "A / B / C"),
    ('C = { days = "none"', "C = { days = 0", "interval.C.days", "0", "1-3650"),
    ('C = { days = "none"', "C = { days = 3651", "interval.C.days", "3651", "1-3650"),
    ('C = { days = "none"', "C = { days = 1.5", "interval.C.days", "1.5", "1-3650"),
    ('C = { days = "none"', 'C = { days = "never"', "interval.C.days", "'never'", "none"),
]


@pytest.mark.parametrize(("meant", "typed", "key", "found", "allowed"), SLIPS)
def test_a_slip_is_named(tmp_path: Path, meant: str, typed: str, key: str, found: str, allowed: str) -> None:
    error = refused(tmp_path, changed(example(), meant, typed))
    assert error.code == "scheme_file"
    assert_says(error, str(tmp_path / f"{EXAMPLE}.toml"), key, found, allowed)


def test_no_source(tmp_path: Path) -> None:
    start, _, rest = example().partition("[[source]]")
    error = refused(tmp_path, start + rest[rest.index("[input.visits]") :])
    assert_says(error, str(tmp_path), "source", "None", "title, file, lines")


def test_the_file_is_named_otherwise(tmp_path: Path) -> None:
    error = refused(tmp_path, example(), "walk_in")
    assert_says(error, str(tmp_path / "walk_in.toml"), "id", EXAMPLE, "walk_in")


def test_the_interval_counts_from_a_date(tmp_path: Path) -> None:
    error = refused(tmp_path, 'interval_from = "visits"\n' + example())
    assert_says(error, str(tmp_path), "interval_from", "'visits'", "last_contact")


def test_two_ranks_of_one_grade(tmp_path: Path) -> None:
    error = refused(tmp_path, changed(example(), '["A", "B", "C"]', '["A", "B", "C", "C"]'))
    assert_says(error, str(tmp_path), "rank", "['A', 'B', 'C', 'C']")


BANDS = [
    ("limit = 70", "limit = 95", "table[1].bands", "[90, 95, 60]", "由大到小"),
    ("limit = 70", "limit = 60", "table[1].bands", "[90, 60, 60]", "由大到小"),
    ("limit = 70", 'limit = "70"', "table[1].bands[2].limit", "'70'", "数字"),
    ('"at_least"', '"above"', "table[1].test", "'above'", "at_least / at_most"),
    ('on = "score"', 'on = "points"', "table[1].on", "'points'", "score"),
    ('limit = 70, basis = "S"', 'limit = 70, basis = "s"', "table[1].bands[2].basis", "'s'", "S / I / P"),
]


@pytest.mark.parametrize(("meant", "typed", "key", "found", "allowed"), BANDS)
def test_bands(tmp_path: Path, meant: str, typed: str, key: str, found: str, allowed: str) -> None:
    error = refused(tmp_path, changed(published("score_bands_90_70_60"), meant, typed), "score_bands_90_70_60")
    assert_says(error, str(tmp_path / "score_bands_90_70_60.toml"), key, found, allowed)


def test_rising_bands(tmp_path: Path) -> None:
    text = changed(published("revisit_window"), "limit = 7,", "limit = 2,")
    assert_says(refused(tmp_path, text, "revisit_window"), "table[1].bands", "[3, 2, 30]", "由小到大")


def test_no_bands(tmp_path: Path) -> None:
    text = re.sub(r"bands = \[.*?\n\]", "bands = []", published("revisit_window"), flags=re.DOTALL)
    assert_says(refused(tmp_path, text, "revisit_window"), "table[1].bands", "[]")


@pytest.mark.parametrize(
    ("meant", "typed", "key", "found", "allowed"),
    [
        ("price = { A = 15,", "price = { A = 16,", "points.table", "101", "100"),
        ("price = { A = 15,", "prices = { A = 15,", "points.table", "'prices'", "price"),
        ("price = { A = 15,", "price = { E = 15,", "points.table.price", "'E'", "A / B / C / D"),
        ("price = { A = 15,", 'price = { A = "15",', "points.table.price.A", "'15'", "数字"),
        ("full = 100", "full = 120", "points.table", "100", "120"),
    ],
)
def test_points(tmp_path: Path, meant: str, typed: str, key: str, found: str, allowed: str) -> None:
    error = refused(tmp_path, changed(published("score_checklist_100"), meant, typed), "score_checklist_100")
    assert_says(error, str(tmp_path / "score_checklist_100.toml"), key, found, allowed)


@pytest.mark.parametrize(
    ("meant", "typed", "key", "found", "allowed"),
    [
        ('outcome = "interested"', 'outcome = "keen"', "table[1].line[2].when.outcome", "'keen'", "interested"),
        ('["very", "will_visit"]', '["very", "keen"]', "table[1].line[1].when.outcome", "'keen'", "will_visit"),
        ('["very", "will_visit"]', "[]", "table[1].line[1].when.outcome", "[]", "will_visit"),
        ('zh = ["空号"], en = ["empty"]', 'zh = ["空号"]', "input.outcome.tokens.empty", "空号", "en ="),
    ],
)
def test_tokens(tmp_path: Path, meant: str, typed: str, key: str, found: str, allowed: str) -> None:
    error = refused(tmp_path, changed(published("phone_levels_1_6"), meant, typed), "phone_levels_1_6")
    assert_says(error, str(tmp_path / "phone_levels_1_6.toml"), key, found, allowed)


@pytest.mark.parametrize(
    ("meant", "typed", "key", "found", "allowed"),
    [
        ('kind = "days_since"', 'kind = "days_after"', "derived.days_since_visit.kind", "'days_after'", "days_since"),
        ('\ndate = "last_visit"', "", "derived.days_since_visit", "days_since", "date"),
        ('\ndate = "last_visit"', '\ndate = "visit"', "derived.days_since_visit.date", "'visit'", "last_visit"),
        ('\ndate = "last_visit"', '\nfields = ["last_visit"]', "derived.days_since_visit", "fields", "date"),
    ],
)
def test_derived(tmp_path: Path, meant: str, typed: str, key: str, found: str, allowed: str) -> None:
    error = refused(tmp_path, changed(published("revisit_window"), meant, typed), "revisit_window")
    assert_says(error, str(tmp_path / "revisit_window.toml"), key, found, allowed)


def test_a_line_that_is_no_toml_is_named_by_its_number(tmp_path: Path) -> None:
    text = changed(example(), 'type = "yes_no"', 'type = "yes_no')
    line = text[: text.index('type = "yes_no')].count("\n") + 1
    error = refused(tmp_path, text)
    assert error.code == "scheme_syntax"
    assert error.facts["line"] == str(line)
    assert_says(error, str(tmp_path / f"{EXAMPLE}.toml"), str(line))


def test_a_file_cut_short(tmp_path: Path) -> None:
    error = refused(tmp_path, example() + "\n[interval.")
    assert error.code == "scheme_syntax"
    assert_says(error, str(tmp_path / f"{EXAMPLE}.toml"))


def test_another_encoding(tmp_path: Path) -> None:
    (tmp_path / f"{EXAMPLE}.toml").write_bytes(example().encode("gb18030"))
    with pytest.raises(XlpError) as caught:
        load(tmp_path)
    assert caught.value.code == "scheme_encoding"
    assert_says(caught.value, str(tmp_path / f"{EXAMPLE}.toml"), "UTF-8", str(caught.value.facts["place"]))


@pytest.mark.parametrize("typed", ['"x"', "3", "-1.5", "true", "[]", "[1]", "{}", "{ a = 1 }", "nan", "2026-03-02"])
def test_whatever_stands_in_place_of_a_value_is_named_and_never_a_fault(typed: str) -> None:
    lines = example().splitlines()
    for place, line in enumerate(lines):
        key, sign, _ = line.partition(" = ")
        raw = tomllib.loads("\n".join([*lines[:place], f"{key} = {typed}" if sign else line, *lines[place + 1 :]]))
        try:
            scheme = read_scheme(raw, "slip.toml", BOOK.vocabulary, BOOK.common)
        except XlpError as error:
            said = error.sentence("zh")
        else:
            said = "slip.toml" + decide(scheme, {}).why("zh")
        assert said.partition("slip.toml")[2]
