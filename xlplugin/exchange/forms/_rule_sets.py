"""The rules and holidays that a workbook's calls go by, and how plain formulas read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlplugin.cells import is_blank, show, text_of
from xlplugin.decisions.office_rules import EVERY_SCHEME, scheme_named
from xlplugin.errors import XlpError
from xlplugin.hosts._references import quoted
from xlplugin.hosts.native import CALENDAR_DAYS, RuleLine, calendar, rule_lines
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlplugin.exchange.forms._opened import Area, Opened
    from xlplugin.rulebook.model import Scheme

__all__ = ["FIRST_ROW", "SEEN", "RuleSet", "RuleSets"]

FIRST_ROW = 6
SEEN = "seen"
_HEADERS = {"scheme": ("方案", "scheme"), "item": ("项", "item"), "value": ("值", "value")}
_DAY, _KIND = ("日期", "date"), ("休/班", "休班", "kind", "off_work", "off/work")
_PLACE = re.compile(r"\[!([^\]]*)\]")
_NEEDS_QUOTE, _QUOTED = re.compile(r"(['\[\]#@])"), r"'\1"
_NOWHERE = "$L$2:$L$3"  # cells of the sheet that stay blank
_COLUMNS = {"lines": "B", "numbers": "C", "value": "D"}
_CALENDAR = {"day": "F", "worked": "G", "before": "H", "after": "I"}
_PUBLISHED = {"ok": "TRUE", "first_day": "0", "days": "0", "worked_before": "0", "worked_after": "0"}


@dataclass
class RuleSet:
    """One rules table with one holiday table.

    Args:
        table: the columns that formulas read, see `hosts.native.rule_lines`.
        schemes: the ids of those the table speaks of, and of those judged by it.
        holidays: whether there is a holiday table.
        sheet: the name of its sheet of workings, given when it is written.
    """

    table: dict[str, str]
    schemes: list[str]
    holidays: bool
    sheet: str = ""
    lines: tuple[RuleLine, ...] = field(default=(), init=False)

    def drawn(self, sheet: str) -> None:
        """Gives the set its sheet; its lines stand in `lines` afterwards."""
        self.sheet = sheet
        book = load()
        table = {name: f"[!{name}]" for name in self.table}
        schemes = [book[id_] for id_ in self.schemes]
        # Lines of settings, such as those of credit, are for other functions and no mistake.
        self.lines = (*rule_lines(schemes, table, list(book.settings.values())), *self._same())

    def _same(self) -> Iterator[RuleLine]:
        """Whether a scheme's numbers are still those by which the copy was made, which stand beside them."""
        for id_ in self.schemes:
            numbers = [f"[!{id_}/{path}]" for path in load()[id_].parameters]
            yield RuleLine(f"{id_}/{SEEN}", "", "", '&"|"&'.join([f"IF([!{id_}/ok],1,0)", *numbers]))
            yield RuleLine(f"{id_}/same", "", "", f"[!{id_}/{SEEN}:lines]=[!{id_}/{SEEN}]")

    @property
    def cells(self) -> Mapping[str, str]:
        """Where each of its cells stands, by the name formulas use."""
        home = f"{quoted(self.sheet)}!"
        found = {name: text.replace(_NOWHERE, home + _NOWHERE) for name, text in self.table.items()}
        for row, line in enumerate(self.lines, FIRST_ROW):
            found[line.name] = f"{home}$D${row}"
            found |= {f"{line.name}:{part}": f"{home}${letter}${row}" for part, letter in _COLUMNS.items()}
        for part in ("before", "after"):
            letter, last = _CALENDAR[part], FIRST_ROW + CALENDAR_DAYS - 1
            found[f"{EVERY_SCHEME}/worked_{part}"] = f"{home}${letter}${FIRST_ROW}:${letter}${last}"
        return found

    def formulas(self, with_calendar: bool) -> Iterator[tuple[int, str, str]]:
        """Row, column letter and formula of each cell of the sheet."""
        cells = self.cells
        for row, line in enumerate(self.lines, FIRST_ROW):
            for letter, formula in zip("BCD", (line.lines, line.numbers, line.value), strict=True):
                if formula:
                    yield row, letter, _PLACE.sub(lambda hit: cells[hit[1]], formula)
        if not with_calendar:
            return
        days = calendar(
            {name: f"[!{name}]" for name in self.table}, lambda part, at: f"{_CALENDAR[part]}{FIRST_ROW + at}"
        )
        for row, steps in enumerate(days, FIRST_ROW):
            for step in steps:
                yield row, _CALENDAR[step.part], _PLACE.sub(lambda hit: cells[hit[1]], step.formula)


class RuleSets:
    """All the rules of a workbook, `sets` by number from 1; 0 are the published ones.

    Args:
        opened: the workbook.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._numbers: dict[tuple[Area, Area | None], int] = {}
        self.sets: dict[int, RuleSet] = {}
        self.dated: set[int] = set()

    def number(self, sheet: str, rules: str, holidays: str, scheme: Scheme, row: int, column: int) -> int | None:
        """The number of the rules that a call goes by; None where plain formulas can't read them."""
        if not rules or rules == '""':
            return 0
        table = self._opened.area(rules, sheet, row, column)
        days = self._opened.area(holidays, sheet, row, column) if holidays and holidays != '""' else None
        if table is None or table.follows or (holidays and holidays != '""' and (days is None or days.follows)):
            return None
        known = self._known(table, days)
        if known is None:
            made = self._read(table, days)
            if made is None:
                return None
            known = len(self.sets) + 1
            self.sets[known] = made
        self._numbers[table, days] = known
        if scheme.id not in self.sets[known].schemes:
            self.sets[known].schemes.append(scheme.id)
        return known

    def lang(self, sheet: str, rules: str, row: int, column: int) -> str:
        """The language of a call that is given no headers of evidence: that of its rules' header."""
        table = self._opened.area(rules, sheet, row, column) if rules and rules != '""' else None
        if table is None:
            return "code"
        header = self._opened.values(table._replace(bottom=table.top))[0]
        return "en" if all(show(cell).isascii() for cell in header if not is_blank(cell)) else "zh"

    def _known(self, table: Area, days: Area | None) -> int | None:
        """The set of these tables; a call that names no holidays shares the set that has some."""
        if (table, days) in self._numbers:
            return self._numbers[table, days]
        for (other, other_days), number in self._numbers.items():
            if other == table and (days is None or other_days is None):
                is_told = days is None or self.sets[number].holidays or self._give_holidays(self.sets[number], days)
                return number if is_told else None
        return None

    def _read(self, table: Area, days: Area | None) -> RuleSet | None:
        rows = self._opened.values(table)
        header = [text_of(cell) if not is_blank(cell) else "" for cell in rows[0]]
        places = {name: header.index(word) for name, words in _HEADERS.items() for word in words if word in header}
        if len(places) < len(_HEADERS) or len(rows) < 2:
            return None
        columns = {name: self._below(table, at) for name, at in places.items()}
        columns |= {"day": _NOWHERE, "kind": _NOWHERE}
        found = RuleSet(columns, list(dict.fromkeys(self._schemes(rows[1:], places["scheme"]))), holidays=False)
        if days is not None and not self._give_holidays(found, days):
            return None
        return found

    def _schemes(self, rows: Sequence[Sequence[object]], place: int) -> Iterator[str]:
        """The schemes that the table's lines name."""
        book = load()
        for row in rows:
            try:
                yield scheme_named(book, row[place]).id
            except XlpError:
                continue

    def _give_holidays(self, found: RuleSet, days: Area) -> bool:
        header = [
            text_of(cell) if not is_blank(cell) else ""
            for cell in self._opened.values(days._replace(bottom=days.top))[0]
        ]
        day = next((header.index(word) for word in _DAY if word in header), None)
        kind = next((header.index(text_of(word)) for word in _KIND if text_of(word) in header), None)
        if day is None or kind is None:
            return False
        found.table |= {"day": self._below(days, day), "kind": self._below(days, kind)}
        found.holidays = True
        return True

    def _below(self, area: Area, place: int) -> str:
        """A column of a table without its header, as any sheet speaks of it; one of ours grows with its table."""
        for table in self._opened.book.tables.values():
            bounds = (table.sheet, table.first_row, table.first_column, table.last_row, table.last_column)
            if bounds == area[:5] and table.header_rows:
                return f"{table.name}[{_NEEDS_QUOTE.sub(_QUOTED, table.headers[place])}]"
        return area.column(place)._replace(top=area.top + 1, right=area.left + place).fixed()
