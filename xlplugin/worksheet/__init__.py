"""The worksheet functions as records, and the desk they work at."""

from xlplugin.worksheet.desk import Desk
from xlplugin.worksheet.functions import FUNCTIONS
from xlplugin.worksheet.registry import Arg, Function
from xlplugin.worksheet.signed import XLP_CADENCE_OK as _XLP_CADENCE_OK  # noqa: F401 - puts it on record

__all__ = ["FUNCTIONS", "Arg", "Desk", "Function"]
