"""What people do who have never heard of Python: odd files, odd options, programs without our functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from _books import cell, raw_book, rows
from _people import office_book
from _project import write_project
from openpyxl.worksheet.protection import SheetProtection
from test_place_picture import unit

from xlplugin.cli import main
from xlplugin.errors import CellError, XlpError
from xlplugin.exchange._masks import contacts_hidden
from xlplugin.exchange._outside import may_fetch
from xlplugin.exchange.place._grid import grids
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts._package import Package
from xlplugin.texts import say
from xlplugin.workbooks.build import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.capture import CaptureFixture

GRADE = 'IFERROR(XLP_GRADE("purchase_window_habcf","days_to_purchase",5),"")'
STATUS = 'XLP_STATUS("purchase_window_habcf","days_to_purchase",5)'


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLP_LANG", "zh")


def said(capsys: CaptureFixture[str], *words: object) -> tuple[int, str]:
    """The exit code of a command and what it said on the side."""
    code = main([str(word) for word in words])
    return code, capsys.readouterr().err


# programs without our functions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["values", "native", "excel", "lite"])
def test_what_a_program_without_our_functions_left_is_put_right(
    tmp_path: Path, capsys: CaptureFixture[str], form: str
) -> None:
    failed = cell("B1", CellError("#NAME?"), formula=STATUS)
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", "", formula=GRADE), failed)})
    code, told = said(capsys, "share", source, "--as", form, "-o", tmp_path / "out.xlsx")
    assert code == 0, told
    assert "已先重算" in told
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["S"]
    assert (sheet["A1"].value, sheet["B1"].value) == ("H", "ok")


def test_names_in_small_letters_tell_of_such_a_program(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    empty = cell("A1", "", formula=GRADE.replace("XLP_GRADE", "xlp_grade"))
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(empty)})
    assert said(capsys, "share", source, "-o", tmp_path / "out.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["S"]["A1"].value == "H"


def test_what_is_right_is_not_calculated_again(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", "stays", formula=GRADE))})
    assert "已先重算" not in said(capsys, "share", source, "-o", tmp_path / "out.xlsx")[1]
    assert openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["S"]["A1"].value == "stays"


# shared copies --------------------------------------------------------------------------------------------------------


def test_bars_in_a_text_fetch_nothing() -> None:
    assert not may_fetch("""IFERROR(SEARCH("|"&A1&"|",'计算'!$B$2),0)""")
    assert may_fetch("cmd|'/c calc'!A1")
    assert may_fetch('WEBSERVICE("http://example.com")')


def test_a_consultant_who_is_not_there_is_told_with_the_book_that_was_named(
    tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    assert main(["template", "visitor_register", "--rows", "5", "-o", str(tmp_path / "登记.xlsx")]) == 0
    code, told = said(capsys, "share", tmp_path / "登记.xlsx", "--for", "没这人")
    assert code == 2
    assert f"{tmp_path / '登记.xlsx'} 的" in told


@pytest.mark.parametrize("form", ["values", "native"])
def test_counts_of_the_whole_office_are_told(tmp_path: Path, form: str) -> None:
    source = office_book(tmp_path / "in.xlsx")
    mine = share(source, tmp_path / "mine.xlsx", Terms(mask=False, consultant="周一鸣", form=form))
    assert any("全部顾问" in line for line in mine.sentences("zh"))
    everybody = share(source, tmp_path / "all.xlsx", Terms(mask=False, form=form))
    assert not any("全部顾问" in line for line in everybody.sentences("zh"))


def test_stray_spaces_about_a_name_do_no_harm(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    source = office_book(tmp_path / "in.xlsx")
    assert said(capsys, "share", source, "--for", " 周一鸣　", "-o", tmp_path / "out.xlsx")[0] == 0


def test_a_colleagues_customer_goes_wherever_he_was_noted_down(tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["客户姓名", "联系电话", "归属人"])
    book.active.append(["张三丰", "10000000001", "周一鸣"])
    book.active.append(["李四光", "10000000002", "吴小满"])
    note = book.create_sheet("随手记")
    note["C2"], note["C3"], note["C4"] = "客户", "李四光", "张三丰"
    book.save(source)
    share(source, tmp_path / "out.xlsx", Terms(mask=False, consultant="周一鸣"))
    copy = openpyxl.load_workbook(tmp_path / "out.xlsx")
    left = [value for sheet in copy for row in sheet.iter_rows(values_only=True) for value in row]
    assert "李四光" not in left
    assert left.count("张三丰") == 2


@pytest.mark.parametrize(
    "noted",
    [
        "１３８－００１３－８００１",
        "138—0013—8001",
        "138\u200b0013\u200b8001",
        "\u202d13800138001\u202c",
        "138．0013．8001",
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_phone_is_masked_however_its_digits_are_set_apart(tmp_path: Path, noted: str, known: bool) -> None:
    book = openpyxl.Workbook()
    for row in (["客户姓名", "联系电话"], ["张三", "13800138001" if known else "13900139001"], [None, None]):
        book.active.append(row)
    book.active["C4"] = f"请打{noted}"
    book.save(tmp_path / "in.xlsx")
    share(tmp_path / "in.xlsx", tmp_path / "out.xlsx", Terms())
    left = str(openpyxl.load_workbook(tmp_path / "out.xlsx").active["C4"].value)
    if known or "．" not in noted:
        assert "8001" not in left.replace("****8001", "")
        assert "138****8001" in left


def test_a_number_with_many_places_is_no_phone() -> None:
    assert contacts_hidden("128.12345678") == "128.12345678"
    assert contacts_hidden("0.12345") == "0.12345"


@pytest.mark.parametrize(
    ("typed", "noted"), [("Mr. Bean", "Bean came"), ("Ann Lee", "ANN LEE came"), ("ANN LEE", "Ann Lee")]
)
def test_a_name_in_other_letters_is_the_same_name(tmp_path: Path, typed: str, noted: str) -> None:
    book = openpyxl.Workbook()
    for row in (["Customer", "Phone"], [typed, "13900139001"], [None, None], [None, None, noted]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    share(tmp_path / "in.xlsx", tmp_path / "out.xlsx", Terms())
    assert "**" in str(openpyxl.load_workbook(tmp_path / "out.xlsx").active["C4"].value)


def test_a_book_without_formulas_needs_no_calculating(tmp_path: Path) -> None:
    book = openpyxl.Workbook()  # asks to be calculated on load, as every file of that library does
    book.active.append(["客户姓名", "张三丰"])
    book.save(tmp_path / "in.xlsx")
    share(tmp_path / "in.xlsx", tmp_path / "out.xlsx", Terms())
    assert (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("form", ["values", "excel"])
@pytest.mark.parametrize(
    ("typed", "noted"), [("张三", "张　三"), ("张 三", "张三"), ("张　三", "张 三"), ("李 四光", "李四光")]
)
def test_a_name_spread_out_with_spaces_is_the_same_name(tmp_path: Path, form: str, typed: str, noted: str) -> None:
    book = openpyxl.Workbook()
    for row in (["客户姓名", "联系电话"], [typed, "10000000001"], [None, None], [None, None, f"请给{noted}回电"]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    share(tmp_path / "in.xlsx", tmp_path / "out.xlsx", Terms(form=form))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    left = "".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)
    assert typed not in left
    assert noted not in left
    assert "回电" in left


def test_without_masking_nothing_is_said_of_signs(tmp_path: Path) -> None:
    source = office_book(tmp_path / "in.xlsx")
    report = share(source, tmp_path / "out.xlsx", Terms(mask=False, consultant="周一鸣", form="excel"))
    assert "同一姓名" not in "".join(report.sentences("zh"))


def test_protected_sheets_are_named_as_their_tabs(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.active.title = "三月"
    book.active.protection = SheetProtection(sheet=True)
    book.save(tmp_path / "in.xlsx")
    code, told = said(capsys, "share", tmp_path / "in.xlsx")
    assert code == 2
    assert "三月" in told
    assert ".xml" not in told


def test_a_file_that_is_no_workbook_is_named_before_the_name_of_the_copy(
    tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    (tmp_path / "旧.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    code, told = said(capsys, "share", tmp_path / "旧.xls", "-o", tmp_path / "新.xlsx")
    assert code == 2
    assert "另存为 .xlsx" in told


def test_several_workbooks_are_shared_at_once(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    books = [raw_book(tmp_path / f"{name}.xlsx", {"S": rows(cell("A1", name))}) for name in "甲乙"]
    (tmp_path / "out").mkdir()
    code, told = said(capsys, "share", *books, tmp_path / "没有.xlsx", "-o", tmp_path / "out")
    assert code == 2
    assert "没有.xlsx" in told
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["乙-share.xlsx", "甲-share.xlsx"]
    assert said(capsys, "share", *books, "-o", tmp_path / "one.xlsx")[0] == 2
    assert not (tmp_path / "one.xlsx").exists()


def test_the_day_is_told_after_the_copy(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    assert main(["template", "visitor_register", "--rows", "5", "-o", str(tmp_path / "in.xlsx")]) == 0
    capsys.readouterr()
    told = said(capsys, "share", tmp_path / "in.xlsx")[1].splitlines()
    assert told[0].startswith("副本已写入")
    assert told[1].startswith("  统计日期已固定在")


@pytest.mark.parametrize("content", ["密码".encode("gb18030"), None])
def test_password_files_that_cannot_be_used(tmp_path: Path, capsys: CaptureFixture[str], content: bytes | None) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1))})
    if content:
        (tmp_path / "pw.txt").write_bytes(content)
    code, told = said(capsys, "share", source, "--password-file", tmp_path / "pw.txt")
    assert code == 2
    assert "codec" not in told
    assert "Errno" not in told
    assert not (tmp_path / "in-share.xlsx").exists()


# where the result goes ------------------------------------------------------------------------------------------------


def test_recalculating_in_place_where_nothing_can_be_written(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1, formula="1+1"))})
    (tmp_path / ".in.xlsx.new.xlsx").mkdir()  # neither written to nor taken away, as in a folder that is read-only
    before = source.read_bytes()
    code, told = said(capsys, "recalc", source, "--in-place")
    assert code == 2
    assert "无法写入" in told
    assert source.read_bytes() == before


def test_recalculating_keeps_the_kind_of_file(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1))})
    code, told = said(capsys, "recalc", source, "-o", tmp_path / "out.csv")
    assert code == 2
    assert ".xlsx" in told
    assert not (tmp_path / "out.csv").exists()


def test_why_the_system_refuses_is_told_in_the_readers_language(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1))})
    code, told = said(capsys, "share", source, "-o", tmp_path / "没有" / "out.xlsx")
    assert code == 2
    assert "没有这个文件夹" in told
    assert "No such" not in told


def test_chinese_text_in_place_of_a_workbook_is_called_text(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        (tmp_path / "in.xlsx").write_text("姓名，电话，来访日期，接待人\n张三", encoding=encoding)
        with pytest.raises(XlpError) as caught:
            Package(tmp_path / "in.xlsx")
        assert caught.value.facts["found"] == "CSV/TXT"


def test_a_picture_for_a_folder_that_is_not_there_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    source = write_project(tmp_path / "in.xlsx", [], [])
    code, told = said(capsys, "place", source, "--picture", tmp_path / "没有" / "图.png")
    assert code == 2
    assert "没有这个文件夹" in told
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.xlsx"]


def test_an_extension_is_not_written_under_another_kind_of_name(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    code, told = said(capsys, "install", "calc", "--build-only", "-o", tmp_path / "a.zip")
    assert code == 2
    assert ".oxt" in told
    assert not list(tmp_path.iterdir())


def test_rows_without_formulas_are_named(tmp_path: Path, capsys: CaptureFixture[str]) -> None:
    path = tmp_path / "in.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("登记")
    sheet.add_table(0, 0, 9, 2, {"columns": [{"header": head} for head in ("客户姓名", "手改", "长")]})
    for row in range(1, 10):
        if row not in (4, 6):
            sheet.write_formula(row, 2, f"LEN(A{row + 1})", None, 0)
    sheet.write_formula("B2", "1+1", None, 2)
    sheet.write("A5", "张三")  # row 7 is blank, row 12 lies outside
    sheet.write("A12", "李四")
    book.close()
    code, told = said(capsys, "recalc", path, "-o", tmp_path / "out.xlsx")
    assert code == 0
    assert "登记」有 1 行填了内容却没有公式，算不出结果：第 5 行" in told


# words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "缺少 命令"),
        (["grade"], "缺少 TABLE, --scheme"),
        (["分级"], "命令 不能写「分级」，可用：demo, grade"),
        (["share", "a.xlsx", "--as", "pdf"], "--as 不能写「pdf」，可用：values, native, excel, lite"),
        (["template", "x", "--rows", "很多"], "--rows 应是整数，读到「很多」"),
        (["recalc", "a.xlsx", "-o", "b.xlsx", "--in-place"], "--in-place 不能与 -o/--output 同用"),
        (["share", "a.xlsx", "--for"], "--for 后面要跟一个值"),
        (["functions", "全部"], "多出了认不得的 全部"),
    ],
)
def test_wrong_words_are_told_in_chinese(capsys: CaptureFixture[str], words: list[str], told: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert told in capsys.readouterr().err


def test_help_is_chinese_throughout(capsys: CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["template", "--help"])
    told = capsys.readouterr().out
    assert told.startswith("用法：")
    assert not any(word in told for word in ("usage", "options:", "positional", "show this"))
    assert all(name in "".join(told.split()) for name in TEMPLATES)  # lines are broken anywhere


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_template_says_what_its_own_plain_formulas_do(
    tmp_path: Path, capsys: CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, lang: str
) -> None:
    monkeypatch.setenv("XLP_LANG", lang)
    told = said(capsys, "template", name, "--host", "native", "--rows", "5", "-o", tmp_path / "t.xlsx")[1]
    assert say(lang, f"cli.template.native_next.{name}") in told


def test_a_table_without_the_schemes_columns_is_told_them_in_chinese(
    tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_text("客户姓名,上次联系\n张三,2026-03-02\n", encoding="utf-8")
    code, told = said(capsys, "grade", tmp_path / "in.csv", "--scheme", "visit_count_abcd")
    assert code == 2
    assert "来访次数" in told


@pytest.mark.parametrize("header", ["微信互动*", "微信互动 ＊", "*微信互动", "※微信互动", "interaction *"])
def test_a_header_marked_as_required_is_the_same_header(tmp_path: Path, header: str) -> None:
    (tmp_path / "in.csv").write_text(f"来访次数,{header}\n1,频繁\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert main(["grade", str(tmp_path / "in.csv"), "--scheme", "visit_count_abcd", "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[2] == "A"


def test_a_copy_without_our_functions_does_not_speak_of_hidden_sheets(
    tmp_path: Path, capsys: CaptureFixture[str]
) -> None:
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 2, formula="1+1"))})
    told = said(capsys, "share", source, "--as", "native", "-o", tmp_path / "out.xlsx")[1]
    assert "隐藏" not in told


def test_a_floor_below_ground_lies_below_however_it_is_spelled() -> None:
    floors = ["负一层", "2", "地下二层", "1", "负3"]
    (grid,) = grids([unit(f"1-{at}", floor=floor) for at, floor in enumerate(floors)])
    assert grid.floors == ["2", "1", "负一层", "地下二层", "负3"]
