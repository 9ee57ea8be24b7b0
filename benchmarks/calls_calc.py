"""One call of each function in LibreOffice Calc, against functions that do nothing, beside a native nested IF."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the tests know how to start a Calc and talk to it

import _calc

from benchmarks._cells import draw
from benchmarks._measure import Section, publish
from xlplugin.hosts._kernel import zipped
from xlplugin.hosts.calc import find_office
from xlplugin.hosts.calc._extension import content
from xlplugin.hosts.calc._install import _ask
from xlplugin.hosts.calc._names import COMPONENT, method_name
from xlplugin.hosts.calc._parts import _CALLER, parts
from xlplugin.hosts.calc._typelib import Method, type_library
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEME = "visit_count_abcd"  # the one with eight fields
_ROWS = 2_000
_ROUNDS = 6
_LARGE = 100_000
_TARGET = 3
_NOTHING = ("NOP", "DOC")
# A:H the fields, I last contact, J agreed, K opt out, L grade, M the formula; row 1 holds the headers.
_JUDGE = "$A$1:$H$1,A{row}:H{row},I{row}"
_GIVEN = "L{row},I{row},J{row},K{row}"
_PLAIN = {name: f'{name}("{_SCHEME}",{_JUDGE})' for name in ("XLP_GRADE", "XLP_STATUS", "XLP_WHY", "XLP_RAISE")}
_PLAIN["XLP_INTERVAL"] = f'XLP_INTERVAL("{_SCHEME}",L{{row}},"",{_JUDGE})'
_PLAIN |= {name: f'{name}("{_SCHEME}",{_GIVEN},"","",{_JUDGE})' for name in ("XLP_NEXT_CONTACT", "XLP_FLAGS")}
_CALLS = {
    **_PLAIN,
    "XLP_GRADE, 40 rules": f'XLP_GRADE("{_SCHEME}",{_JUDGE},rules!$A$1:$F$41)',
}
_NATIVE = (
    'IF(H{row}="否","",IF(OR(A{row}="",B{row}=""),"",'
    'IF(OR(A{row}>=3,B{row}="频繁"),IF(AND(C{row}="需求",D{row}="是",E{row}="是",F{row}="是",G{row}="是"),"A","B"),'
    'IF(A{row}>=2,"B",IF(AND(A{row}>=1,B{row}="有"),"C","D")))))'
)
# Nothing is done with the cells: what is measured is LibreOffice and its bridge to Python.
_COMPONENT = """
import unohelper
from com.sun.star.lang import XServiceInfo
from org.xlpnoops import XFunctions
class Functions(unohelper.Base, XFunctions, XServiceInfo):
    def __init__(self, context): pass
    def getImplementationName(self): return "org.xlpnoops.Functions"
    def supportsService(self, name): return name == "org.xlpnoops.Functions"
    def getSupportedServiceNames(self): return ("org.xlpnoops.Functions",)
for _name in {names}:
    setattr(Functions, _name, lambda self, *cells: "A")
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, "org.xlpnoops.Functions", ("org.xlpnoops.Functions",))
"""


def _no_ops() -> bytes:
    """An add-in with two functions for each of ours that do nothing: NOP_… and DOC_…, which is told the document."""
    records = {
        name: f._replace(name=name)
        for f in FUNCTIONS.values()
        for name in (f.name.replace("XLP", "NOP"), f.name.replace("XLP", "DOC"))
    }
    methods = [
        Method(method_name(f.name), [*_caller(f.name), *((method_name(a.name), "any") for a in f.args)])
        for f in records.values()
    ]
    with zipfile.ZipFile(io.BytesIO(content())) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("pythonpath/")}
    files |= parts(records)
    files[COMPONENT] = _COMPONENT.format(names=[method.name for method in methods]).encode()
    files["xlplugin.rdb"] = type_library("org.xlplugin.XFunctions", methods)
    swap = (b"xlplugin", b"xlpnoops")  # of one length, for the type library counts its letters
    return zipped({path.replace("xlplugin", "xlpnoops"): code.replace(*swap) for path, code in files.items()})


def _caller(name: str) -> list[tuple[str, str]]:
    return [("document", _CALLER)] if name.startswith("DOC") else []


def _profile(folder: Path) -> Path:
    """The tests' profile with the functions that do nothing beside ours."""
    oxt = folder / "noops.oxt"
    oxt.write_bytes(_no_ops())
    office, profile = find_office(), _calc.profile()
    mine = type(office)(office.starter, office.version, profile)
    _ask(mine, office.python(), do="add", oxt=str(oxt))
    return profile


def _book(path: Path, formula: str, rows: int, seed: int) -> None:
    scheme = load()[_SCHEME]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, rules = book.add_worksheet("S"), book.add_worksheet("rules")
        sheet.write_row(0, 0, [field.label["zh"] for field in scheme.fields.values()])
        for at, row in enumerate(draw(scheme, rows, messy=0, seed=seed), 1):
            for column, cell in enumerate([*row.cells, row.last_contact, row.agreed, row.opt_out]):
                if cell is not None:
                    sheet.write(at, column, cell)
            sheet.write_string(at, 11, "ABCD"[at % 4])
            sheet.write_formula(at, 12, "=" + formula.format(row=at + 1), None, 0)
        rules.write_row(0, 0, ["方案", "项", "值", "发布值", "依据", "含义"])
        for at in range(40):
            rules.write_row(at + 1, 0, [_SCHEME, "limits.a_visits", 3, 3, "S", f"A级来访次数 {at}"])


def _seconds(calc: Any, path: Path, times: int) -> list[float]:
    """Seconds of the first and of further calculations of one book."""
    book = calc.open(str(path))
    taken = [calc.calculate(book) for _ in range(times)]
    calc.close(book)
    return taken


def _measured(calc: Any, folder: Path) -> dict[str, list[list[float]]]:
    """By formula, a list for each round: the first calculation of rows never seen before, and the next."""
    formulas = dict(_CALLS)
    for kind in _NOTHING:
        formulas |= {name.replace("XLP", kind): text.replace("XLP", kind) for name, text in _CALLS.items()}
    formulas["native"] = _NATIVE
    formulas["one cell"] = "NOP_INTERVAL(A{row},1)"
    found: dict[str, list[list[float]]] = {name: [] for name in formulas}
    for seed in range(_ROUNDS):
        for name, formula in formulas.items():
            path = folder / "rows.xlsx"
            _book(path, formula, _ROWS, seed=100 + seed * len(formulas) + list(formulas).index(name))
            found[name].append(_seconds(calc, path, 2))
    return found


def _line(found: Mapping[str, list[list[float]]], name: str) -> list[str]:
    ours = found[name]
    floor, told = ([min(taken) for taken in found[name.replace("XLP", kind)]] for kind in _NOTHING)
    first, again = [taken[0] for taken in ours], [taken[1] for taken in ours]
    times = [min(taken) / min(base) for taken, base in ((first, floor), (again, floor), (first, told))]
    verdict = (
        "yes" if times[0] <= _TARGET else "told" if times[2] <= _TARGET else "again" if times[1] <= _TARGET else "NO"
    )
    shown = [_micro(taken) for taken in (first, again, floor, told)]
    return [name, *shown, *(f"{one:.2f}" for one in times), verdict]


def _micro(seconds: list[float], rows: int = _ROWS) -> str:
    return f"{min(seconds) / rows * 1e6:.1f}"


def _large(calc: Any, folder: Path) -> str:
    """Many rows loaded from a file and calculated anew."""
    shown = []
    for name, formula in (("XLP_GRADE", _PLAIN["XLP_GRADE"]), ("native nested IF", _NATIVE)):
        path = folder / "large.xlsx"
        _book(path, formula, _LARGE, seed=5)
        first, again = _seconds(calc, path, 2)
        shown.append(f"{name} {first:.1f} s first, {again:.1f} s again")
    return f"{_LARGE:,} rows from a file, calculated anew: {'; '.join(shown)}."


def measure() -> Section:
    """The figures; needs LibreOffice."""
    with TemporaryDirectory() as name, _calc.started(_profile(Path(name))) as calc:
        folder = Path(name)
        found = _measured(calc, folder)
        large = _large(calc, folder)
    native, one = (_micro([min(taken) for taken in found[name]]) for name in ("native", "one cell"))
    how = (
        f"{_ROWS:,} rows of eight fields in LibreOffice {find_office().version}, calculated anew. first: rows never "
        "seen before; again: the same rows once more; nothing: a function with the same cells that does nothing "
        "(quicker of two); told: the same, but told the document, as ours must be to know its day 0. "
        f"µs a call, quickest of {_ROUNDS} rounds, in each of which everything runs once. "
        f"At most {_TARGET}×."
    )
    headers = [
        "function",
        "first",
        "again",
        "nothing",
        "told",
        "first ÷ nothing",
        "again ÷ nothing",
        "first ÷ told",
        f"≤ {_TARGET}×",
    ]
    beside = f"A native nested IF: {native} µs. A function that does nothing with one cell and one number: {one} µs."
    lines = [_line(found, name) for name in _CALLS]
    return Section("One call in LibreOffice Calc", how, headers, lines, [beside, large])


if __name__ == "__main__":
    publish(measure())
