"""What the drivers share: each copy opened by itself, and openpyxl's cells."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING

import openpyxl

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from pathlib import Path

    from sharing.model import Copy, Sheets

__all__ = ["Shown", "cached", "each", "grid", "saved", "twice"]

Shown = dict[str, "Sheets | Exception"]
"""What a program showed of each copy, by the copy's name, or why it could not open it."""


def each(copies: Sequence[Copy], show: Callable[[Path], Sheets]) -> Shown:
    """Each copy as shown; one that cannot be opened does not keep the others from being tried."""
    found: Shown = {}
    for copy in copies:
        try:
            found[copy.name] = show(copy.path)
        except Exception as cause:  # noqa: BLE001 - whatever it is, the matrix says so
            found[copy.name] = cause
    return found


def twice(copies: Sequence[Copy], show: Callable[[Copy], Generator[Sheets]]) -> tuple[Shown, Shown]:
    """Each copy as opened, and as calculated anew, from one opening; `show` gives the one and then the other."""
    opened: Shown = {}
    anew: Shown = {}
    for copy in copies:
        showing = show(copy)
        for shown in (opened, anew):
            try:
                shown[copy.name] = next(showing)
            except Exception as cause:  # noqa: BLE001 - whatever it is, the matrix says so
                shown[copy.name] = opened[copy.name] if isinstance(cause, StopIteration) else cause
        showing.close()
    return opened, anew


def grid(rows: Iterable[Iterable[object]]) -> dict[tuple[int, int], object]:
    """Rows of values by row and column, counted from 1."""
    return {(row, column): cell for row, cells in enumerate(rows, 1) for column, cell in enumerate(cells, 1)}


@cache
def saved(path: Path) -> Sheets:
    """The values that stand in a copy; the file is read once, and the cells are not to be changed."""
    return cached(path)


def cached(path: Path) -> Sheets:
    """The values that stand in a file, read by openpyxl."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
        book = openpyxl.load_workbook(path, data_only=True)
    return {
        sheet.title: {
            (cell.row, cell.column): CellError(str(cell.value)) if cell.data_type == "e" else cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    }
