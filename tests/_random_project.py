"""A small project in which everything happens, typed into the unit placement workbook, for the tests."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import openpyxl
from _placement import unit_row, wish_row

from xlplugin.decisions.placement import Terms
from xlplugin.domain import Unit, Wish
from xlplugin.texts import say

if TYPE_CHECKING:
    from pathlib import Path


NAME = "unit_placement"
SHEETS = ("units", "wishes", "map", "heaps", "suggestion", "changes", "rules", "help")
TERMS = Terms()
FLOORS, STACKS = 34, 8
BLANKS = (None, "", 0)


def random_project(seed: int, size: int = 25) -> tuple[list[Unit], list[Wish]]:
    """A small project in which everything happens: missing figures, sold and unknown units, several in a cell."""
    draw = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    units = [
        Unit(
            f"{building}-{floor}{stack}",
            building=str(building),
            entrance=str(1 + stack // 3),
            floor=str(floor),
            stack=f"0{stack}",
            layout=draw.choice("甲乙丙"),
            area=draw.choice((50, 60, 66, 72.35, None)),
            unit_price=draw.choice((10000, 16380, None)),
            sale_state=draw.choice(("available", "available", "available", "", "reserved", "signed")),
        )
        for building in (1, 11)
        for floor in (1, 2, 11)
        for stack in (1, 2, 3, 4)
    ]
    units = [
        unit._replace(total=None if None in (unit.area, unit.unit_price) else round(unit.area * unit.unit_price))  # type: ignore[operator] # neither is None there
        for unit in units
    ]
    numbers = [unit.unit_no for unit in units[:9]] + ["9-999"]
    wishes = [
        Wish(
            f"C{at}",
            name=draw.choice(("张三", "李四", "Wang")),
            quantity=draw.choice((1, 1, 2, 3, None)),
            choices=tuple(tuple(draw.sample(numbers, draw.choice((0, 1, 1, 1, 2, 4)))) for _ in range(3)),
            intended_area=draw.choice((50, 54.5, 60, 66, None)),
            acceptable_total=draw.choice((600000, 1000000, 1190000, 5e6, None)),
            first_payment=draw.choice((150000, 180000, 1e6, None)),
            payment=draw.choice(("full", "mortgage", "fund", "combined", "instalments", "")),
            grade=draw.choice(("H", "A", "B", "C", "a", "")),
            strong=draw.choice((True, False, None)),
            order=at,
        )
        for at in range(size)
    ]
    return units, wishes


def typed_tables(units: list[Unit], wishes: list[Wish], lang: str) -> dict[str, list[dict[str, Any]]]:
    return {"units": [unit_row(one, lang) for one in units], "wish": [wish_row(one, lang) for one in wishes]}


def map_shown(path: Path, lang: str) -> dict[tuple[str, str], str]:
    """The labels on the map by floor and stack."""
    sheet = openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.map")]
    stacks = [sheet.cell(7, column).value for column in range(3, 3 + STACKS)]
    return {
        (str(sheet.cell(row, 2).value), stack): sheet.cell(row, column).value
        for row in range(8, 8 + FLOORS)
        for column, stack in enumerate(stacks, 3)
        if stack and sheet.cell(row, 2).value and sheet.cell(row, column).value
    }


def unit_cells(no: str, floor: str, stack: str, building: str = "1栋", entrance: str = "") -> dict[str, Any]:
    where = {"building": building, "entrance": entrance, "floor": floor, "stack": stack}
    return {"unit_no": no, **where, "layout": "三房", "area": 100, "unit_price": 10000}


def map_banner(path: Path, lang: str = "zh") -> str:
    return openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.map")]["D3"].value or ""


GOOD_WISH = {
    "customer_no": "C1",
    "name": "张三",
    "quantity": 1,
    "choice_1": "1-101",
    "intended_area": 100,
    "acceptable_total": 1000000,
    "first_payment": 300000,
    "payment": "商业贷款",
    "grade": "A",
}
