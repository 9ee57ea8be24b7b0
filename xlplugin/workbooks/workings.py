"""Where the workings of plain formulas stand in a workbook: the cells of the rules, and the calendar beside them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from xlplugin import rulebook
from xlplugin.hosts.native import CALENDAR_DAYS, RuleLine, rule_lines
from xlplugin.texts import say
from xlplugin.workbooks.spelling import HOLIDAYS_TABLE, RULES_TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CALENDAR_AT", "FIRST_ROW", "Workings", "rule_cells", "workings_of"]

FIRST_ROW = 6  # of the lines, counted from 1 as in a cell's name
_COLUMNS = {"lines": "B", "numbers": "C", "value": "D"}
CALENDAR_AT = {"day": "F", "worked": "G", "before": "H", "after": "I"}


class Workings(NamedTuple):
    """The lines of a book's workings, how they speak of the columns they read, and where each cell stands."""

    lines: tuple[RuleLine, ...]
    table: Mapping[str, str]
    cells: Mapping[str, str]


@lru_cache(maxsize=64)
def workings_of(
    schemes: tuple[str, ...], lang: str, beside: tuple[str, ...] = (), *, holidays: bool = True
) -> Workings:
    """The workings of the schemes on a book.

    Args:
        schemes: their ids.
        lang: `zh` or `en`.
        beside: ids of the settings and schemes whose lines stand on the rules table too.
        holidays: whether the book has a table of them.
    """
    columns = {name: f"{RULES_TABLE}[{say(lang, f'rules.{name}')}]" for name in ("scheme", "item", "value")}
    for name, key in (("day", "date"), ("kind", "kind")) if holidays else ():
        columns[name] = f"{HOLIDAYS_TABLE}[{say(lang, f'holidays.{key}')}]"
    table = {name: f"[!{name}]" for name in columns}  # spelled like every cell of the workings
    book = rulebook.load()
    others = [book.settings[id_] if id_ in book.settings else book[id_] for id_ in beside]
    lines = tuple(rule_lines([book[id_] for id_ in schemes], table, others))
    sheet = f"'{say(lang, 'sheet.workings')}'!"
    cells = dict(columns)
    for row, line in enumerate(lines, FIRST_ROW):
        cells[line.name] = f"{sheet}$D${row}"
        for part, letter in _COLUMNS.items():
            cells[f"{line.name}:{part}"] = f"{sheet}${letter}${row}"
    for part in ("before", "after") if holidays else ():
        letter, last = CALENDAR_AT[part], FIRST_ROW + CALENDAR_DAYS - 1
        cells[f"*/worked_{part}"] = f"{sheet}${letter}${FIRST_ROW}:${letter}${last}"
    return Workings(lines, table, cells)


def rule_cells(
    schemes: tuple[str, ...], lang: str, beside: tuple[str, ...] = (), *, holidays: bool = True
) -> Mapping[str, str]:
    """Where the cells of the workings stand, by the names that formulas use."""
    return workings_of(schemes, lang, beside, holidays=holidays).cells
