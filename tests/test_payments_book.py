"""The account workbook itself: payments taken in and months closed, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from _books import parts_of

from xlplugin.cli import main, tiers
from xlplugin.exchange._accounts import accounts_table
from xlplugin.exchange.close_month import HISTORY_WORDS
from xlplugin.exchange.payments import TABLE_WORDS
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts.places import open_book
from xlplugin.workbooks.build import build

if TYPE_CHECKING:
    from pathlib import Path

NAME = "account_tiers"
HEADER = "往来单位编号,存货名称,记账日期,贷方金额,凭证号"
ACCOUNTS = ("K001", "K002", "K003", "K004")
# What each account pays a month: more than six lines and 200,000; one line above 100,000; two lines and 30,000; little.
LINES = {
    "K001": [30_000] * 7,
    "K002": [100_001],
    "K003": [15_000, 15_000],
    "K004": [500],
}
TIERS = {"K001": "VIP", "K002": "A", "K003": "B", "K004": "C"}


@pytest.fixture(autouse=True)
def _a_day_in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiers, "today", lambda: date(2026, 11, 22))


def with_accounts(path: Path, lang: str) -> Path:
    """The template with its accounts typed."""
    build(NAME, path, lang=lang, rows=20)
    table = accounts_table(open_book(path), "tier")
    rows = [[account, f"客户{account}"] for account in ACCOUNTS]
    table.write(path, {}, iter(rows), len(rows), ("account_no", "name"), table.first_row - 1)
    return path


def export(path: Path) -> Path:
    lines = [
        f"{account},品项{line},2026-{month:02d}-15,{amount},"
        for account, paid in LINES.items()
        for month in (7, 8, 9)
        for line, amount in enumerate(paid, 1)
    ]
    path.write_bytes("\r\n".join((HEADER, *lines, "K999,品项1,2026-09-15,1,", "合计,,,1,", "")).encode("gb18030"))
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_payments_make_tiers_and_a_month_closes(tmp_path: Path, lang: str) -> None:
    book, source = with_accounts(tmp_path / "book.xlsx", lang), export(tmp_path / "e.csv")
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    assert main(["payments", str(source), "--into", str(book), "-o", str(one)]) == 0
    assert main(["payments", str(source), "--into", str(one), "-o", str(two)]) == 0
    assert one.read_bytes() == two.read_bytes()
    rows = list(find_table(open_book(one), "tblPayments", TABLE_WORDS, ("amount",)).rows(tuple(TABLE_WORDS)))
    assert len(rows) == 3 * sum(map(len, LINES.values()))
    changed = {name for name, content in parts_of(book).items() if parts_of(one)[name] != content}
    assert not {name for name in changed if not name.startswith(("xl/worksheets/", "xl/tables/", "xl/workbook.xml"))}

    closed, again = tmp_path / "closed.xlsx", tmp_path / "again.xlsx"
    assert main(["tiers", "close-month", str(one), "--month", "2026-09", "-o", str(closed)]) == 0
    assert main(["tiers", "close-month", str(closed), "--month", "2026-09", "-o", str(again)]) == 0
    assert closed.read_bytes() == again.read_bytes()
    history = find_table(open_book(closed), "tblHistory", HISTORY_WORDS, ("tier",))
    found = {row.values[0]: row.values[1:] for row in history.rows(("account_no", "tier", "change", "monthly"))}
    word = "新增" if lang == "zh" else "new"
    assert found == {account: [tier, word, float(sum(LINES[account]))] for account, tier in TIERS.items()}
