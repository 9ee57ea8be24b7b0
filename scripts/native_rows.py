"""Thousands of untidy rows of each scheme: plain formulas against the kernel, by the embedded engine or LibreOffice."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import _calc
import _native as native


def main() -> int:
    """How many rows of each scheme agree; the first that don't are shown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--at-once", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--calc", action="store_true", help="ask LibreOffice")
    options.add_argument("schemes", nargs="*")
    given = options.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        with _calc.started(profile) if given.calc else nullcontext() as calc:
            for id_ in given.schemes or native.BOOK:
                wrong = [
                    one
                    for start in range(0, given.rows, given.at_once)
                    for one in _part(folder, id_, start, given, calc)
                ]
                print(f"{id_}: {given.rows - len(wrong)} of {given.rows} agree", flush=True)
                for one in wrong[:3]:
                    print("  row {}\n    formulas {}\n    kernel   {}".format(*one))
                failed += len(wrong)
    return 1 if failed else 0


def _part(folder: str, id_: str, start: int, given: argparse.Namespace, calc: object) -> list[tuple[object, ...]]:
    scheme, path = native.BOOK[id_], Path(folder) / "rows.xlsx"
    count = min(given.at_once, given.rows - start)
    rows = native.random_rows(scheme, count, given.seed + start)
    native.write(path, scheme, rows)
    got = native.by_calc(calc, path, scheme, count) if given.calc else native.by_engine(path, scheme, count)
    return [
        row for row in zip(rows, got, native.by_kernel(scheme, rows), strict=True) if tuple(row[1]) != tuple(row[2])
    ]


if __name__ == "__main__":
    sys.exit(main())
