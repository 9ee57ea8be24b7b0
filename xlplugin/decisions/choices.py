"""Which units each customer could be given: what he named, less what is not for sale and what he can't pay."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import tidy
from xlplugin.domain import Wish
from xlplugin.errors import XlpError
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Sized
    from typing import Any

    from xlplugin.domain import Unit

    Array = Any  # numpy's, which is there only when it is used

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


class _Fields(NamedTuple):
    owner: Array
    unit: Array
    rank: Array
    wanted: list[int]
    limits: list[float]
    totals: list[float]
    ranks: int
    refused: list[Refusal]


class Open(_Fields):
    """The choices that could be met.

    Args:
        owner: by open choice, the place of its wish; wishes stand in their order, and each one's choices best first.
        unit: by open choice, the place of the unit; rank: of choice, from 1.
        wanted: by wish, how many units he wants, at least 1.
        limits: by wish, the most that his units may cost together; infinite where no figure bounds it.
        totals: by unit, its total; 0 where it has none.
        ranks: how many ranks of choice there are, at least 3.
        refused: every choice that is not open, with its cause.
    """

    @cached_property
    def lists(self) -> list[list[tuple[int, int]]]:
        """By wish, the units open to the customer as (place of the unit, rank of choice), best first."""
        pairs = list(zip(self.unit.tolist(), self.rank.tolist()))
        starts = self.owner.searchsorted(range(len(self.wanted) + 1)).tolist()
        return [pairs[start:end] for start, end in pairwise(starts)]


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


def spending_limit(wish: Wish, limits: Limits) -> float:
    """The most that a customer's units may cost together.

    A figure that is missing, or a payment method without a share, bounds nothing.
    """
    total, payment, share = wish.acceptable_total, wish.first_payment, limits.shares.get(wish.payment)
    return min(
        _NO_LIMIT if total is None else _accepted(total, limits),
        _NO_LIMIT if payment is None or not share else _payable(payment, share),
    )


def _accepted(total: Any, limits: Limits) -> Any:
    """What units may cost by the total that is acceptable; of one customer, or of all as an array."""
    return total * (1 + limits.tolerance)


def _payable(payment: Any, share: Any) -> Any:
    """What units may cost by the first payment and the share of it; of one customer, or of all as arrays."""
    return payment / share


def open_choices(units: Sequence[Unit], wishes: Sequence[Wish], limits: Limits | None = None) -> Open:
    """The units each customer could be given, in the order he prefers them, and why others are not.

    Where a unit number is listed twice among the units, its first row counts.

    Raises:
        XlpError: `no_scipy` where the library, or numpy that comes with it, is not installed.
    """
    try:
        import numpy as np  # noqa: PLC0415 - an extra
    except ImportError:
        raise XlpError("no_scipy") from None
    columns = dict(zip(Wish._fields, zip(*wishes))) or dict.fromkeys(Wish._fields, ())
    asked, ranks = _asked(units, columns["choices"])
    accepted, payable = _bounds(columns, limits or limits_by())
    most = np.minimum(accepted, payable)
    totals = [unit.total or 0.0 for unit in units]
    # What nobody can be given is dearer than any limit; the last one stands for units that are not known.
    prices = [total if unit.sale_state in _UNSOLD else _NO_LIMIT for unit, total in zip(units, totals)] + [_NO_LIMIT]
    paid = np.array(prices)[asked.unit] < (most + _HALF_A_FEN)[asked.owner]
    kept = paid & ~_repeated(asked.owner * len(prices) + asked.unit)
    causes = _Causes(units, paid, payable < accepted)
    return Open(
        *(asked.owner[kept], asked.unit[kept], asked.rank[kept]),
        wanted=[1 if count is None or count < 2 else int(count) for count in columns["quantity"]],  # one at least
        limits=most.tolist(),
        totals=totals,
        ranks=max(3, ranks),
        refused=[causes.refusal(asked, at) for at in np.flatnonzero(~kept).tolist()],
    )


def _bounds(columns: Mapping[str, Sequence[Any]], limits: Limits) -> tuple[Array, Array]:
    """By wish, what his units may cost by what he accepts and by what he can pay at once, as `spending_limit` says."""
    import numpy as np  # noqa: PLC0415 - an extra

    shares = [limits.shares.get(method) or None for method in columns["payment"]]
    accepted = _accepted(np.array(columns["acceptable_total"], float), limits)
    payable = _payable(np.array(columns["first_payment"], float), np.array(shares, float))
    for bounds in (accepted, payable):
        bounds[np.isnan(bounds)] = _NO_LIMIT  # what numpy makes of None
    return accepted, payable


class _Asked(NamedTuple):
    """The units named, in the order of the register: as what, by which wish, its place among the units, what rank."""

    names: list[str]
    owner: Array
    unit: Array
    rank: Array


def _asked(units: Sequence[Unit], choices: Sequence[tuple[tuple[str, ...], ...]]) -> tuple[_Asked, int]:
    """The units that are named, and how many ranks of choice there are at most."""
    import numpy as np  # noqa: PLC0415 - an extra

    groups = list(chain.from_iterable(choices))
    names = list(chain.from_iterable(groups))
    unit = np.fromiter(map(_Places(units).__getitem__, names), np.int64, len(names))
    ranks, sizes = _lengths(choices), _lengths(groups)
    rank = np.arange(1, len(groups) + 1) - np.repeat(np.cumsum(ranks) - ranks, ranks)
    owner = np.repeat(np.arange(len(choices)), ranks)
    return _Asked(names, np.repeat(owner, sizes), unit, np.repeat(rank, sizes)), int(ranks.max(initial=0))


def _lengths(those: Sequence[Sized]) -> Array:
    import numpy as np  # noqa: PLC0415 - an extra

    return np.fromiter(map(len, those), np.int64, len(those))


def _repeated(keys: Array) -> Array:
    """By key, whether the same one stands before it."""
    import numpy as np  # noqa: PLC0415 - an extra

    order = np.argsort(keys, kind="stable")
    ordered, repeated = keys[order], np.zeros(len(keys), bool)
    repeated[order[1:][ordered[1:] == ordered[:-1]]] = True
    return repeated


class _Causes(NamedTuple):
    """Why choices are not open.

    Args:
        units: the units.
        paid: by choice, whether it is for sale and can be paid.
        by_payment: by wish, whether it is his first payment that bounds it.
    """

    units: Sequence[Unit]
    paid: Array
    by_payment: Array

    def refusal(self, asked: _Asked, at: int) -> Refusal:
        """A choice that is not open, with its cause."""
        wish = int(asked.owner[at])
        return Refusal(wish, int(asked.rank[at]), asked.names[at], self._why(wish, int(asked.unit[at]), at))

    def _why(self, wish: int, place: int, at: int) -> str:
        if place < 0:
            return "unknown"
        if self.paid[at]:
            return "repeated"
        if not is_for_sale(self.units[place]):
            return "not_for_sale"
        return "beyond_payment" if self.by_payment[wish] else "beyond_total"


class _Places(dict[str, int]):
    """The place of each unit by its number, however that is spelled; -1 for a number that no unit has."""

    def __init__(self, units: Iterable[Unit]) -> None:
        keys = _keys([unit.unit_no for unit in units])
        super().__init__(zip(reversed(keys), reversed(range(len(keys)))))  # of equal ones the first stays

    def __missing__(self, number: str) -> int:
        place = self[number] = self.get(unit_key(number), -1)
        return place


def _keys(numbers: list[str]) -> list[str]:
    """The key of each unit number; where all are spelled as they are looked up, as in most projects, at one glance."""
    text = ",".join(numbers)
    return numbers if text.isascii() and unit_key(text) == text else list(map(unit_key, numbers))
