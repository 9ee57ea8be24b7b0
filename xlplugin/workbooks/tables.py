"""Tables as people keep them: a CSV or a sheet, wherever its header stands, read cell by cell as typed.

Titles above the table, two-tier headers, filters and hidden rows are normal. Nothing is converted here: a text stays
a text, an error value stays one, so that `cells` alone decides what can be read.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, is_blank, text_of
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

__all__ = ["Table", "read_table"]

_HEADER_WITHIN = 50
_TOP = 1 << 18  # characters the header is looked for in
_MOST_CSV_BYTES = 512 << 20
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read.

    Args:
        headers: its header cells, two tiers joined where there are two.
        rows: its rows, each as wide as the headers; blank rows inside the table are kept.
        first_row: the number of its first row, as the sheet counts.
        sheet: the sheet it stands on; empty for a CSV.
        epoch: day 0 of its serial dates, as an ordinal.
    """

    headers: list[str]
    rows: list[list[object]]
    first_row: int
    sheet: str = ""
    epoch: int = EPOCH_1900


def read_table(path: Path, known: Collection[str], *, sheet: str | None = None, header_row: int | None = None) -> Table:
    """The table of a file.

    Args:
        path: a .csv (UTF-8 with or without mark, UTF-16 with mark, GB18030), .xlsx or .xlsm.
        known: the headers looked for, in the form `text_of` gives them.
        sheet: the sheet to read; without it, the one whose header has most of `known`.
        header_row: the header's row as the sheet counts; without it, the row that has most of `known`.

    Raises:
        XlpError: no such file or sheet, no table, no header.
    """
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        if sheet is not None:
            raise XlpError("csv_has_no_sheets", path=path, sheet=sheet)
        return _table(path, "", _csv_rows(path, known), known, header_row)
    from xlplugin.workbooks._sheets import sheet_rows  # noqa: PLC0415 - a CSV needs no workbook reader

    candidates, epoch = sheet_rows(path, sheet)
    return replace(_best(path, candidates, known, header_row), epoch=epoch)


def _best(
    path: Path,
    candidates: Sequence[tuple[str, Callable[[], list[list[object]]]]],
    known: Collection[str],
    header_row: int | None,
) -> Table:
    """The table of the sheet whose header has most of the headers looked for."""
    if len(candidates) == 1:
        name, rows = candidates[0]
        return _table(path, name, rows(), known, header_row)
    found: list[tuple[int, str, list[list[object]]]] = []
    for name, rows in candidates:
        cells = rows()
        _, matched = _find_header(cells, known) if cells else (0, 0)
        if not found or matched > found[0][0]:
            found = [(matched, name, cells)]
    _, name, cells = found[0]
    return _table(path, name, cells, known, header_row)


def _table(path: Path, sheet: str, cells: list[list[object]], known: Collection[str], header_row: int | None) -> Table:
    if not any(not is_blank(cell) for row in cells for cell in row):
        raise XlpError("empty_table", path=path, sheet=sheet)
    if header_row is not None and not 1 <= header_row <= len(cells):
        raise XlpError("no_such_row", path=path, found=header_row, rows=len(cells))
    if header_row is None:
        at, matched = _find_header(cells, known)
        if not matched:
            raise XlpError("no_header", path=path, sheet=sheet, rows=_HEADER_WITHIN, allowed=_sample(known))
    else:
        at = header_row - 1
    headers = _headers(cells, at, known)
    rows = _data_rows(cells[at + 1 :], len(headers))
    if not rows:
        raise XlpError("no_rows", path=path, sheet=sheet, row=at + 1)
    return Table(headers, rows, at + 2, sheet)


def _sample(known: Collection[str]) -> str:
    return ", ".join(list(known)[:12])


def _data_rows(cells: list[list[object]], width: int) -> list[list[object]]:
    """The rows under the header, made equally wide; blank rows at the end are no rows."""
    last = max((at for at, row in enumerate(cells) if any(not is_blank(cell) for cell in row)), default=-1)
    return [row[:width] + [None] * (width - len(row)) for row in cells[: last + 1]]


def _matched(names: Sequence[str], known: Collection[str]) -> int:
    return len({name for name in names if name in known})


def _names(row: Sequence[object]) -> list[str]:
    return ["" if is_blank(cell) else text_of(cell) for cell in row]


def _find_header(cells: list[list[object]], known: Collection[str]) -> tuple[int, int]:
    """The place of the row with most of the headers looked for, and how many it has; an upper tier counts too."""
    best, most = 0, 0
    for at in range(min(len(cells), _HEADER_WITHIN)):
        alone = _matched(_names(cells[at]), known)
        both = _matched([text_of(name) for name in _headers(cells, at, known)], known) if at and alone else 0
        if max(alone, both) > most:
            best, most = at, max(alone, both)
    return best, most


def _headers(cells: list[list[object]], at: int, known: Collection[str]) -> list[str]:
    """The headers of a row; where it is blank, what stands above it in a two-tier header."""
    width = max(len(row) for row in cells)
    row = [*cells[at], *[None] * (width - len(cells[at]))]
    above = cells[at - 1] if at else []
    headers = []
    for column, cell in enumerate(row):
        over = above[column] if column < len(above) else None
        if is_blank(cell) and not is_blank(over) and text_of(over) in known:
            cell = over  # noqa: PLW2901 - the upper tier names this column
        headers.append("" if is_blank(cell) else str(cell).strip())
    while headers and not headers[-1] and _is_empty_column(cells[at:], len(headers) - 1):
        headers.pop()
    return headers


def _is_empty_column(cells: list[list[object]], column: int) -> bool:
    return all(len(row) <= column or is_blank(row[column]) for row in cells)


def _csv_rows(path: Path, known: Collection[str]) -> list[list[object]]:
    """The cells of a CSV, parted by whichever sign makes its header read best."""
    text = _decoded(path)
    top = "".join(text[:_TOP].splitlines(keepends=True)[:_HEADER_WITHIN])
    try:
        return _parsed(text, max(_SEPARATORS, key=lambda sign: _fit(top, sign, known)))
    except csv.Error as error:
        raise XlpError("csv_syntax", path=path, found=error) from None


def _fit(top: str, separator: str, known: Collection[str]) -> tuple[int, int]:
    """How many headers are found with a separator, and how often it stands in the first lines."""
    try:
        cells = _parsed(top, separator)
    except csv.Error:
        return 0, 0
    return _find_header(cells, known)[1], top.count(separator)


def _parsed(text: str, separator: str) -> list[list[object]]:
    csv.field_size_limit(1 << 20)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[cell or None for cell in row] for row in rows]


def _decoded(path: Path) -> str:
    """The text of a CSV: UTF-16 where its mark says so, else UTF-8, else GB18030, which Chinese Excel writes."""
    data = _csv_bytes(path)
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\0" in data[:4096] and not marked:
        raise XlpError("not_a_table", path=path)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise XlpError("csv_encoding", path=path)


def _csv_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise XlpError("is_folder", path=path)
        size = path.stat().st_size
        if size > _MOST_CSV_BYTES:
            raise XlpError("too_large", path=path, found=size >> 20, limit=_MOST_CSV_BYTES >> 20)
        return path.read_bytes()
    except FileNotFoundError:
        raise XlpError("file_missing", path=path) from None
    except OSError as error:
        raise XlpError("cannot_read", path=path, found=error) from None
