"""One call of each function in the embedded engine, against a call that does nothing, beside a native nested IF."""

from __future__ import annotations

import gc
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import formualizer
import xlsxwriter

from benchmarks._cells import draw
from benchmarks._measure import Section, publish, ratio
from xlplugin.hosts._book import Book
from xlplugin.hosts._package import Package
from xlplugin.hosts._pages import Page, Pages
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Functions = Mapping[str, Callable[..., object]]

_SCHEME = "visit_count_abcd"  # the one with eight fields
_ROWS = 10_000  # a register of a large office, as in the other sections
_FEW = 2_000  # what is made once for a sheet has fewer calls to be shared by
_ROUNDS = 5
_TARGET = 1.5
_FIELDS = "[来访次数]:[符合入园条件]"
_JUDGE = f"t[[#Headers],{_FIELDS}],t[[#This Row],{_FIELDS}],t[[#This Row],[上次联系]]"
_GIVEN = ",".join(f"t[[#This Row],[{name}]]" for name in ("等级", "上次联系", "约定联系", "勿扰"))
_PLAIN = {name: f'{name}("{_SCHEME}",{_JUDGE})' for name in ("XLP_GRADE", "XLP_STATUS", "XLP_WHY", "XLP_RAISE")}
_PLAIN["XLP_INTERVAL"] = f'XLP_INTERVAL("{_SCHEME}",t[[#This Row],[等级]],"",{_JUDGE})'
_PLAIN |= {name: f'{name}("{_SCHEME}",{_GIVEN},"","",{_JUDGE})' for name in ("XLP_NEXT_CONTACT", "XLP_FLAGS")}
_SHORT = {
    "XLP_INTERVAL": f'XLP_INTERVAL("{_SCHEME}",t[[#This Row],[等级]])',
    "XLP_NEXT_CONTACT": f'XLP_NEXT_CONTACT("{_SCHEME}",{_GIVEN})',
}
_TABLES = {
    "XLP_GRADE": f'XLP_GRADE("{_SCHEME}",{_JUDGE},tblRules[#All])',
    "XLP_NEXT_CONTACT": f'XLP_NEXT_CONTACT("{_SCHEME}",{_GIVEN},tblHolidays[#Data],tblRules[#All],{_JUDGE})',
}
_NATIVE = (
    'IF(H{row}="否","",IF(OR(A{row}="",B{row}=""),"",'
    'IF(OR(A{row}>=3,B{row}="频繁"),IF(AND(C{row}="需求",D{row}="是",E{row}="是",F{row}="是",G{row}="是"),"A","B"),'
    'IF(A{row}>=2,"B",IF(AND(A{row}>=1,B{row}="有"),"C","D")))))'
)


class _Timed(NamedTuple):
    """Seconds of the three kinds of call, a round each."""

    ours: list[float]
    host: list[float]
    engine: list[float]


def _book(path: Path, *formulas: str, rows: int = _ROWS) -> Path:
    """A table of the scheme's rows with formulas beside each, and tables of rules and holidays on their sheets."""
    scheme = load()[_SCHEME]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("登记")
        labels = [field.label["zh"] for field in scheme.fields.values()]
        _table(sheet, "t", [*labels, "上次联系", "约定联系", "勿扰", "等级"], rows)
        for at, row in enumerate(draw(scheme, rows), 1):
            _write(sheet, at, [*row.cells, row.last_contact, row.agreed, row.opt_out, "ABCD"[at % 4]])
            for column, formula in enumerate(formulas, 14):
                sheet.write_formula(at, column, "=" + formula.format(row=at + 1), None, "")
        rules = [(_SCHEME, f"interval.{'ABCD'[line % 4]}", 3 + line % 4) for line in range(19)]
        _filled(book.add_worksheet("规则"), "tblRules", ["方案", "项", "值"], [*rules, ("*", "working_days", "是")])
        days = [(46100 + 9 * line, "假", "休") for line in range(30)]
        _filled(book.add_worksheet("节假日"), "tblHolidays", ["日期", "名称", "休/班"], days)
    return path


def _table(sheet: Any, name: str, headers: Sequence[str], rows: int) -> None:
    columns = [{"header": header} for header in headers]
    sheet.add_table(0, 0, rows, len(headers) - 1, {"name": name, "columns": columns})


def _filled(sheet: Any, name: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    _table(sheet, name, headers, len(rows))
    for at, cells in enumerate(rows, 1):
        sheet.write_row(at, 0, cells)


def _write(sheet: Any, row: int, cells: Sequence[Any]) -> None:
    for column, cell in enumerate(cells):
        if hasattr(cell, "year"):
            sheet.write_datetime(row, column, cell)
        elif cell is not None and cell == cell:  # noqa: PLR0124 - a sheet has no NaN
            sheet.write(row, column, cell)


def _in_host(source: Path, functions: Functions) -> Callable[[], object]:
    """What evaluates the book in our host, all made ready."""
    pages = Pages(Book(Package(source)), functions)
    return pages.engine(Page.view_edits).evaluate


def _in_engine(source: Path) -> Callable[[], object]:
    """What evaluates the book in the bare engine with functions that do nothing."""
    pages = Pages(Book(Package(source)), {})  # without our functions' names no argument is abridged
    view = pages.view(Page.view_edits)
    settings = formualizer.EvaluationConfig()
    settings.enable_parallel = False
    book: Any = formualizer.Workbook.from_bytes(view, config=formualizer.WorkbookConfig(eval_config=settings))
    for name in FUNCTIONS:
        book.register_function(name, lambda *_: "A", min_args=0, max_args=None)
    return book.evaluate_all  # type: ignore[no-any-return] # the engine says nothing about its types


def _seconds(prepare: Callable[[], Callable[[], object]]) -> float:
    work = prepare()
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        work()
        return perf_counter() - start
    finally:
        gc.enable()


def _timed(source: Path) -> _Timed:
    nothing = dict.fromkeys(FUNCTIONS, lambda *_: "A")
    works = (
        lambda: _in_host(source, Desk().functions()),
        lambda: _in_host(source, nothing),
        lambda: _in_engine(source),
    )
    rounds = [[_seconds(work) for work in works] for _ in range(_ROUNDS)]
    return _Timed(*(list(column) for column in zip(*rounds)))


def _line(name: str, timed: _Timed, calls: int = _ROWS) -> list[str]:
    times = ratio(timed.ours, timed.engine)
    shown = [f"{median(taken) / calls * 1e6:.1f}" for taken in timed]
    return [
        name,
        *shown,
        f"{ratio(timed.ours, timed.host):.2f}",
        f"{times:.2f}",
        "within" if times <= _TARGET else "OVER",
    ]


def measure() -> Section:
    forms = [(name, formula) for name, formula in _PLAIN.items()]
    forms += [(f"{name}, no evidence", formula) for name, formula in _SHORT.items()]
    forms += [(f"{name}, rules and holidays", formula) for name, formula in _TABLES.items()]
    with TemporaryDirectory() as folder:
        lines = [_line(name, _timed(_book(Path(folder) / "calls.xlsx", formula))) for name, formula in forms]
        row = [*(_PLAIN[name] for name in _PLAIN if name != "XLP_INTERVAL")]
        lines.append(
            _line("all six of a row, a call", _timed(_book(Path(folder) / "row.xlsx", *row)), _ROWS * len(row))
        )
        for name in _PLAIN:
            book = _book(Path(folder) / "few.xlsx", _PLAIN[name], rows=_FEW)
            lines.append(_line(f"{name}, {_FEW:,} rows", _timed(book), _FEW))
        source = _book(Path(folder) / "native.xlsx", _NATIVE)
        native = [_seconds(lambda: _in_engine(source)) for _ in range(_ROUNDS)]
    lines.append(["native nested IF", f"{median(native) / _ROWS * 1e6:.1f}", "", "", "", "", ""])
    how = (
        f"{_ROWS:,} rows of {_SCHEME} (8 fields) as people type them, one formula a row, a fresh desk each round; only "
        f"the evaluation is timed. µs a call, median of {_ROUNDS} interleaved rounds: ours; a function that does "
        "nothing in our host; the same in the bare engine, arguments and all. Ratios: median within a round. "
        f"At most {_TARGET}× the bare engine's. {_FEW:,} rows: the same with as many, where what is made once for a "
        "sheet weighs more."
    )
    headers = ["function", "ours", "host no-op", "engine no-op", "÷ host", "÷ engine", "target"]
    return Section("One call in the embedded engine", how, headers, lines, [])


if __name__ == "__main__":
    publish(measure())
