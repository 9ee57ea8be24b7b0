"""A unit placement workbook filled, recalculated and read back, for the tests."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import openpyxl

from xlplugin.cli.recalc import desk_functions
from xlplugin.hosts._book import column_letters
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book, ref
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks.build import build, known_formulas
from xlplugin.workbooks.recipes import tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlplugin.domain import Unit, Wish

    Rows = Sequence[Mapping[str, Any]]

EPOCH = 693594  # the ordinal of day 0
NAME = "unit_placement"
PAYMENTS = ("full", "mortgage", "fund", "combined", "instalments")


@lru_cache(maxsize=2)
def _known(lang: str) -> frozenset[str]:
    return frozenset(known_formulas(lang))


def filled(
    path: Path,
    lang: str,
    tables: Mapping[str, Rows],
    *,
    name: str = NAME,
    rows: int = 40,
    host: str = "classic",
    more: Mapping[tuple[str, str], Any] | None = None,
    floors: int | None = None,
    stacks: int | None = None,
) -> None:
    """The template with rows typed into its tables, calculated; a formula that could not be is a failure.

    Args:
        path: where it is to stand.
        lang: its language.
        tables: by the table's name in recipes, the rows by column key.
        name: the template.
        rows: how many rows are prepared.
        host: its spelling.
        more: further cells by sheet and reference.
        floors: how many the map has room for.
        stacks: as above.
    """
    build(name, path, lang=lang, rows=rows, host=host, floors=floors, stacks=stacks)
    refill(path, lang, tables, name=name, host=host, more=more)


def refill(
    path: Path,
    lang: str,
    tables: Mapping[str, Rows],
    *,
    name: str = NAME,
    host: str = "classic",
    more: Mapping[tuple[str, str], Any] | None = None,
) -> None:
    """Rows typed into a workbook that is there, from its first row on."""
    book, recipes = open_book(path), tables_of(name)
    inputs: dict[Any, Any] = dict(more or {})
    for table_name, lines in tables.items():
        recipe = recipes[table_name]
        table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
        for at, line in enumerate(lines, 1):
            inputs |= {(table.sheet, ref(table, headers[key], at)): value for key, value in line.items() if value != ""}
    functions = (lambda _date1904: {}) if host == "native" else desk_functions(load())
    done = recalc(path, path, functions, inputs=inputs, trusted=_known(lang).__contains__, overwrite_formulas=True)
    assert not done.kept, done.kept[:3]
    assert not done.faults, done.faults


def shown(path: Path, table: str, *, name: str = NAME) -> list[dict[str, Any]]:
    """What a table shows, by column key."""
    recipe = tables_of(name)[table]
    place = open_book(path).tables[recipe.table.casefold()]
    sheet = openpyxl.load_workbook(path, data_only=True, read_only=False)[place.sheet]
    first = place.first_row + 1
    return [
        {key: sheet.cell(row, place.first_column + at).value for key, at in recipe.place.items()}
        for row in range(first, place.last_row + 1)
    ]


def areas(path: Path, table: str, *, name: str = NAME) -> list[str]:
    """The sheet and area of a table's rows."""
    recipe = tables_of(name)[table]
    place = open_book(path).tables[recipe.table.casefold()]
    last = column_letters(place.first_column + len(recipe.columns) - 1)
    return [place.sheet, f"{column_letters(place.first_column)}{place.first_row + 1}:{last}{place.last_row}"]


def unit_row(unit: Unit, lang: str) -> dict[str, Any]:
    """A unit as its row is typed."""
    keys = "unit_no building entrance floor stack layout area unit_price use permit_no".split()
    sold = say(lang, f"placement.{unit.sale_state}") if unit.sale_state else None
    day = None if unit.permit_date is None else unit.permit_date - EPOCH
    return {**{key: getattr(unit, key) for key in keys}, "sale_state": sold, "permit_date": day}


def wish_row(wish: Wish, lang: str) -> dict[str, Any]:
    """A wish as its row is typed."""
    keys = "customer_no name phone quantity intended_area acceptable_total first_payment grade".split()
    words = dict(zip(PAYMENTS, say(lang, "choice.placement_payment").split(","), strict=True))
    comma = "、" if lang == "zh" else ", "
    return {
        **{key: getattr(wish, key) for key in keys},
        **{f"choice_{rank}": comma.join(names) or None for rank, names in enumerate(wish.choices, 1)},
        "payment": words.get(wish.payment),
        "strong": None if wish.strong is None else say(lang, "word.yes" if wish.strong else "word.no"),
        "deposit_time": None if wish.deposit_time is None else wish.deposit_time - EPOCH,
    }


def filled_rows(rows: Iterable[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    """The rows that hold anything in a column."""
    return [row for row in rows if row[key] not in (None, "")]
