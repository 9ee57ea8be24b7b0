"""An accounting export opened: its header found, its columns told, its lines one by one."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, is_blank, text_of
from xlplugin.errors import XlpError
from xlplugin.exchange._header_text import plain_header
from xlplugin.exchange.ledger_words import NEEDED, PAYMENT_WORDS, key_of, rank_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from xlplugin.exchange.mapping import Mapping

    Rows = Iterable[Sequence[object]]

__all__ = ["Export", "open_export"]

_HEADER_WITHIN = 50
_TOP = 1 << 18
_PIECE = 1 << 20
_SEPARATORS = ",;\t"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_STANDS_FOR = {"account_no": ("account_no", "account_name"), "month": ("month", "date")}


@dataclass(frozen=True)
class Export:
    """An export whose columns are known.

    Args:
        path: the file.
        header_row: the row of its header, as a sheet counts.
        headers: the cells of that row.
        columns: the place of each column that is used.
        constants: what stands for columns that the export doesn't have.
        unit: what its amounts are multiplied with.
        epoch: day 0 of its serial dates.
        lines: gives its rows under the header anew at each call.
    """

    path: Path
    header_row: int
    headers: list[str]
    columns: dict[str, int]
    constants: dict[str, str]
    unit: int
    epoch: int
    lines: Callable[[], Iterator[tuple[int, Sequence[object]]]] = field(repr=False)

    def used(self) -> dict[str, str]:
        """The header behind each column that is used."""
        return {key: self.headers[at] for key, at in self.columns.items()}


def open_export(path: Path, *, sheet: str | None = None, mapping: Mapping | None = None) -> Export:
    """The export in a file.

    Args:
        path: a .csv, .txt, .tsv (UTF-8, UTF-16 with mark, GB18030; parted by comma, semicolon or tab), .xlsx or .xlsm.
        sheet: the sheet of a workbook; without it, the one whose header names most columns.
        mapping: which header stands for which column; without it, the usual words do.

    Raises:
        XlpError: the file can't be read, or a needed column isn't there.
    """
    picked = _picker(mapping)
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        if sheet is not None:
            raise XlpError("csv_has_no_sheets", path=path, sheet=sheet)
        encoding = _encoding(path)
        separator = _separator(path, encoding, picked)
        return _understood(path, lambda: _csv_rows(path, encoding, separator), picked, mapping, EPOCH_1900)
    from xlplugin.workbooks._sheets import sheet_rows  # noqa: PLC0415 - a CSV needs no workbook reader

    candidates, epoch = sheet_rows(path, sheet)
    read = [cells for _, reader in candidates if (cells := reader())]
    if not read:
        raise XlpError("empty_table", path=path, sheet=sheet or "")
    best = max(read, key=lambda cells: len(_header(cells, picked)[1]))
    return _understood(path, lambda: best, picked, mapping, epoch)


def _picker(mapping: Mapping | None) -> Callable[[Sequence[object]], dict[str, int]]:
    """What tells the columns of a row of headers."""
    return _usual if mapping is None else lambda row: _mapped(row, mapping)


def _usual(row: Sequence[object]) -> dict[str, int]:
    found: dict[str, tuple[int, int]] = {}
    for at, cell in enumerate(row):
        key = "" if is_blank(cell) or not isinstance(cell, str) else key_of(cell)
        if key:
            found[key] = min(found.get(key, (1 << 20, 0)), (rank_of(cell), at))
    return {key: at for key, (_, at) in found.items()}


def _mapped(row: Sequence[object], mapping: Mapping) -> dict[str, int]:
    names = [None if is_blank(cell) else text_of(cell) for cell in row]
    plain = [None if is_blank(cell) else plain_header(cell) for cell in row]
    found = {}
    for key, header in mapping.columns.items():
        for spelled, wanted in ((names, text_of(header)), (plain, plain_header(header))):
            if wanted in spelled:
                found[key] = spelled.index(wanted)
                break
    return found


def _header(rows: Rows, picked: Callable[[Sequence[object]], dict[str, int]]) -> tuple[int, dict[str, int], list[str]]:
    """The place of the header's row among the first, its columns, and its cells; blank ones from the tier above."""
    best: tuple[int, dict[str, int], list[str]] = (0, {}, [])
    above: Sequence[object] = ()
    for at, row in enumerate(islice(rows, _HEADER_WITHIN)):
        cells = [above[place] if is_blank(cell) and place < len(above) else cell for place, cell in enumerate(row)]
        for tried in (list(row), cells):
            columns = picked(tried)
            if len(columns) > len(best[1]):
                best = at, columns, ["" if is_blank(cell) else str(cell).strip() for cell in tried]
        above = row
    return best


def _understood(
    path: Path,
    rows: Callable[[], Rows],
    picked: Callable[[Sequence[object]], dict[str, int]],
    mapping: Mapping | None,
    epoch: int,
) -> Export:
    try:
        at, columns, headers = _header(rows(), picked)
    except csv.Error as error:
        raise XlpError("csv_syntax", path=path, found=error) from None
    constants = dict(mapping.constants) if mapping else {}
    missing = [
        key for key in NEEDED if not any(one in columns or one in constants for one in _STANDS_FOR.get(key, (key,)))
    ]
    missing += [key for key in mapping.columns if key not in columns and key not in missing] if mapping else []
    if missing:
        raise _missing(path, rows(), at, columns, headers, missing)

    def lines() -> Iterator[tuple[int, Sequence[object]]]:
        for number, row in enumerate(rows(), 1):
            if number > at + 1:
                yield number, row

    unit = unit_of(headers[columns["amount"]]) if "amount" in columns else 1
    return Export(path, at + 1, headers, columns, constants, unit, epoch, lines)


def _missing(
    path: Path, rows: Rows, at: int, columns: dict[str, int], headers: list[str], missing: Sequence[str]
) -> XlpError:
    """The sentence that says which columns were found, which were not, and what the header has instead."""
    if not columns:  # most cells in one of the first rows: what looks most like a header
        filled = [[str(cell).strip() for cell in row if not is_blank(cell)] for row in islice(rows, _HEADER_WITHIN)]
        headers = max(filled, key=len, default=[])
        at = filled.index(headers) if headers else 0
    found = ", ".join(f"{key} = {headers[place]}" for key, place in columns.items()) or "-"
    wanted = ", ".join(f"{key}（{PAYMENT_WORDS[key].split('|')[0]}）" for key in missing)
    others = [header for place, header in enumerate(headers) if header and place not in columns.values()]
    return XlpError(
        "payments_columns",
        path=path,
        row=at + 1,
        found=found,
        missing=wanted,
        others=", ".join(others[:30]) or "-",
        first=missing[0],
    )


def _encoding(path: Path) -> str:
    """UTF-16 where its mark says so, else UTF-8, else GB18030, which Chinese programs write."""
    try:
        with path.open("rb") as file:
            top = file.read(4096)
        if top[:2] in _UTF16:
            return "utf-16"
        if b"\0" in top:
            raise XlpError("not_a_table", path=path)
        return next(encoding for encoding in ("utf-8-sig", "gb18030") if _fits(path, encoding))
    except StopIteration:
        raise XlpError("csv_encoding", path=path) from None
    except FileNotFoundError:
        raise XlpError("file_missing", path=path) from None
    except IsADirectoryError:
        raise XlpError("is_folder", path=path) from None
    except OSError as error:
        raise XlpError("cannot_read", path=path, found=error) from None


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(path: Path, encoding: str, picked: Callable[[Sequence[object]], dict[str, int]]) -> str:
    """The sign whose cells make the best header."""
    with path.open(encoding=encoding, newline="") as file:
        top = "".join(file.read(_TOP).splitlines(keepends=True)[:_HEADER_WITHIN])

    def fit(sign: str) -> tuple[int, int]:
        try:
            return len(_header(csv.reader(io.StringIO(top, newline=""), delimiter=sign), picked)[1]), top.count(sign)
        except csv.Error:
            return 0, 0

    return max(_SEPARATORS, key=fit)


def _csv_rows(path: Path, encoding: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_PIECE)
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(file, delimiter=separator)
