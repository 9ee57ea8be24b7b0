"""Every form in which a date may arrive, and every form that would be a guess."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from _readers import (
    DAY,
    read_date,
    read_date_1904,
    refused,
)

from xlplugin.cells import (
    EPOCH_1900,
    EPOCH_1904,
    is_blank,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
