"""The embedded engine: which formulas it is trusted with, and which keep their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from _books import cell, parts_of
from _toys import run, whys

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from pathlib import Path


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
