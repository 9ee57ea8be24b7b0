"""One customer's pre-selection form on one A4 page: what is known of him, the ladder, what to ask, room to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from xlplugin.texts import say
from xlplugin.workbooks.sheets._marks import is_day
from xlplugin.workbooks.sheets.table import FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas"]

_TITLE, _PURPOSE, _CHOICE, _FIRST = 0, 1, 2, 4
_LEFT, _VALUE, _RIGHT, _LAST, _ROW_AT = 0, 1, 2, 3, 5  # the last one, folded, holds the row that is shown
_WIDTHS = {"zh": (13, 27, 13, 27), "en": (16, 31, 16, 25)}
_SECTIONS = {
    "call": "customer phone adviser deposit called convenient agreed state grade next_call",
    "buyer": "buyer_self buyer decides employer payment motive purpose wanted_area wanted_layout stated_band",
    "choices": "wished_count choice_a choice_b choice_c",
}
_STEPS = ("step_1", "step_2", "step_3", "step_4")
_QUESTIONS = 7
_KEPT = ("date", "moment", "amount", "whole")  # kinds shown as they are, not as texts
_SECTION, _LINE, _ASKED, _LONG, _WRITTEN = 25, 22, 32, 45, 25  # heights of rows, in points
_TWO_LINES = 100  # signs of a question in English that two lines hold
_BLANK_LINES = 3


def draw(book: Workbook, style: Style, recipe: Recipe, lang: str, rows: int) -> None:
    """The form, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        recipe: the table of the calls.
        lang: `zh` or `en`.
        rows: how many rows the table has.
    """
    name = say(lang, "sheet.call_form")
    sheet = book.add_worksheet(name)
    for column, width in enumerate(_WIDTHS[lang]):
        sheet.set_column(column, column, width)
    sheet.set_column(_ROW_AT, _ROW_AT, 6, None, {"level": 1, "hidden": True})
    sheet.set_row(_TITLE, 26)
    sheet.write_string(_TITLE, _LEFT, say(lang, "call_form.title"), style.look("title"))
    sheet.write_string(_PURPOSE, _LEFT, say(lang, "call_form.purpose"), style.look("purpose"))
    _choose(book, sheet, style, recipe, lang, rows)
    formulas = dict(_formulas(recipe, lang))
    row = _known(sheet, style, recipe, lang, formulas)
    row = _ladder(sheet, style, lang, formulas, row)
    row = _asked(sheet, style, lang, row)
    row = _notes(sheet, style, lang, formulas, row)
    _page(sheet, lang, row)


def known_formulas(recipe: Recipe, lang: str) -> set[str]:
    """The formulas of the form, as stored."""
    return {formula for _, formula in _formulas(recipe, lang)}


def _formulas(recipe: Recipe, lang: str) -> Iterator[tuple[str, str]]:
    """Every formula of the form by what it shows, as stored."""
    spell = recipe.speller(lang).spell
    yield "row", spell('IF(form_choice="","",IFERROR(MATCH(form_choice&"",[*latest],0),""))')
    told = "[~没有这个编号：请核对预选单里的编号或姓名。¦No such number: see the number or name on the form sheet.]"
    yield "told", spell(f'IF(form_choice="","",IF(form_row="",{told},""))')
    for column in recipe.columns:
        if column.band != "working":
            found = f"INDEX([*{column.key}],form_row)"
            shown = f'IF({found}="","",{found})' if column.kind in _KEPT else f'{found}&""'
            yield column.key, spell(f'IF(form_row="","",{shown})')


def _choose(book: Workbook, sheet: Worksheet, style: Style, recipe: Recipe, lang: str, rows: int) -> None:
    """The cell in which the customer is chosen, and the row that he was last called on."""
    name = say(lang, "sheet.call_form")
    listed = f"='{say(lang, f'sheet.{recipe.sheet}')}'!$A${FIRST + 1}:$A${FIRST + rows}"
    for names, cell in (("form_choice", "$B$3"), ("form_row", "$F$3")):
        book.define_name(names, f"='{name}'!{cell}")
    book.define_name("form_customers", listed)
    formulas = dict(_formulas(recipe, lang))
    sheet.set_row(_CHOICE, _WRITTEN)
    sheet.write_string(_CHOICE, _LEFT, say(lang, "call_form.choice"), style.look("form_label"))
    sheet.write_blank(_CHOICE, _VALUE, None, style.look("form_choice"))
    sheet.write_formula(_CHOICE, _RIGHT, "=" + formulas["told"], style.look("banner"), "")
    sheet.write_formula(_CHOICE, _ROW_AT, "=" + formulas["row"], style.look("hint"), "")
    help_ = {"input_title": say(lang, "call_form.choice"), "input_message": say(lang, "call_form.choice_help")}
    options = {"validate": "list", "source": "=form_customers", "show_error": False, **help_}
    sheet.data_validation(_CHOICE, _VALUE, _CHOICE, _VALUE, options)


def _section(sheet: Worksheet, style: Style, text: str, row: int) -> int:
    sheet.set_row(row, _SECTION)
    for column in range(_LEFT, _LAST + 1):
        sheet.write_string(row, column, text if column == _LEFT else "", style.look("form_section"))
    return row + 1


def _known(sheet: Worksheet, style: Style, recipe: Recipe, lang: str, formulas: dict[str, str]) -> int:
    """What the table knows of the customer, two fields a row; the row behind it."""
    row = _FIRST
    kinds = {column.key: column.kind for column in recipe.columns}
    headers = recipe.headers(lang)
    for section, keys in _SECTIONS.items():
        row = _section(sheet, style, say(lang, f"call_form.{section}"), row)
        named = keys.split()
        for pair in zip(named[::2], named[1::2]):
            sheet.set_row(row, _LINE)
            for column, key in zip((_LEFT, _RIGHT), pair):
                sheet.write_string(row, column, headers[key], style.look("form_label"))
                look = style.look(f"form_{kinds[key]}" if kinds[key] in _KEPT else "form_text")
                sheet.write_formula(row, column + 1, "=" + formulas[key], look, "")
                if kinds[key] == "moment":
                    _day_alone(sheet, style, row, column + 1)
            row += 1
    return row


def _day_alone(sheet: Worksheet, style: Style, row: int, column: int) -> None:
    """Shows a day without a time as a day; 00:00 would read as midnight."""
    cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    rule = {"type": "formula", "criteria": f"={is_day(cell)}", "format": style.mark("day_alone")}
    sheet.conditional_format(row, column, row, column, rule)


def _ladder(sheet: Worksheet, style: Style, lang: str, formulas: dict[str, str], row: int) -> int:
    """The steps of the ladder with their answers, and what to ask next."""
    row = _section(sheet, style, say(lang, "call_form.ladder"), row)
    for number, key in enumerate(_STEPS, 1):
        sheet.set_row(row, _LINE)
        sheet.write_string(row, _LEFT, f"{number}  □", style.look("form_label"))
        sheet.write_string(row, _VALUE, say(lang, f"call_form.{key}"), style.look("form_said"))
        sheet.write_formula(row, _RIGHT, "=" + formulas[key], style.look("form_answer"), "")
        sheet.write_blank(row, _LAST, None, style.look("form_text"))
        row += 1
    sheet.set_row(row, _LINE)
    sheet.write_string(row, _LEFT, say(lang, "placement.column.ask_next"), style.look("form_label"))
    sheet.merge_range(row, _VALUE, row, _LAST, "", style.look("form_text"))
    sheet.write_formula(row, _VALUE, "=" + formulas["ask_next"], style.look("form_text"), "")
    return row + 1


def _asked(sheet: Worksheet, style: Style, lang: str, row: int) -> int:
    """The questions of the first call, each with a box to tick and room for the answer."""
    row = _section(sheet, style, say(lang, "preselection_help.script"), row)
    for number in range(1, _QUESTIONS + 1):
        said = say(lang, f"preselection_help.script.{number}")
        sheet.set_row(row, _ASKED if len(said) < _TWO_LINES else _LONG)
        sheet.write_string(row, _LEFT, f"{number}  □", style.look("form_label"))
        sheet.merge_range(row, _VALUE, row, _RIGHT, said, style.look("form_said"))
        sheet.write_blank(row, _LAST, None, style.look("form_text"))
        row += 1
    return row


def _notes(sheet: Worksheet, style: Style, lang: str, formulas: dict[str, str], row: int) -> int:
    """The remark, lines to write on, and who called when."""
    row = _section(sheet, style, say(lang, "placement.column.note"), row)
    for line in range(_BLANK_LINES):
        sheet.set_row(row, _WRITTEN)
        sheet.merge_range(row, _LEFT, row, _LAST, "", style.look("form_note"))
        if not line:
            sheet.write_formula(row, _LEFT, "=" + formulas["note"], style.look("form_note"), "")
        row += 1
    sheet.set_row(row, _ASKED)
    for column, key in ((_LEFT, "signed"), (_RIGHT, "signed_on")):
        sheet.write_string(row, column, say(lang, f"call_form.{key}"), style.look("form_sign"))
        sheet.write_blank(row, column + 1, None, style.look("form_note"))
    return row + 1


def _page(sheet: Worksheet, lang: str, rows: int) -> None:
    sheet.hide_gridlines(2)
    sheet.set_selection(_CHOICE, _VALUE, _CHOICE, _VALUE)
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(f"&L{say(lang, 'call_form.footer')}&R&D")
    sheet.print_area(0, 0, rows - 1, _LAST)
