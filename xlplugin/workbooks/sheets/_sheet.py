"""A worksheet that does not read the same formula again for every row, and knows how add-ins' functions are stored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from xlplugin.hosts.lite import PREFIX

if TYPE_CHECKING:
    from xlsxwriter.format import Format

__all__ = ["Sheet"]


class Sheet(Worksheet):  # type: ignore[misc] # XlsxWriter ships no type information
    """XlsxWriter's worksheet, with what it does to a formula's text done once for each text."""

    @lru_cache(maxsize=256)  # noqa: B019 - the sheet lives as long as the build
    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return str(super()._prepare_formula(formula, expand_future_functions))

    def _write_formula(self, row: int, column: int, formula: str, look: Format | None = None, value: object = 0) -> int:
        # Excel itself stores every call of an Office add-in's function as a dynamic array, even if it fills one cell.
        if PREFIX in formula:
            return int(self.write_dynamic_array_formula(row, column, row, column, formula, look, value))
        return int(super()._write_formula(row, column, formula, look, value))
