"""Evidence -> grade with status: the tables of a scheme, read top to bottom, the first line that holds."""

from __future__ import annotations

import operator
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from xlplugin.decisions.quantities import picker
from xlplugin.domain import worse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from xlplugin.decisions.quantities import Values
    from xlplugin.rulebook.model import Condition, Line, Scheme, Table

    Test = Callable[[Values], bool]

__all__ = ["Graded", "Grading"]

T = TypeVar("T")

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_MOST_REMEMBERED = 4096


class Graded(NamedTuple):
    """A grade, how sure it is, and the lines that led to it.

    Args:
        grade: empty where the status leaves none.
        status: one of `domain.STATUSES`.
        hits: the line each applying table gave, in order; the first gave the grade a later one may have lowered.
        lacking: ids of the values that are missing, or left blank where that makes the grade provisional.
        contact: whether the lines that decided leave any further contact.
    """

    grade: str
    status: str
    hits: tuple[Line, ...] = ()
    lacking: tuple[str, ...] = ()
    contact: bool = True


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


def _named(lines: Sequence[Line]) -> set[str]:
    """The ids of all that the conditions of some lines speak of."""
    named = {id_ for line in lines for condition in line.when for id_ in (condition.subject, condition.other)}
    return {id_ for id_ in named if id_ is not None}


class _Remembered(Generic[T]):
    """A part of a grading, worked out once for the same values of what it reads.

    Few values come up again and again, so most rows are looked up and not tested line by line.

    Args:
        places: of the values it reads.
        work_out: the part itself.
    """

    def __init__(self, places: Collection[int], work_out: Callable[[Values], T]) -> None:
        self._read = itemgetter(*sorted(places)) if places else _nothing
        self._work_out = work_out
        self._known: dict[object, T] = {}

    def __call__(self, values: Values) -> T:
        read = self._read(values)
        try:
            return self._known[read]
        except KeyError:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[read] = self._work_out(values)
            return found


def _nothing(_values: Values) -> None:
    return None


class _Seen(NamedTuple):
    """What a table that may lower makes of a row: what its line gives, if it applies, and which inputs are blank."""

    hit: Graded | None
    blank: tuple[str, ...]


class _Lowering:
    """A table that may lower the grade of the tables before it."""

    def __init__(self, table: Table, place: Mapping[str, int]) -> None:
        self.lowered = table.lowered
        self.blanks = table.blanks
        self._lines = _Lines(table.lines, place)
        self._given = table.given
        self._pick = picker([place[id_] for id_ in table.given])
        # How many of the inputs it speaks of may be blank for it to apply.
        self._most_blank = {"all_given": 0, "any_given": len(table.given) - 1}.get(table.applies, len(table.given))
        self._made: dict[tuple[int, tuple[str, ...]], _Seen] = {}
        self.seen = _Remembered({place[id_] for id_ in {*table.given, *_named(table.lines)}}, self._seen)

    def _seen(self, values: Values) -> _Seen:
        """What it makes of a row; the same object for the same line and blanks."""
        blank = tuple(_blank(self._given, self._pick(values)))
        hit = None if len(blank) > self._most_blank else self._lines.hit(values)
        return self._made.setdefault((id(hit), blank), _Seen(hit, blank))


class Grading:
    """A scheme's tables, ready to be read.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.
    """

    def __init__(self, scheme: Scheme, place: Mapping[str, int]) -> None:
        self._first = _Lines(scheme.first, place)
        self._required, self._any = scheme.required, scheme.required_any
        self._pick_required = picker([place[id_] for id_ in scheme.required])
        self._pick_any = picker([place[id_] for id_ in scheme.required_any])
        self._lines = _Lines(scheme.tables[0].lines, place)
        read = {*scheme.required, *scheme.required_any, *_named(scheme.first), *_named(scheme.tables[0].lines)}
        self._base = _Remembered({place[id_] for id_ in read}, self._graded)
        self._later = tuple(_Lowering(table, place) for table in scheme.tables[1:])
        self._rank = {grade: rank for rank, grade in enumerate(scheme.grades)}
        self._lowered: dict[tuple[int, ...], Graded] = {}

    def grade(self, values: Values) -> Graded:
        """The grade of a row's values."""
        base = self._base(values)
        if not self._later or not base.grade:
            return base
        seen = [table.seen(values) for table in self._later]
        # They are made once each, so that their places in memory stand for them.
        key = (id(base), *map(id, seen))
        known = self._lowered.get(key)
        if known is None:
            known = self._lowered[key] = self._lower(base, seen)
        return known

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

    def _lower(self, base: Graded, seen: Sequence[_Seen]) -> Graded:
        grade, status, hits, left_blank, contact = base
        for table, (hit, blank) in zip(self._later, seen):
            if blank and table.blanks:
                status = worse(status, table.blanks)
                left_blank = blank
            if hit is None:
                continue
            hits += hit.hits
            status = status if hit.status == status else worse(status, hit.status)
            contact = contact and hit.contact
            if self._rank[hit.grade] > self._rank[grade]:
                grade = hit.grade
                status = worse(status, table.lowered) if table.lowered else status
        return Graded(grade, status, hits, left_blank, contact)


def _blank(ids: Sequence[str], values: Sequence[object]) -> list[str]:
    """Of some ids those whose value is blank."""
    return [id_ for id_, value in zip(ids, values) if value is None]
