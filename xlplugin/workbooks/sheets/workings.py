"""The sheet where plain formulas read the rules and the holidays; there is nothing to fill in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xlplugin.hosts.native import calendar
from xlplugin.texts import say
from xlplugin.workbooks.spelling import Speller
from xlplugin.workbooks.workings import CALENDAR_AT, FIRST_ROW, workings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style
    from xlplugin.workbooks.workings import Workings

__all__ = ["draw", "known_formulas"]

_HEADS = ("item", "lines", "numbers", "value")


def draw(book: Workbook, style: Style, recipe: Recipe, lang: str) -> None:
    """The sheet of workings, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        recipe: the table whose schemes they are of.
        lang: `zh` or `en`.
    """
    sheet = book.add_worksheet(say(lang, "sheet.workings"))
    sheet.write_string(0, 0, say(lang, "workings.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "workings.purpose"), style.look("purpose"))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 3, 9)
    sheet.set_column(5, 8, 11)
    for place, head in enumerate(_HEADS):
        sheet.write_string(FIRST_ROW - 2, place, say(lang, f"workings.{head}"), style.look("head_computed"))
    for name, letter in CALENDAR_AT.items() if recipe.holidays else ():
        sheet.write_string(f"{letter}{FIRST_ROW - 1}", say(lang, f"workings.{name}"), style.look("head_computed"))
    for row, line in enumerate(_of(recipe, lang).lines, FIRST_ROW):
        sheet.write_string(f"A{row}", line.name, style.cell("text", computed=True, working=True))
    _formulas(sheet, style, recipe, lang)
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    sheet.hide_gridlines(2)


def _formulas(sheet: Worksheet, style: Style, recipe: Recipe, lang: str) -> None:
    for cell, formula in _stored(recipe, lang):
        kind = "date" if cell[0] in "FHI" else "text"
        sheet.write_formula(cell, "=" + formula, style.cell(kind, computed=True, working=True), "")


def _stored(recipe: Recipe, lang: str) -> Iterator[tuple[str, str]]:
    """Each formula of the sheet with its cell."""
    yield from _lines(recipe, lang)
    if recipe.holidays:
        yield f"{CALENDAR_AT['day']}{FIRST_ROW}", _of(recipe, lang).cells["*/first_day"]
        yield from _calendar(lang)


def _of(recipe: Recipe, lang: str) -> Workings:
    return workings_of(recipe.schemes, lang, recipe.beside, holidays=recipe.holidays)


def _lines(recipe: Recipe, lang: str) -> Iterator[tuple[str, str]]:
    """The formulas of the rules, with their cells."""
    workings = _of(recipe, lang)
    speller = Speller("", {}, lang, cells=workings.cells)
    for row, line in enumerate(workings.lines, FIRST_ROW):
        for letter, formula in zip("BCD", (line.lines, line.numbers, line.value), strict=True):
            if formula:
                yield f"{letter}{row}", speller.spell(formula)


@lru_cache(maxsize=2)
def _calendar(lang: str) -> tuple[tuple[str, str], ...]:
    """The formulas of the calendar but its first day; they are the same whatever schemes are on the book."""
    workings = workings_of((), lang)
    speller = Speller("", {}, lang, cells=workings.cells)
    days = calendar(workings.table, lambda part, at: f"{CALENDAR_AT[part]}{FIRST_ROW + at}")
    steps = [(step, row) for row, steps in enumerate(days, FIRST_ROW) for step in steps][1:]
    return tuple((f"{CALENDAR_AT[step.part]}{row}", speller.spell(step.formula)) for step, row in steps)


def known_formulas(recipe: Recipe, lang: str) -> set[str]:
    """The formulas of this sheet, as stored."""
    return {formula for _, formula in _stored(recipe, lang)}
