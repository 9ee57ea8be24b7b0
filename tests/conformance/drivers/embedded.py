"""The embedded engine: all cases in one workbook, recalculated and read back by another program's eyes (openpyxl)."""

from __future__ import annotations

import tempfile
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.book import Place, write_book
from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.errors import CellError
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

    from conformance.model import Case

NAME = "embedded engine"
GAPS: dict[str, str] = {}


def version() -> str:
    """The engine's version."""
    return f"formualizer {version_of('formualizer')}"


def run(cases: Sequence[Case]) -> dict[str, object]:
    """What the recalculated workbook shows."""
    import openpyxl  # noqa: PLC0415 - only when this host is asked

    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "cases.xlsx", Path(folder) / "calculated.xlsx"
        places = write_book(source, cases)
        report = recalc(source, target, _functions)
        if report.faults:
            raise AssertionError("\n".join(fault.trace for fault in report.faults))
        book = openpyxl.load_workbook(target, data_only=True)
        return {name: _shown(book, place) for name, place in places.items()}


def _functions(date1904: bool) -> Mapping[str, Callable[..., object]]:
    return Desk(epoch=EPOCH_1904 if date1904 else EPOCH_1900).functions()


def _shown(book: Workbook, place: Place) -> object:
    area = book[place.sheet].iter_rows(
        place.row, place.row + place.rows - 1, place.column, place.column + place.columns - 1
    )
    rows = [[_value(cell) for cell in row] for row in area]
    return rows[0][0] if (place.rows, place.columns) == (1, 1) else rows


def _value(cell: Cell) -> object:
    if cell.data_type == "e":
        return CellError(str(cell.value))
    return "" if cell.value is None else cell.value
