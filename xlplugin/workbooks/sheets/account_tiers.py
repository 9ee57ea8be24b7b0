"""The account workbook: its table sheets with their colours, the policy as the source has it, overview, rules, help."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.texts import say
from xlplugin.workbooks.recipes import _account_formulas as f
from xlplugin.workbooks.sheets import account_help, account_overview, account_policy, rules, table
from xlplugin.workbooks.sheets._marks import Mark, overwritten, required
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "known_formulas"]

_UNTIL = (table.AS_OF[0], 6)
_LISTS = {"list_lines": "payments.product_line", "list_staff": "accounts.consultant"}
_PAYMENTS_AN_ACCOUNT, _PAYMENTS = 20, 2_000
_MOST_ROWS = 500  # of follow-ups and history, whose tables grow as they are filled
_TIERS = {"VIP": "tier_vip"}


def known_formulas(tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas outside the tables, as stored."""
    speller = tables["accounts"].speller(lang)
    return {speller.spell(f.UNTIL), *account_overview.formulas(tables["accounts"], lang), account_policy.counter(lang)}


def draw(book: Workbook, style: Style, tables: Mapping[str, Recipe], lang: str, rows: int) -> None:
    """The sheets of the account workbook, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: accounts, payments, followups, policy and history.
        lang: `zh` or `en`.
        rows: how many accounts are prepared.
    """
    accounts = tables["accounts"]
    sheet = table.draw(book, style, accounts, lang, rows, partial(_account_marks, accounts, style, lang))
    _until(book, sheet, style, accounts, lang)
    sheet.activate()
    payments = min(rows * _PAYMENTS_AN_ACCOUNT, max(rows, _PAYMENTS))
    table.draw(book, style, tables["payments"], lang, payments, partial(_paid, tables["payments"], style), lines=1)
    followups = partial(_checked, tables["followups"], style)
    table.draw(book, style, tables["followups"], lang, min(rows, _MOST_ROWS), followups, lines=1)
    account_policy.draw(book, style, tables["policy"], lang)
    account_overview.draw(book, style, accounts, lang)
    history = partial(_tiers, tables["history"], style)
    table.draw(book, style, tables["history"], lang, min(rows, _MOST_ROWS), history, lines=1)
    known = rulebook.load()
    owners = [
        *(known[id_] for id_ in accounts.schemes),
        *(known.settings.get(id_) or known[id_] for id_ in accounts.beside),
    ]
    rules.draw(book, style, owners, lang, _LISTS, working_days=False, whole=("list_lines",))
    account_help.draw(book, style, lang)


def _until(book: Workbook, sheet: Worksheet, style: Style, recipe: Recipe, lang: str) -> None:
    """The day before which the months of payments are full."""
    row, column = _UNTIL
    sheet.write_string(row, column - 1, say(lang, "accounts.until"), style.look("label"))
    sheet.write_formula(row, column, "=" + recipe.speller(lang).spell(f.UNTIL), style.cell("date", computed=True), "")
    help_ = {"input_title": say(lang, "accounts.until")[:32], "input_message": say(lang, "accounts.until_help")}
    refusal = {"error_title": say(lang, "entry.refused"), "error_message": say(lang, "entry.computed")}
    sheet.data_validation(row, column, row, column, {"validate": "custom", "value": "=FALSE", **help_, **refusal})
    place = f"$G${row + 1}"
    book.define_name("account_numbers", f"='{say(lang, 'sheet.accounts')}'!$B:$B")
    book.define_name("until", f"='{say(lang, 'sheet.accounts')}'!{place}")


def _account_marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The rules of the accounts, the stronger first."""
    yield from overwritten(recipe, style, cell)
    yield from _tiers(recipe, style, cell)
    yield from required(recipe, style, cell, "name")
    suspend = quoted(say(lang, "action.may_suspend"))
    yield Mark("action", "action", f"={cell('action')}={suspend}", style.mark("overdue"))
    for days, mark in ((60, "overdue"), (0, "today")):
        late = f"=IF(ISNUMBER({cell('overdue')}),{cell('overdue')}>{days},FALSE)"
        yield Mark("overdue", "overdue", late, style.mark(mark))
    invalid, missing = (quoted(say(lang, f"status.{status}")) for status in ("invalid", "missing"))
    yield Mark("status", "status", f"={cell('status')}={invalid}", style.mark("bad"))
    yield Mark("status", "status", f"={cell('status')}={missing}", style.mark("wary"))
    yield Mark("check", "check", f'={cell("odd")}<>""', style.mark("bad"))
    kept = quoted(say(lang, "accounts.kept"))
    short = f'=AND({cell("cadence")}<>"",{cell("cadence")}<>{kept})'
    yield Mark("cadence", "cadence", short, style.mark("wary"))


def _tiers(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    for key in (key for key in ("tier", "before") if key in recipe.place):
        for tier in ("VIP", "A", "B", "C"):
            look = style.mark(_TIERS[tier]) if tier in _TIERS else style.grade(tier)
            yield Mark(key, key, f'={cell(key)}="{tier}"', look)


def _paid(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The rules of the payments: a row that cannot be counted stands out whole, a refund from its amount on.

    There is no formula in the rows themselves, because there may be a million of them.
    """
    first, last = recipe.columns[0].key, recipe.columns[-1].key
    number, line, month, amount = (cell(key) for key in ("account_no", "product_line", "month", "amount"))
    begun = f'{number}&{line}&{month}&{amount}<>""'
    known = f'AND({number}<>"",COUNTIF(account_numbers,{number})>0)'
    sound = f'AND({known},{line}<>"",ISNUMBER({month}),ISNUMBER({amount}))'
    yield Mark(first, last, f"=IFERROR(AND({begun},NOT({sound})),TRUE)", style.mark("flagged"))
    yield Mark("amount", last, f"=IF(ISNUMBER({amount}),{amount}<0,FALSE)", style.mark("soon"))
    yield from required(recipe, style, cell, "amount")


def _checked(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The rules of follow-ups: what is to be checked stands out, and the row's cells with it."""
    yield from overwritten(recipe, style, cell)
    yield Mark(recipe.columns[0].key, "check", f'={cell("check")}<>""', style.mark("flagged"))
    yield from required(recipe, style, cell, "account_no")
