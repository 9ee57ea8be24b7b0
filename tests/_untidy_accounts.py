"""Account books as people fill them: numbers, amounts, days and counts typed as text, in many ways."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = ("绿茶", "红茶", "花茶", "果汁")
FIRST = date(2026, 6, 1)


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign in "0123456789" else sign for sign in text)


def _ways_of_number(number: float) -> list[Callable[[], object]]:
    plain = f"{number:g}"
    ways: list[Callable[[], object]] = [
        lambda: number,
        lambda: plain,
        lambda: _wide(plain),
        lambda: f" {plain}　",
        lambda: f"{number:,.2f}",
        lambda: _wide(plain).replace("-", "－"),
        lambda: f"{plain}元",  # no number to a kernel that reads numbers only
        lambda: "12万",
    ]
    return ways


def _ways_of_day(day: date) -> list[Callable[[], object]]:
    return [
        lambda: day,
        day.isoformat,
        lambda: f"{day.year}年{day.month}月{day.day}日",
        lambda: f"{day.year}/{day.month}/{day.day}",
        lambda: _wide(f"{day.year}{day.month:02}{day.day:02}"),
        lambda: day.year * 10000 + day.month * 100 + day.day,
        lambda: "十月份",
        lambda: f"{day.month}月",
    ]


class Untidy:
    """Draws entries: mostly as they should be, the rest in any way; few that can't be read.

    Args:
        seed: of the random numbers.
        lang: of the words.
    """

    def __init__(self, seed: int, lang: str) -> None:
        self._draw = Random(seed)  # noqa: S311 - sample rows
        self._lang = lang

    def rows(self, accounts: int = 24) -> dict[str, list[dict[str, Any]]]:
        """Accounts and payments."""
        made = [self._account(number) for number in range(1, accounts + 1)]
        payments = [self._payment(row["account_no"]) for row in made for _ in range(self._draw.choice((0, 3, 9, 14)))]
        payments += [self._payment("K999"), {"amount": 500}, {"account_no": made[0]["account_no"]}]
        self._draw.shuffle(payments)
        return {"accounts": made, "payments": payments}

    def _one(self, ways: list[Callable[[], object]], readable: int) -> object:
        dice = self._draw.random()
        if dice < 0.55:
            return ways[0]()
        return ways[self._draw.randrange(readable if dice < 0.97 else len(ways))]()

    def _number(self, number: float) -> object:
        return self._one(_ways_of_number(number), 6)

    def _day(self, day: date) -> object:
        return self._one(_ways_of_day(day), 6)

    def _word(self) -> object:
        yes, no = say(self._lang, "word.yes"), say(self._lang, "word.no")
        return self._draw.choice((yes, no, "√", "×", "１", "Y", 0, " " + yes, "?", None, None))

    def _account(self, number: int) -> dict[str, Any]:
        written: list[object] = [f"K{number:03}", f"Ｋ{number:03}", number, f"{number:03}"]
        row: dict[str, Any] = {
            "account_no": f"K{number:03}" if self._draw.random() < 0.8 else written[2],
            "name": f"{number:02}号商行",
        }
        day = FIRST + timedelta(days=self._draw.randrange(150))
        many: dict[str, object] = {
            "invoice_date": self._day(day),
            "due_amount": self._number(self._draw.choice((0, 1000, 12500.5, 90000))),
            "collected": self._number(self._draw.choice((0, 900, 1000, 12500.5))),
            "repurchases": self._number(self._draw.randrange(5)),
            "complaints": self._number(self._draw.choice((0, 0, 1))),
            **{key: self._word() for key in ("lost", "strong_intent", "large_potential", "is_customer")},
        }
        row |= {key: value for key, value in many.items() if self._draw.random() < 0.7 and value is not None}
        if self._draw.random() < 0.2:  # figures typed over
            row |= {"product_lines": self._number(4), "monthly_payment": self._number(95000.0)}
            row |= {"best_line_payment": self._number(30000.0)}
        if self._draw.random() < 0.2:
            row["last_purchase"] = self._day(day)
        return row

    def _payment(self, number: object) -> dict[str, Any]:
        month = date(2026, self._draw.choice((7, 8, 9, 10, 10, 11, 5)), self._draw.choice((1, 1, 17)))
        amount = self._draw.choice((60000.0, 30000.0, 1234.56, 0.1, -500.0, 90000.0, 0))
        written = str(number).lower() if self._draw.random() < 0.1 else number
        row = {
            "account_no": written,
            "product_line": self._draw.choice((*LINES, *LINES, *LINES, LINES[0] + " ", None)),
            "month": self._day(month),
            "amount": self._number(amount),
        }
        return {key: value for key, value in row.items() if value is not None and self._draw.random() < 0.99}
