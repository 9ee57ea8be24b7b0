"""A month of account tiers closed: each account's tier kept in the history, with what became of it and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import EPOCH_1900, EPOCH_1904, Unreadable, error_in, is_blank, show, text_of
from xlplugin.errors import XlpError
from xlplugin.exchange._accounts import accounts_table
from xlplugin.exchange._ledger_cells import month_reader
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts._values import serial
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from xlplugin.exchange.table_rows import TableRows
    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["HISTORY_TABLE", "Closing", "Entry", "plan_closing"]

HISTORY_TABLE = "tblHistory"
HISTORY_WORDS = {
    "month": ("月份", "Month"),
    "account_no": ("客户编号", "Account no.", "Account no"),
    "tier": ("级别", "Tier", "客户级别"),
    "before": ("上月级别", "Tier before"),
    "change": ("变化", "Change"),
    "reason": ("原因", "Reason", "理由", "Why"),
    "monthly": ("月回款", "Monthly payment", "稳定月回款", "Stable monthly payment"),
}
_KEYS = tuple(HISTORY_WORDS)
_RANK = {"vip": 0, "a": 0, "b": 1, "c": 2}  # a VIP is not better than an A (decisions.md 12)
_SHOWN = 40


class Entry(NamedTuple):
    """One account's line in the history; `change` is new, same, up, down or other."""

    account_no: Value
    tier: str
    before: str
    change: str
    reason: str
    monthly: float | None


class Differs(NamedTuple):
    """An account whose month is closed with another tier than it would have now."""

    account_no: str
    closed: str
    tier: str


@dataclass
class Closing:
    """What closing a month will do.

    Args:
        month: its first day.
        rows: the history.
        entries: the lines to be added; none where the month is closed.
        differs: accounts of a closed month whose tier is another now.
        notes: remarks, each the key of a text with what fills it.
        after: the last filled row of the history.
    """

    month: date
    rows: TableRows
    entries: list[Entry] = field(default_factory=list)
    differs: list[Differs] = field(default_factory=list)
    notes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    after: int = 0

    def write(self, target: Path) -> None:
        """Writes the book with the month in its history.

        Raises:
            XlpError: the rows don't fit, or the target can't be written.
        """
        day, lang = serial(self.month, self.rows.book.date1904), self.rows.lang
        added: Iterator[Sequence[Value]] = (
            (
                day,
                entry.account_no,
                entry.tier or None,
                entry.before or None,
                say(lang, f"tiers.change.{entry.change}"),
                entry.reason or None,
                entry.monthly,
            )
            for entry in self.entries
        )
        self.rows.write(target, {}, added, len(self.entries), _KEYS, self.after)

    def sentences(self, lang: str) -> Iterator[str]:
        """The closing in words: the counts, who went up or down and why, what differs, the remarks."""
        month = f"{self.month:%Y-%m}"
        kinds = [entry.change for entry in self.entries]
        if self.entries:
            counts = {kind: kinds.count(kind) for kind in ("up", "down", "other", "same", "new")}
            yield say(lang, "tiers.counts", month=month, count=len(kinds), **counts)
        moved = [entry for kind in ("down", "up", "other") for entry in self.entries if entry.change == kind]
        none = say(lang, "tiers.none")
        for entry in moved[:_SHOWN]:
            tiers = {"account": show(entry.account_no), "before": entry.before or none, "tier": entry.tier or none}
            yield say(
                lang, "tiers.moved", change=say(lang, f"tiers.change.{entry.change}"), reason=entry.reason, **tiers
            )
        if len(moved) > _SHOWN:
            yield say(lang, "tiers.more", count=len(moved) - _SHOWN)
        if self.differs:
            yield say(lang, "tiers.note.differ", month=month, count=len(self.differs))
        for found in self.differs[:_SHOWN]:
            tiers = {"closed": found.closed or none, "tier": found.tier or none}
            yield say(lang, "tiers.differs", account=found.account_no, **tiers)
        if len(self.differs) > _SHOWN:
            yield say(lang, "tiers.more", count=len(self.differs) - _SHOWN)
        for key, facts in self.notes:
            yield say(lang, key, **facts)


class _Account(NamedTuple):
    number: Value
    tier: str
    reason: str
    monthly: float | None


def plan_closing(book: Book, calculated: Book, month: date) -> Closing:
    """What closing a month will do to a book; nothing is written.

    Args:
        book: the workbook.
        calculated: the same, calculated as of the first day after the month.
        month: the first day of the month.

    Raises:
        XlpError: there is no table of accounts or no history, or no account has a number or a tier.
    """
    closing = Closing(month, find_table(book, HISTORY_TABLE, HISTORY_WORDS, ("month", "account_no", "tier")))
    accounts = _accounts(calculated, closing)
    if not accounts:
        raise XlpError("tiers_none", path=book.package.path)
    if not any(account.tier for account in accounts.values()):
        raise XlpError("tiers_blank", path=book.package.path, reason=next(iter(accounts.values())).reason or "-")
    history = _history(closing)
    at = month.year * 12 + month.month - 1
    if at in history:
        _compare(closing, accounts, history[at])
        return closing
    for word, account in accounts.items():
        earlier = max((one for one, tiers in history.items() if one < at and word in tiers), default=None)
        before = "" if earlier is None else history[earlier][word]
        change = "new" if earlier is None else _change(before, account.tier)
        closing.entries.append(Entry(account.number, account.tier, before, change, account.reason, account.monthly))
    _remark(closing, history, at)
    return closing


def _accounts(book: Book, closing: Closing) -> dict[str, _Account]:
    """The accounts by the spelling under which numbers are compared."""
    found: dict[str, _Account] = {}
    rows: dict[str, list[int]] = {}
    for number, (account_no, tier, why, monthly), _ in accounts_table(book, "tier").rows(
        ("account_no", "tier", "why", "monthly")
    ):
        if is_blank(account_no) or error_in(account_no):
            continue
        word = text_of(account_no)
        rows.setdefault(word, []).append(number)
        if word not in found:
            error = error_in(tier)
            paid = float(monthly) if isinstance(monthly, (int, float)) and not isinstance(monthly, bool) else None
            reason = error or ("" if is_blank(why) else show_whole(why))
            found[word] = _Account(account_no, "" if error or is_blank(tier) else show_whole(tier), reason, paid)
    for word, places in rows.items():
        if len(places) > 1:
            facts: dict[str, object] = {"account": show(found[word].number), "rows": ", ".join(map(str, places[:5]))}
            closing.notes.append(("tiers.note.twice", facts))
    return found


def show_whole(value: object) -> str:
    """A cell's text, however long."""
    return value.strip() if isinstance(value, str) else show(value)


def _history(closing: Closing) -> dict[int, dict[str, str]]:
    """The tiers by month, and by account's number within it."""
    rows = closing.rows
    read = month_reader(EPOCH_1904 if rows.book.date1904 else EPOCH_1900)
    closing.after = rows.first_row - 1
    history: dict[int, dict[str, str]] = {}
    for number, (month, account_no, tier, *_), _ in rows.rows(_KEYS):
        closing.after = number
        try:
            at = read(month)
        except Unreadable:
            continue
        if not is_blank(account_no):
            history.setdefault(at, {})[text_of(account_no)] = "" if is_blank(tier) else show_whole(tier)
    return history


def _change(before: str, tier: str) -> str:
    if text_of(before or "-") == text_of(tier or "-"):
        return "same"
    old, new = _RANK.get(text_of(before or "-")), _RANK.get(text_of(tier or "-"))
    if old is None or new is None or old == new:
        return "other"
    return "up" if new < old else "down"


def _compare(closing: Closing, accounts: dict[str, _Account], closed: dict[str, str]) -> None:
    for word, account in accounts.items():
        if word in closed and text_of(closed[word] or "-") != text_of(account.tier or "-"):
            closing.differs.append(Differs(show(account.number), closed[word], account.tier))
    later = [show(account.number) for word, account in accounts.items() if word not in closed]
    if later:
        facts: dict[str, object] = {"count": len(later), "accounts": ", ".join(later[:10])}
        closing.notes.append(("tiers.note.later", facts))


def _remark(closing: Closing, history: dict[int, dict[str, str]], at: int) -> None:
    earlier, later = [one for one in history if one < at], sorted(one for one in history if one > at)
    if not history:
        closing.notes.append(("tiers.note.first", {}))
    if earlier and max(earlier) < at - 1:
        months = ", ".join(map(_spelled, range(max(earlier) + 1, at)))
        closing.notes.append(("tiers.note.gap", {"months": months, "before": _spelled(max(earlier))}))
    if later:
        closing.notes.append(("tiers.note.after", {"months": ", ".join(map(_spelled, later))}))
    bare = [show(entry.account_no) for entry in closing.entries if not entry.tier]
    if bare:
        closing.notes.append(("tiers.note.ungraded", {"count": len(bare), "accounts": ", ".join(bare[:10])}))


def _spelled(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
