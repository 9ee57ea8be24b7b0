"""The rules that paint over a register's cells: grades, due states, what is missing, what was typed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.texts import say
from xlplugin.workbooks.spelling import quoted
from xlplugin.workbooks.style import GRADES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsxwriter.format import Format

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["Mark", "marks"]

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


class Mark(NamedTuple):
    """A rule: the columns it paints, the condition as of the first row, and what it paints."""

    first: str
    last: str
    condition: str
    format: Format


def marks(recipe: Recipe, style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    """The register's rules, the stronger first.

    Args:
        recipe: the register.
        style: its formats.
        lang: its language.
        cell: the address of a column's first cell with the column fixed, such as `$D6`.
    """
    yield from _overwritten(recipe, style, cell)
    continued = f"={cell('due')}={_word(lang, 'continued')}"
    yield Mark(recipe.columns[0].key, "note", continued, style.mark("continued"))
    yield from _grades(recipe, style, lang, cell)
    yield from _due_states(style, lang, cell)
    yield Mark(
        "next_contact", "next_contact", f'=AND({cell("flags")}<>"",{cell("next_contact")}<>"")', style.mark("flagged")
    )
    yield from _required(recipe, style, cell)
    yield Mark("unit", "unit", f"=IF(ISNUMBER({cell('unit')}),{cell('unit')}>{_FIRST_SERIAL},FALSE)", style.mark("bad"))
    for word, mark in (("not_valid", "bad"), ("no_phone", "wary"), ("to_check", "wary")):
        yield Mark("validity", "validity", f"={cell('validity')}={_word(lang, word)}", style.mark(mark))


def _word(lang: str, word: str) -> str:
    return quoted(say(lang, f"word.{word}"))


def _overwritten(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    for column in recipe.columns:
        if column.formula:
            mark = style.mark("typed_over" if column.overtype else "overwritten")
            yield Mark(column.key, column.key, f"=NOT(_xlfn.ISFORMULA({cell(column.key)}))", mark)


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


def _required(recipe: Recipe, style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    for column in recipe.columns:
        if column.required:
            own, name = cell(column.key), cell("name")
            begun = f'{name}<>""' if column.key != "name" else f'{cell("phone")}<>""'
            yield Mark(column.key, column.key, f'=AND({own}="",{begun})', style.mark("missing"))
            yield Mark(column.key, column.key, f'={own}=""', style.mark("required"))
