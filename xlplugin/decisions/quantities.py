"""Quantities worked out from inputs: days and months to a date, ticks counted, points summed."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlplugin.rulebook.model import Derived, Scheme

    # The row's values by position, and the day it is judged on: an ordinal, None, or why it cannot be read.
    Values = list[object]
    AsOf = int | None | Unreadable
    Quantity = Callable[[Values, AsOf], object]

__all__ = ["add_months", "months_between", "picker", "quantity"]


def add_months(day: int, months: int) -> int:
    """The same day of the month so many months later, clipped to that month's end, as Excel's EDATE does.

    Args:
        day: an ordinal.
        months: how many, may be negative.
    """
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day).toordinal()
    except (ValueError, OverflowError):  # the month is shorter, or no calendar goes as far
        return _last_of(year, month + 1)


def _last_of(year: int, month: int) -> int:
    """The last day of a month; of the calendar, where that ends before."""
    if not 1 <= year <= 9999:
        return (date.max if year > 1 else date.min).toordinal()
    return date(year, month + 1, 1).toordinal() - 1  # December has every day of the month


def months_between(start: int, end: int) -> float:
    """Months from one day to another, so that it is at most n just when `end` is at most n months on (EDATE).

    Between two whole months it rises evenly; before `start` it is negative.
    """
    if end < start:
        return (end - start) / 31
    first, last = date.fromordinal(start), date.fromordinal(end)
    whole = (last.year - first.year) * 12 + last.month - first.month
    at = add_months(start, whole)
    if at > end:
        whole, at, after = whole - 1, add_months(start, whole - 1), at
    else:
        after = add_months(start, whole + 1)
    return whole + (end - at) / (after - at)


def quantity(derived: Derived, scheme: Scheme, place: Mapping[str, int]) -> Quantity:
    """The function that works a derived quantity out of a row's values.

    Args:
        derived: what the scheme file says of it.
        scheme: the scheme, for its points.
        place: each field's place among the values.
    """
    if derived.kind == "count":
        return _count([place[id_] for id_ in derived.fields])
    if derived.kind == "points":
        assert scheme.points is not None  # noqa: S101 - the loader has checked it
        return _points([(place[id_], row) for id_, row in scheme.points.table.items()])
    given = place[derived.number] if derived.number else None
    assert derived.date is not None  # noqa: S101 - the loader has checked it
    return _distance(derived.kind, place[derived.date], given)


def picker(places: Sequence[int]) -> Callable[[Values], Sequence[object]]:
    """A function that picks the values at some places; none, one or many."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _values: ()
    (only,) = places
    return lambda values: (values[only],)


def _count(places: list[int]) -> Quantity:
    pick = picker(places)

    def count(values: Values, _as_of: AsOf) -> int:
        return pick(values).count(True)  # they are ticks: True, False or None

    return count


def _points(rows: list[tuple[int, Mapping[str, float]]]) -> Quantity:
    pick = picker([place for place, _ in rows])
    tables: list[dict[object, float]] = [dict(row.items()) for _, row in rows]

    def points(values: Values, _as_of: AsOf) -> float | None:
        answers = pick(values)
        return None if None in answers else sum([table[answer] for table, answer in zip(tables, answers)])

    return points


def _days_until(as_of: int, day: int) -> int:
    return day - as_of


def _days_since(as_of: int, day: int) -> int:
    return as_of - day


def _calendar_months(as_of: int, day: int) -> int:
    start, end = date.fromordinal(as_of), date.fromordinal(day)
    return -1 if day < as_of else (end.year - start.year) * 12 + end.month - start.month


_BETWEEN: Mapping[str, Callable[[int, int], float]] = {
    "days_until": _days_until,
    "days_since": _days_since,
    "months_until": months_between,
    "calendar_months": _calendar_months,
}


def _distance(kind: str, date_place: int, number_place: int | None) -> Quantity:
    """From `as_of` to the date given, or the number given instead; both given must agree (decisions.md 2)."""
    between = _BETWEEN[kind]

    def distance(values: Values, as_of: AsOf) -> float | None:
        day: int | None = values[date_place]  # type: ignore[assignment] # its reader gives ordinals
        number: float | None = None if number_place is None else values[number_place]  # type: ignore[assignment] # that field is a number
        if day is None:
            return _from_number(kind, number, as_of)
        if isinstance(as_of, Unreadable):
            raise as_of
        if as_of is None:
            return _from_number(kind, number, as_of)
        result = between(as_of, day)
        if number is not None and not _agree(kind, number, result, as_of, day):
            raise Unreadable("disagrees", show(number), other=date.fromordinal(day).isoformat())
        return result

    return distance


def _from_number(kind: str, number: float | None, as_of: AsOf) -> float | None:
    if number is None or kind != "calendar_months":
        return number
    if isinstance(as_of, Unreadable):
        raise as_of
    if as_of is None:
        return None
    whole = int(number)
    day = add_months(as_of, whole)
    day += int((add_months(as_of, whole + 1) - day) * (number - whole))
    return _calendar_months(as_of, day)


def _agree(kind: str, number: float, result: float, as_of: int, day: int) -> bool:
    if kind in ("days_until", "days_since"):
        return number == result
    return number == int(number) and add_months(as_of, int(number)) == day
