"""The sheet that explains the register to those who fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import say
from xlplugin.workbooks.sheets._guide import Guide, Sample

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_BEFORE = {"start": 6}
_AFTER = {"blank": 4, "editions": 3, "care": 3}
_SAMPLES = ("input", "computed", "required", "missing", "overwritten", "typed", "flag", "changed", "grades")
_SHOWN = {"overwritten": "B", "typed": "3", "flag": "2026-03-20", "changed": "5", "grades": "H"}
_COMPUTED = ("computed", "overwritten", "typed", "flag", "grades")
_SAMPLE_MARKS = {
    "required": "required",
    "missing": "missing",
    "overwritten": "overwritten",
    "typed": "typed_over",
    "flag": "flagged",
    "changed": "changed",
}
_DUE = ("overdue", "today", "soon", "later", "unplanned", "pending", "plan_past", "no_callback", "opt_out", "continued")
_DUE_MARKS = {
    "unplanned": "pending",
    "plan_past": "pending",
    "no_callback": "quiet",
    "later": "quiet",
    "opt_out": "stopped",
}


def draw(book: Workbook, style: Style, lang: str) -> None:
    """The help sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
    """
    guide = Guide(book, style, lang, "help")
    guide.numbered(_BEFORE)
    guide.samples(say(lang, "help.colours"), [_cell(style, lang, sample) for sample in _SAMPLES])
    guide.samples(say(lang, "help.due"), [_due(style, lang, state) for state in _DUE])
    guide.numbered(_AFTER)
    guide.end()


def _cell(style: Style, lang: str, sample: str) -> Sample:
    paint = style.grade("H") if sample == "grades" else None
    if sample in _SAMPLE_MARKS:
        paint = style.mark(_SAMPLE_MARKS[sample])
    return Sample(_SHOWN.get(sample, ""), say(lang, f"help.colour.{sample}"), sample in _COMPUTED, paint)


def _due(style: Style, lang: str, state: str) -> Sample:
    overdue = f"{say(lang, 'word.overdue_before')}5{say(lang, 'word.overdue_after')}"
    shown = overdue if state == "overdue" else say(lang, f"word.{state}")
    return Sample(shown, say(lang, f"help.due.{state}"), True, style.mark(_DUE_MARKS.get(state, state)))
