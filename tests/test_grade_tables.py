"""Tables as offices keep them, in every encoding and layout, graded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from _grading import (
    GRADES,
    ROWS,
    SCORE,
    write_csv,
    write_xlsx,
)
from openpyxl.utils.datetime import CALENDAR_MAC_1904

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from _grading import Grade


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


# totals ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["合计", "合 计：", " 小计", "Total", "ＳＵＢＴＯＴＡＬ", "grand total:"])
def test_a_row_that_sums_the_table_up_is_nobodys(grade: Grade, tmp_path: Path, word: str) -> None:
    rows = [("序号", "姓名", "意向得分"), (1, "张三", 95), (2, "合计先生", 70), ("", word, 165), (3, "李四", 60)]
    for path in (write_csv(tmp_path / "t.csv", rows), write_xlsx(tmp_path / "t.xlsx", rows)):
        result = grade(path)
        assert result.column("grade") == ["A", "B", "", "C"]
        assert result.column("why")[2] == ""
        assert result.column("姓名")[2].strip() == word.strip()
        assert "4" in next(line for line in result.err.splitlines() if "合计" in line or "totals" in line)


def test_a_total_beside_the_customers_name_is_theirs(grade: Grade, tmp_path: Path) -> None:
    rows = [("姓名", "备注", "意向得分"), ("张三", "合计", 95), ("", "", 70)]
    result = grade(write_csv(tmp_path / "t.csv", rows))
    assert result.column("grade") == ["A", "B"]
    assert "合计" not in result.err
