"""The widening ladder (spec 4.7): which other units to ask a customer about, and whom to ask about a unit.

Openly: units nobody wants come first, and every suggestion fits the customer's area and means as far as he gave them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import tidy
from xlplugin.decisions.choices import Limits, is_for_sale, spending_limit, unit_key, within
from xlplugin.decisions.placement import area_fits, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xlplugin.decisions.placement import Terms
    from xlplugin.domain import Unit, Wish

__all__ = ["STEPS", "Field", "asked_bands", "band", "could_be_asked", "floor_number", "ladder", "part_number"]

STEPS = ("neighbour", "buildings", "entrances", "floors")
"""The ladder's steps behind the stated unit: neighbouring-area layout, other buildings, entrances, floors."""
BANDS = ("low", "middle", "high")
_ASKED = {"low": ("middle", "high"), "middle": ("low", "high"), "high": ("middle", "low")}
_FLOOR = re.compile(r"(b|-|地下|负)?(\d+)(a?)(?:f|层|楼)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_FAR = 1_000.0


class Field(NamedTuple):
    """The units to look among, and by `unit_key` how many customers want each first."""

    units: Sequence[Unit]
    wishes: Mapping[str, int]


def floor_number(label: str) -> float | None:
    """A floor's height in the order of floors: `3` is 3, `3A` stands above it, `B1` is -1; None for no floor."""
    hit = _FLOOR.fullmatch(tidy(label))
    if hit is None:
        return None
    number = int(hit[2]) + (0.5 if hit[3] else 0.0)
    return -number if hit[1] else number


def part_number(label: str) -> float | None:
    """The number in the label of an entrance or stack: `2单元` is 2, `B` is 2; None where there is none."""
    text = tidy(label)
    digits = _DIGITS.search(text)
    if digits:
        return float(digits[0])
    return float(ord(text[0].upper()) - 64) if text[:1].isascii() and text[:1].isalpha() else None


def band(floor: float, floors: Iterable[float]) -> str:
    """Whether a floor is low, middle or high among a building's floors (thirds, ours)."""
    known = list(floors)
    low, high = min(known), max(known)
    third = (high - low) / 3
    return "low" if floor < low + third else "middle" if floor <= high - third else "high"


def asked_bands(stated: str) -> tuple[str, ...]:
    """The bands to ask about after the stated one, in order: a low floor's are middle and high (spec 4.7)."""
    return _ASKED[stated]


def ladder(wish: Wish, field: Field, terms: Terms) -> dict[str, list[Unit]]:
    """By step of the ladder, the further units to ask a customer about, the best to ask about first.

    Left out are units not for sale, those he names himself, those that one more customer would make a heap, and those
    that his area or means rule out. Nobody's units come before others.
    """
    where = places(field.units)
    stated = next((where[key] for key in map(unit_key, wish.choices[0] if wish.choices else ()) if key in where), None)
    if stated is None:
        return {step: [] for step in STEPS}
    base, own = field.units[stated], {unit_key(name) for names in wish.choices for name in names}
    open_ = [
        unit for unit in field.units if unit_key(unit.unit_no) not in own and _suits(unit, wish, base, field, terms)
    ]
    near = {step: _STEPS[step](base, field.units) for step in STEPS}
    return {step: _ordered(open_, near[step], base, field) for step in STEPS}


def could_be_asked(unit: Unit, wishes: Iterable[Wish], terms: Terms) -> list[Wish]:
    """Of these customers the ones whom a unit would suit: those who don't name it and whose area and means allow it.

    A customer who gave neither an area nor any means is left out: nothing says that it would suit him.
    """
    return [wish for wish in wishes if _knows(wish) and not _names(wish, unit) and _in_reach(unit, wish, None, terms)]


def _knows(wish: Wish) -> bool:
    return wish.intended_area is not None and (wish.acceptable_total is not None or wish.first_payment is not None)


def _names(wish: Wish, unit: Unit) -> bool:
    key = unit_key(unit.unit_no)
    return any(key == unit_key(name) for names in wish.choices for name in names)


def _suits(unit: Unit, wish: Wish, base: Unit, field: Field, terms: Terms) -> bool:
    crowded = field.wishes.get(unit_key(unit.unit_no), 0) + 1 >= terms.heap
    return is_for_sale(unit) and not crowded and _in_reach(unit, wish, base, terms)


def _in_reach(unit: Unit, wish: Wish, base: Unit | None, terms: Terms) -> bool:
    """Whether area and means allow a unit; where he gave no area, the stated unit's is taken for it."""
    intended = wish.intended_area if wish.intended_area is not None else base.area if base else None
    if unit.area is not None and intended is not None and not area_fits(unit.area, intended, terms):
        return False
    limit = spending_limit(wish, Limits(terms.total_tolerance, terms.shares))
    many = max(1, int(wish.quantity or 1))
    return unit.total is None or within(unit.total * many, limit)


_Near = "Callable[[Unit], float | None]"


def _neighbour(base: Unit, units: Sequence[Unit]) -> Callable[[Unit], float | None]:
    """Units of the layouts next in size, the nearer size first."""
    sizes: dict[str, float] = {}
    for unit in units:
        if unit.layout and unit.area is not None:
            sizes.setdefault(unit.layout, unit.area)
    own = base.area if base.area is not None else sizes.get(base.layout)
    others = [(size, layout) for layout, size in sizes.items() if layout != base.layout]
    if own is None:
        return lambda _: None
    beside = (
        max((one for one in others if one[0] <= own), default=None),
        min((one for one in others if one[0] > own), default=None),
    )
    apart = {one[1]: abs(one[0] - own) for one in beside if one is not None}
    return lambda unit: apart.get(unit.layout)


def _buildings(base: Unit, _units: Sequence[Unit]) -> Callable[[Unit], float | None]:
    return lambda unit: 0.0 if unit.layout == base.layout and unit.building != base.building else None


def _entrances(base: Unit, _units: Sequence[Unit]) -> Callable[[Unit], float | None]:
    """Units of the same layout in the same building's other entrances, the nearest entrance first."""
    here = part_number(base.entrance)

    def near(unit: Unit) -> float | None:
        if (unit.layout, unit.building) != (base.layout, base.building) or unit.entrance == base.entrance:
            return None
        there = part_number(unit.entrance)
        return _FAR if here is None or there is None else abs(there - here)

    return near


def _floors(base: Unit, units: Sequence[Unit]) -> Callable[[Unit], float | None]:
    """Units of the same layout and entrance on floors of the other bands, in the order these are asked about."""
    own = floor_number(base.floor)
    heights = [floor_number(unit.floor) for unit in units if unit.building == base.building]
    known = [height for height in heights if height is not None]
    if own is None:
        return lambda _: None
    asked = asked_bands(band(own, known))

    def near(unit: Unit) -> float | None:
        same = (unit.layout, unit.building, unit.entrance) == (base.layout, base.building, base.entrance)
        height = floor_number(unit.floor) if same else None
        where = None if height is None else band(height, known)
        return float(asked.index(where)) if where in asked else None

    return near


_STEPS = dict(zip(STEPS, (_neighbour, _buildings, _entrances, _floors)))


def _ordered(units: Sequence[Unit], near: Callable[[Unit], float | None], base: Unit, field: Field) -> list[Unit]:
    """The units of a step: the least wanted first, then the nearest, then by floor, then as the project lists them."""
    height = floor_number(base.floor) or 0.0

    def key(found: tuple[float, Unit]) -> tuple[float, ...]:
        apart, unit = found
        floor = floor_number(unit.floor)
        return field.wishes.get(unit_key(unit.unit_no), 0), apart, _FAR if floor is None else abs(floor - height)

    reached = [(apart, unit) for unit in units for apart in [near(unit)] if apart is not None]
    return [unit for _, unit in sorted(reached, key=key)]
