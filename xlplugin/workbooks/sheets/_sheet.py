"""A worksheet that does not read the same formula again for every row."""

from __future__ import annotations

from functools import lru_cache

from xlsxwriter.worksheet import Worksheet

__all__ = ["Sheet"]


class Sheet(Worksheet):  # type: ignore[misc] # XlsxWriter ships no type information
    """XlsxWriter's worksheet, with what it does to a formula's text done once for each text."""

    @lru_cache(maxsize=256)  # noqa: B019 - the sheet lives as long as the build
    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return str(super()._prepare_formula(formula, expand_future_functions))
