"""Array formulas: the cells they fill, written and blanked again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.hosts._book import split_ref
from xlplugin.hosts._placing import place
from xlplugin.hosts._sheet_xml import attribute, cell_name
from xlplugin.hosts._values import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xlplugin.hosts._engine import Engine
    from xlplugin.hosts._sheet_xml import Cell, Edit, Formula, SheetXml
    from xlplugin.hosts._values import Value

__all__ = ["area", "is_array", "is_dynamic", "members_blanked", "publish"]

_NOTHING = CellError("#N/A")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)</")
Area = tuple[int, int, int, int]


def is_array(formula: Formula) -> bool:
    """Whether the cell holds an array formula."""
    return b"array" in formula.attributes and attribute(formula.attributes, b"t") == "array"


def is_dynamic(sheet: SheetXml, formula: Formula) -> bool:
    """Whether an array formula spills as far as its result goes; an older one fills the cells it was entered in."""
    return attribute(sheet.content[formula.start : formula.open_end], b"cm") not in ("", "0")


def area(formula: Formula) -> Area:
    """First row, first column, last row, last column of what an array formula filled when it was saved."""
    ref = attribute(formula.attributes, b"ref")
    try:
        return split_ref(ref)
    except ValueError:
        return formula.row, formula.column, formula.row, formula.column


def members_blanked(sheet: SheetXml, arrays: Iterable[Formula]) -> Iterator[Edit]:
    """The edits that empty what arrays filled besides their first cell: the engine would take it for typed input."""
    areas = [area(formula) for formula in arrays]
    areas = [found for found in areas if found[:2] != found[2:]]
    if not areas:
        return
    formulas = {(formula.row, formula.column) for formula in sheet.formulas}
    cells, _ = sheet.cells(range(min(found[0] for found in areas), max(found[2] for found in areas) + 1))
    for cell in cells:
        if (cell.row, cell.column) not in formulas and any(_inside(cell, found) for found in areas):
            yield cell.start, cell.end, b""


def publish(sheet: SheetXml, name: str, engine: Engine, arrays: Iterable[Formula]) -> list[Edit]:
    """The edits that show what arrays fill now: members written, `ref` set, cells no longer filled emptied."""
    values: dict[tuple[int, int], Value] = {}
    edits: list[Edit] = []
    for formula in arrays:
        old = area(formula)
        rows, columns = engine.spilled(name, formula.row, formula.column)
        new = formula.row, formula.column, formula.row + rows - 1, formula.column + columns - 1
        if is_dynamic(sheet, formula):
            values |= dict.fromkeys(_keys(old))
            values |= _block(engine, name, new)
            if new != old:
                edits.append(_ref(sheet, formula, new))
        else:
            found = _block(engine, name, new)
            values |= {key: found.get(key, _NOTHING) for key in _keys(old)}
        del values[formula.row, formula.column]
    return [*edits, *_changed(sheet, values)]


def _changed(sheet: SheetXml, values: dict[tuple[int, int], Value]) -> list[Edit]:
    formulas = {(formula.row, formula.column) for formula in sheet.formulas}
    edits = place(sheet, {key: value for key, value in values.items() if key not in formulas}, inline=False)
    return [edit for edit in edits if _shown(sheet.content[edit[0] : edit[1]]) != _shown(edit[2])]


def _shown(cell: bytes) -> object:
    """What a cell's bytes show, or the bytes themselves if they are no cell."""
    if b"<" not in cell[:1] or (b"c " not in cell[:12] and b"c/" not in cell):
        return cell
    kind = attribute(cell[: cell.index(b">") + 1], b"t").encode()
    value = _VALUE.search(cell)
    shown = decode(b"" if kind == b"n" else kind, value[1] if value else None)
    return type(shown), shown, kind == b"s"


def _block(engine: Engine, name: str, found: Area) -> dict[tuple[int, int], Value]:
    grid = engine.block(name, found[:2], found[2:])
    return {(row, column): grid[row - found[0]][column - found[1]] for row, column in _keys(found)}


def _keys(found: Area) -> Iterator[tuple[int, int]]:
    first_row, first_column, last_row, last_column = found
    return ((row, column) for row in range(first_row, last_row + 1) for column in range(first_column, last_column + 1))


def _ref(sheet: SheetXml, formula: Formula, new: Area) -> Edit:
    old = attribute(formula.attributes, b"ref").encode()
    ref = cell_name(*new[:2]) if new[:2] == new[2:] else f"{cell_name(*new[:2])}:{cell_name(*new[2:])}"
    at = sheet.content.index(b'ref="%s"' % old, formula.f_start, formula.f_end) + 5
    return at, at + len(old), ref.encode()


def _inside(cell: Cell, found: Area) -> bool:
    return found[0] <= cell.row <= found[2] and found[1] <= cell.column <= found[3]
