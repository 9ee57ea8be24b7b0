"""A sheet people type into: title, counts, the table, its checks and colours."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from xlplugin.texts import say
from xlplugin.workbooks.sheets._checks import validation
from xlplugin.workbooks.sheets._sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Column, Recipe
    from xlplugin.workbooks.sheets._marks import Mark
    from xlplugin.workbooks.style import Style

    _Marks = Callable[[Callable[[str], str]], Iterable[Mark]]

__all__ = ["AS_OF", "FIRST", "cell_look", "draw", "head_look"]

_TITLE, _PURPOSE, _COUNTS, _BANDS, _HEADERS, _FIRST = range(6)
AS_OF, FIRST = (_COUNTS, 2), _FIRST
_BANNER = (5, 15)  # columns the banner runs over, behind the title
_COMPUTED = frozenset(("result", "explained", "standing", "next", "working"))
_WRAPPED = frozenset(("why", "raise", "note", "customers", "check", "reason", "steer", "could_ask"))
_A4 = 9
_ONE_LINE = 18
_TWO_LINES = 27  # every row alike; the rest of a long reason shows when its cell is chosen


def draw(
    book: Workbook, style: Style, recipe: Recipe, lang: str, rows: int, marks: _Marks, *, lines: int = 2
) -> Worksheet:
    """The sheet of a table, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        recipe: the table.
        lang: `zh` or `en`.
        rows: how many rows are prepared.
        marks: what paints over its cells, told the address of a column's first cell with the column fixed.
        lines: how many lines of text a row has room for; one of a header, where the rows have one.
    """
    name = say(lang, f"sheet.{recipe.sheet}")
    sheet = book.add_worksheet(name, Sheet)
    if recipe.banner:
        book.define_name("as_of", f"='{name}'!{xl_rowcol_to_cell(*AS_OF, row_abs=True, col_abs=True)}")
    _columns(sheet, recipe.columns, lang)
    _top(sheet, style, recipe, lang)
    _bands(sheet, style, recipe.columns, lang)
    _table(sheet, style, recipe, lang, rows, lines)
    _checks(sheet, recipe, lang, rows)
    _paint(sheet, recipe, rows, marks)
    _view(sheet, recipe)
    _print(sheet, recipe, lang, rows)
    return sheet


def _columns(sheet: Worksheet, columns: Sequence[Column], lang: str) -> None:
    for place, column in enumerate(columns):
        folded = {"level": column.level, "hidden": True} if column.level else {}
        sheet.set_column(place, place, column.width[lang], None, folded)
    sheet.set_column(len(columns), len(columns), 3, None, {"collapsed": True})


def _top(sheet: Worksheet, style: Style, recipe: Recipe, lang: str) -> None:
    """Title, purpose, the counts, and the day of the due states."""
    sheet.set_row(_TITLE, 26)
    sheet.set_row(_PURPOSE, 16)
    sheet.set_row(_COUNTS, 22)
    sheet.write_string(_TITLE, 0, say(lang, f"{recipe.sheet}.title"), style.look("title"))
    sheet.write_string(_PURPOSE, 0, say(lang, f"{recipe.sheet}.purpose"), style.look("purpose"))
    speller = recipe.speller(lang)
    if recipe.banner:
        _day(sheet, style, speller.spell(recipe.banner), lang)
    for counter, place in zip(recipe.counters, recipe.places, strict=True):
        label = say(lang, f"{recipe.sheet}.count.{counter.key}")
        sheet.write_string(_COUNTS, place - 1, label, style.look("label"))
        sheet.write_formula(_COUNTS, place, "=" + speller.spell(counter.formula), style.look("count"), 0)


def _day(sheet: Worksheet, style: Style, banner: str, lang: str) -> None:
    """The cell of the day the book is looked at on, its check, and the warning while a day stands there."""
    sheet.write_string(_COUNTS, 0, say(lang, "register.as_of"), style.look("label_left"))
    sheet.write_blank(*AS_OF, None, style.look("as_of"))
    sheet.write_string(_COUNTS, AS_OF[1] + 1, say(lang, "register.as_of_hint"), style.look("hint"))
    sheet.write_formula(_TITLE, _BANNER[0], "=" + banner, style.look("banner"), "")
    day = {"validate": "date", "criteria": "between", "minimum": 36526, "maximum": 73050}
    help_ = {"input_title": say(lang, "register.as_of"), "input_message": say(lang, "register.as_of_help")}
    error = {"error_title": say(lang, "entry.refused"), "error_message": say(lang, "entry.date")}
    sheet.data_validation(*AS_OF, *AS_OF, {**day, **help_, **error})
    painted = {"type": "formula", "criteria": '=as_of<>""', "format": style.mark("banner")}
    sheet.conditional_format(_TITLE, _BANNER[0], _TITLE, _BANNER[1], painted)
    sheet.conditional_format(*AS_OF, *AS_OF, painted)


def _bands(sheet: Worksheet, style: Style, columns: Sequence[Column], lang: str) -> None:
    """The tier above the headers: what the columns belong to."""
    sheet.set_row(_BANDS, 16)
    place = 0
    for band, members in groupby(columns, key=lambda column: column.band):
        look = style.look(f"band_{_sort(band)}")
        for number, _ in enumerate(members):
            sheet.write(_BANDS, place, say(lang, f"band.{band}") if not number else None, look)
            place += 1


def _sort(band: str) -> str:
    return "computed" if band in _COMPUTED else "evidence" if band == "evidence" else "input"


def head_look(style: Style, column: Column) -> Format:
    """How a column's header looks."""
    sort = "computed" if column.formula and not column.overtype else _sort(column.band)
    return style.look(f"head_{sort}")


def cell_look(style: Style, column: Column) -> Format:
    """How a column's cells look."""
    working = column.band == "working"
    return style.cell(column.kind, computed=column.formula is not None, wrap=column.key in _WRAPPED, working=working)


def _table(sheet: Worksheet, style: Style, recipe: Recipe, lang: str, rows: int, lines: int) -> None:
    sheet.set_row(_HEADERS, 44 if lines > 1 else 24)
    speller = recipe.speller(lang)
    last = _HEADERS + rows
    formulas = [speller.spell(column.formula) if column.formula else None for column in recipe.columns]
    sheet.add_table(
        _HEADERS,
        0,
        last,
        len(recipe.columns) - 1,
        {
            "name": recipe.table,
            "style": None,
            "columns": [
                {"header": column.header[lang], "header_format": head_look(style, column), "formula": formula}
                for column, formula in zip(recipe.columns, formulas, strict=True)
            ],
        },
    )
    for row in range(_FIRST, last + 1):
        sheet.set_row(row, _TWO_LINES if lines > 1 else _ONE_LINE)
    for place, (column, formula) in enumerate(zip(recipe.columns, formulas, strict=True)):
        look = cell_look(style, column)
        for row in range(_FIRST, last + 1):
            if formula:
                sheet.write_formula(row, place, formula, look, "")
            else:
                sheet.write_blank(row, place, None, look)


def _checks(sheet: Worksheet, recipe: Recipe, lang: str, rows: int) -> None:
    for place, column in enumerate(recipe.columns):
        options = validation(column, lang, xl_rowcol_to_cell(_FIRST, place))
        if options is not None:
            sheet.data_validation(_FIRST, place, _HEADERS + rows, place, options)
    everywhere = f"A{_FIRST + 1}:{xl_col_to_name(len(recipe.columns) - 1)}{_HEADERS + rows + 1}"
    sheet.ignore_errors({"number_stored_as_text": everywhere, "formula_differs": everywhere})


def _paint(sheet: Worksheet, recipe: Recipe, rows: int, marks: _Marks) -> None:
    def cell(key: str) -> str:
        return str(xl_rowcol_to_cell(_FIRST, recipe.place[key], col_abs=True))

    for mark in marks(cell):
        first, last = recipe.place[mark.first], recipe.place[mark.last]
        options = {"type": "formula", "criteria": mark.condition, "format": mark.format}
        sheet.conditional_format(_FIRST, first, _HEADERS + rows, last, options)


def _view(sheet: Worksheet, recipe: Recipe) -> None:
    sheet.freeze_panes(_FIRST, recipe.frozen)
    first = recipe.place[recipe.filled]
    sheet.set_selection(_FIRST, first, _FIRST, first)
    sheet.hide_gridlines(2)


def _print(sheet: Worksheet, recipe: Recipe, lang: str, rows: int) -> None:
    """A4 landscape, one page wide, without the reasons, which would make the rest too small to read."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_BANDS, _HEADERS)
    sheet.set_footer(f"&C{say(lang, 'register.footer')}")
    # Every row, because a fixed area that ended sooner would leave typed rows unprinted without a word, and an area
    # that follows the filled rows by formula is ignored by LibreOffice; the help says how to print filled rows alone.
    sheet.print_area(0, 0, _HEADERS + rows, recipe.place[recipe.printed])
