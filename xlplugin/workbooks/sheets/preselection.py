"""The pre-selection form: its table, and the sheets that go with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.texts import say
from xlplugin.workbooks.sheets import _call_form, _guide, _rule_cells, holidays, rules, table
from xlplugin.workbooks.sheets._marks import Mark, days_alone, is_day, overwritten, required
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas"]

_PREFIX = "ps_"
_GUIDE = {"start": 6, "script": 7, "care": 3}


def draw(book: Workbook, style: Style, tables: Mapping[str, Recipe], lang: str, rows: int) -> None:
    """The sheets of the form, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: the form alone.
        lang: `zh` or `en`.
        rows: how many rows are prepared.
    """
    recipe = tables["preselection"]
    table.draw(book, style, recipe, lang, rows, partial(_marks, recipe, style, lang)).activate()
    _call_form.draw(book, style, recipe, lang, rows)
    settings = rulebook.load().settings["preselection"]
    lists = {"list_staff": "placement.column.adviser"}
    sheet = rules.draw(book, style, [settings], lang, lists, words="preselection_rules")
    _rule_cells.draw(book, sheet, style, settings, _PREFIX, lang)
    holidays.draw(book, style, lang)
    holidays.name_columns(book, lang)
    _guide.draw(book, style, lang, "preselection_help", _GUIDE)


def known_formulas(tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas of the form's sheets outside its table, as stored."""
    besides = _rule_cells.formulas(rulebook.load().settings["preselection"], lang)
    return besides | _call_form.known_formulas(tables["preselection"], lang)


def _marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    yield from overwritten(recipe, style, cell)
    no, missing = quoted(say(lang, "word.no")), quoted(say(lang, "placement.missing"))
    due = cell("next_call")
    yield Mark("next_call", "next_call", f"={due}={missing}", style.mark("bad"))
    for mark, sign in (("overdue", "<"), ("today", "=")):  # of rules for one cell LibreOffice follows the first alone
        yield Mark("next_call", "next_call", f"=IF({is_day(due)},{due}{sign}TODAY(),FALSE)", style.mark(f"{mark}_day"))
        yield Mark("next_call", "next_call", f"=IF(ISNUMBER({due}),INT({due}){sign}TODAY(),FALSE)", style.mark(mark))
    yield from days_alone(recipe, style, cell)
    without = f'=AND({cell("convenient")}={no},{cell("agreed")}="")'
    yield Mark("agreed", "agreed", without, style.mark("missing"))
    yield Mark("buyer", "buyer", f'=AND({cell("buyer_self")}={no},{cell("buyer")}="")', style.mark("missing"))
    yield from required(recipe, style, cell, "phone")
