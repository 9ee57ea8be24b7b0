"""Contacts with signed customers: the next fixed day, and whether a month had enough of them (spec 2.10)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["LEAST_CONTACTS", "SCHEME", "contacts_in", "is_kept", "next_fixed_day"]

SCHEME = "signed_e_cadence"
LEAST_CONTACTS = "limits.contacts_a_month"
"""The parameter that says how many contacts a calendar month is to have."""


def next_fixed_day(last: int, days: Sequence[int]) -> int:
    """The first of the fixed days of a month after the last contact.

    Args:
        last: the day of the last contact, an ordinal.
        days: days of the month, 1 to 28, rising; such as 1 and 16 (P).
    """
    after = date.fromordinal(last)
    for day in days:
        if day > after.day:
            return last + day - after.day
    year, month = divmod(after.year * 12 + after.month, 12)
    return date(year, month + 1, days[0]).toordinal()


def contacts_in(contacts: Iterable[int], month: int) -> int:
    """How many contacts a calendar month had; two on one day are two.

    Args:
        contacts: the days of the contacts, ordinals.
        month: any day of the month, an ordinal.
    """
    wanted = date.fromordinal(month)
    first = wanted.toordinal() - wanted.day + 1
    after = next_fixed_day(wanted.toordinal(), (1,))
    return sum(first <= day < after for day in contacts)


def is_kept(contacts: Iterable[int], month: int, least: float = 2) -> bool:
    """Whether a calendar month had the contacts that a signed customer is due [001:L130].

    Args:
        contacts: the days of the contacts, ordinals.
        month: any day of the month, an ordinal.
        least: how many there must be at least; 2 by the source.
    """
    return contacts_in(contacts, month) >= least
