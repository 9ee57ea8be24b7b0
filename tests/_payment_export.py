"""Accounting exports for the tests, and what a plan makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from _payment_book import account_book

from xlplugin.exchange._export import open_export
from xlplugin.exchange.payments import TABLE_WORDS, Plan, plan_import
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts.places import open_book

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "客户编号,品项,月份,金额,凭证号,备注"
ROWS = ("K001,饮料,2026-03,1234.50,记-1,", "K002,粮油,2026-03,300,,", "K002,粮油,2026-03,-100,,退款")


def export(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join((header, *lines, "")).encode(encoding))
    return path


def planned(book: Path, source: Path, **options: Any) -> Plan:
    return plan_import(open_book(book), open_export(source, **options))


def plan_of(tmp_path: Path, *lines: str, header: str = HEADER, **book: Any) -> Plan:
    return planned(account_book(tmp_path / "book.xlsx", **book), export(tmp_path / "export.csv", *lines, header=header))


def held(book: Path) -> list[list[Any]]:
    rows = find_table(open_book(book), "tblPayments", TABLE_WORDS, ("amount",))
    return [row.values for row in rows.rows(tuple(TABLE_WORDS))]


def added(plan: Plan) -> list[tuple[Any, ...]]:
    """Account, product line, month, voucher and amount of what is added."""
    return [
        (key.account_no, key.product_line, f"{key.month:%Y-%m}", key.voucher, plan.sums.amounts[place])
        for place in plan.adds
        for key in [plan.payment(place)]
    ]


def refused(plan: Plan) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.why) for refusal in plan.refused]
