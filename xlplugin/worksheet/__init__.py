"""The worksheet functions as records, and the desk they work at."""

from xlplugin.worksheet.desk import Desk
from xlplugin.worksheet.functions import FUNCTIONS
from xlplugin.worksheet.registry import Arg, Function

__all__ = ["FUNCTIONS", "Arg", "Desk", "Function"]
