"""`xlplugin grade`: the golden cases, as a program, and what comes out."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _grading import (
    BOOK,
    GOLDEN,
    GRADES,
    RESULTS,
    ROWS,
    SCORE,
    WINDOW,
    Result,
    write_csv,
    write_xlsx,
)

if TYPE_CHECKING:
    from _grading import Grade


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
