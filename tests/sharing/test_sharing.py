"""Each form of each template in each program; one that can't start is reported as not run, what is known as a gap."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import Any

import pytest

from sharing.copies import SHARED
from sharing.page import PAGE, page, rows_of_page
from sharing.results import COLUMNS, NAMES, READERS, answers_of, faults_in, gap_of, title
from sharing.templates import TEMPLATES


def every_pair() -> list[Any]:
    """Each way of asking with each copy, its declared gaps marked."""
    pairs = []
    for column in COLUMNS:
        for name in NAMES:
            gap = gap_of(column, name)
            marks = [] if gap is None else [pytest.mark.xfail(strict=True, reason=gap.reason, raises=KnownGapError)]
            pairs.append(pytest.param(column, name, id=f"{column}: {name}", marks=marks))
    return pairs


class KnownGapError(AssertionError):
    """Faults that a declared gap excuses, and no others."""


@pytest.mark.parametrize(("column", "name"), every_pair())
def test_sharing(column: str, name: str) -> None:
    answers = answers_of(COLUMNS[column])
    if answers.not_run:
        pytest.skip(f"{title(column)} not run: {answers.not_run}")
    if answers.broken is not None:
        raise answers.broken
    gap, found = gap_of(column, name), faults_in(column, name)
    excused = [fault for fault in found if gap and fault.kind in gap.kinds]
    others = [fault for fault in found if fault not in excused]
    assert not others, f"{len(others)} cells, the first: {others[0]}"
    if excused:
        raise KnownGapError(f"{len(excused)} cells, the first: {excused[0]}")


@pytest.mark.skipif("CI" not in os.environ, reason="what a machine has beside Python is its own affair, but for CI's")
def test_ci_has_every_program() -> None:
    assert {name: answers_of(name).not_run for name in READERS} == dict.fromkeys(READERS, "")


@pytest.mark.parametrize("reader", list(READERS))
def test_every_gap_is_of_a_copy_and_has_its_reason(reader: str) -> None:
    for column, gaps in READERS[reader].GAPS.items():
        assert column in READERS[reader].COLUMNS
        for pattern, gap in gaps.items():
            assert any(fnmatchcase(name, pattern) for name in NAMES), pattern
            assert gap.reason.strip(), pattern
            assert gap.kinds, pattern


def test_values_have_no_gap_anywhere() -> None:
    """What is mailed to anybody must look right to anybody."""
    assert [
        (column, name) for column in COLUMNS for name in NAMES if name.endswith("/values") and gap_of(column, name)
    ] == []


def test_every_template_is_shown_in_every_form() -> None:
    for template in TEMPLATES:
        for form in SHARED:
            assert any(name.startswith(f"{template}/") and name.endswith(f"/{form}") for name in NAMES)


def test_the_page_says_what_the_programs_say() -> None:
    made, written = page(), PAGE.read_text(encoding="utf-8")
    here, there = rows_of_page(made), rows_of_page(written)
    assert here.keys() == there.keys()
    run = {title(column) for column in COLUMNS if not answers_of(COLUMNS[column]).not_run}
    differing = [key for key in here if key[1] in run and here[key] != there[key]]
    assert differing == [], "run python scripts/make_sharing.py"
    assert (
        made.split("## Programs")[0].split("## Known gaps")[1]
        == written.split("## Programs")[0].split("## Known gaps")[1]
    )
