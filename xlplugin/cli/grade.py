"""`xlplugin grade`: a table in, the same table with grade, next contact date and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._outputs import output_of
from xlplugin.cli._shared import Progress, day, note, today
from xlplugin.decisions.cadence import WorkingDays
from xlplugin.decisions.office_rules import read_holidays
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks.grading import grade_table, known_headers
from xlplugin.workbooks.tables import read_table
from xlplugin.workbooks.writing import csv_text, write_table

if TYPE_CHECKING:
    import argparse

_HOLIDAY_HEADERS = ("日期", "date", "名称", "name", "休/班", "休班", "kind", "off_work", "off/work")


def run(options: argparse.Namespace, lang: str) -> int:
    """Grades the table and writes or prints it."""
    book = load(options.rulebook)
    scheme = book.find(options.scheme)
    source = Path(options.table)
    target = _target(source, options, lang)
    as_of = day(options.as_of, "--as-of") or today()
    working_days = _working_days(options.holidays) if options.working_days or options.holidays else None
    table = read_table(source, known_headers(book, scheme), sheet=options.sheet, header_row=options.header_row)
    progress = Progress(lang)
    graded = grade_table(
        book,
        scheme,
        table.headers,
        table.rows,
        as_of=as_of,
        lang=options.lang,
        working_days=working_days,
        epoch=table.epoch,
        progress=progress,
    )
    progress.close()
    if graded.totals:
        rows = say(lang, "join.list").join(str(table.first_row + place) for place in graded.totals)
        note(lang, "cli.grade.totals", rows=rows)
    if target is None:
        sys.stdout.write(csv_text(graded.headers, graded.rows).replace("\r\n", "\n"))
        return 0
    write_table(target, graded.headers, graded.rows)
    counted = ", ".join(f"{grade or '-'} {count}" for grade, count in graded.counts.items() if count)
    note(lang, "cli.grade.done", rows=sum(graded.counts.values()), path=target, counts=counted)
    return 0


def _target(source: Path, options: argparse.Namespace, lang: str) -> Path | None:
    """Where the result goes; None where it is printed."""
    if options.output is None:
        return None
    kinds = (".csv", ".xlsx")
    usual = source.with_name(f"{source.stem}-grade{source.suffix if source.suffix.casefold() in kinds else '.xlsx'}")
    return output_of(options, usual, lang, kinds=kinds, kind_error="output_kind", read=(source, options.holidays))


def _working_days(path: str | None) -> WorkingDays:
    """The calendar of a holiday file: any table with dates and, for made-up working days, 班."""
    if path is None:
        return WorkingDays()
    table = read_table(Path(path), _HOLIDAY_HEADERS)
    return read_holidays(table.rows, table.epoch)
