"""The account functions as plain formulas of Excel 2013, for workbooks in which nothing of ours is installed.

Each takes the language of the sheet and the texts of a call's arguments, and gives the text of a formula. Columns are
found by their headers as the templates write them. What a plain formula would have to guess, such as an amount typed
as text, leaves the answer empty or says that the cell cannot be read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900
from xlplugin.decisions.policy import CREDIT_DAYS, PAYMENT_STANDARD, TIERS
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Cells",
    "credit_due",
    "loyalty_class",
    "monthly",
    "payment_action",
    "policy",
    "policy_note",
    "potential_class",
    "setting",
    "share_gap",
    "value_class",
]

_YES = '{"是","√","✓","✔","☑","有","yes","y","true","1"}'
_NO = '{"否","×","✗","✘","☒","无","no","n","false","0"}'
_FIRST_DAY, _AFTER_LAST = (date(year, 1, 1).toordinal() - EPOCH_1900 for year in (1950, 2200))


def setting(name: str, rules: str) -> str:
    """A number of the settings: from the rules table where one is given, else the published one."""
    published = f"{load().settings['account_views'].parameters[name].value:.10g}"
    if not rules:
        return published
    return f"IFERROR(INDEX({rules},MATCH({quoted(name)},INDEX({rules},0,2),0),3),{published})"


class Cells(str):
    """The text of a call's row, with formulas for those of its cells that have been read, by the column's id."""

    __slots__ = ("read",)
    read: Mapping[str, str]


def _column(lang: str, key: str, fields: str, cells: str) -> str:
    """A column of a range, or a cell of a row, by its header."""
    if isinstance(cells, Cells) and (read := cells.read.get(key.rpartition(".")[2])):
        return read
    row = "1" if cells.startswith("[") and not cells.startswith("[*") else "0"
    return f"INDEX({cells},{row},MATCH({quoted(say(lang, key))},{fields},0))"


def monthly(lang: str, account: str, fields: str, payments: str, as_of: str, rules: str = "") -> str:
    """XLP_MONTHLY: empty where the account has a row whose month or amount is no number."""
    number, month, amount = (
        _column(lang, f"payments.{key}", fields, payments) for key in ("account_no", "month", "amount")
    )
    months = setting("stable_months", rules)
    escaped = account
    for sign in "~*?":
        escaped = f'SUBSTITUTE({escaped},"{sign}","~{sign}")'
    own = f'{number},"="&{escaped}'
    first = f"DATE(YEAR({as_of}),MONTH({as_of})-INT({months}),1)"
    within = f'{own},{month},">="&{first},{month},"<"&DATE(YEAR({as_of}),MONTH({as_of}),1)'
    dated = f'COUNTIFS({own},{month},">={_FIRST_DAY}",{month},"<{_AFTER_LAST}")=COUNTIFS({own})'
    counted = f'COUNTIFS({within},{amount},">=-1E+300")=COUNTIFS({within})'
    mean = f"ROUND(ROUND(SUMIFS({amount},{within}),6)/INT({months}),6)"
    fit = f"IF(ISNUMBER({months}),AND({months}>=1,{months}<=24),FALSE)"
    known = f'IF({account}="",FALSE,IF(ISNUMBER({as_of}),{fit},FALSE))'
    return f'IF({known},IF({dated},IF({counted},{mean},""),""),"")'


def _value(lang: str, tier: str, item: str, table: str, column: int = 3) -> str:
    """A cell of a tier's item in the policy, an empty text where there is none such."""
    word = quoted(say(lang, f"policy.{item.strip(chr(34))}")) if item.startswith('"') else item
    keys = f'INDEX({table},0,1)&"|"&INDEX({table},0,2)'
    return f'IFERROR(INDEX({table},SUMPRODUCT(MATCH({tier}&"|"&{word},{keys},0)),{column}),"")'


def policy(lang: str, tier: str, item: str, table: str) -> str:
    """XLP_POLICY."""
    value = _value(lang, tier, item, table)
    return f'IF({tier}="","",IF({value}="","",{value}))'


def policy_note(lang: str, tier: str, item: str, table: str) -> str:
    """XLP_POLICY_NOTE, but for content that cannot be read; the item is written in the call."""
    id_ = item.strip('"')
    lost, likely = (quoted(say(lang, f"policy.certainty.{one}")) for one in ("lost", "likely"))
    told = {}
    for key in ("lost", "blank", "likely"):
        before, after = say(lang, f"policy.{key}", tier="|", item=say(lang, f"policy.{id_}")).split("|")
        told[key] = f"{quoted(before)}&{tier}&{quoted(after)}"
    value, sure = _value(lang, tier, item, table), _value(lang, tier, item, table, 4)
    blank = f"IF({sure}={lost},{told['lost']},{told['blank']})"
    return f'IF({tier}="","",IF({value}="",{blank},IF({sure}={likely},{told["likely"]},"")))'


def credit_due(lang: str, tier: str, invoice_date: str, table: str) -> str:
    """XLP_CREDIT_DUE; of a range of days, in words or not, the upper end."""
    value = _value(lang, tier, quoted(CREDIT_DAYS), table)
    text = value
    for sign in "–—~～至到":
        text = f'SUBSTITUTE({text},"{sign}","-")'
    for word in ("days", "day", "天", "日", " "):
        text = f'SUBSTITUTE({text},"{word}","")'
    upper = f'MID({text},IFERROR(FIND("-",{text}),0)+1,9)'
    days = f'IF(ISNUMBER({value}),{value},IFERROR(VALUE({upper}),""))'
    dated = f"IF(ISNUMBER({invoice_date}),{invoice_date}>={_FIRST_DAY},FALSE)"
    return f'IF({tier}="","",IF({dated},IFERROR(INT({invoice_date})+{days},""),""))'


def payment_action(lang: str, tier: str, fields: str, evidence: str, table: str) -> str:
    """XLP_PAYMENT_ACTION."""
    due, collected = (_column(lang, f"accounts.{key}", fields, evidence) for key in ("due_amount", "collected"))
    standard = _value(lang, tier, quoted(PAYMENT_STANDARD), table)
    none, suspend, below = (quoted(say(lang, f"action.{key}")) for key in ("none", "may_suspend", "below"))
    missed = f'IF({tier}="C",{suspend},{below})'
    judged = f'IF({due}=0,{none},IF(ISNUMBER({standard}),IF({collected}>={due}*{standard},{none},{missed}),""))'
    return _told(lang, [due, collected], [f"ISNUMBER({due})", f"ISNUMBER({collected})"], judged, f'{tier}=""')


def _told(lang: str, cells: Sequence[str], readable: Sequence[str], answer: str, unasked: str = "FALSE") -> str:
    """An answer that needs every cell: nothing where all are blank, a status where one is missing or unreadable."""
    blank = [f'{cell}=""' for cell in cells]
    missing, invalid = (quoted(say(lang, f"status.{status}")) for status in ("missing", "invalid"))
    bad = ",".join(f"IF({one},FALSE,NOT({test}))" for one, test in zip(blank, readable))
    below = [f"IF(ISNUMBER({cell}),{cell}<0,FALSE)" for cell in cells]
    some = f"IF(OR({','.join(blank)}),{missing},{answer})"
    spoilt = f"OR({bad},{','.join(below)})"
    return f'IF(OR(AND({",".join(blank)}),{unasked}),"",IFERROR(IF({spoilt},{invalid},{some}),{invalid}))'


def value_class(lang: str, fields: str, evidence: str, values: str, rules: str = "") -> str:
    """XLP_VALUE_CLASS."""
    value = _column(lang, "accounts.monthly_payment", fields, evidence)
    high, medium = setting("value_high", rules), setting("value_medium", rules)
    top, middle, low = (quoted(say(lang, f"class.{key}")) for key in ("high", "medium", "low"))
    rank = f'1+COUNTIF({values},">"&{value})'
    ranked = (
        f"IF({value}<=0,{low},IF(ROUND({rank}-{high}*COUNT({values}),9)<=0,{top},"
        f"IF(ROUND({rank}-({high}+{medium})*COUNT({values}),9)<=0,{middle},{low})))"
    )
    invalid = quoted(say(lang, "status.invalid"))
    return f'IF(ISNUMBER({value}),{ranked},IF({value}="","",{invalid}))'


def loyalty_class(lang: str, fields: str, evidence: str, as_of: str, rules: str = "") -> str:
    """XLP_LOYALTY_CLASS."""
    last, again, complaints, lost = (
        _column(lang, f"accounts.{key}", fields, evidence)
        for key in ("last_purchase", "repurchases", "complaints", "lost")
    )
    churning, loyal, ordinary = (quoted(say(lang, f"class.{key}")) for key in ("churning", "loyal", "ordinary"))
    missing = quoted(say(lang, "status.missing"))
    enough = setting("loyal_repurchases", rules)
    few = f"IF(ISNUMBER({again}),{again}<{enough},FALSE)"
    some = f"IF(ISNUMBER({complaints}),{complaints}>0,FALSE)"
    sure = f"AND(ISNUMBER({again}),ISNUMBER({complaints}))"
    nothing_asked = f'AND({again}="",{complaints}="",{lost}="")'
    missing = f'IF({nothing_asked},"",{missing})'
    judged = f"IF(OR({few},{some}),{ordinary},IF({sure},{loyal},{missing}))"
    passed = f"EDATE(INT({last}),INT({setting('churn_months', rules)}))<={as_of}"
    dated = f"IF(AND(ISNUMBER({last}),ISNUMBER({as_of})),IF({passed},{churning},{judged}),{missing})"
    answer = f"IF({_is(lost, _YES)},{churning},{dated})"
    cells = [last, again, complaints, lost]
    tests = [f"ISNUMBER({cell})" for cell in cells[:3]] + [f"OR({_is(lost, _YES)},{_is(lost, _NO)})"]
    return _partly(lang, cells, tests, answer)


def potential_class(lang: str, fields: str, evidence: str) -> str:
    """XLP_POTENTIAL_CLASS."""
    strong, large, customer = (
        _column(lang, f"accounts.{key}", fields, evidence)
        for key in ("strong_intent", "large_potential", "is_customer")
    )
    key, latent, ordinary = (quoted(say(lang, f"class.{id_}")) for id_ in ("key", "latent", "ordinary"))
    missing = quoted(say(lang, "status.missing"))
    no_way = f"OR({_is(strong, _NO)},AND({_is(large, _NO)},{_is(customer, _YES)}))"
    last = f"IF({_is(large, _YES)},{key},IF({_is(customer, _NO)},{latent},{missing}))"
    answer = f'IF({no_way},{ordinary},IF(OR({strong}="",{large}=""),{missing},{last}))'
    cells = [strong, large, customer]
    return _partly(lang, cells, [f"OR({_is(cell, _YES)},{_is(cell, _NO)})" for cell in cells], answer)


def _is(cell: str, words: str) -> str:
    """Whether a cell is one of some words; not every program lets OR see more than the first of a list."""
    return f'SUMPRODUCT(--({cell}&""={words}))>0'


def _partly(lang: str, cells: Sequence[str], readable: Sequence[str], answer: str) -> str:
    """An answer that may do without some cells: nothing where all are blank, invalid where one is unreadable."""
    blank = [f'{cell}=""' for cell in cells]
    invalid = quoted(say(lang, "status.invalid"))
    bad = ",".join(f"IF({one},FALSE,NOT({test}))" for one, test in zip(blank, readable))
    below = ",".join(f"IF(ISNUMBER({cell}),{cell}<0,FALSE)" for cell in cells)
    return f'IF(AND({",".join(blank)}),"",IFERROR(IF(OR({bad},{below}),{invalid},{answer}),{invalid}))'


def share_gap(_lang: str, tier: str, tiers: str, rules: str = "") -> str:
    """XLP_SHARE_GAP."""
    total = "+".join(f'COUNTIF({tiers},"{one}")' for one in TIERS)
    target = "0"
    for one in reversed(TIERS):
        target = f'IF({tier}="{one}",{setting(f"share_{one.casefold()}", rules)},{target})'
    return f'IF({tier}="","",IF({total}=0,"",ROUND(100*(COUNTIF({tiers},{tier})/({total})-{target}),9)))'
