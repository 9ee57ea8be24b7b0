"""Evidence -> grade with status: the tables of a scheme, read top to bottom, the first line that holds."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from xlplugin.decisions._remembered import Remembered, reader
from xlplugin.decisions.quantities import picker
from xlplugin.domain import worse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from xlplugin.decisions.quantities import Values
    from xlplugin.rulebook.model import Condition, Line, Scheme, Table

    Test = Callable[[Values], bool]

__all__ = ["Graded", "Grading", "named_in"]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


class Graded:
    """A grade, how sure it is, and the lines that led to it; one object for the same lines, known by identity.

    Args:
        grade: empty where the status leaves none.
        status: one of `domain.STATUSES`.
        hits: the line each applying table gave, in order; the first gave the grade a later one may have lowered.
        lacking: ids of the values that are missing, or left blank where that makes the grade provisional.
        contact: whether the lines that decided leave any further contact.
    """

    __slots__ = ("contact", "grade", "hits", "lacking", "status")

    def __init__(
        self,
        grade: str,
        status: str,
        hits: tuple[Line, ...] = (),
        lacking: tuple[str, ...] = (),
        contact: bool = True,
    ) -> None:
        self.grade = grade
        self.status = status
        self.hits = hits
        self.lacking = lacking
        self.contact = contact


def _by(line: Line) -> Graded:
    """What a line gives where it alone decides."""
    return Graded(line.grade or "", line.status, (line,), (), line.contact)


def _test(condition: Condition, place: Mapping[str, int]) -> Test:
    """A condition as a function of a row's values; a blank value fails every test but `blank`."""
    at = place[condition.subject]
    if condition.test == "in":
        tokens = frozenset(condition.tokens)
        if len(tokens) == 1:
            token = condition.tokens[0]
            return lambda values: values[at] == token
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
        return lambda values: (value := values[at]) is not None and value >= limit  # type: ignore[operator] # a band's quantity is a number
    if test == "<=":
        return lambda values: (value := values[at]) is not None and value <= limit  # type: ignore[operator] # the same
    compare = _COMPARE[test]
    return lambda values: (value := values[at]) is not None and compare(value, limit)


def _all_of(tests: Sequence[Test]) -> Test:
    """One test for several; none at all always holds."""
    if not tests:
        return lambda _values: True
    first, rest = tests[0], tests[1:]
    if not rest:
        return first
    others = _all_of(rest)
    return lambda values: first(values) and others(values)


class _Lines:
    """Lines in order, each with its test and what it gives."""

    def __init__(self, lines: Sequence[Line], place: Mapping[str, int]) -> None:
        self._lines = [(_all_of([_test(condition, place) for condition in line.when]), _by(line)) for line in lines]

    def hit(self, values: Values) -> Graded | None:
        """What the first line that holds gives; None where none does."""
        for test, given in self._lines:
            if test(values):
                return given
        return None


def named_in(lines: Sequence[Line]) -> set[str]:
    """The ids of all that the conditions of some lines speak of."""
    named = {id_ for line in lines for condition in line.when for id_ in (condition.subject, condition.other)}
    return {id_ for id_ in named if id_ is not None}


def _reader(ids: Collection[str], place: Mapping[str, int]) -> tuple[Callable[[Values], Any], dict[str, int]]:
    """What takes the values of some ids out of a row's, and the places they then have."""
    ordered = sorted(ids, key=place.__getitem__)
    return reader([place[id_] for id_ in ids]), {id_: at for at, id_ in enumerate(ordered)}


class _Lowering:
    """A table that may lower the grade of the tables before it."""

    def __init__(self, table: Table, place: Mapping[str, int], rank: Mapping[str, int]) -> None:
        self._table = table
        self._rank = rank
        self.read, own = _reader({*table.given, *named_in(table.lines)}, place)
        self._lines = _Lines(table.lines, own)
        self._pick = picker([own[id_] for id_ in table.given])
        # How many of the inputs it speaks of may be blank for it to apply.
        self._most_blank = {"all_given": 0, "any_given": len(table.given) - 1}.get(table.applies, len(table.given))
        self._made: dict[tuple[Graded | None, tuple[str, ...]], Remembered] = {}
        self.after = Remembered(self._after)

    def hit(self, read: Values) -> Graded | None:
        """What the line that holds gives for the values it reads; None where the table does not apply."""
        return self._lines.hit(read) if self._pick(read).count(None) <= self._most_blank else None

    def _after(self, read: Values) -> Mapping[Graded, Graded]:
        """For the values it reads: what it makes of each grade before it; one for the same line and blanks."""
        given, hit = self._pick(read), self.hit(read)
        blank = tuple(_blank(self._table.given, given)) if None in given else ()
        known = self._made.get((hit, blank))
        if known is None:
            known = self._made[hit, blank] = Remembered(lambda before: self._lower(before, hit, blank))
        return known

    def _lower(self, before: Graded, hit: Graded | None, blank: tuple[str, ...]) -> Graded:
        """A grade after a line of this table has had its say, and with what it lacks."""
        grade, status, lacking = before.grade, before.status, before.lacking
        if blank and self._table.blanks:
            status, lacking = worse(status, self._table.blanks), blank
        if hit is None:
            return (
                before if status == before.status and lacking == before.lacking else _changed(before, status, lacking)
            )
        status = worse(status, hit.status)
        if self._rank[hit.grade] > self._rank[grade]:
            grade = hit.grade
            status = worse(status, self._table.lowered) if self._table.lowered else status
        return Graded(grade, status, before.hits + hit.hits, lacking, before.contact and hit.contact)


def _changed(before: Graded, status: str, lacking: tuple[str, ...]) -> Graded:
    return Graded(before.grade, status, before.hits, lacking, before.contact)


class Grading:
    """A scheme's tables, ready to be read.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.
    """

    def __init__(self, scheme: Scheme, place: Mapping[str, int]) -> None:
        first_lines = scheme.tables[0].lines
        ids = {*scheme.required, *scheme.required_any, *named_in(scheme.first), *named_in(first_lines)}
        self._read, own = _reader(ids, place)
        self._first = _Lines(scheme.first, own)
        self._required, self._any = scheme.required, scheme.required_any
        self._pick_required = picker([own[id_] for id_ in scheme.required])
        self._pick_any = picker([own[id_] for id_ in scheme.required_any])
        self._lines = _Lines(first_lines, own)
        self._base = Remembered(self._graded)
        rank = {grade: rank for rank, grade in enumerate(scheme.grades)}
        self._lowering = [_Lowering(table, place, rank) for table in scheme.tables[1:]]
        self._later = tuple((table.read, table.after) for table in self._lowering)

    def grade(self, values: Values) -> Graded:
        """The grade of a row's values."""
        graded: Graded = self._base[self._read(values)]
        if graded.grade:
            for read, after in self._later:
                graded = after[read(values)][graded]
        return graded

    def alone(self, at: int, values: Values) -> str | None:
        """The grade that one table gives a row's values, whatever the others say; None where it gives none."""
        if not at:
            base: Graded = self._base[self._read(values)]
            return base.grade
        table = self._lowering[at - 1]
        hit = table.hit(table.read(values))
        return None if hit is None else hit.grade

    def _graded(self, values: Values) -> Graded:
        """What stands before any table lowers it."""
        stopped = self._first.hit(values)
        if stopped is not None and not stopped.grade:
            return stopped
        required = self._pick_required(values)
        if None in required:
            return Graded("", "missing", (), tuple(_blank(self._required, required)))
        if self._any and self._pick_any(values).count(None) == len(self._any):
            return Graded("", "missing", (), self._any)
        graded = stopped or self._lines.hit(values)
        assert graded is not None  # noqa: S101 - the last line of a table always holds
        return graded


def _blank(ids: Sequence[str], values: Sequence[object]) -> list[str]:
    """Of some ids those whose value is blank."""
    return [id_ for id_, value in zip(ids, values) if value is None]
