"""The lines of an export, each read as a payment or with the reason why it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, error_in, is_blank, show, tidy
from xlplugin.exchange._ledger_cells import amount_of, is_local_currency, month_reader
from xlplugin.exchange.ledger_words import is_total

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.exchange._accounts import Accounts
    from xlplugin.exchange._export import Export
    from xlplugin.exchange._ledger import Ledger

__all__ = ["Line", "read_lines"]

_SHOWN = ("account_no", "product_line", "month", "voucher", "amount")
_WORDY = ("account_no", "account_name", "product_line", "month", "date", "voucher", "note")
_LONGEST_NOTE = 500
_MOST_KNOWN = 200_000
_ZERO = (0.0, "0", "0.00")


class Line(NamedTuple):
    """One line of an export.

    Args:
        number: its row, as a sheet counts.
        key: the payment's key, see `Ledger`.
        amount: in CNY.
        note: what is said beside it.
        why: why it is left out, the key of a text; empty for a payment.
        found: the cell that was read then, and `facts`: what else fills the text.
        cells: account, product line, month, voucher and amount as they stand; empty for a payment.
    """

    number: int
    key: int = 0
    amount: float = 0.0
    note: str | None = None
    why: str = ""
    found: str = ""
    facts: dict[str, object] = {}  # noqa: RUF012 - never changed
    cells: tuple[str, ...] = ()


def read_lines(export: Export, accounts: Accounts, ledger: Ledger) -> Iterator[Line]:
    """Every line of an export that holds something.

    Args:
        export: the export.
        accounts: those of the book.
        ledger: gives the keys.
    """
    reader = _Reader(export, accounts, ledger)
    for number, cells in export.lines():
        if any(cells) and (type(cells[0]) is float or not all(map(is_blank, cells))):
            yield reader.line(number, cells)


class _Reader:
    def __init__(self, export: Export, accounts: Accounts, ledger: Ledger) -> None:
        self._export = export
        self._accounts = accounts
        self._ledger = ledger
        self._columns = export.columns
        self._constants = export.constants
        self._headers = [header for header in export.headers if header]
        self._read_month = month_reader(export.epoch)
        self._known: dict[tuple[str, object], int] = {}
        self._by_name = "account_no" not in export.columns and "account_no" not in export.constants

    def _cell(self, cells: Sequence[object], key: str) -> object:
        at = self._columns.get(key)
        if at is None:
            return self._constants.get(key)
        return cells[at] if at < len(cells) else None

    def line(self, number: int, cells: Sequence[object]) -> Line:
        """A line as a payment, or with the first reason why it is none."""
        try:
            account = self._once("account", self._cell(cells, "account_name" if self._by_name else "account_no"))
            line = self._once("line", self._cell(cells, "product_line"))
            month = self._month(cells)
            amount = self._amount(cells)
            voucher = self._ledger.vouchers.number(self._cell(cells, "voucher"))
            note = self._note(cells)
        except Unreadable as cause:
            return self._refused(number, cells, cause)
        return Line(number, self._ledger.key(account, line, month, voucher), amount, note)

    def _once(self, kind: str, cell: object) -> int:
        """The number of a cell's content, worked out once for what comes again and again."""
        key = (kind, cell)
        known = self._known.get(key) if type(cell) in (str, float) else None
        if known is None:
            known = self._account(cell) if kind == "account" else self._line_of(cell)
            if len(self._known) < _MOST_KNOWN:
                self._known[key] = known
        return known

    def _account(self, cell: object) -> int:
        _refuse_error(cell)
        return self._accounts.named(cell) if self._by_name else self._accounts.numbered(cell)

    def _line_of(self, cell: object) -> int:
        _refuse_error(cell)
        if is_blank(cell):
            raise Unreadable("payment_no_line", cell)
        if is_total(cell, part=True):
            raise Unreadable("payment_total", cell)
        return self._ledger.lines.number(cell)

    def _month(self, cells: Sequence[object]) -> int:
        cell = self._cell(cells, "month")
        known = self._known.get(("month", cell)) if type(cell) is str else None
        if known is None:
            known = self._read_month_of(cells, self._cell(cells, "date") if is_blank(cell) else cell)
        return known

    def _read_month_of(self, cells: Sequence[object], cell: object) -> int:
        number = tidy(show(cell)).removesuffix("月").removesuffix("期") if not is_blank(cell) else ""
        if number.isascii() and number.isdecimal() and 1 <= int(number) <= 12:  # a period whose year stands elsewhere
            year = tidy(show(self._cell(cells, "year") or "")).removesuffix("年")
            whole: object = f"{year}-{number}" if year else self._cell(cells, "date")
            if is_blank(whole):
                raise Unreadable("payment_month", cell)
            return self._read_month(whole)
        month = self._read_month(cell)
        if type(cell) is str and len(self._known) < _MOST_KNOWN:
            self._known["month", cell] = month
        return month

    def _amount(self, cells: Sequence[object]) -> float:
        currency = self._cell(cells, "currency")
        if currency is not None and not is_local_currency(currency):
            raise Unreadable("payment_currency", currency)
        cell = self._cell(cells, "amount")
        if "debit" in self._columns and (cell in _ZERO or is_blank(cell)):
            debit = self._cell(cells, "debit")
            if not is_blank(debit) and debit not in _ZERO:
                raise Unreadable("payment_debit", debit)
        amount = amount_of(cell)
        return amount if self._export.unit == 1 else round(amount * self._export.unit, 6)

    def _note(self, cells: Sequence[object]) -> str | None:
        cell = self._cell(cells, "note")
        if not cell or is_blank(cell):
            return None
        if is_total(cell, part=False):
            raise Unreadable("payment_total", cell)
        return tidy(cell if isinstance(cell, str) else show(cell))[:_LONGEST_NOTE]

    def _refused(self, number: int, cells: Sequence[object], cause: Unreadable) -> Line:
        why, found, facts = cause.why, cause.found, cause.facts
        marked = next((cell for key in _WORDY if is_total(cell := self._cell(cells, key), part=True)), None)
        if marked is None:
            marked = next((cell for cell in cells if is_total(cell, part=False)), None)
        if [show(cell).strip() for cell in cells if not is_blank(cell)] == self._headers:
            why, found, facts = "payment_header", self._headers[0], {}
        elif marked is not None:
            why, found, facts = "payment_total", marked, {}
        shown = []
        for key in _SHOWN:
            cell = self._cell(cells, key)
            if is_blank(cell) and key in ("account_no", "month"):
                cell = self._cell(cells, "account_name" if key == "account_no" else "date")
            shown.append("" if is_blank(cell) else show(cell))
        return Line(number, why=why, found="" if is_blank(found) else show(found), facts=facts, cells=tuple(shown))


def _refuse_error(cell: object) -> None:
    error = error_in(cell)
    if error:
        raise Unreadable("error_value", error)
