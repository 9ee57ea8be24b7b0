"""Classic xlwings: our surface behind xlwings' own converters, fed with what Excel sends; no Excel, no COM."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Any

from _pywin32 import classic

from conformance.reader import TooHard, evaluate
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model import Case

NAME = "classic xlwings (converters)"
_AS_TEXT = "pywin32 cannot hand an error value to Excel: the cell shows the same word, #N/A or #VALUE!, as text"
GAPS: dict[str, str] = {
    "native/*": "this driver has our functions only; the spreadsheet's own are Excel's to calculate",
    "errors/*passes-on*": _AS_TEXT,
    "errors/unknown-*": _AS_TEXT,
    "errors/scheme-cell-blank": _AS_TEXT,
    "errors/no-such-field*": _AS_TEXT,
    "errors/evidence-*-than-headers": _AS_TEXT,
    "errors/*-of-another-*": _AS_TEXT,
    "placement/ratio-of-no-layout": _AS_TEXT,
    "accounts/policy-unknown-tier": _AS_TEXT,
}


def version() -> str:
    """The version of xlwings."""
    return f"xlwings {version_of('xlwings')}"


def run(cases: Sequence[Case]) -> dict[str, object]:
    """What Excel would be handed for each case."""
    answers = {}
    with classic() as host:
        codes = {text: code for code, text in host.errors.items()}

        def call(name: str, arguments: list[object]) -> object:
            return _shown(host.call(name, *(_sent(value, codes) for value in arguments)))

        for case in cases:
            try:
                answers[case.name] = evaluate(case, call)
            except TooHard:
                continue
    return answers


def _sent(value: object, codes: dict[str, int]) -> object:
    """A cell or range as COM sends it: every number a float, dates with a time zone, errors as whole numbers."""
    if isinstance(value, (list, tuple)):
        return tuple(tuple(_sent(cell, codes) for cell in row) for row in value)
    if isinstance(value, CellError):
        return codes[value.text]
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.timezone.utc)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _shown(answer: Any) -> object:
    if isinstance(answer, list):
        return [[_shown(cell) for cell in row] for row in answer]
    if isinstance(answer, dt.datetime):
        return answer.date() if answer.time() == dt.time() else answer
    return answer
