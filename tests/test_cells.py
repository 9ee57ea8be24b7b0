"""Every form in which a cell may arrive, and every form that would be a guess."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from xlplugin.cells import (
    EPOCH_1900,
    EPOCH_1904,
    Unreadable,
    amount_reader,
    choice_reader,
    date_reader,
    error_in,
    fraction_reader,
    is_blank,
    number_reader,
    read_yes_no,
    show,
    text_of,
    tidy,
    whole_reader,
)
from xlplugin.decisions.evidence import field_reader
from xlplugin.errors import CellError
from xlplugin.rulebook import load
from xlplugin.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Callable

BOOK = load()
DAY = date(2026, 3, 2)
read_date = date_reader()
read_date_1904 = date_reader(EPOCH_1904)
read_number = number_reader(-inf, inf)
read_score = number_reader(0, 100)
read_whole = whole_reader(0, inf)
read_days = whole_reader(-inf, inf, cut=True)
read_share = fraction_reader(0, 1)
read_choice = choice_reader({"frequent": "frequent", "频繁": "frequent", "a_b": "a_b"})
READERS: dict[str, Callable[[object], object]] = {
    "date": read_date,
    "number": read_number,
    "score": read_score,
    "whole": read_whole,
    "days": read_days,
    "share": read_share,
    "yes_no": read_yes_no,
    "choice": read_choice,
}
BLANKS = (None, "", " ", "\t\n", "\u3000", "\u00a0", "\u200b", "\ufeff", nan, np.float64("nan"), pd.NA, pd.NaT)


def full_width(text: str) -> str:
    """The text with every ASCII sign in its full-width form."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def refused(read: Callable[[object], object], cell: object) -> Unreadable:
    """Why a cell is refused; both languages must be able to say it."""
    with pytest.raises(Unreadable) as caught:
        read(cell)
    cause = caught.value
    for lang in LANGUAGES:
        assert say(lang, f"cell.{cause.why}", **cause.facts)
    assert len(show(cause.found)) <= 40
    return cause


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("cell", BLANKS, ids=repr)
def test_a_blank_cell_is_none_to_every_reader(name: str, cell: object) -> None:
    assert is_blank(cell)
    assert READERS[name](cell) is None


# dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime.fromisoformat("2026-03-02"),
        datetime.fromisoformat("2026-03-02 23:59:59"),
        datetime(2026, 3, 2, 1, tzinfo=timezone(timedelta(hours=8))),
        pd.Timestamp("2026-03-02 18:00"),
        46083,
        46083.0,
        46083.99999,
        np.int64(46083),
        np.float64(46083.5),
        np.float32(46083),
        Decimal(46083),
        Fraction(92167, 2),
        20260302,
        20260302.0,
        "46083",
        "46083.75",
        "20260302",
        "2026-03-02",
        "2026-3-2",
        "2026/3/2",
        "2026/03/02",
        "2026.3.2",
        "2026.03.02",
        "2026年3月2日",
        "2026年03月02日",
        "2026年3月2号",
        "２０２６年３月２日",
        "２０２６－０３－０２",
        "２０２６／３／２",
        "２０２６．３．２",
        "２０２６０３０２",
        " 2026-03-02 ",
        "\u30002026-03-02\u3000",
        "\u00a02026/3/2\n",
        "\ufeff2026-03-02",
        "2026\u200b-03-\u200d02",
        "2026\u221203\u221202",
        "2026-03-02 10:30",
        "2026-03-02  9:05",
        "2026-03-02 10:30:59",
        "2026-03-02T10:30",
        "2026-03-02T10:30:59.123456",
        "2026/3/2 0:00:00",
        "2026.3.2 10:30",
        "2026年3月2日 10:30",
        "2026年3月2日10:30",
        "2026年3月2日10时30分",
        "2026年3月2日 10时30分",
        "２０２６年３月２日　１０：３０",
    ],
    ids=repr,
)
def test_a_date_in_every_form_people_use(cell: object) -> None:
    assert read_date(cell) == DAY.toordinal()


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("3月2日", "not_a_date"),
        ("3/2", "not_a_date"),
        ("3/2/2026", "not_a_date"),
        ("2-3-2026", "not_a_date"),
        ("26-03-02", "not_a_date"),
        ("26年3月2日", "not_a_date"),
        ("2026-03", "not_a_date"),
        ("2026年3月", "not_a_date"),
        ("2026年3月2", "not_a_date"),
        ("2026-3/2", "not_a_date"),
        ("2026/3.2", "not_a_date"),
        ("2026-03-02-01", "not_a_date"),
        ("2026-03-021", "not_a_date"),
        ("2026-03-02 上午", "not_a_date"),
        ("2026-03-02 Mon", "not_a_date"),
        ("2026-03-0210:30", "not_a_date"),
        ("2 March 2026", "not_a_date"),
        ("Mar 2, 2026", "not_a_date"),
        ("二〇二六年三月二日", "not_a_date"),
        ("明天", "not_a_date"),
        ("下周一", "not_a_date"),
        ("10:30", "not_a_date"),
        ("46,083", "not_a_date"),
        ("202603", "not_a_date"),
        ("260302", "not_a_date"),
        ("2026030", "not_a_date"),
        ("18000101", "not_a_date"),
        ("22000101", "not_a_date"),
        (20260302.5, "not_a_date"),
        ("20260230", "no_such_day"),
        (20261301, "no_such_day"),
        ("2026-02-29", "no_such_day"),
        ("2026-02-30", "no_such_day"),
        ("2026-04-31", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("2026-00-10", "no_such_day"),
        ("2026-01-00", "no_such_day"),
        ("1899-12-31", "no_such_day"),
        ("9001-01-01", "no_such_day"),
        ("0001-01-01", "no_such_day"),
        (7, "not_a_date"),
        (7.5, "not_a_date"),
        ("7", "not_a_date"),
        (-1, "not_a_date"),
        (-46083.0, "not_a_date"),
        (1e300, "not_a_date"),
        (inf, "not_a_date"),
        (-inf, "not_a_date"),
        (date(1899, 12, 31), "not_a_date"),
        (date(9001, 1, 1), "not_a_date"),
        (date.max, "not_a_date"),
        (date.min, "not_a_date"),
        (True, "boolean"),
        (False, "boolean"),
        (time(10, 30), "not_text_or_number"),
        (timedelta(3), "not_text_or_number"),
        (Ellipsis, "not_text_or_number"),
    ],
    ids=repr,
)
def test_a_date_that_would_be_a_guess_is_refused(cell: object, why: str) -> None:
    assert refused(read_date, cell).why == why


@pytest.mark.parametrize("cell", [0, 0.0, "0", "0.0", np.int64(0)], ids=repr)
def test_a_date_cell_holding_nought_is_blank(cell: object) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize("cell", ["2028-02-29", 46812, datetime.fromisoformat("2028-02-29 12:00")], ids=repr)
def test_the_leap_day_is_a_day(cell: object) -> None:
    assert read_date(cell) == date(2028, 2, 29).toordinal()


@pytest.mark.parametrize(("epoch", "read"), [(EPOCH_1900, read_date), (EPOCH_1904, read_date_1904)])
@pytest.mark.parametrize("kind", [int, float, str, np.float64, Decimal])
def test_serials_are_read_from_1950_to_2199(
    epoch: int, read: Callable[[object], int | None], kind: Callable[[int], object]
) -> None:
    first, last = date(1950, 1, 1).toordinal() - epoch, date(2199, 12, 31).toordinal() - epoch
    assert read(kind(first)) == first + epoch
    assert read(kind(last)) == last + epoch
    assert refused(read, kind(first - 1)).why == "not_a_date"
    assert refused(read, kind(last + 1)).why == "not_a_date"
    assert read(last + 0.999) == last + epoch
    refused(read, first - 0.001)


def test_a_serial_counts_from_the_workbooks_own_day() -> None:
    assert read_date_1904(44621) == read_date(46083) == DAY.toordinal()
    assert read_date_1904(46083.25) == date(2030, 3, 3).toordinal()
    assert read_date_1904("2026-03-02") == DAY.toordinal()
    assert read_date_1904(DAY) == DAY.toordinal()


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u202c", "\u2060", "\u00ad"], ids=ascii)
def test_marks_of_direction_are_invisible_too(mark: str) -> None:
    assert is_blank(mark)
    assert read_date(f"{mark}2026-03-02") == DAY.toordinal()


# numbers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, 5),
        (5.5, 5.5),
        (-0.0, 0),
        ("5", 5),
        ("+5", 5),
        ("-5", -5),
        ("5.", 5),
        (".5", 0.5),
        ("5.50", 5.5),
        ("００５", 5),
        ("５０．５", 50.5),
        ("－5", -5),
        ("\u22125", -5),
        (" 5 ", 5),
        ("\u30005\u00a0", 5),
        ("\u200b5", 5),
        ("1,234", 1234),
        ("12,345,678.5", 12345678.5),
        ("-1,234", -1234),
        ("１，２３４", 1234),
        (np.int64(5), 5),
        (np.float32(0.5), 0.5),
        (np.uint8(5), 5),
        (Decimal("5.5"), 5.5),
        (Fraction(1, 2), 0.5),
        ("9007199254740993", 9007199254740992),
    ],
    ids=repr,
)
def test_a_number_in_every_form_people_use(cell: object, number: float) -> None:
    assert read_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1,23", "not_a_number"),
        ("12,34,567", "not_a_number"),
        ("1,2345", "not_a_number"),
        ("1234,567", "not_a_number"),
        (",5", "not_a_number"),
        ("1 234", "not_a_number"),
        ("1'234", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1e3", "not_a_number"),
        ("0x10", "not_a_number"),
        ("5天", "not_a_number"),
        ("5-7", "not_a_number"),
        ("~5", "not_a_number"),
        ("五", "not_a_number"),
        ("½", "not_a_number"),
        ("²", "not_a_number"),
        ("--5", "not_a_number"),
        ("+-5", "not_a_number"),
        ("- 5", "not_a_number"),
        (".", "not_a_number"),
        ("-", "not_a_number"),
        ("nan", "not_a_number"),
        ("inf", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("45%", "not_a_number"),
        ("9" * 400, "not_a_number"),
        (np.float64("inf"), "not_a_number"),
        (Decimal("Infinity"), "not_a_number"),
        (True, "boolean"),
        (False, "boolean"),
        ("TRUE", "not_a_number"),
        (DAY, "date_for_number"),
        (datetime.fromisoformat("2026-03-02 10:00"), "date_for_number"),
        (pd.Timestamp("2026-03-02"), "date_for_number"),
        (time(10, 30), "not_text_or_number"),
        (1 + 2j, "not_text_or_number"),
        ({}, "not_text_or_number"),
        (Ellipsis, "not_text_or_number"),
    ],
    ids=lambda cell: ascii(cell)[:40],
)
def test_a_number_that_would_be_a_guess_is_refused(cell: object, why: str) -> None:
    assert refused(read_number, cell).why == why


@pytest.mark.parametrize(
    ("read", "cell"), [(read_number, inf), (read_number, -inf), (read_whole, inf), (read_days, inf), (read_days, -inf)]
)
def test_infinity_is_no_number(read: Callable[[object], object], cell: float) -> None:
    refused(read, cell)


@pytest.mark.parametrize("cell", [0, 100, 0.0, 100.0, "0", "100", "１００", np.int64(100)], ids=repr)
def test_the_edges_of_a_range_are_in_it(cell: object) -> None:
    assert read_score(cell) in (0, 100)


@pytest.mark.parametrize("cell", [-0.001, 100.001, -1, 101, "-1", "101", 1e300, inf, -inf, np.int64(101)], ids=repr)
def test_beyond_a_range_is_refused(cell: object) -> None:
    refused(read_score, cell)


def test_a_whole_number_has_no_fraction_and_days_lose_theirs() -> None:
    assert [read_whole(cell) for cell in (3, 3.0, "3", "3.0", np.int64(3), Decimal(3))] == [3] * 6
    assert all(type(read_whole(cell)) is int for cell in (3.0, "3.0", np.float64(3)))
    assert refused(read_whole, 2.5).why == refused(read_whole, "2.5").why == "not_whole"
    assert refused(read_whole, -1).why == "below"
    assert [read_days(cell) for cell in (7.9, "7.9", 7, -1, -1.9, "-1")] == [7, 7, 7, -1, -1, -1]


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        (0, 0),
        (1, 1),
        (0.45, 0.45),
        ("45%", 0.45),
        ("45.5%", 0.455),
        (" 45 % ", 0.45),
        ("４５％", 0.45),
        ("100%", 1),
        ("0%", 0),
        ("0.45", 0.45),
        (0.1 + 0.6, 0.7),
        (0.7 - 1e-17, 0.7),
        (0.1 * 3, 0.3),
        ("7e-1%", None),
    ],
    ids=repr,
)
def test_a_share_is_a_fraction_or_a_percentage_typed_as_text(cell: object, share: float | None) -> None:
    if share is None:
        refused(read_share, cell)
    else:
        assert read_share(cell) == share


@pytest.mark.parametrize(
    "cell", [45, "45", 1.01, -0.01, "101%", "-1%", "%", "45%%", "% 45", "百分之四十五", "1/2", True, DAY, inf], ids=repr
)
def test_a_share_is_never_guessed(cell: object) -> None:
    refused(read_share, cell)


# yes and no, choices ------------------------------------------------------------------------------------------------

YES = ("是", "true", "1", "y", "yes", "√", "✓", "✔", "☑", "有")
NO = ("否", "false", "0", "n", "no", "×", "✗", "✘", "☒", "无")


@pytest.mark.parametrize(("words", "answer"), [(YES, True), (NO, False)])
def test_yes_and_no_in_all_spellings(words: tuple[str, ...], answer: bool) -> None:
    for word in words:
        for cell in (word, word.upper(), word.title(), full_width(word), full_width(word.upper()), f" {word}\u3000"):
            assert read_yes_no(cell) is answer, cell
            assert read_yes_no(np.str_(cell)) is answer
    for number in (bool, int, float, np.int64, np.bool_, Decimal):
        assert read_yes_no(number(answer)) is answer


@pytest.mark.parametrize(
    "cell",
    [
        2,
        -1,
        0.5,
        1.5,
        "2",
        "是否",
        "是的",
        "对",
        "yes no",
        "可能",
        "待定",
        "?",
        "-",
        "ok",
        "√√",
        DAY,
        "T",
        "01",
        (),
        {},
    ],
    ids=repr,
)
def test_what_is_neither_yes_nor_no_is_refused(cell: object) -> None:
    refused(read_yes_no, cell)


def every_choice() -> list[tuple[str, str]]:
    """Every input that is a choice, as scheme and field."""
    return [(scheme.id, id_) for scheme in BOOK.values() for id_, field in scheme.fields.items() if field.tokens]


@pytest.mark.parametrize(("scheme", "field"), every_choice())
def test_a_choice_is_read_in_both_languages_and_by_id(scheme: str, field: str) -> None:
    read = field_reader(BOOK[scheme].fields[field], EPOCH_1900)
    spellings: dict[str, str] = {}
    for token, words in BOOK[scheme].fields[field].tokens.items():
        for word in (token, *words["zh"], *words["en"]):
            assert spellings.setdefault(text_of(word), token) == token, f"{word} means two things"
            spaced = [word.replace("_", sign) for sign in (" ", "_", "-", "  ")]
            for cell in (
                word,
                word.upper(),
                word.title(),
                full_width(word),
                f"\u3000{word} ",
                f"\u200b{word}",
                *spaced,
            ):
                assert read(cell) == token, cell


@pytest.mark.parametrize(("scheme", "field"), every_choice())
@pytest.mark.parametrize("cell", ["别的", "other", "A B", 7, 0.5, True, DAY, "?", (), b"A"], ids=repr)
def test_a_choice_outside_the_list_is_refused(scheme: str, field: str, cell: object) -> None:
    read = field_reader(BOOK[scheme].fields[field], EPOCH_1900)
    refused(read, cell)


@pytest.mark.parametrize("cell", [3, 3.0, "3", "３", " 3 ", np.int64(3), np.float64(3), Decimal(3)], ids=repr)
def test_a_choice_by_number_is_read_however_it_comes(cell: object) -> None:
    read = field_reader(BOOK["stage_0_4"].fields["stage"], EPOCH_1900)
    assert read(cell) == "3"


@pytest.mark.parametrize("cell", [-1, -1.0, "-1", "－1", "－１", "\u22121", "拒绝"], ids=repr)
def test_minus_one_is_a_stage(cell: object) -> None:
    read = field_reader(BOOK["stage_0_4"].fields["stage"], EPOCH_1900)
    assert read(cell) == "-1"


# error values -------------------------------------------------------------------------------------------------------

SHOWN = (
    "#N/A #VALUE! #REF! #DIV/0! #NUM! #NAME? #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #BUSY! #UNKNOWN! "
    "#GETTING_DATA Err:502 Err:504 Err:508 Err:522"
).split()
FROM_COM = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}


@pytest.mark.parametrize("name", READERS)
def test_an_error_value_is_an_error_in_every_hosts_spelling(name: str) -> None:
    for text in SHOWN:
        for cell in (text, CellError(text), np.str_(text)):
            assert error_in(CellError(text)) == text
            assert refused(READERS[name], cell).found in (text, cell)
        assert refused(READERS[name], text).why == "error_value"
    for number, text in FROM_COM.items():
        if name not in ("number", "days"):  # see the next test
            cause = refused(READERS[name], number)
            assert (cause.why, cause.found) == ("error_value", text)


@pytest.mark.parametrize("number", FROM_COM)
def test_coms_error_numbers_are_no_numbers_of_days(number: int) -> None:
    assert refused(read_days, number).why == "error_value"


@pytest.mark.parametrize("text", ["#", "#N", "#n/a", "N/A", "Err:", "Err:1", "E", "#1", "#号楼"])
def test_what_only_looks_like_an_error_is_none(text: str) -> None:
    assert error_in(text) is None


# monsters -----------------------------------------------------------------------------------------------------------

MONSTERS = {
    "bytes": b"abc",
    "list": [1, 2],
    "set": {1},
    "class": int,
    "function": len,
    "complex nan": complex(nan, nan),
    "1.7e308": 1.7e308,
    "-0.0": -0.0,
    "2**63": 2**63,
    "text of 40000": "长" * 40000,
    "lone surrogate": "\ud800",
    "braces": "{found} {0} %s",
    "nul": "\0",
    "array": np.array([1, 2]),
    "timedelta nat": np.timedelta64("NaT"),
    "categorical": pd.Series(["a"]),
}
BAD_MONSTERS = {
    "10**400": 10**400,
    "-10**400": -(10**400),
    "10**5000": 10**5000,
    "Fraction": Fraction(10**400),
    "signalling nan": Decimal("sNaN"),
    "b'nan'": b"nan",
}


def survives(read: Callable[[object], object], cell: object) -> None:
    """The cell is read or refused; nothing else happens."""
    try:
        value = read(cell)
    except Unreadable as cause:
        assert len(show(cause.found)) <= 40  # noqa: PT017 - whatever it is, it must be possible to say so
    else:
        assert value is None or isinstance(value, (str, bool, int, float))
        assert not isinstance(value, float) or value - value == 0


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("monster", MONSTERS)
def test_no_content_breaks_a_reader(name: str, monster: str) -> None:
    survives(READERS[name], MONSTERS[monster])


@pytest.mark.parametrize("monster", BAD_MONSTERS)
def test_no_number_breaks_a_reader(monster: str) -> None:
    for read in READERS.values():
        survives(read, BAD_MONSTERS[monster])


@pytest.mark.parametrize("name", ["number", "score", "whole", "days", "share"])
def test_numpys_yes_is_no_number_either(name: str) -> None:
    refused(READERS[name], np.bool_(True))


def test_bytes_are_no_number() -> None:
    refused(read_number, b"5")


# showing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (7, "7"),
        (7.25, "7.25"),
        (0.1 + 0.2, "0.3"),
        (1e20, "1e+20"),
        (DAY, "2026-03-02"),
        (datetime.fromisoformat("2026-03-02"), "2026-03-02"),
        (datetime.fromisoformat("2026-03-02 10:30"), "2026-03-02 10:30:00"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
    ],
    ids=repr,
)
def test_a_value_is_shown_as_a_person_would_write_it(value: object, text: str) -> None:
    assert show(value) == text


def test_text_is_looked_up_in_one_form() -> None:
    assert text_of(3.0) == text_of("３") == text_of(" 3 ") == "3"
    assert len({text_of(word) for word in ("Missed call SMS", "missed_call_sms", "missed-call  sms")}) == 1
    assert text_of("预计购买\n天数") == text_of("预计 购买天数") == "预计购买天数"
    assert text_of("-1") == "-1"
    assert tidy("\ufeff ＡＢ\u200c　") == "AB"


# money and areas ------------------------------------------------------------------------------------------------------

read_amount = amount_reader(0, 1e9)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (5, 5),
        (89.6, 89.6),
        (None, None),
        (" ", None),
        ("1,000,000", 1_000_000),
        ("１２０㎡", 120),
        ("100万", 1_000_000),
        ("100 万元", 1_000_000),
        ("1.005万", 10_050),
        ("0.35亿", 35_000_000),
        ("¥1,000,000元", 1_000_000),
        ("￥88", 88),
        ("RMB 88", 88),
        ("1.6万/㎡", 16_000),
        ("16000元/平米", 16_000),
        ("89.6 平方米", 89.6),
        ("120m2", 120),
        ("0", 0),
        ("10亿", 1e9),
    ],
)
def test_amounts_as_people_write_them(typed: object, read: object) -> None:
    assert read_amount(typed) == read


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("-1万", "out_of_range"),
        ("10.1亿", "out_of_range"),
        (-5, "out_of_range"),
        ("约100万", "not_a_number"),
        ("100-120万", "not_a_number"),
        ("1,00万", "not_a_number"),
        ("万", "not_a_number"),
        ("1e5", "not_a_number"),
        ("100万万", "not_a_number"),
        ("#N/A", "error_value"),
        (True, "boolean"),
        (DAY, "date_for_number"),
    ],
)
def test_amounts_that_would_be_guesses(typed: object, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_amount(typed)
    assert caught.value.why == why
    assert caught.value.found == typed
