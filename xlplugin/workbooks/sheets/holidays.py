"""The sheet of public holidays and make-up working days."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.texts import say
from xlplugin.workbooks.spelling import HOLIDAYS_TABLE
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas", "name_columns"]

_HEADERS = 4
_SPARE_ROWS = 40  # for the next year's days, where a table does not grow by itself
_COLUMNS = {"date": 12, "name": 26, "kind": 10}
_YEARS_SHOWN = 2


class _Day(NamedTuple):
    day: date
    kind: str
    name: dict[str, str]


def _days() -> list[_Day]:
    text = (files("xlplugin.workbooks") / "holidays_cn.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return [_Day(date.fromisoformat(row["date"]), row["kind"], {"zh": row["zh"], "en": row["en"]}) for row in rows]


def draw(book: Workbook, style: Style, lang: str) -> None:
    """The holidays sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
    """
    days = _days()
    sheet = book.add_worksheet(say(lang, "sheet.holidays"))
    sheet.write_string(0, 0, say(lang, "holidays.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "holidays.purpose"), style.look("purpose"))
    sheet.write_string(2, 0, say(lang, "holidays.source"), style.look("hint"))
    _table(sheet, style, days, lang)
    _years(sheet, style, days, lang)
    sheet.freeze_panes(_HEADERS + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADERS)
    sheet.print_area(0, 0, _HEADERS + len(days), 6)


def name_columns(book: Workbook, lang: str) -> None:
    """Names for the days and for their kinds, `holiday_dates` and `holiday_kinds`, for plain formulas."""
    first, last = _HEADERS + 2, _HEADERS + len(_days()) + _SPARE_ROWS + 1
    for name, letter in (("holiday_dates", "A"), ("holiday_kinds", "C")):
        book.define_name(name, f"='{say(lang, 'sheet.holidays')}'!${letter}${first}:${letter}${last}")


def _table(sheet: Worksheet, style: Style, days: list[_Day], lang: str) -> None:
    for place, width in enumerate(_COLUMNS.values()):
        sheet.set_column(place, place, width)
    last = _HEADERS + len(days) + _SPARE_ROWS
    columns = [{"header": say(lang, f"holidays.{key}"), "header_format": style.look("head_input")} for key in _COLUMNS]
    options = {"name": HOLIDAYS_TABLE, "style": None, "columns": columns}
    sheet.add_table(_HEADERS, 0, last, len(columns) - 1, options)
    kinds = dict(zip(("off", "work"), _kinds(lang), strict=True))
    for row, day in enumerate(days, _HEADERS + 1):
        sheet.write_datetime(row, 0, day.day, style.cell("date"))
        sheet.write_string(row, 1, day.name[lang], style.cell("text"))
        sheet.write_string(row, 2, kinds[day.kind], style.cell("choice"))
    for row in range(_HEADERS + 1 + len(days), last + 1):
        for place, kind in enumerate(("date", "text", "choice")):
            sheet.write_blank(row, place, None, style.cell(kind))
    _checks(sheet, style, last, lang)


def _kinds(lang: str) -> list[str]:
    return say(lang, "choice.off_work").split(",")


def _checks(sheet: Worksheet, style: Style, last: int, lang: str) -> None:
    refused = {"error_title": say(lang, "entry.refused")}
    kinds = _kinds(lang)
    choice = say(lang, "entry.choice", words=" / ".join(kinds))
    day = {"validate": "date", "criteria": "between", "minimum": 36526, "maximum": 73050}
    sheet.data_validation(_HEADERS + 1, 0, last, 0, {**day, **refused, "error_message": say(lang, "entry.date")})
    offered = {"validate": "list", "source": kinds, "error_message": choice, **refused}
    sheet.data_validation(_HEADERS + 1, 2, last, 2, offered)
    worked = {"type": "formula", "criteria": f"=$C{_HEADERS + 2}={quoted(kinds[1])}", "format": style.mark("soon")}
    sheet.conditional_format(_HEADERS + 1, 0, last, 2, worked)


def _year_formula(year: int, headers: dict[str, str], lang: str) -> str:
    """Says how many days of a year are entered, or that the year is not known."""
    column = f"{HOLIDAYS_TABLE}[{headers['date']}]"
    count = f'COUNTIFS({column},">="&DATE({year},1,1),{column},"<"&DATE({year + 1},1,1))'
    known = (
        f"{quoted(str(year) + say(lang, 'holidays.known_before'))}&{count}&{quoted(say(lang, 'holidays.known_after'))}"
    )
    return f"IF({count}=0,{quoted(str(year) + say(lang, 'holidays.unknown'))},{known})"


def _year_formulas(days: list[_Day], lang: str) -> dict[int, str]:
    headers = {key: say(lang, f"holidays.{key}") for key in _COLUMNS}
    first = max(day.day.year for day in days)
    return {year: _year_formula(year, headers, lang) for year in range(first, first + _YEARS_SHOWN)}


def known_formulas(lang: str) -> set[str]:
    """The formulas of this sheet, as stored."""
    return set(_year_formulas(_days(), lang).values())


def _years(sheet: Worksheet, style: Style, days: list[_Day], lang: str) -> None:
    """Which years are known, beside the table."""
    sheet.set_column(3, 3, 3)
    sheet.set_column(4, 4, 60)
    for row, (year, formula) in enumerate(_year_formulas(days, lang).items(), _HEADERS):
        count = sum(day.day.year == year for day in days)
        known = f"{year}{say(lang, 'holidays.known_before')}{count}{say(lang, 'holidays.known_after')}"
        shown = known if count else f"{year}{say(lang, 'holidays.unknown')}"
        sheet.write_formula(row, 4, "=" + formula, style.look("text"), shown)
