"""The map sheet: one building at a time as a grid, floors from the top, stacks across, each unit's label in its place.

Which floors and stacks there are is worked out from the units, so that any building within the grid shows by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name

from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["FLOORS", "STACKS", "draw", "known_formulas"]

FLOORS, STACKS, BUILDINGS = 40, 12, 12
_TITLE, _PURPOSE, _CHOICE, _LEGEND, _KEYS, _HEAD, _FIRST = range(7)
_ORDER, _LABEL, _GRID = range(3)  # folded numbers of the floors, their names, the first stack
_LISTS = _GRID + STACKS + 1
_MAP_ROW = 47
_SIGNS = {"vacant": "○", "matched": "●", "wished": "◐", "contested": "◆", "heap": "▲", "sold": "■"}
_SAID = {
    "vacant": "空缺¦vacant",
    "matched": "已落位¦matched",
    "wished": "意向1未落位¦1 wish, not placed",
    "contested": "重叠¦contested",
    "heap": "扎堆¦heap",
    "sold": "不可售¦not for sale",
}
_LEGEND_AT = dict(zip(_SIGNS, range(_GRID, _GRID + len(_SIGNS))))


def draw(book: Workbook, style: Style, units: Recipe, lang: str) -> None:
    """The map sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        units: the table of the units.
        lang: `zh` or `en`.
    """
    name = say(lang, "sheet.map")
    sheet = book.add_worksheet(name)
    _layout(sheet, style, lang)
    looks = {"head": style.look("map_side"), "unit": style.look("map_unit"), "fold": style.look("hint")}
    for sort, row, column, formula in _formulas(units, lang):
        sheet.write_formula(row, column, f"={formula}", looks.get(sort) or style.look(sort), "")
    _names(book, name)
    _choose(sheet, style, lang)
    _paint(sheet, style)
    _print(book, sheet, name, lang)


def known_formulas(units: Recipe, lang: str) -> set[str]:
    """The formulas of the map sheet, as stored."""
    return {formula for _, _, _, formula in _formulas(units, lang)}


def _cell(row: int, column: int, *, row_fixed: bool = False, column_fixed: bool = False) -> str:
    return f"{'$' * column_fixed}{xl_col_to_name(column)}{'$' * row_fixed}{row + 1}"


def _formulas(units: Recipe, lang: str) -> Iterator[tuple[str, int, int, str]]:
    """Every formula of the sheet: how it looks, its row and column, and itself as stored."""
    spell = units.speller(lang).spell
    for sort, row, column, formula in (*_top(), *_sides(), *_grid()):
        yield sort, row, column, spell(formula)


def _top() -> Iterator[tuple[str, int, int, str]]:
    first = _cell(_FIRST, _LISTS, row_fixed=True, column_fixed=True)
    yield "map_building", _CHOICE, _GRID, f'IF(map_choice="",{first},map_choice)'
    late, wide = _cell(_FIRST + FLOORS - 1, _ORDER), _cell(_KEYS, _GRID + STACKS - 1)
    beyond = (
        f'IF({late}="",FALSE,COUNTIF([*on_floor],"<"&{late})>0),IF({wide}="",FALSE,COUNTIF([*on_stack],">"&{wide})>0)'
    )
    said = (
        f"[~本栋超出{FLOORS}层或{STACKS}列，有房源没有显示¦"
        f"More than {FLOORS} floors or {STACKS} stacks: some units are not shown]"
    )
    yield "banner", _CHOICE, _GRID + 1, f'IF(COUNT([*on_floor])=0,"",IF(OR({beyond}),{said},""))'
    for state, column in _LEGEND_AT.items():
        sign = _SIGNS[state]
        count = f'COUNTIFS([*on_key],">-1E+9",[*label],"{sign}*")'
        yield "map_legend", _LEGEND, column, f'"{sign} "&[~{_SAID[state]}]&" "&{count}'
    placed = 'COUNTIFS([*building],"?*",[*floor_no],">-1E+9",[*stack_no],">-1E+9")'
    off = f'COUNTIF([*unit_no],"?*")-{placed}'
    yield (
        "hint",
        _CHOICE,
        _GRID + 4,
        f'IF({off}>0,[~缺楼层位置未上图：¦no floor or stack, not on the map: ]&({off}),"")',
    )


def _sides() -> Iterator[tuple[str, int, int, str]]:
    """The floors down the left, the stacks along the top, and the buildings to choose from."""
    for at in range(FLOORS):
        row, above = _FIRST + at, _cell(_FIRST + at - 1, _ORDER)
        most = 'IF(COUNT([*on_floor])=0,"",MAX([*on_floor]))'
        below = (
            f'IF({above}="","",IF(COUNTIF([*on_floor],"<"&{above})=0,"",'
            f'LARGE([*on_floor],COUNTIF([*on_floor],">="&{above})+1)))'
        )
        own = _cell(row, _ORDER)
        yield "fold", row, _ORDER, below if at else most
        yield "head", row, _LABEL, f'IF({own}="","",INDEX([*floor],MATCH({own},[*on_floor],0))&"")'
    for at in range(STACKS):
        column, before = _GRID + at, _cell(_KEYS, _GRID + at - 1)
        least = 'IF(COUNT([*on_stack])=0,"",MIN([*on_stack]))'
        after = (
            f'IF({before}="","",IF(COUNTIF([*on_stack],">"&{before})=0,"",'
            f'SMALL([*on_stack],COUNTIF([*on_stack],"<="&{before})+1)))'
        )
        own, place = _cell(_KEYS, column), f"MATCH({_cell(_KEYS, column)},[*on_stack],0)"
        entrance = f'IF(INDEX([*entrance],{place})="","",INDEX([*entrance],{place})&"-")'
        yield "fold", _KEYS, column, after if at else least
        yield "head", _HEAD, column, f'IF({own}="","",{entrance}&INDEX([*stack],{place}))'
    for at in range(BUILDINGS):
        of = f"INDEX([*building],SMALL([*building_first],{at + 1}))"
        yield "fold", _FIRST + at, _LISTS, f'IFERROR({of}&"","")'


def _grid() -> Iterator[tuple[str, int, int, str]]:
    for row in range(_FIRST, _FIRST + FLOORS):
        floor = _cell(row, _ORDER, column_fixed=True)
        for column in range(_GRID, _GRID + STACKS):
            stack = _cell(_KEYS, column, row_fixed=True)
            found = f"INDEX([*label],MATCH({floor}*1000000+{stack},[*on_key],0))"
            yield "unit", row, column, f'IF(OR({floor}="",{stack}=""),"",IFERROR({found},""))'


def _layout(sheet: Worksheet, style: Style, lang: str) -> None:
    sheet.set_column(_ORDER, _ORDER, 5, None, {"level": 1, "hidden": True})
    sheet.set_column(_LABEL, _LABEL, 7)
    sheet.set_column(_GRID, _GRID + STACKS - 1, 26 if lang == "zh" else 30)
    sheet.set_column(_LISTS - 1, _LISTS - 1, 3)
    sheet.set_column(_LISTS, _LISTS, 12, None, {"level": 1, "hidden": True})
    sheet.set_row(_TITLE, 26)
    sheet.set_row(_CHOICE, 22)
    sheet.set_row(_LEGEND, 18)
    sheet.set_row(_KEYS, 12, None, {"level": 1, "hidden": True})
    sheet.set_row(_HEAD, 18)
    for row in range(_FIRST, _FIRST + FLOORS):
        sheet.set_row(row, _MAP_ROW)
    sheet.write_string(_TITLE, _LABEL, say(lang, "map.title"), style.look("title"))
    sheet.write_string(_PURPOSE, _LABEL, say(lang, "map.purpose"), style.look("purpose"))
    sheet.write_string(_HEAD, _LABEL, say(lang, "placement.column.floor"), style.look("map_head"))


def _names(book: Workbook, name: str) -> None:
    """The cell a building is chosen in, the building shown, and the list to choose from."""

    def place(row: int, column: int) -> str:
        return _cell(row, column, row_fixed=True, column_fixed=True)

    book.define_name("map_choice", f"='{name}'!{place(_CHOICE, _LABEL)}")
    book.define_name("map_building", f"='{name}'!{place(_CHOICE, _GRID)}")
    first, last = place(_FIRST, _LISTS), place(_FIRST + BUILDINGS - 1, _LISTS)
    book.define_name("map_buildings", f"='{name}'!{first}:{last}")


def _choose(sheet: Worksheet, style: Style, lang: str) -> None:
    sheet.write_blank(_CHOICE, _LABEL, None, style.look("as_of"))
    sheet.data_validation(
        _CHOICE,
        _LABEL,
        _CHOICE,
        _LABEL,
        {
            "validate": "list",
            "source": "=map_buildings",
            "show_error": False,
            "input_title": say(lang, "map.choose"),
            "input_message": say(lang, "map.choose_help"),
        },
    )


def _paint(sheet: Worksheet, style: Style) -> None:
    """The colour of each state, by the sign its label begins with."""
    last = _FIRST + FLOORS - 1, _GRID + STACKS - 1
    corner = _cell(_FIRST, _GRID)
    for state, sign in _SIGNS.items():
        rule = {"type": "formula", "criteria": f'=LEFT({corner},1)="{sign}"', "format": style.mark(f"map_{state}")}
        sheet.conditional_format(_FIRST, _GRID, *last, rule)
        legend = _LEGEND, _LEGEND_AT[state]
        sheet.conditional_format(
            *legend, *legend, {"type": "formula", "criteria": "=TRUE", "format": style.mark(f"map_{state}")}
        )
    for row, column, to in (
        (_FIRST, _LABEL, (_FIRST + FLOORS - 1, _LABEL)),
        (_HEAD, _GRID, (_HEAD, _GRID + STACKS - 1)),
    ):
        filled = {"type": "formula", "criteria": f'={_cell(row, column)}<>""', "format": style.mark("map_side")}
        sheet.conditional_format(row, column, *to, filled)


def _print(book: Workbook, sheet: Worksheet, name: str, lang: str) -> None:
    """The chosen building on one page: the printed area ends with its last floor and stack."""
    sheet.freeze_panes(_FIRST, _GRID)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(f"&L{say(lang, 'map.internal')}&R&D")
    # Excel follows the formula; LibreOffice, which doesn't, fits the whole grid on the page.
    corner = f"'{name}'!$B$1"
    floors = f"COUNT('{name}'!$A${_FIRST + 1}:$A${_FIRST + FLOORS})"
    stacks = f"COUNT('{name}'!$C${_KEYS + 1}:${xl_col_to_name(_GRID + STACKS - 1)}${_KEYS + 1})"
    area = f"OFFSET({corner},0,0,{_FIRST}+MAX(1,{floors}),1+MAX(6,{stacks}))"
    book.define_name("map_area", f"={area}")
    book.define_name(f"'{name}'!_xlnm.Print_Area", "=map_area")
