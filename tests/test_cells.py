"""Every form in which a cell may arrive: blanks, yes and no, choices, errors, monsters, and how a value is shown."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from _readers import (
    BLANKS,
    BOOK,
    DAY,
    READERS,
    full_width,
    read_days,
    read_number,
    refused,
)

from xlplugin.cells import (
    EPOCH_1900,
    Unreadable,
    error_in,
    is_blank,
    read_yes_no,
    show,
    text_of,
    tidy,
)
from xlplugin.decisions.evidence import field_reader
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("cell", BLANKS, ids=repr)
def test_a_blank_cell_is_none_to_every_reader(name: str, cell: object) -> None:
    assert is_blank(cell)
    assert READERS[name](cell) is None


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
