"""The sheet that explains the account workbook to those who fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.workbooks.sheets._guide import Guide

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_SECTIONS = {"start": 6, "colours": 4, "figures": 4, "care": 3}
_WIDTHS = 8, 110  # numbers alone stand in the first column


def draw(book: Workbook, style: Style, lang: str) -> None:
    """The help sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
    """
    guide = Guide(book, style, lang, "accounts.help", _WIDTHS)
    guide.numbered(_SECTIONS)
    guide.end(landscape=True)
