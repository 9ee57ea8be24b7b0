"""LibreOffice Calc: all cases in one workbook, opened in the real program with the real add-in and calculated there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import _calc

from conformance.book import Place, write_book
from conformance.model import NotRun
from xlplugin.errors import CellError
from xlplugin.hosts._book import column_letters
from xlplugin.hosts.calc import find_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model import Case

NAME = "LibreOffice Calc"
_ERRORS = "Calc does not call a function whose arguments hold an error; the cell shows Err:504 or that error"
_ROWS = "Calc takes no rows from a function that may also give one value: #VALUE!, one formula a row is the way"
_SINGLE = "Calc sends a single blank cell as 0, so a lone 0 is refused as unclear; B2:B2 and a row of cells are not"
GAPS = {
    **dict.fromkeys(
        (
            "errors/in-the-evidence-range",
            "errors/in-the-evidence-range-has-no-grade",
            "errors/in-a-single-evidence-cell",
            "errors/in-an-optional-input",
            "errors/in-another-column",
            "errors/in-one-of-many-rows",
            "errors/why-names-the-error",
            "errors/in-a-header",
            "errors/as-of-in-its-column",
            "errors/last-contact-leaves-no-date",
            "errors/last-contact-is-flagged",
            "errors/agreed-leaves-the-computed-date",
            "rules/error-in-a-line",
        ),
        _ERRORS,
    ),
    **dict.fromkeys(
        (
            "accounts/monthly-many-accounts",
            "contacts/*-many-rows",
            "names/many-rows-*",
            "names/table-whole-*",
            "names/table-column-of-*",
            "nested/intervals-of-many-grades",
            "nested/chain-over-rows-of-formula-cells",
            "nested/dates-of-many-grades",
            "ranges/one-column-*",
            "ranges/one-row-of-values-*",
            "ranges/many-rows*",
            "ranges/headers-in-a-column-many-customers",
            "ranges/intervals-*",
            "ranges/dates-down*",
            "ranges/flags-down",
            "ranges/twenty-rows",
            "placement/rows-by-layout",
            "rules/published-values-change-nothing",
        ),
        _ROWS,
    ),
    "blanks/empty-cell-alone": _SINGLE,
    "placement/rows-of-a-suggestion": "Calc's own Python has no solver (scipy); the cell says so",
    "schemes/score-zero-is-a-number-not-a-blank": _SINGLE,
    "names/table-columns-with-spaces-and-quotes": "Calc does not read an apostrophe in the header of a table reference",
}


def version() -> str:
    """The program's version."""
    return f"LibreOffice {find_office().version}"


def run(cases: Sequence[Case]) -> dict[str, object]:
    """What Calc shows after calculating everything anew."""
    reason = _calc.why_not()
    if reason:
        raise NotRun(reason)
    with tempfile.TemporaryDirectory() as folder, _calc.started(_calc.profile()) as calc:
        path = Path(folder) / "cases.xlsx"
        places = write_book(path, cases)
        book = calc.open(str(path))
        calc.calculate(book)
        found = calc.values(book, [[place.sheet, _area(place)] for place in places.values()])
        calc.close(book)
    return {name: _shown(rows) for name, rows in zip(places, found)}


def _area(place: Place) -> str:
    first, last = column_letters(place.column), column_letters(place.column + place.columns - 1)
    return f"{first}{place.row}:{last}{place.row + place.rows - 1}"


def _shown(rows: list[list[object]]) -> object:
    read = [[CellError(cell["error"]) if isinstance(cell, dict) else cell for cell in row] for row in rows]
    return read[0][0] if (len(read), len(read[0])) == (1, 1) else read
