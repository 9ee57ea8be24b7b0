"""A few functions of no office, and a book recalculated with them by the embedded engine, for the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
from _books import raw_book, rows

from xlplugin.hosts.headless import Report, recalc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def grade(_scheme: object, headers: list[list[object]], row: list[list[object]]) -> object:
    found = dict(zip(headers[0], row[0], strict=True))
    count = found["次数"]
    return "" if count is None else "A" if float(str(count)) >= 5 else "B" if float(str(count)) >= 3 else "C"


def next_day(letter: object, day: object, holidays: list[list[object]]) -> object:
    moment = float(str(day)) + {"A": 1, "B": 3}.get(str(letter), 7)
    while any(moment == row[0] for row in holidays):
        moment += 1
    return moment


TOYS: dict[str, Callable[..., object]] = {
    "XLP_GRADE": grade,
    "XLP_NEXT": next_day,
    "XLP_ECHO": lambda *arguments: repr(arguments),
    "XLP_SAME": lambda value: value,
    "XLP_ROWS": lambda count: [[f"行{number}"] for number in range(1, int(count) + 1)],
    "XLP_FAIL": lambda *_: 1 / 0,
}


def toys(_date1904: bool) -> Mapping[str, Callable[..., object]]:
    return TOYS


def shown(path: Path, sheet: str = "S") -> dict[str, object]:
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    return {item.coordinate: item.value for row in page.iter_rows() for item in row if item.value is not None}


def run(tmp_path: Path, *cells: str, **options: Any) -> tuple[Report, dict[str, object]]:
    """A one-sheet book recalculated: the report and what the cells show."""
    keys = {"names", "settings", "calc", "extra", "calc_chain", "whole"}
    build = {key: value for key, value in options.items() if key in keys}
    rest = {key: value for key, value in options.items() if key not in keys}
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(*cells)}, **build)
    report = recalc(source, tmp_path / "out.xlsx", toys, **rest)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]
    return report, shown(tmp_path / "out.xlsx")


def whys(report: Report) -> dict[str, str]:
    return {kept.ref: kept.why for kept in report.kept}
