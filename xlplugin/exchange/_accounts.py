"""The accounts of a book: which there are, under which number and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable, error_in, is_blank, show, text_of
from xlplugin.exchange.table_rows import find_table

if TYPE_CHECKING:
    from xlplugin.exchange.table_rows import TableRows
    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["ACCOUNTS_TABLE", "ACCOUNT_WORDS", "Accounts", "accounts_table"]

ACCOUNTS_TABLE = "tblAccounts"
ACCOUNT_WORDS = {
    "account_no": ("客户编号", "Account no.", "客户编码", "Account no"),
    "name": ("客户名称", "Name", "名称", "客户", "客户单位", "Account", "Account name"),
    "tier": ("级别", "Tier", "客户级别", "层级", "客户层级"),
    "why": ("理由", "Why", "原因", "Reason", "级别理由"),
    "monthly": ("月回款", "Monthly payment", "稳定月回款", "Stable monthly payment", "月均回款"),
}


def accounts_table(book: Book, *required: str) -> TableRows:
    """The table of accounts.

    Raises:
        XlpError: there is none with an account number and the columns required.
    """
    return find_table(book, ACCOUNTS_TABLE, ACCOUNT_WORDS, ("account_no", *required))


class Accounts:
    """The accounts of a book by number and by name.

    Args:
        book: the workbook.

    `numbers` are their numbers as the book spells them; an account is spoken of by its place in it.
    """

    def __init__(self, book: Book) -> None:
        self.numbers: list[Value] = []
        self._rows: list[list[int]] = []
        self._by_number: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        for number, (account_no, name), _ in accounts_table(book).rows(("account_no", "name")):
            if is_blank(account_no) or error_in(account_no):
                continue
            place = self._by_number.setdefault(text_of(account_no), len(self.numbers))
            if place == len(self.numbers):
                self.numbers.append(account_no)
                self._rows.append([])
            self._rows[place].append(number)
            if not is_blank(name) and not error_in(name):
                named = self._by_name.setdefault(text_of(name), [])
                named += [] if place in named else [place]

    def numbered(self, cell: object) -> int:
        """The account of a number.

        Raises:
            Unreadable: `payment_no_account`, `payment_unknown_account` or `payment_twice`.
        """
        if is_blank(cell):
            raise Unreadable("payment_no_account", cell)
        return self._single(self._by_number.get(text_of(cell)), cell)

    def named(self, cell: object) -> int:
        """The account of an exact name, or of a number in the place of one.

        Raises:
            Unreadable: as `numbered`, and `payment_ambiguous`.
        """
        if is_blank(cell):
            raise Unreadable("payment_no_account", cell)
        places = self._by_name.get(text_of(cell), [])
        if len(places) > 1:
            numbers = ", ".join(show(self.numbers[place]) for place in places)
            raise Unreadable("payment_ambiguous", cell, numbers=numbers)
        return self._single(places[0] if places else self._by_number.get(text_of(cell)), cell)

    def known(self, cell: object) -> int | None:
        """The account of a number that stands in the book's own payments; None where there is none."""
        return None if is_blank(cell) else self._by_number.get(text_of(cell))

    def _single(self, place: int | None, cell: object) -> int:
        if place is None:
            raise Unreadable("payment_unknown_account", cell)
        if len(self._rows[place]) > 1:
            raise Unreadable("payment_twice", cell, rows=", ".join(map(str, self._rows[place][:5])))
        return place
