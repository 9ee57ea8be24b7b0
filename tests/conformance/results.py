"""Every host asked once, and what came of each case."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from conformance import drivers
from conformance.model import Case, NotRun, agrees, gap_of, load_cases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CASES", "DRIVERS", "Answers", "Driver", "answers_of", "outcome"]


class Driver(Protocol):
    """What a driver's module offers."""

    NAME: str
    GAPS: dict[str, str]

    def run(self, cases: Sequence[Case]) -> dict[str, object]:
        """The value of each case by its name.

        Raises:
            NotRun: the host can't start here.
        """


class Answers(NamedTuple):
    """What a host gave, or why it was not run, or how it broke down."""

    found: Mapping[str, object]
    not_run: str = ""
    broken: Exception | None = None


def _drivers() -> dict[str, Driver]:
    names = sorted(found.name for found in pkgutil.iter_modules(drivers.__path__) if not found.name.startswith("_"))
    return {name: cast("Driver", import_module(f"conformance.drivers.{name}")) for name in names}


CASES = load_cases()
DRIVERS = _drivers()


@cache
def answers_of(driver: str) -> Answers:
    """A host's answers to all cases, from one start of it."""
    try:
        return Answers(DRIVERS[driver].run(CASES))
    except NotRun as reason:
        return Answers({}, str(reason) or "no reason given")
    except Exception as cause:  # noqa: BLE001 - whatever it is, the host is not to be started again for every case
        return Answers({}, broken=cause)


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
