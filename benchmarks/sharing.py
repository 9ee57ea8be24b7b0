"""A copy of a register in each form against unpacking and packing the same file, and plain formulas in LibreOffice."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the tests know how to start a Calc and talk to it

import _calc

from benchmarks import calls_calc
from benchmarks._measure import Section, interleaved, publish, ratio
from benchmarks.recalc import ours, register
from xlplugin.exchange.forms._native import native
from xlplugin.exchange.forms._opened import Opened
from xlplugin.exchange.share import FORMS, Terms, share
from xlplugin.hosts._package import Package

if TYPE_CHECKING:
    from collections.abc import Callable

_ROWS = 10_000
_ROUNDS = 2
_CALC_ROWS = 2_000
_CALC_ROUNDS = 3


def _floor(source: Path) -> None:
    """Every part unpacked and packed again."""
    with zipfile.ZipFile(source) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in parts:
            archive.writestr(name, content)


def _lines(folder: Path, rows: int) -> list[list[str]]:
    """A line for each form, masked and not."""
    typed, source, target = folder / "typed.xlsx", folder / "register.xlsx", folder / "copy.xlsx"
    register(typed, rows)
    ours(typed, source)
    kinds = [(form, mask) for form in FORMS for mask in (True, False)]
    works: list[Callable[[], object]] = [
        lambda form=form, mask=mask: share(source, target, Terms(mask=mask, form=form))  # type: ignore[misc] # bound now
        for form, mask in kinds
    ]
    floor, *taken = interleaved(_ROUNDS, lambda: _floor(source), *works)
    return [
        [
            f"{form}{', masked' if mask else ''}",
            f"{median(one):.1f}",
            f"{median(floor):.2f}",
            f"{ratio(one, floor):.1f}",
        ]
        for (form, mask), one in zip(kinds, taken)
    ]


def _in_calc(folder: Path) -> str:
    """One grade a row in LibreOffice: by the add-in, by the plain formulas of a native copy, by nested IFs."""
    found: dict[str, list[float]] = {"the add-in": [], "a native copy": [], "nested IFs by hand": []}
    with _calc.started(_calc.profile()) as calc:
        for seed in range(_CALC_ROUNDS):
            called, plain, nested = (folder / f"{name}.xlsx" for name in ("called", "plain", "nested"))
            formula = calls_calc._PLAIN["XLP_GRADE"]  # noqa: SLF001 - the same
            calls_calc._book(called, formula, _CALC_ROWS, seed=seed)  # noqa: SLF001 - the same
            native(Opened(Package(called))).package.write(plain, {})
            calls_calc._book(nested, calls_calc._NATIVE, _CALC_ROWS, seed=seed)  # noqa: SLF001 - the same
            for name, path in zip(found, (called, plain, nested)):
                found[name] += calls_calc._seconds(calc, path, 2)  # noqa: SLF001 - the same
    shown = "; ".join(f"{name} {min(taken) / _CALC_ROWS * 1e6:.1f} µs" for name, taken in found.items())
    return f"One grade in LibreOffice, calculated anew, {_CALC_ROWS:,} rows of eight fields, quickest of all: {shown}."


def measure() -> Section:
    """The figures; the part with LibreOffice is left out where there is none."""
    with TemporaryDirectory() as name:
        lines = _lines(Path(name), _ROWS)
        notes = [_in_calc(Path(name))] if shutil.which("soffice") else []
    how = (
        f"A register of {_ROWS:,} filled rows, copied in each form, against unpacking and packing the same file "
        f"(level 6). Median of {_ROUNDS} rounds, in each of which everything runs once."
    )
    headers = ["form", "seconds", "unzip + zip", "×"]
    return Section("Sharing a register", how, headers, lines, notes)


if __name__ == "__main__":
    publish(measure())
    sys.stdout.flush()
