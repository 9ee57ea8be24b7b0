"""Every program asked once, and what came of each copy."""

from __future__ import annotations

import pkgutil
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from sharing import readers
from sharing.copies import NAMES, copies
from sharing.model import Fault, Gap, NotRun, Place, faults, is_excused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sharing.model import Copy
    from sharing.readers._cells import Shown

__all__ = ["COLUMNS", "NAMES", "READERS", "Answers", "answers_of", "faults_in", "gap_of", "outcome", "title"]


class Reader(Protocol):
    """What a reader's module offers."""

    COLUMNS: dict[str, str]
    GAPS: dict[str, dict[str, Gap]]

    def version(self) -> str:
        """The program with its version."""

    def read(self, copies: Sequence[Copy]) -> dict[str, Shown]:
        """What each way of asking shows of each copy.

        Raises:
            NotRun: the program can't start here.
        """


class Answers(NamedTuple):
    """What a program showed, or why it was not run, or how it broke down."""

    shown: Mapping[str, Shown]
    not_run: str = ""
    broken: Exception | None = None


def _readers() -> dict[str, Reader]:
    names = sorted(found.name for found in pkgutil.iter_modules(readers.__path__) if not found.name.startswith("_"))
    return {name: cast("Reader", import_module(f"sharing.readers.{name}")) for name in names}


READERS = _readers()
COLUMNS = {column: name for name, reader in READERS.items() for column in reader.COLUMNS}
"""Each way of asking, with the module of its program."""


@cache
def answers_of(reader: str) -> Answers:
    """What a program showed of all copies, from as few starts of it as can be."""
    try:
        return Answers(READERS[reader].read(copies()))
    except NotRun as reason:
        return Answers({}, str(reason) or "no reason given")
    except Exception as cause:  # noqa: BLE001 - whatever it is, the program is not to be started again for every copy
        return Answers({}, broken=cause)


def title(column: str) -> str:
    """The heading of a way of asking."""
    return READERS[COLUMNS[column]].COLUMNS[column]


@cache
def faults_in(column: str, name: str) -> tuple[Fault, ...]:
    """Every cell of a copy that was shown wrong; of a program that was run."""
    shown = answers_of(COLUMNS[column]).shown[column].get(name, LookupError("no answer"))
    if isinstance(shown, Exception):
        return (Fault(Place("", 0, 0), "not opened", None, repr(shown)),)
    copy = next(copy for copy in copies() if copy.name == name)
    return tuple(faults(copy, shown))


def gap_of(column: str, name: str) -> Gap | None:
    """What a program is known not to show of a copy; None where all is to be right."""
    declared = READERS[COLUMNS[column]].GAPS.get(column, {})
    return next((gap for pattern, gap in declared.items() if fnmatchcase(name, pattern)), None)


def outcome(column: str, name: str) -> str:
    """One of: right, failed, gap, not run; a gap that has closed counts as failed, as it must be declared no more."""
    answers = answers_of(COLUMNS[column])
    if answers.not_run:
        return "not run"
    if answers.broken is not None:
        return "failed"
    gap = gap_of(column, name)
    found = list(faults_in(column, name))
    if gap is None:
        return "failed" if found else "right"
    return "gap" if is_excused(found, gap) else "failed"
