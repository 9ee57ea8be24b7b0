"""Times `recalc` of a filled visitor register against the sum of its floors, each in a process of its own.

The floors are what nobody can save: unpacking and packing the file, and the engine calculating the same formulas,
handed the same arguments, with functions that do nothing. The register is typed in and never calculated, so that
every computed cell changes. Run: python benchmarks/recalc.py [--rows 10000] [--libreoffice]
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import formualizer

from xlplugin.cli.recalc import desk_functions
from xlplugin.hosts._book import Book
from xlplugin.hosts._inputs import by_sheet, with_inputs
from xlplugin.hosts._package import Package
from xlplugin.hosts._pages import Page, Pages
from xlplugin.hosts._sheet_xml import SheetXml
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import cell_named, open_book, ref
from xlplugin.rulebook import load
from xlplugin.workbooks.build import build, is_ours
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sample_morning import DAY, morning
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts.headless import Input

NAME = "visitor_register"
ROUNDS = 3
RETURNING = 0.3


def register(path: Path, rows: int) -> None:
    """The register of an office with many guests: a typed morning again and again, 3 of 10 guests seen before."""
    build(NAME, path, lang="zh", rows=rows)
    book, recipe = open_book(path), recipe_of(NAME)
    table = book.tables[recipe.table.casefold()]
    headers = {column.key: column.header["zh"] for column in recipe.columns}
    inputs: dict[tuple[str, str], Input] = {}
    for row, visit in enumerate(_visits(rows), 1):
        inputs |= {(table.sheet, ref(table, headers[key], row)): value for key, value in visit.items()}
    day = cell_named(book, "as_of")
    if day is not None:
        inputs[day] = DAY
    _type_in(path, book, inputs)


def _visits(rows: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(1)
    phones: list[str] = []
    for visit in itertools.islice(itertools.cycle(morning("zh")), rows):
        if not str(visit.get("phone") or "").isdigit():
            yield visit
            continue
        seen = bool(phones) and draw.random() < RETURNING
        phone = draw.choice(phones) if seen else f"100{len(phones):08d}"
        if not seen:
            phones.append(phone)
        yield {**visit, "phone": phone}


def _type_in(path: Path, book: Book, inputs: dict[tuple[str, str], Input]) -> None:
    parts = {sheet.name: sheet.part for sheet in book.sheets}
    changed: dict[str, bytes] = {}
    for name, values in by_sheet(inputs, {name.casefold(): name for name in parts}).items():
        sheet = SheetXml(book.package.read(parts[name]), name)
        changed[parts[name]] = with_inputs(sheet, values, overwrite_formulas=True, date1904=False)[0].edited(())
    book.package.write(path, changed)


def ours(source: Path, target: Path) -> dict[str, float]:
    start = time.perf_counter()
    recalc(source, target, desk_functions(load()), trusted=is_ours)
    return {"recalc": time.perf_counter() - start}


def floor(source: Path, target: Path) -> dict[str, float]:
    """The parts of the floor in seconds."""
    pages = Pages(Book(Package(source)), {})  # without our functions' names no argument is abridged
    view = pages.view(Page.view_edits)
    del pages
    marks = [time.perf_counter()]
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            archive.read(name)
    marks.append(time.perf_counter())
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = False
    book: Any = formualizer.Workbook.from_bytes(view, config=formualizer.WorkbookConfig(eval_config=settings))
    for name in FUNCTIONS:
        answer: object = 46100.0 if name == "XLP_NEXT_CONTACT" else "A"
        book.register_function(name, lambda *_, answer=answer: answer, min_args=0, max_args=None)
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


def libreoffice(source: Path, folder: Path) -> float:
    """Seconds LibreOffice takes to read the file and write it again."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "lo")]
    subprocess.run([*convert, "--help"], check=False, capture_output=True)  # makes the profile
    start = time.perf_counter()
    subprocess.run([*convert, str(source)], check=True, capture_output=True)
    return time.perf_counter() - start


def child(mode: str, source: Path, target: Path, rows: int) -> dict[str, float]:
    """One piece of work in a fresh process, started by a small one: its peak would count for the child's."""
    command = [sys.executable, __file__, "--rows", str(rows), "--child", mode, str(source), str(target)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def measure(mode: str, source: Path, target: Path, rows: int) -> None:
    spans: dict[str, float] = {}
    if mode == "register":
        register(source, rows)
    else:
        spans = ours(source, target) if mode == "ours" else floor(source, target)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**spans, "peak": peak}))


def compare(rows: int, with_libreoffice: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "register.xlsx", folder / "done.xlsx"
        child("register", source, target, rows)
        rounds = [tuple(child(mode, source, target, rows) for mode in ("ours", "floor")) for _ in range(ROUNDS)]
        for mine, spans in rounds:
            spans["total"] = sum(spans[key] for key in ("unzip", "load", "evaluate", "zip"))
            spans["ratio"] = mine["recalc"] / spans["total"]
        computed = sum(column.formula is not None for column in recipe_of(NAME).columns)
        peak = max(mine["peak"] for mine, _ in rounds)
        print(f"register, {rows} rows x {computed} formulas, {source.stat().st_size / 1e6:.1f} MB; median of {ROUNDS}:")
        print(f"recalc: {median(mine['recalc'] for mine, _ in rounds):.2f} s, peak {peak:.0f} MB (at most 400)")
        middle = {key: median(spans[key] for _, spans in rounds) for key in rounds[0][1]}
        detail = ", ".join(f"{key} {middle[key]:.2f}" for key in ("unzip", "load", "evaluate", "zip"))
        print(f"floor: {middle['total']:.2f} s ({detail}); ratio {middle['ratio']:.2f} (at most 1.8, aim 1.5)")
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
        measure(mode, Path(source), Path(target), options.rows)
    else:
        compare(options.rows, options.libreoffice)


if __name__ == "__main__":
    main()
