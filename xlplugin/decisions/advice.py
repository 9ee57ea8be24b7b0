"""The least lift: which inputs, changed as little as possible, would better the grade (decisions.md 12).

The tables are read backwards. Every line with a better grade says what must hold; what does not hold yet is changed to
the nearest value that does. Every such change is then graded again, so that advice can never promise what the
decision would not give.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, show
from xlplugin.decisions._remembered import Remembered, reader
from xlplugin.decisions.quantities import add_months
from xlplugin.decisions.why import cut, grade_name, shown
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlplugin.decisions.grading import Graded
    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Condition, Derived, Field, Line, Scheme, Table

__all__ = ["Adviser", "Lift"]

# One input's new value and how far it is from the old one, in steps of that input.
Change = tuple[object, float]
Changes = dict[str, Change]
_HELD: list[Changes] = [{}]
_MOST_REMEMBERED = 4096
_STEPS = 8  # no list of answers is longer


class Lift(NamedTuple):
    """The changes that would better a grade, by input, and the grade they give."""

    changes: Changes
    grade: str


class Adviser:
    """Finds the least lift of one scheme.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.
        regrade: grades inputs afresh, derived quantities and all.
    """

    def __init__(self, scheme: Scheme, place: Mapping[str, int], regrade: Callable[[Values, AsOf], Graded]) -> None:
        self._scheme = scheme
        self._place = place
        self._regrade = regrade
        levels = scheme.levels or tuple((grade,) for grade in scheme.grades)
        self._is_ranked = scheme.ranked or bool(scheme.levels)
        self._rank = {grade: rank for rank, level in enumerate(levels) for grade in level}
        reads = [self._fields_of(table) for table in scheme.tables]
        self._apart = sum(map(len, reads)) == len(set().union(*reads))
        self._tables = [
            (table, reader({place[id_] for id_ in {*read, *_subjects(table)}}), dict[object, Changes | None]())
            for read, table in zip(reads, scheme.tables)
        ]
        self._by_value: dict[tuple[int, object], list[Changes]] = {}
        self._score = next((place[id_] for id_, derived in scheme.derived.items() if derived.kind == "points"), None)
        self._phrases = Remembered(lambda said: _phrase(scheme, *said))

    def advice(self, graded: Graded, values: Values, as_of: AsOf, lang: str) -> str:
        """The least lift as one sentence, at most 255 characters; empty where there is none.

        Args:
            graded: the grade as it is.
            values: the row's values.
            as_of: the day the row is judged on, or why it cannot be read.
            lang: zh or en.
        """
        lift = self.lift(graded, values, as_of)
        if lift is None:
            return ""
        place = self._place
        changes = tuple([(id_, value, values[place[id_]]) for id_, (value, _) in lift.changes.items()])
        score = None if self._score is None else values[self._score]
        text: str = self._phrases[lift.grade, changes, score, lang]
        return text

    def _fields_of(self, table: Table) -> set[str]:
        """The inputs that a table hangs on, be it through quantities worked out from them."""
        fields = {*table.given}
        for id_ in _subjects(table):
            derived = self._scheme.derived.get(id_)
            if derived is None:
                fields.add(id_)
            elif derived.kind == "points" and self._scheme.points is not None:
                fields.update(self._scheme.points.table)
            else:
                fields.update(name for name in (derived.date, derived.number, *derived.fields) if name)
        return fields

    def lift(self, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The least change that gives a better grade; None where the best stands or nothing can better it."""
        if not graded.grade or not graded.contact or not self._is_ranked or self._rank[graded.grade] == 0:
            return None
        if self._apart:
            changes = self._least(graded, values, as_of)
            if changes is None:
                return None
            if changes and (grade := self._better_with(changes, graded, values, as_of)):
                return Lift(changes, grade)
        return self._least_of_all(graded, values, as_of)

    def _least(self, graded: Graded, values: Values, as_of: AsOf) -> Changes | None:
        """The least changes by which every table gives better, where no two tables hang on the same input.

        The least of all is then the least of each, which comes up again and again and is remembered.
        """
        merged: Changes = {}
        for table, read, known in self._tables:
            key = graded.grade, as_of, read(values)
            if key not in known:
                if len(known) >= _MOST_REMEMBERED:
                    known.clear()
                known[key] = self._least_of(table, graded, values, as_of)
            changes = known[key]
            if changes is None:
                return None
            merged.update(changes)
        return merged

    def _least_of(self, table: Table, graded: Graded, values: Values, as_of: AsOf) -> Changes | None:
        """The least changes by which one table gives better; none at all where it does, or isn't asked."""
        if not self._is_asked(table, values):
            return {}
        known: dict[int, list[Changes]] = {}
        lines = self._better(table, graded)
        found = [change for line in lines for change in self._making_hold((line,), values, as_of, known)]
        return min(found, key=self._cost, default=None)

    def _least_of_all(self, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The least changes of all there are, each tried, whatever the tables hang on."""
        for changes in sorted(self._candidates(graded, values, as_of), key=self._cost):
            if grade := self._better_with(changes, graded, values, as_of):
                return Lift(changes, grade)
        return None

    def _cost(self, changes: Changes) -> tuple[int, float, list[int]]:
        """Fewest inputs first, then the smallest step, then the order of the inputs."""
        return len(changes), sum(step for _, step in changes.values()), sorted(self._place[id_] for id_ in changes)

    def _better_with(self, changes: Changes, graded: Graded, values: Values, as_of: AsOf) -> str:
        """The grade that changes give; empty where it is no better one."""
        inputs = values[: len(self._scheme.fields)]
        for id_, (value, _) in changes.items():
            inputs[self._place[id_]] = value
        try:
            grade = self._regrade(inputs, as_of).grade
        except Unreadable:  # the change would contradict another input
            return ""
        return grade if grade and self._rank[grade] < self._rank[graded.grade] else ""

    def _better(self, table: Table, graded: Graded) -> list[Line]:
        rank = self._rank[graded.grade]
        return [line for line in table.lines if line.grade and line.aim and self._rank[line.grade] < rank]

    def _candidates(self, graded: Graded, values: Values, as_of: AsOf) -> Iterator[Changes]:
        """Changes that make a better line of every table hold; most are checked and thrown away."""
        asked = [table for table in self._scheme.tables if self._is_asked(table, values)]
        known: dict[int, list[Changes]] = {}
        for lines in product(*(self._better(table, graded) for table in asked)):
            yield from (changes for changes in self._making_hold(lines, values, as_of, known) if changes)

    def _is_asked(self, table: Table, values: Values) -> bool:
        given = [values[self._place[id_]] is not None for id_ in table.given]
        return table.applies == "always" or (all(given) if table.applies == "all_given" else any(given))

    def _making_hold(
        self, lines: Sequence[Line], values: Values, as_of: AsOf, known: dict[int, list[Changes]]
    ) -> Iterator[Changes]:
        options = []
        for condition in (condition for line in lines for condition in line.when):
            found = known.get(id(condition))  # the same condition comes up in many a combination of lines
            if found is None:
                found = known[id(condition)] = self._options(condition, values, as_of)
            if not found:
                return
            if found is not _HELD:
                options.append(found)
        for choice in product(*options):
            changes: Changes = {}
            if all(_merge(changes, change) for change in choice):
                yield changes

    def _options(self, condition: Condition, values: Values, as_of: AsOf) -> list[Changes]:
        """The ways to make one condition hold; one empty change where it holds already."""
        value = values[self._place[condition.subject]]
        field = self._scheme.fields.get(condition.subject)
        if field is None or condition.other is not None:
            return self._options_now(condition, value, values, as_of)
        known = self._by_value.get((id(condition), value))
        if known is None:
            known = self._options_now(condition, value, values, as_of)
            if len(self._by_value) < _MOST_REMEMBERED:
                self._by_value[id(condition), value] = known
        return known

    def _options_now(self, condition: Condition, value: object, values: Values, as_of: AsOf) -> list[Changes]:
        if _holds(condition, value, values, self._place):
            return _HELD
        field = self._scheme.fields.get(condition.subject)
        if field is not None:
            return self._field_options(field, condition, value)
        return self._derived_options(condition, value, values, as_of)

    def _field_options(self, field: Field, condition: Condition, value: object) -> list[Changes]:
        """The ways to change one input; none where the scheme has nothing to ask of it, as of a level set by hand."""
        if field.ask is None:
            return []
        return [{field.id: change} for change in _field_changes(field, condition, value)]

    def _derived_options(self, condition: Condition, value: object, values: Values, as_of: AsOf) -> list[Changes]:
        derived = self._scheme.derived[condition.subject]
        if condition.limit is None or not isinstance(value, (int, float)):
            return []
        if derived.kind == "points":
            return self._more_points(condition.limit, value, values)
        if derived.kind == "count":
            return self._more_ticks(derived.fields, condition.limit - value, values)
        return self._distance_options(derived, condition, value, values, as_of)

    def _distance_options(
        self, derived: Derived, condition: Condition, value: float, values: Values, as_of: AsOf
    ) -> list[Changes]:
        number = None if derived.number is None else self._scheme.fields[derived.number]
        by_day = self._day_option(derived, condition, value, as_of)
        if number is None or values[self._place[number.id]] is None:
            return by_day
        if derived.kind == "calendar_months":  # a number of months names no day of the calendar
            return []
        options = self._field_options(number, condition, value)
        if derived.date is None or values[self._place[derived.date]] is None:
            return options
        return [{**one, **other} for one in options for other in by_day]  # both are given, so both must say the same

    def _day_option(self, derived: Derived, condition: Condition, value: float, as_of: AsOf) -> list[Changes]:
        day = _day_at(derived.kind, condition, as_of)
        if day is None or derived.date is None or self._scheme.fields[derived.date].ask is None:
            return []
        assert condition.limit is not None  # noqa: S101 - the caller has seen to it
        return [{derived.date: (day, abs(condition.limit - value))}]

    def _more_ticks(self, fields: Sequence[str], more: float, values: Values) -> list[Changes]:
        open_ = [id_ for id_ in fields if values[self._place[id_]] is not True and self._scheme.fields[id_].ask]
        return [dict.fromkeys(open_[: int(more)], (True, 1.0))] if 0 < more <= len(open_) else []

    def _more_points(self, limit: float, value: float, values: Values) -> list[Changes]:
        """The fewest answers to better, and of those the smallest steps, so that the sum reaches a limit."""
        assert self._scheme.points is not None  # noqa: S101 - the loader has checked it
        gains = []
        for id_, row in self._scheme.points.table.items():
            tokens = list(row)
            at = tokens.index(str(values[self._place[id_]]))
            gains.append([(id_, token, at - to, row[token] - row[tokens[at]]) for to, token in enumerate(tokens[:at])])
        best = sorted((max((gain for *_, gain in row), default=0) for row in gains), reverse=True)
        for count in range(1, len(best) + 1):
            if value + sum(best[:count]) >= limit:
                return [_smallest_steps(gains, count, limit - value)]
        return []


def _subjects(table: Table) -> set[str]:
    """What the conditions of a table speak of."""
    named = {id_ for line in table.lines for condition in line.when for id_ in (condition.subject, condition.other)}
    return {id_ for id_ in named if id_ is not None}


def _smallest_steps(gains: Sequence[list[tuple[str, str, int, float]]], count: int, more: float) -> Changes:
    """Of all ways to better `count` answers by at least `more` points, the fewest steps; of those the first questions.

    Args:
        gains: for each question its better answers: question, answer, steps, points gained.
        count: how many answers are to change.
        more: the points that are lacking.
    """
    most = _most_gain(gains, count)
    steps = min(steps for steps in range(_STEPS * count + 1) if most[0].get((count, steps), -inf) >= more)
    changes: Changes = {}
    for at, row in enumerate(gains):
        for id_, token, step, gain in sorted(row, key=lambda option: option[2]):
            if most[at + 1].get((count - 1, steps - step), -inf) + gain >= more:
                changes[id_] = token, float(step)
                count, steps, more = count - 1, steps - step, more - gain
                break
    return changes


def _most_gain(gains: Sequence[list[tuple[str, str, int, float]]], count: int) -> list[dict[tuple[int, int], float]]:
    """From each question on: the most points to be gained by so many answers changed in so many steps."""
    most: list[dict[tuple[int, int], float]] = [{(0, 0): 0}]
    for row in reversed(gains):
        later = most[-1]
        here = dict(later)
        for (used, steps), gained in later.items():
            if used < count:
                for _, _, step, gain in row:
                    key = used + 1, steps + step
                    here[key] = max(here.get(key, 0), gained + gain)
        most.append(here)
    return most[::-1]


def _merge(changes: Changes, more: Changes) -> bool:
    """Add changes to others; False where they contradict."""
    return all(changes.setdefault(id_, change) == change for id_, change in more.items())


def _holds(condition: Condition, value: object, values: Values, place: Mapping[str, int]) -> bool:
    if condition.test in ("blank", "given"):
        return (value is None) == (condition.test == "blank")
    if value is None:
        return False
    if condition.test == "in":
        return value in condition.tokens
    if condition.test in ("yes", "no"):
        return value is (condition.test == "yes")
    right = condition.limit if condition.other is None else values[place[condition.other]]
    if right is None or not isinstance(value, (int, float)):
        return False
    signs = {"<": value < right, "<=": value <= right, ">": value > right, ">=": value >= right}  # type: ignore[operator] # both are numbers in such a line
    return signs.get(condition.test, value == right)


def _field_changes(field: Field, condition: Condition, value: object) -> list[Change]:
    if condition.test in ("yes", "no"):
        return [(condition.test == "yes", 1.0)]
    if condition.test == "in":
        order = list(field.tokens)
        at = order.index(str(value)) if value in order else len(order)
        return [(token, float(abs(order.index(token) - at))) for token in condition.tokens]
    if condition.limit is None:
        return []
    target = _nearest(field, condition)
    away = abs(target - value) if isinstance(value, (int, float)) else abs(target)
    return [(target, float(away))] if field.low <= target <= field.high else []


def _nearest(field: Field, condition: Condition) -> float:
    """The number nearest to a limit that passes the test."""
    assert condition.limit is not None  # noqa: S101 - the caller has seen to it
    step = 0.01 if field.kind == "fraction" else 1
    past = {">": step, "<": -step}.get(condition.test, 0)
    return condition.limit + past


def _day_at(kind: str, condition: Condition, as_of: AsOf) -> int | None:
    """The date at which a distance in days or months meets its limit."""
    if not isinstance(as_of, int) or condition.limit is None or condition.test not in ("<=", ">=", "="):
        return None
    if kind == "days_until":
        return as_of + int(condition.limit)
    if kind == "days_since":  # what lies back cannot be moved; it can be done again, today
        return as_of
    if kind == "months_until":
        return add_months(as_of, int(condition.limit))
    first_of_next = add_months(as_of - date.fromordinal(as_of).day + 1, int(condition.limit) + 1)
    return first_of_next - 1


def _phrase(
    scheme: Scheme, better: str, changes: Sequence[tuple[str, object, object]], score: float | None, lang: str
) -> str:
    """A lift as one sentence, in the scheme's own phrases.

    Args:
        scheme: the scheme.
        better: the grade that the changes give.
        changes: the inputs to be changed, with the value asked for and the value now.
        score: the points the row has, where the scheme counts points.
        lang: zh or en.
    """
    asks = [_ask(scheme, id_, value, before, lang) for id_, value, before in changes]
    joined = say(lang, "join.clause").join(dict.fromkeys(asks))
    grade = grade_name(scheme, better, lang)
    if score is None:
        return cut(say(lang, "advice.sentence", asks=joined, grade=grade))
    limit = next(line.facts["limit"] for line in scheme.tables[0].lines if line.grade == better)
    return cut(say(lang, "advice.points", asks=joined, grade=grade, more=show(limit - score)))


def _ask(scheme: Scheme, id_: str, value: object, before: object, lang: str) -> str:
    field = scheme.fields[id_]
    facts = {"label": field.label[lang], "value": shown(scheme, id_, value, lang)}
    assert field.ask is not None  # noqa: S101 - only such inputs are changed
    more = abs(value - before) if isinstance(value, (int, float)) and isinstance(before, (int, float)) else value
    return field.ask[lang].format_map({**facts, "more": show(more)})
