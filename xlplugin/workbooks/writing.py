"""A graded table as a file: CSV for programs, or a fresh workbook with real dates for people."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._package import write_beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["csv_text", "write_table"]

_WIDEST = 60


def csv_text(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The table as CSV: dates as ISO text, blanks empty, numbers without a needless .0."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _csv_cell(cell: object) -> object:
    if type(cell) is str or cell is None:  # most cells are
        return cell or ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell.text if isinstance(cell, CellError) else cell


def write_table(target: Path, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Writes the table to a .csv or .xlsx, beside the target and then in its place.

    Raises:
        XlpError: the name ends otherwise, or the folder cannot be written to.
    """
    kind = target.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise XlpError("output_kind", path=target)
    with write_beside(target) as out:
        if kind == ".csv":
            out.write(b"\xef\xbb\xbf" + csv_text(headers, rows).encode("utf-8"))
        else:
            _write_workbook(out, headers, rows)


def _write_workbook(out: IO[bytes], headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    import xlsxwriter  # noqa: PLC0415 - a CSV needs no workbook writer

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(0, 0, headers, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif isinstance(cell, CellError):
                sheet.write_formula(number, column, f"={cell.text}", None, cell.text)
            elif isinstance(cell, datetime) and (cell.hour or cell.minute):
                sheet.write_datetime(number, column, cell, moment)
            elif cell is not None:
                sheet.write(number, column, cell)
    for column, header in enumerate(headers):
        sheet.set_column(column, column, _width(header, [row[column] for row in rows[:200]]))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), max(len(headers) - 1, 0))
    book.close()


def _width(header: str, cells: Sequence[object]) -> int:
    """Characters a column needs; a Chinese one takes two."""
    longest = max((_columns(text) for text in (header, *(str(_csv_cell(cell)) for cell in cells))), default=8)
    return min(max(longest + 2, 8), _WIDEST)


def _columns(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)
