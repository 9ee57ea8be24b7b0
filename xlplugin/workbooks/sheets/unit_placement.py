"""The unit placement workbook: units and wishes to be filled in, the map, heaps and gaps, suggestion, changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.texts import say
from xlplugin.workbooks.sheets import _guide, _heaps, _map, _rule_cells, rules, table
from xlplugin.workbooks.sheets._marks import Mark, overwritten, required
from xlplugin.workbooks.spelling import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas"]

_PREFIX = "pl_"
_STATES = ("vacant", "matched", "contested", "heap")
_SOLD = ("reserved", "subscribed", "signed")
_GUIDE = {"start": 6, "map": 5, "steer": 4, "care": 4}
_CHANGE_ROWS = 200


def draw(book: Workbook, style: Style, tables: Mapping[str, Recipe], lang: str, rows: int) -> None:
    """The sheets of the workbook, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: those of the recipe.
        lang: `zh` or `en`.
        rows: how many rows are prepared for units, and how many for wishes.
    """
    sheets = {
        name: (lambda name=name, count=count: _table(book, style, tables[name], lang, count))
        for name, count in (("units", rows), ("wish", rows), ("suggestion", rows), ("changes", _CHANGE_ROWS))
    }
    sheets["units"]()
    sheets["wish"]()
    _map.draw(book, style, tables["units"], lang)
    _heaps.draw(book, style, tables, lang)
    sheets["suggestion"]()
    sheets["changes"]()
    settings = rulebook.load().settings["placement"]
    sheet = rules.draw(book, style, [settings], lang, {}, words="placement_rules", working_days=False)
    _rule_cells.draw(book, sheet, style, settings, _PREFIX, lang)
    _guide.draw(book, style, lang, "placement_help", _GUIDE, (*_STATES, "sold"))
    book.get_worksheet_by_name(say(lang, "sheet.units")).activate()


def _table(book: Workbook, style: Style, recipe: Recipe, lang: str, rows: int) -> None:
    table.draw(book, style, recipe, lang, rows, partial(_marks, recipe, style, lang))


def known_formulas(tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas of the workbook's sheets outside its tables, as stored."""
    settings = rulebook.load().settings["placement"]
    besides = _rule_cells.formulas(settings, lang)
    return besides | _map.known_formulas(tables["units"], lang) | _heaps.known_formulas(tables, lang)


def _marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    yield from overwritten(recipe, style, cell)
    if "state" in recipe.place:
        yield from _states(style, lang, cell, "state")
    if "crowding" in recipe.place:
        yield from _states(style, lang, cell, "crowding")
        yield from _answers(style, lang, cell)
    if "check" in recipe.place:
        yield Mark("check", "check", f'={cell("check")}<>""', style.mark("wary"))
    if recipe.sheet in ("units", "wishes", "changes"):
        yield from required(recipe, style, cell, recipe.columns[1].key)


def _is(cell: str, lang: str, code: str) -> str:
    return f"={cell}={quoted(say(lang, f'placement.{code}'))}"


def _states(style: Style, lang: str, cell: Callable[[str], str], key: str) -> Iterator[Mark]:
    for state in _STATES:
        yield Mark(key, key, _is(cell(key), lang, state), style.mark(state))
    for state in _SOLD:
        yield Mark(key, key, _is(cell(key), lang, state), style.mark("sold"))


def _answers(style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    """Whether he fits, is placed, and names as many units as he wants."""
    yield Mark("fit", "fit", _is(cell("fit"), lang, "no"), style.mark("bad"))
    yield Mark("placement", "placement", _is(cell("placement"), lang, "placed"), style.mark("matched"))
    unlike = f'=AND({cell("quantity_check")}<>"",{cell("quantity_check")}<>{quoted(say(lang, "placement.agrees"))})'
    yield Mark("quantity_check", "quantity_check", unlike, style.mark("bad"))
