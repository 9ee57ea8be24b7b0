"""Where each unit stands on the map: one grid a building, floors down and stacks across, as they are labelled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlplugin.domain import Unit

__all__ = ["Grid", "grids"]

_PARTS = re.compile(r"(\d+)")
_BELOW_GROUND = re.compile(r"\s*(?:(?:-|b|地下|负)\s*(\d+)|(?:地下|负)\s*(\S?))", re.IGNORECASE)
_SPELLED = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}


class Grid(NamedTuple):
    """One building.

    Args:
        building: as it is called.
        floors: their labels from the top down.
        stacks: from the left, the entrance and the stack's label.
        cells: by row and column, the unit's place; where there is no unit there is no cell.
    """

    building: str
    floors: list[str]
    stacks: list[tuple[str, str]]
    cells: dict[tuple[int, int], int]


def grids(units: Sequence[Unit]) -> list[Grid]:
    """The buildings in the order of their labels; every unit stands somewhere, two at one place side by side."""
    buildings: dict[str, list[int]] = {}
    for at, unit in enumerate(units):
        buildings.setdefault(unit.building, []).append(at)
    return [_grid(building, buildings[building], units) for building in sorted(buildings, key=_natural)]


def _grid(building: str, places: Iterable[int], units: Sequence[Unit]) -> Grid:
    spots: dict[tuple[str, str, str, int], int] = {}
    for at in sorted(places, key=lambda at: _natural(units[at].unit_no)):
        unit = units[at]
        beside = 0
        while (unit.floor, unit.entrance, unit.stack, beside) in spots:
            beside += 1
        spots[unit.floor, unit.entrance, unit.stack, beside] = at
    floors = sorted({spot[0] for spot in spots}, key=_height, reverse=True)
    stacks = sorted({spot[1:] for spot in spots}, key=lambda stack: (_natural(stack[0]), _natural(stack[1]), stack[2]))
    row = {floor: number for number, floor in enumerate(floors)}
    column = {stack: number for number, stack in enumerate(stacks)}
    cells = {(row[spot[0]], column[spot[1:]]): at for spot, at in spots.items()}
    return Grid(building, floors, [(entrance, stack) for entrance, stack, _ in stacks], cells)


def _natural(label: str) -> list[tuple[int, int, str]]:
    """A key under which 2 comes before 10 and 3 before 3A."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _PARTS.split(label) if part]


def _height(floor: str) -> tuple[int, list[tuple[int, int, str]]]:
    """A key under which floors rise: below ground, without a label, above ground."""
    below = _BELOW_GROUND.match(floor)
    if below:
        return -int(below[1] or _SPELLED.get(below[2], 1)), []
    return (1, _natural(floor)) if floor else (0, [])
