"""The rules' numbers in cells of their own, under names that plain formulas use, such as `pl_heap`.

A number is the published one where the table has no line for it, and an empty text where its line can't be followed;
`<prefix>bad` counts these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import say
from xlplugin.workbooks.spelling import RULES_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.rulebook.model import Parameter, Settings
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "formulas"]

_COLUMN, _FIRST = 11, 5


def draw(book: Workbook, sheet: Worksheet, style: Style, settings: Settings, prefix: str, lang: str) -> None:
    """The cells, in folded columns beside the rules, and their names.

    Args:
        book: the XlsxWriter workbook.
        sheet: the sheet of rules.
        style: its formats.
        settings: whose numbers they are.
        prefix: of the names.
        lang: `zh` or `en`.
    """
    look = style.cell("text", computed=True, working=True)
    sheet.set_column(_COLUMN - 1, _COLUMN, 12, None, {"level": 1, "hidden": True})
    for row, (name, formula) in enumerate(_named(settings, lang), _FIRST):
        sheet.write_string(row, _COLUMN - 1, name, look)
        sheet.write_formula(row, _COLUMN, f"={formula}", look, "")
        book.define_name(f"{prefix}{name}", f"='{sheet.get_name()}'!$L${row + 1}")


def formulas(settings: Settings, lang: str) -> set[str]:
    """Every formula of these cells, as stored."""
    return {formula for _, formula in _named(settings, lang)}


def _named(settings: Settings, lang: str) -> Iterator[tuple[str, str]]:
    for path, parameter in settings.parameters.items():
        yield path.replace(".", "_"), _read(settings.id, path, parameter, lang)
    last = _FIRST + len(settings.parameters)
    yield "bad", f"{len(settings.parameters)}-COUNT($L${_FIRST + 1}:$L${last})"


def _read(id_: str, path: str, parameter: Parameter, lang: str) -> str:
    scheme, item, value = (f"{RULES_TABLE}[{say(lang, f'rules.{key}')}]" for key in ("scheme", "item", "value"))
    line = f'{scheme},"{id_}",{item},"{path}"'
    good = f'COUNTIFS({line},{value},">={parameter.low:g}",{value},"<={parameter.high:g}")'
    return f'IF(COUNTIFS({line})=0,{parameter.value:g},IF(AND(COUNTIFS({line})=1,{good}=1),SUMIFS({value},{line}),""))'
