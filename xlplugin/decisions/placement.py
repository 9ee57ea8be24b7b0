"""Who is placed on which unit (spec 2.29, decisions.md 21): fit, means, states of units, crowding by layout.

What is missing is never taken for a fault: a figure that is not there leaves the answer open.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.choices import SHARES, is_for_sale, unit_key, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlplugin.domain import Unit, Wish

__all__ = [
    "PLACED",
    "STATES",
    "Crowd",
    "Fit",
    "LayoutCount",
    "Terms",
    "affordable",
    "area_fits",
    "counted",
    "crowd",
    "fit",
    "is_strong",
    "named",
    "per_layout",
    "placement",
    "places",
    "required_payment",
    "state",
    "terms_of",
]

PLACED = "placed"
STATES = ("vacant", "matched", "contested", "heap")
_STRONG_GRADES = frozenset("HA")  # B counts only with the user's own mark
_SHARE = "first_payment_"


class Terms(NamedTuple):
    """The numbers that the rules of placement go by; see `settings/placement.toml`.

    Args:
        area_tolerance: how far an area may be from the intended one, as a share of the unit's.
        total_tolerance: how far a total may exceed the acceptable one, as a share of that.
        total_reach: beyond how many times a unit's total an acceptable total does not fit it.
        heap: how many customers on one unit are a heap.
        shares: by payment token, the share of the total to be paid at once.
    """

    area_tolerance: float = 0.1
    total_tolerance: float = 0.05
    total_reach: float = 2
    heap: float = 3
    shares: Mapping[str, float] = SHARES


class Fit(NamedTuple):
    """Whether a wish and its units agree: yes, no, or None where a figure is missing; and what does not agree.

    `why` holds `area`, `total` (too dear for him) and `reach` (he looks for something far dearer).
    """

    fits: bool | None
    why: tuple[str, ...] = ()


class LayoutCount(NamedTuple):
    """A layout: how many of its units are for sale, how many customers want one of them first, and their ratio.

    `ratio` is customers per unit (客房比, 推筹比); None where none is for sale.
    """

    layout: str
    units: int
    customers: int
    ratio: float | None


class Crowd(NamedTuple):
    """By unit, as `unit_key` spells it, the places of the wishes that name it first, and of those placed on it."""

    wishes: Mapping[str, Sequence[int]]
    placed: Mapping[str, Sequence[int]]


def terms_of(numbers: Mapping[str, float]) -> Terms:
    """The terms under a workbook's numbers, see `Desk.numbers`."""
    shares = {path[len(_SHARE) :]: share for path, share in numbers.items() if path.startswith(_SHARE)}
    area, total, reach, heap = (numbers[name] for name in Terms._fields[:-1])
    return Terms(area, total, reach, heap, shares)


def places(units: Iterable[Unit]) -> dict[str, int]:
    """The place of each unit by its number as `unit_key` spells it; of two rows alike the first."""
    found: dict[str, int] = {}
    for at, unit in enumerate(units):
        if unit.unit_no:
            found.setdefault(unit_key(unit.unit_no), at)
    return found


def named(names: Iterable[str], units: Sequence[Unit], where: Mapping[str, int]) -> list[Unit | None]:
    """The units that a choice names, each once; None for a number that no unit has."""
    keys = dict.fromkeys(unit_key(name) for name in names)
    return [units[where[key]] if key in where else None for key in keys]


def area_fits(area: float, intended: float, terms: Terms) -> bool:
    """Whether a unit's area is near enough to the intended one."""
    return round(abs(intended - area) - terms.area_tolerance * area, 6) <= 0


def _total(units: Sequence[Unit | None]) -> float | None:
    """What the units cost together; None where a unit or its total is not known."""
    totals = [None if unit is None else unit.total for unit in units]
    return None if not totals or None in totals else sum(total for total in totals if total is not None)


def fit(wish: Wish, units: Sequence[Unit | None], terms: Terms) -> Fit:
    """Whether intended area and total agree with the units (是否契合); totals are summed, areas taken one by one."""
    total, areas = _total(units), [None if unit is None else unit.area for unit in units]
    if wish.intended_area is None or wish.acceptable_total is None or total is None or None in areas:
        return Fit(None)
    near = all(area_fits(area or 0.0, wish.intended_area, terms) for area in areas)
    faults = {
        "area": not near,
        "total": not within(total, wish.acceptable_total * (1 + terms.total_tolerance)),
        "reach": not within(wish.acceptable_total, total * terms.total_reach),
    }
    why = tuple(name for name, holds in faults.items() if holds)
    return Fit(not why, why)


def is_strong(wish: Wish) -> bool:
    """Whether intent is strong: the user's own mark, or grade H or A."""
    return wish.strong is True or wish.grade.strip().upper() in _STRONG_GRADES


def required_payment(total: float | None, payment: str, terms: Terms) -> float | None:
    """The first payment that units of this total ask for; None where total or payment method is not known."""
    share = terms.shares.get(payment)
    return None if total is None or share is None else total * share


def affordable(wish: Wish, units: Sequence[Unit | None], terms: Terms) -> bool | None:
    """Whether means suffice: first-payment power and acceptable total both reach; None where a figure is missing."""
    total = _total(units)
    required = required_payment(total, wish.payment, terms)
    if total is None or required is None or wish.first_payment is None or wish.acceptable_total is None:
        return None
    return within(required, wish.first_payment) and within(total, wish.acceptable_total)


def placement(wish: Wish, units: Sequence[Unit | None], terms: Terms) -> str:
    """Whether a customer is placed on the units he wants first.

    Returns:
        `placed`, or why not: `intent` (unclear), `means` (insufficient), `both`, `not_for_sale`, and `incomplete`
        where a unit or a figure is missing and nothing else speaks against him.
    """
    if any(unit is not None and not is_for_sale(unit) for unit in units):
        return "not_for_sale"
    strong, means = is_strong(wish), affordable(wish, units, terms)
    if strong:
        return "incomplete" if means is None else PLACED if means else "means"
    return "both" if means is False else "intent"


def counted(wish: Wish) -> tuple[int, int | None]:
    """How many units a customer names first, and how many he wants; the two must be the same (S)."""
    wanted = wish.quantity
    whole = wanted is not None and wanted == int(wanted) and wanted >= 1
    return len(wish.choices[0]) if wish.choices else 0, int(wanted) if whole and wanted is not None else None


def state(wishes: int, terms: Terms, sale_state: str = "") -> str:
    """The state of a unit: its state of sale once it is not available, else how many customers want it first."""
    if sale_state not in ("", "available"):
        return sale_state
    return "heap" if wishes >= terms.heap else STATES[min(wishes, 2)]


def crowd(units: Sequence[Unit], wishes: Sequence[Wish], terms: Terms) -> Crowd:
    """Who wants each unit first, and who of them is placed."""
    where = places(units)
    wanted: dict[str, list[int]] = {}
    placed: dict[str, list[int]] = {}
    for at, wish in enumerate(wishes):
        names = wish.choices[0] if wish.choices else ()
        stands = names and placement(wish, named(names, units, where), terms) == PLACED
        for key in dict.fromkeys(map(unit_key, names)):
            wanted.setdefault(key, []).append(at)
            if stands:
                placed.setdefault(key, []).append(at)
    return Crowd(wanted, placed)


def per_layout(units: Sequence[Unit], wishes: Sequence[Wish]) -> list[LayoutCount]:
    """Units for sale, customers and their ratio by layout, in the order the layouts first appear.

    A customer counts once, under the layout of the unit that he names first.
    """
    where = places(units)
    offered = Counter(unit.layout for unit in units if unit.layout and is_for_sale(unit))
    wanted: Counter[str] = Counter()
    for wish in wishes:
        at = where.get(unit_key(wish.choices[0][0])) if wish.choices and wish.choices[0] else None
        if at is not None:
            wanted[units[at].layout] += 1
    return [
        LayoutCount(
            layout, offered[layout], wanted[layout], wanted[layout] / offered[layout] if offered[layout] else None
        )
        for layout in dict.fromkeys(unit.layout for unit in units if unit.layout)
    ]
