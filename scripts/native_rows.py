"""Thousands of untidy rows of each scheme: plain formulas against the kernel, by the embedded engine or LibreOffice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import _calc
import _native as native

if TYPE_CHECKING:
    from xlplugin.rulebook.model import Scheme

    Difference = tuple[native.Row, tuple[object, ...], tuple[object, ...]]


def main() -> int:
    """How many rows of each scheme agree; the first that don't are shown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--at-once", type=int, help="rows a table; 1,000, or 100 in LibreOffice")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--calc", action="store_true", help="ask LibreOffice")
    options.add_argument("schemes", nargs="*")
    given = options.parse_args()
    given.at_once = given.at_once or (100 if given.calc else 1_000)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        with _calc.started(profile) if given.calc else nullcontext() as calc:
            for id_ in given.schemes or native.BOOK:
                wrong = _by_calc(folder, id_, given, calc) if given.calc else _by_engine(folder, id_, given)
                print(f"{id_}: {given.rows - len(wrong)} of {given.rows} agree", flush=True)
                for one in wrong[:3]:
                    print("  row {}\n    formulas {}\n    kernel   {}".format(*one))
                failed += len(wrong)
    return 1 if failed else 0


def _by_engine(folder: str, id_: str, given: argparse.Namespace) -> list[Difference]:
    scheme, path = native.BOOK[id_], Path(folder) / "rows.xlsx"
    found = []
    for start in range(0, given.rows, given.at_once):
        count = min(given.at_once, given.rows - start)
        rows = native.random_rows(scheme, count, given.seed + start)
        native.write(path, scheme, rows)
        found += _differences(scheme, rows, native.by_engine(path, scheme, count))
    return found


def _by_calc(folder: str, id_: str, given: argparse.Namespace, calc: object) -> list[Difference]:
    scheme, path = native.BOOK[id_], Path(folder) / "rows.xlsx"
    rows = native.random_rows(scheme, given.rows, given.seed)
    native.write(path, scheme, rows, at_once=given.at_once)
    return _differences(scheme, rows, native.by_calc(calc, path, scheme, given.rows, given.at_once))


def _differences(scheme: Scheme, rows: list[native.Row], got: list[tuple[object, ...]]) -> list[Difference]:
    wanted = native.by_kernel(scheme, rows)
    return [row for row in zip(rows, got, wanted, strict=True) if tuple(row[1]) != tuple(row[2])]


if __name__ == "__main__":
    sys.exit(main())
