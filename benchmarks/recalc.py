"""Times `recalc` of a register against the sum of its floors, each in a process of its own.

The floors are what nobody can save: unpacking and packing the file, and the engine calculating the same formulas with
functions that do nothing. Run: python benchmarks/recalc.py [--rows 10000] [--libreoffice]
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import formualizer
import xlsxwriter

from xlplugin.hosts._book import Book
from xlplugin.hosts._package import Package
from xlplugin.hosts._pages import Pages
from xlplugin.hosts._view import build_view, sheet_view
from xlplugin.hosts.headless import recalc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Functions = Mapping[str, Callable[..., object]]

INPUTS = 20
ROUNDS = 3


def functions(_date1904: bool) -> Functions:
    """Functions that cost nothing: text, and a date for XLP_NEXT_CONTACT."""
    names = ("XLP_GRADE", "XLP_STATUS", "XLP_WHY", "XLP_RAISE", "XLP_FLAGS")
    return {**dict.fromkeys(names, lambda *_: "A"), "XLP_NEXT_CONTACT": lambda *_: 46100.0}


def build(path: Path, rows: int) -> None:
    """A register: 20 inputs, six columns with our functions, three with native formulas."""
    heads = ["客户", *(f"列{place}" for place in range(2, INPUTS + 1))]
    computed = ["等级", "状态", "理由", "提升", "下次联系日", "提示", "逾期天数", "是否逾期", "计A"]
    book = xlsxwriter.Workbook(str(path))
    sheet, rules = book.add_worksheet("登记"), book.add_worksheet("规则")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    columns = [{"header": head} for head in heads + computed]
    sheet.add_table(0, 0, rows, len(columns) - 1, {"name": "tbl", "columns": columns})
    rules.write_row(0, 0, ["方案", "three_factor", 46300])
    rules.write_column(0, 4, list(range(46000, 46040)), date)
    formulas = list(_formulas())
    for row in range(1, rows + 1):
        sheet.write_string(row, 0, f"客户{row}")
        for column in range(1, INPUTS):
            if (row + column) % 3:
                value = f"选项{(row + column) % 5}" if column % 4 == 1 else 46000 + row % 99
                sheet.write(row, column, value, date if column % 4 == 0 else None)
        for place, formula in enumerate(formulas):
            sheet.write_formula(row, INPUTS + place, formula, None, "")
    book.close()


def _formulas() -> list[str]:
    this = "tbl[[#This Row],[{}]]".format
    evidence = f"规则!$B$1,tbl[[#Headers],[客户]:[列{INPUTS}]],tbl[[#This Row],[客户]:[列{INPUTS}]]"
    contact = f"规则!$B$1,{this('等级')},{this('列4')},{this('列19')},{this('列20')},规则!$E$1:$E$40"
    guard = f'=IF({this("客户")}="","",{{}})'
    calls = [f'IFERROR(XLP_{name}({evidence}),"")' for name in ("GRADE", "STATUS", "WHY", "RAISE")]
    calls += [f'IFERROR(XLP_{name}({contact}),"")' for name in ("NEXT_CONTACT", "FLAGS")]
    calls += [f"规则!$C$1-{this('下次联系日')}", f'IF({this("逾期天数")}>0,"逾期","")', f'IF({this("等级")}="A",1,0)']
    return [guard.format(call) for call in calls]


def ours(source: Path, target: Path) -> dict[str, float]:
    start = time.perf_counter()
    recalc(source, target, functions, trusted=lambda _text: True)
    return {"recalc": time.perf_counter() - start}


def floor(source: Path, target: Path, parallel: bool) -> dict[str, float]:
    """The parts of the floor in seconds, the engine with or without its threads."""
    view = _engine_view(source)
    marks = [time.perf_counter()]
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            archive.read(name)
    marks.append(time.perf_counter())
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = parallel
    book: Any = formualizer.Workbook.from_bytes(view, config=formualizer.WorkbookConfig(eval_config=settings))
    for name, function in functions(False).items():
        book.register_function(name, function, min_args=0, max_args=None)
    marks.append(time.perf_counter())
    book.evaluate_all()
    marks.append(time.perf_counter())
    with zipfile.ZipFile(target) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    packing = time.perf_counter()
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for info, content in parts:
            archive.writestr(info.filename, content)
    spans = [after - before for before, after in itertools.pairwise(marks)]
    return {**dict(zip(("unzip", "load", "evaluate"), spans, strict=True)), "zip": time.perf_counter() - packing}


def _engine_view(source: Path) -> bytes:
    pages = Pages(Book(Package(source)), {})  # without our functions' names no argument is abridged
    edited = {name: page.xml.edited(page.view_edits()) for name, page in pages.pages.items()}
    sheets = {name: sheet_view(page.xml, edited[name], False) for name, page in pages.pages.items()}
    return build_view(pages.book, sheets, [])


def libreoffice(source: Path, folder: Path) -> float:
    """Seconds LibreOffice takes to read the file and write it again."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "lo")]
    subprocess.run([*convert, "--help"], check=False, capture_output=True)  # makes the profile
    start = time.perf_counter()
    subprocess.run([*convert, str(source)], check=True, capture_output=True)
    return time.perf_counter() - start


def child(mode: str, source: Path, target: Path) -> dict[str, float]:
    """One measurement in a fresh process: the best of some rounds, and the peak memory in MB."""
    found = []
    for _ in range(ROUNDS):
        command = [sys.executable, __file__, "--child", mode, str(source), str(target)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return min(found, key=lambda spans: sum(value for key, value in spans.items() if key != "peak"))


def measure(mode: str, source: Path, target: Path) -> None:
    spans = ours(source, target) if mode == "ours" else floor(source, target, mode == "floor-parallel")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**spans, "peak": peak}))


def compare(rows: int, with_libreoffice: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "register.xlsx", folder / "done.xlsx"
        build(source, rows)
        mine = child("ours", source, target)
        print(f"recalc, {rows} rows x 9 formulas: {mine['recalc']:.2f} s, peak {mine['peak']:.0f} MB")
        for mode in ("floor", "floor-parallel"):
            spans = child(mode, source, target)
            del spans["peak"]
            total = sum(spans.values())
            detail = ", ".join(f"{key} {value:.2f}" for key, value in spans.items())
            label = "settings as ours" if mode == "floor" else "engine's defaults"
            print(f"floor, {label}: {total:.2f} s ({detail}); ratio {mine['recalc'] / total:.2f}")
        if with_libreoffice and shutil.which("soffice"):
            print(f"LibreOffice converting it: {libreoffice(source, folder):.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--libreoffice", action="store_true")
    parser.add_argument("--child", nargs=3, metavar=("MODE", "SOURCE", "TARGET"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        mode, source, target = options.child
        measure(mode, Path(source), Path(target))
    else:
        compare(options.rows, options.libreoffice)


if __name__ == "__main__":
    main()
