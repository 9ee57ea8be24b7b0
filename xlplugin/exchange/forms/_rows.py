"""The sheet on which every row of a sheet of calls is worked out, step by step, in a row of the same number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.exchange.forms._holes import COLUMN, HOLE, LAST
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._references import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.exchange.forms._compile import Compiler
    from xlplugin.exchange.forms._rule_sets import RuleSet

__all__ = ["ROW", "SPARE_ROWS", "Rows", "spelled"]

ROW = "\1"
"""Stands for the row's number in a formula that recurs."""
SPARE_ROWS = 200  # for rows that people add below
_PLACE = re.compile(r"\[(!|cell:|said:)?([^\[\]]*)\]")
_PUBLISHED = {"ok": "TRUE", "same": "TRUE", "working_days": "FALSE"}
_MARGIN = 100  # rows that may be deleted without taking the last ones out of reach
_SAID = re.compile(r"\[said:([^\]]*)\]")
_UNREAD = '"!"'


class Rows(NamedTuple):
    """The workings of one sheet.

    Args:
        sheet: the name of the sheet with the calls.
        name: that of the sheet of workings.
        compiler: what compiled its formulas; its bench holds the steps.
        guard: the placeholder of the cell whose blank leaves a row blank; empty without one.
        first: the first row worked out; `last` the last.
    """

    sheet: str
    name: str
    compiler: Compiler
    guard: str
    first: int
    last: int

    def letters(self) -> dict[str, str]:
        """The column of each step, by its key."""
        return {key: column_letters(at) for at, key in enumerate(self.compiler.bench.steps, 3)}

    @property
    def said(self) -> dict[str, str]:
        """The column with what was said, or seen, when the copy was made, by the key of the step that looks it up."""
        keys = [hit for step in self.compiler.bench.steps.values() for hit in _SAID.findall(step.formula)]
        first = 3 + len(self.compiler.bench.steps)
        return {key: column_letters(at) for at, key in enumerate(dict.fromkeys(keys), first)}

    def formulas(self, rules: Mapping[int, RuleSet]) -> Iterator[tuple[str, str]]:
        """Each column's letters with the formula of its cells."""
        # Whole columns would do, but for an engine that ends them where the sheet does.
        last = str(self.last + _MARGIN)
        cells = {at: text.replace(LAST, last) for at, text in enumerate(self.compiler.cells)}
        letters = self.letters()
        keys = {key: f"${letter}{ROW}" for key, letter in letters.items()}
        keys |= {f"said:{key}": f"${letter}${self.first}:${letter}${self.last}" for key, letter in self.said.items()}
        yield "A", "ROW()"
        if self.guard:
            yield "B", f'IF({spelled(self.guard, keys, cells, rules)}="","",1)'
        for key, letter in letters.items():
            formula = spelled(self.compiler.bench.steps[key].formula, keys, cells, rules)
            yield letter, f'IF($B{ROW}="","",{formula})' if self.guard else formula

    def answer(self, text: str) -> str:
        """A compiled formula with the answers of its own row; rows that are not worked out say so."""
        letters, home = self.letters(), quoted(self.name)
        pieces = text.split(HOLE)
        for at in range(1, len(pieces), 2):
            letter = letters[pieces[at].removeprefix(COLUMN)]
            if pieces[at].startswith(COLUMN):
                pieces[at] = f"{home}!${letter}${self.first}:${letter}${self.last}"
                continue
            worked = f"INDEX({home}!${letter}:${letter},ROW())"
            pieces[at] = f'IF(INDEX({home}!$A:$A,ROW())="",{_UNREAD},{worked})'
        return "".join(pieces)


def spelled(formula: str, keys: Mapping[str, str], cells: Mapping[int, str], rules: Mapping[int, RuleSet]) -> str:
    """A formula of the bench as it stands in a cell.

    Args:
        formula: with placeholders.
        keys: what stands for each step.
        cells: what stands for each cell, which may hold steps between holes.
        rules: the rules by number.
    """

    def place(hit: re.Match[str]) -> str:
        kind, name = hit.groups()
        if kind == "!":
            return _rule(name, rules)
        if kind == "said:":
            return keys[f"said:{name}"]
        if kind:
            pieces = cells[int(name)].split(HOLE)
            pieces[1::2] = [keys[key] for key in pieces[1::2]]
            return "".join(pieces)
        return keys[name]

    return _PLACE.sub(place, formula)


def _rule(name: str, rules: Mapping[int, RuleSet]) -> str:
    number, _, path = name.partition(":")
    if number != "0":
        return rules[int(number)].cells[path]
    scheme, _, item = path.partition("/")
    return _published(scheme, item)


def _published(scheme: str, item: str) -> str:
    from xlplugin.rulebook import load  # noqa: PLC0415 - only books without rules of their own ask

    if item in _PUBLISHED or scheme == "*":
        return _PUBLISHED.get(item, "0")
    value = load()[scheme].parameters[item].value
    return '""' if value is None else f"{value:g}" if isinstance(value, int) else repr(value)
