"""The worksheet function on signed customers: whether a month had the contacts they are due."""

from __future__ import annotations

from typing import NamedTuple

from xlplugin.cells import Unreadable, date_reader, error_in, is_blank, text_of, tidy
from xlplugin.decisions.signed_cadence import LEAST_CONTACTS, SCHEME, is_kept
from xlplugin.errors import CellError
from xlplugin.texts import say
from xlplugin.worksheet._arguments import RULES
from xlplugin.worksheet.desk import Desk, WrongFormula, rows_of
from xlplugin.worksheet.registry import Arg, worksheet_function

__all__ = ["XLP_CADENCE_OK"]


class _Contacts(NamedTuple):
    """The contacts of a follow-up log.

    Args:
        customers: the range of customers it was made from, kept so that its place in memory is not taken by another.
        days: by customer, the days of his contacts as ordinals.
        unread: customers with a contact whose date cannot be read.
    """

    customers: object
    days: dict[str, list[int]]
    unread: frozenset[str]


def _contacts(desk: Desk, customers: object, dates: object) -> _Contacts:
    names = [cell for row in rows_of(customers) for cell in row]
    days = [cell for row in rows_of(dates) for cell in row]
    if len(names) != len(days):
        raise WrongFormula("#VALUE!")
    read, days_of, unread = date_reader(desk.epoch), dict[str, list[int]](), set[str]()
    for name, cell in zip(names, days):
        if is_blank(name) or error_in(name):
            continue
        try:
            day = read(cell)
        except Unreadable:
            unread.add(text_of(name))
            continue
        if day is not None:
            days_of.setdefault(text_of(name), []).append(day)
    return _Contacts(customers, days_of, frozenset(unread))


def _plain(lang: str, customer: str, customers: str, dates: str, month: str, rules: str = "") -> str:
    """The answer as a plain formula; in it a date that can't be read is no contact."""
    first = f"DATE(YEAR({month}),MONTH({month}),1)"
    after = f"DATE(YEAR({month}),MONTH({month})+1,1)"
    count = f'COUNTIFS({customers},{customer},{dates},">="&{first},{dates},"<"&{after})'
    least = "2"
    if rules:
        least = f'IFERROR(INDEX({rules},MATCH("{LEAST_CONTACTS}",INDEX({rules},0,2),0),3),2)'
    yes, no = (say(lang, f"cadence.{word}") for word in ("yes", "no"))
    return f'IF(OR({customer}="",{month}=""),"",IF({count}>={least},"{yes}","{no}"))'


@worksheet_function(
    zh="已签约客户当月的联系次数够不够：是、否；客户或月份为空时为空",
    en="Whether a signed customer had the contacts due in a month: yes or no; empty where customer or month is blank",
    args=(
        Arg("customer", "客户（编号或姓名）", "the customer, by number or name"),
        Arg("log_customers", "跟进记录的客户列", "the follow-up log's column of customers"),
        Arg("log_dates", "跟进记录的日期列", "the follow-up log's column of dates"),
        Arg("month", "月份：当月任意一天，或 2026-03", "the month: any day of it, or 2026-03"),
        RULES,
    ),
    example='XLP_CADENCE_OK("K1", {"K1","K1"}, {"2026-03-03","2026-03-20"}, DATE(2026,3,1))',
    result="yes",
    plain=_plain,
)
def XLP_CADENCE_OK(  # noqa: N802 - worksheet functions are upper case in every spreadsheet
    desk: Desk, customer: object, log_customers: object, log_dates: object, month: object, rules: object = None
) -> object:
    """Whether a month had the contacts a signed customer is due; one answer a customer."""
    chain, bad = desk.chain(SCHEME, rules)
    lang = _language(rules, log_dates)
    log = desk.once(log_dates, f"contacts {id(log_customers)}", lambda: _contacts(desk, log_customers, log_dates))
    least = chain.scheme.parameters[LEAST_CONTACTS].value
    rows = rows_of(customer)
    day = _month(desk, month)
    wrong = bad is not None or least is None
    answers = [[_answer(cell, day, log, 0 if least is None else least, lang, wrong) for cell in row] for row in rows]
    return answers[0][0] if len(answers) == 1 and len(answers[0]) == 1 else answers


def _answer(
    customer: object, day: int | CellError | None, log: _Contacts, least: float, lang: str, wrong: bool
) -> object:
    error = error_in(customer)
    if error or isinstance(day, CellError):
        return CellError(error) if error else day
    if day is None or is_blank(customer):
        return ""
    name = text_of(customer)
    wrong = wrong or day < 0
    kept = not wrong and is_kept(log.days.get(name, ()), day, least)
    if wrong or (not kept and name in log.unread):  # the date that can't be read may be the one that lacks
        return "invalid" if lang == "code" else say(lang, "status.invalid")
    word = "yes" if kept else "no"
    return word if lang == "code" else say(lang, f"cadence.{word}")


def _month(desk: Desk, cell: object) -> int | CellError | None:
    """A day of the month; None for a blank, -1 for what is none, an error as it stands."""
    error = error_in(cell)
    if error:
        return CellError(error)
    if isinstance(cell, str) and len(text := tidy(cell)) == 7:
        cell = f"{text}-01" if text[4] in "-/" else cell
        cell = cell.replace("/", "-")
    try:
        return date_reader(desk.epoch)(cell)
    except Unreadable:
        return -1


def _language(rules: object, log_dates: object) -> str:
    """The language of the rules table's header, else of the log's; codes where neither has one."""
    for cells in (rules, log_dates):
        header = [cell for cell in rows_of(cells)[0] if isinstance(cell, str) and any(map(str.isalpha, cell))]
        if header:
            return "en" if all(text_of(cell).isascii() for cell in header) else "zh"
    return "code"
