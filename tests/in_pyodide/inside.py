"""Runs inside Pyodide, in the place of xlwings Lite: loads `main.py`, tells what it declares, and calls it.

Lite's own code is not to be had here. What it does is known from its documentation: a function's arguments go through
the options its decorators gave, a value for each cell, a blank as null. The decorators and that conversion are
xlwings' own open-source ones, made for Windows, with empty modules standing in for pywin32; only what becomes of a
single cell (`_Cells`) is written here.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import json
import platform
import sys
import time
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no time zone
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


def _stand_in(name: str, **members: object) -> types.ModuleType:
    module = sys.modules[name] = types.ModuleType(name)
    module.__dict__.update(members)
    return module


_stand_in("pythoncom", CoInitialize=None, com_error=Exception)
_stand_in("pywintypes", com_error=Exception)
_stand_in("win32com", client=_stand_in("win32com.client", Dispatch=None))

import xlwings  # noqa: E402 - its Windows part wants the modules above
from xlwings import conversion, udfs  # noqa: E402 - the same
from xlwings.utils import is_jsnull  # noqa: E402 - the same

vars(xlwings).update(func=udfs.xlfunc, arg=udfs.xlarg, ret=udfs.xlret)


def _is_null(cell: object) -> bool:
    """Newer Pyodides have an object of their own for JavaScript's null."""
    return cell is None or bool(is_jsnull(cell))  # type: ignore[no-untyped-call] # xlwings is typed in part


class _Cells:
    """A spreadsheet's cells as Office hands them over and takes them back."""

    name = "cells"
    type = "remote"

    @staticmethod
    def clean_value_data(
        rows: list[list[Any]], _dates: object, empty: object, _numbers: object, errors_as_text: bool
    ) -> list[list[object]]:
        def taken(cell: Any) -> object:
            if isinstance(cell, dict):
                is_error = cell["type"] == "Error"
                return None if is_error and not errors_as_text else cell["basicValue"]
            return empty if cell == "" or _is_null(cell) else cell

        return [[taken(cell) for cell in row] for row in rows]

    @staticmethod
    def prepare_xl_data_element(value: object, options: dict[str, object]) -> object:
        if value is None:
            return ""
        if isinstance(value, dt.date):
            moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
            serial = (moment - _EPOCH) / dt.timedelta(days=1)
            return {"type": "FormattedNumber", "basicValue": serial, "numberFormat": options["date_format"]}
        return {"type": "Error", "basicValue": value} if value in _ERRORS else value


xlwings.engines.add(xlwings.Engine(impl=_Cells()))

main = importlib.import_module("main")  # Lite imports it when the decorators are there


def _declared(module: types.ModuleType) -> dict[str, Any]:
    return {name: found for name, found in inspect.getmembers(module) if hasattr(found, "__xlfunc__")}


_FUNCTIONS = _declared(main)


def answer(method: str, request: dict[str, Any]) -> str:
    """The answer to a request as JSON; an exception is told by its name, as Excel would show #VALUE!."""
    try:
        return json.dumps({"answer": _METHODS[method](**request)})
    except Exception as cause:  # noqa: BLE001 - the tests want to see whatever went wrong
        return json.dumps({"fault": f"{type(cause).__name__}: {cause}"})


def about() -> dict[str, Any]:
    """Where this runs, and the functions as their decorators declare them."""
    return {
        "python": platform.python_version(),
        "platform": sys.platform,
        "xlwings": xlwings.__version__,
        "modules": sorted(sys.modules),
        "functions": {name: _told(function.__xlfunc__) for name, function in _FUNCTIONS.items()},
    }


def _told(declared: dict[str, Any]) -> dict[str, Any]:
    arguments = [
        {"name": one["name"], "doc": one["doc"], "optional": "optional" in one, "options": one["options"]}
        for one in declared["args"]
    ]
    return {"doc": declared["ret"]["doc"], "arguments": arguments}


def call(name: str, arguments: list[Any]) -> list[list[object]]:
    """The cells a function fills, given its arguments as Office sends them: rows of cells each."""
    function = _FUNCTIONS[name]
    declared = function.__xlfunc__
    taken = [_argument(cells, told) for cells, told in zip(arguments, declared["args"])]
    return conversion.write(function(*taken), None, declared["ret"]["options"], engine_name="cells")  # type: ignore[no-any-return, no-untyped-call] # as above


def _argument(cells: Any, told: dict[str, Any]) -> object:
    """A single blank cell counts as left out; a single cell comes alone, a single row as a flat list."""
    while isinstance(cells, list) and len(cells) == 1:
        cells = cells[0]
    if _is_null(cells):
        return told.get("optional")
    return conversion.read(None, cells, told["options"], engine_name="cells")  # type: ignore[no-untyped-call] # xlwings is untyped


def cost(name: str, arguments: list[Any], times: int) -> list[float]:
    """Microseconds a call: of a function, and of one that is declared alike, gets the same cells and does nothing."""
    declared = _FUNCTIONS[name].__xlfunc__
    taken = []
    for function in (_FUNCTIONS[name], lambda *_cells: ""):
        began = time.perf_counter()
        for _ in range(times):
            cells = [_argument(one, told) for one, told in zip(arguments, declared["args"])]
            conversion.write(function(*cells), None, declared["ret"]["options"], engine_name="cells")  # type: ignore[no-untyped-call] # xlwings is untyped
        taken.append((time.perf_counter() - began) / times * 1e6)
    return taken


def again() -> None:
    """Loads main.py anew, as Lite does after somebody has edited it."""
    _FUNCTIONS.update(_declared(importlib.reload(main)))


_METHODS: dict[str, Callable[..., object]] = {"about": about, "call": call, "cost": cost, "again": again}
