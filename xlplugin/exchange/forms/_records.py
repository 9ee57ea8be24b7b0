"""What a copy in plain formulas keeps in a sheet of its own, so that it can be put back: the formulas as they were."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange._cells import filled_cells
from xlplugin.exchange.forms._sheets import Page, text_cell
from xlplugin.hosts._book import column_letters
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.exchange.forms._opened import Opened

__all__ = ["COLUMN_FORMULA", "Record", "records_of", "records_page"]

COLUMN_FORMULA = re.compile(
    rb"(?P<open><(?P<tag>(?:[\w.-]+:)?calculatedColumnFormula)\b[^>]*>)(?P<text>[^<]*)(?P<close></(?P=tag)>)"
)
_MARK = "xlplugin native 1"
_FIRST = 3


class Record(NamedTuple):
    """One thing to know when a copy comes back.

    Args:
        kind: `sheet` for one that was added, `formula`, or `values` for cells that became values.
        sheet: the sheet's name; `table` and `header` where the cells stand in a table; `cell` where met first.
        formula: as it was; `plain`: as the copy has it, or marks of the values it has.
    """

    kind: str
    sheet: str
    table: str = ""
    header: str = ""
    cell: str = ""
    formula: str = ""
    plain: str = ""


def records_page(name: str, records: Sequence[Record], lang: str) -> Page:
    """The sheet that holds the records, hidden."""
    page = Page(name, [10, 14, 14, 14, 8, 60, 60])
    page.put(1, [text_cell("A1", _MARK), text_cell("B1", say(lang, "records.purpose"))])
    for row, record in enumerate(records, _FIRST):
        page.put(row, [text_cell(f"{column_letters(at)}{row}", text) for at, text in enumerate(record, 1) if text])
    return page


def records_of(opened: Opened) -> tuple[str, list[Record]]:
    """The name of the sheet with records, and the records; empty where the workbook has none."""
    for name in reversed(opened.sheets):
        part = opened.package.read(opened.sheets[name].part)
        if len(part) > 1 << 24 or (_MARK.encode() not in part and _MARK not in opened.texts):
            continue
        found: dict[int, dict[int, str]] = {}
        for cell in filled_cells(opened.xml(name), opened.texts):
            found.setdefault(cell.row, {})[cell.column] = str(cell.value)
        if found.get(1, {}).get(1) == _MARK:
            rows = [cells for row, cells in sorted(found.items()) if row >= _FIRST]
            return name, [Record(*(cells.get(at, "") for at in range(1, 8))) for cells in rows]
    return "", []
