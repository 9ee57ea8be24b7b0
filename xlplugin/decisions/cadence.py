"""Grade -> interval -> next contact date, with agreed date and working-day rule (spec 0.2, decisions.md 6-9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable
from xlplugin.decisions.signed_cadence import next_fixed_day
from xlplugin.domain import Contact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    Day = int | None | Unreadable
    Due = tuple[int | None, date | None, tuple[str, ...]]

__all__ = ["WorkingDays", "due", "next_contact"]

_LONGEST_HOLIDAY = 60
_date = date.fromordinal


class WorkingDays:
    """Which days are worked: Monday to Friday, less the holidays, plus the weekend days made up for them.

    Args:
        holidays: ordinals of days off.
        made_up: ordinals of weekend days that are worked (班).
    """

    def __init__(self, holidays: Collection[int] = (), made_up: Collection[int] = ()) -> None:
        self._off = frozenset(holidays)
        self._worked = frozenset(made_up)

    def is_worked(self, day: int) -> bool:
        """Whether a day is a working day."""
        return day in self._worked or (day not in self._off and (day - 1) % 7 < 5)

    def moved(self, day: int, last: int | None) -> int:
        """The working day before a day that is none, because most intervals are maxima.

        Where that would not be after the last contact: the working day after it. A calendar with no working day for
        two months is not believed, and the day stays.
        """
        if self.is_worked(day):
            return day
        for earlier in range(day - 1, day - _LONGEST_HOLIDAY, -1):
            if last is not None and earlier <= last:
                break
            if self.is_worked(earlier):
                return earlier
        for later in range(day + 1, day + _LONGEST_HOLIDAY):
            if self.is_worked(later):
                return later
        return day


def next_contact(
    days: int | None,
    last: Day,
    agreed: Day,
    opt_out: object,
    *,
    count_from: Day = None,
    working_days: WorkingDays | None = None,
    fixed_days: Sequence[int] = (),
) -> Contact:
    """When to call next: the agreed date if there is one, else the last contact plus the interval.

    Args:
        days: the interval; None where the grade has none.
        last: the last contact, an ordinal.
        agreed: the date agreed with the customer, an ordinal.
        opt_out: True where the customer is not to be contacted; what cannot be read counts as True.
        count_from: the day the interval counts from, where that is not the last contact.
        working_days: the calendar, where the working-day rule is on.
        fixed_days: days of the month that stand in place of the interval.
    """
    interval, day, flags = due(days, last, agreed, opt_out, count_from, working_days, fixed_days)
    return Contact(None if fixed_days else interval, day, flags)


def due(
    days: int | None,
    last: Day,
    agreed: Day,
    opt_out: object,
    count_from: Day,
    working_days: WorkingDays | None,
    fixed_days: Sequence[int] = (),
) -> Due:
    """The values of `next_contact`, bare, for those who decide many rows."""
    if opt_out:
        return None, None, ("opt_out",)
    flags: tuple[str, ...] = ()
    if isinstance(last, Unreadable):
        last, flags = None, ("unreadable_date",)
    if isinstance(agreed, Unreadable):
        agreed, flags = None, ("unreadable_date",)
    start = last if count_from is None or isinstance(count_from, Unreadable) else count_from
    computed = None if days is None or start is None else start + days
    if fixed_days and computed is not None:
        computed = next_fixed_day(start, fixed_days)  # type: ignore[arg-type] # there is a start where it is computed
    if computed is not None and working_days is not None:
        computed = working_days.moved(computed, start if last is None else last)
    if agreed is None:
        return days, None if computed is None else _date(computed), flags
    known = start if last is None else last
    if known is not None and agreed <= known:
        return days, None if computed is None else _date(computed), ("agreed_in_past", *flags)
    if computed is not None and agreed > computed:
        flags = ("beyond_policy", *flags)
    return days, _date(agreed), flags
