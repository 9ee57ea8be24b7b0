"""What is wrong or doubtful in a row of units or wishes, each in a sentence: nothing is dropped for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xlplugin.decisions.choices import is_for_sale, unit_key
from xlplugin.decisions.placement import fit, named
from xlplugin.decisions.steering import floor_number
from xlplugin.decisions.why import shown_cell
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlplugin.decisions.placement import Terms
    from xlplugin.decisions.placement_rows import Read
    from xlplugin.domain import Unit, Wish

__all__ = ["unit_faults", "wish_faults"]

_GAP = 1  # yuan that a given total may differ from area × unit price by
_LOANS_OF_THE_FUND = ("fund", "combined")
_RESIDENTIAL = frozenset(("住宅", "residential", "公寓", "apartment", ""))
_PLACE = ("building", "floor", "stack")


def _unreadable(lang: str, row: Read) -> Iterator[str]:
    """The cells that could not be read, with what may stand there."""
    for key, cause in row.bad.items():
        spoken = "zh" if lang == "zh" else "en"
        allowed = say(spoken, f"cell.{cause.why}", **cause.facts)
        field = say(spoken, f"placement.column.{key}")
        yield say(spoken, "why.problem", field=field, found=shown_cell(cause.found, spoken), allowed=allowed)


def wish_faults(lang: str, row: Read, units: Sequence[Unit], where: Mapping[str, int], terms: Terms) -> Iterator[str]:
    """What to look into in a customer's row.

    Args:
        lang: zh or en; code counts as en.
        row: his row as read.
        units: the project's units.
        where: the place of each unit by its number.
        terms: the numbers of the rules.
    """
    wish: Wish = row.value
    spoken = "zh" if lang == "zh" else "en"
    yield from _unreadable(lang, row)
    names = [name for choice in wish.choices for name in choice]
    if not wish.choices or not wish.choices[0]:
        yield say(spoken, "placement.fault.no_choice")
    for name, key in {unit_key(name): name for name in reversed(names)}.items():
        if name not in where:
            yield say(spoken, "placement.fault.unknown", unit=key)
        elif not is_for_sale(units[where[name]]):
            yield say(spoken, "placement.fault.not_for_sale", unit=key)
    for key, count in Counter(map(unit_key, names)).items():
        if count > 1:
            yield say(spoken, "placement.fault.repeated", unit=key)
    chosen = named(wish.choices[0] if wish.choices else (), units, where)
    for why in fit(wish, chosen, terms).why:
        yield say(spoken, f"placement.fault.{why}")
    yield from _delicate(spoken, wish, [unit for unit in chosen if unit is not None])


def _delicate(lang: str, wish: Wish, units: Sequence[Unit]) -> Iterator[str]:
    """What the law or the office's promises forbid (decisions.md 24)."""
    if wish.payment in _LOANS_OF_THE_FUND and any(unit.use.casefold() not in _RESIDENTIAL for unit in units):
        yield say(lang, "placement.fault.fund")
    days = [unit.permit_date for unit in units if unit.permit_date is not None]
    if wish.deposit_time is not None and any(wish.deposit_time < day for day in days):
        yield say(lang, "placement.fault.before_permit")


def unit_faults(lang: str, row: Read, units: Sequence[Unit]) -> Iterator[str]:
    """What to look into in a unit's row.

    Args:
        lang: zh or en; code counts as en.
        row: its row as read.
        units: all units of the project.
    """
    unit: Unit = row.value
    spoken = "zh" if lang == "zh" else "en"
    yield from _unreadable(lang, row)
    if sum(unit_key(unit.unit_no) == unit_key(other.unit_no) for other in units) > 1:
        yield say(spoken, "placement.fault.double")
    computed = None if unit.area is None or unit.unit_price is None else round(unit.area * unit.unit_price)
    if computed is not None and unit.total is not None and abs(unit.total - computed) > _GAP:
        yield say(spoken, "placement.fault.total_differs", total=f"{unit.total:.0f}", computed=computed)
    missing = [say(spoken, f"placement.column.{key}") for key in _PLACE if not getattr(unit, key)]
    if missing:
        yield say(spoken, "placement.fault.no_place", fields=say(spoken, "join.list").join(missing))
    elif floor_number(unit.floor) is None:
        yield say(spoken, "placement.fault.floor", found=unit.floor)
