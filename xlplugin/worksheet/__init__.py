"""The worksheet functions as records, and the desk they work at."""

from xlplugin.worksheet import accounts as _accounts  # noqa: F401 - puts its functions on record
from xlplugin.worksheet import payments as _payments  # noqa: F401 - the same
from xlplugin.worksheet.desk import Desk
from xlplugin.worksheet.functions import FUNCTIONS
from xlplugin.worksheet.registry import Arg, Function

__all__ = ["FUNCTIONS", "Arg", "Desk", "Function"]
