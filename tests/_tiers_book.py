"""The account workbook filled with its sample, for tests and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import cell_named, open_book, ref
from xlplugin.texts import say
from xlplugin.workbooks.build import build, known_formulas
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_accounts import DAY, sample
from xlplugin.worksheet.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlplugin.hosts.headless import Report

    Rows = Mapping[str, Sequence[Mapping[str, Any]]]

NAME = "account_tiers"


def functions(date1904: bool) -> Any:
    assert not date1904
    return Desk().functions()


def typed(path: Path, rows: Rows, lang: str = "zh", day: object = DAY) -> dict[tuple[str, str], Any]:
    """What is typed into which cell: rows of tables by column key, and the day."""
    book, tables = open_book(path), tables_of(NAME)
    inputs: dict[tuple[str, str], Any] = {}
    for name, lines in rows.items():
        recipe = tables[name]
        table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
        for number, line in enumerate(lines, 1):
            inputs |= {(table.sheet, ref(table, headers[key], number)): value for key, value in line.items()}
    paid = [line.get("product_line") for line in rows.get("payments", ())]
    names = dict.fromkeys(line for line in paid if isinstance(line, str))
    inputs |= {(say(lang, "sheet.rules"), f"H{row}"): line for row, line in enumerate(names, 6)}
    at = cell_named(book, "as_of")
    assert at is not None
    if day is not None:
        inputs[at] = day
    return inputs


def fill(
    path: Path,
    rows: Rows | None = None,
    *,
    lang: str = "zh",
    host: str = "classic",
    day: object = DAY,
    size: int = 45,
    more: Mapping[tuple[str, str], Any] | None = None,
) -> Report:
    """Builds the workbook, types the rows into it and recalculates it."""
    build(NAME, path, lang=lang, rows=size, host=host)
    inputs = typed(path, sample(lang) if rows is None else rows, lang, day) | dict(more or {})
    return recalc(path, path, functions, inputs=inputs, overwrite_formulas=True, trusted=known_formulas().__contains__)


def shown(path: Path, table: str = "accounts", lang: str = "zh") -> list[dict[str, Any]]:
    """What the rows of a table show, by column key."""
    import openpyxl  # noqa: PLC0415 - the pictures' script needs none

    recipe = tables_of(NAME)[table]
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book[say(lang, f"sheet.{recipe.sheet}")]
    keys = [column.key for column in recipe.columns]
    rows = sheet.iter_rows(min_row=6, max_col=len(keys), values_only=True)
    return [dict(zip(keys, row, strict=True)) for row in rows]
