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
from xlplugin.decisions.grading import named_in
from xlplugin.decisions.why import cut, grade_name, shown
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import TypeGuard

    from xlplugin.decisions._ways import Changes, Need
    from xlplugin.decisions.grading import Graded
    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Scheme, Table

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


_Steps = tuple["_Step | None", ...]


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
        # Only then does what a table asks for hang on it alone: no input is shared, and no quantity belongs to none of
        # them, for a change might contradict it.
        shares_none = sum(map(len, inputs)) == len(set().union(*inputs))
        self._apart = shares_none and scheme.derived.keys() <= set().union(*named)
        self._tables = [self._ready(at, one | other) for at, (one, other) in enumerate(zip(named, inputs))]
        self._steps = Remembered(lambda told: _Step(dict(told[0])))
        self._ways = Ways(scheme, place)
        self._lines = Remembered(lambda asked: self._better(*asked))
        self._score = next((place[id_] for id_, derived in scheme.derived.items() if derived.kind == "points"), None)
        self._asks = Remembered(lambda asked: _ask(scheme, *asked))
        self._sentences: dict[object, str] = {}

    def _ready(self, at: int, ids: set[str]) -> tuple[Callable[[Values], Sequence[object]], Remembered]:
        """What takes the values that a table hangs on out of a row's, and the step for a grade, a day and these."""
        places = sorted(self._place[id_] for id_ in ids)
        doubtful = [self._place[id_] for id_ in ids if self._asks_alike_for_blank_and_no(id_)]
        by_answers = Remembered(lambda key: self._step(at, *key))

        def step(key: tuple[str, AsOf, Values]) -> _Step | None:
            grade, as_of, read = key
            values: Values = [None] * len(self._place)
            for place, value in zip(places, read):  # what is read has its last value twice
                values[place] = value
            if self._is_asked(self._scheme.tables[at], values):
                for place in doubtful:  # rows that differ in these blanks alone are worked out once
                    values[place] = values[place] is True
            found: _Step | None = by_answers[grade, as_of, tuple(values)]
            return found

        return reader(places), Remembered(step)

    def _asks_alike_for_blank_and_no(self, id_: str) -> bool:
        """Whether it is all the same for the advice if an input was answered no, or not at all."""
        scheme, field = self._scheme, self._scheme.fields.get(id_)
        if field is None or field.kind != "yes_no":
            return False
        lines = (*scheme.first, *(line for table in scheme.tables for line in table.lines))
        tests = [condition for line in lines for condition in line.when if id_ in (condition.subject, condition.other)]
        return all(condition.test == "yes" for condition in tests)

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
        steps = self._steps_of(graded.grade, values, as_of)
        text = self._sentences.get((steps, lang))
        if text is None:
            lift, is_for_all = self._found(steps, graded, values, as_of)
            text = self.sentence(lift, values, lang)
            if is_for_all:
                if len(self._sentences) >= _MOST_REMEMBERED:
                    self._sentences.clear()
                self._sentences[steps, lang] = text
        return text

    def lift(self, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The least change that gives a better grade; None where the best stands or nothing can better it."""
        if graded.grade not in self._lifted or not graded.contact:
            return None
        return self._found(self._steps_of(graded.grade, values, as_of), graded, values, as_of)[0]

    def _found(self, steps: _Steps, graded: Graded, values: Values, as_of: AsOf) -> tuple[Lift | None, bool]:
        """The least lift of a row, and whether all rows with these steps have the same."""
        lift = self._together(steps, graded, values, as_of)
        if lift is None and None not in steps:
            return self._least_of_all(graded, values, as_of), False
        return lift, True

    def _steps_of(self, grade: str, values: Values, as_of: AsOf) -> _Steps:
        """What each table asks for; nothing where two of them hang on the same input.

        Where they don't, the least of all is the least of each, which comes up again and again and is remembered. So
        is what comes of it, for then a row's grade hangs on nothing but what each of its tables gives.
        """
        return tuple([known[grade, as_of, read(values)] for read, known in self._tables]) if self._apart else ()

    def _together(self, steps: _Steps, graded: Graded, values: Values, as_of: AsOf) -> Lift | None:
        """The lift that the steps of all tables come to; None where one has none, or they give no better grade."""
        changes: Changes = {}
        for step in steps:
            if step is None:
                return None
            changes.update(step.changes)
        grade = self._better_with(changes, graded, values, as_of) if changes else ""
        return Lift(changes, grade) if grade else None

    def sentence(self, lift: Lift | None, values: Values, lang: str) -> str:
        """A lift in the scheme's own phrases, at most 255 characters; empty where there is none.

        Args:
            lift: the changes, and the grade they give.
            values: the row's values.
            lang: zh or en.
        """
        if lift is None:
            return ""
        asks = [self._asks[id_, value, values[self._place[id_]], lang] for id_, (value, _) in lift.changes.items()]
        joined = say(lang, "join.clause").join(dict.fromkeys(asks))
        grade = grade_name(self._scheme, lift.grade, lang)
        more = self._points_short(lift.grade, values)
        if more is None:
            return cut(say(lang, "advice.sentence", asks=joined, grade=grade))
        return cut(say(lang, "advice.points", asks=joined, grade=grade, more=show(more)))

    def _points_short(self, grade: str, values: Values) -> float | None:
        """How many points a row lacks for a grade; None where the grade hangs on something else."""
        score = None if self._score is None else values[self._score]
        for line in self._scheme.tables[0].lines:
            limit = line.facts.get("limit")
            counts = line.when and self._place[line.when[0].subject] == self._score
            if line.grade == grade and limit is not None and counts:
                return limit - score if isinstance(score, (int, float)) and score < limit else None
        return None

    def _named_by(self, at: int) -> set[str]:
        """What a table speaks of; the first also for what is asked before every table."""
        scheme = self._scheme
        table = scheme.tables[at]
        before = () if at else (*scheme.required, *scheme.required_any, *named_in(scheme.first))
        return {*table.given, *named_in(table.lines), *before}

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
        # What the table then gives is told apart too: the grade that comes of it hangs on that.
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


def _ask(scheme: Scheme, id_: str, value: object, before: object, lang: str) -> str:
    field = scheme.fields[id_]
    assert field.ask is not None  # noqa: S101 - only such inputs are changed
    new = shown(scheme, id_, value, lang)
    more = show(abs(value - before)) if _is_number(value) and _is_number(before) else new
    return field.ask[lang].format_map({"label": field.label[lang], "value": new, "more": more})


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
