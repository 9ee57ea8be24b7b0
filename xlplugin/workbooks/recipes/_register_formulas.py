"""The register's formulas, as recipes write them (see `workbooks.spelling`).

Computed cells of our functions are guarded twice: a blank row stays blank, and IFERROR keeps an empty answer from
turning into `#NAME?` where the functions are not installed. Status and why are never empty, so a fault of theirs shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import LANGUAGES, say
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlplugin.rulebook.model import Scheme

__all__ = ["BANNER", "COUNTERS", "Formulas"]

_DAY = 'IF(as_of="",TODAY(),as_of)'
_BLANK = '""'


def _guarded(formula: str) -> str:
    return f'IF([name]="","",{formula})'


def _safe(formula: str) -> str:
    return _guarded(f'IFERROR({formula},"")')


def _cleaned(cell: str, *without: str) -> str:
    for text in without:
        cell = f'SUBSTITUTE({cell},{quoted(text)},"")'
    return cell


# A phone as one key: no spaces (also no-break and full-width ones), dashes or country code; `*` would be a wildcard.
_DIGITS = f'SUBSTITUTE({_cleaned("[phone]&" + quoted(""), " ", chr(0xA0), chr(0x3000), "-", "+86")},"*","x")'


def _typed(key: str, none: str) -> str:
    """The number of a date typed or pasted as text with its year in four digits."""
    text = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(TRIM([{key}]),".","-"),"/","-"),"年","-"),"月","-")'
    text = f'SUBSTITUTE({text},"日","")'
    return f'IF(AND(FIND("-",{text})=5,LEN({text})>7),DATEVALUE({text}),{none})'


def day(key: str) -> str:
    """A date's number, also where it was typed as text; else nothing."""
    return _guarded(f'IFERROR(IF(ISNUMBER([{key}]),INT([{key}]),{_typed(key, _BLANK)}),"")')


PHONE_KEY = _guarded(f'IFERROR(IF(LEN({_DIGITS})<7,"","T"&{_DIGITS}),"")')
_ROWS_A_MINUTE = 100_000
_ORDER_A_DAY = 1440 * _ROWS_A_MINUTE
# Minutes of the visit, then the row: a later reception has the greater number, and no two are equal.
VISIT_ORDER = _guarded(
    f"ROUND((IF(ISNUMBER([visit_date]),[visit_date],IFERROR({_typed('visit_date', '0')},0))"
    f"+IF(ISNUMBER([visit_time]),MOD([visit_time],1),0))*1440,0)*{_ROWS_A_MINUTE}+ROW()"
)
# Exact matches are found by index where counting would read the whole column for every row.
REPEAT_KEY = _guarded('IF([phone_key]="","",IF(MATCH([phone_key],[*phone_key],0)=ROW()-ROW([#name]),"",[phone_key]))')
VISIT_NO = _guarded(
    'IF([phone_key]="",1,IF(OR([repeat_key]<>"",ISNUMBER(MATCH([phone_key],[*repeat_key],0))),'
    '1+COUNTIFS([*phone_key],[phone_key],[*visit_order],"<"&[visit_order]),1))'
)
VISIT_KEY = _guarded('IF([phone_key]="","",[phone_key]&"#"&[visit_no])')
CONTINUED = _guarded('IF(ISNUMBER(MATCH([phone_key]&"#"&([visit_no]+1),[*visit_key],0)),1,"")')

VISITS = _guarded("[visit_no]")
KNOWN = _guarded("IF([visit_no]>1,[=word.yes],[=word.no])")
LAST_CONTACT = _guarded('IF([visit_date]="","",[visit_date])')
OVERDUE = _guarded(f'IF(AND(ISNUMBER([next_contact]),[continued]=""),{_DAY}-[next_contact],"")')
_NOT_LEFT = "LEFT([phone],LEN([=word.no_phone_start]))=[=word.no_phone_start]"
VALIDITY = (
    'IF(COUNTA([name:visit_date])=0,"",IFERROR('
    f'IF(AND([name]<>"",{_NOT_LEFT}),[=word.no_phone],'
    'IF(OR([name]="",[salutation]="",[project]="",[unit]=""),[=word.not_valid],'
    'IF([phone]="",[=word.no_phone],IF([phone_key]="",[=word.not_valid],'
    'IF(AND([correction]<>"",[ruled_by]=""),[=word.to_check],[=word.valid]))))),[=word.not_valid]))'
)

_TODAYS_ORDERS = f'[*visit_order],">="&{_DAY}*{_ORDER_A_DAY},[*visit_order],"<"&({_DAY}+1)*{_ORDER_A_DAY}'
BANNER = 'IF(as_of="","",[=register.frozen_before]&TEXT(as_of,"yyyy-mm-dd")&[=register.frozen_after])'
COUNTERS = {
    "today": "COUNTIF([*due],[=word.today])",
    "overdue": "COUNTIF([*due],[=word.overdue_any])",
    "pending": "COUNTIF([*due],[=word.pending])+COUNTIF([*due],[=word.plan_past])",
    # Dates, and behind them those typed as text: of the orders that fall on the day, those whose date is no number.
    "visits": (
        f'COUNTIFS([*visit_date],">="&{_DAY},[*visit_date],"<"&({_DAY}+1))'
        f'+COUNTIFS({_TODAYS_ORDERS})-COUNTIFS([*visit_date],">0",{_TODAYS_ORDERS})'
    ),
}


def short(lang: str, scheme: Scheme) -> str:
    """The scheme's name where there is little room."""
    key = f"scheme.short.{scheme.id}"
    try:
        return say(lang, key)
    except KeyError:  # an office's own scheme has no short name
        return scheme.title[lang]


class Formulas:
    """The formulas that hang on the schemes of a register.

    Args:
        schemes: the first gives the grade; the next contact is the earliest date among all (decisions.md 11).
        evidence: the keys of the evidence columns, in their order.
    """

    def __init__(self, schemes: Sequence[Scheme], evidence: Sequence[str]) -> None:
        self._schemes = schemes
        self._evidence = set(evidence)
        block = f"{evidence[0]}:{evidence[-1]}" if len(evidence) > 1 else "".join(evidence[:1])
        # A scheme that asks for nothing is judged on the customer's name alone.
        self._cells = f"[#{block or 'name'}],[{block or 'name'}]"

    def _row(self, number: int) -> str:
        return f"{quoted(self._schemes[number - 1].id)},{self._cells},[last_contact],[rules]"

    def grade(self, number: int = 1) -> str:
        """The grade under one of the schemes."""
        return _safe(f"XLP_GRADE({self._row(number)})")

    def status(self) -> str:
        """How sure the grade is."""
        return _guarded(f"XLP_STATUS({self._row(1)})")

    def why(self) -> str:
        """The reason for the grade, and that of another scheme where it sets the date or could not read its inputs."""
        others = "".join(
            f'&IF(OR([date_basis]={self._name(number)},{self._unheard(number)})," "&XLP_WHY({self._row(number)}),"")'
            for number in range(2, len(self._schemes) + 1)
        )
        return _guarded(f"XLP_WHY({self._row(1)}){others}")

    def _unheard(self, number: int) -> str:
        """Whether something was filled in that only this scheme asks for, and it gave no grade."""
        asked = {id_ for scheme in self._schemes[: number - 1] for id_ in scheme.fields}
        own = [id_ for id_ in self._schemes[number - 1].fields if id_ in self._evidence and id_ not in asked]
        given = ",".join(f"NOT(ISBLANK([{id_}]))" for id_ in own)
        return f'AND(OR({given}),[grade_{number}]="")' if own else "FALSE"

    def raise_(self) -> str:
        """The least change that would lift the grade; nothing for a customer who is not to be called."""
        return _safe(f'IF({_may_call()},XLP_RAISE({self._row(1)}),"")')

    def _contact(self, number: int) -> str:
        """What is asked of a date or its flags."""
        return (
            f"{quoted(self._schemes[number - 1].id)},[used_{number}],[last_contact],[agreed_contact],[opt_out],"
            f"[holidays],[rules],{self._cells},[last_contact]"
        )

    def used(self, number: int = 1) -> str:
        """The grade a date goes by: an override stands for the computed one; nobody is called without a phone."""
        grade = "[grade]" if number == 1 else f"[grade_{number}]"
        return _guarded(f'IF([phone_key]="","",IF([override]="",{grade},{self._overridden(number)}))')

    def _overridden(self, number: int) -> str:
        """The override where it is the scheme's to answer for: the first scheme that has such a grade."""
        if len(self._schemes) == 1:
            return "[override]"
        earlier = {grade for scheme in self._schemes[: number - 1] for grade in scheme.grades}
        mine = [grade for grade in self._schemes[number - 1].grades if grade not in earlier]
        return f'IF({_any_of("[override]", *map(quoted, mine))},[override],"")' if mine else '""'

    def contact(self, number: int = 1) -> str:
        """The next contact date under one of the schemes."""
        return _safe(f"XLP_NEXT_CONTACT({self._contact(number)})")

    def next_contact(self) -> str:
        """The row's next contact date."""
        if len(self._schemes) == 1:
            return self.contact()
        dates = ",".join(f"[contact_{number}]" for number in range(1, len(self._schemes) + 1))
        return _guarded(f'IF(COUNT({dates})=0,"",MIN({dates}))')

    def flags(self) -> str:
        """What is to be said beside the date; asked for only where there can be something to say."""
        calls = [f"XLP_FLAGS({self._contact(number)})" for number in range(1, len(self._schemes) + 1)]
        asked = calls[-1]
        for call in reversed(calls[:-1]):
            asked = f'IF({call}="",{asked},{call})'
        return _safe(f'IF(AND([agreed_contact]="",[opt_out]="",ISNUMBER([last_contact])),"",{asked})')

    def _name(self, number: int) -> str:
        return f"[=scheme.short.{self._schemes[number - 1].id}]"

    def basis(self) -> str:
        """What set the date: the agreement, an override, or one of the schemes."""
        named = self._name(len(self._schemes)) if len(self._schemes) > 1 else quoted(self._schemes[0].id)
        for number in range(len(self._schemes) - 1, 0, -1):
            named = f"IF([contact_{number}]=[next_contact],{self._name(number)},{named})"
        return _guarded(
            'IF([next_contact]="","",IF([next_contact]=[agreed_day],[=word.agreed],'
            f'IF([override]<>"",[=word.override],{named})))'
        )

    def due(self) -> str:
        """The due state; a later row of the same customer and a wish for no contact come before any date."""
        dated = (
            "IF([overdue]>0,[=word.overdue_before]&[overdue]&[=word.overdue_after],IF([overdue]=0,[=word.today],"
            "IF([overdue]>=-3,[=word.soon],[=word.later])))"
        )
        undated = (
            'IF([phone_key]="",[=word.no_callback],'
            'IF([grade]="",IF(IFERROR([status]=[=status.out_of_scope],FALSE),[=word.no_callback],[=word.pending]),'
            "IF(ISNUMBER([last_day]),[=word.no_callback],[=word.unplanned])))"
        )
        state = f"IF(ISNUMBER([overdue]),{dated},{undated})"
        if "expected_purchase" in self._evidence:
            past = f"IF(ISNUMBER([plan_day]),[plan_day]<{_DAY},FALSE)"
            state = f"IF(AND({past},NOT(N([agreed_day])>={_DAY})),[=word.plan_past],{state})"
        return _guarded(f"IF([continued]=1,[=word.continued],IF({_may_call()},{state},[=word.opt_out]))")


_NO_WORDS = tuple(
    quoted(word) for word in dict.fromkeys([*(say(lang, "word.no") for lang in LANGUAGES), "无", "N", "×"])
)


def _may_call() -> str:
    """Whether the row does not say that the customer is to be left alone."""
    return _any_of("[opt_out]", '""', "0", "FALSE", *_NO_WORDS)


def _any_of(cell: str, *values: str) -> str:
    """Whether a cell is one of some values; naming it once keeps a formula short that stands in every row.

    Not every program lets OR see more than the first value of a list; SUMPRODUCT sees them all everywhere.
    """
    return f"SUMPRODUCT(--({cell}={{{','.join(values)}}}))>0"
