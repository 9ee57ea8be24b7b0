"""Evidence -> grade with status: the tables of a scheme, read top to bottom, the first line that holds."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin.domain import worse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlplugin.decisions.quantities import Values
    from xlplugin.rulebook.model import Condition, Line, Scheme, Table

    Test = Callable[[Values], bool]

__all__ = ["Graded", "Grading"]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


class Graded(NamedTuple):
    """A grade, how sure it is, and the lines that led to it.

    Args:
        grade: empty where the status leaves none.
        status: one of `domain.STATUSES`.
        hits: the line each applying table gave, in order; the first gave the grade a later one may have lowered.
        lacking: ids of the values that are missing, or left blank where that makes the grade provisional.
    """

    grade: str
    status: str
    hits: tuple[Line, ...]
    lacking: tuple[str, ...]

    @property
    def contact(self) -> bool:
        """Whether the lines that decided leave any further contact."""
        return all(line.contact for line in self.hits)


def _test(condition: Condition, place: Mapping[str, int]) -> Test:
    """A condition as a function of a row's values; a blank value fails every test but `blank`."""
    at = place[condition.subject]
    if condition.test == "in":
        tokens = frozenset(condition.tokens)
        return lambda values: values[at] in tokens
    if condition.test in ("yes", "no"):
        wanted = condition.test == "yes"
        return lambda values: values[at] is wanted
    if condition.test in ("blank", "given"):
        blank = condition.test == "blank"
        return lambda values: (values[at] is None) is blank
    compare = _COMPARE[condition.test]
    if condition.other is not None:
        other = place[condition.other]
        return lambda values: (
            values[at] is not None and values[other] is not None and compare(values[at], values[other])
        )
    return _compare_with(at, condition.test, condition.limit)


def _compare_with(at: int, test: str, limit: float | None) -> Test:
    if test == ">=":  # the two that published bands use, written out for speed
        return lambda values: (value := values[at]) is not None and value >= limit  # type: ignore[operator]
    if test == "<=":
        return lambda values: (value := values[at]) is not None and value <= limit  # type: ignore[operator]
    compare = _COMPARE[test]
    return lambda values: (value := values[at]) is not None and compare(value, limit)


def _all_of(tests: Sequence[Test]) -> Test:
    """One test for several; none at all always holds."""
    if not tests:
        return lambda _values: True
    if len(tests) == 1:
        return tests[0]
    return lambda values: all([test(values) for test in tests])  # noqa: C419 - a list is quicker than a generator


class _Lines:
    """Lines in order, each with its test."""

    def __init__(self, lines: Sequence[Line], place: Mapping[str, int]) -> None:
        self._lines = [(_all_of([_test(condition, place) for condition in line.when]), line) for line in lines]

    def hit(self, values: Values) -> Line | None:
        """The first line that holds; None where none does."""
        for test, line in self._lines:
            if test(values):
                return line
        return None


class _Lowering:
    """A table that may lower the grade of the tables before it."""

    def __init__(self, table: Table, place: Mapping[str, int]) -> None:
        self.lines = _Lines(table.lines, place)
        self.given = tuple((id_, place[id_]) for id_ in table.given)
        self.lowered = table.lowered
        self.blanks = table.blanks
        self._applies = table.applies
        self._places = tuple(place[id_] for id_ in table.given)

    def asks(self, values: Values) -> tuple[bool, bool]:
        """Whether the table applies to a row, and whether any input it speaks of is blank."""
        blanks = [values[at] for at in self._places].count(None)
        if self._applies == "all_given":
            return blanks == 0, blanks > 0
        return self._applies == "always" or blanks < len(self._places), blanks > 0


class Grading:
    """A scheme's tables, ready to be read.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.
    """

    def __init__(self, scheme: Scheme, place: Mapping[str, int]) -> None:
        self._first = _Lines(scheme.first, place)
        self._required = tuple((id_, place[id_]) for id_ in scheme.required)
        self._any = tuple((id_, place[id_]) for id_ in scheme.required_any)
        self._base = _Lines(scheme.tables[0].lines, place)
        self._later = tuple(_Lowering(table, place) for table in scheme.tables[1:])
        self._rank = {grade: rank for rank, grade in enumerate(scheme.grades)}

    def grade(self, values: Values) -> Graded:
        """The grade of a row's values."""
        stopped = self._first.hit(values)
        if stopped is not None and stopped.grade is None:
            return Graded("", stopped.status, (stopped,), ())
        lacking = self._lacking(values)
        if lacking:
            return Graded("", "missing", (), lacking)
        line = stopped or self._base.hit(values)
        assert line is not None  # noqa: S101 - the last line of a table always holds
        if line.grade is None:
            return Graded("", line.status, (line,), ())
        return self._lower(line, values) if self._later else Graded(line.grade, line.status, (line,), ())

    def _lacking(self, values: Values) -> tuple[str, ...]:
        for _, at in self._required:
            if values[at] is None:
                return tuple(id_ for id_, place in self._required if values[place] is None)
        if self._any and all(values[at] is None for _, at in self._any):
            return tuple(id_ for id_, _ in self._any)
        return ()

    def _lower(self, line: Line, values: Values) -> Graded:
        hits, grade, status = [line], line.grade, line.status
        left_blank: tuple[str, ...] = ()
        assert grade is not None  # noqa: S101 - the caller has seen to it
        for table in self._later:
            applies, has_blanks = table.asks(values)
            if has_blanks and table.blanks:
                status = worse(status, table.blanks)
                left_blank = tuple(id_ for id_, at in table.given if values[at] is None)
            if not applies:
                continue
            hit = table.lines.hit(values)
            assert hit is not None and hit.grade is not None  # noqa: S101, PT018 - the last line always holds
            hits.append(hit)
            status = worse(status, hit.status)
            if self._rank[hit.grade] > self._rank[grade]:
                grade = hit.grade
                status = worse(status, table.lowered) if table.lowered else status
        return Graded(grade, status, tuple(hits), left_blank)
