"""An office's whole book of accounts: 2,000 accounts × 20 lines × 24 months, recalculated without a spreadsheet.

The payments stand in the workbook as an import leaves them, 960,000 rows. Measured are the recalculation with its peak
of memory in a process of its own, our grouping of the rows alone, and pandas' groupby on the same rows.
Run: python -m benchmarks.accounts [--accounts 2000]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._measure import Section, publish
from xlplugin.cells import EPOCH_1900

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES, MONTHS = 20, 24
_AS_OF = date(2026, 11, 5)
_FIRST_ROW = 6
Row = tuple[str, str, float, float]


def rows(accounts: int) -> Iterator[Row]:
    """The payments: account, line, month as a serial, amount."""
    draw = random.Random(3)
    months = [date(2024 + (10 + at) // 12, (10 + at) % 12 + 1, 1).toordinal() - EPOCH_1900 for at in range(MONTHS)]
    for number in range(1, accounts + 1):
        usual = draw.choice((500, 2_000, 6_000, 12_000))
        for line in range(1, LINES + 1):
            for month in months:
                yield f"K{number:05}", f"L{line:02}", float(month), round(usual * draw.uniform(0.5, 1.5), 2)


def book(path: Path, accounts: int) -> None:
    """The workbook with its accounts typed and its payments put in as an import would."""
    from benchmarks.recalc import _type_in  # noqa: PLC0415 - builds a book in a process of its own
    from xlplugin.hosts.places import cell_named, open_book, ref  # noqa: PLC0415 - the same
    from xlplugin.workbooks.build import build  # noqa: PLC0415 - the same

    build("account_tiers", path, rows=accounts)
    opened = open_book(path)
    table = opened.tables["tblaccounts"]
    inputs: dict[tuple[str, str], Any] = {cell_named(opened, "as_of") or ("", ""): _AS_OF}
    for number in range(1, accounts + 1):
        inputs[table.sheet, ref(table, "客户编号", number)] = f"K{number:05}"
        inputs[table.sheet, ref(table, "客户名称", number)] = f"客户{number}"
    _type_in(path, opened, inputs)
    _put_payments(path, accounts)


def _put_payments(path: Path, accounts: int) -> None:
    from xlplugin.hosts.places import open_book  # noqa: PLC0415 - see above

    opened = open_book(path)
    table = opened.tables["tblpayments"]
    part = next(sheet.part for sheet in opened.sheets if sheet.name == table.sheet)
    package, last = opened.package, _FIRST_ROW - 1 + accounts * LINES * MONTHS
    xml = package.read(part).decode()
    strings = package.read("xl/sharedStrings.xml").decode()
    known = strings.count("<si>")
    texts = [f"K{number:05}" for number in range(1, accounts + 1)] + [f"L{line:02}" for line in range(1, LINES + 1)]
    at = {text: known + place for place, text in enumerate(texts)}
    strings = strings.replace("</sst>", "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>")
    looks = [re.search(rf'r="{letter}{_FIRST_ROW}" s="(\d+)"', xml)[1] for letter in "ABCD"]  # type: ignore[index] # there is such a cell
    start, end = xml.index(f'<row r="{_FIRST_ROW}"'), xml.index("</sheetData>")
    pieces = [xml[:start]]
    for row, (account, line, month, amount) in enumerate(rows(accounts), _FIRST_ROW):
        cells = (f't="s"><v>{at[account]}', f't="s"><v>{at[line]}', f"><v>{month:.0f}", f"><v>{amount}")
        inside = "".join(f'<c r="{a}{row}" s="{s}" {cell}</v></c>' for a, s, cell in zip("ABCD", looks, cells))
        pieces.append(f'<row r="{row}">{inside}</row>')
    pieces.append(xml[end:])
    tables = {name: package.read(name) for name in package.names if name.startswith("xl/tables/")}
    found = next(name for name, content in tables.items() if b'name="tblPayments"' in content)
    content = re.sub(rb'ref="A5:G\d+"', f'ref="A5:G{last}"'.encode(), tables[found])
    package.write(path, {part: "".join(pieces).encode(), "xl/sharedStrings.xml": strings.encode(), found: content})


def work(mode: str, path: Path, accounts: int) -> dict[str, float]:
    """One piece of work, in seconds; told apart so that each has a process of its own."""
    if mode == "book":
        book(path, accounts)
        return {}
    if mode == "recalc":
        return _recalc(path)
    taken = tuple(rows(accounts))
    start = time.perf_counter()
    checked = _grouped(taken) if mode == "ours" else _pandas(taken)
    return {"seconds": time.perf_counter() - start, "checked": checked}


def _recalc(path: Path) -> dict[str, float]:
    from xlplugin.cli.recalc import desk_functions  # noqa: PLC0415 - see above
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - see above
    from xlplugin.rulebook import load  # noqa: PLC0415 - see above
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - see above

    start = time.perf_counter()
    report = recalc(path, path.with_name("done.xlsx"), desk_functions(load()), trusted=is_ours)
    return {"seconds": time.perf_counter() - start, "formulas": report.formulas, "kept": len(report.kept)}


def _grouped(taken: tuple[Row, ...]) -> float:
    from xlplugin.decisions.ledger import full_months, read_ledger  # noqa: PLC0415 - see above

    ledger = read_ledger(taken, full_months(_AS_OF.toordinal(), 3))
    return round(sum(account.monthly(3) or 0 for account in ledger.accounts.values()), 2)


def _pandas(taken: tuple[Row, ...]) -> float:
    import pandas as pd  # noqa: PLC0415 - see above

    frame = pd.DataFrame(taken, columns=["account", "line", "month", "amount"])
    first = date(2026, 8, 1).toordinal() - EPOCH_1900
    window = frame[(frame["month"] >= first) & (frame["month"] < first + 92)]
    lines = window.groupby(["account", "line"])["amount"].sum() / 3
    figures = lines.groupby("account").agg(["sum", "max", "count"])
    return round(float(figures["sum"].sum()), 2)


def child(mode: str, path: Path, accounts: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.accounts", "--accounts", str(accounts), "--child", mode, str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--child", nargs=2, metavar=("MODE", "PATH"), help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        mode, path = options.child
        found = work(mode, Path(path), options.accounts)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**found, "peak": peak}))
        return
    publish(_section(options.accounts))


def _section(accounts: int) -> Section:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.xlsx"
        child("book", path, accounts)
        megabytes = path.stat().st_size / 1e6
        done, ours, other = (child(mode, path, accounts) for mode in ("recalc", "ours", "pandas"))
    count = accounts * LINES * MONTHS
    same = "the same sum" if abs(ours["checked"] - other["checked"]) < 0.01 else "ANOTHER SUM"
    table = [
        ["recalculating the workbook", f"{done['seconds']:.1f} s", f"{done['peak']:,.0f} MB"],
        ["grouping the rows (our ledger)", f"{ours['seconds']:.2f} s", f"{ours['peak']:,.0f} MB"],
        ["pandas: frame and groupby", f"{other['seconds']:.2f} s", f"{other['peak']:,.0f} MB"],
    ]
    how = (
        f"{accounts:,} accounts × {LINES} lines × {MONTHS} months = {count:,} payment rows in a workbook of "
        f"{megabytes:.0f} MB, {done['formulas']:,.0f} formulas, {done['kept']:.0f} of them kept. Each in a process of "
        "its own; the memory is that of the whole process, its rows included."
    )
    note = f"Our ledger and pandas come to {same}."
    return Section("A book of accounts", how, ["work", "seconds", "peak"], table, [note])


if __name__ == "__main__":
    main()
