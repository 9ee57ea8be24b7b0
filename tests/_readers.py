"""Readers of cells for the tests, and what each of them must refuse with a cause."""

from __future__ import annotations

from datetime import date
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from xlplugin.cells import (
    EPOCH_1904,
    Unreadable,
    choice_reader,
    date_reader,
    fraction_reader,
    number_reader,
    read_yes_no,
    show,
    whole_reader,
)
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
