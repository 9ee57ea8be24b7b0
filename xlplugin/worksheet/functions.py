"""The worksheet functions, a few lines each: read what the sheet gives, decide, show one field of the decision."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xlplugin.cells import error_in, is_blank, text_of
from xlplugin.errors import CellError
from xlplugin.texts import say
from xlplugin.worksheet._arguments import HOLIDAYS, RULES
from xlplugin.worksheet.desk import Bench, Desk, WrongFormula, rows_of
from xlplugin.worksheet.layout import judged_rows
from xlplugin.worksheet.registry import FUNCTIONS, Arg, worksheet_function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.decisions.cadence import Due
    from xlplugin.decisions.chain import Chain, Decision
    from xlplugin.decisions.office_rules import BadLine

__all__ = [
    "FUNCTIONS",
    "XLP_FLAGS",
    "XLP_GRADE",
    "XLP_INTERVAL",
    "XLP_NEXT_CONTACT",
    "XLP_RAISE",
    "XLP_STATUS",
    "XLP_WHY",
]

_SCHEME = Arg("scheme", "定级方案的编号或名称", "the id or title of a scheme")
_FIELDS = Arg("fields", "表头区域，或一个字段名", "the header range, or one field's name")
_EVIDENCE = Arg(
    "evidence", "同样列的一行、一个值或多行", "the row's cells of the same columns, one value, or many rows"
)
_AS_OF = Arg("as_of", "评定日", "the day the row is judged on", optional=True)
_GRADE = Arg("grade", "等级", "a grade of the scheme")
_LAST = Arg("last_contact", "上次联系的日期", "the date of the last contact")
_AGREED = Arg("agreed", "与客户约定的日期", "the date agreed with the customer", optional=True)
_OPT_OUT = Arg("opt_out", "勿扰（是/否）", "do not contact (yes/no)", optional=True)
_LATER_FIELDS = Arg(
    "fields",
    "表头区域（判定依据也影响日期时）",
    "the header range, where the evidence has a say",
    optional=True,
)
_LATER_EVIDENCE = Arg("evidence", "同样列的单元格", "the row's cells of the same columns", optional=True)

_JUDGE = (_SCHEME, _FIELDS, _EVIDENCE, _AS_OF, RULES)
_CONTACT = (
    _SCHEME,
    _GRADE,
    _LAST,
    _AGREED,
    _OPT_OUT,
    HOLIDAYS,
    RULES,
    _LATER_FIELDS,
    _LATER_EVIDENCE,
    _AS_OF,
)
_ONE_CELL = frozenset((str, float, int, bool, type(None)))
# Scheme, fields, evidence, as_of and rules, in this order.
_Evidence = tuple[object, object, object, object, object]
_RANGES = frozenset((list, tuple))


def _each(
    show: Callable[[Bench, Sequence[object], object], object],
    desk: Desk,
    scheme: object,
    fields: object,
    evidence: object,
    as_of: object,
    rules: object,
) -> object:
    """One answer for one row; one a row for many, in the direction they came."""
    bench = desk.bench(scheme, fields, rules)
    if type(evidence) in _RANGES and len(evidence) == 1 and type(as_of) not in _RANGES:  # type: ignore[arg-type] # a range has a length
        row = evidence[0]  # type: ignore[index] # and rows
        if type(row) in _RANGES and len(row) == bench.width > 1:  # as nearly every formula has it
            return show(bench, row, as_of)
    rows, days, across = judged_rows(bench.width, fields, evidence, as_of)
    return _shaped([show(bench, row, day) for row, day in zip(rows, days)], across)


def _shaped(answers: Sequence[object], across: bool) -> object:
    if len(answers) == 1:
        return answers[0]
    return [list(answers)] if across else [[answer] for answer in answers]


@worksheet_function(
    zh="按方案给出意向等级；缺项或填错时为空，原因见 XLP_WHY",
    en="The intent grade under a scheme; empty where something is missing or wrong, as XLP_WHY then says",
    args=_JUDGE,
    example='XLP_GRADE("purchase_window_habcf", "days_to_purchase", 5)',
    result="H",
    native="grade",
)
def XLP_GRADE(
    desk: Desk, scheme: object, fields: object, evidence: object, as_of: object = None, rules: object = None
) -> object:
    """The intent grade of a row under a scheme; an empty text where its status leaves none."""
    return _each(_grade, desk, scheme, fields, evidence, as_of, rules)


@worksheet_function(
    zh="这一等级有多确定：正常、暂定、已下调、标准未列、计划过期、缺项、填写有误、不适用",
    en="How sure the grade is: ok, provisional, capped, gap, stale, missing, invalid, out of scope",
    args=_JUDGE,
    example='XLP_STATUS("purchase_window_habcf", "days_to_purchase", -1)',
    result="stale",
    native="status",
)
def XLP_STATUS(
    desk: Desk, scheme: object, fields: object, evidence: object, as_of: object = None, rules: object = None
) -> object:
    """How sure the grade is, in the words of the headers' language."""
    return _each(_status, desk, scheme, fields, evidence, as_of, rules)


def _grade(bench: Bench, row: Sequence[object], as_of: object) -> str:
    return bench.graded(row, as_of).grade


def _status(bench: Bench, row: Sequence[object], as_of: object) -> str:
    return say_status(bench.lang, bench.graded(row, as_of).status)


@cache
def say_status(lang: str, status: str) -> str:
    """A status in a language's word; its code where the headers were ids."""
    return status if lang == "code" else say(lang, f"status.{status}")


@cache
def say_flags(lang: str, flags: tuple[str, ...]) -> str:
    """Flags joined; words in a language, codes where the headers were ids."""
    if lang == "code" or not flags:
        return ";".join(flags)
    return say(lang, "join.sentence").join(say(lang, f"flag.{flag}") for flag in flags)


@worksheet_function(
    zh="一句话说明理由：由哪一条、根据什么、出自哪里",
    en="One sentence that says why: which line decided, on which inputs, and its source",
    args=_JUDGE,
    example='XLP_WHY("purchase_window_habcf", "预计购买天数", 5)',
    result="距预计购买5天，定H级，1天回访。〔出处002:L358〕",
    native="reason",
)
def XLP_WHY(
    desk: Desk, scheme: object, fields: object, evidence: object, as_of: object = None, rules: object = None
) -> object:
    """One sentence, at most 255 characters: which line of which scheme decided, on which inputs, and its source."""
    return _each(_why, desk, scheme, fields, evidence, as_of, rules)


def _why(bench: Bench, row: Sequence[object], as_of: object) -> str:
    return bench.why(row, as_of, bench.sentence_lang)


@worksheet_function(
    zh="怎样用最小的变化把等级提升：要弄清或做到什么",
    en="The least change of evidence that would better the grade: what to find out or do",
    args=_JUDGE,
    example='XLP_RAISE("visit_count_abcd", {"visits","interaction"}, {2,"some"})',
    result="invite the customer for 1 more visit(s): then grade A.",
)
def XLP_RAISE(
    desk: Desk, scheme: object, fields: object, evidence: object, as_of: object = None, rules: object = None
) -> object:
    """The least change that would better the grade; an empty text where the best stands or nothing would."""
    return _each(_raise, desk, scheme, fields, evidence, as_of, rules)


def _raise(bench: Bench, row: Sequence[object], as_of: object) -> str:
    return bench.advice(row, as_of, bench.sentence_lang)


@worksheet_function(
    zh="这一等级的回访间隔（天）；不回访，或规则改为每月固定日联系时，为空",
    en="Days to the next contact of a grade; empty where there is none, or the rules set fixed days of the month",
    args=(_SCHEME, _GRADE, RULES, _LATER_FIELDS, _LATER_EVIDENCE, _AS_OF),
    example='XLP_INTERVAL("purchase_window_habcf", "B")',
    result="7",
    native="interval",
)
def XLP_INTERVAL(
    desk: Desk,
    scheme: object,
    grade: object,
    rules: object = None,
    fields: object = None,
    evidence: object = None,
    as_of: object = None,
) -> object:
    """Days to the next contact of a grade; an empty text where there is to be none, or it is due on fixed days."""
    chain, bad = desk.chain(scheme, rules)
    given = (scheme, fields, evidence, as_of, rules)
    if type(grade) in _ONE_CELL:
        return _interval(chain, "" if bad else grade, _decision(desk, given) if chain.hears_evidence else None)
    grades = _column(grade)
    decisions = _decisions(desk, given, len(grades)) if chain.hears_evidence else [None] * len(grades)
    answers = [_interval(chain, "" if bad else cell, decision) for cell, decision in zip(grades, decisions)]
    return _like((grade,), answers)


def _interval(chain: Chain, cell: object, decision: Decision | None) -> object:
    grade = _named(chain, cell)
    if isinstance(grade, CellError):
        return grade
    days = chain.interval_of(grade, decision)
    return "" if days is None else days


def _named(chain: Chain, cell: object) -> str | CellError:
    """The grade a cell names; an error where it names none, or is one."""
    grade = chain.grade_named(cell)
    return CellError(error_in(cell) or "#N/A") if grade is None else grade


def _decision(desk: Desk, evidence: _Evidence) -> Decision | None:
    """One row's own decision, see `_decisions`."""
    return None if evidence[1] is None else _decisions(desk, evidence, 1)[0]


def _decisions(desk: Desk, evidence: _Evidence, count: int) -> Sequence[Decision | None]:
    """Each row's own decision where evidence is given; for schemes under which it has a say in the date."""
    if is_blank(evidence[1]):
        return [None] * count
    scheme, fields, cells, as_of, rules = evidence
    bench = desk.bench(scheme, fields, rules)
    rows, days, _ = judged_rows(bench.width, fields, cells, as_of)
    if len(rows) != count:
        raise WrongFormula("#VALUE!")
    return [bench.decision(row, day) for row, day in zip(rows, days)]


def _like(ranges: Sequence[object], answers: list[object]) -> object:
    """Answers in the shape of the first range that has more than one cell."""
    if len(answers) == 1:
        return answers[0]
    rows = next(rows for rows in map(rows_of, ranges) if len(rows) > 1 or len(rows[0]) > 1)
    left = iter(answers)
    return [[next(left) for _ in row] for row in rows]


def _contacts(
    show: Callable[[Due], object],
    desk: Desk,
    scheme: object,
    cells: Sequence[object],
    rest: tuple[object, object, object, object, object],
) -> object:
    """What `show` makes of each row's next contact, in the shape of the ranges given."""
    holidays, rules, fields, evidence, as_of = rest
    chain, bad = desk.chain(scheme, rules, holidays)
    given = (scheme, fields, evidence, as_of, rules)
    if _ONE_CELL.issuperset(map(type, cells)):
        return _contact(show, chain, bad, cells, _decision(desk, given) if chain.hears_evidence else None)
    columns = [_column(cell) for cell in cells]
    count = max(map(len, columns))
    decisions = _decisions(desk, given, count) if chain.hears_evidence else [None] * count
    rows = zip(*(_stretched(column, count) for column in columns), decisions)
    return _like(cells, [_contact(show, chain, bad, row, decision) for *row, decision in rows])


def _contact(
    show: Callable[[Due], object],
    chain: Chain,
    bad: BadLine | None,
    cells: Sequence[object],
    decision: Decision | None,
) -> object:
    """What `show` makes of one row's next contact; an error where its grade is none."""
    cell, last, agreed, opt_out = cells
    grade = "" if bad else _named(chain, cell)
    return grade if isinstance(grade, CellError) else show(chain.due(grade, last, agreed, opt_out, decision))


def _column(cells: object) -> list[object]:
    return [cell for row in rows_of(cells) for cell in row]


def _stretched(column: list[object], count: int) -> list[object]:
    if len(column) == 1:
        return column * count
    if len(column) != count:
        raise WrongFormula("#VALUE!")
    return column


@worksheet_function(
    zh="下次联系的日期；约定的日期优先，规则表打开时避开非工作日",
    en="The next contact date; an agreed date wins, and the working-day rule applies where the rules turn it on",
    args=_CONTACT,
    example='XLP_NEXT_CONTACT("purchase_window_habcf", "B", DATE(2026,3,2))',
    result="2026-03-09",
    native="contact",
)
def XLP_NEXT_CONTACT(
    desk: Desk,
    scheme: object,
    grade: object,
    last_contact: object,
    agreed: object = None,
    opt_out: object = None,
    holidays: object = None,
    rules: object = None,
    fields: object = None,
    evidence: object = None,
    as_of: object = None,
) -> object:
    """The date to call next; an empty text where there is none."""
    rest = (holidays, rules, fields, evidence, as_of)
    cells = (grade, last_contact, agreed, opt_out)
    return _contacts(_next_contact, desk, scheme, cells, rest)


def _next_contact(due: Due) -> object:
    return due[1] or ""


@worksheet_function(
    zh="日期旁要提醒的事：晚于规定、约定已过、勿扰、日期读不懂",
    en="What is to be said beside the date: beyond policy, agreed in the past, do not contact, unreadable date",
    args=_CONTACT,
    example='XLP_FLAGS("purchase_window_habcf", "B", DATE(2026,3,2), DATE(2026,3,20))',
    result="beyond_policy",
    native="flags",
)
def XLP_FLAGS(
    desk: Desk,
    scheme: object,
    grade: object,
    last_contact: object,
    agreed: object = None,
    opt_out: object = None,
    holidays: object = None,
    rules: object = None,
    fields: object = None,
    evidence: object = None,
    as_of: object = None,
) -> object:
    """What is to be said beside the date; words where the rules or fields have Chinese or English headers."""
    rest = (holidays, rules, fields, evidence, as_of)
    lang = _language(desk, scheme, rules, fields)
    cells = (grade, last_contact, agreed, opt_out)
    return _contacts(lambda due: say_flags(lang, due[2]), desk, scheme, cells, rest)


def _language(desk: Desk, scheme: object, rules: object, fields: object) -> str:
    """The language of the headers given: of the evidence, else of the rules table; codes where there are none."""
    if type(fields) is tuple or not is_blank(fields):
        return desk.bench(scheme, fields, rules).lang
    if is_blank(rules):
        return "code"
    return "en" if all(text_of(cell).isascii() for cell in rows_of(rules)[0]) else "zh"
