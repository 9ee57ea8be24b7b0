"""Plain formulas read without a spreadsheet: calls of our functions on references and literals, and no more.

For the drivers that have functions but no sheet (kernel, classic xlwings, Lite). `evaluate` raises `TooHard` for
anything else; such a case is a declared gap of those drivers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from conformance.book import place_of
from conformance.model import Case, Cell, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[[str, list[object]], object]

__all__ = ["TooHard", "evaluate"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"]|"")*")
        |(?P<number>-?\d+(?:\.\d+)?(?![\w!]))
        |(?P<call>[A-Z][A-Z0-9_.]*)\(
        |(?P<logical>TRUE|FALSE)\b
        |(?P<sheet>'(?:[^']|'')*'!|[^\W\d][\w.]*!)?\$?(?P<first>[A-Z]{1,3}\$?\d+)(?::\$?(?P<last>[A-Z]{1,3}\$?\d+))?(?!\w)
        |(?P<table>[^\W\d][\w.]*)(?P<open>\[)
        |(?P<sign>[,(){};])
    )""",
    re.VERBOSE,
)
_COLUMN = re.compile(r"\[((?:'.|[^\[\]'])*)\]")


class TooHard(Exception):  # noqa: N818 - it says what the formula is
    """The formula needs more than this reader knows."""


def evaluate(case: Case, call: Call) -> object:
    """What a case's formula gives.

    Args:
        case: the sheet and the formula.
        call: gives the value of one of our functions: told its name and its arguments, where a cell is its value (None
            for a blank or for an argument left out), a range a list of rows.

    Raises:
        TooHard: the formula is not a plain call.
    """
    return _Sheet(case, call).value_of(case.formula, place_of(case.at)[0])


class _Sheet:
    def __init__(self, case: Case, call: Call) -> None:
        self._case = case
        self._call = call
        self._width = max(map(len, case.rows), default=0)

    def value_of(self, formula: str, row: int) -> object:
        return _Reading(self, formula[1:], row).whole()

    def call(self, name: str, arguments: list[object]) -> object:
        if name == "DATE":
            year, month, day = (int(str(part)) for part in arguments)
            return date(year, month, day)
        if not name.startswith("XLP_"):
            raise TooHard(name)
        return self._call(name, arguments)

    def area(self, top: int, left: int, bottom: int, right: int) -> object:
        """The cells of a rectangle, rows and columns counted from 1: a value for one cell, else rows."""
        rows = [[self._at(row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        return rows[0][0] if (top, left) == (bottom, right) else rows

    def _at(self, row: int, column: int) -> object:
        cells: list[Cell] = self._case.rows[row - 1] if row <= len(self._case.rows) else []
        cell = cells[column - 1] if column <= len(cells) else None
        return self.value_of(cell.text, row) if isinstance(cell, Formula) else cell

    def part(self, table: str, body: str, row: int) -> object:
        """The cells of a structured reference, told what stands between its outermost brackets."""
        if table != self._case.table:
            raise TooHard(table)
        names = [re.sub("'(.)", r"\1", name) for name in _COLUMN.findall(body)] or [body]
        item = names.pop(0) if names[0].startswith("#") else "#Data"
        headers = self._case.rows[0]
        columns = [headers.index(name) + 1 for name in names] or [1, self._width]
        last = len(self._case.rows)
        top, bottom = {"#All": (1, last), "#Headers": (1, 1), "#Data": (2, last), "#This Row": (row, row)}[item]
        return self.area(top, columns[0], bottom, columns[-1])


class _Reading:
    """A formula read from left to right."""

    def __init__(self, sheet: _Sheet, text: str, row: int) -> None:
        self._sheet = sheet
        self._text = text
        self._row = row
        self._at = 0

    def whole(self) -> object:
        value = self._value()
        if self._text[self._at :].strip():
            raise TooHard(self._text)
        return value

    def _next(self) -> re.Match[str]:
        hit = _TOKEN.match(self._text, self._at)
        if hit is None:
            raise TooHard(self._text)
        self._at = hit.end()
        return hit

    def _peek(self) -> str:
        return self._text[self._at :].lstrip()[:1]

    def _value(self) -> object:
        hit = self._next()
        if hit["text"] or hit["number"] or hit["logical"]:
            return _literal(hit)
        if hit["call"]:
            return self._sheet.call(hit["call"], self._arguments())
        if hit["first"]:
            first, last = (place_of((hit[end] or hit["first"]).replace("$", "")) for end in ("first", "last"))
            return self._sheet.area(*first, *last)
        if hit["open"]:
            return self._sheet.part(hit["table"], self._bracketed(), self._row)
        if hit["sign"] == "{":
            return self._constant()
        raise TooHard(self._text)

    def _arguments(self) -> list[object]:
        arguments: list[object] = []
        while True:
            arguments.append(None if self._peek() in (",", ")") else self._value())
            if self._next()["sign"] == ")":
                return arguments

    def _constant(self) -> list[list[object]]:
        rows: list[list[object]] = [[]]
        while True:
            rows[-1].append(self._value())
            sign = self._next()["sign"]
            if sign == "}":
                return rows
            if sign == ";":
                rows.append([])

    def _bracketed(self) -> str:
        depth, start = 1, self._at
        while depth:
            sign = self._text[self._at]
            self._at += 2 if sign == "'" else 1
            depth += {"[": 1, "]": -1}.get(sign, 0)
        return self._text[start : self._at - 1]


def _literal(hit: re.Match[str]) -> object:
    if hit["text"]:
        return hit["text"][1:-1].replace('""', '"')
    if hit["number"]:
        return float(hit["number"]) if "." in hit["number"] else int(hit["number"])
    return hit["logical"] == "TRUE"
