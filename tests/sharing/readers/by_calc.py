"""LibreOffice Calc, with nothing of ours and with our add-in; as opened, and after a hard recalculation."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import _calc

from sharing.model import Gap, NotRun
from sharing.readers._cells import Shown, grid, twice
from xlplugin.errors import CellError
from xlplugin.hosts._book import column_letters
from xlplugin.hosts.calc import find_office

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from sharing.model import Copy, Sheets

COLUMNS = {
    "calc": "LibreOffice, as opened",
    "calc-hard": "LibreOffice, recalculated",
    "calc-addin": "LibreOffice with add-in, as opened",
    "calc-addin-hard": "LibreOffice with add-in, recalculated",
}
_NO_ANSWERS = frozenset(("#NAME?", "blank", "zero left out", "other"))
_LITE = Gap(
    "the formulas of a Lite workbook are arrays of one cell, which LibreOffice calculates anew on opening; the "
    "functions of Lite are known to Excel alone",
    _NO_ANSWERS,
)
_UNKNOWN = Gap(
    "right as opened; a hard recalculation (Ctrl+Shift+F9) asks for functions that are not installed",
    _NO_ANSWERS,
)
_ERRORS = Gap(
    "Calc does not call a function whose arguments hold an error: where one was typed, status and reason show Err:504",
    frozenset(("Err:504",)),
)
# Of the placement workbook the calls read masked names, and so are values in every copy.
_CALLING = ("visitor_register/*", "account_tiers/*")
_LITES = {f"{one}/lite*": _LITE for one in _CALLING}
GAPS: dict[str, dict[str, Gap]] = {
    "calc": _LITES,
    "calc-hard": {**_LITES, **{f"{one}/excel": _UNKNOWN for one in _CALLING}},
    "calc-addin": _LITES,
    "calc-addin-hard": {**_LITES, "visitor_register/*/excel": _ERRORS},
}


def version() -> str:
    """The program's version."""
    return f"LibreOffice {find_office().version}"


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What Calc shows; one start without the add-in, one with it.

    Raises:
        NotRun: there is no LibreOffice, or it is too old.
    """
    reason = _calc.why_not()
    if reason:
        raise NotRun(reason)
    bare = Path(tempfile.mkdtemp(prefix="xlplugin-bare-"))
    try:
        return {**_both(bare, "calc", copies), **_both(_calc.profile(), "calc-addin", copies)}
    finally:
        shutil.rmtree(bare, ignore_errors=True)


def _both(profile: Path, column: str, copies: Sequence[Copy]) -> dict[str, Shown]:
    with _calc.started(profile) as calc:

        def show(copy: Copy) -> Generator[Sheets]:
            book = calc.open(str(copy.path))
            try:
                yield _sheets(calc, book, copy)
                calc.calculate(book)
                yield _sheets(calc, book, copy)
            finally:
                calc.close(book)

        opened, anew = twice(copies, show)
    return {column: opened, f"{column}-hard": anew}


def _sheets(calc: Any, book: int, copy: Copy) -> Sheets:
    """All values; the cells that are to be dates as a person sees them."""
    sheets = {name: grid([[_value(cell) for cell in row] for row in rows]) for name, rows in calc.sheets(book).items()}
    for place, wanted in copy.wanted.items():
        cell = sheets.get(place.sheet, {}).get((place.row, place.column))
        if isinstance(wanted, date) and isinstance(cell, float):
            name = f"{column_letters(place.column)}{place.row}"
            sheets[place.sheet][place.row, place.column] = calc.shown(book, place.sheet, name)[0][0]
    return sheets


def _value(cell: Any) -> object:
    return CellError(cell["error"]) if isinstance(cell, dict) else cell
