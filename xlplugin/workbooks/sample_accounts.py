"""A distributor's book of accounts as offices keep it: forty plainly invented firms, six months of payments.

Most of it is in order; some of it is not: a number that stands twice, an account nobody knows, amounts as text or in
brackets, a refund above what was paid, a month typed as text, a row without a product line.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

__all__ = ["DAY", "sample"]

DAY = date(2026, 11, 5)
_MONTHS = tuple(date(2026, month, 1) for month in range(5, 11))
_LINES = (
    ("绿茶", "green tea"),
    ("红茶", "black tea"),
    ("花茶", "flower tea"),
    ("果汁", "juice"),
    ("饮用水", "water"),
    ("咖啡", "coffee"),
    ("点心", "biscuits"),
    ("坚果", "nuts"),
)
_PLACES = ("东一", "东二", "南一", "南二", "西一", "西二", "北一", "北二", "中一", "中二")
_KINDS = (("商行", "Store"), ("商贸", "Trading"), ("超市", "Market"), ("批发部", "Wholesale"))
_STAFF = (("周一鸣", "Zhou"), ("吴小满", "Wu"), ("许知夏", "Xu"))
# What an account of each sort pays a month and a line: how many lines, from, to.
_SORTS = (
    (8, 25_000, 42_000),
    (6, 18_000, 34_000),
    (4, 24_000, 32_000),
    (3, 12_000, 18_000),
    (2, 14_000, 24_000),
    (2, 4_000, 13_000),
    (1, 1_000, 12_000),
    (1, 51_000, 58_000),
)
_SHARES = (1, 2, 5, 9, 8, 7, 6, 2)


def sample(lang: str) -> dict[str, list[dict[str, Any]]]:
    """What is typed into which table, row by row and column by column.

    Args:
        lang: zh or en, the edition of the workbook it is typed into.
    """
    at = 0 if lang == "zh" else 1
    draw = Random(6)  # noqa: S311 - sample rows
    sorts = [sort for sort, count in zip(_SORTS, _SHARES) for _ in range(count)]
    accounts = [_account(number, draw, at) for number in range(1, len(sorts) + 1)]
    payments = [
        row
        for account, (count, low, high) in zip(accounts, sorts)
        for line in draw.sample(range(len(_LINES)), count)
        for row in _paid(account["account_no"], _LINES[line][at], low, high, draw)
    ]
    _odd(accounts, payments, at)
    return {"accounts": accounts, "payments": payments, "followups": _followups(at)}


def _account(number: int, draw: Random, at: int) -> dict[str, Any]:
    place, kind = _PLACES[number % 10], _KINDS[number % 4]
    name = (f"{place}路{kind[0]}{number:02}号", f"{kind[1]} no. {number:02}")[at]
    invoiced = DAY - timedelta(days=draw.choice((3, 6, 12, 20, 33, 48, 70, 95, 130)))
    due = draw.randrange(4, 90) * 1_000
    share = draw.choice((1, 1, 1, 0.9, 0.6, 0))
    account: dict[str, Any] = {"account_no": f"K{number:03}", "name": name, "consultant": _STAFF[number % 3][at]}
    if number % 7:
        account |= {"invoice_date": invoiced, "due_amount": due, "collected": round(due * share)}
    yes, no = (("是", "否"), ("yes", "no"))[at]
    if number % 3 == 0:
        account |= {"repurchases": draw.randrange(5), "complaints": draw.choice((0, 0, 0, 1)), "signed": yes}
    if number % 5 == 0:
        account |= {
            "strong_intent": yes,
            "large_potential": draw.choice((yes, no)),
            "is_customer": draw.choice((yes, no)),
        }
    return account


def _paid(number: str, line: str, low: int, high: int, draw: Random) -> list[dict[str, Any]]:
    usual = draw.randrange(low, high)
    return [
        {"account_no": number, "product_line": line, "month": month, "amount": round(usual * draw.uniform(0.9, 1.1), 2)}
        for month in _MONTHS
        if draw.random() > 0.06
    ]


def _odd(accounts: list[dict[str, Any]], payments: list[dict[str, Any]], at: int) -> None:
    """What an office really finds in its tables."""
    month, line = _MONTHS[-1], _LINES[0][at]
    accounts[30]["poor_credit"] = ("是", "yes")[at]
    accounts[31]["account_no"] = accounts[32]["account_no"]  # one number for two firms
    accounts[33]["collected"] = None
    accounts[34]["mode"] = ("硬性", "hard")[at]
    rows = (
        ("K999", line, month, 5_000, None),
        ("K036", line, month, ("￥3,000元", "CNY 3,000")[at], None),
        ("K037", line, month, "(500)", None),
        ("K038", _LINES[7][at], month, -2_000, ("退货", "returned")[at]),
        ("K039", line, ("十月份", "in October")[at], 800, None),
        ("K040", None, month, 900, None),
        ("K035", _LINES[6][at], month, "１，２００", None),
    )
    keys = ("account_no", "product_line", "month", "amount", "note")
    payments += [{key: cell for key, cell in zip(keys, row) if cell is not None} for row in rows]


def _followups(at: int) -> list[dict[str, Any]]:
    channel, content = (("电话", "visit"), ("对账、了解下月计划", "balance and next month's plan"))
    return [
        {
            "date": DAY - timedelta(days=days),
            "account_no": f"K{number:03}",
            "channel": (channel[0], "phone")[at],
            "content": content[at],
            "by": _STAFF[number % 3][at],
        }
        for number in range(3, 31, 3)
        for days in ((1, 3, 17) if number % 2 else (2, 20))
    ]
