"""The map sheet of the placement workbook, made just large enough for the largest building.

What is beyond is hidden and no room any more, so that a program that prints the whole grid prints the building large.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange.place._grid import grids
from xlplugin.hosts._book import Book, column_letters, column_number
from xlplugin.hosts._package import Package

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlplugin.domain import Unit

__all__ = ["sized"]

_AREA = re.compile(r"(.+!)\$([A-Z]{1,3})\$(\d+):\$([A-Z]{1,3})\$(\d+)")
_HIDDEN = re.compile(r"""\s+hidden\s*=\s*(?:"[^"]*"|'[^']*')""")
_COLUMNS = re.compile(r"(<(?:\w+:)?cols>)(.*?)(</(?:\w+:)?cols>)", re.DOTALL)
_COLUMN = re.compile(r"<(?:\w+:)?col\b[^>]*/>")
_EDGE = re.compile(r"""\b(min|max)\s*=\s*["'](\d+)["']""")
_TURNED = re.compile(r"""(<(?:\w+:)?pageSetup\b[^>]*\borientation\s*=\s*["'])(?:portrait|landscape)""")


class _Area(NamedTuple):
    """A range of one sheet; `sheet` with its exclamation mark, as it is spelled."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    def text(self) -> str:
        """The range as a name holds it."""
        ends = ((self.left, self.top), (self.right, self.bottom))
        return self.sheet + ":".join(f"${column_letters(column)}${row}" for column, row in ends)


def sized(source: Path, target: Path, units: Sequence[Unit]) -> bool:
    """Whether a copy of the workbook with its map made to size was written; False where it has no map of ours.

    Args:
        source: the workbook; it is not touched.
        target: where the copy goes.
        units: those of the project.
    """
    book = Book(Package(source))
    areas = {entry.name: _area(entry.text) for entry in book.names if entry.scope is None}
    grid, floors, stacks = (areas.get(name) for name in ("map_grid", "map_floors", "map_stacks"))
    if grid is None or floors is None or stacks is None:
        return False
    part = next((sheet.part for sheet in book.sheets if grid.sheet in (f"{sheet.name}!", f"'{sheet.name}'!")), None)
    if part is None:
        return False
    shown = _shown(grid, units)
    names = book.package.read(book.part).decode()
    for name, old, new in (
        ("map_floors", floors, floors._replace(bottom=shown.bottom)),
        ("map_stacks", stacks, stacks._replace(right=shown.right)),
    ):
        found = re.compile(rf'(name="{name}"[^>]*>){re.escape(old.text())}<')
        if not found.search(names):  # spelled in a way we don't know
            return False
        names = found.sub(rf"\g<1>{new.text()}<", names)
    content = _folded(book.package.read(part).decode(), grid, shown)
    book.package.write(target, {book.part: names.encode(), part: content.encode()})
    return True


def _area(text: str) -> _Area | None:
    match = _AREA.fullmatch(text.strip())
    return match and _Area(match[1], column_number(match[2]), int(match[3]), column_number(match[4]), int(match[5]))


def _shown(grid: _Area, units: Sequence[Unit]) -> _Area:
    """The part of the grid that the largest building takes; all of it where there are no buildings."""
    from xlplugin.workbooks.sheets._map import LEAST  # noqa: PLC0415 - imports xlsxwriter

    buildings = grids(units)
    if not buildings:
        return grid
    floors = max(LEAST.floors, *(len(building.floors) for building in buildings))
    stacks = max(LEAST.stacks, *(len(building.stacks) for building in buildings))
    return grid._replace(right=min(grid.right, grid.left + stacks - 1), bottom=min(grid.bottom, grid.top + floors - 1))


def _folded(sheet: str, grid: _Area, shown: _Area) -> str:
    """The sheet's part with rows and columns beyond hidden, the others not, and the paper turned to suit."""
    from xlplugin.workbooks.sheets._map import Grid, is_wide  # noqa: PLC0415 - imports xlsxwriter

    for row in range(grid.top, grid.bottom + 1):
        start = re.compile(rf'<(?:\w+:)?row\b[^>]*\br="{row}"[^>]*>')
        sheet = start.sub(lambda tag, row=row: _marked(tag[0], hidden=row > shown.bottom), sheet, count=1)  # type: ignore[misc] # bound at once
    size = Grid(shown.bottom - shown.top + 1, shown.right - shown.left + 1)
    sheet = _TURNED.sub(rf"\g<1>{'landscape' if is_wide(size) else 'portrait'}", sheet)
    return _COLUMNS.sub(lambda cols: cols[1] + _columns(cols[2], grid, shown) + cols[3], sheet, count=1)


def _columns(tags: str, grid: _Area, shown: _Area) -> str:
    """The columns' tags, those of the grid apart from each other and hidden where they are beyond."""
    made = []
    for tag in _COLUMN.findall(tags):
        edges = {name: int(number) for name, number in _EDGE.findall(tag)}
        if edges["max"] < grid.left or edges["min"] > grid.right:
            made.append(tag)
            continue
        for column in range(edges["min"], edges["max"] + 1):
            own = _EDGE.sub(rf'\g<1>="{column}"', tag)
            made.append(_marked(own, hidden=column > shown.right) if grid.left <= column <= grid.right else own)
    return "".join(made)


def _marked(tag: str, *, hidden: bool) -> str:
    """A row's or column's tag that says whether it is hidden."""
    tag = _HIDDEN.sub("", tag)
    if not hidden:
        return tag
    end = "/>" if tag.endswith("/>") else ">"
    return f'{tag[: -len(end)]} hidden="1"{end}'
