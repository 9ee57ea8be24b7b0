"""The visitor register: its table with the colours of grades and due states, and the sheets that go with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.texts import say
from xlplugin.workbooks.sheets import holidays, register_help, rules, table
from xlplugin.workbooks.sheets._marks import Mark, overwritten, required
from xlplugin.workbooks.style import GRADES
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_DUE = {
    "today": "today",
    "soon": "soon",
    "pending": "pending",
    "plan_past": "pending",
    "unplanned": "pending",
    "no_callback": "quiet",
    "later": "quiet",
    "opt_out": "stopped",
}
_FIRST_SERIAL = 30000  # numbers above are days after 1982, not floors or areas


def draw(book: Workbook, style: Style, tables: Mapping[str, Recipe], lang: str, rows: int) -> None:
    """The sheets of the register, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        tables: the register alone.
        lang: `zh` or `en`.
        rows: how many rows are prepared.
    """
    recipe = tables["register"]
    table.draw(book, style, recipe, lang, rows, partial(_marks, recipe, style, lang)).activate()
    schemes = [rulebook.load()[id_] for id_ in recipe.schemes]
    rules.draw(book, style, schemes, lang)
    holidays.draw(book, style, lang)
    register_help.draw(book, style, lang)


def _marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The register's rules, the stronger first."""
    yield from overwritten(recipe, style, cell)
    continued = f"={cell('due')}={_word(lang, 'continued')}"
    yield Mark(recipe.columns[0].key, "note", continued, style.mark("continued"))
    yield from _grades(recipe, style, lang, cell)
    yield from _due_states(style, lang, cell)
    yield Mark(
        "next_contact", "next_contact", f'=AND({cell("flags")}<>"",{cell("next_contact")}<>"")', style.mark("flagged")
    )
    yield from required(recipe, style, cell, "phone")
    yield Mark("unit", "unit", f"=IF(ISNUMBER({cell('unit')}),{cell('unit')}>{_FIRST_SERIAL},FALSE)", style.mark("bad"))
    for word, mark in (("not_valid", "bad"), ("no_phone", "wary"), ("to_check", "wary")):
        yield Mark("validity", "validity", f"={cell('validity')}={_word(lang, word)}", style.mark(mark))


def _word(lang: str, word: str) -> str:
    return quoted(say(lang, f"word.{word}"))


def _grades(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The colour of each grade; of the row's own, with a star where it was overridden by hand.

    One rule a case, because LibreOffice paints the first rule that holds and no other.
    """
    own, current = cell("grade"), f"{cell('due')}<>{_word(lang, 'continued')}"
    for grade in GRADES:
        holds = f'{own}="{grade}",{current}'
        starred = f'=AND({holds},{cell("override")}<>"")'
        yield Mark("grade", "grade", starred, style.grade(grade, overridden=True))
        yield Mark("grade", "grade", f"=AND({holds})", style.grade(grade))
        if "grade_2" in recipe.place:
            yield Mark("grade_2", "grade_2", f'={cell("grade_2")}="{grade}"', style.grade(grade))


def _due_states(style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    due, overdue = cell("due"), cell("overdue")
    yield Mark(
        "due", "due", f"=AND(ISNUMBER({overdue}),{overdue}>0,{due}={_overdue(lang, overdue)})", style.mark("overdue")
    )
    for word, mark in _DUE.items():
        yield Mark("due", "due", f"={due}={_word(lang, word)}", style.mark(mark))


def _overdue(lang: str, days: str) -> str:
    return f"{_word(lang, 'overdue_before')}&{days}&{_word(lang, 'overdue_after')}"
