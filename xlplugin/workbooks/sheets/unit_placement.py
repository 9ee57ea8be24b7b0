"""The unit placement workbook: units and wishes to be filled in, the map, heaps and gaps, suggestion, changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.texts import say
from xlplugin.workbooks.sheets import _guide, _heaps, _map, _rule_cells, rules, table
from xlplugin.workbooks.sheets._marks import Mark, days_alone, overwritten, required
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["COMPARISON", "draw", "known_formulas"]

_PREFIX = "pl_"
_STATES = ("vacant", "matched", "contested", "heap")
_SOLD = ("reserved", "subscribed", "signed")
_GUIDE = {"start": 6, "map": 5, "steer": 4, "care": 4}
_CHANGE_ROWS = 200
COMPARISON = "tblComparison"
_COMPARED = ("way", "customers", "units", "first", "second", "third", "unmet")
_HEADERS, _BESIDE, _WAYS = 4, 6, 4


def draw(
    book: Workbook,
    style: Style,
    tables: Mapping[str, Recipe],
    lang: str,
    rows: int,
    grid: tuple[int, int] = _map.USUAL,
) -> None:
    """The sheets of the workbook, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: those of the recipe.
        lang: `zh` or `en`.
        rows: how many rows are prepared for units, and how many for wishes.
        grid: how many floors and stacks the map has room for.
    """
    sheets = {
        name: (lambda name=name, count=count: _table(book, style, tables[name], lang, count))
        for name, count in (("units", rows), ("wish", rows), ("suggestion", rows), ("changes", _CHANGE_ROWS))
    }
    sheets["units"]()
    sheets["wish"]()
    _map.draw(book, style, tables["units"], lang, _map.Grid(*grid))
    _heaps.draw(book, style, tables, lang)
    sheets["suggestion"]()
    _comparison(book.get_worksheet_by_name(say(lang, "sheet.suggestion")), style, lang)
    sheets["changes"]()
    settings = rulebook.load().settings["placement"]
    sheet = rules.draw(book, style, [settings], lang, {}, words="placement_rules", working_days=False)
    _rule_cells.draw(book, sheet, style, settings, _PREFIX, lang)
    _guide.draw(book, style, lang, "placement_help", _GUIDE, (*_STATES, "sold"))
    book.get_worksheet_by_name(say(lang, "sheet.units")).activate()


def _table(book: Workbook, style: Style, recipe: Recipe, lang: str, rows: int) -> None:
    table.draw(book, style, recipe, lang, rows, partial(_marks, recipe, style, lang))


def _comparison(sheet: Worksheet, style: Style, lang: str) -> None:
    """Beside the suggestion, what picking in an order would give; `xlplugin place` fills it in."""
    last = _BESIDE + len(_COMPARED) - 1
    columns = [
        {"header": say(lang, f"suggestion.compared.{key}"), "header_format": style.look("head_computed")}
        for key in _COMPARED
    ]
    options = {"name": COMPARISON, "style": None, "autofilter": False, "columns": columns}
    sheet.add_table(_HEADERS, _BESIDE, _HEADERS + _WAYS, last, options)
    sheet.set_column(_BESIDE, _BESIDE, 26)
    sheet.set_column(_BESIDE + 1, last, 9)
    sheet.write_string(_HEADERS - 1, _BESIDE, say(lang, "suggestion.compared"), style.look("band_computed"))
    for row in range(_HEADERS + 1, _HEADERS + _WAYS + 1):
        for place in range(_BESIDE, last + 1):
            kind = "text" if place == _BESIDE else "amount"
            sheet.write_blank(row, place, None, style.cell(kind, computed=kind == "amount"))


def known_formulas(tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas of the workbook's sheets outside its tables, as stored."""
    settings = rulebook.load().settings["placement"]
    besides = _rule_cells.formulas(settings, lang)
    return besides | _map.known_formulas(tables["units"], lang) | _heaps.known_formulas(tables, lang)


def _marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    yield from overwritten(recipe, style, cell)
    yield from days_alone(recipe, style, cell)
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
