"""Every host asked once, and what came of each case."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from _matrices import asked, modules_in

from conformance import drivers
from conformance.model import Case, agrees, gap_of, load_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _matrices import Answers

__all__ = ["CASES", "DRIVERS", "Driver", "answers_of", "outcome"]


class Driver(Protocol):
    """What a driver's module offers."""

    NAME: str
    GAPS: dict[str, str]

    def run(self, cases: Sequence[Case]) -> dict[str, object]:
        """The value of each case by its name.

        Raises:
            NotRun: the host can't start here.
        """


CASES = load_cases()
DRIVERS: dict[str, Driver] = modules_in(drivers)


@cache
def answers_of(driver: str) -> Answers:
    """A host's answers to all cases, from one start of it."""
    return asked(lambda: DRIVERS[driver].run(CASES))


def outcome(driver: str, case: Case) -> str:
    """One of: passed, failed, gap, not run; a gap that has closed counts as failed, as it must be declared no more."""
    found, not_run, broken = answers_of(driver)
    if broken is not None:
        return "failed"
    if not_run:
        return "not run"
    right = case.name in found and agrees(case.expect, found[case.name])
    if gap_of(DRIVERS[driver].GAPS, case) is None:
        return "passed" if right else "failed"
    return "failed" if right else "gap"
