"""Answers of the functions of placement as plain formulas, in the spelling of recipes.

They speak of the columns of the template's own table, and of the names its sheets define: `ps_…` for the numbers of
the rules, `holiday_dates` and `holiday_kinds` for the days off.
"""

from __future__ import annotations

from xlplugin.texts import say
from xlplugin.worksheet.formula_text import quoted

__all__ = ["next_call_formula"]

_GRADES = "HABC"


def next_call_formula(lang: str, *_arguments: str) -> str:
    """When to call next, as `XLP_NEXT_CALL` says, for the pre-selection form."""
    states = say(lang, "choice.call_state").split(",")
    missing, no, work = (
        quoted(text)
        for text in (say(lang, "placement.missing"), say(lang, "word.no"), say(lang, "choice.off_work").split(",")[1])
    )
    of_grade = "".join(f'IF(TRIM([grade]&"")="{grade}",ps_days_wish_{grade},' for grade in _GRADES) + '""' + ")" * 4
    days = (
        f"IF([state]={quoted(states[0])},{of_grade},IF([state]={quoted(states[1])},ps_days_thinking,"
        f'IF([state]={quoted(states[2])},ps_days_unread,"")))'
    )
    due = f"([called]+{days})"
    moved = _moved(due, work)
    switched = f'COUNTIFS(INDEX([rules],0,2),"working_days",INDEX([rules],0,3),{quoted(say(lang, "word.yes"))})>0'
    return (
        f'IF([agreed]<>"",[agreed],IF([convenient]={no},{missing},IF({days}="","",'
        f"IF(NOT(ISNUMBER([called])),{missing},IF({switched},{moved},{due})))))"
    )


def _moved(due: str, work: str) -> str:
    """The working day before a day that is none; after it where that would not be after this call."""
    before = f"MAX(WORKDAY({due}+1,-1,holiday_dates),{_made_up(due, work, '<=', '{day}')})"
    late = 99999
    after = f"MIN(WORKDAY({due}-1,1,holiday_dates),{late}-{_made_up(due, work, '>=', f'({late}-{{day}})')})"
    return f"IF({before}>[called],{before},{after})"


def _made_up(due: str, work: str, side: str, far: str) -> str:
    """The nearest weekend day that is worked, on one side of a day."""
    far = far.format(day="holiday_dates")
    return f"SUMPRODUCT(LARGE((holiday_kinds={work})*(holiday_dates{side}{due})*{far},1))"
