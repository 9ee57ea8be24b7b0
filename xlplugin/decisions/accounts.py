"""The rules of the account workbook besides the tier itself: credit, shares, three views, borders (spec 2.15-2.17).

Everything here is worked out from values; reading cells and tables is done elsewhere. None means that it is not known.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "borders",
    "credit_due",
    "loyalty_class",
    "months_later",
    "payment_action",
    "potential_class",
    "share_gap",
    "value_class",
]

_SUSPENDED = "c"  # the one tier of which the source says that deliveries may be suspended


def credit_due(invoiced: int, days: int) -> int:
    """The day by which an invoice is to be paid: credit days after it.

    Args:
        invoiced: the day of the invoice, as an ordinal.
        days: the tier's credit days; of a range the upper figure.
    """
    return invoiced + days


def payment_action(tier: str, collected: float, due: float, standard: float | None) -> str | None:
    """What follows from what was collected: `none`, `may_suspend`, `below` the standard, or None where it is unknown.

    Args:
        tier: in lower case.
        collected: what was paid of what is due.
        due: what is due; where nothing is, nothing follows.
        standard: the share that the tier has to pay; None where the policy does not say.
    """
    if due <= 0:
        return "none"
    if standard is None:
        return None
    if Fraction(collected) >= Fraction(due) * Fraction(str(standard)):
        return "none"
    return "may_suspend" if tier == _SUSPENDED else "below"


def value_class(value: float, values: Sequence[float], high: float, medium: float) -> str:
    """The class by rank within the list: `high`, `medium` or `low`; ties are in the better class.

    Args:
        value: what an account pays.
        values: what all of them pay, this one included.
        high: the top share of the list; who pays nothing is low all the same.
        medium: the share that follows.
    """
    if value <= 0:
        return "low"
    rank = 1 + sum(other > value for other in values)
    top, next_ = (Fraction(str(share)) for share in (high, medium))
    if rank <= top * len(values):
        return "high"
    return "medium" if rank <= (top + next_) * len(values) else "low"


def loyalty_class(
    last: int | None,
    repurchases: float | None,
    complaints: float | None,
    gone: bool | None,
    today: int | None,
    numbers: Mapping[str, float],
) -> str | None:
    """`churning`, `loyal` or `ordinary`; None where what is needed to tell is not known.

    Args:
        last: the day of the last purchase.
        repurchases: how often it bought again.
        complaints: how many there are.
        gone: whether the office says that it is lost.
        today: the day it is judged on.
        numbers: `churn_months` and `loyal_repurchases`.
    """
    if gone:
        return "churning"
    if last is None or today is None:
        return None
    if months_later(last, int(numbers["churn_months"])) <= today:
        return "churning"
    enough = None if repurchases is None else repurchases >= numbers["loyal_repurchases"]
    if enough is False or (complaints is not None and complaints > 0):
        return "ordinary"
    return "loyal" if enough and complaints is not None else None


def months_later(day: int, months: int) -> int:
    """The same day of a later month, or that month's last one, as EDATE has it."""
    start = date.fromordinal(day)
    month = start.year * 12 + start.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1).toordinal()
    after = date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()
    return min(first + start.day, after) - 1


def potential_class(strong: bool | None, large: bool | None, customer: bool | None) -> str | None:
    """`key`, `latent` or `ordinary`, the first that holds; None where what is needed to tell is not known.

    Args:
        strong: whether the intent to buy is strong.
        large: whether the potential is large.
        customer: whether it is a customer already.
    """
    if strong is False or (large is False and customer):
        return "ordinary"
    if strong is None or large is None:
        return None
    if large:
        return "key"
    return None if customer is None else "latent"


def share_gap(count: int, total: int, target: float) -> float | None:
    """How far a tier's share of the accounts is from its target, in percentage points; None where there are none.

    Args:
        count: accounts of the tier.
        total: accounts of all tiers.
        target: the share aimed at, such as 0.2.
    """
    return float(100 * (Fraction(count, total) - Fraction(str(target)))) if total else None


def borders(near: float, tier_at: Callable[[float], str]) -> list[tuple[int, str]]:
    """The tiers that a little more or a little less payment would make of an account, each with its sign.

    Args:
        near: how much is little, as a share of the payment.
        tier_at: the tier where both payments are multiplied by a factor; an empty text where there is none.
    """
    own = tier_at(1.0)
    changed = [(sign, tier_at(1 + sign * near)) for sign in (1, -1)]
    return [(sign, tier) for sign, tier in changed if own and tier and tier != own]
