"""What a workbook's own rules say about placement: tolerance, shares of first payments, the size of a heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.decisions.choices import SETTINGS
from xlplugin.decisions.office_rules import EVERY_SCHEME, read_rules
from xlplugin.exchange.place.problems import Problem
from xlplugin.rulebook import load
from xlplugin.workbooks.spelling import RULES_TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.exchange.place.reading import Project

__all__ = ["numbers_in"]


def numbers_in(project: Project) -> dict[str, float]:
    """The numbers of placement as published, with the workbook's own in their place; unreadable lines are named."""
    numbers = {name: float(number.value or 0) for name, number in load().settings[SETTINGS].parameters.items()}
    return numbers | {name: value for name, value in _own(project).items() if value is not None}


def _own(project: Project) -> Mapping[str, float | None]:
    table = project.sheets.book.tables.get(RULES_TABLE.casefold())
    if table is None:
        return {}
    rules = read_rules(load(), project.sheets.rows_of(table))
    for owner in (SETTINGS, EVERY_SCHEME):
        if owner in rules.bad:
            bad = rules.bad[owner]
            row = table.first_row + bad.line if bad.line else 0
            project.problems.append(Problem(table.sheet, row, "bad_rule", {"line": bad}))
    return rules.values.get(SETTINGS, {})
