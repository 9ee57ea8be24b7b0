"""`xlplugin demo`: the whole way once, on a register as staff fill it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.cli._outputs import named_output, unused
from xlplugin.cli._shared import Progress, aligned
from xlplugin.cli.recalc import desk_functions, report
from xlplugin.errors import XlpError
from xlplugin.rulebook import load
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse

    from xlplugin.hosts._book import Table
    from xlplugin.hosts.headless import Input, Report

_NAME = "visitor_register"
_SHOWN = ("name", "visit_date", "grade", "status", "next_contact", "due", "why")


def run(options: argparse.Namespace, lang: str) -> int:
    """Builds the register, types the morning into it, recalculates, and prints what the sheet shows."""
    folder = Path(options.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise XlpError("cannot_write", path=folder, found=error) from None
    target = folder / f"{_NAME}_{options.lang}.xlsx"
    if options.replace:
        named_output(target, replace=True)
    else:
        target = unused(target, lang)
    result = _fill(target, options.lang, lang)
    _print(target, options.lang)
    report(result, target, lang)
    print(say(lang, "cli.demo.built", path=target))
    print(say(lang, "cli.demo.open"))
    return result.exit_code


def _fill(target: Path, book_lang: str, lang: str) -> Report:
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine
    from xlplugin.hosts.places import cell_named, open_book, ref  # noqa: PLC0415 - the same
    from xlplugin.workbooks.build import build, is_ours  # noqa: PLC0415 - brings the workbook writer
    from xlplugin.workbooks.recipes import recipe_of  # noqa: PLC0415 - the same
    from xlplugin.workbooks.sample_morning import DAY, morning  # noqa: PLC0415 - the same

    build(_NAME, target, lang=book_lang)
    book, recipe = open_book(target), recipe_of(_NAME)
    table = book.tables[recipe.table.casefold()]
    headers = {column.key: column.header[book_lang] for column in recipe.columns}
    inputs: dict[tuple[str, str], Input] = {
        (table.sheet, ref(table, headers[key], row)): value  # type: ignore[misc] # the sample holds cell values only
        for row, visit in enumerate(morning(book_lang), 1)
        for key, value in visit.items()
    }
    as_of = cell_named(book, "as_of")
    if as_of is not None:
        inputs[as_of] = DAY
    progress = Progress(lang)
    try:
        return recalc(target, target, desk_functions(load()), inputs=inputs, trusted=is_ours, progress=progress)
    finally:
        progress.close()


def _print(target: Path, lang: str) -> None:
    """What the sheet shows, read back from the file as any other program reads it."""
    from xlplugin.hosts.places import open_book  # noqa: PLC0415 - brings the engine's package reader
    from xlplugin.workbooks.recipes import recipe_of  # noqa: PLC0415 - the same
    from xlplugin.workbooks.sample_morning import DAY  # noqa: PLC0415 - the same

    recipe = recipe_of(_NAME)
    headers = {column.key: column.header[lang] for column in recipe.columns}
    rows = _rows(target, open_book(target).tables[recipe.table.casefold()])
    filled = [row for row in rows if row[headers["name"].casefold()]]
    print(say(lang, "cli.demo.day", day=DAY.isoformat(), count=len(filled)))
    shown = [headers[key] for key in _SHOWN]
    print(aligned(shown, [[_cell(row[header.casefold()]) for header in shown] for row in filled], 74))
    counts = Counter(_cell(row[headers["grade"].casefold()]) or say(lang, "cli.demo.none") for row in filled)
    print()
    summary = [[grade, str(count), "█" * count] for grade, count in sorted(counts.items())]
    print(aligned([say(lang, "cli.demo.summary"), say(lang, "cli.demo.column.count"), ""], summary))


def _rows(target: Path, table: Table) -> list[dict[str, object]]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - loaded when a workbook is read

    cells = CalamineWorkbook.from_path(str(target)).get_sheet_by_name(table.sheet).to_python(skip_empty_area=False)
    first = table.first_row + table.header_rows - 1
    return [
        {header: row[table.first_column - 1 + at] for header, at in table.columns.items()}
        for row in cells[first : table.last_row]
    ]


def _cell(value: object) -> str:
    return "" if value is None else show(value)
