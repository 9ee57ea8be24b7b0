"""What a workbook itself says: its 规则 table (an office's own numbers and switches) and its 节假日 table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import (
    EPOCH_1900,
    Unreadable,
    date_reader,
    is_blank,
    number_reader,
    read_yes_no,
    show,
    text_of,
)
from xlplugin.decisions.cadence import WorkingDays
from xlplugin.decisions.why import cut, shown_cell
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlplugin.rulebook import Rulebook, Scheme
    from xlplugin.rulebook.model import Parameter

__all__ = [
    "DAY_WORKED",
    "EVERY_SCHEME",
    "NO_CONTACT",
    "WORKING_DAYS",
    "BadLine",
    "OfficeRules",
    "read_holidays",
    "read_rules",
    "scheme_named",
]

EVERY_SCHEME = "*"
_HEADERS = {
    "scheme": ("方案", "scheme"),
    "item": ("项", "item"),
    "value": ("值", "value"),
}
_ANY_SCHEME = frozenset(("*", "全部", "all"))
NO_CONTACT = frozenset(("无", "none", "不回访"))
WORKING_DAYS = "working_days"
DAY_WORKED = frozenset(("班", "上班", "补班", "班日", "工作日", "work", "working", "workday", "working_day"))


class BadLine(NamedTuple):
    """What of the 规则 table cannot be followed: the line under its header, what stands there, what may.

    Args:
        line: counted from 1; 0 where the lines don't go together.
        found: what stands there.
        why: the text key of what is allowed, filled in with `facts`.
    """

    line: int
    found: object
    why: str
    facts: Mapping[str, object]

    def sentence(self, lang: str) -> str:
        """The line and what is wrong with it, in words."""
        allowed = say(lang, self.why, **self.facts)
        found = shown_cell(self.found, lang)
        return cut(
            say(lang, "why.rules_line" if self.line else "why.rules", line=self.line, found=found, allowed=allowed)
        )


class OfficeRules(NamedTuple):
    """The 规则 table read.

    Args:
        values: per scheme the numbers that differ from the published ones, by path; None means no contact.
        working_days: whether the working-day rule is on.
        bad: per scheme the lines that cannot be followed; under `*` those that touch every scheme.
    """

    values: Mapping[str, Mapping[str, float | None]]
    working_days: bool
    bad: Mapping[str, BadLine]

    def bad_line(self, scheme: str) -> BadLine | None:
        """The first line that makes a scheme's rows invalid; None where there is none."""
        return self.bad.get(scheme) or self.bad.get(EVERY_SCHEME)


NO_RULES = OfficeRules({}, False, {})


def scheme_named(book: Rulebook, cell: object) -> Scheme:
    """The scheme a cell names by id or title, in any case and width.

    Raises:
        XlpError: `unknown_scheme`.
    """
    word = "" if is_blank(cell) else text_of(cell)
    if word in book:
        return book[word]
    for scheme in book.values():
        if word in map(text_of, scheme.title.values()):
            return scheme
    raise XlpError("unknown_scheme", found=show(cell), allowed=", ".join(book))


def _columns(rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """The columns by their header, in either language; in the template's order where there is no header."""
    header = [text_of(cell) if not is_blank(cell) else "" for cell in rows[0]]
    found = {name: header.index(word) for name, words in _HEADERS.items() for word in words if word in header}
    return found if len(found) == len(_HEADERS) else {}


def read_rules(book: Rulebook, rows: Sequence[Sequence[object]]) -> OfficeRules:
    """What the 规则 table says, line by line; a line that cannot be read is kept as such.

    Args:
        book: the rulebook its lines speak of.
        rows: the table with its header, a row of cells each.
    """
    columns = _columns(rows) if rows else {}
    if not columns:
        return NO_RULES if not rows or all(is_blank(cell) for row in rows for cell in row) else _no_header(rows)
    values: dict[str, dict[str, float | None]] = {}
    bad: dict[str, BadLine] = {}
    working_days = False
    for line, row in enumerate(rows[1:], 1):
        scheme, item, value = (row[columns[name]] if columns[name] < len(row) else None for name in _HEADERS)
        if is_blank(item) and is_blank(scheme):
            continue
        try:
            if is_blank(scheme) or text_of(scheme) in _ANY_SCHEME:
                working_days = _switch(item, value)
                continue
            id_ = _owner(book, scheme)
        except XlpError:
            bad.setdefault(EVERY_SCHEME, BadLine(line, scheme, "rules.unknown_scheme", {}))
            continue
        except Unreadable as cause:
            bad.setdefault(EVERY_SCHEME, BadLine(line, cause.found, f"cell.{cause.why}", cause.facts))
            continue
        try:
            path, number = _value(_parameters(book, id_), item, value)
        except Unreadable as cause:
            bad.setdefault(id_, BadLine(line, cause.found, f"cell.{cause.why}", cause.facts))
            continue
        values.setdefault(id_, {})[path] = number  # of two lines for one item the last stands
    changed = {id_: _changed(_parameters(book, id_), set_) for id_, set_ in values.items()}
    return OfficeRules({id_: set_ for id_, set_ in changed.items() if set_}, working_days, bad)


def _owner(book: Rulebook, cell: object) -> str:
    """The id of the scheme, or of the settings, that a line belongs to.

    Raises:
        XlpError: `unknown_scheme`.
    """
    word = text_of(cell)
    for settings in book.settings.values():
        if word in (settings.id, *map(text_of, settings.title.values())):
            return settings.id
    return scheme_named(book, cell).id


def _parameters(book: Rulebook, id_: str) -> Mapping[str, Parameter]:
    return book.settings[id_].parameters if id_ in book.settings else book[id_].parameters


def _changed(parameters: Mapping[str, Parameter], values: Mapping[str, float | None]) -> dict[str, float | None]:
    """The values that are not the published ones."""
    return {path: value for path, value in values.items() if value != parameters[path].value}


def _no_header(rows: Sequence[Sequence[object]]) -> OfficeRules:
    found = " ".join(show(cell) for cell in rows[0] if not is_blank(cell))
    return OfficeRules({}, False, {EVERY_SCHEME: BadLine(0, found, "rules.no_header", {})})


def _switch(item: object, value: object) -> bool:
    if text_of(item) != WORKING_DAYS:
        raise Unreadable("not_a_choice", item, offered=WORKING_DAYS)
    return read_yes_no(value) is True


def _value(parameters: Mapping[str, Parameter], item: object, value: object) -> tuple[str, float | None]:
    """The path and number of one line."""
    path = next((path for path in parameters if path.casefold() == show(item).strip().casefold()), None)
    if path is None:
        raise Unreadable("not_a_rule", item)
    is_interval = path.startswith("interval.")
    if is_interval and isinstance(value, str) and text_of(value) in NO_CONTACT:
        return path, None
    number = number_reader(parameters[path].low, parameters[path].high)(value)
    if number is None:
        raise Unreadable("rule_blank", path)
    if is_interval:
        if number != int(number) or not 1 <= number <= 3650:
            raise Unreadable("not_an_interval", value)
        number = int(number)
    return path, number


def read_holidays(rows: Sequence[Sequence[object]], epoch: int = EPOCH_1900) -> WorkingDays:
    """The calendar of the 节假日 table: days off, and weekend days worked for them (班).

    A row without a readable date, such as the header or a year not yet published, is no holiday.

    Args:
        rows: cells of date, name, 休 or 班; a single column of dates means days off.
        epoch: day 0 of the workbook's serial dates.
    """
    read = date_reader(epoch)
    off: set[int] = set()
    worked: set[int] = set()
    for row in rows:
        day, kinds = None, {text_of(cell) for cell in row if isinstance(cell, str)}
        for cell in row:
            try:
                day = read(cell)
            except Unreadable:
                continue
            if day is not None:
                break
        if day is not None:
            (worked if kinds & DAY_WORKED else off).add(day)
    return WorkingDays(off, worked)
