"""The same cases in every host; one that can't start is reported as not run, what is known to differ as a gap."""

from __future__ import annotations

import os
import re
from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from conformance.model import Case, Formula, agrees, gap_of
from conformance.page import PAGE, cases_of_page
from conformance.results import CASES, DRIVERS, answers_of
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING = object()
SHEET_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}")


def every_pair() -> Iterator[Any]:
    """Each host with each case, its declared gaps marked."""
    for driver, module in DRIVERS.items():
        for case in CASES:
            reason = gap_of(module.GAPS, case)
            marks = [] if reason is None else [pytest.mark.xfail(strict=True, reason=reason, raises=AssertionError)]
            yield pytest.param(driver, case, id=f"{driver}: {case.name}", marks=marks)


@pytest.mark.parametrize(("driver", "case"), list(every_pair()))
def test_conformance(driver: str, case: Case) -> None:
    answers = answers_of(driver)
    if answers.not_run:
        pytest.skip(f"{DRIVERS[driver].NAME} not run: {answers.not_run}")
    if answers.broken is not None:
        raise answers.broken
    found = answers.found.get(case.name, NOTHING)
    assert found is not NOTHING, "no answer"
    assert agrees(case.expect, found), f"{case.formula} gave {found!r}, not {case.expect!r} ({case.origin})"


@pytest.mark.skipif("CI" not in os.environ, reason="what a machine has beside Python is its own affair, but for CI's")
def test_ci_runs_every_host() -> None:
    assert len(DRIVERS) == 5
    assert {name: answers_of(name).not_run for name in DRIVERS} == dict.fromkeys(DRIVERS, "")


@pytest.mark.parametrize("driver", list(DRIVERS))
def test_every_gap_is_of_a_case_and_has_its_reason(driver: str) -> None:
    for pattern, reason in DRIVERS[driver].GAPS.items():
        assert any(fnmatchcase(case.name, pattern) for case in CASES), pattern
        assert reason.strip(), pattern


def test_there_are_enough_cases_of_everything() -> None:
    formulas = "\n".join(text for case in CASES for text in _formulas(case))
    assert len(CASES) >= 150
    assert not [name for name in FUNCTIONS if f"{name}(" not in formulas]
    assert not [scheme for scheme in load() if f'"{scheme}"' not in formulas]


def _formulas(case: Case) -> Iterator[str]:
    yield case.formula
    yield from (cell.text for row in case.rows for cell in row if isinstance(cell, Formula))


def test_the_cases_fit_into_one_workbook() -> None:
    sheets = [name for case in CASES for name in (case.sheet, case.elsewhere) if name]
    for taken in ([case.name for case in CASES], sheets, [case.table for case in CASES if case.table]):
        assert [name for name, count in Counter(map(str.casefold, taken)).items() if count > 1] == []
    assert all(SHEET_NAME.fullmatch(name) and not name.startswith("'") for name in sheets)


def test_every_case_says_where_it_comes_from() -> None:
    assert [case.name for case in CASES if not case.origin.strip()] == []


def test_the_page_lists_the_cases_there_are() -> None:
    listed = cases_of_page(PAGE.read_text(encoding="utf-8"))
    assert listed == [case.name for case in CASES], "run python scripts/make_conformance.py"
