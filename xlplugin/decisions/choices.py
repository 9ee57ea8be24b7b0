"""Which units each customer could be given: what he named, less what is not for sale and what he can't pay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import tidy
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlplugin.domain import Unit, Wish

__all__ = [
    "SETTINGS",
    "SHARES",
    "Limits",
    "Open",
    "Refusal",
    "is_for_sale",
    "limits_by",
    "open_choices",
    "spending_limit",
    "unit_key",
    "within",
]

SETTINGS = "placement"  # whose numbers they are in the rulebook and in a workbook's own rules
_SHARE = "first_payment_"  # before the token of a payment method
# As published in the rulebook's settings, where their basis stands; a test compares.
SHARES = {"full": 1.0, "mortgage": 0.3, "fund": 0.3, "combined": 0.3, "instalments": 0.3}
_HALF_A_FEN, _NO_LIMIT = 0.005, float("inf")
_UNSOLD = ("", "available")
_DASHES = re.compile(r"[‐‑‒–—―]")


class Limits(NamedTuple):
    """What bounds a customer's choice (decisions.md 21).

    Args:
        tolerance: how far a total may exceed what is acceptable to him, as a share.
        shares: by payment token, the share of the total to be paid at once.
    """

    tolerance: float = 0.05
    shares: Mapping[str, float] = SHARES


class Refusal(NamedTuple):
    """A choice that can't be met: of which wish (its place), at which rank, which unit, and why.

    `why` is `unknown`, `not_for_sale`, `beyond_total`, `beyond_payment` or `repeated`.
    """

    wish: int
    rank: int
    unit_no: str
    why: str


class Open(NamedTuple):
    """The choices that could be met.

    Args:
        lists: by wish, the units open to the customer as (place of the unit, rank of choice), best first.
        wanted: by wish, how many units he wants, at least 1.
        limits: by wish, the most that his units may cost together; None where no figure bounds it.
        totals: by unit, its total; 0 where it has none.
        ranks: how many ranks of choice there are, at least 3.
        refused: every choice that is not open, with its cause.
    """

    lists: list[list[tuple[int, int]]]
    wanted: list[int]
    limits: list[float | None]
    totals: list[float]
    ranks: int
    refused: list[Refusal]


def limits_by(own: Mapping[str, float | None] | None = None) -> Limits:
    """The limits as published, with an office's own numbers in their place.

    Args:
        own: by the name a number has in the rulebook's settings `placement`, the office's own.
    """
    numbers = {name: float(number.value or 0) for name, number in load().settings[SETTINGS].parameters.items()}
    numbers |= {name: value for name, value in (own or {}).items() if value is not None}
    shares = {name.removeprefix(_SHARE): value for name, value in numbers.items() if name.startswith(_SHARE)}
    return Limits(numbers["total_tolerance"], shares)


def unit_key(unit_no: str) -> str:
    """A unit number as it is looked up: width, case, space and kind of dash make no difference."""
    if unit_no.isascii():  # most are, and need no more
        return "".join(unit_no.split()).casefold()
    return _DASHES.sub("-", "".join(tidy(unit_no).split())).casefold()


def is_for_sale(unit: Unit) -> bool:
    """Whether a unit can still be given to somebody: not reserved, subscribed or signed."""
    return unit.sale_state in _UNSOLD


def within(amount: float, limit: float | None) -> bool:
    """Whether an amount keeps to a limit, to the fen; anything keeps to no limit."""
    return limit is None or amount < limit + _HALF_A_FEN


def spending_limit(wish: Wish, limits: Limits) -> tuple[float | None, str]:
    """The most that a customer's units may cost together, and what says so: `beyond_total` or `beyond_payment`.

    A figure that is missing, or a payment method without a share, bounds nothing.
    """
    total, payment, share = wish.acceptable_total, wish.first_payment, limits.shares.get(wish.payment)
    accepted = None if total is None else total * (1 + limits.tolerance)
    payable = None if payment is None or not share else payment / share
    if payable is not None and (accepted is None or payable < accepted):
        return payable, "beyond_payment"
    return accepted, "beyond_total"


def open_choices(units: Sequence[Unit], wishes: Sequence[Wish], limits: Limits | None = None) -> Open:
    """The units each customer could be given, in the order he prefers them, and why others are not.

    Where a unit number is listed twice among the units, its first row counts.
    """
    limits = limits or limits_by()
    places, totals = _Places(units), [unit.total or 0.0 for unit in units]
    # What nobody can be given is dearer than any limit; the last one stands for units that are not known.
    prices = [total if is_for_sale(unit) else _NO_LIMIT for unit, total in zip(units, totals)] + [_NO_LIMIT]
    lists, bounds, refused = [], [], list[Refusal]()
    for at, wish in enumerate(wishes):
        bound, cause = spending_limit(wish, limits)
        bounds.append(bound)
        most = _NO_LIMIT if bound is None else bound + _HALF_A_FEN
        found: dict[int, int] = {}
        for rank, names in enumerate(wish.choices, 1):
            for name in names:
                place = places[name]
                if prices[place] < most and place not in found:
                    found[place] = rank
                else:
                    refused.append(Refusal(at, rank, name, _refused(place, found, units) or cause))
        lists.append(list(found.items()))
    counts = [wish.quantity for wish in wishes]
    wanted = [1 if count is None or count < 2 else int(count) for count in counts]  # one at least
    return Open(lists, wanted, bounds, totals, max([3, *(len(wish.choices) for wish in wishes)]), refused)


class _Places(dict[str, int]):
    """The place of each unit by its number, however that is spelled; -1 for a number that no unit has."""

    def __init__(self, units: Iterable[Unit]) -> None:
        numbers = [unit.unit_no for unit in units]
        for at, (number, key) in enumerate(zip(numbers, map(unit_key, numbers))):
            self.setdefault(key, at)
            if number != key:
                self.setdefault(number, at)

    def __missing__(self, number: str) -> int:
        place = self[number] = self.get(unit_key(number), -1)
        return place


def _refused(place: int, found: Mapping[int, int], units: Sequence[Unit]) -> str:
    """Why a choice is not open, as far as it isn't for money."""
    if place < 0:
        return "unknown"
    if place in found:
        return "repeated"
    return "" if is_for_sale(units[place]) else "not_for_sale"
