"""The least lift: which inputs, changed as little as possible, would better the grade (decisions.md 12).

The tables are read backwards. Every line with a better grade says what must hold; what does not hold yet is changed to
the nearest value that does. Every such change is then graded again, so that advice can never promise what the
decision would not give.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, show
from xlplugin.decisions._remembered import Remembered, reader
from xlplugin.decisions._ways import Ways
from xlplugin.decisions.why import cut, grade_name, shown
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from xlplugin.decisions._ways import Changes, Need
    from xlplugin.decisions.grading import Graded
    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Line, Scheme, Table

__all__ = ["Adviser", "Lift"]

_MOST_REMEMBERED = 4096


class Lift(NamedTuple):
    """The changes that would better a grade, by input, and the grade they give."""

    changes: Changes
    grade: str


class _Step:
    """What one table asks for; one object for all rows that are told the same, known by identity.

    Args:
        changes: the least changes by which it gives better.
    """

    __slots__ = ("changes",)

    def __init__(self, changes: Changes) -> None:
        self.changes = changes


class Adviser:
    """Finds the least lift of one scheme.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.
        regrade: grades inputs afresh, derived quantities and all.
        alone: the grade that a table alone, by its number, gives inputs.
    """

    def __init__(
        self,
        scheme: Scheme,
        place: Mapping[str, int],
        regrade: Callable[[Values, AsOf], Graded],
        alone: Callable[[int, Values, AsOf], str | None],
    ) -> None:
        self._scheme = scheme
        self._place = place
        self._regrade = regrade
        self._alone = alone
        levels = scheme.levels or tuple((grade,) for grade in scheme.grades)
        self._rank = {grade: rank for rank, level in enumerate(levels) for grade in level}
        ranked = scheme.ranked or bool(scheme.levels)
        self._lifted = frozenset(grade for grade, rank in self._rank.items() if ranked and rank > 0)
        named = [self._named_by(at) for at in range(len(scheme.tables))]
        inputs = [self._hangs_on(ids) for ids in named]
        self._apart = sum(map(len, inputs)) == len(set().union(*inputs))
        self._tables = [self._ready(at, one | other) for at, (one, other) in enumerate(zip(named, inputs))]
        self._steps = Remembered(lambda told: _Step(dict(told[0])))
        self._ways = Ways(scheme, place)
        self._lines = Remembered(lambda asked: self._better(*asked))
        self._score = next((place[id_] for id_, derived in scheme.derived.items() if derived.kind == "points"), None)
        self._asks = Remembered(lambda asked: _ask(scheme, *asked))
        self._said: dict[object, str] = {}

    def _ready(self, at: int, ids: set[str]) -> tuple[Callable[[Values], Sequence[object]], Remembered]:
        """What takes the values that a table hangs on out of a row's, and the step for a grade, a day and these."""
        places = sorted(self._place[id_] for id_ in ids)
        unsaid = [self._place[id_] for id_ in ids if self._is_no_where_blank(id_)]
        alike = Remembered(lambda key: self._step(at, *key))

        def step(key: tuple[str, AsOf, Values]) -> _Step | None:
            grade, as_of, read = key
            values: Values = [None] * len(self._place)
            for place, value in zip(places, read):
                values[place] = value
            if self._is_asked(self._scheme.tables[at], values):
                for place in unsaid:
                    values[place] = values[place] is True
            found: _Step | None = alike[grade, as_of, tuple(values)]
            return found

        return reader(places), Remembered(step)

    def _is_no_where_blank(self, id_: str) -> bool:
        """Whether a yes/no input left blank is asked for as it is where the answer was no."""
        scheme, field = self._scheme, self._scheme.fields.get(id_)
        lines = (*scheme.first, *(line for table in scheme.tables for line in table.lines))
        tests = {condition.test for line in lines for condition in line.when if condition.subject == id_}
        required = id_ in scheme.required or id_ in scheme.required_any
        steps = field is not None and field.ask is not None and "{more}" in "".join(field.ask.values())
        return field is not None and field.kind == "yes_no" and tests == {"yes"} and not required and not steps

    def advice(self, graded: Graded, values: Values, as_of: AsOf, lang: str) -> str:
        """The least lift as one sentence, at most 255 characters; empty where there is none.

        Args:
            graded: the grade as it is.
            values: the row's values.
            as_of: the day the row is judged on, or why it cannot be read.
            lang: zh or en.
        """
        if graded.grade not in self._lifted or not graded.contact:
            return ""
        steps = self._steps_of(graded.grade, values, as_of) if self._apart else ()
        text = self._said.get((steps, lang))
        return self._told(steps, graded, values, as_of, lang) if text is None else text

    def _told(self, steps: Sequence[_Step | None], graded: Graded, values: Values, as_of: AsOf, lang: str) -> str:
        """The sentence for a row; remembered where all rows with these steps are told the same."""
        lift = self._together(steps, graded, values, as_of)
        if lift is None and None not in steps:
            return self._phrase(self._least_of_all(graded, values, as_of), values, lang)
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
        text = self._said[steps, lang] = self._phrase(lift, values, lang)
        return text

    def lift(self, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The least change that gives a better grade; None where the best stands or nothing can better it."""
        if graded.grade not in self._lifted or not graded.contact:
            return None
        steps = self._steps_of(graded.grade, values, as_of) if self._apart else ()
        if None in steps:
            return None
        return self._together(steps, graded, values, as_of) or self._least_of_all(graded, values, as_of)

    def _steps_of(self, grade: str, values: Values, as_of: AsOf) -> tuple[_Step | None, ...]:
        """What each table asks for, where no two tables hang on the same input.

        The least of all is then the least of each, which comes up again and again and is remembered. So does what
        comes of it: a row's grade hangs on nothing but what each of its tables gives.
        """
        return tuple([known[grade, as_of, read(values)] for read, known in self._tables])

    def _together(self, steps: Sequence[_Step | None], graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The lift that the steps of all tables come to; None where one has none, or they give no better grade."""
        changes: Changes = {}
        for step in steps:
            if step is None:
                return None
            changes.update(step.changes)
        grade = self._better_with(changes, graded, values, as_of) if changes else ""
        return Lift(changes, grade) if grade else None

    def _phrase(self, lift: Lift | None, values: Values, lang: str) -> str:
        """A lift as one sentence, in the scheme's own phrases; empty where there is none."""
        if lift is None:
            return ""
        asks = [self._asks[id_, value, values[self._place[id_]], lang] for id_, (value, _) in lift.changes.items()]
        joined = say(lang, "join.clause").join(dict.fromkeys(asks))
        grade = grade_name(self._scheme, lift.grade, lang)
        if self._score is None:
            return cut(say(lang, "advice.sentence", asks=joined, grade=grade))
        score: float = values[self._score]  # type: ignore[assignment] # points are a number
        limit = next(line.facts["limit"] for line in self._scheme.tables[0].lines if line.grade == lift.grade)
        return cut(say(lang, "advice.points", asks=joined, grade=grade, more=show(limit - score)))

    def _named_by(self, at: int) -> set[str]:
        """What a table speaks of; the first also for what is asked before every table."""
        scheme = self._scheme
        table = scheme.tables[at]
        before = () if at else (*scheme.required, *scheme.required_any, *_subjects(scheme.first))
        return {*table.given, *_subjects(table.lines), *before}

    def _hangs_on(self, named: Collection[str]) -> set[str]:
        """The inputs that some quantities are worked out from, or are."""
        fields: set[str] = set()
        for id_ in named:
            derived = self._scheme.derived.get(id_)
            if derived is None:
                fields.add(id_)
            elif derived.kind == "points" and self._scheme.points is not None:
                fields.update(self._scheme.points.table)
            else:
                fields.update(name for name in (derived.date, derived.number, *derived.fields) if name)
        return fields

    def _step(self, at: int, grade: str, as_of: AsOf, given: Sequence[object]) -> _Step | None:
        """What a table asks for to give better than a grade; nothing at all where it does, or isn't asked."""
        values = list(given)
        changes = self._least_of(at, grade, values, as_of)
        if changes is None:
            return None
        try:
            gives = self._alone(at, self._changed(changes, values), as_of)
        except Unreadable:  # a change would contradict another input
            gives = None
        before = tuple([values[self._place[id_]] for id_ in changes])
        score = None if self._score is None else values[self._score]
        step: _Step = self._steps[tuple(changes.items()), before, score, grade, gives]
        return step

    def _least_of(self, at: int, grade: str, values: Values, as_of: AsOf) -> Changes | None:
        """The least changes by which one table gives better."""
        if not self._is_asked(self._scheme.tables[at], values):
            return {}
        known: dict[Need, list[Changes]] = {}
        found = [
            change for needs in self._lines[at, grade] for change in self._ways.making_hold(needs, values, as_of, known)
        ]
        fewest = min(map(len, found), default=0)
        least = [changes for changes in found if len(changes) == fewest]
        return least[0] if len(least) == 1 else min(least, key=self._cost, default=None)

    def _least_of_all(self, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The least changes of all there are, each tried, whatever the tables hang on."""
        for changes in sorted(self._candidates(graded.grade, values, as_of), key=self._cost):
            if grade := self._better_with(changes, graded, values, as_of):
                return Lift(changes, grade)
        return None

    def _cost(self, changes: Changes) -> tuple[int, float, list[int]]:
        """Fewest inputs first, then the smallest step, then the order of the inputs."""
        return len(changes), sum(step for _, step in changes.values()), sorted(self._place[id_] for id_ in changes)

    def _better_with(self, changes: Changes, graded: Graded, values: Values, as_of: AsOf) -> str:
        """The grade that changes give; empty where it is no better one."""
        try:
            grade = self._regrade(self._changed(changes, values), as_of).grade
        except Unreadable:  # the change would contradict another input
            return ""
        return grade if grade and self._rank[grade] < self._rank[graded.grade] else ""

    def _changed(self, changes: Changes, values: Values) -> Values:
        """A row's inputs with changes put in."""
        inputs = values[: len(self._scheme.fields)]
        for id_, (value, _) in changes.items():
            inputs[self._place[id_]] = value
        return inputs

    def _better(self, at: int, grade: str) -> list[list[Need]]:
        """What each line of a table asks for that gives better than a grade."""
        rank = self._rank[grade]
        lines = self._scheme.tables[at].lines
        better = [line for line in lines if line.grade and line.aim and self._rank[line.grade] < rank]
        return [[self._ways.needs[condition] for condition in line.when] for line in better]

    def _candidates(self, grade: str, values: Values, as_of: AsOf) -> Iterator[Changes]:
        """Changes that make a better line of every table hold; most are checked and thrown away."""
        asked = [at for at, table in enumerate(self._scheme.tables) if self._is_asked(table, values)]
        known: dict[Need, list[Changes]] = {}
        for lines in product(*(self._lines[at, grade] for at in asked)):
            needs = [need for line in lines for need in line]
            yield from (changes for changes in self._ways.making_hold(needs, values, as_of, known) if changes)

    def _is_asked(self, table: Table, values: Values) -> bool:
        given = [values[self._place[id_]] is not None for id_ in table.given]
        return table.applies == "always" or (all(given) if table.applies == "all_given" else any(given))


def _subjects(lines: Sequence[Line]) -> set[str]:
    """What the conditions of some lines speak of."""
    named = {id_ for line in lines for condition in line.when for id_ in (condition.subject, condition.other)}
    return {id_ for id_ in named if id_ is not None}


def _ask(scheme: Scheme, id_: str, value: object, before: object, lang: str) -> str:
    field = scheme.fields[id_]
    facts = {"label": field.label[lang], "value": shown(scheme, id_, value, lang)}
    assert field.ask is not None  # noqa: S101 - only such inputs are changed
    more = abs(value - before) if isinstance(value, (int, float)) and isinstance(before, (int, float)) else value
    return field.ask[lang].format_map({**facts, "more": show(more)})
