"""Every program asked once, and what came of each copy."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Protocol

from _matrices import asked, modules_in

from sharing import readers
from sharing.copies import NAMES, copies
from sharing.model import Fault, Gap, Place, faults, is_excused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _matrices import Answers

    from sharing.model import Copy
    from sharing.readers._cells import Shown

__all__ = ["COLUMNS", "NAMES", "READERS", "answers_of", "faults_in", "gap_of", "outcome", "title"]


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


READERS: dict[str, Reader] = modules_in(readers)
COLUMNS = {column: name for name, reader in READERS.items() for column in reader.COLUMNS}
"""Each way of asking, with the module of its program."""


@cache
def answers_of(reader: str) -> Answers:
    """What a program showed of all copies, from as few starts of it as can be."""
    return asked(lambda: READERS[reader].read(copies()))


def title(column: str) -> str:
    """The heading of a way of asking."""
    return READERS[COLUMNS[column]].COLUMNS[column]


@cache
def faults_in(column: str, name: str) -> tuple[Fault, ...]:
    """Every cell of a copy that was shown wrong; of a program that was run."""
    shown = answers_of(COLUMNS[column]).found[column].get(name, LookupError("no answer"))
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
