"""Rows that sum a table up, and so are nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cells import is_blank, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TOTALS", "is_total_row"]

TOTALS = "合计|小计|总计|汇总|累计|共计|本页合计|total|subtotal|sub total|grand total".split("|")
"""The words by which people mark such a row."""

_SPELLED = frozenset(map(text_of, TOTALS))


def is_total_row(cells: Sequence[object]) -> bool:
    """Whether a row is marked as a total: the first text in it is nothing but such a word."""
    first = next((cell for cell in cells if isinstance(cell, str) and not is_blank(cell)), "")
    return text_of(first).rstrip(":") in _SPELLED
