"""The account workbook with its forty sample firms: every tier, and rows that can't be read or stand twice.

What it must show is worked out here from the payments typed: their mean over the last full months, the tier by its
scheme, the policy's credit days and payment standard (spec 2.15).
"""

from __future__ import annotations

from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING, Any

from _tiers_book import NAME
from _tiers_book import typed as typed_rows

from sharing.model import Place
from xlplugin.cells import date_reader, number_reader
from xlplugin.decisions.accounts import credit_due, payment_action
from xlplugin.decisions.chain import Chain
from xlplugin.decisions.ledger import COLUMNS, full_months, key_of, read_ledger
from xlplugin.decisions.policy import read_policy
from xlplugin.hosts._book import split_ref
from xlplugin.hosts.places import ref
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_accounts import DAY, sample
from xlplugin.workbooks.sheets.account_policy import _SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sharing.model import Wanted
    from xlplugin.hosts._book import Book
    from xlplugin.hosts.headless import Input

ROWS = 45  # prepared; those behind the accounts stay blank and are to show nothing
VARIANTS: dict[str, dict[str, Any]] = {"zh": {"lang": "zh"}}
EDITIONS: tuple[str, ...] = ()
_TEXTS = ("text", "short", "prose")
_WIDE = {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)}
_AS_TEXT: dict[str, Any] = {
    "invoice_date": lambda day: f"{day.year}/{day.month}/{day.day}".translate(_WIDE),
    "due_amount": lambda amount: f"{amount:,}",
    "collected": lambda amount: f" {amount}".translate(_WIDE),
    "repurchases": str,
    "complaints": lambda count: str(count).translate(_WIDE),
}


def typed(book: Book, layout: Mapping[str, Any]) -> dict[tuple[str, str], Input]:
    """Accounts, payments, follow-ups and the day."""
    return typed_rows(book.package.path, _sample(layout["lang"]), layout["lang"])


def wanted(book: Book, layout: Mapping[str, Any]) -> tuple[dict[Place, Wanted], dict[Place, str]]:
    """Figures, tier, status, credit and action of every account; and of the other computed columns, their kind."""
    lang, recipe = layout["lang"], tables_of(NAME)["accounts"]
    table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
    firms = list(rows(lang))
    free = dict.fromkeys(firms[0])

    def place(key: str, row: int) -> Place:
        return Place(table.sheet, *split_ref(ref(table, headers[key], row))[:2])

    answers = {
        place(key, row): value
        for row, shown in enumerate([*firms, *[free] * (ROWS - len(firms))], 1)
        for key, value in shown.items()
    }
    kinds = {
        column.key: "date" if column.kind == "date" else "text" if column.kind in _TEXTS else "any"
        for column in recipe.columns
        if column.formula
    }
    return answers, {place(key, row): kind for key, kind in kinds.items() for row in range(1, ROWS + 1)}


def _sample(lang: str) -> dict[str, list[dict[str, Any]]]:
    """The sample, with more of its amounts, days and counts typed as text."""
    given = sample(lang)
    for row in given["payments"][::9]:
        row["amount"] = f"{row['amount']:,.2f}"
    for row in given["payments"][4::17]:
        row["month"] = f"{row['month'].year}年{row['month'].month}月{row['month'].day}日"
    for row in given["accounts"]:
        typed_as = {key: as_text(row[key]) for key, as_text in _AS_TEXT.items() if row.get(key) is not None}
        row.update(typed_as if int(row["account_no"][1:]) % 4 == 0 else {})
    return given


def rows(lang: str) -> Iterator[dict[str, Wanted]]:
    """What each account's row is to show."""
    given = _sample(lang)
    months = full_months(DAY.replace(day=1).toordinal(), int(_stable_months()))
    ledger = read_ledger([[row.get(key) for key in COLUMNS] for row in given["payments"]], months)
    numbers = [key_of(row["account_no"]) for row in given["accounts"]]
    for row, number in zip(given["accounts"], numbers, strict=True):
        paid = ledger.of(number)
        is_twice = numbers.count(number) > 1
        figures = {
            "product_lines": None if is_twice else paid.product_lines(),
            "monthly_payment": None if is_twice else paid.monthly(len(months)),
            "best_line_payment": None if is_twice else paid.best_line(len(months)),
        }
        last = _month_end(paid.last)
        yield {**figures, "last_purchase": last, **_judged({**row, **figures}, lang)}


def _month_end(month: int | None) -> date | None:
    if month is None:
        return None
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def _stable_months() -> float:
    value = load().settings["account_views"].parameters["stable_months"].value
    assert value is not None
    return value


def _judged(row: Mapping[str, Any], lang: str) -> dict[str, Wanted]:
    chain = Chain(load()["account_tiers_vip_abc"])
    decision = chain.decide([row.get(id_) for id_ in chain.ids], None)
    policy = read_policy([("tier", "item", "value"), *[(one.tier, one.item, one.value) for one in _SOURCE]])
    assert policy is not None
    tier, invoiced = decision.grade, date_reader()(row.get("invoice_date"))
    days = policy.credit_days(tier) if tier else None
    return {
        "tier": tier or None,
        "status": say(lang, f"status.{decision.status}"),
        "due_date": date.fromordinal(credit_due(invoiced, days)) if invoiced and days is not None else None,
        "action": _action(tier, row, policy.standard(tier) if tier else None, lang),
    }


def _action(tier: str, row: Mapping[str, Any], standard: float | None, lang: str) -> str | None:
    due, collected = (number_reader(0, inf)(row.get(key)) for key in ("due_amount", "collected"))
    if not tier or (due is None and collected is None):
        return None
    if due is None or collected is None:
        return say(lang, "status.missing")
    action = payment_action(tier.casefold(), collected, due, standard)
    return None if action is None else say(lang, f"action.{action}")
