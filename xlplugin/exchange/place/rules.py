"""What a workbook's own rules say about money: the tolerance of totals and the shares of first payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.decisions.choices import SETTINGS, limits_by
from xlplugin.decisions.office_rules import EVERY_SCHEME, read_rules
from xlplugin.exchange.place.problems import Problem
from xlplugin.rulebook import load
from xlplugin.workbooks.spelling import RULES_TABLE

if TYPE_CHECKING:
    from xlplugin.decisions.choices import Limits
    from xlplugin.exchange.place.reading import Project

__all__ = ["limits_in"]


def limits_in(project: Project) -> Limits:
    """The limits of a workbook's own rules, the published ones where it has none; unreadable lines are named."""
    table = project.sheets.book.tables.get(RULES_TABLE.casefold())
    if table is None:
        return limits_by()
    rules = read_rules(load(), project.sheets.rows_of(table))
    for owner in (SETTINGS, EVERY_SCHEME):
        if owner in rules.bad:
            bad = rules.bad[owner]
            row = table.first_row + bad.line if bad.line else 0
            project.problems.append(Problem(table.sheet, row, "bad_rule", {"line": bad}))
    return limits_by(rules.values.get(SETTINGS))
