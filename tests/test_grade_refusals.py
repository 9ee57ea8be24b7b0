"""What `xlplugin grade` refuses, in one clear sentence and with nothing written."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from _grading import (
    OLE,
    ROWS,
    SCORE,
    WINDOW,
    refusal,
    write_csv,
    write_xlsx,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from _grading import Grade


def an_xlsx_cut_short(path: Path) -> None:
    write_xlsx(path, ROWS)
    path.write_bytes(path.read_bytes()[:-200])


def an_xlsx_with_a_broken_sheet(path: Path) -> None:
    whole = path.with_suffix(".tmp")
    write_xlsx(whole, ROWS)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    whole.unlink()


def a_sheet_of_blanks(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 200):
        book.active.cell(row, 50).number_format = "0.00"
        book.active.cell(row, 3, "  ")
    book.save(path)


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")


BAD_FILES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing": ("none.csv", lambda path: path, "No such file"),
    "missing workbook": ("none.xlsx", lambda path: path, "No such file"),
    "folder": ("folder.csv", lambda path: path.mkdir(), "folder"),
    "folder as a workbook": ("folder.xlsx", lambda path: path.mkdir(), "folder"),
    "xls": ("old.xls", lambda path: path.write_bytes(OLE + b"\0" * 600), ".xls"),
    "xls called xlsx": ("old.xlsx", lambda path: path.write_bytes(OLE + b"\0" * 600), ".xls"),
    "encrypted": (
        "secret.xlsx",
        lambda path: path.write_bytes(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600),
        "password",
    ),
    "cut short": ("cut.xlsx", an_xlsx_cut_short, "incomplete or damaged"),
    "broken sheet": ("broken.xlsx", an_xlsx_with_a_broken_sheet, "incomplete or damaged"),
    "other zip": ("other.xlsx", other_zip, "not a workbook"),
    "empty": ("empty.xlsx", lambda path: path.write_bytes(b""), "not a workbook"),
    "csv called xlsx": ("text.xlsx", lambda path: path.write_text("score\n95\n"), "not a workbook"),
    "web page": ("page.xlsx", lambda path: path.write_text("<html><table></table></html>"), "not a workbook"),
    "workbook called csv": ("book.csv", lambda path: write_xlsx(path, ROWS), "text table"),
    "picture": ("picture.png", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 60), "not a workbook"),
    "empty csv": ("empty.csv", lambda path: path.write_text(""), "nothing"),
    "blank csv": ("blank.csv", lambda path: path.write_text("\n ,\n\n"), "nothing"),
    "sheet of blanks": ("blank.xlsx", a_sheet_of_blanks, "nothing"),
    "no rows": ("head.csv", lambda path: path.write_text("name,score\n\n\n"), "no rows"),
    "no rows in a workbook": ("head.xlsx", lambda path: write_xlsx(path, [("name", "score"), ("", " ")]), "no rows"),
    "no header": ("nohead.csv", lambda path: path.write_text("a,b\n1,2\n"), "No header"),
    "late header": ("late.csv", lambda path: path.write_text("x\n" * 60 + "score\n95\n"), "No header"),
    "headers twice": ("twice.csv", lambda path: path.write_text("score,Intent Score\n95,96\n"), "Two columns"),
    "wrong encoding": ("bytes.csv", lambda path: path.write_bytes(b"score\n\xff\xff\xff\n"), "encoding"),
    "nul": ("nul.csv", lambda path: path.write_bytes(b"score\n9\x005\n"), "text table"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_graded_is_refused(grade: Grade, tmp_path: Path, case: str) -> None:
    name, make, said = BAD_FILES[case]
    make(tmp_path / name)
    before = set(tmp_path.rglob("*"))
    assert said in refusal(grade(tmp_path / name, SCORE, "-o", tmp_path / "out.csv"), tmp_path, before)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scheme", "no_such"], "There is no scheme 'no_such'"),
        (["--as-of", "3/2/2026"], "--as-of"),
        (["--as-of", ""], "--as-of"),
        (["--as-of", "7"], "--as-of"),
        (["--sheet", "x"], "no sheets"),
        (["--header-row", "0"], "no row 0"),
        (["--header-row", "-1"], "no row -1"),
        (["--header-row", "99"], "no row 99"),
        (["--header-row", "5"], "no rows"),
        (["--holidays", "none.csv"], "No such file"),
        (["--rulebook", "no-folder"], "not a folder"),
        (["-o", "out.txt"], ".csv or .xlsx"),
        (["-o", "out"], ".csv or .xlsx"),
        (["-o", "no-folder/out.csv"], "can't be written"),
    ],
)
def test_an_option_that_cannot_be_followed_is_refused(
    grade: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write_csv(tmp_path / "t.csv", ROWS)
    before = set(tmp_path.rglob("*"))
    assert said in refusal(grade(path, SCORE, *options), tmp_path, before)


def test_the_input_is_never_the_output(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", ROWS)
    (tmp_path / "link.csv").symlink_to(path)
    kept = path.read_bytes()
    for target in (path, tmp_path / "." / "t.csv", tmp_path / "link.csv"):
        assert "input itself" in refusal(grade(path, SCORE, "-o", target), tmp_path, set(tmp_path.rglob("*")))
    assert path.read_bytes() == kept


def test_a_missing_input_leaves_an_old_output_alone(grade: Grade, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old", encoding="utf-8")
    assert "No such file" in refusal(grade(tmp_path / "none.csv", SCORE, "-o", out, "--replace"), tmp_path, {out})


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_folder_takes_the_result_under_a_name_of_its_own(grade: Grade, tmp_path: Path, name: str) -> None:
    path = (write_csv if name.endswith("csv") else write_xlsx)(tmp_path / name, ROWS)
    folder = tmp_path / "out"
    folder.mkdir()
    assert grade(path, SCORE, "-o", folder).code == 0
    assert [result.name for result in folder.iterdir()] == [name.replace("t.", "t-grade.")]


def test_an_unknown_sheet_is_refused_with_those_there_are(grade: Grade, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", ROWS)
    before = set(tmp_path.rglob("*"))
    assert "登记" in refusal(grade(path, SCORE, "--sheet", "五月"), tmp_path, before)


@pytest.mark.parametrize("scheme", [WINDOW, "visit_count_abcd"])
def test_a_table_without_a_column_of_the_scheme_is_refused(grade: Grade, tmp_path: Path, scheme: str) -> None:
    path = write_csv(tmp_path / "t.csv", [("姓名", "上次联系"), ("张三", "2026-03-02")])
    assert "no column" in refusal(grade(path, scheme), tmp_path, {path})


def test_a_header_row_without_a_column_of_the_scheme_is_refused(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("a", "b"), (1, 2)])
    said = refusal(grade(path, WINDOW, "--header-row", "1"), tmp_path, {path})
    assert "no column" in said
    assert "days_to_purchase" in said


def test_a_title_with_a_semicolon_does_not_decide_the_separator(grade: Grade, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("2026年3月;来访\nname,score\n张三,95\n", encoding="utf-8")
    assert grade(path).column("grade") == ["A"]


def test_half_a_megabyte_of_rows_is_graded_in_good_time(grade: Grade, tmp_path: Path) -> None:
    rows = [(score % 101, "2026-03-02") for score in range(20000)]
    result = grade(write_csv(tmp_path / "t.csv", [("score", "last_contact"), *rows]))
    assert len(result.records) == 20000
