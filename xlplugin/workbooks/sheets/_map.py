"""The map sheet: one building at a time as a grid, floors from the top, stacks across, each unit's label in its place.

Which floors and stacks there are is worked out from the units, so that any building within the grid shows by itself.
Formulas speak of the grid's size by names only, so that those of a small one are all among those of a large one.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["LEAST", "MOST", "USUAL", "Grid", "draw", "is_wide", "known_formulas"]


class Grid(NamedTuple):
    """How many floors and how many stacks of a building the map has room for."""

    floors: int
    stacks: int


USUAL = Grid(34, 8)
"""What a map has room for unless asked otherwise; full, it is readable on one A3 page."""
LEAST, MOST = Grid(1, 3), Grid(150, 60)
_BUILDINGS = 12
_TITLE, _PURPOSE, _CHOICE, _LEGEND, _SECOND, _KEYS, _HEAD, _FIRST = range(8)
_ORDER, _LABEL, _GRID = range(3)  # folded numbers of the floors, their names, the first stack
_MAP_ROW, _UNIT_WIDE, _UNIT_HIGH = 49, 215, 65  # points; the place of a unit in pixels
_SIGNS = {"vacant": "○", "matched": "●", "wished": "◐", "contested": "◆", "heap": "▲", "sold": "■"}
_SAID = {
    "vacant": "空缺¦vacant",
    "matched": "已落位¦matched",
    "wished": "意向1未落位¦1 wish, not placed",
    "contested": "重叠¦contested",
    "heap": "扎堆¦heap",
    "sold": "不可售¦not for sale",
}
_LEGEND_AT = dict(zip(_SIGNS, product((_LEGEND, _SECOND), range(_GRID, _GRID + LEAST.stacks))))


def draw(book: Workbook, style: Style, units: Recipe, lang: str, grid: Grid) -> None:
    """The map sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        units: the table of the units.
        lang: `zh` or `en`.
        grid: what it is to have room for.
    """
    name = say(lang, "sheet.map")
    sheet = book.add_worksheet(name)
    _layout(sheet, style, lang, grid)
    looks = {"head": style.look("map_side"), "unit": style.look("map_unit"), "fold": style.look("hint")}
    for sort, row, column, formula in _formulas(units, lang, grid):
        shown = say(lang, "map.first") if sort == "banner" else ""  # with no units yet
        sheet.write_formula(row, column, f"={formula}", looks.get(sort) or style.look(sort), shown)
    _names(book, name, grid)
    _choose(sheet, style, lang)
    _paint(sheet, style, grid)
    _page(sheet, lang, grid)
    _print_area(book, name)


def known_formulas(units: Recipe, lang: str) -> set[str]:
    """The formulas of the map sheet, as stored, whatever its size."""
    return {formula for _, _, _, formula in _formulas(units, lang, MOST)}


def _cell(row: int, column: int, *, row_fixed: bool = False, column_fixed: bool = False) -> str:
    return f"{'$' * column_fixed}{xl_col_to_name(column)}{'$' * row_fixed}{row + 1}"


def _formulas(units: Recipe, lang: str, grid: Grid) -> Iterator[tuple[str, int, int, str]]:
    """Every formula of the sheet: how it looks, its row and column, and itself as stored."""
    spell = units.speller(lang).spell
    for sort, row, column, formula in (*_top(), *_floors(grid), *_stacks(grid), *_buildings(grid)):
        yield sort, row, column, spell(formula)
    for row, column, formula in _units(grid, spell("INDEX([*label],MATCH(FLOOR*1000000+STACK,[*on_key],0))")):
        yield "unit", row, column, formula


def _top() -> Iterator[tuple[str, int, int, str]]:
    yield "map_building", _CHOICE, _GRID, 'IF(map_choice="",INDEX(map_buildings,1),map_choice)'
    beyond = 'COUNTIF([*on_floor],"<"&MIN(map_floors))+COUNTIF([*on_stack],">"&MAX(map_stacks))'
    room = (
        "[~本栋超出¦More than ]&ROWS(map_floors)&[~层或¦ floors or ]&COLUMNS(map_stacks)"
        "&[~列，有房源没有显示。¦ stacks: some units are not shown. ]"
        "&IF(ROWS(map_floors)*COLUMNS(map_stacks)<ROWS(map_grid)*COLUMNS(map_grid),"
        '[~再运行一次 xlplugin place，图会放大。¦Run xlplugin place again, and the map grows. ],"")'
    )
    placed = 'COUNTIFS([*building],"?*",[*floor_no],">-1E+9",[*stack_no],">-1E+9")'
    off = f'COUNTIF([*unit_no],"?*")-{placed}'
    told = (
        f'IF(COUNTIF([*unit_no],"?*")=0,[=map.first],IF(COUNT([*on_floor])=0,"",IF({beyond}=0,"",{room}))'
        f'&IF({off}>0,[~缺楼层位置未上图：¦No floor or stack, not on the map: ]&({off}),""))'
    )
    yield "banner", _CHOICE, _GRID + 1, told
    for state, place in _LEGEND_AT.items():
        sign = _SIGNS[state]
        count = f'COUNTIFS([*on_key],">-1E+9",[*label],"{sign}*")'
        yield "map_legend", *place, f'"{sign} "&[~{_SAID[state]}]&" "&{count}'


def _floors(grid: Grid) -> Iterator[tuple[str, int, int, str]]:
    """The floors down the left."""
    for row in range(_FIRST, _FIRST + grid.floors):
        own, above = _cell(row, _ORDER), _cell(row - 1, _ORDER)
        most = 'IF(COUNT([*on_floor])=0,"",MAX([*on_floor]))'
        below = (
            f'IF({above}="","",IF(COUNTIF([*on_floor],"<"&{above})=0,"",'
            f'LARGE([*on_floor],COUNTIF([*on_floor],">="&{above})+1)))'
        )
        yield "fold", row, _ORDER, most if row == _FIRST else below
        yield "head", row, _LABEL, f'IF({own}="","",INDEX([*floor],MATCH({own},[*on_floor],0))&"")'


def _stacks(grid: Grid) -> Iterator[tuple[str, int, int, str]]:
    """The stacks along the top."""
    for column in range(_GRID, _GRID + grid.stacks):
        own, before = _cell(_KEYS, column), _cell(_KEYS, column - 1)
        least = 'IF(COUNT([*on_stack])=0,"",MIN([*on_stack]))'
        after = (
            f'IF({before}="","",IF(COUNTIF([*on_stack],">"&{before})=0,"",'
            f'SMALL([*on_stack],COUNTIF([*on_stack],"<="&{before})+1)))'
        )
        place = f"MATCH({own},[*on_stack],0)"
        entrance = f'IF(INDEX([*entrance],{place})="","",INDEX([*entrance],{place})&"-")'
        yield "fold", _KEYS, column, least if column == _GRID else after
        yield "head", _HEAD, column, f'IF({own}="","",{entrance}&INDEX([*stack],{place}))'


def _buildings(grid: Grid) -> Iterator[tuple[str, int, int, str]]:
    """The buildings to choose from, beyond the grid."""
    for at in range(_BUILDINGS):
        of = f"INDEX([*building],SMALL([*building_first],{at + 1}))"
        yield "fold", _FIRST + at, _lists(grid), f'IFERROR({of}&"","")'


def _lists(grid: Grid) -> int:
    return _GRID + grid.stacks + 1


def _units(grid: Grid, label: str) -> Iterator[tuple[int, int, str]]:
    """The units in their places; `label` finds one's by FLOOR and STACK."""
    for row in range(_FIRST, _FIRST + grid.floors):
        floor = _cell(row, _ORDER, column_fixed=True)
        on_floor = label.replace("FLOOR", floor)
        for column in range(_GRID, _GRID + grid.stacks):
            stack = _cell(_KEYS, column, row_fixed=True)
            found = on_floor.replace("STACK", stack)
            yield row, column, f'IF(OR({floor}="",{stack}=""),"",IFERROR({found},""))'


def _layout(sheet: Worksheet, style: Style, lang: str, grid: Grid) -> None:
    sheet.set_column(_ORDER, _ORDER, 5, None, {"level": 1, "hidden": True})
    sheet.set_column(_LABEL, _LABEL, 7)
    sheet.set_column(_GRID, _GRID + grid.stacks - 1, 26 if lang == "zh" else 30)
    sheet.set_column(_lists(grid) - 1, _lists(grid) - 1, 3)
    sheet.set_column(_lists(grid), _lists(grid), 12, None, {"level": 1, "hidden": True})
    sheet.set_row(_TITLE, 26)
    sheet.set_row(_CHOICE, 22)
    sheet.set_row(_LEGEND, 18)
    sheet.set_row(_SECOND, 18)
    sheet.set_row(_KEYS, 12, None, {"level": 1, "hidden": True})
    sheet.set_row(_HEAD, 18)
    for row in range(_FIRST, _FIRST + grid.floors):
        sheet.set_row(row, _MAP_ROW)
    sheet.write_string(_TITLE, _LABEL, say(lang, "map.title"), style.look("title"))
    sheet.write_string(_PURPOSE, _LABEL, say(lang, "map.purpose"), style.look("purpose"))
    sheet.write_string(_HEAD, _LABEL, say(lang, "placement.column.floor"), style.look("map_head"))


def _names(book: Workbook, name: str, grid: Grid) -> None:
    """The cell a building is chosen in, the building shown, the list to choose from, its floors and its stacks.

    `xlplugin place` makes the floors and stacks as many as the largest building has; the grid is all there could be.
    """

    def area(row: int, column: int, rows: int = 1, columns: int = 1) -> str:
        ends = dict.fromkeys(((row, column), (row + rows - 1, column + columns - 1)))
        return f"='{name}'!" + ":".join(_cell(*end, row_fixed=True, column_fixed=True) for end in ends)

    book.define_name("map_choice", area(_CHOICE, _LABEL))
    book.define_name("map_building", area(_CHOICE, _GRID))
    book.define_name("map_buildings", area(_FIRST, _lists(grid), rows=_BUILDINGS))
    book.define_name("map_floors", area(_FIRST, _ORDER, rows=grid.floors))
    book.define_name("map_stacks", area(_KEYS, _GRID, columns=grid.stacks))
    book.define_name("map_grid", area(_FIRST, _GRID, rows=grid.floors, columns=grid.stacks))


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


def _paint(sheet: Worksheet, style: Style, grid: Grid) -> None:
    """The colour of each state, by the sign its label begins with."""
    last = _FIRST + grid.floors - 1, _GRID + grid.stacks - 1
    corner = _cell(_FIRST, _GRID)
    for state, sign in _SIGNS.items():
        rule = {"type": "formula", "criteria": f'=LEFT({corner},1)="{sign}"', "format": style.mark(f"map_{state}")}
        sheet.conditional_format(_FIRST, _GRID, *last, rule)
        legend = _LEGEND_AT[state]
        sheet.conditional_format(
            *legend, *legend, {"type": "formula", "criteria": "=TRUE", "format": style.mark(f"map_{state}")}
        )
    for row, column, to in (
        (_FIRST, _LABEL, (_FIRST + grid.floors - 1, _LABEL)),
        (_HEAD, _GRID, (_HEAD, _GRID + grid.stacks - 1)),
    ):
        filled = {"type": "formula", "criteria": f'={_cell(row, column)}<>""', "format": style.mark("map_side")}
        sheet.conditional_format(row, column, *to, filled)


def is_wide(grid: Grid) -> bool:
    """Whether a grid is wider than high."""
    return grid.stacks * _UNIT_WIDE > grid.floors * _UNIT_HIGH


def _page(sheet: Worksheet, lang: str, grid: Grid) -> None:
    """The chosen building on one A3 page, upright unless the grid is wider than high."""
    sheet.freeze_panes(_FIRST, _GRID)
    sheet.hide_gridlines(2)
    sheet.set_paper(8)
    if is_wide(grid):
        sheet.set_landscape()
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1)
    sheet.set_footer(f"&L{say(lang, 'map.internal')}&R&D")


def _print_area(book: Workbook, name: str) -> None:
    """The printed area ends with the building's last floor and stack."""
    # Excel follows the formula; LibreOffice, which doesn't, fits on the page what `xlplugin place` has not hidden.
    corner = f"'{name}'!{_cell(0, _LABEL, row_fixed=True, column_fixed=True)}"
    size = f"{_FIRST}+MAX(1,COUNT(map_floors)),1+MAX({LEAST.stacks},COUNT(map_stacks))"
    book.define_name("map_area", f"=OFFSET({corner},0,0,{size})")
    book.define_name(f"'{name}'!_xlnm.Print_Area", "=map_area")
