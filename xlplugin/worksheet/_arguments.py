"""Arguments that worksheet functions of several modules take."""

from __future__ import annotations

from xlplugin.worksheet.registry import Arg

__all__ = ["FIELDS", "HOLIDAYS", "RULES"]

FIELDS = Arg("fields", "表头区域", "the header range")
RULES = Arg("rules", "规则表（含表头）", "the rules table with its header", optional=True)
HOLIDAYS = Arg("holidays", "节假日表", "the holiday table", optional=True)
