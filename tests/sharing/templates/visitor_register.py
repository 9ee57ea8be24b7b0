"""The visitor register with a morning's visits and some more, so that every grade, status and due state is there.

What it must show is worked out here from the visits and the kernel's decisions: which reception is the customer's
last, the earliest date among the schemes, the state against the day (decisions.md 6, 8, 10, 11, 14-16).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sharing.model import ANYTHING, Place
from xlplugin.cells import Unreadable, date_reader
from xlplugin.decisions.chain import Chain
from xlplugin.hosts._book import split_ref
from xlplugin.hosts.places import cell_named, ref
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sample_morning import DAY, morning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sharing.model import Wanted
    from xlplugin.decisions.chain import Decision
    from xlplugin.hosts._book import Book, Table
    from xlplugin.hosts.headless import Input
    from xlplugin.rulebook.model import Scheme

NAME = "visitor_register"
ROWS = 70  # prepared; those behind the visits stay blank and are to show nothing
VARIANTS: dict[str, dict[str, Any]] = {
    "zh": {"lang": "zh"},
    "en": {"lang": "en"},
    "zh-window": {"lang": "zh", "scheme": "purchase_window_habcf"},
}
EDITIONS = ("zh",)
_BEFORE = date(2026, 3, 6)
Visit = dict[str, Any]


def _visit(name: str, phone: object, day: object, interaction: str | None = None, **more: object) -> Visit:
    cells = {"name": name, "phone": phone, "visit_date": day, "interaction": interaction, **more}
    return {key: value for key, value in cells.items() if value is not None}


_MORE = (
    _visit("鲍一", "10000000051", DAY, "frequent", visits=4, override="A"),
    _visit("史二", "10000000052", DAY, "some", override="F"),
    _visit("唐三", "10000000053", DAY, expected_purchase=date(2026, 3, 11), override="C"),
    _visit("费四", "10000000054", DAY, "some", agreed_contact=DAY),
    _visit("廉五", "10000000055", DAY, "some", agreed_contact="下周一"),
    _visit("岑六", "10000000056", None, "some", agreed_contact=date(2026, 3, 12)),
    _visit("薛七", "10000000057", None, "none"),
    _visit("雷八", "10000000058", "2026-2-30", "frequent"),
    _visit("贺九", "未留电", DAY, "some"),
    _visit("倪十", "10000000059", DAY, "some", opt_out="√"),
    _visit("汤甲", "10000000060", DAY, "some", opt_out="也许"),
    _visit("滕乙", "10000000061", DAY, "some", opt_out="否"),
    _visit("殷丙", "100 0000-0062", _BEFORE, "some"),
    _visit("殷丙", "10000000062", DAY, "some"),
    _visit("罗丁", "10000000063", DAY, "some", visits="两次"),
    _visit("毕戊", "10000000064", DAY, "some", expected_purchase=date(2026, 3, 2)),
    _visit("郝己", "10000000065", date(2026, 3, 7), expected_purchase=date(2026, 3, 8)),
    _visit("邬庚", "10000000066", DAY, expected_purchase=date(2026, 3, 14), power="否"),
    _visit("乐甲", "10000000068", _BEFORE, "some", expected_purchase="2026.3.8"),
    _visit("于乙", "10000000069", _BEFORE, "some", expected_purchase=date(2026, 3, 8), agreed_contact="2026-3-12"),
    _visit("傅丙", "10000000070", "2026年3月6日", "some", override="F"),
    _visit("穆壬", "10000000071", DAY, "some", visits="２"),
    _visit("萧癸", "10000000072", "２０２６年３月７日", "frequent", visits=" 3 ", expected_purchase="２０２６/3/11"),
    _visit("安辛", "10000000067", _BEFORE, "frequent", last_contact=DAY),
)
_WORDS = {"frequent": "频繁", "some": "有", "none": "无"}


def typed(book: Book, layout: Mapping[str, Any]) -> dict[tuple[str, str], Input]:
    """The visits and the day, in the columns that this layout has."""
    lang, scheme = layout["lang"], layout.get("scheme")
    table, headers = _table(book, scheme), _headers(lang, scheme)
    cells: dict[tuple[str, str], Input] = {
        (table.sheet, ref(table, headers[key], row)): value
        for row, visit in enumerate(_visits(lang, scheme), 1)
        for key, value in visit.items()
    }
    return {**cells, _day(book): DAY}


def wanted(book: Book, layout: Mapping[str, Any]) -> tuple[dict[Place, Wanted], dict[Place, str]]:
    """What the answers are to be, row by row and above the table; and of the other computed columns, their kind."""
    lang, scheme = layout["lang"], layout.get("scheme")
    table, headers = _table(book, scheme), _headers(lang, scheme)
    recipe = recipe_of(NAME, scheme)
    people = list(rows(lang, scheme))
    free = dict.fromkeys(people[0])  # a prepared row that nobody has used shows nothing
    answers = {
        _place(table, headers[key], row): value
        for row, shown in enumerate([*people, *[free] * (ROWS - len(people))], 1)
        for key, value in shown.items()
    }
    kinds = {
        column.key: column.kind if column.kind == "date" else "text" for column in recipe.columns if column.formula
    }
    kinds |= {column.key: "any" for column in recipe.columns if column.kind in ("days", "whole")}
    others = {_place(table, headers[key], row): kind for key, kind in kinds.items() for row in range(1, ROWS + 1)}
    return {**answers, **_counts(table.sheet, people, lang)}, others


def _table(book: Book, scheme: str | None) -> Table:
    return book.tables[recipe_of(NAME, scheme).table.casefold()]


def _headers(lang: str, scheme: str | None) -> Mapping[str, str]:
    return recipe_of(NAME, scheme).headers(lang)


def _day(book: Book) -> tuple[str, str]:
    place = cell_named(book, "as_of")
    assert place is not None
    return place


def _place(table: Table, header: str, row: int) -> Place:
    return Place(table.sheet, *split_ref(ref(table, header, row))[:2])


def _visits(lang: str, scheme: str | None) -> list[Visit]:
    """What is typed, less the columns that a layout lacks."""
    more = [dict(visit) for visit in _MORE]
    for visit in more if lang == "zh" else ():
        if "interaction" in visit:
            visit["interaction"] = _WORDS[visit["interaction"]]
    columns = recipe_of(NAME, scheme).place
    return [{key: value for key, value in visit.items() if key in columns} for visit in (*morning(lang), *more)]


# what the kernel makes of it ----------------------------------------------------------------------------------------


@dataclass
class _Customer:
    """One reception: its key, its order, which visit it is, and whether a later one follows."""

    key: str
    order: tuple[int, int]
    number: int = 1
    continued: bool = False


def rows(lang: str, scheme: str | None) -> Iterator[dict[str, Wanted]]:
    schemes = [load()[id_] for id_ in recipe_of(NAME, scheme).schemes]
    visits = _visits(lang, scheme)
    for visit, customer in zip(visits, _customers(visits), strict=True):
        yield _Row(visit, customer, schemes, lang).shown()


def _customers(visits: list[Visit]) -> list[_Customer]:
    found = [
        _Customer(_phone(visit), (_read_date(visit.get("visit_date")) or 0, row)) for row, visit in enumerate(visits)
    ]
    for one in found:
        same = [other for other in found if one.key and other.key == one.key]
        one.number = 1 + sum(other.order < one.order for other in same)
        one.continued = any(other.order > one.order for other in same)
    return found


def _phone(visit: Visit) -> str:
    digits = re.sub(r"[\s\u3000-]|\+86", "", str(visit.get("phone") or ""))
    return digits if len(digits) >= 7 else ""


def _read_date(cell: object) -> int | None:
    """A date's ordinal; None of a blank, and of what cannot be read."""
    try:
        return date_reader()(cell)
    except Unreadable:
        return None


class _Row:
    def __init__(self, visit: Visit, customer: _Customer, schemes: list[Scheme], lang: str) -> None:
        self.visit, self.customer, self.schemes, self.lang = visit, customer, schemes, lang
        self.last = visit.get("last_contact", visit.get("visit_date"))
        self.agreed, self.opt_out = visit.get("agreed_contact"), visit.get("opt_out")
        self.decisions = [self._decided(Chain(scheme)) for scheme in schemes]

    def _decided(self, chain: Chain) -> Decision:
        given = {"visits": self.customer.number, **self.visit}
        return chain.decide([given.get(id_) for id_ in chain.ids], self.last)

    def shown(self) -> dict[str, Wanted]:
        """The answers of the row, by column."""
        first = self.decisions[0]
        contacts = [self._contact(number) for number in range(len(self.schemes))]
        dates = [contact.next_contact for contact in contacts if contact.next_contact]
        day = min(dates, default=None)
        flags = next((contact.flags for contact in contacts if contact.flags), ())
        late = None if day is None or self.customer.continued else (DAY - day).days
        due = self._due(late, opted_out="opt_out" in contacts[0].flags)
        shown: dict[str, Wanted] = {
            "grade": first.grade or None,
            "status": self._say(f"status.{first.status}"),
            "next_contact": day,
            "due": due,
            "overdue": late,
            "flags": self._say("join.sentence").join(self._say(f"flag.{flag}") for flag in flags) or None,
            "known": self._say("word.yes" if self.customer.number > 1 else "word.no"),
            "why": ANYTHING,
            "date_basis": self._basis(day),
        }
        if len(self.schemes) > 1:
            shown["grade_2"] = self.decisions[1].grade or None
        return shown

    def _basis(self, day: date | None) -> str | None:
        """What set the date."""
        if day is None:
            return None
        if day.toordinal() == _read_date(self.agreed):
            return self._say("word.agreed")
        if self.visit.get("override"):
            return self._say("word.override")
        if len(self.schemes) == 1:
            return self.schemes[0].id
        first = next(n for n, _ in enumerate(self.schemes) if self._contact(n).next_contact == day)
        return self._say(f"scheme.short.{self.schemes[first].id}")

    def _contact(self, number: int) -> Any:
        chain = Chain(self.schemes[number])
        return chain.contact(self._used(number), self.last, self.agreed, self.opt_out, self.decisions[number])

    def _used(self, number: int) -> str:
        """The grade that the date under a scheme goes by."""
        override = self.visit.get("override")
        if not self.customer.key:
            return ""
        if not override:
            return self.decisions[number].grade
        owner = next(place for place, scheme in enumerate(self.schemes) if override in scheme.grades)
        return override if owner == number else ""

    def _due(self, late: int | None, *, opted_out: bool) -> str:
        if self.customer.continued:
            return self._say("word.continued")
        if opted_out:
            return self._say("word.opt_out")
        if self._plan_is_past():
            return self._say("word.plan_past")
        return self._undated() if late is None else self._dated(late)

    def _undated(self) -> str:
        if self.customer.key and not self.decisions[0].grade:
            return self._say("word.pending")
        planned = not self.customer.key or _read_date(self.last) is not None
        return self._say("word.no_callback" if planned else "word.unplanned")

    def _dated(self, late: int) -> str:
        if late > 0:
            return f"{self._say('word.overdue_before')}{late}{self._say('word.overdue_after')}"
        return self._say("word.today" if late == 0 else "word.soon" if late >= -3 else "word.later")

    def _plan_is_past(self) -> bool:
        plan, agreed = _read_date(self.visit.get("expected_purchase")), _read_date(self.agreed)
        return plan is not None and plan < DAY.toordinal() and not (agreed and agreed >= DAY.toordinal())

    def _say(self, key: str) -> str:
        return say(self.lang, key)


def _counts(sheet: str, people: list[dict[str, Wanted]], lang: str) -> dict[Place, Wanted]:
    """The warning and the numbers above the table."""
    states = [str(row["due"]) for row in people]
    before, after = say(lang, "word.overdue_before"), say(lang, "word.overdue_after")
    counted = (
        states.count(say(lang, "word.today")),
        sum(state.startswith(before) and state.endswith(after) for state in states),
        states.count(say(lang, "word.pending")) + states.count(say(lang, "word.plan_past")),
    )
    places = (Place(sheet, 3, column) for column in (7, 10, 12))
    return {Place(sheet, 1, 6): ANYTHING, **dict(zip(places, counted, strict=True))}
