"""The worksheet functions of the account workbook: tier, policy looked up, classes and shares."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable, date_reader, error_in, is_blank, number_reader, read_yes_no, text_of
from xlplugin.decisions import accounts as rules_of
from xlplugin.decisions.policy import CREDIT_DAYS, TIERS, read_policy
from xlplugin.errors import CellError
from xlplugin.texts import say
from xlplugin.worksheet import _plain_accounts as plain
from xlplugin.worksheet import _shared_accounts as shared
from xlplugin.worksheet._arguments import FIELDS, RULES
from xlplugin.worksheet._given import columns_of, each, given, read
from xlplugin.worksheet.desk import Desk, WrongFormula, rows_of
from xlplugin.worksheet.functions import XLP_GRADE, say_status
from xlplugin.worksheet.registry import Arg, worksheet_function

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlplugin.decisions.policy import Policy

__all__ = [
    "XLP_CREDIT_DUE",
    "XLP_LOYALTY_CLASS",
    "XLP_NEAR_BORDER",
    "XLP_PAYMENT_ACTION",
    "XLP_POLICY",
    "XLP_POLICY_NOTE",
    "XLP_POTENTIAL_CLASS",
    "XLP_SHARE_GAP",
    "XLP_TIER",
    "XLP_VALUE_CLASS",
]

_SCHEME, _VIEWS = "account_tiers_vip_abc", "account_views"
_FIGURES = ("monthly_payment", "best_line_payment")

_ROW = Arg("evidence", "同样列的一行或多行", "the row's cells of the same columns, or many rows")
_TIER = Arg("tier", "级别 VIP/A/B/C", "the tier: VIP, A, B or C")
_POLICY = Arg("policy", "政策表（含表头）", "the policy table with its header")


def _down(answers: Sequence[object]) -> object:
    """One answer for one row, one below the other for many."""
    return answers[0] if len(answers) == 1 else [[answer] for answer in answers]


@worksheet_function(
    zh="客户单位的级别 VIP/A/B/C；缺项或填错时为空，理由用 XLP_WHY",
    en="The tier of an account: VIP, A, B or C; empty where something is missing or wrong, as XLP_WHY then says",
    args=(FIELDS, _ROW, RULES),
    example='XLP_TIER({"product_lines","monthly_payment","best_line_payment"}, {4,100000,30000})',
    result="A",
    native="grade",
    scheme=_SCHEME,
)
def XLP_TIER(desk: Desk, fields: object, evidence: object, rules: object = None) -> object:
    """The tier of an account; an empty text where its status leaves none."""
    return XLP_GRADE(desk, _SCHEME, fields, evidence, None, rules)


@worksheet_function(
    zh="临界：回款多或少规定的比例，级别会变成什么",
    en="Near a border: the tier that a little more or less payment would make of the account",
    args=(FIELDS, _ROW, RULES),
    example='XLP_NEAR_BORDER({"product_lines","monthly_payment","best_line_payment"}, {4,95000,30000})',
    result="+10% → A",
    shared=shared.near_border,
)
def XLP_NEAR_BORDER(desk: Desk, fields: object, evidence: object, rules: object = None) -> object:
    """The tiers within reach of a little more or less payment; an empty text where none is."""
    numbers, bad = desk.numbers(_VIEWS, rules)
    if bad:
        return _down([""] * len(rows_of(evidence)))
    near = numbers["near_border"]
    places = columns_of(desk, fields, "accounts", _FIGURES).places
    return _down([_near(desk, fields, list(row), places, near, rules) for row in rows_of(evidence)])


def _near(
    desk: Desk, fields: object, row: list[object], places: Sequence[int | None], near: float, rules: object
) -> str:
    def tier_at(factor: float) -> str:
        cells = list(row)
        for place in places:
            if place is not None and not is_blank(row[place]):
                cells[place] = _times(row[place], factor)
        return str(XLP_GRADE(desk, _SCHEME, fields, cells, None, rules))

    parts = [f"{'+' if sign > 0 else '-'}{near * 100:.10g}% → {tier}" for sign, tier in rules_of.borders(near, tier_at)]
    return "; ".join(parts)


def _times(cell: object, factor: float) -> object:
    """A figure times a factor; a cell that cannot be read stays, so that it is found unreadable."""
    try:
        number = number_reader(0, inf)(cell)
    except Unreadable:
        return cell
    return cell if number is None else round(number * factor, 6)


def _policy(desk: Desk, policy: object) -> Policy:
    read_ = desk.once(policy, "policy", lambda: read_policy(rows_of(policy)))
    if read_ is None:
        raise WrongFormula("#N/A")
    return read_


@worksheet_function(
    zh="政策表里某级别某一项的内容；空着就是空，原因见 XLP_POLICY_NOTE",
    en="An item of a tier from the policy table; empty where it is, as XLP_POLICY_NOTE then says",
    args=(_TIER, Arg("item", "项目，如 账期", "the item, such as credit_days"), _POLICY),
    example='XLP_POLICY("C", "credit_days", {"tier","item","value";"C","credit_days","0-7"})',
    result="0-7",
    plain=plain.policy,
)
def XLP_POLICY(desk: Desk, tier: object, item: object, policy: object) -> object:
    """What the policy table grants a tier; an empty text where the cell is blank."""
    return _item_of(desk, tier, item, policy, lambda found, _tier: found.find(_tier, item))


def _item_of(
    desk: Desk, tier: object, item: object, policy: object, find: Callable[[Policy, object], object]
) -> object:
    found = _policy(desk, policy)
    for cell in (tier, item):
        if error_in(cell):
            return CellError(str(error_in(cell)))

    def one(cell: object) -> object:
        if is_blank(cell):
            return ""
        at = found.find(cell, item)
        if at is None:
            return CellError("#N/A")
        answer = find(found, cell)
        if answer is at:
            return "" if is_blank(at.value) or error_in(at.value) else at.value
        return answer

    return each(tier, one)


@worksheet_function(
    zh="为什么政策的某一项是空的（原文缺失，待填），或要留意什么（推定）",
    en="Why an item of the policy is empty (lost in the source, yours to fill in), or to be taken with care (inferred)",
    args=(_TIER, Arg("item", "项目，如 账期", "the item, such as credit_days"), _POLICY),
    example='XLP_POLICY_NOTE("A", "credit_days", {"tier","item","value","certainty";"A","credit_days","","lost"})',
    result="Tier A, credit days: lost in the source; fill it in on the policy sheet",
    plain=plain.policy_note,
)
def XLP_POLICY_NOTE(desk: Desk, tier: object, item: object, policy: object) -> object:
    """What is to be known of an item of the policy; an empty text where it is certain and filled."""
    return _item_of(
        desk, tier, item, policy, lambda found, cell: found.note(cell, item, "zh" if found.lang == "zh" else "en")
    )


@worksheet_function(
    zh="到期付款日 = 开票日 + 该级别账期的上限；账期未填则为空",
    en="The day by which an invoice is to be paid: the tier's credit days, of a range the upper figure, after it",
    args=(_TIER, Arg("invoice_date", "开票日", "the day of the invoice"), _POLICY),
    example='XLP_CREDIT_DUE("B", DATE(2026,3,2), {"tier","item","value";"B","credit_days","10-15"})',
    result="2026-03-17",
    plain=plain.credit_due,
    reads={"invoice_date": "date"},
)
def XLP_CREDIT_DUE(desk: Desk, tier: object, invoice_date: object, policy: object) -> object:
    """The day by which an invoice is to be paid; an empty text where the day or the credit days are not known."""
    found = _policy(desk, policy)
    if is_blank(tier) or error_in(tier):
        return ""
    if found.find(tier, CREDIT_DAYS) is None:
        return CellError("#N/A")
    days = found.credit_days(tier)
    try:
        invoiced = date_reader(desk.epoch)(invoice_date)
    except Unreadable:
        invoiced = None
    if days is None or invoiced is None:
        return ""
    return date.fromordinal(rules_of.credit_due(invoiced, days))


@worksheet_function(
    zh="处理建议：C 类没有达到回款标准时可暂停发货；回款未填为缺项",
    en="What follows from the collection: deliveries to a C that missed its payment standard may be suspended; "
    "missing where nothing was filled in",
    args=(_TIER, FIELDS, _ROW, _POLICY),
    example='XLP_PAYMENT_ACTION("C", {"due_amount","collected"}, {100,99}, '
    '{"tier","item","value";"C","payment_standard",1})',
    result="may_suspend",
    plain=plain.payment_action,
    reads={"due_amount": "number", "collected": "number"},
)
def XLP_PAYMENT_ACTION(desk: Desk, tier: object, fields: object, evidence: object, policy: object) -> object:
    """What follows from what was collected of what is due; an empty text where the tier's standard is not known."""
    found = _policy(desk, policy)
    columns = columns_of(desk, fields, "accounts", ("due_amount", "collected"))
    word = "" if is_blank(tier) or error_in(tier) else text_of(tier)
    amount = number_reader(0, inf)

    def one(cells: Sequence[object]) -> object:
        values = read((amount, amount), cells)
        if not word or not values:
            return ""
        if isinstance(values, str):
            return say_status(columns.lang, values)
        due, collected = values
        if due is None or collected is None:
            return say_status(columns.lang, "missing")
        action = rules_of.payment_action(word, collected, due, found.standard(tier))  # type: ignore[arg-type] # read
        return "" if action is None else _say(columns.lang, f"action.{action}", action)

    return _down([one(cells) for cells in given(columns, evidence)])


def _say(lang: str, key: str, code: str) -> str:
    return code if lang == "code" else say(lang, key)


def _classed(
    desk: Desk,
    fields: object,
    evidence: object,
    ids: tuple[str, ...],
    readers: Sequence[Callable[[object], object]],
    classed: Callable[..., str | None],
) -> object:
    """The class of each row in the headers' language; a status where it cannot be told, nothing where all is blank."""
    columns = columns_of(desk, fields, "accounts", ids)

    def one(cells: Sequence[object]) -> object:
        values = read(readers, cells)
        if isinstance(values, str):
            return values and say_status(columns.lang, values)
        class_ = classed(*values)
        if class_ is None:
            return say_status(columns.lang, "missing")
        return class_ and _say(columns.lang, f"class.{class_}", class_)

    return _down([one(cells) for cells in given(columns, evidence)])


@worksheet_function(
    zh="价值类：按月回款在名单里的排名分高、中、低，并列归较好的一类",
    en="The class of value: high, medium or low by the rank of the monthly payment in the list; ties to the better",
    args=(FIELDS, _ROW, Arg("values", "全部客户的月回款", "the monthly payments of all accounts"), RULES),
    example='XLP_VALUE_CLASS("monthly_payment", 90, {90,80,70,60,50,40,30,20,10,5})',
    result="high",
    plain=plain.value_class,
    reads={"monthly_payment": "number", "values": "number"},
)
def XLP_VALUE_CLASS(desk: Desk, fields: object, evidence: object, values: object, rules: object = None) -> object:
    """The class of value by rank within the list; who pays nothing is low."""
    numbers, bad = desk.numbers(_VIEWS, rules)
    listed = desk.once(values, "values", lambda: _numbers(values))
    shares = numbers["value_high"], numbers["value_medium"]

    def classed(value: float) -> str | None:
        return None if bad else rules_of.value_class(value, listed, *shares)

    return _classed(desk, fields, evidence, ("monthly_payment",), (number_reader(-inf, inf),), classed)


def _numbers(cells: object) -> list[float]:
    """The numbers of a range; what is blank or cannot be read is in no rank."""
    reader, found = number_reader(-inf, inf), []
    for cell in (cell for row in rows_of(cells) for cell in row):
        try:
            number = reader(cell)
        except Unreadable:
            continue
        if number is not None:
            found.append(number)
    return found


@worksheet_function(
    zh="忠诚类：忠诚、一般、流失",
    en="The class of loyalty: loyal, ordinary or churning",
    args=(FIELDS, _ROW, Arg("as_of", "评定日", "the day it is judged on"), RULES),
    example='XLP_LOYALTY_CLASS({"last_purchase","repurchases","complaints","lost"}, '
    '{"2026-01-05",3,0,""}, DATE(2026,3,2))',
    result="loyal",
    plain=plain.loyalty_class,
    reads={"last_purchase": "date", "repurchases": "number", "complaints": "number", "lost": "yes_no"},
)
def XLP_LOYALTY_CLASS(desk: Desk, fields: object, evidence: object, as_of: object, rules: object = None) -> object:
    """The class of loyalty; a status where what is needed to tell is blank or unreadable."""
    numbers, bad = desk.numbers(_VIEWS, rules)
    day, count = date_reader(desk.epoch), number_reader(0, inf)
    try:
        today = day(as_of)
    except Unreadable:
        today = None

    def classed(last: int | None, again: float | None, complaints: float | None, gone: bool | None) -> str | None:
        class_ = None if bad else rules_of.loyalty_class(last, again, complaints, gone, today, numbers)
        nothing_asked = again is None and complaints is None and gone is None  # the payments tell the last purchase
        return "" if class_ is None and nothing_asked else class_

    ids = ("last_purchase", "repurchases", "complaints", "lost")
    return _classed(desk, fields, evidence, ids, (day, count, count, read_yes_no), classed)


@worksheet_function(
    zh="潜力类：重点、潜在、一般",
    en="The class of potential: key, latent or ordinary",
    args=(FIELDS, _ROW),
    example='XLP_POTENTIAL_CLASS({"strong_intent","large_potential","is_customer"}, {"yes","no","no"})',
    result="latent",
    plain=plain.potential_class,
    reads=dict.fromkeys(("strong_intent", "large_potential", "is_customer"), "yes_no"),
)
def XLP_POTENTIAL_CLASS(desk: Desk, fields: object, evidence: object) -> object:
    """The class of potential; a status where what is needed to tell is blank or unreadable."""
    ids = ("strong_intent", "large_potential", "is_customer")
    return _classed(desk, fields, evidence, ids, (read_yes_no,) * 3, rules_of.potential_class)


@worksheet_function(
    zh="某级别的客户占比与目标（5/20/50/25）相差几个百分点",
    en="How many percentage points a tier's share of the accounts is from its target (5/20/50/25)",
    args=(_TIER, Arg("tiers", "全部客户的级别", "the tiers of all accounts"), RULES),
    example='XLP_SHARE_GAP("A", {"A","B","B","C"})',
    result="5",
    plain=plain.share_gap,
)
def XLP_SHARE_GAP(desk: Desk, tier: object, tiers: object, rules: object = None) -> object:
    """A tier's share of the graded accounts less its target, in percentage points; empty where none is graded."""
    numbers, bad = desk.numbers(_VIEWS, rules)
    if is_blank(tier):
        return ""
    word = error_in(tier) or text_of(tier)
    if word not in map(text_of, TIERS):
        return CellError(error_in(tier) or "#N/A")
    counts = desk.once(tiers, "tiers", lambda: _counted(tiers))
    gap = None if bad else rules_of.share_gap(counts[word], sum(counts.values()), numbers[f"share_{word}"])
    return "" if gap is None else gap


def _counted(tiers: object) -> Mapping[str, int]:
    """How many cells of a range name each tier."""
    counts = {text_of(tier): 0 for tier in TIERS}
    for cell in (cell for row in rows_of(tiers) for cell in row):
        word = text_of(cell) if isinstance(cell, str) else ""
        if word in counts:
            counts[word] += 1
    return counts
