"""The account workbook 客户分级及政策表: accounts, payments, follow-ups, policy and history as tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from xlplugin.decisions.policy import CERTAINTIES, TIERS
from xlplugin.errors import XlpError
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.recipe import Column, Counter, Recipe, texts, words_of
from xlplugin.workbooks.recipes import _account_formulas as f

__all__ = ["ACCOUNTS_TABLE", "NAME", "PAYMENTS_TABLE", "tables"]

NAME = "account_tiers"
ACCOUNTS_TABLE, PAYMENTS_TABLE = "tblAccounts", "tblPayments"
_SCHEME = "account_tiers_vip_abc"
_BESIDE = ("account_views", "signed_e_cadence")
_YES_NO = words_of("choice.yes_no")


def tables(scheme: str | None = None) -> dict[str, Recipe]:
    """The tables of the account workbook; the accounts first.

    Args:
        scheme: only the one this workbook is about; None means that.

    Raises:
        XlpError: `unknown_scheme`.
    """
    if scheme not in (None, _SCHEME):
        raise XlpError("unknown_scheme", found=scheme, allowed=_SCHEME)
    return dict(_tables())


@lru_cache(maxsize=1)
def _tables() -> dict[str, Recipe]:
    made: dict[str, Recipe] = {}
    made |= {
        "accounts": _accounts(made),
        "payments": _table("payments", PAYMENTS_TABLE, _payments(), made, frozen=1),
        "followups": _table("followups", "tblFollowups", _followups(), made, frozen=2, filled="date"),
        "policy": _table("policy", "tblPolicy", _policy(), made, frozen=2, filled="tier"),
        "history": _table("history", "tblHistory", _history(), made, frozen=2, filled="month"),
    }
    return made


def _table(
    name: str, table: str, columns: list[Column], others: dict[str, Recipe], *, frozen: int, filled: str = "account_no"
) -> Recipe:
    """A table without a grade; the last column that people see is the last one printed."""
    shown = [column.key for column in columns if not column.level]
    return Recipe(
        NAME,
        table,
        (),
        tuple(columns),
        (),
        "",
        frozen,
        shown[-1],
        sheet=name,
        filled=filled,
        places=(),
        others=others,
        holidays=False,
    )


def _accounts(others: dict[str, Recipe]) -> Recipe:
    return Recipe(
        NAME,
        ACCOUNTS_TABLE,
        (_SCHEME,),
        (*_basics(), *_figures(), *_credit(), *_explained(), *_views(), *_signed(), *_working()),
        tuple(Counter(key, formula) for key, formula in f.COUNTERS.items()),
        f.BANNER,
        frozen=3,
        printed="status",
        sheet="accounts",
        filled="account_no",
        places=(9, 11, 13, 16),
        others=others,
        beside=_BESIDE,
        holidays=False,
        steps=tuple(_steps()),
    )


def _column(
    key: str, zh: float, en: float | None = None, kind: str = "text", of: str = "accounts", **more: Any
) -> Column:
    return Column(key, texts(f"{of}.{key}"), {"zh": zh, "en": en or zh}, kind, **more)


def _basics() -> list[Column]:
    band: dict[str, Any] = {"band": "account"}
    return [
        _column("tier", 6, 6, formula=f.TIER, band="result"),
        _column("account_no", 10, 10, required=True, hint=texts("hint.account_no"), **band),
        _column("name", 16, 18, required=True, **band),
        _column("consultant", 8, 10, "suggestion", names="list_staff", **band),
    ]


def _figures() -> list[Column]:
    band: dict[str, Any] = {"band": "evidence"}
    counted: dict[str, Any] = {"overtype": True, "hint": texts("hint.counted"), **band}
    inf = float("inf")
    native = {"lines": f.PRODUCT_LINES_NATIVE, "best": f.BEST_LINE_NATIVE}
    whole: dict[str, Any] = {"formula": f.PRODUCT_LINES, "native": native["lines"], "bounds": (0, inf), **counted}
    mode = {lang: tuple(say(lang, "choice.mode").split(",")) for lang in LANGUAGES}
    return [
        _column("product_lines", 7, 8, "whole", **whole),
        _column("monthly_payment", 10, 10, "money", formula=f.MONTHLY, **counted),
        _column("best_line_payment", 10, 10, "money", formula=f.BEST_LINE, native=native["best"], **counted),
        _column("mode", 9, 9, "choice", words=mode, hint=texts("hint.mode"), **band),
        _column("poor_credit", 9, 9, "choice", words=_YES_NO, hint=texts("hint.poor_credit"), **band),
    ]


def _credit() -> list[Column]:
    band: dict[str, Any] = {"band": "credit"}
    return [
        _column("invoice_date", 10, 10, "date", **band),
        _column("credit_days", 6, 8, formula=f.CREDIT_DAYS, **band),
        _column("due_date", 10, 10, "date", formula=f.DUE_DATE, **band),
        _column("due_amount", 10, 10, "money", **band),
        _column("collected", 10, 10, "money", hint=texts("hint.collected"), **band),
        _column("collection_rate", 7, 10, "percent", formula=f.RATE, **band),
        _column("action", 12, 20, formula=f.ACTION, **band),
        _column("overdue", 8, 8, "days", formula=f.OVERDUE, **band),
    ]


def _explained() -> list[Column]:
    band: dict[str, Any] = {"band": "explained"}
    return [
        _column("status", 8, 11, formula=f.STATUS, **band),
        _column("check", 34, 38, formula=f.CHECK, native=f.CHECK_NATIVE, **band),
        _column("why", 40, formula=f.WHY, **band),
        _column("raise", 30, formula=f.RAISE, **band),
        _column("near", 11, 12, formula=f.NEAR, **band),
        _column("note", 20, band="record"),
    ]


def _views() -> list[Column]:
    fold: dict[str, Any] = {"band": "views", "level": 1}
    count: dict[str, Any] = {"kind": "whole", "bounds": (0, float("inf")), **fold}
    yes_no: dict[str, Any] = {"kind": "choice", "words": _YES_NO, **fold}
    last: dict[str, Any] = {"formula": f.LAST_PURCHASE, "overtype": True, "hint": texts("hint.last_purchase"), **fold}
    return [
        _column("value_class", 6, 8, formula=f.VALUE_CLASS, **fold),
        _column("last_purchase", 10, 10, "date", **last),
        _column("repurchases", 6, 11, **count),
        _column("complaints", 6, 11, **count),
        _column("lost", 6, 6, **yes_no),
        _column("loyalty_class", 7, 9, formula=f.LOYALTY_CLASS, **fold),
        _column("strong_intent", 6, 8, **yes_no),
        _column("large_potential", 6, 9, **yes_no),
        _column("is_customer", 6, 9, **yes_no),
        _column("potential_class", 7, 9, formula=f.POTENTIAL_CLASS, **fold),
    ]


def _signed() -> list[Column]:
    fold: dict[str, Any] = {"band": "signed", "level": 1}
    yes_no: dict[str, Any] = {"kind": "choice", "words": _YES_NO, **fold}
    last: dict[str, Any] = {"formula": f.LAST_CONTACT, "overtype": True, "hint": texts("hint.last_followup"), **fold}
    return [
        _column("signed", 6, 7, **yes_no),
        _column("opt_out", 5, 8, hint=texts("hint.opt_out"), **yes_no),
        _column("last_contact", 10, 10, "date", **last),
        _column("next_contact", 10, 10, "date", formula=f.NEXT_CONTACT, native=f.NEXT_CONTACT_NATIVE, **fold),
        _column("contacts", 7, 9, "whole", formula=f.CONTACTS, **fold),
        _column("cadence", 11, 13, formula=f.CADENCE, **fold),
    ]


def _working() -> list[Column]:
    fold: dict[str, Any] = {"band": "working", "level": 2}
    return [
        _column("outstanding", 10, 11, "money", formula=f.OUTSTANDING, **fold),
        _column("same_no", 7, 8, "whole", formula=f.SAME_NO, **fold),
        _column("near_row", 7, 8, "whole", formula=f.NEAR_ROW, **fold),
        _column("odd", 12, formula=f.ODD, **fold),
        _column("payment_note", 12, formula=f.PAYMENT_NOTE, native=f.PAYMENT_NOTE_NATIVE, **fold),
        _column("credit_note", 12, formula=f.CREDIT_NOTE, **fold),
        _column("standard_note", 12, formula=f.STANDARD_NOTE, **fold),
    ]


def _steps() -> list[Column]:
    """What the native edition needs besides: the payments of each product line on the list."""
    fold: dict[str, Any] = {"band": "working", "level": 2}
    lines = [
        Column(
            f"line_{number}",
            texts("accounts.line", number=str(number)),
            {"zh": 8, "en": 8},
            "money",
            formula=f.line_native(number),
            **fold,
        )
        for number in f.LINES
    ]
    return [
        _column("line_total", 10, 11, "money", formula=f.LINE_TOTAL_NATIVE, **fold),
        *lines,
        _column("line_note", 12, formula=f.LINES_UNLISTED, **fold),
    ]


def _payments() -> list[Column]:
    def column(key: str, zh: float, en: float, kind: str = "text", **more: Any) -> Column:
        return _column(key, zh, en, kind, of="payments", band="payment", **more)

    return [
        column("account_no", 12, 12, required=True, hint=texts("hint.payment_account")),
        column("product_line", 14, 16, "suggestion", names="list_lines", required=True),
        column("month", 10, 10, "month", required=True, hint=texts("hint.month")),
        column("amount", 14, 14, "balance", required=True, hint=texts("hint.amount")),
        column("voucher", 16, 16),
        column("note", 40, 40),
    ]


def _followups() -> list[Column]:
    def column(key: str, zh: float, en: float, kind: str = "text", **more: Any) -> Column:
        return _column(key, zh, en, kind, of="followups", **more)

    return [
        column("date", 11, 11, "date", required=True, band="followup"),
        column("account_no", 12, 12, required=True, band="followup"),
        column("channel", 10, 10, "choice", words=words_of("choice.followup_channel"), band="followup"),
        column("content", 44, 44, "prose", band="followup"),
        column("by", 10, 12, "suggestion", names="list_staff", band="followup"),
        column("next_step", 30, 30, "prose", band="followup"),
        column("check", 14, 20, formula=f.FOLLOWUP_CHECK, band="explained"),
        column("day", 8, 8, "serial", formula=f.FOLLOWUP_DAY, band="working", level=2),
    ]


def _policy() -> list[Column]:
    def column(key: str, zh: float, en: float, kind: str = "text", **more: Any) -> Column:
        return Column(key, texts(f"policy.column.{key}"), {"zh": zh, "en": en}, kind, band="policy", **more)

    sureness = {lang: tuple(say(lang, f"policy.certainty.{one}") for one in CERTAINTIES) for lang in LANGUAGES}
    return [
        column("tier", 8, 8, "choice", words=dict.fromkeys(LANGUAGES, TIERS)),
        column("item", 14, 20),
        column("value", 52, 52, "prose", hint=texts("hint.policy_value")),
        column("certainty", 8, 10, "choice", words=sureness),
        column("source", 14, 14),
        column("remark", 44, 44, "prose"),
    ]


def _history() -> list[Column]:
    def column(key: str, zh: float, en: float, kind: str = "text") -> Column:
        return _column(key, zh, en, kind, of="history", band="history")

    return [
        column("month", 10, 10, "month"),
        column("account_no", 12, 12),
        column("tier", 8, 8),
        column("before", 10, 12),
        column("change", 10, 10),
        column("reason", 60, 60, "prose"),
        column("monthly", 14, 16, "money"),
    ]
