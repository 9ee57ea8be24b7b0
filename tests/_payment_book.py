"""A book of accounts to the contract of its tables, with much around them that must not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADERS = {
    "zh": {
        "accounts": ("客户编号", "客户名称", "顾问", "品项数", "月回款", "级别", "理由"),
        "payments": ("客户编号", "品项", "月份", "金额", "凭证号", "备注"),
        "history": ("月份", "客户编号", "级别", "上月级别", "变化", "原因", "月回款"),
        "own": "年度",
        "sheets": ("客户", "回款", "政策", "概览", "历史"),
    },
    "en": {
        "accounts": ("Account no.", "Name", "Consultant", "Product lines", "Monthly payment", "Tier", "Why"),
        "payments": ("Account no.", "Product line", "Month", "Amount", "Voucher", "Note"),
        "history": ("Month", "Account no.", "Tier", "Tier before", "Change", "Reason", "Monthly payment"),
        "own": "Year",
        "sheets": ("Accounts", "Payments", "Policy", "Overview", "History"),
    },
}
ACCOUNTS = (("K001", "甲商行"), ("K002", "乙商行"), ("K003", "丙商行"), ("K004", "丁商行"), ("K005", "戊商行"))
PAID = (("K001", "饮料", 46054, 90000.0, "V1", None), ("K002", "粮油", 46054, 15000.0, None, "首批"))
TOP = 5  # the header's row of every table


def account_book(
    path: Path,
    *,
    lang: str = "zh",
    prepared: int = 12,
    accounts: Sequence[Sequence[Any]] = ACCOUNTS,
    paid: Sequence[Sequence[Any]] = PAID,
    as_of: int | None = 46120,
    own: bool = True,
) -> Path:
    """The book; its own column stands between ours on the payments sheet."""
    words = HEADERS[lang]
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    sheets = [book.add_worksheet(name) for name in words["sheets"]]
    _accounts(book, sheets[0], words, accounts)
    _payments(book, sheets[1], words, prepared, paid, own)
    sheets[2].write("A1", "政策")
    _overview(book, sheets[3], words)
    _history(book, sheets[4], words, prepared)
    if as_of is not None:
        sheets[0].write_number("C2", as_of, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.define_name("as_of", f"={words['sheets'][0]}!$C$2")
    book.close()
    return path


def _accounts(book: Any, sheet: Any, words: Any, accounts: Sequence[Sequence[Any]]) -> None:
    number, name, _, lines, monthly, tier, why = words["accounts"]
    _, line, _, amount, _, _ = words["payments"]
    text = book.add_format({"num_format": "@"})
    sheet.write("A1", "客户分级")
    mine = f"tblPayments[{words['payments'][0]}],tblAccounts[[#This Row],[{number}]]"
    own = f"tblAccounts[[#This Row],[{monthly}]]"
    formulas = {
        lines: f"=COUNTIFS({mine})",
        monthly: f"=SUMIFS(tblPayments[{amount}],{mine})/3",
        tier: f'=IF({own}>=200000,"VIP",IF({own}>=100000,"A",IF({own}>=30000,"B","C")))',
        why: f'="{monthly} "&ROUND({own},0)',
    }
    columns = [
        {"header": header, **({"formula": formulas[header]} if header in formulas else {})}
        for header in words["accounts"]
    ]
    last = TOP + len(accounts) - 1
    sheet.add_table(TOP - 1, 0, last, len(columns) - 1, {"name": "tblAccounts", "columns": columns})
    for row, (no, called) in enumerate(accounts, TOP):
        if isinstance(no, str):
            sheet.write_string(row, 0, no, text)
        elif no is not None:
            sheet.write_number(row, 0, no)
        if called is not None:
            sheet.write_string(row, 1, called)
    assert line
    assert name


def _payments(book: Any, sheet: Any, words: Any, prepared: int, paid: Sequence[Sequence[Any]], own: bool) -> None:
    text, month = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm"})
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFF2CC"})
    formats = [text, None, month, money, text, None]
    headers = list(words["payments"])
    columns = [{"header": header, "format": form} for header, form in zip(headers, formats)]
    at = [0, 1, 2, 4, 5, 6] if own else [0, 1, 2, 3, 4, 5]
    month_of = f"tblPayments[[#This Row],[{headers[2]}]]"
    if own:
        columns.insert(3, {"header": words["own"], "formula": f'=IF({month_of}="","",YEAR({month_of}))'})
    last = TOP + prepared - 1
    sheet.write("A1", words["sheets"][1])
    sheet.set_column(0, 0, 14, text)
    sheet.add_table(TOP - 1, 0, last, len(columns) - 1, {"name": "tblPayments", "columns": columns})
    for row in range(TOP, last + 1):
        for column, form in zip(at, formats):
            sheet.write_blank(row, column, None, form or text)
        sheet.set_row(row, 21)
    for row, cells in enumerate(paid, TOP):
        for column, form, cell in zip(at, formats, cells):
            if cell is not None:
                sheet.write(row, column, cell, form)
    sheet.data_validation(TOP, at[3], last, at[3], {"validate": "decimal", "criteria": ">", "value": -1e9})
    sheet.data_validation(
        TOP, 0, last, 0, {"validate": "custom", "value": f"=COUNTIF($A${TOP + 1}:$A${last + 1},A{TOP + 1})<99"}
    )
    sheet.conditional_format(TOP, at[3], last, at[3], {"type": "cell", "criteria": "<", "value": 0, "format": money})
    sheet.conditional_format(TOP, at[3], last, at[3], {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("J1:J3", {"type": "cell", "criteria": "<", "value": 0, "format": money})
    sheet.print_area(0, 0, last, len(columns) - 1)
    sheet.freeze_panes(TOP, 1)
    sheet.write_comment("A1", "勿删")
    name = words["sheets"][1]
    book.define_name("paid_amounts", f"={name}!$D${TOP + 1}:$D${last + 1}")
    book.define_name("paid_first", f"={name}!$D${TOP + 1}")


def _overview(book: Any, sheet: Any, words: Any) -> None:
    sheet.write_formula("B2", f"=SUM(tblPayments[{words['payments'][3]}])", None, 0)
    sheet.write_formula("B3", "=COUNTIFS(tblAccounts[" + words["accounts"][5] + '],"B")', None, 0)
    sheet.write_formula("B4", "=B2*2", None, 0)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={words['sheets'][3]}!$B$2:$B$4"})
    sheet.insert_chart("D2", chart)


def _history(book: Any, sheet: Any, words: Any, prepared: int) -> None:
    month = book.add_format({"num_format": "yyyy-mm"})
    columns = [{"header": header} for header in words["history"]]
    sheet.add_table(TOP - 1, 0, TOP + prepared - 1, len(columns) - 1, {"name": "tblHistory", "columns": columns})
    for row in range(TOP, TOP + prepared):
        sheet.write_blank(row, 0, None, month)
