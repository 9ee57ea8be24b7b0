"""The placement workbook with the low floors of the sample project: every state of a unit, every kind of placement.

What it must show comes from `decisions.placement` and from the units and wishes that are typed (spec 2.29).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from _placement import NAME, unit_row, wish_row

from sharing.model import Place
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import Terms, counted, crowd, fit, named, placement, places, state
from xlplugin.hosts._book import split_ref
from xlplugin.hosts.places import ref
from xlplugin.texts import say
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sharing.model import Wanted
    from xlplugin.domain import Unit, Wish
    from xlplugin.hosts._book import Book
    from xlplugin.hosts.headless import Input

ROWS = 40  # prepared; those behind the units and the wishes stay blank and are to show nothing
VARIANTS: dict[str, dict[str, Any]] = {"zh": {"lang": "zh"}}
EDITIONS: tuple[str, ...] = ()
_UNITS = 30
_TERMS = Terms()
_TEXTS = ("text", "short", "prose")
Rows = list[dict[str, "Wanted"]]


def project(lang: str) -> tuple[list[Unit], list[Wish]]:
    """The lowest floors of one building, one unit of them sold, and those who want them first, with some mistakes."""
    units, wishes = sample_project(lang)
    units = units[:_UNITS]
    numbers = {unit.unit_no for unit in units}
    wishes = [wish for wish in wishes if wish.choices[0][0] in numbers][: ROWS - 5]
    wishes[0] = wishes[0]._replace(intended_area=200.0)
    wishes[1] = wishes[1]._replace(quantity=3)
    wishes[2] = wishes[2]._replace(choices=(("9-999",), (), ()))
    wishes[4] = wishes[4]._replace(intended_area=None)
    units[2] = units[2]._replace(unit_price=None, total=None)
    return units, wishes


def typed(book: Book, layout: Mapping[str, Any]) -> dict[tuple[str, str], Input]:
    """The units and the wishes."""
    lang = layout["lang"]
    units, wishes = project(lang)
    tables = {"units": [unit_row(unit, lang) for unit in units], "wish": [wish_row(wish, lang) for wish in wishes]}
    cells: dict[tuple[str, str], Input] = {}
    # The sheet's own formulas, the same in every copy, take no amount typed as text; its remarks say so (0006).
    tables["wish"][4]["intended_area"] = "１２０㎡"
    tables["units"][2]["unit_price"] = "1.6万"
    for name, lines in tables.items():
        recipe = tables_of(NAME)[name]
        table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
        for row, line in enumerate(lines, 1):
            filled = {key: value for key, value in line.items() if value not in (None, "")}
            cells |= {(table.sheet, ref(table, headers[key], row)): value for key, value in filled.items()}
    return cells


def wanted(book: Book, layout: Mapping[str, Any]) -> tuple[dict[Place, Wanted], dict[Place, str]]:
    """Of units wishes, placed and state, of wishes fit, placement and quantity; and the kind of the other columns."""
    lang = layout["lang"]
    units, wishes = project(lang)
    answers: dict[Place, Wanted] = {}
    others: dict[Place, str] = {}
    for name, lines in (("units", unit_rows(units, wishes, lang)), ("wish", wish_rows(units, wishes, lang))):
        recipe = tables_of(NAME)[name]
        table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
        at = {key: split_ref(ref(table, header, 1))[:2] for key, header in headers.items()}
        free = dict.fromkeys(lines[0])
        for row, shown in enumerate([*lines, *[free] * (ROWS - len(lines))]):
            answers |= {Place(table.sheet, at[key][0] + row, at[key][1]): value for key, value in shown.items()}
        for column in (column for column in recipe.columns if column.formula and column.band != "working"):
            kind = "date" if column.kind == "date" else "text" if column.kind in _TEXTS else "any"
            first, place = at[column.key]
            others |= {Place(table.sheet, row, place): kind for row in range(first, first + ROWS)}
    return answers, others


def unit_rows(units: Sequence[Unit], wishes: Sequence[Wish], lang: str) -> Rows:
    """What each unit's row is to show."""
    found = crowd(units, wishes, _TERMS)
    rows: Rows = []
    for unit in units:
        count = len(found.wishes.get(unit_key(unit.unit_no), ()))
        rows.append(
            {
                "wishes": count,
                "placed": len(found.placed.get(unit_key(unit.unit_no), ())),
                "state": say(lang, f"placement.{state(count, _TERMS, unit.sale_state)}"),
            }
        )
    return rows


def wish_rows(units: Sequence[Unit], wishes: Sequence[Wish], lang: str) -> Rows:
    """What each customer's row is to show."""
    where = places(units)
    rows: Rows = []
    for wish in wishes:
        chosen = named(wish.choices[0], units, where)
        fits = fit(wish, chosen, _TERMS).fits
        listed, asked = counted(wish)
        agrees = say(lang, "placement.agrees")
        rows.append(
            {
                "fit": None if fits is None else say(lang, "placement.yes" if fits else "placement.no"),
                "placement": say(lang, f"placement.{placement(wish, chosen, _TERMS)}"),
                "quantity_check": agrees
                if listed == asked
                else say(lang, "placement.count", wanted=asked, named=listed),
            }
        )
    return rows
