"""What a caller types into a workbook before it is calculated."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import TYPE_CHECKING

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._book import split_ref
from xlplugin.hosts._placing import place
from xlplugin.hosts._sheet_xml import SheetXml, attribute, cell_name
from xlplugin.hosts._values import TEXT_LIMIT, serial

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._sheet_xml import Edit, Formula
    from xlplugin.hosts._values import Value

__all__ = ["Input", "by_sheet", "with_inputs"]

Input = None | bool | int | float | str | dt.date | CellError
"""What can be typed into a cell; None empties it. Text is never taken for a formula."""

_Place = tuple[int, int]


def by_sheet(inputs: Mapping[tuple[str, str], Input], sheets: Mapping[str, str]) -> dict[str, dict[_Place, Input]]:
    """The inputs by sheet, then by row and column.

    Args:
        inputs: values by sheet name and reference such as `B3`.
        sheets: the names of the book's worksheets by their lower case.

    Raises:
        XlpError: no such sheet, or no such reference.
    """
    found: dict[str, dict[_Place, Input]] = {}
    for (sheet, ref), value in inputs.items():
        name = sheets.get(sheet.casefold())
        if name is None:
            raise XlpError("input_no_sheet", found=sheet, allowed=", ".join(sheets.values()))
        try:
            row, column, last_row, last_column = split_ref(ref)
        except ValueError:
            raise XlpError("no_such_cell", sheet=sheet, found=ref) from None
        if (row, column) != (last_row, last_column) or not 1 <= row <= 1 << 20 or not 1 <= column <= 1 << 14:
            raise XlpError("no_such_cell", sheet=sheet, found=ref)
        found.setdefault(name, {})[row, column] = value
    return found


def with_inputs(
    sheet: SheetXml, inputs: Mapping[_Place, Input], overwrite_formulas: bool, date1904: bool
) -> tuple[SheetXml, bool]:
    """The sheet with the values put in, and whether formulas went.

    Raises:
        XlpError: a cell holds a formula and may not lose it, is part of an array, or the value is none of a cell.
    """
    values = {key: _value(sheet, key, value, date1904) for key, value in inputs.items()}
    hit = [formula for formula in sheet.formulas if (formula.row, formula.column) in values]
    for formula in hit:
        if not overwrite_formulas:
            found = unescape(formula.raw.decode())
            raise XlpError("input_over_formula", sheet=sheet.name, cell=_name(formula), found=found)
    for formula in sheet.formulas:
        _refuse_part_of_array(sheet, formula, values)
    edits = [*place(sheet, values, inline=True), *_orphans(sheet, hit, values)]
    return SheetXml(sheet.edited(edits), sheet.name), bool(hit)


def _value(sheet: SheetXml, key: _Place, value: object, date1904: bool) -> Value:
    if isinstance(value, dt.date):
        return serial(value, date1904)
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        raise XlpError("input_too_long", sheet=sheet.name, cell=cell_name(*key), found=len(value), limit=TEXT_LIMIT)
    if value is None or isinstance(value, (bool, str, CellError)):
        return value
    if isinstance(value, (int, float)) and abs(value) < 1e308:  # NaN is not, either
        return float(value)
    raise XlpError("input_no_value", sheet=sheet.name, cell=cell_name(*key), found=repr(value)[:80])


def _refuse_part_of_array(sheet: SheetXml, formula: Formula, values: Mapping[_Place, Value]) -> None:
    if b"array" not in formula.attributes and b"dataTable" not in formula.attributes:
        return
    ref = attribute(formula.attributes, b"ref")
    first_row, first_column, last_row, last_column = split_ref(ref) if ref else (0, 0, 0, 0)
    for row, column in values:
        if first_row <= row <= last_row and first_column <= column <= last_column:
            raise XlpError("input_in_array", sheet=sheet.name, cell=cell_name(row, column), found=ref)


def _orphans(sheet: SheetXml, gone: list[Formula], values: Mapping[_Place, Value]) -> Iterator[Edit]:
    """Shared formulas whose home went are spelled out in the cells that stay."""
    homes = {attribute(formula.attributes, b"si") for formula in gone if b"shared" in formula.attributes}
    if not homes:
        return
    for formula in sheet.formulas:
        shared = b"shared" in formula.attributes and attribute(formula.attributes, b"si") in homes
        if shared and (formula.row, formula.column) not in values:
            prefix = sheet.prefix
            yield formula.f_start, formula.f_end, b"<%sf>%s</%sf>" % (prefix, formula.raw, prefix)


def _name(formula: Formula) -> str:
    return cell_name(formula.row, formula.column)
