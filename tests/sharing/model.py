"""What a copy is to show, what a reader showed, and every cell where the two differ."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple

from _matrices import NotRun

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["ANYTHING", "Copy", "Fault", "Gap", "NotRun", "Place", "Sheets", "Wanted", "faults", "is_excused"]

_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1950, 1, 1).toordinal() - _EPOCH  # no register has dates before it
_ERROR = re.compile(
    r"#[A-Z][A-Z0-9/]*[!?]?|Err:\d+|nan|NaT|None|Invalid Date|null|undefined|\[object.*|Traceback.*", re.DOTALL
)
_FORMULA = re.compile(r"=|[A-Z_]+\(")
_EARLY = re.compile(r"18\d\d-|190\d-")
ANYTHING = object()
"""Wanted of a cell that is to hold some text, whichever."""

Wanted = str | float | int | date | None | object
"""Text, number, date, `ANYTHING`; None of a cell that is to show nothing."""


class Place(NamedTuple):
    """A cell: its sheet's name, row and column, counted from 1."""

    sheet: str
    row: int
    column: int


Sheets = dict[str, dict[tuple[int, int], object]]
"""What a reader showed: by sheet, row and column. Blank cells may be left out; a date is a date, or its ISO text."""


@dataclass(frozen=True)
class Copy:
    """A workbook as it is sent.

    Args:
        name: template, language and form, such as `visitor_register/zh/native`.
        path: the file.
        wanted: what the kernel gives for the people in it.
        computed: the other computed cells, with what they show: `date`, `text`, or `any` where it may be a number too.
    """

    name: str
    path: Path
    wanted: Mapping[Place, Wanted]
    computed: Mapping[Place, str]

    @property
    def form(self) -> str:
        """Values, native, excel or lite."""
        return self.name.rpartition("/")[2]


class Fault(NamedTuple):
    """A cell that is shown wrong: which, how, what was wanted and what stood there."""

    place: Place
    kind: str
    wanted: Wanted
    found: object


class Gap(NamedTuple):
    """A known limit: why, and the kinds of fault it excuses."""

    reason: str
    kinds: frozenset[str]


def faults(copy: Copy, sheets: Sheets) -> Iterator[Fault]:
    """Every cell of a copy that a reader showed wrong.

    The kinds: `#NAME?` and other errors by their own text, `formula` for a formula shown as text, `1900` for a date of
    the calendar's first days, `serial` for a date shown as its number, `zero`, `zero left out`, `blank`, `no sheet`,
    and `other` for any other wrong value.
    """
    for missing in {place.sheet for place in (*copy.wanted, *copy.computed)} - sheets.keys():
        yield Fault(Place(missing, 0, 0), "no sheet", None, None)
    for place, wanted in copy.wanted.items():
        found = sheets.get(place.sheet, {}).get((place.row, place.column))
        if not _agrees(wanted, found):
            yield Fault(place, _kind(wanted, _plain(found)), wanted, found)
    for place, shows in copy.computed.items():
        found = _plain(sheets.get(place.sheet, {}).get((place.row, place.column)))
        kind = _stain(found, shows)
        if kind and place not in copy.wanted:
            yield Fault(place, kind, None, found)


def is_excused(found: list[Fault], gap: Gap) -> bool:
    """Whether there are faults, all of the kinds that the gap declares."""
    return bool(found) and {fault.kind for fault in found} <= gap.kinds


def _plain(found: object) -> object:
    """A cell as text, number, boolean, or error; a date as its serial; nothing and an empty text are the same."""
    if found is None or (isinstance(found, float) and math.isnan(found)):
        return ""
    if isinstance(found, datetime):
        return found.toordinal() - _EPOCH + (found - datetime.combine(found, time())).total_seconds() / 86400
    if isinstance(found, date):
        return found.toordinal() - _EPOCH
    if isinstance(found, time):
        return (found.hour * 60 + found.minute) / 1440
    return found


def _agrees(wanted: Wanted, found: object) -> bool:
    if isinstance(wanted, date):
        is_date = isinstance(found, date) and _plain(found) == wanted.toordinal() - _EPOCH
        return is_date or found == wanted.isoformat()
    found = _plain(found)
    if wanted is ANYTHING:
        return isinstance(found, str) and found.strip() != "" and not _ERROR.fullmatch(found)
    if isinstance(wanted, (int, float)):
        return isinstance(found, (int, float)) and not isinstance(found, bool) and found == wanted
    return type(found) is str and found == (wanted or "")


def _kind(wanted: Wanted, found: object) -> str:
    shows = "date" if isinstance(wanted, date) else "any" if isinstance(wanted, (int, float)) else "text"
    if found == "":
        return "zero left out" if shows == "any" and wanted == 0 else "blank"
    if isinstance(wanted, date) and found == wanted.toordinal() - _EPOCH:
        return "serial"
    return _stain(found, shows) or "other"


def _stain(found: object, shows: str) -> str:
    """What no computed cell may show, whatever is wanted; empty where it is nothing of the kind."""
    if isinstance(found, CellError):
        return "formula" if "(" in found.text else found.text
    if isinstance(found, str):
        if _FORMULA.match(found):
            return "formula"
        early = shows == "date" and _EARLY.match(found)
        return found[:20] if _ERROR.fullmatch(found) else "1900" if early else ""
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        if shows == "date" and found < _FIRST_DAY:
            return "1900"
        return "zero" if shows == "text" and found == 0 else ""
    return ""
