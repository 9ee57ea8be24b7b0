"""The worksheet functions that sum an account's payments over the last full months."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable, date_reader, error_in, is_blank, whole_reader
from xlplugin.decisions.ledger import COLUMNS, check_rows, full_months, key_of, read_ledger
from xlplugin.errors import CellError
from xlplugin.worksheet import _plain_accounts as plain
from xlplugin.worksheet import _shared_accounts as shared
from xlplugin.worksheet._arguments import RULES
from xlplugin.worksheet._given import columns_of, each, given
from xlplugin.worksheet.desk import rows_of
from xlplugin.worksheet.registry import Arg, worksheet_function

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.decisions.ledger import Account, Ledger
    from xlplugin.worksheet.desk import Desk

__all__ = ["XLP_BEST_LINE", "XLP_LAST_PAID", "XLP_LINES", "XLP_MONTHLY", "XLP_PAYMENT_CHECK", "XLP_PAYMENT_NOTE"]

_VIEWS = "account_views"
_LEDGER = (
    Arg("account", "客户编号", "the account's number"),
    Arg("fields", "回款表的表头：客户编号、品项、月份、金额", "the headers of account, line, month and amount"),
    Arg("payments", "回款表同样列的全部行", "all rows of the same columns of the payments"),
    Arg("as_of", "统计日；取它之前的完整月", "the day; the full months before it are taken"),
    RULES,
)
_EXAMPLE = '{"account_no","product_line","month","amount"},{"K1","tea","2026-01-01",9000;"K1","tea","2026-02-01",6000}'


def _ledger(desk: Desk, fields: object, payments: object, as_of: object, rules: object) -> Ledger | str:
    """The ledger of the full months before a day; what is in the way, as an empty text or a sentence."""
    columns = columns_of(desk, fields, "payments", COLUMNS)
    numbers, bad = desk.numbers(_VIEWS, rules)
    if bad:
        return bad.sentence("zh" if columns.lang == "zh" else "en")
    try:
        day = date_reader(desk.epoch)(as_of)
    except Unreadable:
        day = None
    if day is None:
        return ""
    months = full_months(day, int(numbers["stable_months"]))
    use = f"ledger {months} {columns.places}"
    return desk.once(payments, use, lambda: read_ledger(given(columns, payments), months, desk.epoch))


def _account(desk: Desk, cells: tuple[object, ...], show: Callable[[Account, int], object], number: object) -> object:
    """What `show` makes of an account, or of each of many; an empty text where nothing can be said."""
    ledger = _ledger(desk, *cells)
    if isinstance(ledger, str):
        return each(number, lambda _cell: "")

    def one(cell: object) -> object:
        if is_blank(cell) or error_in(cell):
            return ""
        answer = show(ledger.of(cell), len(ledger.months))
        return "" if answer is None else answer

    return each(number, one)


@worksheet_function(
    zh="稳定月回款：统计日之前几个完整月的平均，没有记录的月按 0 算；有读不懂的行时为空",
    en="The stable monthly payment: the mean of the last full months, a month without a row being 0; "
    "empty where a row cannot be read",
    args=_LEDGER,
    example=f'XLP_MONTHLY("K1", {_EXAMPLE}, DATE(2026,4,2))',
    result="5000",
    plain=plain.monthly,
    shared=shared.monthly,
)
def XLP_MONTHLY(
    desk: Desk, account: object, fields: object, payments: object, as_of: object, rules: object = None
) -> object:
    """The mean payment a month over the last full months before a day."""
    return _account(desk, (fields, payments, as_of, rules), lambda paid, months: paid.monthly(months), account)


@worksheet_function(
    zh="回款最多的一个品项的月平均回款",
    en="The mean payment a month of the product line that pays most",
    args=_LEDGER,
    example=f'XLP_BEST_LINE("K1", {_EXAMPLE}, DATE(2026,4,2))',
    result="5000",
    shared=shared.best_line,
)
def XLP_BEST_LINE(
    desk: Desk, account: object, fields: object, payments: object, as_of: object, rules: object = None
) -> object:
    """The mean payment a month of the best product line over the same months."""
    return _account(desk, (fields, payments, as_of, rules), lambda paid, months: paid.best_line(months), account)


@worksheet_function(
    zh="合作品项数：这几个完整月里有回款的品项",
    en="How many product lines have paid something in those months",
    args=_LEDGER,
    example=f'XLP_LINES("K1", {_EXAMPLE}, DATE(2026,4,2))',
    result="1",
    shared=shared.product_lines,
)
def XLP_LINES(
    desk: Desk, account: object, fields: object, payments: object, as_of: object, rules: object = None
) -> object:
    """How many product lines have paid more than nothing over the same months."""
    return _account(desk, (fields, payments, as_of, rules), lambda paid, _months: paid.product_lines(), account)


@worksheet_function(
    zh="最近一次有回款的月份（该月最后一天）",
    en="The latest month in which something was paid, as its last day",
    args=_LEDGER,
    example=f'XLP_LAST_PAID("K1", {_EXAMPLE}, DATE(2026,4,2))',
    result="2026-02-28",
    shared=shared.last_paid,
)
def XLP_LAST_PAID(
    desk: Desk, account: object, fields: object, payments: object, as_of: object, rules: object = None
) -> object:
    """The last day of the latest month with a payment; an empty text where there is none."""
    return _account(desk, (fields, payments, as_of, rules), lambda paid, _months: _month_end(paid.last), account)


def _month_end(month: int | None) -> date | None:
    if month is None:
        return None
    after = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


@worksheet_function(
    zh="回款要留意的事：读不懂的行、没有记录的月、退款",
    en="What is to be known of the payments: rows that cannot be read, months without a row, refunds",
    args=_LEDGER,
    example=f'XLP_PAYMENT_NOTE("K1", {_EXAMPLE}, DATE(2026,4,2))',
    result="No payment in 2026-03: counted as 0",
    shared=shared.payment_note,
    brief=True,
)
def XLP_PAYMENT_NOTE(
    desk: Desk, account: object, fields: object, payments: object, as_of: object, rules: object = None
) -> object:
    """What is to be known of an account's payments; an empty text where there is nothing to be said."""
    ledger = _ledger(desk, fields, payments, as_of, rules)
    lang = "zh" if columns_of(desk, fields, "payments", COLUMNS).lang == "zh" else "en"

    def one(cell: object) -> object:
        if is_blank(cell) or error_in(cell):
            return ""
        return ledger if isinstance(ledger, str) else ledger.note(cell, lang)

    return each(account, one)


@worksheet_function(
    zh="回款表里要核对的第几条：无此客户、缺项、读不懂；序号 0 给出共几条",
    en="The payment with this place among those to look into: no such account, blank, unreadable; for 0 their number",
    args=(
        _LEDGER[1],
        _LEDGER[2],
        Arg("accounts", "客户表的编号列", "the column of account numbers of the accounts"),
        Arg("number", "第几条；0 为条数", "which of them; 0 for how many there are"),
    ),
    example='XLP_PAYMENT_CHECK({"account_no","product_line","month","amount"}, {"K9","tea","2026-01-01",5}, {"K1"}, 1)',
    result="Record 1, Account no. 'K9': no such account",
    shared=shared.payment_check,
    brief=True,
)
def XLP_PAYMENT_CHECK(desk: Desk, fields: object, payments: object, accounts: object, number: object) -> object:
    """One of the payments to be looked into, in words; an empty text behind the last, their number for 0."""
    columns = columns_of(desk, fields, "payments", COLUMNS)
    known = desk.once(accounts, "numbers", lambda: frozenset(key_of(cell) for row in rows_of(accounts) for cell in row))
    # The numbers are kept with what was made of them, so that their place in memory is not taken by others.
    use = f"check {columns.places} {id(known)}"
    _, found = desk.once(payments, use, lambda: (known, check_rows(given(columns, payments), known - {""}, desk.epoch)))
    try:
        at = whole_reader(0, inf)(number) or 0
    except Unreadable:
        return CellError(error_in(number) or "#VALUE!")
    if not at:
        return found.total
    return found.first[at - 1].listed("zh" if columns.lang == "zh" else "en") if at <= len(found.first) else ""
