"""Payments by account and product line over a stretch of full months, each row taken in or named (spec 2.15, 4.5).

A ledger is read from the rows of the 回款 table in any order. Months are counted as year × 12 + month − 1.
"""

from __future__ import annotations

from datetime import date
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import EPOCH_1900, Unreadable, date_reader, is_blank, number_reader, show, tidy
from xlplugin.decisions.why import cut, shown_cell
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = [
    "COLUMNS",
    "MOST_NAMED",
    "Account",
    "Checked",
    "Ledger",
    "Problem",
    "check_rows",
    "full_months",
    "key_of",
    "month_of",
    "month_text",
    "read_ledger",
]

COLUMNS = ("account_no", "product_line", "month", "amount")
"""The columns a ledger is read from, in the order it takes them."""
_DIGITS = 6  # sums of cents leave tails such as 599999.9999999999, which must not miss a limit of 600000
MOST_NAMED = 4
"""Rows that cannot be counted, of which a note tells each; of more it gives the number."""
_MOST_KEPT = 1_000
_UNKNOWN = "payments.unknown_account"
_NO_ACCOUNT = ""


class Problem(NamedTuple):
    """A row that cannot be counted: its place under the header, counted from 1, the column and the cell.

    Args:
        why: the text key of what is allowed, filled in with `facts`.
    """

    row: int
    column: str
    found: object
    why: str
    facts: Mapping[str, object]

    def sentence(self, lang: str) -> str:
        """The row and what is wrong with it, in words."""
        facts = {"row": self.row, "column": say(lang, f"payments.{self.column}"), "allowed": self.allowed(lang)}
        if self.found is None:
            return say(lang, "payments.row_blank", **facts)
        return say(lang, "payments.row", found=shown_cell(self.found, lang), **facts)

    def listed(self, lang: str) -> str:
        """The row and what is wrong with it, as a line of a list."""
        found = say(lang, "value.blank") if self.found is None else shown_cell(self.found, lang)
        column = say(lang, f"payments.{self.column}")
        return cut(say(lang, "payments.listed", row=self.row, column=column, found=found, allowed=self.allowed(lang)))

    def allowed(self, lang: str) -> str:
        """What may stand there."""
        return say(lang, self.why, **self.facts)


class Account:
    """What an account has paid over the months of its ledger.

    Args:
        lines: for each product line its payments together, refunds taken off.
        paid: the months in which there is a row.
        problems: its rows that cannot be counted; while there are any, its figures are not known.
        unnamed: rows, counted from 1, that name no product line; their amounts count, their lines are not known.
        refunds: how many rows are below nothing.
        last: the latest month of all in which something was paid; None where there is none.
    """

    __slots__ = ("last", "lines", "paid", "problems", "refunds", "unnamed")

    def __init__(self) -> None:
        self.lines: dict[str, float] = {}
        self.paid: set[int] = set()
        self.problems: list[Problem] = []
        self.unnamed: list[int] = []
        self.refunds = 0
        self.last: int | None = None

    def monthly(self, months: int) -> float | None:
        """The mean payment a month; None where a row cannot be counted. A month without a row counts as nothing."""
        return None if self.problems else _mean(sum(self.lines.values()), months)

    def best_line(self, months: int) -> float | None:
        """The mean payment a month of the product line that pays most; None where that is not known."""
        if self.problems or self.unnamed:
            return None
        return _mean(max(self.lines.values(), default=0.0), months)

    def product_lines(self) -> int | None:
        """How many product lines have paid more than nothing; None where that is not known."""
        if self.problems or self.unnamed:
            return None
        return sum(round(amount, _DIGITS) > 0 for amount in self.lines.values())


def _mean(total: float, months: int) -> float:
    return round(round(total, _DIGITS) / months, _DIGITS)


class Ledger(NamedTuple):
    """The payments read.

    Args:
        months: the full months they were summed over.
        accounts: by the key of the account's number.
        lost: rows that name no account.
    """

    months: range
    accounts: Mapping[str, Account]
    lost: Sequence[Problem]

    def of(self, number: object) -> Account:
        """What an account has paid; nothing where the table has no row of it."""
        return self.accounts.get(key_of(number), _NOTHING_PAID)

    def note(self, number: object, lang: str) -> str:
        """What is to be known of an account's figures: rows not counted, months without a row, refunds.

        An empty text where there is nothing to be said.
        """
        account = self.of(number)
        parts = [problem.sentence(lang) for problem in account.problems[:MOST_NAMED]]
        if len(account.problems) > MOST_NAMED:
            parts.append(say(lang, "payments.more_rows", count=len(account.problems) - MOST_NAMED))
        if account.unnamed:
            parts.append(say(lang, "payments.unnamed", row=account.unnamed[0], count=len(account.unnamed)))
        without = [month_text(month) for month in self.months if month not in account.paid]
        if without:
            parts.append(say(lang, "payments.no_rows", months=say(lang, "join.list").join(without)))
        if account.refunds:
            parts.append(say(lang, "payments.refunds", count=account.refunds))
        return cut(say(lang, "join.sentence").join(parts))


_NOTHING_PAID = Account()


def month_of(day: int) -> int:
    """The month of a day given as an ordinal."""
    as_date = date.fromordinal(day)
    return as_date.year * 12 + as_date.month - 1


def month_text(month: int) -> str:
    """A month as 2026-03."""
    return f"{month // 12}-{month % 12 + 1:02}"


def full_months(as_of: int, count: int) -> range:
    """The last full months before a day: its own month is not over yet.

    Args:
        as_of: the day, as an ordinal.
        count: how many months.
    """
    current = month_of(as_of)
    return range(current - count, current)


def key_of(number: object) -> str:
    """The key under which an account's number is looked up: case, width and outer space make no difference.

    Signs inside do: K-1 and K 1 are two accounts.
    """
    return _NO_ACCOUNT if is_blank(number) else tidy(show(number)).casefold()


def read_ledger(rows: Iterable[Sequence[object]], months: range, epoch: int = EPOCH_1900) -> Ledger:
    """The payments of every account over some months.

    Args:
        rows: cells of account no., product line, month and amount; a row with nothing in them is left out.
        months: what is summed over; rows of other months only tell when an account paid last.
        epoch: day 0 of the workbook's serial dates.
    """
    accounts: dict[str, Account] = {}
    lost: list[Problem] = []
    reading = _Reading(months, epoch)
    keys: dict[object, str] = {}
    for place, (number, line, month, amount) in enumerate(rows, 1):
        if number is None and line is None and month is None and amount is None:
            continue
        key = keys.get(number) if type(number) is str else None
        if key is None:
            key = key_of(number)
            if type(number) is str:
                keys[number] = key
        if not key:
            if not (is_blank(line) and is_blank(month) and is_blank(amount)):
                lost.append(_blank(place, "account_no"))
            continue
        account = accounts.get(key)
        if account is None:
            account = accounts[key] = Account()
        reading.take(account, place, line, month, amount)
    return Ledger(months, accounts, lost)


class _Reading:
    """Takes rows into accounts; what was read once is kept, for months and lines recur."""

    def __init__(self, months: range, epoch: int) -> None:
        self._months = months
        self._read_day = date_reader(epoch)
        self._read_amount = number_reader(-inf, inf)
        self._known_months: dict[float, int | None] = {}
        self._known_lines: dict[object, str] = {}

    def take(self, account: Account, place: int, line: object, month: object, amount: object) -> None:
        """A row into its account."""
        try:
            paid_in = self._month(month)
        except Unreadable as cause:
            account.problems.append(_unread(place, "month", cause))
            return
        if paid_in is None:
            account.problems.append(_blank(place, "month"))
            return
        counted = paid_in in self._months
        try:
            value = amount if type(amount) is float and -1e300 < amount < 1e300 else self._read_amount(amount)
        except Unreadable as cause:
            if counted:
                account.problems.append(_unread(place, "amount", cause))
            return
        if value is None:
            if counted:
                account.problems.append(_blank(place, "amount"))
            return
        if value > 0 and (account.last is None or paid_in > account.last):
            account.last = paid_in
        if counted:
            self._count(account, place, line, paid_in, value)

    def problem(self, place: int, row: Sequence[object], key: str, known: bool) -> Problem | None:
        """The first thing that is wrong with a row; None where all is well, or nothing stands there."""
        number, line, month, amount = row
        if known and line and type(month) is float and month in self._known_months and type(amount) is float:
            return None if self._known_months[month] is not None else _blank(place, "month")
        if all(map(is_blank, row)):
            return None
        if not key:
            return _blank(place, "account_no")
        if not known:
            return Problem(place, "account_no", show(number), _UNKNOWN, {})
        return self._unread(place, month, amount) or (_blank(place, "product_line") if is_blank(line) else None)

    def _unread(self, place: int, month: object, amount: object) -> Problem | None:
        column = "month"
        try:
            if self._month(month) is None:
                return _blank(place, column)
            column = "amount"
            return _blank(place, column) if self._read_amount(amount) is None else None
        except Unreadable as cause:
            return _unread(place, column, cause)

    def _count(self, account: Account, place: int, line: object, paid_in: int, value: float) -> None:
        account.paid.add(paid_in)
        key = self._line(line)
        if not key:
            account.unnamed.append(place)
        account.lines[key] = account.lines.get(key, 0.0) + value
        account.refunds += value < 0

    def _month(self, cell: object) -> int | None:
        if type(cell) is not float:
            day = self._read_day(cell)
            return None if day is None else month_of(day)
        if cell not in self._known_months:
            day = self._read_day(cell)
            self._known_months[cell] = None if day is None else month_of(day)
        return self._known_months[cell]

    def _line(self, cell: object) -> str:
        if type(cell) is not str:
            return key_of(cell)
        key = self._known_lines.get(cell)
        if key is None:
            key = self._known_lines[cell] = key_of(cell)
        return key


def _blank(place: int, column: str) -> Problem:
    return Problem(place, column, None, f"payments.need_{column}", {})


def _unread(place: int, column: str, cause: Unreadable) -> Problem:
    found = cause.found if isinstance(cause.found, (str, bool)) else show(cause.found)
    return Problem(place, column, found, f"cell.{cause.why}", cause.facts)


class Checked(NamedTuple):
    """The rows of the payments that are to be looked into: how many, and the first of them.

    Of an account that is not known only the first row is named.
    """

    total: int
    first: Sequence[Problem]


def check_rows(rows: Iterable[Sequence[object]], known: Collection[str], epoch: int = EPOCH_1900) -> Checked:
    """What is wrong with rows of payments, whatever their month, in their order.

    Args:
        rows: cells of account no., product line, month and amount.
        known: the keys of the accounts there are.
        epoch: day 0 of the workbook's serial dates.
    """
    reading = _Reading(range(0), epoch)
    total = 0
    first: list[Problem] = []
    strangers: set[str] = set()
    keys: dict[object, str] = {}
    for place, row in enumerate(rows, 1):
        number = row[0]
        key = keys.get(number) if type(number) is str else None
        if key is None:
            key = key_of(number)
            if type(number) is str:
                keys[number] = key
        problem = reading.problem(place, row, key, key in known)
        if problem is None:
            continue
        total += 1
        if key not in strangers and len(first) < _MOST_KEPT:
            first.append(problem)
        if problem.why == _UNKNOWN:
            strangers.add(key)
    return Checked(total, first)
