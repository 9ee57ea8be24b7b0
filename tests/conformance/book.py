"""The cases written into one workbook, for the hosts that read workbooks."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.model import Case, Formula
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["NOT_CALCULATED", "Place", "place_of", "write_book"]

NOT_CALCULATED = "not calculated"
"""What every formula shows before the host has calculated: a host that only hands the cache back is found out."""

# An error a person sees comes from a formula, so that is how it gets into the sheet.
_ERRORS = {
    "#N/A": "=NA()",
    "#DIV/0!": "=1/0",
    "#VALUE!": '="x"*1',
    "#NUM!": "=SQRT(-1)",
    "#REF!": "=INDEX(A1:A1,5)",
}
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


class Place(NamedTuple):
    """Where a case's answer stands: sheet, first row and column from 1, how many of each."""

    sheet: str
    row: int
    column: int
    rows: int
    columns: int


def place_of(ref: str) -> tuple[int, int]:
    """Row and column, from 1, of a reference such as `D2`."""
    hit = _CELL.fullmatch(ref)
    if hit is None:
        raise ValueError(ref)
    column = 0
    for letter in hit[1]:
        column = column * 26 + ord(letter) - 64
    return int(hit[2]), column


def write_book(path: Path, cases: Sequence[Case], spell: Callable[[str], str] = str) -> dict[str, Place]:
    """Where each case's answer is to be found, by its name; the workbook is at `path`.

    Args:
        path: of the .xlsx to write.
        cases: each gets a sheet of its own, named as it asks or by its number.
        spell: the formula as the host's files spell it.
    """
    import xlsxwriter  # noqa: PLC0415 - only the hosts that read workbooks need it

    places = {}
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, case in enumerate(cases, 1):
            sheet = book.add_worksheet(case.sheet or f"C{number:03}")
            _write_rows(sheet, case, day, spell)
            target = book.add_worksheet(case.elsewhere) if case.elsewhere else sheet
            places[case.name] = Place(target.get_name(), *place_of(case.at), *case.extent)
            _write_formula(target, case, spell(case.formula))
    return places


def _write_rows(sheet: Any, case: Case, day: object, spell: Callable[[str], str]) -> None:
    if case.table:
        width, height = max(map(len, case.rows)), len(case.rows)
        columns = [{"header": header} for header in case.rows[0]]
        sheet.add_table(0, 0, height - 1, width - 1, {"name": case.table, "columns": columns})
    for row, cells in enumerate(case.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                _write_cell(sheet, row, column, cell, day, spell)


def _write_cell(sheet: Any, row: int, column: int, cell: object, day: object, spell: Callable[[str], str]) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(row, column, spell(cell.text), None, NOT_CALCULATED)
    elif isinstance(cell, CellError):
        sheet.write_formula(row, column, _ERRORS[cell.text], None, cell.text)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    else:
        sheet.write_number(row, column, cell)


def _write_formula(sheet: Any, case: Case, formula: str) -> None:
    row, column = (place - 1 for place in place_of(case.at))
    rows, columns = case.extent
    if (rows, columns) == (1, 1):
        sheet.write_formula(row, column, formula, None, NOT_CALCULATED)
    else:
        last = row + rows - 1, column + columns - 1
        sheet.write_dynamic_array_formula(row, column, *last, formula, None, NOT_CALCULATED)
