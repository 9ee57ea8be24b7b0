"""The worksheet functions as records, and the desk they work at."""

from xlplugin.worksheet import (  # noqa: F401 - importing them records their functions
    accounts,
    functions,
    payments,
    placement,
    signed,
)
from xlplugin.worksheet.desk import Desk
from xlplugin.worksheet.registry import FUNCTIONS, Arg, Function

__all__ = ["FUNCTIONS", "Arg", "Desk", "Function"]
