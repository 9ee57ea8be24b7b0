"""The unit placement workbook recalculated: 250 to 1,000 units with 500 customers, in the engine and in LibreOffice.

Everything is calculated: units, wishes, the map of the chosen building, heaps and gaps. The floor is the same workbook
without rows, which is what opening, engine and writing cost alone.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the tests know how to fill the workbook and start a Calc

import _calc
from _placement import filled, refill, unit_row, wish_row

from benchmarks._measure import Section, publish
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from xlplugin.domain import Unit, Wish

_SIZES = (250, 500, 1000)
_WISHES = 500
_ROUNDS = 3
_ONE_BUILDING = 480  # units on the map at once: 40 floors of 12


def _units(count: int) -> list[Unit]:
    """Units in buildings of forty floors with twelve stacks, laid out as the sample's are."""
    sample, _ = sample_project("zh")
    return [
        sample[at % len(sample)]._replace(
            unit_no=f"{at // _ONE_BUILDING + 1}-{at % _ONE_BUILDING // 12 + 1}{at % 12 + 1:02d}",
            building=f"{at // _ONE_BUILDING + 1}栋",
            floor=str(at % _ONE_BUILDING // 12 + 1),
            stack=f"{at % 12 + 1:02d}",
        )
        for at in range(count)
    ]


def _wishes(units: list[Unit]) -> list[Wish]:
    """The sample's wishes, each choice put on one of these units."""
    sample, wishes = sample_project("zh")
    place = {unit.unit_no: at for at, unit in enumerate(sample)}

    def moved(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(units[place[name] * len(units) // len(sample)].unit_no for name in names)

    return [wish._replace(choices=tuple(map(moved, wish.choices))) for wish in wishes[:_WISHES]]


def _book(path: Path, count: int) -> None:
    units = _units(count)
    tables = {
        "units": [unit_row(unit, "zh") for unit in units],
        "wish": [wish_row(wish, "zh") for wish in _wishes(units)],
    }
    filled(path, "zh", tables if count else {}, rows=max(count, _WISHES), floors=40, stacks=12)


def _engine(path: Path) -> float:
    seconds = []
    for number in range(_ROUNDS):
        start = perf_counter()
        refill(path, "zh", {"wish": [{"note": str(number)}]})
        seconds.append(perf_counter() - start)
    return median(seconds)


def _calc_seconds(path: Path) -> float | None:
    if not shutil.which("soffice") or _calc.why_not():
        return None
    with _calc.started(_calc.profile()) as calc:
        book = calc.open(str(path))
        calc.calculate(book)
        seconds: list[float] = [calc.calculate(book) for _ in range(_ROUNDS)]
        calc.close(book)
    return median(seconds)


def main() -> None:
    """Measures and prints."""
    rows = []
    with TemporaryDirectory() as folder:
        for count in _SIZES:
            path = Path(folder) / f"{count}.xlsx"
            _book(path, count)
            office = _calc_seconds(path)
            shown = "—" if office is None else f"{office:.2f} s"
            size = f"{path.stat().st_size / 1e6:.1f} MB"
            rows.append([f"{count} units, {_WISHES} customers", f"{_engine(path):.2f} s", shown, size])
    publish(
        Section(
            "The placement map",
            "The whole unit placement workbook calculated anew after a change: every unit, every wish, the map of a "
            "building of 480 units, heaps and gaps with 44 ladders each. Median of three.",
            ["workbook", "embedded engine, file to file", "LibreOffice, hard recalculation", "file"],
            rows,
            [],
        )
    )


if __name__ == "__main__":
    main()
