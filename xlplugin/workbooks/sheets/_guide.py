"""A sheet that explains a workbook to those who fill it in: numbered sentences, and what each colour means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_COMMON = {"input": "", "computed": "", "required": "required", "missing": "missing", "overwritten": "overwritten"}


def draw(
    book: Workbook, style: Style, lang: str, words: str, sections: Mapping[str, int], marks: Sequence[str] = ()
) -> Worksheet:
    """The help sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
        words: of its texts: `<words>.title`, `<words>.purpose`, `<words>.<section>`, `<words>.<section>.<number>`,
            `<words>.colour.<mark>`.
        sections: each with the number of its sentences.
        marks: the colours explained besides those that every workbook has.
    """
    sheet = book.add_worksheet(say(lang, "sheet.help"))
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, say(lang, f"{words}.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, f"{words}.purpose"), style.look("purpose"))
    row = 3
    for section, count in sections.items():
        row = _heading(sheet, style, say(lang, f"{words}.{section}"), row)
        for number in range(1, count + 1):
            sheet.write_number(row, 0, number, style.look("number"))
            sheet.write_string(row, 1, say(lang, f"{words}.{section}.{number}"), style.look("text"))
            row += 1
        row += 1
    row = _colours(sheet, style, lang, words, marks, row)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 1, 1)
    return sheet


def _heading(sheet: Worksheet, style: Style, text: str, row: int) -> int:
    sheet.write_string(row, 0, text, style.look("section"))
    sheet.write_string(row, 1, "", style.look("section"))
    return row + 1


def _colours(sheet: Worksheet, style: Style, lang: str, words: str, marks: Sequence[str], row: int) -> int:
    row = _heading(sheet, style, say(lang, "help.colours"), row)
    for sample, mark in [*_COMMON.items(), *((mark, mark) for mark in marks)]:
        own = sample in marks
        shown = say(lang, f"{words}.sample.{sample}") if own else ""
        sheet.write_string(row, 0, shown, style.cell("choice", computed=own or sample in ("computed", "overwritten")))
        if mark:
            sheet.conditional_format(
                row, 0, row, 0, {"type": "formula", "criteria": "=TRUE", "format": style.mark(mark)}
            )
        said = say(lang, f"{words}.colour.{sample}" if own else f"help.colour.{sample}")
        sheet.write_string(row, 1, said, style.look("text"))
        row += 1
    return row
