"""Payments by key: hundreds of thousands of them, each a number in little room."""

from __future__ import annotations

from array import array
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import is_blank, show, text_of, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts._values import Value

__all__ = ["Key", "Ledger", "Names", "Sums", "is_same"]

_LINE, _MONTH, _VOUCHER = 20, 20, 24  # bits; a sheet has no more rows than 20 bits count
_DECIMALS = 6
_HALF_CENT = 0.005


class Key(NamedTuple):
    """What tells one payment from another, as the book spells it; `month` is its first day."""

    account_no: Value
    product_line: Value
    month: date
    voucher: Value


class Names:
    """Spellings, each of which stands for a number from 0; number 0 is the blank."""

    def __init__(self) -> None:
        self.shown: list[Value] = [None]
        self._numbers: dict[str, int] = {"": 0}
        self._met: dict[object, int] = {}

    def number(self, cell: object) -> int:
        """The number of a cell's text; case, width and space tell nothing."""
        if cell is None or cell == "":
            return 0
        known = self._met.get(cell) if type(cell) is str else None
        if known is not None:
            return known
        if is_blank(cell):
            return 0
        number = self._numbers.setdefault(text_of(cell), len(self.shown))
        if number == len(self.shown):
            self.shown.append(tidy(cell) if isinstance(cell, str) else show(cell))
        if type(cell) is str:
            self._met[cell] = number
        return number


class Ledger:
    """What the numbers in a key stand for, shared by the book's payments and the export's.

    Args:
        accounts: the accounts' numbers as the book spells them.
    """

    def __init__(self, accounts: list[Value]) -> None:
        self.accounts = accounts
        self.lines = Names()
        self.vouchers = Names()

    def key(self, account: int, line: int, month: int, voucher: int) -> int:
        """The key of a payment as one number."""
        return ((account << _LINE | line) << _MONTH | month) << _VOUCHER | voucher

    def spelled(self, key: int) -> Key:
        """The key as the book spells it."""
        voucher, key = key & (1 << _VOUCHER) - 1, key >> _VOUCHER
        month, key = key & (1 << _MONTH) - 1, key >> _MONTH
        line, account = key & (1 << _LINE) - 1, key >> _LINE
        day = date(month // 12, month % 12 + 1, 1)
        return Key(self.accounts[account], self.lines.shown[line], day, self.vouchers.shown[voucher])

    @staticmethod
    def voucher_of(key: int) -> int:
        """The number of the voucher, 0 where there is none."""
        return key & (1 << _VOUCHER) - 1

    @staticmethod
    def without_voucher(key: int) -> int:
        """The key of the same account, product line and month without a voucher."""
        return key >> _VOUCHER << _VOUCHER

    @staticmethod
    def group(key: int) -> int:
        """A number for account and month together."""
        account = key >> _VOUCHER + _MONTH + _LINE
        return account << _MONTH | key >> _VOUCHER & (1 << _MONTH) - 1

    @staticmethod
    def line_of(key: int) -> int:
        """The number of the product line."""
        return key >> _VOUCHER + _MONTH & (1 << _LINE) - 1


class Sums:
    """Amounts by key in the order in which keys were met, each with its first row, its first note and their number."""

    def __init__(self) -> None:
        self.places: dict[int, int] = {}
        self.amounts = array("d")
        self.rows = array("L")
        self.counts = array("L")
        self.notes: list[str | None] = []

    def __len__(self) -> int:
        return len(self.amounts)

    def add(self, key: int, amount: float, row: int, note: str | None = None) -> bool:
        """Adds an amount; says whether the key is new."""
        place = self.places.get(key)
        if place is None:
            self.places[key] = len(self.amounts)
            self.amounts.append(amount)
            self.rows.append(row)
            self.counts.append(1)
            self.notes.append(note)
            return True
        self.amounts[place] = round(self.amounts[place] + amount, _DECIMALS)
        self.counts[place] += 1
        return False

    def items(self) -> Iterator[tuple[int, float]]:
        """Each key with its amount."""
        return zip(self.places, self.amounts)


def is_same(one: float, other: float) -> bool:
    """Whether two amounts are the same to the cent."""
    return abs(one - other) < _HALF_CENT
