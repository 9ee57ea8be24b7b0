"""A month of tiers closed: who went up and down, nothing twice, nothing overwritten."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _books import changed_parts, parts_of
from _payment_book import ACCOUNTS, account_book

from xlplugin.cli import main, tiers
from xlplugin.errors import XlpError
from xlplugin.exchange.close_month import HISTORY_WORDS, _change, plan_closing
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
HISTORY = "xl/worksheets/sheet5.xml"
PAID = (("K001", "饮料", 46054, 330000.0), ("K002", "饮料", 46054, 95000.0), ("K003", "饮料", 46054, 600000.0))


@pytest.fixture(autouse=True)
def _a_day_in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "today", lambda: date(2026, 11, 22))


def closed(book: Path, name: str, month: str = "2026-03", *options: str) -> Path:
    target = book.with_name(name)
    assert main(["tiers", "close-month", str(book), "--month", month, "-o", str(target), *options]) == 0
    return target


def history(book: Path) -> list[list[Any]]:
    rows = find_table(open_book(book), "tblHistory", HISTORY_WORDS, ("tier",))
    return [row.values for row in rows.rows(tuple(HISTORY_WORDS))]


def with_payments(book: Path, changes: dict[str, float]) -> Path:
    """The book with other amounts, row by row."""
    sheet = "xl/worksheets/sheet2.xml"

    def paid(parts: dict[str, bytes]) -> None:
        for cell, amount in changes.items():
            pattern = rf'(<c r="{cell}"[^>]*>)<v>[^<]*</v>'.encode()
            assert re.search(pattern, parts[sheet])
            parts[sheet] = re.sub(pattern, rb"\g<1><v>%d</v>" % amount, parts[sheet])
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<calcPr ", b'<calcPr fullCalcOnLoad="1" ')

    return changed_parts(book, paid)


@pytest.mark.parametrize(
    ("before", "tier", "change"),
    [
        ("B", "A", "up"),
        ("A", "B", "down"),
        ("B", "VIP", "up"),
        ("VIP", "C", "down"),
        ("C", "B", "up"),
        ("VIP", "A", "other"),  # neither is the better one (decisions.md 12)
        ("A", "VIP", "other"),
        ("A", "A", "same"),
        ("a", "Ａ", "same"),
        ("", "", "same"),
        ("", "B", "other"),
        ("B", "", "other"),
        ("B", "X", "other"),
    ],
)
def test_what_became_of_a_tier(before: str, tier: str, change: str) -> None:
    assert _change(before, tier) == change


@pytest.mark.parametrize(
    ("lang", "new", "reason"), [("zh", "新增", "月回款 110000"), ("en", "new", "Monthly payment 110000")]
)
def test_the_first_month(tmp_path: Path, lang: str, new: str, reason: str) -> None:
    book = account_book(tmp_path / "book.xlsx", lang=lang, paid=PAID)
    target = closed(book, "one.xlsx")
    assert history(target) == [
        [46082.0, "K001", "A", None, new, reason, 110000.0],
        [46082.0, "K002", "B", None, new, reason.replace("110000", "31667"), pytest.approx(95000 / 3)],
        [46082.0, "K003", "VIP", None, new, reason.replace("110000", "200000"), 200000.0],
        [46082.0, "K004", "C", None, new, reason.replace("110000", "0"), 0.0],
        [46082.0, "K005", "C", None, new, reason.replace("110000", "0"), 0.0],
    ]
    assert openpyxl.load_workbook(target)[open_book(target).sheets[4].name]["A6"].number_format == "yyyy-mm"


def test_closing_twice_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = closed(account_book(tmp_path / "book.xlsx", paid=PAID), "one.xlsx")
    two = closed(one, "two.xlsx")
    assert one.read_bytes() == two.read_bytes()
    before = one.read_bytes()
    assert main(["tiers", "close-month", str(one), "--month", "2026-03", "--in-place"]) == 0
    assert one.read_bytes() == before
    assert not (tmp_path / "one.xlsx.bak").exists()
    assert capsys.readouterr().out.count("2026-03") == 1


def test_the_next_month_says_who_moved_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = closed(account_book(tmp_path / "book.xlsx", paid=PAID), "one.xlsx")
    paid = with_payments(one, {"E6": 610000, "E7": 300000, "E8": 80000})
    capsys.readouterr()
    target = closed(paid, "two.xlsx", "2026-04")
    said = capsys.readouterr().out
    moved = {row[1]: row[2:6] for row in history(target)[5:]}
    assert moved == {
        "K001": ["VIP", "A", "变更", "月回款 203333"],
        "K002": ["A", "B", "升", "月回款 100000"],
        "K003": ["C", "VIP", "降", "月回款 26667"],
        "K004": ["C", "C", "平", "月回款 0"],
        "K005": ["C", "C", "平", "月回款 0"],
    }
    for line in ("K003: VIP → C, 月回款 26667", "K002: B → A, 月回款 100000", "K001: A → VIP"):
        assert line in said
    assert "K004" not in said
    assert said.index("K003") < said.index("K002") < said.index("K001")


def test_an_account_is_compared_with_the_last_month_that_has_it(tmp_path: Path) -> None:
    def renamed(parts: dict[str, bytes]) -> None:
        """K001 has no closed month, and K002 has none but March."""
        before, _, after = parts[HISTORY].replace(b"K001", b"K009").rpartition(b"K002")
        parts[HISTORY] = before + b"K008" + after

    march = closed(account_book(tmp_path / "book.xlsx", paid=PAID), "march.xlsx")
    april = closed(with_payments(march, {"E7": 300000}), "april.xlsx", "2026-04")
    may = closed(changed_parts(april, renamed), "may.xlsx", "2026-05")
    found = {row[1]: row[2:5] for row in history(may)[10:]}
    assert found["K001"][1:] == [None, "新增"]
    assert found["K002"] == ["A", "B", "升"], "in April it was A"


def test_nothing_changes_but_the_history(tmp_path: Path) -> None:
    book = account_book(tmp_path / "book.xlsx", paid=PAID)
    recalc(book, book, lambda _: {})
    before, after = parts_of(book), parts_of(closed(book, "one.xlsx"))
    assert {name for name in before if before[name] != after[name]} == {HISTORY}


def test_what_is_closed_is_listed_and_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = closed(account_book(tmp_path / "book.xlsx", paid=PAID), "one.xlsx")
    paid = with_payments(one, {"E6": 0})
    capsys.readouterr()
    two = closed(paid, "two.xlsx")
    assert two.read_bytes() == paid.read_bytes()
    said = capsys.readouterr().out
    assert "K001: the history has A, now it would be C" in said
    assert "K002" not in said


def test_an_account_that_came_later_is_named(tmp_path: Path) -> None:
    one = closed(account_book(tmp_path / "book.xlsx", paid=PAID), "one.xlsx")

    def known_as(parts: dict[str, bytes]) -> None:
        parts[HISTORY] = parts[HISTORY].replace(b"<t>K005</t>", b"<t>K999</t>")

    book = open_book(changed_parts(one, known_as))
    closing = plan_closing(book, book, MARCH)
    assert (closing.entries, closing.differs) == ([], [])
    assert closing.notes == [("tiers.note.later", {"count": 1, "accounts": "K005"})]


def test_months_left_out_and_months_closed_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx", paid=PAID)
    march = closed(book, "march.xlsx")
    june = closed(march, "june.xlsx", "2026-06")
    assert "2026-04, 2026-05 is not closed yet; the tier before is that of 2026-03" in capsys.readouterr().out
    april = closed(june, "april.xlsx", "2026-04")
    assert "2026-06 was closed first" in capsys.readouterr().out
    rows = history(april)
    assert [row[0] for row in rows[::5]] == [46082.0, 46174.0, 46113.0]
    assert rows[10][3:5] == ["A", "平"]
    assert len(rows) == 15  # more than the prepared twelve


def test_the_tier_is_that_of_the_first_day_after_the_month(tmp_path: Path) -> None:
    """The sheet's own day stays as it is; only the calculation that is read goes by another."""
    book = account_book(tmp_path / "book.xlsx", paid=PAID)
    sheet = "xl/worksheets/sheet1.xml"

    def dated(parts: dict[str, bytes]) -> None:
        tier = rb'(<c r="F6"[^>]*>)<f>.*?</f>'
        made = rb'\1<f>IF(as_of=DATE(2026,4,1),"B","C")</f>'
        assert re.search(tier, parts[sheet])
        parts[sheet] = re.sub(tier, made, parts[sheet])

    target = closed(changed_parts(book, dated), "one.xlsx")
    assert history(target)[0][2] == "B"
    values = openpyxl.load_workbook(target, data_only=True)["客户"]
    assert (values["F6"].value, values["C2"].value.date()) == ("C", date(2026, 4, 8))


def test_a_book_without_its_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def nameless(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="as_of"', b'name="day"')

    closed(changed_parts(account_book(tmp_path / "book.xlsx", paid=PAID), nameless), "one.xlsx")
    assert "as_of" in capsys.readouterr().out


def test_accounts_twice_and_tiers_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = account_book(tmp_path / "book.xlsx", paid=PAID, accounts=(*ACCOUNTS, ("k001", "重"), (None, "无号")))
    sheet = "xl/worksheets/sheet1.xml"

    def wrong(parts: dict[str, bytes]) -> None:
        for cell, formula in (("F7", "NA()"), ("F8", '""')):
            parts[sheet] = re.sub(
                rf'(<c r="{cell}"[^>]*>)<f>.*?</f>'.encode(), rb"\1<f>" + formula.encode() + b"</f>", parts[sheet]
            )

    target = closed(changed_parts(book, wrong), "one.xlsx")
    rows = {row[1]: row[2:6] for row in history(target)}
    assert list(rows) == ["K001", "K002", "K003", "K004", "K005"]
    assert rows["K002"] == [None, None, "新增", "#N/A"]
    assert rows["K003"] == [None, None, "新增", "月回款 200000"]
    said = capsys.readouterr().out
    assert "K001 stands twice among the accounts (rows 6, 11)" in said
    assert "2 accounts have no tier" in said


@pytest.mark.parametrize(
    ("month", "code"),
    [("2026-11", "month_not_over"), ("2027-01", "month_not_over"), ("2026-13", "month_wrong"), ("上月", "month_wrong")],
)
def test_months_that_cannot_be_closed(month: str, code: str) -> None:
    with pytest.raises(XlpError) as caught:
        tiers._month(month, date(2026, 11, 22))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "now", "month"),
    [
        (None, date(2026, 11, 1), date(2026, 10, 1)),
        (None, date(2026, 1, 31), date(2025, 12, 1)),
        ("2026-10", date(2026, 11, 1), date(2026, 10, 1)),
        ("202602", date(2026, 11, 1), FEBRUARY),
        ("2026/2", date(2026, 11, 1), FEBRUARY),
    ],
)
def test_the_month_that_is_meant(text: str | None, now: date, month: date) -> None:
    assert tiers._month(text, now) == month


def test_a_book_without_a_single_tier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def blank(parts: dict[str, bytes]) -> None:
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = re.sub(rb'(<c r="F\d+"[^>]*>)<f>.*?</f>', rb'\1<f>""</f>', parts[sheet])

    book = changed_parts(account_book(tmp_path / "book.xlsx", paid=PAID), blank)
    assert main(["tiers", "close-month", str(book), "--month", "2026-03"]) == 2
    assert "月回款 110000" in capsys.readouterr().err


def test_a_book_without_a_history(tmp_path: Path) -> None:
    def other(parts: dict[str, bytes]) -> None:
        parts["xl/tables/table3.xml"] = parts["xl/tables/table3.xml"].replace("级别".encode(), "旧列".encode())

    book = changed_parts(account_book(tmp_path / "book.xlsx"), other)
    assert main(["tiers", "close-month", str(book), "--month", "2026-03"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx"]
