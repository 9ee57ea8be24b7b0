"""`xlplugin grade`: tables as offices keep them, in every encoding and layout, and a clear refusal of the rest."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xlplugin.cli import main
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    Grade = Callable[..., "Result"]

BOOK = load()
LINES = (Path(__file__).parent / "golden.jsonl").read_text(encoding="utf-8").splitlines()
GOLDEN = [json.loads(line) for line in LINES]
SCORE = "score_bands_90_70_60"
WINDOW = "purchase_window_habcf"
RESULTS = ["grade", "status", "interval_days", "next_contact", "flags", "why"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Result:
    """What a command gave: its exit code, what it printed, and the table it made."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def table(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.out)))

    @property
    def records(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))

    def column(self, name: str) -> list[str]:
        return [record[name] for record in self.records]


@pytest.fixture
def grade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Grade:
    """The command, run in this process, speaking English."""
    monkeypatch.setenv("XLP_LANG", "en")

    def run(table: object, scheme: str = SCORE, *options: object) -> Result:
        try:
            code = main(["grade", str(table), "--scheme", scheme, *map(str, options)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A CSV of some rows; None is a blank cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], title: str = "登记") -> Path:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Worksheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def refusal(result: Result, folder: Path, before: set[Path]) -> str:
    """The one clear sentence with which bad input is refused; nothing is written."""
    assert result.code == 2
    assert result.out == ""
    lines = [line for line in result.err.splitlines() if line.strip()]
    assert len(lines) == 1, result.err
    assert lines[0].startswith("error: ")
    assert lines[0].endswith(".")
    assert "Traceback" not in result.err
    assert set(folder.rglob("*")) == before, "nothing is written"
    return lines[0]


ROWS: list[Sequence[object]] = [("name", "score"), ("张三", 95), ("李四", 70), ("王五", None), ("赵六", "x")]
GRADES = ["A", "B", "", ""]


# golden cases -------------------------------------------------------------------------------------------------------

GOLDEN_SCHEMES = list(BOOK)
CONTEXT = ("as_of", "last_contact", "agreed_contact", "opt_out")


def golden(scheme: str, *, headed: str = "id", dates: bool = False) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """The golden cases of a scheme as a table, and the cases."""
    cases = [case for case in GOLDEN if case["scheme"] == scheme]
    fields = {**BOOK[scheme].fields, **BOOK.common}
    header = [id_ if headed == "id" else field.label[headed] for id_, field in fields.items()]
    rows: list[list[Any]] = [["case", *header]]
    for case in cases:
        given = {**{key: case[key] for key in CONTEXT}, **case["inputs"]}
        row = [given.get(id_) for id_ in fields]
        if dates:
            kinds = [field.kind for field in fields.values()]
            row = [
                datetime.fromisoformat(cell) if kind == "date" and isinstance(cell, str) else cell
                for kind, cell in zip(kinds, row)
            ]
        rows.append([case["id"], *row])
    return rows, cases


def wanted(cases: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the golden cases say, as a CSV shows it."""
    keys = ("grade", "status", "interval_days", "next_contact", "flags")
    return [{key: "" if case[key] is None else str(case[key]) for key in keys} for case in cases]


def found(result: Result) -> list[dict[str, str]]:
    assert result.code == 0, result.err
    assert all(record["why"] for record in result.records)
    return [{key: record[key] for key in RESULTS if key != "why"} for record in result.records]


@pytest.mark.parametrize("scheme", GOLDEN_SCHEMES)
@pytest.mark.parametrize("headed", ["id", "zh", "en"])
def test_golden_cases_through_a_csv(grade: Grade, tmp_path: Path, scheme: str, headed: str) -> None:
    rows, cases = golden(scheme, headed=headed)
    assert found(grade(write_csv(tmp_path / "t.csv", rows), scheme)) == wanted(cases)


@pytest.mark.parametrize("scheme", GOLDEN_SCHEMES)
@pytest.mark.parametrize("dates", [True, False])
def test_golden_cases_through_a_workbook(grade: Grade, tmp_path: Path, scheme: str, dates: bool) -> None:
    rows, cases = golden(scheme, dates=dates)
    assert found(grade(write_xlsx(tmp_path / "t.xlsx", rows), scheme)) == wanted(cases)


@pytest.mark.parametrize("scheme", GOLDEN_SCHEMES)
def test_golden_cases_come_out_of_a_workbook_as_dates_and_numbers(grade: Grade, tmp_path: Path, scheme: str) -> None:
    rows, cases = golden(scheme)
    out = tmp_path / "graded.xlsx"
    assert grade(write_csv(tmp_path / "t.csv", rows), scheme, "-o", out).code == 0
    header, *body = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    for case, row in zip(cases, body, strict=True):
        cells = dict(zip(header, row))
        assert (cells["grade"] or "") == case["grade"]
        assert cells["interval_days"] == case["interval_days"]
        day = cells["next_contact"]
        assert (None if day is None else day.date().isoformat()) == case["next_contact"]
        assert isinstance(day, datetime) or day is None


# as a program -------------------------------------------------------------------------------------------------------


def run_command(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a Python of its own, with a console that knows only ASCII."""
    setting = {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONIOENCODING": "ascii", "PATH": "", **environment}
    command = [sys.executable, "-m", "xlplugin", *words]
    return subprocess.run(command, capture_output=True, check=False, cwd=folder, env=setting)


def test_the_program_prints_utf8_and_speaks_the_systems_language(tmp_path: Path) -> None:
    write_csv(tmp_path / "客户.csv", [("姓名", "意向得分"), ("张三", 95)], "gb18030")
    done = run_command(tmp_path, "grade", "客户.csv", "--scheme", SCORE, LANG="zh_CN.UTF-8", PYTHONUTF8="1")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("utf-8")
    assert text.splitlines()[0] == "姓名,意向得分," + ",".join(RESULTS)
    assert "张三,95,A,ok,3,,," in text
    assert done.stderr == b""
    refused = run_command(tmp_path, "grade", "没有.csv", "--scheme", SCORE, LANG="zh_CN.UTF-8", PYTHONUTF8="1")
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert "找不到文件：没有.csv" in refused.stderr.decode("utf-8")
    assert refused.stderr.count(b"\n") == 1


def test_the_program_says_where_its_help_is(tmp_path: Path) -> None:
    done = run_command(tmp_path, "grade")
    assert done.returncode == 2
    assert b"--help" in done.stderr
    shown = run_command(tmp_path, "grade", "--help")
    assert shown.returncode == 0
    assert b"xlplugin grade visitors.csv" in shown.stdout


# encodings and layouts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_in_every_encoding(grade: Grade, tmp_path: Path, encoding: str) -> None:
    rows = [("姓名", "意向得分"), ("张三", 95), ("李四", "７０")]
    path = write_csv(tmp_path / "t.csv", rows, encoding)
    if encoding in ("utf-16-le", "utf-16-be"):  # with the mark that says so
        mark = "\ufeff".encode(encoding)
        path.write_bytes(mark + path.read_bytes())
    result = grade(path)
    assert result.column("grade") == ["A", "B"]
    assert result.column("姓名") == ["张三", "李四"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_csv_of_every_program(grade: Grade, tmp_path: Path, separator: str, ending: str) -> None:
    lines = [["name", "score"], ["张三", "95"], ["“李,;四”", "70"]]
    path = tmp_path / "t.csv"
    text = ending.join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    path.write_bytes(text.encode())
    result = grade(path)
    assert result.column("grade") == ["A", "B"]
    assert result.column("name")[1] == "“李,;四”"


def test_cells_of_several_lines_are_carried_through(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("note", "score"), ('一\n二,"三"', 95)])
    assert grade(path).column("note") == ['一\n二,"三"']


def test_titles_above_the_table_and_blank_rows(grade: Grade, tmp_path: Path) -> None:
    rows = [("来访客户登记表",), (), ("制表", "张三", "2026-03-02"), (), *ROWS, (), ("合计", 4), ()]
    for path in (write_csv(tmp_path / "t.csv", rows), write_xlsx(tmp_path / "t.xlsx", rows)):
        result = grade(path)
        assert result.column("grade")[:4] == GRADES
        assert len(result.records) == 6
        assert result.records[4]["status"] == ""


def test_a_two_tier_header_with_merged_cells(grade: Grade, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["来访登记"])
    sheet.append(["编号", "行为", None, "上次联系", "要素", None])
    sheet.append([None, "来访次数", "微信互动", None, "需求程度", "首付够"])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:D3")
    sheet.merge_cells("E2:F2")
    sheet.append([1, 3, "无", datetime.fromisoformat("2026-03-02"), "需求", "是"])
    book.save(tmp_path / "t.xlsx")
    result = grade(tmp_path / "t.xlsx", "visit_count_abcd")
    assert result.records[0]["grade"] == "C"
    assert result.records[0]["next_contact"] == "2026-03-17"
    assert result.table[0][3] == "上次联系"


def test_hidden_rows_and_filters_leave_nothing_out(grade: Grade, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", ROWS)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet.auto_filter.ref = "A1:B5"
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["A"].hidden = True
    book.save(path)
    assert grade(path).column("grade") == GRADES


def test_the_sheet_with_the_header_is_found_and_can_be_named(grade: Grade, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["目录"])
    book.create_sheet("三月").append(["score"])
    book["三月"].append([95])
    two = book.create_sheet("四月")
    two.append(["score", "as_of"])
    two.append([60, None])
    book.create_sheet("空")
    book.save(tmp_path / "t.xlsx")
    assert grade(tmp_path / "t.xlsx").column("grade") == ["C"]
    assert grade(tmp_path / "t.xlsx", SCORE, "--sheet", "三月").column("grade") == ["A"]
    assert grade(tmp_path / "t.xlsx", SCORE, "--sheet", " 四月 ").column("grade") == ["C"]


def test_a_hidden_sheet_is_the_last_choice(grade: Grade, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["score"])
    book.active.append([50])
    book.active.sheet_state = "hidden"
    shown = book.create_sheet("shown")
    shown.append(["score"])
    shown.append([95])
    book.active = 1
    book.save(tmp_path / "t.xlsx")
    assert grade(tmp_path / "t.xlsx").column("grade") == ["A"]


def test_the_header_row_can_be_named(grade: Grade, tmp_path: Path) -> None:
    rows = [("score", "visits"), ("name", "score"), ("张三", 95)]
    path = write_csv(tmp_path / "t.csv", rows)
    assert grade(path, SCORE, "--header-row", 2).column("grade") == ["A"]
    assert len(grade(path, SCORE, "--header-row", 1).records) == 2


# cells --------------------------------------------------------------------------------------------------------------


def test_error_cells_of_a_workbook_are_invalid(grade: Grade, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [("name", "score"), ("张三", "#N/A"), ("李四", "#DIV/0!"), ("王五", 95)])
    result = grade(path)
    assert result.column("status") == ["invalid", "invalid", "ok"]
    assert result.column("score") == ["#N/A", "#DIV/0!", "95"]
    assert all("error value" in why for why in result.column("why")[:2])
    assert grade(path, SCORE, "-o", tmp_path / "out.xlsx").code == 0
    again = grade(tmp_path / "out.xlsx")
    assert again.column("status") == ["invalid", "invalid", "ok"]
    assert again.column("score") == ["#N/A", "#DIV/0!", "95"]


def test_error_cells_in_the_last_columns_and_rows_are_seen(grade: Grade, tmp_path: Path) -> None:
    rows = [("score", "last_contact"), (95, "#REF!"), ("#NAME?", None)]
    result = grade(write_xlsx(tmp_path / "t.xlsx", rows))
    assert result.column("flags") == ["unreadable_date", ""]
    assert result.column("status") == ["ok", "invalid"]


def dated_book(path: Path, epoch: datetime | None, cells: Sequence[tuple[object, str]]) -> Path:
    """A workbook with one column `last_visit` of cells and their formats."""
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    book.active.append(["last_visit"])
    for row, (value, shown) in enumerate(cells, 2):
        cell = book.active.cell(row, 1, value)
        cell.number_format = shown
    book.save(path)
    return path


AS_OF = ("--as-of", "2026-03-03")


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_date_cells_are_read_in_either_date_system(grade: Grade, tmp_path: Path, epoch: datetime | None) -> None:
    cells = [
        (datetime.fromisoformat("2026-03-02"), "yyyy-mm-dd"),
        (datetime.fromisoformat("2026-03-02 18:00"), 'yyyy"年"m"月"d"日"'),
        ("2026年3月2日", "@"),
    ]
    result = grade(dated_book(tmp_path / "t.xlsx", epoch, cells), "revisit_window", *AS_OF)
    assert result.column("grade") == ["hot"] * 3
    assert all(why.startswith("1 day") for why in result.column("why"))


def test_a_plain_serial_counts_from_1900(grade: Grade, tmp_path: Path) -> None:
    path = dated_book(tmp_path / "t.xlsx", None, [(46083, "General"), (46083.5, "0")])
    result = grade(path, "revisit_window", *AS_OF)
    assert result.column("grade") == ["hot"] * 2


def test_a_plain_serial_counts_from_1904_where_the_book_does(grade: Grade, tmp_path: Path) -> None:
    path = dated_book(tmp_path / "t.xlsx", CALENDAR_MAC_1904, [(44621, "General")])
    assert grade(path, "revisit_window", *AS_OF).column("grade") == ["hot"]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_a_date_cell_holding_nought_is_blank(grade: Grade, tmp_path: Path, epoch: datetime | None) -> None:
    path = dated_book(tmp_path / "t.xlsx", epoch, [(0, "yyyy-mm-dd"), (46083, "General")])
    result = grade(path, "revisit_window", *AS_OF)
    assert result.column("status")[0] == "missing"


def test_a_percentage_cell_holds_a_fraction(grade: Grade, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["意向百分比"])
    for value in (0.45, 0.7, 45, "45%"):
        book.active.append([value])
    book.active["A2"].number_format = "0%"
    book.save(tmp_path / "t.xlsx")
    assert grade(tmp_path / "t.xlsx", "percent_bands").column("grade") == ["2", "4", "", "2"]


def test_the_cached_value_of_a_formula_is_read(grade: Grade, tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["score", "last_contact"])
    sheet.write_formula(1, 0, "=90+5", None, 95)
    sheet.write_formula(2, 0, "=NA()", None, "#N/A")
    book.close()
    assert grade(tmp_path / "t.xlsx").column("status") == ["ok", "invalid"]


# results ------------------------------------------------------------------------------------------------------------


def test_every_column_is_carried_through_and_results_come_behind(grade: Grade, tmp_path: Path) -> None:
    rows = [("编号", "score", "备注", "score note"), ("007", "95", "=1+1", " 空格 ")]
    result = grade(write_csv(tmp_path / "t.csv", rows))
    assert result.table[0] == [*rows[0], *RESULTS]
    assert result.table[1][:4] == list(rows[1])


def test_result_columns_are_replaced_where_they_stand(grade: Grade, tmp_path: Path) -> None:
    rows = [
        ("理由", "score", "等级", "next contact", "last_contact", "状态"),
        ("old", 95, "F", "1999-01-01", "2026-03-02", "?"),
    ]
    result = grade(write_csv(tmp_path / "t.csv", rows))
    assert result.table[0] == [*rows[0], "interval_days", "flags"]
    record = result.records[0]
    assert (record["等级"], record["状态"], record["next contact"]) == ("A", "ok", "2026-03-05")
    assert record["理由"].startswith("intent score 95")


def test_what_is_graded_can_be_graded_again(grade: Grade, tmp_path: Path) -> None:
    first = tmp_path / "one.xlsx"
    assert grade(write_csv(tmp_path / "t.csv", ROWS), SCORE, "-o", first).code == 0
    second = tmp_path / "two.csv"
    assert grade(first, SCORE, "-o", second).code == 0
    again = grade(second)
    assert again.column("grade") == GRADES
    assert len(again.table[0]) == 2 + len(RESULTS)


@pytest.mark.parametrize(
    ("lang", "header", "status", "flag"),
    [
        ("codes", RESULTS, "provisional", "beyond_policy"),
        ("zh", ["等级", "状态", "回访间隔", "下次联系日", "标记", "理由"], "暂定", "约定晚于规定"),
        (
            "en",
            ["grade", "status", "interval days", "next contact", "flags", "why"],
            "provisional",
            "agreed beyond policy",
        ),
    ],
)
def test_answers_in_codes_chinese_or_english(
    grade: Grade, tmp_path: Path, lang: str, header: list[str], status: str, flag: str
) -> None:
    rows = [("visits", "interaction", "last_contact", "agreed_contact"), (3, "无", "2026-03-02", "2026-03-20")]
    result = grade(write_csv(tmp_path / "t.csv", rows), "visit_count_abcd", "--lang", lang)
    assert result.table[0][4:] == header
    assert result.table[1][4:9] == ["A", status, "3", "2026-03-20", flag]
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in result.table[1][9])
    assert chinese is (lang == "zh")


def test_explanations_follow_the_headers_where_codes_are_asked_for(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("意向得分",), (95,)])
    assert grade(path).records[0]["why"].startswith("意向得分95分")
    assert grade(path, SCORE, "--lang", "en").records[0]["why"].startswith("intent score 95")


def test_holidays_and_working_days(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("days_to_purchase", "last_contact"), (5, "2026-03-06"), (20, "2026-03-02")])
    plain = ["2026-03-07", "2026-03-09"]
    assert grade(path, WINDOW).column("next_contact") == plain
    assert grade(path, WINDOW, "--working-days").column("next_contact") == ["2026-03-09", "2026-03-09"]
    rows = [("2026节假日",), ("日期", "名称", "休/班"), ("2026年3月9日", "店庆", "休"), ("2026/3/8", "店庆", "班")]
    for holidays in (write_csv(tmp_path / "h.csv", rows), write_xlsx(tmp_path / "h.xlsx", rows)):
        days = grade(path, WINDOW, "--holidays", holidays).column("next_contact")
        assert days == ["2026-03-08", "2026-03-08"]
        assert grade(path, WINDOW, "--holidays", holidays, "--working-days").column("next_contact") == days


def test_as_of_comes_from_the_row_else_the_option_else_today(grade: Grade, tmp_path: Path) -> None:
    rows = [("预计购买日", "评定日"), ("2026-03-20", "2026-03-19"), ("2026-03-20", None)]
    path = write_csv(tmp_path / "t.csv", rows)
    assert grade(path, WINDOW, "--as-of", "2026年3月2日").column("grade") == ["H", "B"]
    soon = date.fromordinal(date.today().toordinal() + 10)  # noqa: DTZ011 - the command asks the same clock
    path = write_csv(tmp_path / "t.csv", [("预计购买日",), (soon.isoformat(),)])
    assert grade(path, WINDOW).column("grade") == ["A"]


def test_a_csv_for_people_begins_with_its_mark(grade: Grade, tmp_path: Path) -> None:
    out = tmp_path / "结果.csv"
    out.write_text("old", encoding="utf-8")
    result = grade(write_csv(tmp_path / "t.csv", ROWS), SCORE, "-o", out, "--replace")
    assert result.code == 0
    assert result.out == ""
    assert "4 rows" in result.err
    assert out.read_bytes().startswith("\ufeffname,score,grade".encode())
    assert out.read_bytes().endswith(b"\r\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "结果.csv"]


def test_a_workbook_that_comes_out_holds_no_formula_from_a_text(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("score", "note"), (95, "=1+1"), (95, "https://example.org"), (95, "007")])
    assert grade(path, SCORE, "-o", tmp_path / "out.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = [sheet.cell(row, 2) for row in (2, 3, 4)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        ("https://example.org", "s"),
        ("007", "s"),
    ]
    assert cells[1].hyperlink is None


def test_a_scheme_can_be_named_by_its_title_and_may_have_no_columns(grade: Grade, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [("姓名", "上次联系"), ("张三", "2026-03-02")])
    assert grade(path, "signed_e_cadence").column("next_contact") == ["2026-03-17"]
    path = write_csv(tmp_path / "s.csv", ROWS)
    for title in BOOK[SCORE].title.values():
        assert grade(path, title).column("grade") == GRADES


# refusals -----------------------------------------------------------------------------------------------------------


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
