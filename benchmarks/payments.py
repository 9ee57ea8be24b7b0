"""Payments taken in and recalculated, against pandas that reads, groups and writes the same rows.

2,000 accounts × 20 product lines × 24 months are 960,000 rows, near the end of a sheet.
"""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks._measure import Cost, Section, cost, publish

_ACCOUNTS, _LINES, _MONTHS = 2000, 20, 24
_HEADERS = "客户编号 品项 月份 金额 凭证号 备注".split()
_ENTRY = "import sys; from xlplugin.cli import main; sys.exit(main())"

# The floor of taking in: what pandas needs to read the export and sum it by key, and then to write those rows into a
# sheet of its own. It checks nothing, looks nothing up, and the workbook around the table is lost.
_READ = """
import sys
import pandas as pd
table = pd.read_csv(sys.argv[1], dtype={"客户编号": str, "品项": str, "凭证号": str, "备注": str}, encoding="utf-8-sig")
paid = table.groupby(["客户编号", "品项", "月份"], as_index=False)["金额"].sum()
"""
_WRITE = """
paid["月份"] = pd.to_datetime(paid["月份"])
with pd.ExcelWriter(sys.argv[2], engine="xlsxwriter", datetime_format="yyyy-mm") as writer:
    paid.to_excel(writer, sheet_name="回款", index=False)
"""
# The floor of an export that comes again: the sheet read, the export read and summed, both compared.
_COMPARE = (
    _READ
    + """
there = pd.read_excel(sys.argv[2], sheet_name="回款", header=4, engine="calamine", dtype={"客户编号": str})
there["月份"] = pd.to_datetime(there["月份"]).dt.strftime("%Y-%m")
both = paid.merge(there, on=["客户编号", "品项", "月份"], how="left", suffixes=("", " there"))
assert (both["金额"] - both["金额 there"]).abs().lt(0.005).all() and len(both) == len(paid)
"""
)
# The floor of the results: each account's sum, its product lines and its best line, straight from the frame.
_RESULTS = (
    _READ
    + """
lines = paid.groupby(["客户编号", "品项"])["金额"].sum().groupby(level=0)
print(len(lines.sum()), len(lines.count()), len(lines.max()))
"""
)
# A book to the contract of the tables, with two formulas an account, where there is no template to be filled.
_MAKE_BOOK = """
import sys
import xlsxwriter
book = xlsxwriter.Workbook(sys.argv[1])
accounts, payments = book.add_worksheet("客户"), book.add_worksheet("回款")
count = int(sys.argv[2])
mine = "tblPayments[客户编号],tblAccounts[[#This Row],[客户编号]]"
formulas = {"品项数": f"=COUNTIFS({mine})", "月回款": f"=SUMIFS(tblPayments[金额],{mine})/24"}
heads = [{"header": "客户编号"}, *({"header": name, "formula": text} for name, text in formulas.items())]
accounts.add_table(0, 0, count, 2, {"name": "tblAccounts", "columns": heads})
for row in range(count):
    accounts.write_string(row + 1, 0, f"K{row:05d}")
month, money = book.add_format({"num_format": "yyyy-mm"}), book.add_format({"num_format": "#,##0.00"})
text = book.add_format({"num_format": "@"})
formats = [text, None, month, money, text, None]
names = "客户编号 品项 月份 金额 凭证号 备注".split()
columns = [{"header": name, "format": form} for name, form in zip(names, formats)]
payments.add_table(4, 0, 504, 5, {"name": "tblPayments", "columns": columns})
for row in range(5, 505):
    for column, form in enumerate(formats):
        payments.write_blank(row, column, None, form or text)
book.close()
"""


def _write_csv(target: Path) -> None:
    random = Random(1)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADERS)
        for account, month, line in itertools.product(range(_ACCOUNTS), range(_MONTHS), range(_LINES)):
            amount = f"{random.randint(100, 2_000_000) / 100:.2f}"
            day = f"{2024 + month // 12}-{month % 12 + 1:02d}"
            writer.writerow([f"K{account:05d}", f"品项{line + 1:02d}", day, amount, "", ""])


def _command(*words: object) -> list[str]:
    return [sys.executable, "-c", _ENTRY, *map(str, words)]


def _script(text: str, *words: object) -> list[str]:
    return [sys.executable, "-c", text, *map(str, words)]


def _row(what: str, taken: Cost, floor: Cost | None) -> list[str]:
    ratio = "" if floor is None else f"{taken.processor / floor.processor:.2f}"
    return [what, f"{taken.seconds:.1f}", f"{taken.processor:.1f}", f"{taken.peak:.0f}", ratio]


def _pair(what: str, ours: list[str], floor: list[str]) -> list[list[str]]:
    """Ours and its floor, each in a process of its own."""
    mine, theirs = cost(ours), cost(floor)
    return [_row(f"xlplugin, {what}", mine, theirs), _row(f"pandas, {what}", theirs, None)]


def recalculation(book: Path, export: Path, target: Path) -> list[list[str]]:
    """A filled book recalculated by the embedded engine, and pandas that works the results out of the export.

    Args:
        book: a book with its payments in it, such as `account_tiers` filled by `xlplugin payments --no-recalc`.
        export: the export that it was filled from.
        target: where the result goes.
    """
    return _pair("recalculated", _command("recalc", book, "-o", target), _script(_RESULTS, export))


def measure() -> Section:
    with TemporaryDirectory() as name:
        folder = Path(name)
        export, book, filled = folder / "export.csv", folder / "book.xlsx", folder / "filled.xlsx"
        _write_csv(export)
        subprocess.run(_script(_MAKE_BOOK, book, _ACCOUNTS), check=True)
        taken = ("payments", export, "--into", book, "-o", filled, "--no-recalc")
        rows = _pair("taken in", _command(*taken), _script(_READ + _WRITE, export, folder / "pandas.xlsx"))
        again = ("payments", export, "--into", filled, "-o", folder / "again.xlsx")
        rows += _pair("the same once more", _command(*again), _script(_COMPARE, export, filled))
        if (folder / "again.xlsx").read_bytes() != filled.read_bytes():
            raise SystemExit("the same export once more has changed the file")
        rows += recalculation(filled, export, folder / "done.xlsx")
        size = filled.stat().st_size / 1e6
    how = (
        f"{_ACCOUNTS:,} accounts × {_LINES} product lines × {_MONTHS} months, {_ACCOUNTS * _LINES * _MONTHS:,} rows "
        "of a CSV, taken into a book with 500 prepared rows; whole processes in turn; ratio: of the processor's "
        "seconds. The floor reads the CSV, groups it by account, line and month and writes those rows to a sheet of "
        "their own; it checks no row and drops the rest of the workbook. Once more: the floor reads the sheet again "
        "and compares. Recalculated: 2,000 accounts with COUNTIFS and SUMIFS over all rows; the floor groups the CSV."
    )
    notes = [f"The filled book has {size:.0f} MB; taken in once more it stays the same byte for byte."]
    return Section("Payments", how, ["what", "s", "processor s", "peak MB", "ratio"], rows, notes)


if __name__ == "__main__":
    publish(measure())
