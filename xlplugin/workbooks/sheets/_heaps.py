"""The sheet for the daily meeting: customers per unit by layout, heaps with their customers, units nobody wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xlplugin.texts import say
from xlplugin.workbooks.recipes.unit_placement import GAP_ROWS, HEAP_ROWS, LAYOUT_ROWS
from xlplugin.workbooks.sheets._sheet import Sheet
from xlplugin.workbooks.sheets.table import head_look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Column, Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas"]

_PARTS = {"layouts": LAYOUT_ROWS, "heaps": HEAP_ROWS, "gaps": GAP_ROWS}
_TOP = 3  # title, purpose and a line between
_WIDTHS = (12, 10, 11, 12, 11, 15, 74, 4)
_WIDE = frozenset(("steer", "could_ask", "bar"))
_SHOWN_OF = 2  # the column of the note how many there are
_LISTED = {"heaps": "COUNT([*wish/heap_key])", "gaps": "COUNT([*units/vacant_key])"}
_FROM_AT = 5  # the column of the cell that says with which line a list begins
_ROW = 24


def _starts() -> dict[str, int]:
    """The row of each part's heading."""
    starts, row = {}, _TOP
    for part, rows in _PARTS.items():
        starts[part] = row
        row += rows + 3
    return starts


def draw(book: Workbook, style: Style, tables: Mapping[str, Recipe], lang: str) -> None:
    """The sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: those of the recipe.
        lang: `zh` or `en`.
    """
    sheet = book.add_worksheet(say(lang, "sheet.heaps"), Sheet)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width, None, {"level": 1, "hidden": True} if place == len(_WIDTHS) - 1 else {})
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, say(lang, "heaps.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "heaps.purpose"), style.look("purpose"))
    for part, row in _starts().items():
        for place in range(len(_WIDTHS) - 1):
            sheet.write_string(row, place, say(lang, f"heaps.{part}") if not place else "", style.look("section"))
        _table(sheet, style, tables[part], row + 1, _PARTS[part], lang)
    for row, formula in _notes(tables, lang):
        sheet.write_formula(row, _SHOWN_OF, f"={formula}", style.look("section"), "")
        _start(book, sheet, style, row, next(part for part, at in _starts().items() if at == row), lang)
    _print(sheet, lang)


def _start(book: Workbook, sheet: Worksheet, style: Style, row: int, part: str, lang: str) -> None:
    """The cell that says with which line a list begins, so that a long one can be gone through."""
    sheet.write_string(row, _FROM_AT - 1, say(lang, "heaps.from"), style.look("label"))
    sheet.write_number(row, _FROM_AT, 1, style.look("from"))
    refused = {"error_title": say(lang, "entry.refused"), "error_message": say(lang, "entry.whole")}
    sheet.data_validation(
        row, _FROM_AT, row, _FROM_AT, {"validate": "integer", "criteria": ">=", "value": 1, **refused}
    )
    cell = xl_rowcol_to_cell(row, _FROM_AT, row_abs=True, col_abs=True)
    book.define_name(f"{part}_from", f"='{sheet.get_name()}'!{cell}")


def known_formulas(tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas of the sheet outside its tables, as stored."""
    return {formula for _, formula in _notes(tables, lang)}


def _notes(tables: Mapping[str, Recipe], lang: str) -> Iterator[tuple[int, str]]:
    """How many there are behind a part's heading, and how many of them the list has room for."""
    for part, count in _LISTED.items():
        room = _PARTS[part]
        said = f'[~共 ¦All: ]&{count}&IF({count}>{room},[~，每次列{room}¦, {room} at a time],"")'
        yield _starts()[part], tables[part].speller(lang).spell(said)


def _table(sheet: Worksheet, style: Style, recipe: Recipe, head: int, rows: int, lang: str) -> None:
    speller = recipe.speller(lang)
    formulas = [speller.spell(column.formula or "") for column in recipe.columns]
    columns = [
        {"header": column.header[lang], "header_format": head_look(style, column), "formula": formula}
        for column, formula in zip(recipe.columns, formulas, strict=True)
    ]
    last = head + rows, len(columns) - 1
    options = {"name": recipe.table, "style": None, "autofilter": False, "columns": columns}
    sheet.add_table(head, 0, *last, options)
    sheet.set_row(head, 24)
    for place, (column, formula) in enumerate(zip(recipe.columns, formulas, strict=True)):
        for row in range(head + 1, head + rows + 1):
            sheet.write_formula(row, place, formula, _look(style, column), "")
    if recipe.sheet in _LISTED:
        for row in range(head + 1, head + rows + 1):
            sheet.set_row(row, _ROW)
    begun = f'={xl_rowcol_to_cell(head + 1, 0, col_abs=True)}<>""'
    sheet.conditional_format(head + 1, 0, *last, {"type": "formula", "criteria": begun, "format": style.mark("listed")})


def _look(style: Style, column: Column) -> Format:
    if column.key in _WIDE:
        return style.look("list_wide")
    return style.look(f"list_{column.kind}" if column.kind in ("percent", "amount") else "list")


def _print(sheet: Worksheet, lang: str) -> None:
    starts = _starts()
    sheet.freeze_panes(_TOP, 0)
    sheet.hide_gridlines(2)
    sheet.set_portrait()  # two pages of forty rows each, which across would be six
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 2)
    sheet.set_h_pagebreaks([starts["gaps"]])
    sheet.set_footer(f"&L{say(lang, 'map.internal')}&C{say(lang, 'register.footer')}")
    sheet.print_area(0, 0, starts["gaps"] + GAP_ROWS + 1, len(_WIDTHS) - 1)
