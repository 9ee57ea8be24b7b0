"""The pre-selection form 房源预选单: one row a call, what to ask next on the ladder, and when to call again."""

from __future__ import annotations

from typing import Any

from xlplugin.workbooks.recipe import Column, Counter, Recipe, texts, words_of

__all__ = ["NAME", "tables"]

NAME = "preselection"
_STEPS = ("step_1", "step_2", "step_3", "step_4")
_CHOICES = 'COUNTIF([choice_a:choice_c],"?*")'
_NEXT = "XLP_NEXT_CALL([#called:grade],[called:grade],[holidays],[rules])"
_BANDS = (
    "IF([stated_band]=[~低¦low],[~中、高¦middle, high],IF([stated_band]=[~中¦middle],[~低、高¦low, high],"
    "IF([stated_band]=[~高¦high],[~中、低¦middle, low],[~低、中、高¦low, middle, high])))"
)


def tables(_scheme: str | None = None) -> dict[str, Recipe]:
    """The one table of the form; it grades nobody, so no scheme is laid out."""
    columns = (*_call(), *_next(), *_buyer(), *_choices(), *_admin(), *_working())
    return {
        "preselection": Recipe(
            name=NAME,
            table="tblPreselection",
            schemes=(),
            columns=tuple(columns),
            counters=_COUNTERS,
            banner="",
            frozen=2,
            printed="next_call",
            sheet=NAME,
            filled="customer",
            places=(1, 4, 7, 10),
        )
    }


_COUNTERS = (
    Counter("all", 'COUNTIF([*customer],"?*")'),
    Counter("today", 'COUNTIFS([*next_call],">="&TODAY(),[*next_call],"<"&(TODAY()+1))'),
    Counter("late", 'COUNTIFS([*next_call],">0",[*next_call],"<"&TODAY())'),
    Counter("missing", "COUNTIF([*next_call],[~缺项¦missing])"),
)


def _column(key: str, zh: float, en: float | None = None, kind: str = "text", **more: Any) -> Column:
    return Column(key, texts(f"placement.column.{key}"), {"zh": zh, "en": en or zh}, kind, **more)


def _guarded(formula: str) -> str:
    return f'IF([customer]="","",{formula})'


def _call() -> list[Column]:
    call: dict[str, Any] = {"band": "call"}
    yes_no: dict[str, Any] = {"kind": "choice", "words": words_of("choice.yes_no"), **call}
    return [
        _column("customer_no", 8, 7, **call),
        _column("customer", 9, 13, required=True, **call),
        _column("phone", 13, 13, "phone", required=True, **call),
        _column("adviser", 8, 9, "suggestion", names="list_staff", **call),
        _column("deposit", 6, 8, **yes_no),
        _column("called", 10, 10, "date", required=True, **call),
        _column("convenient", 9, 8, required=True, **yes_no),
        _column("agreed", 15, 15, "moment", hint=texts("hint.agreed"), **call),
        _column("state", 9, 13, "choice", words=words_of("choice.call_state"), **call),
        _column("grade", 5, 6, "choice", words=words_of("choice.intent_grade"), **call),
    ]


def _next() -> list[Column]:
    return [_column("next_call", 18, 18, "moment", formula=_guarded(f'IFERROR({_NEXT},"")'), band="next")]


def _buyer() -> list[Column]:
    buyer: dict[str, Any] = {"band": "buyer"}
    yes_no: dict[str, Any] = {"kind": "choice", "words": words_of("choice.yes_no"), **buyer}
    return [
        _column("buyer_self", 6, 9, required=True, **yes_no),
        _column("buyer", 9, 12, **buyer),
        _column("decides", 6, 8, **yes_no),
        _column("employer", 12, 14, **buyer),
        _column("payment", 10, 13, "choice", words=words_of("choice.call_payment"), **buyer),
        _column("motive", 8, 11, "choice", words=words_of("choice.motive"), **buyer),
        _column("purpose", 12, 14, **buyer),
        _column("wanted_area", 8, 8, "amount", **buyer),
        _column("wanted_layout", 8, 9, "choice", words=words_of("choice.layouts"), **buyer),
    ]


def _choices() -> list[Column]:
    choice: dict[str, Any] = {"band": "choice"}
    ladder: dict[str, Any] = {
        "band": "ladder",
        "kind": "choice",
        "words": words_of("choice.yes_no"),
        "hint": texts("hint.step"),
    }
    asked = "".join(f'IF([{key}]="",[~{words}],' for key, words in zip(_STEPS, _ASKED, strict=True))
    enough = (
        f'IF(AND([wished_count]<>"",{_CHOICES}>=[wished_count]),[~已够选¦has enough],{asked}[~已问完¦all asked])))))'
    )
    return [
        _column("wished_count", 6, 8, "whole", bounds=(1, 20), **choice),
        _column("choice_a", 13, 13, **choice),
        _column("choice_b", 13, 13, **choice),
        _column("choice_c", 13, 13, **choice),
        _column("stated_band", 6, 8, "choice", words=words_of("choice.band"), **choice),
        *(_column(key, 8, 11, **ladder) for key in _STEPS),
        _column("ask_next", 14, 18, formula=_guarded(f"{enough}{_FLOORS}"), band="next"),
    ]


_ASKED = (
    "相邻面积户型¦neighbouring size",
    "同户型其他楼栋¦other buildings",
    "其他单元（由近到远）¦other entrances",
    "其他楼层：¦other floors: ",
)
_FLOORS = f'&IF(AND([step_3]<>"",[step_4]="",NOT(AND([wished_count]<>"",{_CHOICES}>=[wished_count]))),{_BANDS},"")'


def _admin() -> list[Column]:
    return [_column("note", 24, band="record")]


def _working() -> list[Column]:
    """What a customer is found by, and that only in the row of his latest call."""
    fold: dict[str, Any] = {"band": "working", "level": 1}
    key = 'IF([customer_no]="",[customer],[customer_no])&""'
    below = "INDEX([*call_key],[row_no]+1):INDEX([*call_key],ROWS([*call_key]))"
    again = f"IF([row_no]<ROWS([*call_key]),ISNUMBER(MATCH([call_key],{below},0)),FALSE)"
    return [
        _column("row_no", 6, 8, formula=_guarded("ROW()-ROW([#customer])"), **fold),
        _column("call_key", 10, 12, formula=_guarded(key), **fold),
        _column("latest", 10, 12, formula=_guarded(f'IF({again},"",[call_key])'), **fold),
    ]
