"""The embedded engine: what is calculated, arrays, and what is put in before."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from _books import MAIN, cell, parts_of, raw_book, rows
from _toys import run, shown, toys, whys

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts.headless import recalc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xlplugin.hosts.headless import Input


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
