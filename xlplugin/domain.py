"""The nouns of a decision: how sure a grade is, when to call next, and what the office should be told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

__all__ = ["EMPTY_STATUSES", "STATUSES", "Contact", "worse"]

# In order of precedence (decisions.md 1): where two apply, the earlier one is shown.
STATUSES = ("invalid", "out_of_scope", "missing", "stale", "gap", "provisional", "capped", "ok")
EMPTY_STATUSES = frozenset(STATUSES[:4])
_PRECEDENCE = {status: place for place, status in enumerate(STATUSES)}


def worse(one: str, other: str) -> str:
    """Of two statuses the one that takes precedence."""
    return one if _PRECEDENCE[one] <= _PRECEDENCE[other] else other


class Contact(NamedTuple):
    """When to call next.

    Args:
        interval_days: days between two contacts under the scheme; None where the scheme sets none.
        next_contact: the date; None where there is none.
        flags: codes to be said beside the date, in the order of `fields.md`.
    """

    interval_days: int | None
    next_contact: date | None
    flags: tuple[str, ...]
