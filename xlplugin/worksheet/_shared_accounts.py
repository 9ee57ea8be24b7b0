"""The account functions in a shared copy: formulas over workings in which every cell has been read as we read it.

Each takes what a copy's workings offer to one call, and gives the text of a formula.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from xlplugin.decisions.ledger import MOST_NAMED
from xlplugin.texts import say
from xlplugin.worksheet.formula_text import quoted

__all__ = [
    "NAMED_MONTHS",
    "Checked",
    "Paid",
    "Workings",
    "best_line",
    "filled",
    "last_paid",
    "monthly",
    "near_border",
    "payment_check",
    "payment_note",
    "product_lines",
]

NAMED_MONTHS = 12
"""Months without a payment that a note looks for."""
_UNREAD = '"!"'
_PRIVATE = 0xE000  # signs that no text of ours has


class Paid(NamedTuple):
    """The payments, row by row, and the months they are summed over, as formulas speak of them.

    Args:
        account: the key of each row's account; blank in a free row.
        month: the first day of its month, `amount` its amount; `!` where that can't be read.
        paid_in: the month in which something was paid, else 0.
        counted: 1 in the rows that are summed, else 0.
        group: of these, account and line together.
        total: in the first row of each group, its sum; `above`: how many groups of the account have a larger one.
        first_in_month: 1 in the first counted row of each month of an account, else 0.
        unread: the account in rows that can't be counted; `nth`: the account and which of them; `told`: it in words.
        since: the first of the months; `until` the first that counts no more, blank where the day is not known.
        months: how many there are.
        beyond: how many rows are not worked out.
        named: of each of the months, up to `NAMED_MONTHS`, its first day and how it is written; blank behind the last.
    """

    account: str
    month: str
    amount: str
    paid_in: str
    counted: str
    group: str
    total: str
    above: str
    first_in_month: str
    unread: str
    nth: str
    told: str
    since: str
    until: str
    months: str
    beyond: str
    named: tuple[tuple[str, str], ...]


class Checked(NamedTuple):
    """What is wrong with each row of the payments, as formulas speak of it.

    Args:
        code: 0 where nothing is.
        number: how many rows have been listed so far; `told`: what is listed of each.
        beyond: how many rows are not worked out.
    """

    code: str
    number: str
    told: str
    beyond: str


class Workings(Protocol):
    """What the workings of a copy offer to a call. Each raises where it can't be had."""

    lang: str

    def text(self, argument: str) -> str:
        """An argument as it stands in the call."""

    def key(self, argument: str) -> str:
        """The key of the number in a cell."""

    def setting(self, name: str) -> str:
        """A number of the settings."""

    def tier(self, factor: str = "") -> str:
        """The tier of the row, both payments multiplied by a factor."""

    def paid(self) -> Paid:
        """The payments."""

    def checked(self) -> Checked:
        """The payments as they are checked."""


def filled(lang: str, key: str, **facts: str) -> str:
    """A text of ours as a formula, with formulas for what is filled in."""
    marks = {name: chr(_PRIVATE + at) for at, name in enumerate(facts)}
    named = {mark: facts[name] for name, mark in marks.items()}
    pieces = re.split(f"([{''.join(named)}])", say(lang, key, **marks))
    return "&".join(named.get(piece, quoted(piece)) for piece in pieces if piece)


def _of(at: Workings, answer: str) -> str:
    """An answer about an account: none without a number or a day, `!` while there are rows that aren't worked out."""
    paid = at.paid()
    return f'IF(OR({at.key("account")}="",{paid.until}=""),"",IF({paid.beyond}>0,{_UNREAD},{answer}))'


def _of_lines(at: Workings, answer: str) -> str:
    """An answer about the lines of an account: none while it has rows that can't be counted or name no line."""
    return _of(at, f'IF({_unread(at)}+{_unnamed(at)}>0,"",{answer})')


def _unread(at: Workings) -> str:
    """How many rows of the account can't be counted."""
    return f"COUNTIFS({at.paid().unread},{at.key('account')})"


def _unnamed(at: Workings) -> str:
    """How many rows of the account name no product line."""
    return f'COUNTIFS({at.paid().group},{at.key("account")}&"|")'


def monthly(at: Workings) -> str:
    """XLP_MONTHLY."""
    paid = at.paid()
    total = f"SUMIFS({paid.amount},{paid.account},{at.key('account')},{paid.counted},1)"
    return _of(at, f'IF({_unread(at)}>0,"",ROUND(ROUND({total},6)/{paid.months},6))')


def product_lines(at: Workings) -> str:
    """XLP_LINES."""
    paid = at.paid()
    return _of_lines(at, f'COUNTIFS({paid.account},{at.key("account")},{paid.total},">0")')


def best_line(at: Workings) -> str:
    """XLP_BEST_LINE."""
    paid, own = at.paid(), f"{at.paid().account},{at.key('account')}"
    most = f"AVERAGEIFS({paid.total},{own},{paid.above},0)"
    return _of_lines(at, f"IF(COUNTIFS({own},{paid.counted},1)=0,0,ROUND(ROUND({most},6)/{paid.months},6))")


def last_paid(at: Workings) -> str:
    """XLP_LAST_PAID."""
    paid = at.paid()
    latest = f"SUMPRODUCT(LARGE(({paid.account}={at.key('account')})*{paid.paid_in},1))"
    return _of(at, f'IF({latest}=0,"",EDATE({latest},1)-1)')


def payment_note(at: Workings) -> str:
    """XLP_PAYMENT_NOTE."""
    paid, own, lang = at.paid(), f"{at.paid().account},{at.key('account')}", at.lang
    between = say(lang, "join.list")
    months = "&".join(
        f'IF({word}="","",IF(COUNTIFS({own},{paid.month},{month},{paid.counted},1)=0,{quoted(between)}&{word},""))'
        for month, word in paid.named
    )
    names = f"MID({months},{len(between) + 1},255)"
    first = f'MATCH({at.key("account")}&"|",{paid.group},0)'
    refunds = f'COUNTIFS({own},{paid.counted},1,{paid.amount},"<0")'
    parts = [
        *((f"{_unread(at)}>={n}", _problem(at, n)) for n in range(1, MOST_NAMED + 1)),
        (f"{_unread(at)}>{MOST_NAMED}", filled(lang, "payments.more_rows", count=f"({_unread(at)}-{MOST_NAMED})")),
        (f"{_unnamed(at)}>0", filled(lang, "payments.unnamed", row=first, count=_unnamed(at))),
        (f"{paid.months}>COUNTIFS({own},{paid.first_in_month},1)", filled(lang, "payments.no_rows", months=names)),
        (f"{refunds}>0", filled(lang, "payments.refunds", count=refunds)),
    ]
    join = say(lang, "join.sentence")
    told = "&".join(f'IF({test},{quoted(join)}&{text},"")' for test, text in parts)
    return _of(at, f"MID({told},{len(join) + 1},255)")


def _problem(at: Workings, number: int) -> str:
    return f'INDEX({at.paid().told},MATCH({at.key("account")}&"|{number}",{at.paid().nth},0))'


def near_border(at: Workings) -> str:
    """XLP_NEAR_BORDER."""
    near, own = at.setting("near_border"), at.tier()
    parts = []
    for sign, factor in (("+", f"(1+{near})"), ("-", f"(1-{near})")):
        tier = at.tier(factor)
        shown = f'"; {sign}"&ROUND(100*{near},8)&"% → "&{tier}'
        parts.append(f'IF(OR({tier}="",{tier}={own}),"",{shown})')
    return f'IF(ISNUMBER({near}),IF({own}="","",MID({"&".join(parts)},3,255)),"")'


def payment_check(at: Workings) -> str:
    """XLP_PAYMENT_CHECK."""
    checked, number = at.checked(), at.text("number")
    listed = f'IFERROR(INDEX({checked.told},MATCH({number},{checked.number},0)),"")'
    return f'IF({checked.beyond}>0,{_UNREAD},IF({number}=0,COUNTIF({checked.code},">0"),{listed}))'
