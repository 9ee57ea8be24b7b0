"""What an import does, for a person: a few lines on the screen, and every row in a CSV file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.exchange.ledger_words import PAYMENT_WORDS
from xlplugin.hosts._package import write_beside
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlplugin.exchange.payments import Plan, Refusal

__all__ = ["save_report", "sentences"]

_SHOWN = 20


def sentences(plan: Plan, lang: str, most: int = _SHOWN) -> Iterator[str]:
    """The plan in words: the columns, the counts, the first rows of each kind, the remarks.

    Args:
        plan: the plan.
        lang: `zh` or `en`.
        most: how many rows of each kind are shown.
    """
    export = plan.export
    used = [f"{_label(key, lang)} = {header}" for key, header in export.used().items()]
    used += [f"{_label(key, lang)} = “{value}”" for key, value in export.constants.items()]
    yield say(lang, "payments.columns", row=export.header_row, columns=", ".join(used))
    counts = {"adds": len(plan.adds), "updates": len(plan.updates), "same": plan.same}
    yield say(lang, "payments.counts", **counts, refused=len(plan.refused), totals=len(plan.totals))
    for place in plan.adds[:most]:
        yield say(lang, "payments.add", payment=_named(plan, place), amount=_money(plan.sums.amounts[place]))
    yield from _more(lang, plan.adds, most)
    for update in plan.updates[:most]:
        amounts = {"old": _money(update.old), "amount": _money(plan.sums.amounts[update.place])}
        yield say(lang, "payments.update", row=update.row, payment=_named(plan, update.place), **amounts)
    yield from _more(lang, plan.updates, most)
    for kind, refused in (("refused", plan.refused), ("total", plan.totals)):
        for refusal in refused[:most]:
            yield say(lang, f"payments.{kind}", line=refusal.line, why=reason(refusal, lang))
        yield from _more(lang, refused, most)
    for key, facts in plan.notes:
        yield say(lang, key, **facts)


def reason(refusal: Refusal, lang: str) -> str:
    """Why a row is left out, in words."""
    return say(lang, f"cell.{refusal.why}", found=refusal.found, **refusal.facts)


def _label(key: str, lang: str) -> str:
    """A column's usual word in Chinese, its id otherwise."""
    return PAYMENT_WORDS[key].split("|")[0] if lang == "zh" else key


def _more(lang: str, rows: Sequence[object], most: int) -> Iterator[str]:
    if len(rows) > most:
        yield say(lang, "payments.more", count=len(rows) - most)


def _named(plan: Plan, place: int) -> str:
    key = plan.payment(place)
    parts = (show(key.account_no), show(key.product_line), f"{key.month:%Y-%m}", show(key.voucher or ""))
    return " · ".join(part for part in parts if part)


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


def save_report(plan: Plan, path: Path, lang: str) -> None:
    """Writes every row that is added, updated, refused or left out to a CSV file.

    Raises:
        XlpError: the file can't be written.
    """
    with write_beside(path) as out:
        out.write(b"\xef\xbb\xbf")
        waiting = io.StringIO(newline="")
        writer = csv.writer(waiting, lineterminator="\r\n")
        writer.writerow(say(lang, "payments.report.headers").split("|"))
        for at, row in enumerate(_rows(plan, lang), 1):
            writer.writerow(row)
            if not at % 10_000:
                out.write(waiting.getvalue().encode())
                waiting.seek(0)
                waiting.truncate()
        out.write(waiting.getvalue().encode())


def _rows(plan: Plan, lang: str) -> Iterator[list[object]]:
    for kind, refused in (("refused", plan.refused), ("total", plan.totals)):
        word = say(lang, f"payments.report.{kind}")
        for refusal in refused:
            *key, amount = map(_plain, refusal.cells)
            yield [word, refusal.line, "", *key, amount, "", reason(refusal, lang)]
    word = say(lang, "payments.report.update")
    for update in plan.updates:
        yield [word, *_payment(plan, update.place, lang, update.row, update.old)]
    word = say(lang, "payments.report.add")
    for place in plan.adds:
        yield [word, *_payment(plan, place, lang, "", "")]


def _payment(plan: Plan, place: int, lang: str, row: object, old: object) -> list[object]:
    key, sums = plan.payment(place), plan.sums
    said = say(lang, "payments.report.summed", count=sums.counts[place]) if sums.counts[place] > 1 else ""
    named = [_plain(show(part or "")) for part in (key.account_no, key.product_line)]
    voucher = _plain(show(key.voucher or ""))
    return [sums.rows[place], row, *named, f"{key.month:%Y-%m}", voucher, sums.amounts[place], old, said]


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@") or (text[:1] == "-" and not text[1:2].isdigit()) else text
