"""`xlplugin payments` from file to file: only rows and results change, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _books import changed_parts, parts_of
from _payment_book import account_book
from _payment_export import ROWS, added, export, held, plan_of, planned
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplugin.cli import main
from xlplugin.exchange.payments_report import save_report, sentences

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


EXPORT = tuple(
    f"K00{at % 5 + 1},品{at % 4},2026-0{at % 3 + 1},{at * 100 + 50}.25,{f'V{at}' if at % 2 else ''},第{at}笔"
    for at in range(40)
)


def test_a_book_is_not_taken_into_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.xlsx"
    openpyxl.Workbook().save(book)
    before = book.read_bytes()
    assert main(["payments", str(book), "--into", str(book)]) == 2
    assert "--into" in capsys.readouterr().err
    assert book.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def imported(source: Path, book: Path, target: Path, *options: str) -> int:
    return main(["payments", str(source), "--into", str(book), "-o", str(target), *options])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_export_twice_leaves_the_file_byte_for_byte(tmp_path: Path, lang: str) -> None:
    book = account_book(tmp_path / "book.xlsx", lang=lang)
    read = book.read_bytes()
    source = export(tmp_path / "e.csv", *EXPORT, encoding="gb18030")
    assert imported(source, book, tmp_path / "one.xlsx") == 0
    assert imported(source, tmp_path / "one.xlsx", tmp_path / "two.xlsx") == 0
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert len(held(tmp_path / "one.xlsx")) > 12
    assert book.read_bytes() == read


def test_nothing_changes_but_rows_results_and_where_the_table_ends(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *EXPORT), book, tmp_path / "one.xlsx")
    before, after = parts_of(book), parts_of(tmp_path / "one.xlsx")
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    sheets = {f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 4)}  # results on 客户 and 概览, rows on 回款
    assert changed == {*sheets, "xl/tables/table2.xml", "xl/workbook.xml"}
    for name in sheets - {"xl/worksheets/sheet2.xml"}:
        assert _without_values(before[name]) == _without_values(after[name])


def _without_values(xml: bytes) -> bytes:
    import re  # noqa: PLC0415 - only here

    return re.sub(rb"<v>[^<]*</v>", b"", re.sub(rb' t="(?:str|n|e)"', b"", xml))


def test_results_are_those_of_the_new_payments(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *EXPORT), book, tmp_path / "one.xlsx")
    values = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)
    total = sum(row[3] for row in held(tmp_path / "one.xlsx"))
    assert values["概览"]["B2"].value == pytest.approx(total)
    assert [row[0].value for row in values["回款"]["D6:D30"]][:5] == [2026] * 5


def test_two_exports_that_overlap_count_nothing_twice(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx", paid=())
    one, two = export(tmp_path / "1.csv", *EXPORT[:25]), export(tmp_path / "2.csv", *EXPORT[10:])
    imported(one, book, tmp_path / "b1.xlsx", "--no-recalc")
    plan = planned(tmp_path / "b1.xlsx", two)
    assert {row[3] for row in added(plan) if row[3]} == {f"V{at}" for at in range(25, 40, 2)}
    imported(two, tmp_path / "b1.xlsx", tmp_path / "b2.xlsx", "--no-recalc")
    with_vouchers = [row for row in held(tmp_path / "b2.xlsx") if row[4]]
    assert sorted(row[3] for row in with_vouchers) == sorted(at * 100 + 50.25 for at in range(1, 40, 2))


def test_a_rehearsal_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", *ROWS)
    before = book.read_bytes()
    assert main(["payments", str(source), "--into", str(book), "--in-place", "--dry-run"]) == 0
    assert (book.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == (before, ["book.xlsx", "e.csv"])
    assert "K001" in capsys.readouterr().out


def test_in_its_place_the_old_file_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    before = book.read_bytes()
    source = export(tmp_path / "e.csv", *ROWS)
    command = ["payments", str(source), "--into", str(book), "--in-place"]
    assert main(command) == 0
    assert (tmp_path / "book.xlsx.bak").read_bytes() == before
    after = book.read_bytes()
    assert main(command) == 0
    assert (book.read_bytes(), (tmp_path / "book.xlsx.bak").read_bytes()) == (after, before)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "book.xlsx.bak", "e.csv"]
    capsys.readouterr()
    (tmp_path / ".~lock.book.xlsx#").touch()
    assert main([*command[:1], str(export(tmp_path / "e2.csv", "K003,a,2026-03,1,,")), *command[2:]]) == 2
    assert book.read_bytes() == after


def test_without_recalculation_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", *ROWS), book, tmp_path / "out.xlsx", "--no-recalc")
    assert "recalc" in capsys.readouterr().err
    before, after = parts_of(book), parts_of(tmp_path / "out.xlsx")
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet2.xml"}


def test_other_peoples_formulas_follow_where_the_engine_can_be_believed(tmp_path: Path) -> None:
    """A formula that isn't ours is calculated anew if the engine gave the last program's answer before the import."""
    book = account_book(tmp_path / "book.xlsx")
    imported(export(tmp_path / "e.csv", "K003,a,2026-03,1,,"), book, tmp_path / "calculated.xlsx")
    sheet = "xl/worksheets/sheet4.xml"

    def wrong(parts: dict[str, bytes]) -> None:
        assert b"<v>210002</v>" in parts[sheet]
        parts[sheet] = parts[sheet].replace(b"<v>210002</v>", b"<v>12345</v>")  # as if another program saw it otherwise

    book = changed_parts(tmp_path / "calculated.xlsx", wrong)
    assert imported(export(tmp_path / "e2.csv", "K003,a,2026-04,9,,"), book, tmp_path / "out.xlsx") == 3
    values = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["概览"]
    assert (values["B2"].value, values["B4"].value) == (105010, 12345)


def test_the_report_names_every_row(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    lines = (
        "K001,=饮料,2026-03,5,,",
        "K009,饮料,2026-03,5,,",
        "K002,粮油,2026-02,1,,",
        "K003,a,2026-03,1,,",
        "K003,a,2026-03,2,,",
        "合计,,,14,,",
    )
    plan = planned(book, export(tmp_path / "e.csv", *lines))
    save_report(plan, tmp_path / "r.csv", "zh")
    raw = (tmp_path / "r.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [(row["动作"], row["导出行"], row["工作簿行"]) for row in rows] == [
        ("拒收", "3", ""),
        ("略过", "7", ""),
        ("更新", "4", "7"),
        ("新增", "2", ""),
        ("新增", "5", ""),
    ]
    assert (rows[2]["原金额"], rows[2]["金额"]) == ("15000.0", "1.0")
    assert rows[3]["品项"] == "'=饮料"
    assert rows[4]["说明"] == "2 行合为一笔"


def test_of_many_rows_the_first_are_shown(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, *(f"K003,品{at},2026-03,1,," for at in range(50)), *(f"X{at},a,2026-03,1,," for at in range(50))
    )
    said = list(sentences(plan, "zh", 5))
    assert sum("新增 K003" in line for line in said) == 5
    assert sum("另有 45 条" in line for line in said) == 2
    assert len(plan.adds) == len(plan.refused) == 50


@pytest.mark.parametrize(
    ("options", "code"),
    [(("-o", "book.xlsx"), 2), (("-o", "out.csv"), 2), (("--mapping", "none.toml"), 2), ((), 0)],
)
def test_where_the_result_goes(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", *ROWS)
    placed = [options[0], str(tmp_path / options[1])] if options else []
    assert main(["payments", str(source), "--into", str(book), "--no-recalc", *placed]) == code
    assert (tmp_path / "book-payments.xlsx").exists() is (code == 0)


@pytest.mark.parametrize("option", ["--report", "--save-mapping"])
@pytest.mark.parametrize("name", ["e.csv", "book.xlsx"])
def test_what_was_read_is_never_written_over(tmp_path: Path, option: str, name: str) -> None:
    book, source = account_book(tmp_path / "book.xlsx"), export(tmp_path / "e.csv", *ROWS)
    before = (tmp_path / name).read_bytes()
    assert imported(source, book, tmp_path / "out.xlsx", option, str(tmp_path / name)) == 2
    assert (tmp_path / name).read_bytes() == before


LINES = st.lists(
    st.tuples(
        st.sampled_from(["K001", "k002", " K003", "K009"]),
        st.sampled_from(["带凭证", "不带"]),
        st.sampled_from(["2026-01", "202602", "2026年3月"]),
        st.integers(-100, 100).map(lambda cents: cents / 100),
        st.integers(1, 4),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(first=LINES, second=LINES)
def test_any_two_exports_one_after_the_other(
    tmp_path_factory: pytest.TempPathFactory, first: list[Any], second: list[Any]
) -> None:
    """Against a few lines of plain Python: by voucher, or replaced whole; and never anything twice."""
    folder = tmp_path_factory.mktemp("two")
    book = account_book(folder / "book.xlsx", paid=(), prepared=4)
    wanted: dict[tuple[str, str, int, str], float] = {}
    for number, lines in enumerate((first, second, second)):
        found: dict[tuple[str, str, int, str], list[float]] = {}
        texts = []
        for account, line, month, amount, voucher in lines:
            at = int(month.rstrip("月")[-1])
            marked = f"V{voucher}" if line == "带凭证" else ""
            texts.append(f"{account},{line},{month},{amount},{marked},")
            if account != "K009":
                paid = found.setdefault((account.strip().upper(), line, at, marked), [])
                if not (marked and paid and abs(sum(paid) - amount) < 0.005):  # the same voucher line again
                    paid.append(amount)
        wanted |= {key: round(sum(paid), 2) for key, paid in found.items()}
        plan = planned(book, export(folder / f"{number}.csv", *texts))
        if number == 2:
            assert plan.changes_nothing
        book = folder / f"{number}.xlsx"
        plan.write(book)
    months = {46023.0: 1, 46054.0: 2, 46082.0: 3}
    assert {(row[0], row[1], months[row[2]], row[4] or ""): round(row[3], 2) for row in held(book)} == wanted
    assert len(held(book)) == len(wanted)


def test_an_export_none_of_whose_rows_can_be_used(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    assert imported(export(tmp_path / "e.csv", "K009,a,2026-03,1,,"), book, tmp_path / "out.xlsx") == 2
    assert (tmp_path / "out.xlsx").read_bytes() == book.read_bytes()


def test_the_mapping_that_was_found_is_kept(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx")
    source = export(tmp_path / "e.csv", "K001,饮料,2026-03,5", header="往来单位编码,产品线,记账日期,贷方金额")
    imported(source, book, tmp_path / "o.xlsx", "--no-recalc", "--save-mapping", str(tmp_path / "m.json"))
    assert json.loads((tmp_path / "m.json").read_text("utf-8"))["columns"] == {
        "account_no": "往来单位编码",
        "product_line": "产品线",
        "date": "记账日期",
        "amount": "贷方金额",
    }
    assert imported(source, tmp_path / "o.xlsx", tmp_path / "o2.xlsx", "--mapping", str(tmp_path / "m.json")) == 0
    assert (tmp_path / "o.xlsx").read_bytes() == (tmp_path / "o2.xlsx").read_bytes()
