"""`xlplugin grade` of a long table, against pandas with the same scheme written by hand."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks._measure import Cost, Section, cost, publish

_ROWS = 100_000
_ROUNDS = 3
_AS_OF = date(2026, 3, 2)
_HEADERS = "客户姓名 电话 预计购买日期 需求程度 首付够 能拍板 上次联系 约定联系 勿扰 备注".split()
_ENTRY = "import sys; from xlplugin.cli import main; sys.exit(main())"

# What someone who knows pandas writes for purchase_window_habcf: clean cells only, no reason given.
_PANDAS = """
import sys
import numpy as np
import pandas as pd
source, target = sys.argv[1:]
if source.endswith(".csv"):
    table = pd.read_csv(source, dtype={"电话": str})
    for name in ("预计购买日期", "上次联系", "约定联系"):
        table[name] = pd.to_datetime(table[name])
else:
    table = pd.read_excel(source, engine="calamine", dtype={"电话": str})
days = (table["预计购买日期"] - pd.Timestamp("2026-03-02")).dt.days
window = pd.cut(days, [-1, 7, 15, 30, 90, np.inf], labels=False)
need, power, decides = table["需求程度"], table["首付够"].eq("是"), table["能拍板"].eq("是")
given = need.notna() & table["首付够"].notna() & table["能拍板"].notna()
factors = np.select([~given, need.eq("需求") & power & decides, need.eq("需求") & power], [0, 0, 2], 3)
rank = np.maximum(window, factors)
status = np.select([days.isna(), days < 0, factors > window], ["missing", "stale", "capped"], "ok")
graded = rank.notna()
at = rank.fillna(0).astype(int)
table["grade"] = np.where(graded, np.array(list("HABCF"))[at], "")
table["status"] = status
interval = pd.Series(np.where(graded, np.array([1, 3, 7, 15, np.nan])[at], np.nan), index=table.index)
interval[table["勿扰"].eq("是")] = np.nan
table["interval_days"] = interval.astype("Int64")
due = table["上次联系"] + pd.to_timedelta(interval, unit="D")
agreed = table["约定联系"].where(~(table["约定联系"] <= table["上次联系"]))
table["next_contact"] = agreed.fillna(due).where(~table["勿扰"].eq("是"))
table.to_csv(target, index=False, encoding="utf-8-sig")
"""

# Runs as a process of its own, so that this one stays small: a child's peak counts from what its parent held.
_MAKE_WORKBOOK = """
import csv, sys
from datetime import datetime
import xlsxwriter
source, target = sys.argv[1:]
book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
sheet = book.add_worksheet("登记")
with open(source, encoding="utf-8-sig", newline="") as file:
    for number, row in enumerate(csv.reader(file)):
        for column, cell in enumerate(row):
            if number and cell and column in (2, 6, 7):
                sheet.write_datetime(number, column, datetime.fromisoformat(cell))
            elif cell:
                sheet.write_string(number, column, cell)
book.close()
"""


def _write_csv(target: Path) -> None:
    random = Random(2)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADERS)
        writer.writerows(_row(random, number) for number in range(_ROWS))


def _row(random: Random, number: int) -> list[str]:
    def day(low: int, high: int, filled: float) -> str:
        return (_AS_OF + timedelta(random.randint(low, high))).isoformat() if random.random() < filled else ""

    def word(*words: str) -> str:
        return random.choice(words)

    return [
        f"客户{number:06}",
        f"100{number:08}",
        day(-3, 150, 0.95),
        word("需求", "需求", "动机", "无", ""),
        word("是", "是", "否", ""),
        word("是", "否", ""),
        day(-20, 0, 0.95),
        day(-10, 30, 0.15),
        word(*[""] * 18, "否", "是"),
        word("", "", "下周再约", "需与家人商量"),
    ]


def _answers(path: Path) -> list[list[str]]:
    names = ("grade", "status", "interval_days", "next_contact")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[row[name] for name in names] for row in csv.DictReader(file)]


def _agree(ours: Path, theirs: Path) -> None:
    for number, (one, other) in enumerate(zip(_answers(ours), _answers(theirs), strict=True), 1):
        if one != other:
            raise SystemExit(f"row {number}: package {one}, by hand {other}")


def _compared(folder: Path, source: Path) -> list[list[Cost]]:
    ours, theirs = folder / "ours.csv", folder / "theirs.csv"
    options = ("--scheme", "purchase_window_habcf", "--as-of", _AS_OF.isoformat(), "-o", str(ours), "--replace")
    commands = (
        [sys.executable, "-c", _ENTRY, "grade", str(source), *options],
        [sys.executable, "-c", _PANDAS, str(source), str(theirs)],
    )
    costs: list[list[Cost]] = [[], []]
    for _ in range(_ROUNDS):
        for command, taken in zip(commands, costs):
            taken.append(cost(command))
    _agree(ours, theirs)
    return costs


def measure() -> Section:
    rows = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        table, book = folder / "table.csv", folder / "table.xlsx"
        _write_csv(table)
        subprocess.run([sys.executable, "-c", _MAKE_WORKBOOK, str(table), str(book)], check=True)
        for source in (table, book):
            ours, theirs = _compared(folder, source)
            times = min(cost.processor for cost in ours) / min(cost.processor for cost in theirs)
            for who, costs in (("xlplugin grade", ours), ("pandas by hand", theirs)):
                seconds, processor = (min(cost[at] for cost in costs) for at in (0, 1))
                peak = max(cost.peak for cost in costs)
                figures = [f"{seconds:.2f}", f"{processor:.2f}", f"{_ROWS / seconds:,.0f}", f"{peak:.0f}"]
                rows.append([f"{who}, {source.suffix}", *figures, f"{times:.2f}" if costs is ours else "1.00"])
    how = (
        f"{_ROWS:,} rows of ten columns, purchase_window_habcf, to CSV: whole process from start to end, quickest of "
        f"{_ROUNDS} interleaved rounds; ratio: of the processor's seconds. The pandas script reads clean cells only "
        "and gives neither flags nor reasons; grade, status, interval and date are the same on every row."
    )
    return Section("A long table", how, ["what", "s", "processor s", "rows a second", "peak MB", "ratio"], rows, [])


if __name__ == "__main__":
    publish(measure())
