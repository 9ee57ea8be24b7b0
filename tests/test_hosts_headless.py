from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _books import MAIN, cell, changed_parts, parts_of, raw_book, rich_book, rows
from python_calamine import CalamineWorkbook

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts.headless import Report, recalc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xlplugin.hosts.headless import Input


def grade(_scheme: object, headers: list[list[object]], row: list[list[object]]) -> object:
    found = dict(zip(headers[0], row[0], strict=True))
    count = found["次数"]
    return "" if count is None else "A" if float(str(count)) >= 5 else "B" if float(str(count)) >= 3 else "C"


def next_day(letter: object, day: object, holidays: list[list[object]]) -> object:
    moment = float(str(day)) + {"A": 1, "B": 3}.get(str(letter), 7)
    while any(moment == row[0] for row in holidays):
        moment += 1
    return moment


TOYS: dict[str, Callable[..., object]] = {
    "XLP_GRADE": grade,
    "XLP_NEXT": next_day,
    "XLP_ECHO": lambda *arguments: repr(arguments),
    "XLP_SAME": lambda value: value,
    "XLP_ROWS": lambda count: [[f"行{number}"] for number in range(1, int(count) + 1)],
    "XLP_FAIL": lambda *_: 1 / 0,
}


def toys(_date1904: bool) -> Mapping[str, Callable[..., object]]:
    return TOYS


def shown(path: Path, sheet: str = "S") -> dict[str, object]:
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    return {item.coordinate: item.value for row in page.iter_rows() for item in row if item.value is not None}


def run(tmp_path: Path, *cells: str, **options: Any) -> tuple[Report, dict[str, object]]:
    """A one-sheet book recalculated: the report and what the cells show."""
    keys = {"names", "settings", "calc", "extra", "calc_chain", "whole"}
    build = {key: value for key, value in options.items() if key in keys}
    rest = {key: value for key, value in options.items() if key not in keys}
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(*cells)}, **build)
    report = recalc(source, tmp_path / "out.xlsx", toys, **rest)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]
    return report, shown(tmp_path / "out.xlsx")


def whys(report: Report) -> dict[str, str]:
    return {kept.ref: kept.why for kept in report.kept}


# --- what is calculated -------------------------------------------------------------------------


def test_our_functions_and_what_depends_on_them(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 5),
        cell("B1", "old", formula='XLP_SAME(A1)&"!"'),
        cell("C1", 4, formula="LEN(B1)+A1"),
        cell("D1", "", formula='IF(B1="5.0!",1,2)'),
    )
    assert got["B1"] == "5!"
    assert report.kept[0].ref == "C1"  # 3+5 is not 4 in the old values: that is for the person to see
    assert report.exit_code == 3


def test_exit_0_when_all_agrees(tmp_path: Path) -> None:
    report, got = run(tmp_path, cell("A1", 5), cell("B1", "x", formula="XLP_SAME(A1)"), cell("C1", 10, formula="A1*2"))
    assert (report.exit_code, report.formulas, report.changed, got["B1"], got["C1"]) == (0, 2, 1, 5, 10)


@pytest.mark.parametrize(
    ("result", "kind", "value"),
    [
        (None, b"str", b""),
        ("", b"str", b""),
        ("a<b>&", b"str", b"a&lt;b&gt;&amp;"),
        (True, b"b", b"1"),
        (3, b"", b"3"),
        (2.5, b"", b"2.5"),
        (float("nan"), b"e", b"#NUM!"),
        (float("inf"), b"e", b"#NUM!"),
        (10**400, b"e", b"#NUM!"),
        (CellError("#N/A"), b"e", b"#N/A"),
        (dt.date(2026, 3, 2), b"", b"46083"),
        (dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone.utc), b"", b"46083.5"),
        ([["only"]], b"str", b"only"),
        ("x" * 40000, b"str", b"x" * 32767),
        ("a\x01b", b"str", b"a_x0001_b"),
        (object(), b"e", b"#VALUE!"),
    ],
)
def test_results_as_cells(tmp_path: Path, result: object, kind: bytes, value: bytes) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1, formula="XLP_R()"))})
    recalc(source, tmp_path / "out.xlsx", lambda _: {"XLP_R": lambda: result})
    sheet = parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"]
    found = re.search(rb'<c r="A1"(?: t="(\w+)")?><f>XLP_R\(\)</f><v>(.*?)</v>', sheet)
    assert found
    assert (found[1] or b"", found[2]) == (kind, value)


def test_arguments_as_functions_see_them(tmp_path: Path) -> None:
    _, got = run(
        tmp_path,
        cell("A1", 1),
        cell("B1", "t"),
        cell("C1", True),
        cell("E1", CellError("#DIV/0!")),
        cell("A2", "", formula="XLP_ECHO(A1,B1,C1,D1,E1)"),
        cell("A3", "", formula="XLP_ECHO(A1:E1)"),
    )
    assert got["A2"] == "(1.0, 't', True, None, CellError('#DIV/0!'))"
    assert got["A3"] == "([[1.0, 't', True, None, CellError('#DIV/0!')]],)"


@pytest.mark.parametrize(
    ("call", "seen"),
    [
        ("XLP_ECHO()", "()"),
        ("XLP_ECHO( )", "()"),
        ("XLP_ECHO(1,)", "(1.0, None)"),
        ("xlp_echo(,1)", "(None, 1.0)"),
        ("XLP_ECHO(IF(1,,2), ,3)", "(0.0, None, 3.0)"),
        ('XLP_ECHO("a,,b",,)', "('a,,b', None, None)"),
        ("XLP_ECHO({1,2;3,4},)", "([[1.0, 2.0], [3.0, 4.0]], None)"),
    ],
)
def test_arguments_left_out_are_none(tmp_path: Path, call: str, seen: str) -> None:
    _, got = run(tmp_path, cell("A1", "", formula=call))
    assert got["A1"] == seen


def test_sheets_named_like_calls(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "in.xlsx",
        {
            "登记 (2)": rows(cell("A1", 5), cell("B1", 1, formula="'登记 (2)'!A1+XLP_SAME('it''s (x)'!A1)")),
            "it's (x)": rows(cell("A1", 7)),
        },
    )
    assert recalc(source, tmp_path / "out.xlsx", toys).exit_code == 0
    assert shown(tmp_path / "out.xlsx", "登记 (2)")["B1"] == 12


def test_an_exception_is_reported_and_shows_value(tmp_path: Path) -> None:
    report, got = run(tmp_path, cell("A1", 1, formula="XLP_FAIL()"), cell("A2", 1, formula="XLP_FAIL(2)"))
    assert got["A1"] == "#VALUE!"
    assert [(fault.function, fault.count) for fault in report.faults] == [("XLP_FAIL", 2)]
    assert "ZeroDivisionError" in report.faults[0].trace
    assert report.exit_code == 3


@pytest.mark.parametrize(
    "call",
    ["_xldudf_XLP_SAME(7)", "_xll.XLP_SAME(7)", "[1]!XLP_SAME(7)", r"'C:\a b\x.xlam'!XLP_SAME(7)", "xlp_same(7)"],
)
def test_spellings_of_our_functions(tmp_path: Path, call: str) -> None:
    report, got = run(tmp_path, cell("A1", 1, formula=call))
    assert got["A1"] == 7
    assert not report.kept


def test_1904(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "in.xlsx",
        {"S": rows(cell("A1", 1, formula="XLP_DAY()"), cell("A2", formula="DATE(2026,1,2)"))},
        settings='<workbookPr date1904="1"/>',
    )
    told: list[bool] = []

    def functions(date1904: bool) -> Mapping[str, Callable[..., object]]:
        told.append(date1904)
        return {"XLP_DAY": lambda: dt.date(2026, 1, 2)}

    recalc(source, tmp_path / "out.xlsx", functions)
    raw = parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"]
    assert told == [True]
    assert raw.count(b"<v>44562</v>") == 2


def test_names_of_book_sheet_and_table(tmp_path: Path) -> None:
    names = (
        '<definedName name="rate.x">S!$A$1</definedName>'
        "<definedName name=\"rate.x\" localSheetId=\"1\">'it''s 表'!$A$1</definedName>"
        '<definedName name="twice">rate.x*2</definedName><definedName name="away">[1]X!$A$1</definedName>'
    )
    source = raw_book(
        tmp_path / "in.xlsx",
        {
            "S": rows(cell("A1", 3), cell("B1", formula="rate.x+twice"), cell("C1", 9, formula="away+1")),
            "it's 表": rows(cell("A1", 50), cell("B1", formula="rate.x+0"), cell("C1", formula="S!B1")),
        },
        names=names,
    )
    report = recalc(source, tmp_path / "out.xlsx", toys)
    assert shown(tmp_path / "out.xlsx")["B1"] == 9
    assert shown(tmp_path / "out.xlsx", "it's 表") == {"A1": 50, "B1": 50, "C1": 9}
    assert whys(report) == {"C1": "cannot_evaluate"}


# --- trust --------------------------------------------------------------------------------------


def test_a_formula_that_differs_keeps_its_value_and_others_use_it(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 2),
        cell("B1", 99, formula="A1*10"),
        cell("C1", 100, formula="B1+1"),
        cell("D1", "", formula="XLP_SAME(C1)"),
    )
    assert whys(report) == {"B1": "differs"}
    assert (got["B1"], got["C1"], got["D1"]) == (99, 100, 100)
    assert (report.kept[0].cached, report.kept[0].computed) == (99, 20)


def test_trusted_formulas_are_not_checked(tmp_path: Path) -> None:
    report, got = run(tmp_path, cell("A1", 2), cell("B1", 99, formula="A1*10"), trusted=lambda text: text == "A1*10")
    assert not report.kept
    assert got["B1"] == 20


def test_books_marked_full_calc_on_load_are_not_checked(tmp_path: Path) -> None:
    report, got = run(
        tmp_path, cell("A1", 2), cell("B1", 0, formula="A1*10"), calc='<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    )
    assert not report.kept
    assert got["B1"] == 20
    workbook = parts_of(tmp_path / "out.xlsx")["xl/workbook.xml"]
    assert b'<calcPr calcId="191029"/>' in workbook
    assert b"fullCalcOnLoad" not in workbook


def test_a_formula_without_a_value_and_a_volatile_one_are_calculated(tmp_path: Path) -> None:
    report, got = run(tmp_path, cell("A1", 2), cell("B1", formula="A1*10"), cell("C1", 1, formula="TODAY()-TODAY()+A1"))
    assert not report.kept
    assert (got["B1"], got["C1"]) == (20, 2)


@pytest.mark.parametrize(
    "formula",
    [
        'WEBSERVICE("http://example.invalid")',
        "[1]Prices!A1+1",
        "'[1]My Prices'!A1",
        "SUM([1]X!$A$1:$B$2)",
        "[Book 1.xlsx]X!A1",
        "SUM([@无])",
        "SUM(无[列])",
        'CUBEVALUE("a","b")',
        "NUMBERSTRING(3,1)",
        "SUM(S:T!A1)",
        "cmd|'/C calc'!A0",
        "IFERROR(PHONETIC(A1),77)",
        "LAMBDA(x,x+1)(2)",
        'GETPIVOTDATA("a",A1)',
        "A1 +",
    ],
)
@pytest.mark.parametrize("calc", ["", '<calcPr fullCalcOnLoad="1"/>'])
def test_what_the_engine_cannot_do_keeps_its_value(tmp_path: Path, formula: str, calc: str) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 2),
        cell("B1", 1234, formula=formula),
        cell("C1", 2468, formula="B1*2"),
        cell("D1", "", formula="XLP_SAME(C1)"),
        calc=calc,
    )
    assert whys(report) == {"B1": "cannot_evaluate"}
    assert (got["B1"], got["C1"], got["D1"]) == (1234, 2468, 2468)


def test_lookup_of_the_last_match_is_never_left_to_the_engine(tmp_path: Path) -> None:
    cells = [cell(f"A{row}", float(row % 3)) for row in range(1, 8)] + [cell(f"B{row}", row) for row in range(1, 8)]
    report, got = run(
        tmp_path, *cells, cell("C1", 7, formula="LOOKUP(2,1/(A1:A7=1),B1:B7)"), cell("D1", 8, formula="C1+1")
    )
    assert whys(report) == {"C1": "cannot_evaluate"}
    assert (got["C1"], got["D1"]) == (7, 8)


def test_circles_keep_their_values_and_lookers_on_are_calculated(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 5, formula="B1+0"),
        cell("B1", 5, formula="A1+0"),
        cell("C1", 6, formula="B1+1"),
        cell("D1", "", formula="XLP_SAME(C1)"),
        cell("E1", 0, formula="E1"),
    )
    assert whys(report) == dict.fromkeys(("A1", "B1", "E1"), "cannot_evaluate")
    assert (got["C1"], got["D1"]) == (6, 6)


def test_a_formula_knows_its_own_place_in_the_check(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A2", 4),
        cell("B2", 2, formula="ROW()+COLUMN()-2"),
        cell("C2", 6, formula="SUM($A$2:B2)"),
        cell("D3", 12, formula="SUM(2:2)"),
        cell("E3", 16, formula="SUM(S!2:2)+$A$2"),
        cell("F3", '3:5 "x', formula='"3:5 ""x"'),
    )
    assert not report.kept
    assert got["D3"] == 12


def test_a_plain_formula_that_would_spill_keeps_its_value(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 1),
        cell("C1", 1, formula="A1:A3"),
        cell("A2", 2),
        cell("A3", 3),
        cell("D9", 0, formula="COUNT(C2:C3)"),
    )
    assert whys(report) == {"C1": "cannot_evaluate"}
    assert got["D9"] == 0


@pytest.mark.parametrize(
    ("cached", "formula", "agrees"),
    [
        (0.3, "0.1+0.2", True),
        (0.3001, "0.1+0.2", False),
        (0, "0.1+0.2-0.3", True),
        ("a", '"A"', False),
        ("a", '"a"', True),
        ("", '""', True),
        (0, "Z99", True),
        (0, '""', False),
        ("", "0", False),
        (True, "1=1", True),
        (1, "1=1", False),
        (CellError("#DIV/0!"), "1/0", True),
        (CellError("#N/A"), "1/0", False),
        (CellError("#NAME?"), "NOSUCHFUNCTION(1)", None),
        (46024, "DATE(2026,1,2)", True),
    ],
)
def test_what_counts_as_the_same(tmp_path: Path, cached: object, formula: str, agrees: bool | None) -> None:
    report, _ = run(tmp_path, cell("A1", cached, formula=formula))
    assert whys(report) == ({} if agrees else {"A1": "cannot_evaluate" if agrees is None else "differs"})


def test_the_check_comes_before_the_inputs(tmp_path: Path) -> None:
    report, got = run(tmp_path, cell("A1", 2), cell("B1", 20, formula="A1*10"), inputs={("S", "A1"): 7})
    assert not report.kept
    assert (got["A1"], got["B1"]) == (7, 70)


def test_the_report_in_words(tmp_path: Path) -> None:
    cells = [cell(f"A{row}", 99, formula="1+1") for row in range(1, 31)]
    report, _ = run(tmp_path, *cells, cell("B1", 1, formula="XLP_FAIL()"), extra={"_xmlsignatures/origin.sigs": b""})
    for lang in ("zh", "en"):
        sentences = list(report.sentences(lang))
        assert len(sentences) == 1 + 20 + 1 + 1 + 1
        assert "30" in sentences[21]
    assert report.notes == ("signature",)


# --- arrays -------------------------------------------------------------------------------------


def test_a_dynamic_array_grows_and_shrinks(tmp_path: Path) -> None:
    def book(count: float, old: int) -> list[str]:
        home = cell("B2", "x", formula="XLP_ROWS(A1)", attributes=' cm="1"', f=f' t="array" ref="B2:B{1 + old}"')
        return [
            cell("A1", count),
            home,
            *(cell(f"B{row}", "x", attributes=' s="0"') for row in range(3, 2 + old)),
            cell("C1", 1, formula="COUNTA(B2:B9)+XLP_SAME(0)"),
        ]

    _, got = run(tmp_path, *book(4, 2))
    assert [got.get(f"B{row}") for row in range(2, 8)] == ["行1", "行2", "行3", "行4", None, None]
    assert got["C1"] == 4
    assert b'ref="B2:B5"' in parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"]
    (tmp_path / "out.xlsx").unlink()
    _, got = run(tmp_path, *book(1, 4))
    assert [got.get(f"B{row}") for row in range(2, 8)] == ["行1", None, None, None, None, None]
    assert b'ref="B2"' in parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"]


def test_an_older_array_keeps_its_extent(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 1),
        cell("A2", 2),
        cell("C1", 2, formula="A1:A2*2", f=' t="array" ref="C1:C2"'),
        cell("C2", 4),
        cell("D1", 3, formula="SUM(IF(A1:A2>0,A1:A2))", f=' t="array" ref="D1"'),
        cell("E1", 10, formula="A1:A2*10", f=' t="array" ref="E1"'),
        cell("E2", 77),
        inputs={("S", "A1"): 5},
    )
    assert not report.kept
    assert (got["C1"], got["C2"], got["D1"], got["E1"], got["E2"]) == (10, 4, 7, 50, 77)


def test_an_array_that_differs_keeps_all_its_cells(tmp_path: Path) -> None:
    report, got = run(
        tmp_path,
        cell("A1", 1),
        cell("A2", 2),
        cell("C1", 2, formula="A1:A2*2", f=' t="array" ref="C1:C2"'),
        cell("C2", 5),
        cell("D1", 7, formula="SUM(C1:C2)"),
    )
    assert whys(report) == {"C1": "differs"}
    assert (got["C2"], got["D1"]) == (5, 7)


def test_a_spill_reference_passes_the_check(tmp_path: Path) -> None:
    report, _ = run(
        tmp_path,
        cell("A1", 3),
        cell("A2", 1),
        cell("C1", 1, formula="_xlfn._xlws.SORT(A1:A2)", attributes=' cm="1"', f=' t="array" ref="C1:C2"'),
        cell("C2", 3),
        cell("D1", 4, formula="SUM(_xlfn.ANCHORARRAY(C1))"),
    )
    assert not report.kept


def test_data_tables_are_left_alone(tmp_path: Path) -> None:
    data = '<c r="B1"><f t="dataTable" ref="B1:B2" dt2D="0" dtr="0" r1="A1"/><v>2</v></c>'
    report, got = run(tmp_path, cell("A1", 1), data, cell("C1", 4, formula="B1*2"))
    assert whys(report) == {"B1": "cannot_evaluate"}
    assert (got["B1"], got["C1"]) == (2, 4)


# --- inputs -------------------------------------------------------------------------------------


def test_inputs_of_every_kind(tmp_path: Path) -> None:
    values: dict[tuple[str, str], Input] = {
        ("s", "B1"): "=1+1",
        ("S", "C1"): 2,
        ("S", "D1"): dt.date(2026, 3, 2),
        ("S", "A3"): True,
        ("S", "B5"): " x\n",
        ("S", "A1"): None,
        ("S", "B2"): 1.5,
        ("S", "C2"): CellError("#N/A"),
    }
    whole = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:C4"/><cols><col min="2" max="2" width="9" style="1"/></cols>'
        '<sheetData><row r="1" spans="1:3"><c r="A1"><v>1</v></c><c r="C1" s="0" t="str"><v>old</v></c></row>'
        '<row r="2"/><row r="4"><c r="A4"><f>COUNTA(A1:D3)</f><v>2</v></c></row></sheetData></worksheet>'
    )
    source = raw_book(tmp_path / "in.xlsx", {"S": ""}, whole={"S": whole})
    recalc(source, tmp_path / "out.xlsx", toys, inputs=values)
    sheet = parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"].decode()
    assert '<dimension ref="A1:D5"/>' in sheet
    assert sheet[sheet.index("<row") :].replace("</row>", "</row>\n").splitlines() == [
        '<row r="1"><c r="A1"/><c r="B1" s="1" t="inlineStr"><is><t>=1+1</t></is></c>'  # noqa: ISC004 - one line
        '<c r="C1" s="0"><v>2</v></c><c r="D1"><v>46083</v></c></row>',
        '<row r="2"><c r="B2" s="1"><v>1.5</v></c><c r="C2" t="e"><v>#N/A</v></c></row>',
        '<row r="3"><c r="A3" t="b"><v>1</v></c></row>',
        '<row r="4"><c r="A4"><f>COUNTA(A1:D3)</f><v>6</v></c></row>',
        '<row r="5"><c r="B5" s="1" t="inlineStr"><is><t xml:space="preserve"> x',
        "</t></is></c></row>",
        "</sheetData></worksheet>",
    ]


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({("S", "B1"): 1}, "input_over_formula"),
        ({("X", "B1"): 1}, "input_no_sheet"),
        ({("S", "B"): 1}, "no_such_cell"),
        ({("S", "A0"): 1}, "no_such_cell"),
        ({("S", "XFE1"): 1}, "no_such_cell"),
        ({("S", "A1:A2"): 1}, "no_such_cell"),
        ({("S", "C2"): 1}, "input_in_array"),
        ({("S", "A1"): [1]}, "input_no_value"),
        ({("S", "A1"): float("nan")}, "input_no_value"),
        ({("S", "A1"): "x" * 32768}, "input_too_long"),
    ],
)
def test_inputs_that_cannot_be(tmp_path: Path, inputs: Mapping[tuple[str, str], object], code: str) -> None:
    with pytest.raises(XlpError) as caught:
        run(
            tmp_path,
            cell("A1", 1),
            cell("B1", 1, formula="A1"),
            cell("C1", 1, formula="A1:A2", f=' t="array" ref="C1:C2"'),
            cell("C2", 0),
            inputs=inputs,
        )
    assert caught.value.code == code
    assert caught.value.sentence("zh")
    assert not (tmp_path / "out.xlsx").exists()


def test_an_input_may_replace_a_shared_formula(tmp_path: Path) -> None:
    _, got = run(
        tmp_path,
        *(cell(f"A{row}", row) for row in (1, 2, 3)),
        cell("B1", 2, formula="A1*2", f=' t="shared" ref="B1:B3" si="0"'),
        cell("B2", 4, formula="", f=' t="shared" si="0"'),
        cell("B3", 6, formula="", f=' t="shared" si="0"'),
        inputs={("S", "B1"): 9, ("S", "A3"): 10},
        overwrite_formulas=True,
        calc_chain=True,
    )
    assert (got["B1"], got["B2"], got["B3"]) == (9, 4, 20)
    parts = parts_of(tmp_path / "out.xlsx")
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["[Content_Types].xml"] + parts["xl/_rels/workbook.xml.rels"]


def test_inputs_into_an_empty_sheet(tmp_path: Path) -> None:
    whole = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    _, got = run(tmp_path, cell("A1", 1), whole={"S": whole}, inputs={("S", "B2"): 5, ("S", "A1"): "x"})
    assert got == {"A1": "x", "B2": 5}


# --- fidelity -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Report]:
    folder = tmp_path_factory.mktemp("rich")
    source = rich_book(folder / "in.xlsm")
    report = recalc(source, folder / "out.xlsm", toys, inputs={("来访登记", "B3"): 9})
    return source, folder / "out.xlsm", report


def test_every_other_part_is_the_same(rich: tuple[Path, Path, Report]) -> None:
    source, target, report = rich
    old, new = parts_of(source), parts_of(target)
    assert list(old) == list(new)
    differing = {name for name in old if old[name] != new[name]}
    assert differing == {
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet3.xml",
        "xl/worksheets/sheet4.xml",
    }
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        assert after.testzip() is None
        assert [(item.date_time, item.external_attr) for item in before.infolist()] == [
            (item.date_time, item.external_attr) for item in after.infolist()
        ]
    assert report.exit_code == 0, list(report.sentences("en"))


def test_only_values_of_formula_cells_change(rich: tuple[Path, Path, Report]) -> None:
    source, target, _ = rich
    bare = re.compile(rb'( t="(?:str|e|b)")?><f([^>]*)>(.*?)</f>(<v>[^<]*</v>|<v/>)?')
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml"):
        old, new = parts_of(source)[part], parts_of(target)[part]
        old = old.replace(b'<c r="B3"><v>2</v>', b'<c r="B3"><v>9</v>').replace(
            b'<c r="B3"><v>2</v></c>', b'<c r="B3"><v>9</v></c>'
        )
        assert bare.sub(rb"><f\2>\3</f>", old) == bare.sub(rb"><f\2>\3</f>", new)


EXPECTED = [("C", 1), ("A", 9), ("B", 3), ("B", 4), ("A", 5), ("A", 6)]


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl's own loss, not ours
def test_other_programs_read_it(rich: tuple[Path, Path, Report]) -> None:
    _, target, _ = rich
    page = openpyxl.load_workbook(target, data_only=True)["来访登记"]
    assert [(page.cell(row, 5).value, page.cell(row, 2).value) for row in range(2, 8)] == EXPECTED
    assert page["F3"].value == dt.datetime.fromisoformat("2025-12-12")
    book = CalamineWorkbook.from_path(str(target))
    read = book.get_sheet_by_name("来访登记").to_python()
    assert [row[4] for row in read[1:7]] == [letter for letter, _ in EXPECTED]
    summary = book.get_sheet_by_name("it's 汇总").to_python()
    assert [row[3] for row in summary[:3]] == ["客户2", "客户5", "客户6"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_it(rich: tuple[Path, Path, Report], tmp_path: Path) -> None:
    _, target, _ = rich
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1",
        "--outdir",
        str(tmp_path),
        str(target),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[4].strip('"') for line in lines[1:7]] == [letter for letter, _ in EXPECTED]


def test_twice_is_the_same_as_once(rich: tuple[Path, Path, Report], tmp_path: Path) -> None:
    _, target, _ = rich
    report = recalc(target, tmp_path / "again.xlsm", toys)
    assert report.exit_code == 0, list(report.sentences("en"))
    assert report.changed == 0
    assert parts_of(tmp_path / "again.xlsm") == parts_of(target)


def test_in_place(tmp_path: Path) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1, formula="XLP_SAME(5)"))})
    source.chmod(0o640)
    recalc(source, source, toys)
    assert shown(source)["A1"] == 5
    assert source.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.xlsx"]


def test_calculating_only_writes_nothing(tmp_path: Path) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1, formula="XLP_SAME(5)"))})
    before = source.read_bytes()
    assert recalc(source, None, toys).changed == 1
    assert source.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.xlsx"]


def test_progress(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "in.xlsx", {"S": rows(*(cell(f"A{row}", 1, formula="XLP_SAME(5)") for row in range(1, 601)))}
    )
    seen: list[tuple[int, int, str]] = []
    recalc(source, None, toys, progress=lambda *step: seen.append(step))
    assert [what for _, _, what in seen] == ["read", "read", "calculate", "calculate", "write", "write"]
    assert seen[2] == (256, 600, "calculate")


# --- odd XML ------------------------------------------------------------------------------------

PREFIXED = (
    f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
    "<x:row r='1'><x:c r='A1'><x:v>2</x:v></x:c><x:c t='str' r='B1'><x:f>XLP_SAME(A1)</x:f><x:v>old</x:v></x:c></x:row>"
    "</x:sheetData></x:worksheet>"
)
COMMENTED = (
    f'<worksheet xmlns="{MAIN}"><sheetData><!-- <c r="Z9"><f>1</f></c> -->'
    '<row><c><v>2</v></c><c><f><![CDATA[IF(1<2,XLP_SAME(A1),"")]]></f><v><!--x-->1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize("xml", [PREFIXED, COMMENTED])
def test_unusual_xml(tmp_path: Path, xml: str) -> None:
    report, got = run(tmp_path, cell("A1", 1), whole={"S": xml})
    assert not report.kept
    assert got["B1"] == 2


def test_utf16(tmp_path: Path) -> None:
    data = '<sheetData><row r="1"><c r="A1"><f>XLP_SAME("好")</f><v>1</v></c></row></sheetData>'
    xml = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}">{data}</worksheet>'
    source = raw_book(tmp_path / "in.xlsx", {"S": ""}, extra={"xl/worksheets/sheet1.xml": xml.encode("utf-16")})
    recalc(source, tmp_path / "out.xlsx", toys)
    assert shown(tmp_path / "out.xlsx")["A1"] == "好"


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet><sheetData><row><c><f>1</c></row></sheetData></worksheet>",
        "<worksheet/>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet><sheetData><row><c><f>&a;</f></c></row></sheetData></worksheet>",
        "<!DOCTYPE x><worksheet><sheetData><!-- --><row><c><f>1</f></c></row></sheetData></worksheet>",
    ],
)
def test_damaged_xml_is_refused(tmp_path: Path, xml: str) -> None:
    with pytest.raises(XlpError) as caught:
        run(tmp_path, cell("A1", 1), whole={"S": xml})
    assert caught.value.code == "sheet_damaged"
    assert caught.value.facts["sheet"] == "S"


def test_iso_dates_and_absolute_targets(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "in.xlsx",
        {
            "S": rows(cell("B1", 1, formula="XLP_SAME(A1)")).replace(
                '<row r="1">', '<row r="1"><c r="A1" t="d"><v>2026-03-02</v></c>'
            )
        },
    )

    def absolute(parts: dict[str, bytes]) -> None:
        rels = "xl/_rels/workbook.xml.rels"
        parts[rels] = parts[rels].replace(b'"worksheets/', b'"/xl/worksheets/')

    recalc(changed_parts(source, absolute), tmp_path / "out.xlsx", toys)
    raw = parts_of(tmp_path / "out.xlsx")["xl/worksheets/sheet1.xml"]
    assert b"<v>46083</v>" in raw
