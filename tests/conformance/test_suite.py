"""The suite itself: what counts as the expected answer, what as a gap, what as not run."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from conformance.book import place_of
from conformance.model import Case, Contains, NotRun, agrees, gap_of
from conformance.page import cases_of_page
from conformance.reader import TooHard, evaluate
from conformance.results import CASES, DRIVERS, answers_of, outcome
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.model import Cell

MARCH_9 = date(2026, 3, 9)
NA = CellError("#N/A")


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ("A", "A"),
        ("", ""),
        (7, 7.0),
        (True, True),
        (True, 1.0),
        (False, 0),
        (MARCH_9, MARCH_9),
        (MARCH_9, datetime(2026, 3, 9)),  # noqa: DTZ001 - a cell has no time zone
        (MARCH_9, 46090.0),
        (NA, CellError("#N/A")),
        (Contains(("5天", "H级")), "距5天,定H级"),
        ([["A"], [MARCH_9]], [["A"], [46090]]),
        ([["A", ""]], (("A", ""),)),
    ],
)
def test_agrees(expect: object, found: object) -> None:
    assert agrees(expect, found)


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ("3", 3.0),
        ("3", 3),
        (3, "3"),
        (1, True),
        ("", None),
        ("", 0.0),
        ("#N/A", NA),
        (NA, "#N/A"),
        (NA, CellError("#VALUE!")),
        (MARCH_9, "2026-03-09"),
        (MARCH_9, 46090.5),
        (MARCH_9, datetime(2026, 3, 9, 12)),  # noqa: DTZ001 - a cell has no time zone
        (MARCH_9, True),
        (True, "TRUE"),
        (Contains(("5天",)), "5"),
        (Contains(("5天",)), 5),
        (Contains(("来",)), "来" * 256),
        ([["A"], ["B"]], [["A"]]),
        ([["A"], ["B"]], ["A", "B"]),
        ([["A"]], "A"),
        ([["A", "B"]], [["A"], ["B"]]),
    ],
)
def test_does_not_agree(expect: object, found: object) -> None:
    assert not agrees(expect, found)


class Host:
    """A host made up for these tests."""

    NAME = "made up"
    GAPS: dict[str, str] = {}  # noqa: RUF012 - as a driver's module has it

    def __init__(self, found: dict[str, object] | None) -> None:
        self.found = found

    def run(self, _cases: Sequence[Case]) -> dict[str, object]:
        if self.found is None:
            raise NotRun("there is none here")
        return self.found


@pytest.fixture
def hosts() -> Iterator[dict[str, object]]:
    before = dict(DRIVERS)
    yield DRIVERS  # type: ignore[misc] # the made-up hosts are instances, the real ones modules
    DRIVERS.clear()
    DRIVERS.update(before)


def test_a_host_that_can_not_start_is_not_run_and_never_passed(hosts: dict[str, object]) -> None:
    hosts["none-1"] = Host(None)
    assert {outcome("none-1", case) for case in CASES} == {"not run"}
    assert answers_of("none-1").not_run == "there is none here"


def test_an_answer_left_out_has_failed_unless_it_is_a_declared_gap(hosts: dict[str, object]) -> None:
    case, other = CASES[0], CASES[1]
    hosts["made-up-1"] = host = Host({other.name: other.expect})
    assert (outcome("made-up-1", case), outcome("made-up-1", other)) == ("failed", "passed")
    host.GAPS = {f"{case.group}/*": "a reason"}
    assert outcome("made-up-1", case) == "gap"
    assert outcome("made-up-1", other) == "failed", "the gap has closed"


def test_a_gap_is_declared_by_name_or_pattern() -> None:
    case = CASES[0]
    assert gap_of({case.name: "x"}, case) == gap_of({f"{case.group}/*": "x"}, case) == "x"
    assert gap_of({"other/*": "x"}, case) is None


def read(formula: str, rows: list[list[Cell]], table: str = "", at: str = "D2") -> object:
    case = Case("a/b", rows, formula, at, "", "", table=table)
    return evaluate(case, lambda name, arguments: [name, *arguments])


@pytest.mark.parametrize(
    ("formula", "arguments"),
    [
        ("=XLP_X(A1,A2:B2)", ["h", [[1, None]]]),
        ("=XLP_X('it''s'!$A$1:$B$1, 表!A1)", [[["h", "i"]], "h"]),
        ('=XLP_X("a""b",-1.5,TRUE,,{1,"x";2,3})', ['a"b', -1.5, True, None, [[1, "x"], [2, 3]]]),
        ("=XLP_X(A1,)", ["h", None]),
        ("=XLP_X(DATE(2026,3,9),C9)", [MARCH_9, None]),
        ("=XLP_X(XLP_Y(A1))", [["XLP_Y", "h"]]),
        (
            "=XLP_X(t[h],t[#All],t[[#Headers],[h]:[i]],t[[#This Row],[i]])",
            [1, [["h", "i"], [1, None]], [["h", "i"]], None],
        ),
    ],
)
def test_a_plain_formula_is_read(formula: str, arguments: list[object]) -> None:
    assert read(formula, [["h", "i"], [1]], "t") == ["XLP_X", *arguments]


@pytest.mark.parametrize("formula", ["=XLP_X(A1)+1", "=IF(A1,1,2)", "=XLP_X(A1+1)", '=XLP_X(A1)="A"', "=SUM(A1)"])
def test_a_formula_that_needs_a_spreadsheet_is_too_hard(formula: str) -> None:
    with pytest.raises(TooHard):
        read(formula, [["h"]])


def test_places() -> None:
    assert [place_of(ref) for ref in ("A1", "Z9", "AA10")] == [(1, 1), (9, 26), (10, 27)]


def test_the_page_is_read_back() -> None:
    page = "| `a/b-c` | `=F()` | x | y |\n| kernel | `native/*` | 3 | z |\n| `d/e` | 1 |"
    assert cases_of_page(page) == ["a/b-c", "d/e"]
