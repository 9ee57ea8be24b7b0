"""The ways to make a condition hold: its inputs changed to the nearest values that pass."""

from __future__ import annotations

from datetime import date
from itertools import product
from math import inf
from typing import TYPE_CHECKING

from xlplugin.decisions._remembered import Remembered
from xlplugin.decisions.quantities import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlplugin.decisions.quantities import AsOf, Values
    from xlplugin.rulebook.model import Condition, Derived, Field, Scheme

__all__ = ["Changes", "Need", "Ways"]

# One input's new value and how far it is from the old one, in steps of that input.
Change = tuple[object, float]
Changes = dict[str, Change]
_HELD: list[Changes] = [{}]
_STEPS = 8  # no list of answers is longer


class Need:
    """A condition, and the ways to make it hold by the value that stands, where they hang on nothing else.

    Args:
        condition: the condition.
        at: the place of its subject among a row's values.
        ways: the ways by the value; None where the row has a say in them.
    """

    __slots__ = ("at", "condition", "ways")

    def __init__(self, condition: Condition, at: int, ways: Remembered | None) -> None:
        self.condition = condition
        self.at = at
        self.ways = ways


class Ways:
    """The ways to make the conditions of one scheme hold.

    Args:
        scheme: the scheme.
        place: the place of each input and derived quantity among a row's values.

    `needs` gives the `Need` of a condition.
    """

    def __init__(self, scheme: Scheme, place: Mapping[str, int]) -> None:
        self._scheme = scheme
        self._place = place
        self.needs = Remembered(self._need)

    def _need(self, condition: Condition) -> Need:
        at = self._place[condition.subject]
        if condition.subject in self._scheme.derived or condition.other is not None:
            return Need(condition, at, None)
        return Need(condition, at, Remembered(lambda value: self._options_now(condition, value, [], None)))

    def making_hold(
        self, needs: Sequence[Need], values: Values, as_of: AsOf, known: dict[Need, list[Changes]]
    ) -> list[Changes]:
        """The changes by which all of some conditions hold.

        Args:
            needs: the conditions.
            values: the row's values.
            as_of: the day the row is judged on, or why it cannot be read.
            known: the ways found for this row already, where the row has a say in them.
        """
        options = []
        for need in needs:
            found = known.get(need) if need.ways is None else need.ways[values[need.at]]
            if found is None:  # the same condition comes up in many a combination of lines
                found = known[need] = self._options_now(need.condition, values[need.at], values, as_of)
            if not found:
                return []
            if found is not _HELD:
                options.append(found)
        return [merged for choice in product(*options) if (merged := _merged(choice)) is not None]

    def _options_now(self, condition: Condition, value: object, values: Values, as_of: AsOf) -> list[Changes]:
        """The ways to make one condition hold; one empty change where it holds already."""
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
        if limit <= value:  # fewer points are asked for, and nobody is advised to get those
            return []
        gains = []
        for id_, row in self._scheme.points.table.items():
            if self._scheme.fields[id_].ask is None:
                continue
            tokens = list(row)
            at = tokens.index(str(values[self._place[id_]]))
            gains.append([(id_, token, at - to, row[token] - row[tokens[at]]) for to, token in enumerate(tokens[:at])])
        best = sorted((max((gain for *_, gain in row), default=0) for row in gains), reverse=True)
        for count in range(1, len(best) + 1):
            if value + sum(best[:count]) >= limit:
                return [_smallest_steps(gains, count, limit - value)]
        return []


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


def _merged(choice: Sequence[Changes]) -> Changes | None:
    """Changes put together; None where they contradict."""
    merged: Changes = {}
    for changes in choice:
        for id_, change in changes.items():
            if merged.setdefault(id_, change) != change:
                return None
    return merged


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
