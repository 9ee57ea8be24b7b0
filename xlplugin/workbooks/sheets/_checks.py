"""What a register's cells accept when somebody types into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlplugin.texts import say

if TYPE_CHECKING:
    from xlplugin.workbooks.recipe import Column

__all__ = ["validation"]

_FIRST_DAY, _LAST_DAY = 36526, 73050  # 2000-01-01 and 2099-12-31
_MESSAGE_LIMIT = 255
_MOST = 1_000_000_000_000
_PERCENT, _WHOLE_DAYS = (0, 1), (-36500, 36500)


def validation(column: Column, lang: str, cell: str) -> dict[str, Any] | None:
    """XlsxWriter's options for a column's cells; None where anything goes.

    Args:
        column: the column.
        lang: the language of the messages.
        cell: the first of its cells, such as `F6`.
    """
    rule = _rule(column, lang, cell)
    if column.hint and rule is None:
        rule = {"validate": "any"}
    if rule is None:
        return None
    rule.setdefault("error_type", "stop")
    if column.hint:
        rule |= {"input_title": column.header[lang][:32], "input_message": column.hint[lang][:_MESSAGE_LIMIT]}
    if "error_message" in rule:
        rule |= {"error_title": say(lang, "entry.refused"), "error_message": rule["error_message"][:_MESSAGE_LIMIT]}
    return rule


def _rule(column: Column, lang: str, cell: str) -> dict[str, Any] | None:
    if column.formula and not column.overtype:
        return _refusal("custom", say(lang, "entry.computed"), value="=FALSE")
    if column.words:
        words = list(column.words[lang])
        return _refusal("list", say(lang, "entry.choice", words=" / ".join(words)), source=words)
    if column.names:
        return {"validate": "list", "source": f"={column.names}", "show_error": False}
    if column.bounds and column.kind in ("whole", "number"):
        return _bounded(column, lang)
    return _RULES[column.kind](lang, cell) if column.kind in _RULES else None


def _refusal(validate: str, message: str, **more: Any) -> dict[str, Any]:
    return {"validate": validate, "error_message": message, **more}


def _between(validate: str, low: float, high: float, message: str) -> dict[str, Any]:
    return _refusal(validate, message, criteria="between", minimum=low, maximum=high)


def _bounded(column: Column, lang: str) -> dict[str, Any]:
    low, high = column.bounds or (0, 0)
    validate = "integer" if column.kind == "whole" else "decimal"
    if high == float("inf"):
        key = "entry.whole" if column.kind == "whole" else "entry.amount"
        return _refusal(validate, say(lang, key), criteria=">=", value=max(low, 0))
    return _between(validate, low, high, say(lang, "entry.range", low=f"{low:g}", high=f"{high:g}"))


def _phone(lang: str, cell: str) -> dict[str, Any]:
    left = f'OR(LEN(SUBSTITUTE(SUBSTITUTE({cell}," ",""),"-",""))>=7,{cell}="{say(lang, "word.no_phone")}")'
    return {**_refusal("custom", say(lang, "entry.phone"), value=f"={left}"), "error_type": "warning"}


_RULES = {
    "date": lambda lang, _: _between("date", _FIRST_DAY, _LAST_DAY, say(lang, "entry.date")),
    "moment": lambda lang, _: _between("date", _FIRST_DAY, _LAST_DAY, say(lang, "entry.moment")),
    "time": lambda lang, _: _between("time", 0, 0.999988, say(lang, "entry.time")),
    "month": lambda lang, _: _between("date", _FIRST_DAY, _LAST_DAY, say(lang, "entry.date")),
    "money": lambda lang, _: _refusal("decimal", say(lang, "entry.amount"), criteria=">=", value=0),
    "balance": lambda lang, _: _between("decimal", -_MOST, _MOST, say(lang, "entry.balance")),
    "amount": lambda lang, _: _refusal("decimal", say(lang, "entry.amount"), criteria=">=", value=0),
    "percent": lambda lang, _: _between("decimal", *_PERCENT, say(lang, "entry.percent")),
    "days": lambda lang, _: _between("integer", *_WHOLE_DAYS, say(lang, "entry.days")),
    "phone": _phone,
}
