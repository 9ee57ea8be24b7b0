"""Payments from an accounting export: what a book is to take in, to change and to refuse, row by row."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import EPOCH_1900, EPOCH_1904, Unreadable, show
from xlplugin.errors import XlpError
from xlplugin.exchange._accounts import Accounts
from xlplugin.exchange._export_rows import Line, read_lines
from xlplugin.exchange._ledger import Ledger, Sums, is_same
from xlplugin.exchange._ledger_cells import amount_of, month_reader
from xlplugin.exchange.ledger_words import NEEDED
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts._values import serial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from xlplugin.exchange._export import Export
    from xlplugin.exchange._ledger import Key
    from xlplugin.exchange.table_rows import TableRows
    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["PAYMENTS_TABLE", "Plan", "Refusal", "Update", "plan_import"]

PAYMENTS_TABLE = "tblPayments"
TABLE_WORDS = {
    "account_no": ("客户编号", "Account no.", "客户编码", "Account no"),
    "product_line": ("品项", "Product line", "产品线"),
    "month": ("月份", "Month"),
    "amount": ("金额", "Amount", "回款金额", "回款"),
    "voucher": ("凭证号", "Voucher", "Voucher no."),
    "note": ("备注", "Note"),
}
_KEYS = tuple(TABLE_WORDS)


class Refusal(NamedTuple):
    """A line that is left out.

    Args:
        line: the export's row, as a sheet counts.
        why: the text key `cell.<why>` of the reason, filled in with `found` and `facts`.
        found: the cell that was read.
        facts: what else fills the text.
        cells: account, product line, month, voucher and amount as they stand in the line.
    """

    line: int
    why: str
    found: str
    facts: dict[str, object]
    cells: tuple[str, ...]


class Update(NamedTuple):
    """A payment with another amount now: its place among the export's sums, its row on the sheet, the old amount."""

    place: int
    row: int
    old: float


@dataclass
class Plan:
    """What an import will do.

    Args:
        export: the export.
        rows: the book's table of payments.
        ledger: what keys stand for.
        sums: the export's payments.
        keys: their keys, in order.
        adds: the places of those that are new.
        updates: those whose amount is another.
        same: how many stand in the book already as they are.
        refused: lines left out.
        totals: lines that are totals, headers repeated and balances.
        notes: further remarks, each the key of a text with what fills it.
        after: the last filled row of the table.
    """

    export: Export
    rows: TableRows
    ledger: Ledger
    sums: Sums
    keys: list[int] = field(default_factory=list)
    adds: list[int] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    same: int = 0
    refused: list[Refusal] = field(default_factory=list)
    totals: list[Refusal] = field(default_factory=list)
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    after: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether the book stays as it is."""
        return not self.adds and not self.updates

    def payment(self, place: int) -> Key:
        """What tells the payment from others, as the book spells it."""
        return self.ledger.spelled(self.keys[place])

    def write(self, target: Path) -> None:
        """Writes the book with the payments in it; values of formulas are those of before.

        Raises:
            XlpError: the rows don't fit, or the target can't be written.
        """
        changes: dict[tuple[int, str], Value] = {
            (update.row, "amount"): self.sums.amounts[update.place] for update in self.updates
        }
        self.rows.write(target, changes, self._added(), len(self.adds), _KEYS, self.after)

    def _added(self) -> Iterator[list[Value]]:
        serials: dict[date, float] = {}
        date1904 = self.rows.book.date1904
        for place in self.adds:
            account_no, line, month, voucher = self.payment(place)
            day = serials.get(month)
            if day is None:
                day = serials[month] = serial(month, date1904)
            yield [account_no, line, day, self.sums.amounts[place], voucher, self.sums.notes[place]]


def plan_import(book: Book, export: Export) -> Plan:
    """What importing an export into a book will do; nothing is written.

    Raises:
        XlpError: the book has no table of payments or of accounts, or the export can't be read to its end.
    """
    rows = find_table(book, PAYMENTS_TABLE, TABLE_WORDS, NEEDED)
    accounts = Accounts(book)
    ledger = Ledger(accounts.numbers)
    plan = Plan(export, rows, ledger, Sums())
    present = _Present(plan, accounts)
    try:
        for line in read_lines(export, accounts, ledger):
            _take(plan, line)
    except csv.Error as error:
        raise XlpError("csv_syntax", path=export.path, found=error) from None
    plan.keys = list(plan.sums.places)
    present.compare()
    plan.refused.sort(key=lambda refusal: refusal.line)
    _remarks(plan, present)
    return plan


def _take(plan: Plan, line: Line) -> None:
    if line.why:
        kept = plan.totals if line.why in ("payment_total", "payment_header") else plan.refused
        kept.append(Refusal(line.number, line.why, line.found, line.facts, line.cells))
        return
    sums = plan.sums
    place = sums.places.get(line.key)
    voucher = Ledger.voucher_of(line.key)
    if place is not None and voucher and is_same(sums.amounts[place], line.amount) and sums.notes[place] == line.note:
        facts: dict[str, object] = {"line": sums.rows[place]}
        plan.refused.append(
            Refusal(line.number, "payment_repeated", show(plan.ledger.vouchers.shown[voucher]), facts, line.cells)
        )
        return
    sums.add(line.key, line.amount, line.number, line.note)


class _Present:
    """The payments that stand in the book already."""

    def __init__(self, plan: Plan, accounts: Accounts) -> None:
        self._plan = plan
        self._sums = Sums()
        self._more: defaultdict[int, list[int]] = defaultdict(list)  # rows beyond the first with the same key
        self._made: set[int] = set()
        self._with_voucher: set[int] = set()
        self.unread: list[int] = []
        plan.after = plan.rows.first_row - 1
        self._read(accounts)

    def _read(self, accounts: Accounts) -> None:
        rows, ledger, sums = self._plan.rows, self._plan.ledger, self._sums
        month_of = month_reader(EPOCH_1904 if rows.book.date1904 else EPOCH_1900)
        months: dict[object, int] = {}
        places: dict[object, int | None] = {}
        amount_place = _KEYS.index("amount")
        for number, (account_no, line, month, amount, voucher, _), formulas in rows.rows(_KEYS):
            self._plan.after = number
            if account_no not in places:
                places[account_no] = accounts.known(account_no)
            account = places[account_no]
            try:
                at = months.get(month)
                if at is None:
                    at = months[month] = month_of(month)
                paid = amount_of(amount)
            except Unreadable:
                paid, at = math.nan, months.get(month)
            named = ledger.lines.number(line)
            if account is None or at is None or not named:
                self.unread.append(number)
                continue
            key = ledger.key(account, named, at, ledger.vouchers.number(voucher) if voucher else 0)
            if not sums.add(key, paid, number):
                self._more[key].append(number)
            if amount_place in formulas:
                self._made.add(number)
            if Ledger.voucher_of(key):
                self._with_voucher.add(Ledger.without_voucher(key))

    def compare(self) -> None:
        """Tells for each payment of the export whether it is new, another, or there."""
        plan, there = self._plan, self._sums
        otherwise: defaultdict[int, list[int]] = defaultdict(list)
        for place, (key, amount) in enumerate(plan.sums.items()):
            at = there.places.get(key)
            if at is None:
                if self._is_otherwise(key):
                    otherwise[Ledger.without_voucher(key)].append(place)
                else:
                    plan.adds.append(place)
            elif is_same(there.amounts[at], amount):
                plan.same += 1
            else:
                self._differs(place, key, at)
        rows: defaultdict[int, list[int]] = defaultdict(list)
        for key, at in there.places.items() if otherwise else ():
            bare = Ledger.without_voucher(key)
            if bare in otherwise:
                rows[bare].append(at)
        for bare, places in otherwise.items():
            self._otherwise(places, rows[bare])

    def _differs(self, place: int, key: int, at: int) -> None:
        row, old = self._sums.rows[at], self._sums.amounts[at]
        if key in self._more:
            rows = ", ".join(map(str, (row, *self._more[key][:5])))
            self._refuse(place, "payment_several", {"rows": rows})
        elif math.isnan(old):
            self._refuse(place, "payment_unread", {"row": row})
        elif row in self._made:
            self._refuse(place, "payment_formula", {"row": row})
        else:
            self._plan.updates.append(Update(place, row, old))

    def _is_otherwise(self, key: int) -> bool:
        """Whether the book has the same month only without a voucher where this has one, or the reverse."""
        bare = Ledger.without_voucher(key)
        if key == bare:
            return bare in self._with_voucher
        return bare in self._sums.places and bare not in self._with_voucher

    def _otherwise(self, places: list[int], rows: list[int]) -> None:
        """A month that is told by vouchers on one side only is there already if it comes to the same, else refused."""
        plan, there = self._plan, self._sums
        if is_same(sum(plan.sums.amounts[place] for place in places), sum(there.amounts[at] for at in rows)):
            plan.same += len(places)
            return
        shown = ", ".join(str(there.rows[at]) for at in rows[:5])
        for place in places:
            self._refuse(place, "payment_other_manner", {"rows": shown})

    def _refuse(self, place: int, why: str, facts: dict[str, object]) -> None:
        plan = self._plan
        key, amount = plan.payment(place), plan.sums.amounts[place]
        cells = (
            show(key.account_no),
            show(key.product_line),
            f"{key.month:%Y-%m}",
            show(key.voucher or ""),
            show(amount),
        )
        plan.refused.append(Refusal(plan.sums.rows[place], why, show(amount), facts, cells))

    def over_total(self) -> list[tuple[Value, date]]:
        """Accounts and months in which one product line paid more than all lines together."""
        plan = self._plan
        if not any(amount < 0 for amounts in (plan.sums.amounts, self._sums.amounts) for amount in amounts):
            return []
        final = dict(self._sums.items())
        final.update((plan.keys[place], plan.sums.amounts[place]) for place in plan.adds)
        final.update((plan.keys[update.place], plan.sums.amounts[update.place]) for update in plan.updates)
        touched = {Ledger.group(plan.keys[place]) for place in plan.adds}
        touched |= {Ledger.group(plan.keys[update.place]) for update in plan.updates}
        owing = {Ledger.group(key) for key, amount in final.items() if amount < 0} & touched
        paid: dict[int, dict[int, float]] = {group: defaultdict(float) for group in sorted(owing)}
        first: dict[int, int] = {}
        for key, amount in final.items() if owing else ():
            group = Ledger.group(key)
            if group in owing and not math.isnan(amount):
                paid[group][Ledger.line_of(key)] += amount
                first.setdefault(group, key)
        over = [group for group, lines in paid.items() if lines and max(lines.values()) > sum(lines.values()) + 0.005]
        return [
            (spelled.account_no, spelled.month) for spelled in (plan.ledger.spelled(first[group]) for group in over)
        ]


def _remarks(plan: Plan, present: _Present) -> None:
    summed = sum(count > 1 for count in plan.sums.counts)
    if summed:
        lines = sum(count for count in plan.sums.counts if count > 1)
        plan.notes.append(("payments.note.summed", {"count": summed, "lines": lines}))
    if plan.export.unit != 1:
        header = plan.export.headers[plan.export.columns["amount"]]
        plan.notes.append(("payments.note.unit", {"unit": plan.export.unit, "header": header}))
    negative = sum(plan.sums.amounts[place] < 0 for place in plan.adds)
    if negative:
        plan.notes.append(("payments.note.negative", {"count": negative}))
    lowered = sum(
        plan.sums.amounts[update.place] < update.old and not Ledger.voucher_of(plan.keys[update.place])
        for update in plan.updates
    )
    if lowered:
        plan.notes.append(("payments.note.lowered", {"count": lowered}))
    for account_no, month in present.over_total()[:20]:
        plan.notes.append(("payments.note.over_total", {"account": show(account_no), "month": f"{month:%Y-%m}"}))
    if present.unread:
        shown = ", ".join(map(str, present.unread[:10]))
        plan.notes.append(("payments.note.unread", {"count": len(present.unread), "rows": shown}))
