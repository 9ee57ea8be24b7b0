"""A formula as the recipes write it, spelled as a workbook stores it: one place for tables, headers and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.texts import say
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HOLIDAYS_TABLE", "RULES_COLUMNS", "RULES_TABLE", "Speller"]

RULES_TABLE = "tblRules"
HOLIDAYS_TABLE = "tblHolidays"
RULES_COLUMNS = ("scheme", "item", "value")
"""The columns of the rules that formulas read; they come first."""
_WHOLE_TABLES = {"rules": RULES_TABLE, "holidays": HOLIDAYS_TABLE}
_PLACE = re.compile(r"\[([^\]]*)\]")
_NEEDS_QUOTE = re.compile(r"(['\[\]#@])")
_QUOTED = r"'\1"
# The ranges our functions are handed in which a blank must not be taken for 0: evidence, which follows its own
# headers, and the rules.
_EVIDENCE = re.compile(r"(\[#([\w:/]+)\],)(\[\*?\2\])")


class Speller:
    """Turns a recipe's formulas into stored ones, for one table in one language.

    In a recipe `[name]` is this row's cell, `[a:b]` this row's cells from a to b, `[#a:b]` their headers, `[*a]` the
    whole column, `[*a:b]` the columns from a to b, `[&a:b]` these with their headers, `[*t/a]`, `[#t/a]` and `[&t/a]`
    those of another table, `[t]` all of another
    table with its headers, as `[rules]` and `[holidays]` are; `[=key]` is a text in the sheet's language,
    `[~中文¦English]` a text given in both languages, `[!name]` a cell of the workings of plain formulas.

    Args:
        table: the table the formulas stand in.
        headers: each column's key with its header.
        lang: the language of the texts.
        prefix: what a host wants before the name of our functions: `_xldudf_` for Office add-ins. Those are handed
            blanks as 0 by older Excels, so that their ranges are spelled with texts in place of blanks.
        cells: where the cells of the workings stand, by name.
        others: the other tables of the book by the names recipes use, each with its columns' keys and headers.
    """

    def __init__(
        self,
        table: str,
        headers: Mapping[str, str],
        lang: str,
        prefix: str = "",
        cells: Mapping[str, str] | None = None,
        others: Mapping[str, tuple[str, Mapping[str, str]]] | None = None,
    ) -> None:
        self._table = table
        self._headers = headers
        self._lang = lang
        self._prefix = prefix
        self._cells = cells or {}
        rules = RULES_TABLE, {key: say(lang, f"rules.{key}") for key in RULES_COLUMNS}
        self._others = {"rules": rules, **(others or {})}

    def spell(self, formula: str) -> str:
        """The formula as it stands in the file, without the equals sign."""
        if self._prefix:
            formula = _EVIDENCE.sub(lambda pair: pair[1] + _blanks_kept(pair[3]), formula)
            for whole in (f"[{other}]" for other in self._others):
                formula = formula.replace(whole, _blanks_kept(whole))
            formula = re.sub(r"\bXLP_", f"{self._prefix}XLP_", formula)
        return _PLACE.sub(lambda place: self._place(place[1]), formula)

    def _place(self, text: str) -> str:
        if text.startswith("="):
            return quoted(say(self._lang, text[1:]))
        if text.startswith("~"):
            return quoted(text[1:].split("¦")[self._lang != "zh"])
        if text.startswith("!"):
            return self._cells[text[1:]]
        if text in _WHOLE_TABLES:
            return f"{_WHOLE_TABLES[text]}[#All]"
        if text in self._others:
            return f"{self._others[text][0]}[#All]"
        return self._columns(text)

    def _columns(self, text: str) -> str:
        other, _, keys = text.lstrip("*#&").rpartition("/")
        table, headers = self._others[other] if other else (self._table, self._headers)
        columns = [f"[{_NEEDS_QUOTE.sub(_QUOTED, headers[key])}]" for key in keys.split(":")]
        if not text.startswith("*"):
            part = {"#": "#Headers", "&": "#All"}.get(text[0], "#This Row")
            return f"{table}[[{part}],{':'.join(columns)}]"
        return table + (columns[0] if len(columns) == 1 else f"[{':'.join(columns)}]")


def _blanks_kept(cells: str) -> str:
    return f'IF({cells}="","",{cells})'
