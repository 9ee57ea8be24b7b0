"""Every form in which a number or an amount may arrive, and every form that would be a guess."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from _readers import (
    DAY,
    read_days,
    read_number,
    read_score,
    read_share,
    read_whole,
    refused,
)

from xlplugin.cells import (
    Unreadable,
    amount_reader,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
