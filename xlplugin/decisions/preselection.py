"""The pre-selection call (spec 4.7): when the customer is to be called next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.decisions.cadence import WorkingDays

__all__ = ["STATES", "Call", "next_call"]

STATES = ("has_wish", "thinking", "unread")
_DAYS = {"thinking": "days.thinking", "unread": "days.unread"}


class Call(NamedTuple):
    """What a pre-selection call came to.

    Args:
        convenient: whether the customer could talk; None where nobody noted it.
        agreed: when he agreed to be called, as a day's ordinal with the time of day as a fraction.
        state: one of `STATES`; empty where it was not noted.
        called: the day of this call, an ordinal.
        grade: the customer's grade, where he has one.
    """

    convenient: bool | None
    agreed: float | None = None
    state: str = ""
    called: int | None = None
    grade: str = ""


def next_call(call: Call, numbers: Mapping[str, float], working_days: WorkingDays | None = None) -> float | str | None:
    """When to call next: an ordinal, with the time of day where one was agreed; None where none is set.

    An agreed time wins. A customer who could not talk must have one: `missing`. The same goes for a day after this
    call where this call's own day was not noted.
    """
    if call.agreed is not None:
        return call.agreed
    if call.convenient is False:
        return "missing"
    path = _DAYS.get(call.state) or f"days.wish_{call.grade.strip().upper()}"
    days = numbers.get(path) if call.state else None
    if days is None:
        return None
    if call.called is None:
        return "missing"
    day = call.called + int(days)
    return day if working_days is None else working_days.moved(day, call.called)
