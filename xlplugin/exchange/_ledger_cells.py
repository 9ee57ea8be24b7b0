"""Amounts and months as accounting exports write them; what would be a guess is unreadable."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, Unreadable, date_reader, error_in, is_blank, tidy
from xlplugin.exchange.ledger_words import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["amount_of", "is_local_currency", "month_reader"]

_SIMPLE = re.compile(r"-?\d{1,13}(?:\.\d{1,6})?")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+")
_RED = re.compile(r"^\(?(?:红字|红冲|冲红|冲销)\)?:?|\(?(?:红字|红冲|冲红|冲销)\)?$")
_LOCAL = re.compile(r"^(?:cny|rmb|人民币|[¥￥])|(?:cny|rmb|人民币元?|[元圆])$", re.IGNORECASE)
_UNIT = re.compile(r"(万元?|亿元?|千元)$")
_FOREIGN = re.compile(
    r"(?<![a-z])(?:usd|us|hkd|hk|eur|jpy|gbp|twd|mop|sgd|krw|aud|cad|chf|rub)(?![a-z])|[$€£₩₽]|美[元金]|港[元币]|欧元|日[元圆]|英镑|"
    r"台币|澳门元|新加坡元|韩元|澳元|加元",
    re.IGNORECASE,
)
_LOCAL_NAMES = frozenset("cny rmb rmb¥ 人民币 人民币元 元 本位币 本币 ¥ ￥ 01 chinese yuan yuan renminbi".split()) | {
    "chinese yuan"
}
_MONTH = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:月份?|期)?|(\d{4})(\d{2})(?:期)?|(\d{4})年?第(\d{1,2})期")
_DECIMALS = 6
_YEARS = range(1950, 2200)


def amount_of(cell: object) -> float:
    """The amount of a cell in CNY; brackets, a minus before or behind, and 红字 make it negative.

    Raises:
        Unreadable: `payment_blank`, `payment_currency` or `payment_amount`.
    """
    if type(cell) is float:
        if abs(cell) < 1e15:
            return cell
        raise Unreadable("payment_amount", cell)
    if isinstance(cell, str) and _SIMPLE.fullmatch(cell):
        return float(cell)
    if error_in(cell):
        raise Unreadable("error_value", error_in(cell))
    if is_blank(cell):
        raise Unreadable("payment_blank", cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        raise Unreadable("payment_amount", cell)
    return _typed(cell)


def _typed(cell: str) -> float:
    text = tidy(cell).replace(" ", "").replace("￥", "¥").replace("，", ",")
    if text in ("-", "--", "—", "–"):  # how an accounting format shows nothing
        return 0.0
    if _FOREIGN.search(text):
        raise Unreadable("payment_currency", cell)
    red = _RED.search(text) is not None
    text, marks = _unmarked(_RED.sub("", text))
    number, unit = _without_unit(text)
    number, inner = _unmarked(number)
    if not _NUMBER.fullmatch(number) or marks + inner > 1:
        raise Unreadable("payment_amount", cell)
    value = round(float(number.replace(",", "")) * unit, _DECIMALS)
    return -value if marks or inner or red else value


def _unmarked(text: str) -> tuple[str, int]:
    """The text without signs and currency, and how many minus signs there were; brackets are one."""
    marks = 0
    while True:
        before = text
        text = (
            _LOCAL.sub("", text)
            if not _UNIT.search(text)
            else re.sub(r"^(?:cny|rmb|人民币|¥)", "", text, flags=re.IGNORECASE)
        )
        if text[:1] + text[-1:] in ("()", "[]") and len(text) > 2:
            text, marks = text[1:-1], marks + 1
        elif text[:1] == "-" or (text[-1:] == "-" and len(text) > 1):
            text, marks = text.removeprefix("-") if text[:1] == "-" else text[:-1], marks + 1
        elif text[:1] == "+":
            text = text[1:]
        if text == before:
            return text, marks


def _without_unit(text: str) -> tuple[str, int]:
    hit = _UNIT.search(text)
    return (text[: hit.start()], UNITS[hit[1]]) if hit else (text, 1)


def is_local_currency(cell: object) -> bool:
    """Whether a cell of the currency column says CNY, or nothing."""
    return is_blank(cell) or tidy(str(cell)).casefold() in _LOCAL_NAMES


def month_reader(epoch: int = EPOCH_1900) -> Callable[[object], int]:
    """A reader of months, each given as year × 12 + month - 1.

    Read are 2026-03, 2026/3, 202603, 2026年3月, and every date that `cells` reads.

    Args:
        epoch: day 0 of serial dates.
    """
    read_date = date_reader(epoch)

    def read(cell: object) -> int:
        if is_blank(cell):
            raise Unreadable("payment_month", cell)
        text = tidy(cell) if isinstance(cell, str) else _digits(cell)
        if text is not None and (hit := _MONTH.fullmatch(text)):
            year, month = (int(found) for found in hit.groups() if found)
            if year not in _YEARS or not 1 <= month <= 12 or text == f"{year}.1":  # 2026.1 may have been 2026.10
                raise Unreadable("payment_month", cell)
            return year * 12 + month - 1
        try:
            day = read_date(cell)
        except Unreadable:
            raise Unreadable("payment_month", cell) from None
        if day is None:
            raise Unreadable("payment_month", cell)
        found = date.fromordinal(day)
        return found.year * 12 + found.month - 1

    return read


def _digits(cell: object) -> str | None:
    """A number such as 202603 as text; None for what is no month in digits."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 195_001 <= cell <= 219_912:
        return str(int(cell)) if cell == int(cell) else None
    return None
