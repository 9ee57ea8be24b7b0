"""The sheet that explains the account workbook to those who fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import say

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_PARTS = {"start": 6, "colours": 4, "figures": 4, "care": 3}


def draw(book: Workbook, style: Style, lang: str) -> None:
    """The help sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
    """
    sheet = book.add_worksheet(say(lang, "sheet.help"))
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, say(lang, "accounts.help.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "accounts.help.purpose"), style.look("purpose"))
    row = 3
    for part, count in _PARTS.items():
        sheet.write_string(row, 0, say(lang, f"accounts.help.{part}"), style.look("section"))
        sheet.write_string(row, 1, "", style.look("section"))
        for number in range(1, count + 1):
            sheet.write_number(row + number, 0, number, style.look("number"))
            sheet.write_string(row + number, 1, say(lang, f"accounts.help.{part}.{number}"), style.look("text"))
        row += count + 2
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 2, 1)
