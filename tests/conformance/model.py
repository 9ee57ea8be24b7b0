"""A case of the conformance suite as read from its file, and when an answer is the expected one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tomllib
from _matrices import NotRun

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Case", "Cell", "Contains", "Formula", "NotRun", "agrees", "gap_of", "load_cases"]

FOLDER = Path(__file__).parent / "cases"
_EPOCH = date(1899, 12, 30).toordinal()
_KEYS = {"name", "rows", "formula", "at", "expect", "sheet", "table", "elsewhere", "from"}
_TOLERANCE = 1e-9


class Formula(NamedTuple):
    """A cell that holds a formula, equals sign and all."""

    text: str


class Contains(NamedTuple):
    """An expected text of which only these pieces are laid down."""

    pieces: tuple[str, ...]


Cell = str | int | float | bool | date | CellError | Formula | None
"""What is typed in a cell: text, number, boolean, date, error, formula; None is a blank cell."""


@dataclass(frozen=True)
class Case:
    """A small sheet as typed, a formula, and what it must give.

    Args:
        name: `group/what-it-shows`; the group is the file's name.
        rows: cells from A1 on; rows may differ in length.
        formula: with its equals sign, as Excel stores it.
        at: the cell the formula stands in, such as `D2`.
        expect: text, number, boolean, `date`, `CellError`, `Contains`, or a list of rows for a formula that fills
            several cells.
        origin: the place of the specification it was worked out from.
        sheet: the name of the sheet the rows are on; empty where any name will do.
        table: the name of the Excel table made of the rows, the first being its header; empty for none.
        elsewhere: the name of the sheet the formula stands on, where that is another than the rows'.
    """

    name: str
    rows: list[list[Cell]]
    formula: str
    at: str
    expect: Any
    origin: str
    sheet: str = ""
    table: str = ""
    elsewhere: str = ""

    @property
    def group(self) -> str:
        """The name of its file."""
        return self.name.partition("/")[0]

    @property
    def extent(self) -> tuple[int, int]:
        """How many rows and columns the formula fills."""
        return (len(self.expect), len(self.expect[0])) if isinstance(self.expect, list) else (1, 1)


def load_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case, file by file."""
    return [
        _case(path.stem, entry)
        for path in sorted(folder.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def _case(group: str, entry: Mapping[str, Any]) -> Case:
    unknown = entry.keys() - _KEYS
    if unknown or not entry["formula"].startswith("="):
        raise ValueError(f"{group}: {entry}: {unknown or 'a formula begins with ='}")
    return Case(
        f"{group}/{entry['name']}",
        [[_cell(cell) for cell in row] for row in entry["rows"]],
        entry["formula"],
        entry["at"],
        _expected(entry["expect"]),
        entry["from"],
        **{key: entry.get(key, "") for key in ("sheet", "table", "elsewhere")},
    )


def _cell(raw: Any) -> Any:
    if isinstance(raw, dict):
        ((kind, value),) = raw.items()
        return _KINDS[kind](value)
    return None if raw == "" else raw


_KINDS: dict[str, Any] = {"date": date.fromisoformat, "error": CellError, "formula": Formula}


def _expected(raw: Any) -> Any:
    if isinstance(raw, dict) and "rows" in raw:
        return [[_expected(cell) for cell in row] for row in raw["rows"]]
    if isinstance(raw, dict) and "contains" in raw:
        return Contains(tuple(raw["contains"]))
    return "" if raw == "" else _cell(raw)


def agrees(expect: Any, found: object) -> bool:
    """Whether a host's answer is the expected one.

    A date may come as a date, a datetime at midnight, or its serial of the 1900 system, and a serial as the datetime it
    stands for; TRUE may come as 1, which is how one host shows it. Text is never a number, nor a number text.
    """
    if isinstance(expect, list):
        return _rows_agree(expect, found)
    if isinstance(expect, Contains):
        return isinstance(found, str) and len(found) <= 255 and all(piece in found for piece in expect.pieces)
    if isinstance(expect, date):
        return _day(found) == expect.toordinal()
    if isinstance(expect, bool):
        return isinstance(found, (bool, int, float)) and found == expect
    if isinstance(expect, float) and isinstance(found, datetime):
        found = found.toordinal() - _EPOCH + (found.hour * 60 + found.minute) / 1440
    if isinstance(expect, (int, float)):
        return _is_number(found) and math.isclose(expect, found, rel_tol=_TOLERANCE)  # type: ignore[arg-type] # it is a number
    return type(found) is type(expect) and found == expect


def _rows_agree(expect: Sequence[Sequence[Any]], found: object) -> bool:
    if not isinstance(found, (list, tuple)) or len(found) != len(expect):
        return False
    return all(
        isinstance(row, (list, tuple)) and len(row) == len(wanted) and all(map(agrees, wanted, row))
        for wanted, row in zip(expect, found)
    )


def _is_number(found: object) -> bool:
    return isinstance(found, (int, float)) and not isinstance(found, bool)


def _day(found: object) -> float | None:
    if isinstance(found, datetime):
        midnight = found.replace(hour=0, minute=0, second=0, microsecond=0) == found
        return found.toordinal() if midnight else None
    if isinstance(found, date):
        return found.toordinal()
    return float(found) + _EPOCH if _is_number(found) else None  # type: ignore[arg-type] # it is a number


def gap_of(gaps: Mapping[str, str], case: Case) -> str | None:
    """Why a host is known to answer a case otherwise; None where it is to agree."""
    return next((reason for pattern, reason in gaps.items() if fnmatchcase(case.name, pattern)), None)
