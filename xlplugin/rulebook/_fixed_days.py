"""Fixed days of a month in place of an interval: a switch and days, all of them limits that an office may set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.rulebook._checked import Section

__all__ = ["fixed_days"]

_DAYS = range(1, 29)  # those that every month has


def fixed_days(top: Section, limits: Mapping[str, float]) -> tuple[int, ...]:
    """The days of a month on which to call, rising; empty where the limit that switches them on is 0.

    Args:
        top: the scheme file, whose key `fixed_days` names the limits: the switch, then the days.
        limits: the values of all limits.

    Raises:
        XlpError: `scheme_file`, where a limit isn't there, the switch is neither 0 nor 1, or a day is none.
    """
    names = top.names("fixed_days")
    if any(name not in limits for name in names):
        raise top.error("fixed_days", list(names), " / ".join(limits) or "-")
    switch, *days = (limits[name] for name in names) if names else (0,)
    if switch not in (0, 1) or any(day not in _DAYS for day in days):
        raise top.error("fixed_days", [switch, *days], "0 / 1, 1-28")
    return tuple(sorted(int(day) for day in days)) if switch else ()
