"""The cells of a workbook's sheets as values, error values included, which the quick reader leaves out."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, cast

from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._book import Book, column_number
from xlplugin.hosts._package import Package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from python_calamine import CalamineWorkbook

    # A sheet's name, and what reads its cells.
    _NamedCells = tuple[str, Callable[[], list[list[object]]]]

__all__ = ["sheet_rows"]

# More cells than this are no table but formats run down a whole sheet.
_MOST_CELLS = 50_000_000
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\st=["\']e["\'])[^>]*?\sr=["\']([A-Z]+)(\d+)["\'][^>]*>.*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)


def sheet_rows(path: Path, sheet: str | None) -> tuple[list[_NamedCells], int]:
    """Each sheet with a way to read its cells, hidden sheets last; and day 0 of the workbook's serial dates.

    Args:
        path: an .xlsx or .xlsm.
        sheet: the only sheet wanted; None for all.

    Raises:
        XlpError: not a workbook, encrypted, damaged, too large, or no such sheet.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - loaded when a workbook is read

    book = Book(Package(path))
    sheets = [entry for entry in book.sheets if entry.kind == "worksheet"]
    if sheet is not None:
        sheets = [entry for entry in sheets if entry.name.casefold() == sheet.strip().casefold()]
        if not sheets:
            names = ", ".join(entry.name for entry in book.sheets)
            raise XlpError("no_such_sheet", path=path, found=sheet, allowed=names)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise XlpError("truncated", path=path, found=error) from None
    shown_first = sorted(sheets, key=lambda entry: entry.state != "visible")
    readers: list[_NamedCells] = [
        (entry.name, partial(_cells, book, workbook, entry.name, entry.part)) for entry in shown_first
    ]
    return readers, EPOCH_1904 if book.date1904 else EPOCH_1900


def _cells(book: Book, workbook: CalamineWorkbook, name: str, part: str) -> list[list[object]]:
    from python_calamine import CalamineError  # noqa: PLC0415 - loaded when a workbook is read

    try:
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise XlpError("truncated", path=book.package.path, found=error) from None
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        found = f"{sheet.total_height} × {sheet.total_width}"
        raise XlpError("sheet_too_large", path=book.package.path, sheet=name, found=found, limit=_MOST_CELLS)
    cells = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
    _put_errors(cells, book.package.read(part))
    return cells


def _put_errors(cells: list[list[object]], xml: bytes) -> None:
    """Put the error values where they stand; the quick reader shows those cells as blank."""
    if b't="e"' not in xml and b"t='e'" not in xml:
        return
    for letters, row, text in _ERROR_CELL.findall(xml):
        at_row, at_column = int(row) - 1, column_number(letters.decode()) - 1
        while len(cells) <= at_row:
            cells.append([])
        line = cells[at_row]
        line += [None] * (at_column + 1 - len(line))
        line[at_column] = CellError(text.decode("utf-8"))
