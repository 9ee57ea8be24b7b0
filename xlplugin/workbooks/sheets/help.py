"""The sheet that explains the register to those who fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import say

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_BEFORE = {"start": 6}
_AFTER = {"blank": 4, "editions": 3, "care": 3}
_SAMPLES = ("input", "computed", "required", "missing", "overwritten", "typed", "flag", "changed", "grades")
_DUE = ("overdue", "today", "soon", "later", "unplanned", "pending", "plan_past", "no_callback", "opt_out", "continued")
_DUE_MARKS = {
    "unplanned": "pending",
    "plan_past": "pending",
    "no_callback": "quiet",
    "later": "quiet",
    "opt_out": "stopped",
}
_SAMPLE_MARKS = {
    "required": "required",
    "missing": "missing",
    "overwritten": "overwritten",
    "typed": "typed_over",
    "flag": "flagged",
    "changed": "changed",
}


def draw(book: Workbook, style: Style, lang: str) -> None:
    """The help sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
    """
    sheet = book.add_worksheet(say(lang, "sheet.help"))
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, say(lang, "help.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "help.purpose"), style.look("purpose"))
    row = _numbered(sheet, style, lang, 3, _BEFORE)
    row = _colours(sheet, style, lang, row)
    row = _due(sheet, style, lang, row)
    row = _numbered(sheet, style, lang, row, _AFTER)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 1, 1)


def _heading(sheet: Worksheet, style: Style, text: str, row: int) -> int:
    sheet.write_string(row, 0, text, style.look("section"))
    sheet.write_string(row, 1, "", style.look("section"))
    return row + 1


def _numbered(sheet: Worksheet, style: Style, lang: str, row: int, sections: dict[str, int]) -> int:
    for section, count in sections.items():
        row = _heading(sheet, style, say(lang, f"help.{section}"), row)
        for number in range(1, count + 1):
            sheet.write_number(row, 0, number, style.look("number"))
            sheet.write_string(row, 1, say(lang, f"help.{section}.{number}"), style.look("text"))
            row += 1
        row += 1
    return row


def _colours(sheet: Worksheet, style: Style, lang: str, row: int) -> int:
    row = _heading(sheet, style, say(lang, "help.colours"), row)
    for sample in _SAMPLES:
        _sample(sheet, style, row, sample)
        sheet.write_string(row, 1, say(lang, f"help.colour.{sample}"), style.look("text"))
        row += 1
    return row + 1


def _sample(sheet: Worksheet, style: Style, row: int, sample: str) -> None:
    """A cell that looks like the one explained; rules paint it as they do on the register."""
    shown = {"overwritten": "B", "typed": "3", "flag": "2026-03-20", "changed": "5", "grades": "H"}.get(sample, "")
    computed = sample in ("computed", "overwritten", "typed", "flag", "grades")
    sheet.write_string(row, 0, shown, style.cell("choice", computed=computed))
    if sample in _SAMPLE_MARKS:
        mark = style.mark(_SAMPLE_MARKS[sample])
    elif sample == "grades":
        mark = style.grade("H")
    else:
        return
    sheet.conditional_format(row, 0, row, 0, {"type": "formula", "criteria": "=TRUE", "format": mark})


def _due(sheet: Worksheet, style: Style, lang: str, row: int) -> int:
    row = _heading(sheet, style, say(lang, "help.due"), row)
    for state in _DUE:
        overdue = f"{say(lang, 'word.overdue_before')}5{say(lang, 'word.overdue_after')}"
        shown = overdue if state == "overdue" else say(lang, f"word.{state}")
        sheet.write_string(row, 0, shown, style.cell("choice", computed=True))
        mark = style.mark(_DUE_MARKS.get(state, state))
        sheet.conditional_format(row, 0, row, 0, {"type": "formula", "criteria": "=TRUE", "format": mark})
        sheet.write_string(row, 1, say(lang, f"help.due.{state}"), style.look("text"))
        row += 1
    return row + 1
