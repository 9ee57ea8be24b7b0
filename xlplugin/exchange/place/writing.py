"""A suggestion as cells of the workbook's own table, or as a list of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange.place._headers import SUGGESTION
from xlplugin.hosts._book import column_letters
from xlplugin.texts import say

if TYPE_CHECKING:
    from xlplugin.exchange.place.reading import Project
    from xlplugin.exchange.place.suggesting import Suggestion

__all__ = ["Placed", "cells_for", "has_table", "headers", "reference"]

_KEYS = tuple(SUGGESTION)
_MOST_ROWS = 1 << 20
_COMPARISON = "tblcomparison"  # as `Book.tables` spells it


class Placed(NamedTuple):
    """Where a suggestion goes.

    Args:
        inputs: by sheet, row and column, what goes into the cell; None empties it.
        sheet: the sheet of the suggestions.
        room: how many rows there are; left: the rows of the suggestion that found none.
    """

    inputs: dict[tuple[str, int, int], object]
    sheet: str
    room: int
    left: list[tuple[object, ...]]


def headers(lang: str) -> list[str]:
    """The headers of the list."""
    return [say(lang, f"place.header.{key}") for key in _KEYS]


def has_table(project: Project) -> bool:
    """Whether the workbook has a table, or a range, for suggestions."""
    return project.sheets.find(SUGGESTION, ("unit_no", "rank")) is not None


def cells_for(found: Suggestion) -> Placed:
    """The cells that a suggestion fills in the workbook's table; what stood there before goes."""
    area = found.project.sheets.find(SUGGESTION, ("unit_no", "rank"))
    if area is None:
        return Placed({}, "", 0, list(found.rows(found.project.lang)))
    inputs: dict[tuple[str, int, int], object] = {
        (area.sheet, row, column): None for row, _ in area.rows for column in area.columns.values()
    }
    rows = list(found.rows(found.project.lang))
    room = min(area.last, _MOST_ROWS) - area.first + 1
    for number, values in enumerate(rows[:room], area.first):
        for key, value in zip(_KEYS, values):
            if key in area.columns and (value is not None or (area.sheet, number, area.columns[key]) in inputs):
                inputs[area.sheet, number, area.columns[key]] = value
    inputs |= _compared(found)
    return Placed(inputs, area.sheet, room, rows[room:])


def _compared(found: Suggestion) -> dict[tuple[str, int, int], object]:
    """The cells of the comparison that stands beside the suggestion in the template; what stood there before goes."""
    table = found.project.sheets.book.tables.get(_COMPARISON)
    if table is None:
        return {}
    _, rows = found.totals(found.project.lang)
    width = len(table.columns)
    inputs: dict[tuple[str, int, int], object] = {}
    for at, number in enumerate(range(table.first_row + table.header_rows, table.last_row + 1)):
        cells = [*rows[at][: width - 1], rows[at][-1]] if at < len(rows) else [None] * width
        inputs |= {(table.sheet, number, table.first_column + place): _figure(cell) for place, cell in enumerate(cells)}
    return inputs


def _figure(cell: str | None) -> object:
    """A figure as a number, whatever else it is as it is."""
    try:
        return None if cell is None else float(cell)
    except ValueError:
        return cell


def reference(row: int, column: int) -> str:
    """A cell's reference, such as `B3`."""
    return f"{column_letters(column)}{row}"
