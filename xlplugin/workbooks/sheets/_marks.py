"""The rules that paint over a table's cells whatever it is about: what was typed over, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsxwriter.format import Format

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["Mark", "days_alone", "is_day", "overwritten", "required"]


class Mark(NamedTuple):
    """A rule: the columns it paints, the condition as of the first row, and what it paints."""

    first: str
    last: str
    condition: str
    format: Format


def overwritten(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The rules for computed cells that somebody typed over.

    Args:
        recipe: the table.
        style: its formats.
        cell: the address of a column's first cell with the column fixed, such as `$D6`.
    """
    for column in recipe.columns:
        if column.formula:
            mark = style.mark("typed_over" if column.overtype else "overwritten")
            yield Mark(column.key, column.key, f"=NOT(_xlfn.ISFORMULA({cell(column.key)}))", mark)


def required(recipe: Recipe, style: Style, cell: Callable[[str], str], second: str) -> Iterator[Mark]:
    """The rules for required cells: an edge while nothing is there, a colour once the row has been begun.

    Args:
        recipe: the table.
        style: its formats.
        cell: the address of a column's first cell with the column fixed.
        second: the column that shows a row to be begun where the first one, `recipe.filled`, is empty.
    """
    for column in recipe.columns:
        if column.required:
            own = cell(column.key)
            begun = cell(recipe.filled if column.key != recipe.filled else second)
            yield Mark(column.key, column.key, f'=AND({own}="",{begun}<>"")', style.mark("missing"))
            yield Mark(column.key, column.key, f'={own}=""', style.mark("required"))


def days_alone(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The rules for moments without a time of day, which are shown as days; 00:00 would read as midnight.

    Args:
        recipe: the table.
        style: its formats.
        cell: the address of a column's first cell with the column fixed.
    """
    for column in recipe.columns:
        if column.kind == "moment":
            yield Mark(column.key, column.key, f"={is_day(cell(column.key))}", style.mark("day_alone"))


def is_day(cell: str) -> str:
    """The condition that a cell holds a day without a time."""
    return f"IF(ISNUMBER({cell}),{cell}=INT({cell}),FALSE)"
