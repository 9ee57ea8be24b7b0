"""docs/conformance.md: what every host made of the cases when the page was last made."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.model import Case, Contains, agrees, gap_of
from conformance.results import CASES, DRIVERS, answers_of, outcome
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGE", "cases_of_page", "failures", "page"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
_HEAD = """# Conformance: one corpus of cases, every host

Made by `python scripts/make_conformance.py`; tests don't write it. A case is a small sheet as typed, a formula, and
the value that the specification gives for it (`tests/conformance/cases`). Every host gets the same cases. **Not run**
means that the host could not be started on the machine that made this page; a **gap** is a known difference, named
below, that fails the tests as soon as it closes.
"""
_LISTED = re.compile(r"^\| `([^`]+/[^`]+)` \|", re.MULTILINE)
_LONGEST = 110


def page() -> str:
    """The whole page; it runs every host."""
    return "\n".join([_HEAD, *_hosts(), "", *_groups(), "", *_gaps(), "", *_cases(), ""])


def failures() -> list[str]:
    """A line for each host that broke down, each case answered otherwise than expected, each gap that has closed."""
    broken = [f"{driver}: {cause!r}" for driver in DRIVERS if (cause := answers_of(driver).broken) is not None]
    return broken + [line for driver in DRIVERS for case in CASES for line in _failure(driver, case)]


def cases_of_page(text: str) -> list[str]:
    """The names of the cases that a page lists."""
    return _LISTED.findall(text)


def _failure(driver: str, case: Case) -> Iterator[str]:
    if outcome(driver, case) == "failed" and answers_of(driver).broken is None:
        found = answers_of(driver).found.get(case.name, "no answer")
        closed = " (a declared gap has closed)" if agrees(case.expect, found) else ""
        yield f"{driver}: {case.name}: {case.formula} gave {found!r}, not {case.expect!r}{closed}"


def _hosts() -> Iterator[str]:
    yield "| host | version | passed | gaps | failed | not run |"
    yield "|---|---|---:|---:|---:|---|"
    for driver, module in DRIVERS.items():
        counts = Counter(outcome(driver, case) for case in CASES)
        version = getattr(module, "version", str)() if counts["not run"] == 0 else ""
        not_run = answers_of(driver).not_run
        yield f"| {module.NAME} | {version} | {counts['passed']} | {counts['gap']} | {counts['failed']} | {not_run} |"


def _groups() -> Iterator[str]:
    yield "| group | cases | " + " | ".join(module.NAME for module in DRIVERS.values()) + " |"
    yield "|---|---:|" + "---|" * len(DRIVERS)
    for group, cases in groupby(CASES, lambda case: case.group):
        members = list(cases)
        shown = [_told(Counter(outcome(driver, case) for case in members)) for driver in DRIVERS]
        yield f"| {group} | {len(members)} | " + " | ".join(shown) + " |"


def _told(counts: Counter[str]) -> str:
    words = {"passed": "passed", "gap": "gap", "failed": "**failed**", "not run": "not run"}
    if set(counts) == {"not run"}:
        return "not run"
    return ", ".join(f"{counts[kind]} {word}" for kind, word in words.items() if counts[kind])


def _gaps() -> Iterator[str]:
    yield "## Known gaps\n"
    yield "| host | cases | how many | reason |"
    yield "|---|---|---:|---|"
    for module in DRIVERS.values():
        for reason in dict.fromkeys(module.GAPS.values()):
            patterns = [pattern for pattern, why in module.GAPS.items() if why == reason]
            count = sum(gap_of(module.GAPS, case) == reason for case in CASES)
            yield f"| {module.NAME} | {' '.join(f'`{pattern}`' for pattern in patterns)} | {count} | {reason} |"


def _cases() -> Iterator[str]:
    yield f"## The {len(CASES)} cases\n"
    yield "| case | formula | gives | from |"
    yield "|---|---|---|---|"
    for case in CASES:
        formula = case.formula if len(case.formula) <= _LONGEST else case.formula[: _LONGEST - 1] + "…"
        yield f"| `{case.name}` | `{formula}` | {_shown(case.expect)} | {case.origin} |"


def _shown(expect: object) -> str:
    if isinstance(expect, list):
        return "; ".join(", ".join(_shown(cell) for cell in row) for row in expect)
    if isinstance(expect, Contains):
        return "… " + " … ".join(expect.pieces) + " …"
    if isinstance(expect, CellError):
        return expect.text
    return "(empty)" if expect == "" else str(expect).replace("|", "\\|")
