"""Formulas that call our functions, put as plain ones: each call becomes the cell of the workings with its answer."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.office_rules import scheme_named
from xlplugin.errors import XlpError
from xlplugin.exchange.forms._asked import Asked
from xlplugin.exchange.forms._calls import calls, replaced
from xlplugin.exchange.forms._holes import HOLE, LAST, NotPlain
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._references import quoted
from xlplugin.hosts._shared import moved
from xlplugin.hosts.native import Bench, Dated
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS
from xlplugin.worksheet._narrowed import narrowed
from xlplugin.worksheet.layout import WrongFormula, layout_of

if TYPE_CHECKING:
    from xlplugin.exchange.forms._calls import Call
    from xlplugin.exchange.forms._ledger import Ledgers
    from xlplugin.exchange.forms._opened import Area, Opened
    from xlplugin.exchange.forms._rule_sets import RuleSets
    from xlplugin.rulebook.model import Scheme

__all__ = ["Answer", "Compiler", "Plain"]

_JUDGED = frozenset(("grade", "status"))
_OF_A_ROW = ("scheme", "fields", "evidence", "as_of", "rules")
_DATED = frozenset(("interval", "contact", "flags"))
_LEFT, _STRING = re.compile(r"(?<![\w.])XLP_\w+\s*\(", re.IGNORECASE), re.compile(r'"(?:[^"]|"")*"')
_LITERAL = re.compile(r'-?\d+(?:\.\d+)?|"(?:[^"]|"")*"|TRUE|FALSE|DATE\(\d+,\d+,\d+\)', re.IGNORECASE)
_GUARD = re.compile(r'IF\((?P<cell>[^"(),]*(?:\[[^"]*?\])?)="","",', re.IGNORECASE)


class Answer(NamedTuple):
    """One call with the column of its answer, kept so that the answer can be held against the function's.

    Args:
        name: the function.
        args: by argument, a literal, the numbers of cells, or an area that stays where it is.
        key: of the column.
        told: whether the column shows what the function said, and is not worked out.
    """

    name: str
    args: dict[str, object]
    key: str
    told: bool = False


class Plain(NamedTuple):
    """A formula without our functions: its text with keys between `HOLE`s, and the answers it holds."""

    text: str
    answers: tuple[Answer, ...]

    @property
    def is_worked(self) -> bool:
        """Whether it needs the workings of its own row."""
        return HOLE in self.text


class Compiler:
    """Compiles the formulas of one sheet.

    `cells` are what stands for `[cell:N]` in the formulas of the bench, in the order of their numbers: as the
    workings spell it, with the cell meant and the row it was met from, or None where it is no cell.

    Args:
        opened: the workbook.
        sheet: the sheet's name.
        rules: the rules that calls go by.
        ledgers: the payments that calls sum.
    """

    def __init__(self, opened: Opened, sheet: str, rules: RuleSets, ledgers: Ledgers | None = None) -> None:
        self.opened, self.sheet, self._rules = opened, sheet, rules
        self.ledgers = ledgers
        self.covered: list[Area] = []
        self._book = load()
        self.cells: dict[str, tuple[Area, int] | None] = {}
        self._answers: list[Answer] = []
        self._made: dict[str, str] = {}
        self.bench = Bench(self._book.common)
        self.langs: list[str] = []

    def compiled(self, formula: str, row: int, column: int) -> Plain | None:
        """A formula of the sheet put plainly; None where that can't be done."""
        self._answers = []
        try:
            text = self.text(formula, row, column)
        except (NotPlain, WrongFormula, XlpError):
            return None
        if _LEFT.search(_STRING.sub("", text)):  # a call with a bracket missing
            return None
        return Plain(text, tuple(self._answers))

    def guard(self, formula: str, row: int, column: int) -> str:
        """The cell whose blank leaves the whole formula blank, as the workings read it; empty without one."""
        hit = _GUARD.match(formula)
        area = self.opened.area(hit["cell"], self.sheet, row, column) if hit else None
        if area is None or not area.is_cell or not area.follows or area.top != row:
            return ""
        return self.put(area, row)

    def text(self, formula: str, row: int, column: int) -> str:
        """A formula, or a part of one, with its calls replaced."""
        return replaced(formula, lambda call: self._answer(call, row, column))

    def _answer(self, call: Call, row: int, column: int) -> str:
        function = FUNCTIONS.get(call.name)
        if function is None:
            raise NotPlain(call.name)
        if function.shared is not None:
            return function.shared(Asked(self, call, row, column))
        if function.plain is not None:
            asked = Asked(self, call, row, column)
            made = function.plain(asked.lang, *asked.texts())
            return narrowed(made, partial(self._column, row, column))
        is_told = tuple(arg.name for arg in function.args) == _OF_A_ROW and function.native in (None, "reason")
        if not is_told and function.native not in _JUDGED | _DATED:
            raise NotPlain(call.name)
        scheme = scheme_named(self._book, function.scheme or _literal(call.arg("scheme")))
        if is_told:
            name, number, _ = self._judged(scheme, call, row, column)
            key = self.bench.told(scheme, name, number, call.name, function.native or "")
        elif function.native in _JUDGED:
            key = f"{self._judged(scheme, call, row, column)[0]}.{function.native}"
        else:
            key = f"{self._dated(scheme, call, row, column)}.{function.native}"
        self._answers.append(Answer(call.name, self._given(call, row, column), key, is_told))
        return f"{HOLE}{key}{HOLE}"

    def _given(self, call: Call, row: int, column: int) -> dict[str, object]:
        """The arguments of a call as numbers of cells, areas and literals."""
        found: dict[str, object] = {}
        for arg in FUNCTIONS[call.name].args:
            text = call.arg(arg.name)
            area = self.opened.area(text, self.sheet, row, column) if text else None
            if arg.name == "fields" and text:
                found[arg.name] = self._evidence(call, row, column)[0]
            elif area is not None and (area.follows or area.is_cell):
                places = range(area.right - area.left + 1)
                found[arg.name] = [self._number(self._spelled(area.column(at), row)) for at in places]
            elif area is not None or not text:
                found[arg.name] = area
            else:
                found[arg.name] = _literal(text) if text.startswith('"') else [self._number(self._made.get(text, text))]
        return found

    def _number(self, text: str) -> int:
        return list(self.cells).index(text)

    def _column(self, row: int, column: int, cells: str, which: int | str, fields: str) -> str | None:
        """A column of a range as the sheet's formulas speak of it, see `narrowed`."""
        area = self.opened.area(cells, self.sheet, row, column)
        place = which - 1 if isinstance(which, int) else self._place(fields, which, row, column)
        if area is None or place is None or not 0 <= place <= area.right - area.left:
            return None
        if not area.follows:
            return self.opened.named(area.column(place).fixed(), self.sheet, row)
        one = f"${column_letters(area.left + place)}{area.top}"
        is_near = area.sheet == self.sheet and area.top == area.bottom
        return self.opened.named(one, self.sheet, row) if is_near else None

    def _place(self, fields: str, header: str, row: int, column: int) -> int | None:
        """The place of a header in a row of them, compared as MATCH does."""
        area = self.opened.area(fields, self.sheet, row, column)
        if area is None or area.top != area.bottom:
            return None
        shown = [str(cell).casefold() for cell in self.opened.values(area)[0]]
        return shown.index(header.casefold()) if header.casefold() in shown else None

    def lang(self) -> str:
        """The language of the sheet, as far as it is known."""
        return next((lang for lang in self.langs if lang != "code"), "zh")

    def _judged(self, scheme: Scheme, call: Call, row: int, column: int, holidays: str = "") -> tuple[str, int, str]:
        """The name of a call's judgement, the number of its rules, and the language of its headers."""
        inputs, rules, lang = self.inputs(scheme, call, row, column, holidays)
        return self.bench.judged(scheme, inputs, rules, lang), rules, lang

    def inputs(
        self, scheme: Scheme, call: Call, row: int, column: int, holidays: str = ""
    ) -> tuple[dict[str, str], int, str]:
        """Where the inputs of a call's judgement stand, the number of its rules, and the language of its headers."""
        header, cells = self._evidence(call, row, column)
        layout = layout_of(self._book, scheme, header)
        if layout.twice or layout.width != len(cells):
            raise NotPlain(call.name)
        inputs = {id_: cells[at] for id_, at in zip(scheme.fields, layout.columns, strict=True) if at is not None}
        day = call.arg("as_of")
        if day and day != '""':
            inputs["as_of"] = self.cell(day, row, column)
        elif "as_of" in layout.common:
            inputs["as_of"] = cells[layout.common["as_of"]]
        rules = self._rules.number(self.sheet, call.arg("rules"), holidays, scheme, row, column)
        if rules is None:
            raise NotPlain(call.name)
        self.langs.append(layout.lang)
        return inputs, rules, layout.lang

    def _evidence(self, call: Call, row: int, column: int) -> tuple[list[object], list[str]]:
        """The headers of a call, and the cells under them."""
        fields, evidence = call.arg("fields"), call.arg("evidence")
        if fields.startswith('"'):
            return [_literal(fields)], [self.cell(evidence, row, column)]
        header = self.opened.area(fields, self.sheet, row, column)
        cells = self.opened.area(evidence, self.sheet, row, column)
        if header is None or cells is None or header.top != header.bottom or cells.top != cells.bottom:
            raise NotPlain(call.name)
        places = range(cells.right - cells.left + 1)
        return list(self.opened.values(header)[0]), [self.put(cells.column(at), row) for at in places]

    def _dated(self, scheme: Scheme, call: Call, row: int, column: int) -> str:
        holidays = call.arg("holidays")
        if call.arg("fields"):
            base, _, lang = self._judged(scheme, call, row, column, holidays)
        else:
            base, lang = "", self._rules.lang(self.sheet, call.arg("rules"), row, column)
        number = self._rules.number(self.sheet, call.arg("rules"), holidays, scheme, row, column)
        if number is None:
            raise NotPlain(call.name)
        self._rules.dated.add(number)
        used, last, agreed, stop = (
            self.cell(call.arg(name), row, column) if call.arg(name) else ""
            for name in ("grade", "last_contact", "agreed", "opt_out")
        )
        by = Dated(base, used or '""', last, agreed, stop, number)
        return self.bench.dated(scheme, by, lang, interval_only=call.name == "XLP_INTERVAL")

    def cell(self, argument: str, row: int, column: int) -> str:
        """The placeholder of a cell, of a literal, or of something worked out from other answers of ours."""
        argument = argument.strip()
        if _LITERAL.fullmatch(argument):
            return self.placed(argument, None)
        area = self.opened.area(argument, self.sheet, row, column)
        if area is not None:
            if not area.is_cell:
                raise NotPlain(argument)
            return self.put(area, row)
        made = self.text(argument, row, column)
        rest = "".join(made.split(HOLE)[::2])
        if HOLE not in made or next(calls(made), None) or "[" in rest or "!" in rest or moved(rest, 1, 1) != rest:
            raise NotPlain(argument)
        self._made[argument] = made
        return self.placed(made, None)

    def put(self, area: Area, row: int) -> str:
        """The placeholder of a cell met from a row."""
        return self.placed(self._spelled(area, row), (area, row))

    def placed(self, text: str, cell: tuple[Area, int] | None = None) -> str:
        """The placeholder of a cell, or of a formula with steps between holes."""
        self.cells.setdefault(text, cell)
        return f"[cell:{self._number(text)}]"

    def _spelled(self, area: Area, row: int) -> str:
        """A cell as the workings read it: by the number of their own row, which stays right whatever is inserted."""
        if not area.follows:
            return area.fixed()
        letters, apart = column_letters(area.left), area.top - row
        at = f"ROW(){apart:+d}" if apart else "ROW()"
        return f"INDEX({quoted(area.sheet)}!${letters}$1:${letters}${LAST},{at})"


def _literal(text: str) -> str:
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise NotPlain(text)
    return text[1:-1].replace('""', '"')
