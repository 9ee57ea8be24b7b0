"""The embedded engine changes the results of formulas and nothing else of a file, however it is spelled."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from _books import MAIN, cell, changed_parts, parts_of, raw_book, rich_book, rows
from _toys import run, shown, toys
from python_calamine import CalamineWorkbook

from xlplugin.errors import XlpError
from xlplugin.hosts.headless import Report, recalc

if TYPE_CHECKING:
    from pathlib import Path


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
