"""What a scheme file may say; reading one gives a `Scheme` or an error that names the key.

docs/schemes.md tells the same to the person who writes one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from xlplugin.domain import EMPTY_STATUSES, STATUSES
from xlplugin.rulebook._braces import check_texts
from xlplugin.rulebook._checked import Section
from xlplugin.rulebook._fields import Tokens, read_field, words
from xlplugin.rulebook._fixed_days import fixed_days
from xlplugin.rulebook._sources import basis_of, place_in_source, read_sources
from xlplugin.rulebook.model import (
    Condition,
    Derived,
    Field,
    Interval,
    Line,
    Parameter,
    Points,
    Scheme,
    Table,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_scheme"]

DERIVED_KINDS = ("days_until", "days_since", "months_until", "calendar_months", "count", "points")
MAX_INTERVAL_DAYS = 3650
_COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(\S+)")
_TOP = (
    "id title rank unordered source input derived limits points first required table interval interval_from "
    "grade_name grade_as note falling fixed_days levels"
).split()
_TABLE = "id on test bands otherwise line because given applies lowered blanks".split()


class _SchemeReader:
    """Reads one file; holds what the later parts must refer to: fields, derived quantities, limits."""

    def __init__(self, top: Section, vocabulary: Mapping[str, Tokens], common: Mapping[str, Field]) -> None:
        self.top = top
        self.common = common
        self.parameters: dict[str, Parameter] = {}
        names = top.section("grade_name")
        self.names = {grade: words(names, grade) for grade in names.values}
        self.fields = {id_: read_field(id_, part, vocabulary) for id_, part in top.section("input").items()}
        self.points = self._points()
        self.derived = {id_: self._derived(id_, part) for id_, part in top.section("derived").items()}
        self.limits = {id_: self._limit(id_, part) for id_, part in top.section("limits").items()}
        self._check_falling()

    def _known(self, section: Section, key: str, name: str, allowed: Mapping[str, object]) -> str:
        if not isinstance(name, str) or name not in allowed:
            raise section.error(section.at(key), name, " / ".join(allowed) or "-")
        return name

    def _limit(self, id_: str, section: Section) -> float | int:
        section.only(("value", "basis", "label", "lines"))
        value = section.number("value")
        place_in_source(section)
        path = f"limits.{id_}"
        self.parameters[path] = Parameter(path, value, basis_of(section), words(section, "label"))
        return value

    def _check_falling(self) -> None:
        """Limits that make sense only in one order, such as those of visits for A, B and C, stand in it."""
        for names in self.top.take("falling", list, []) or []:
            if not isinstance(names, list):
                raise self.top.error("falling", names, '[["a_limit", "b_limit"]]')
            for name in names:
                self._known(self.top, "falling", name, self.limits)
            values = [self.limits[name] for name in names]
            if values != sorted(set(values), reverse=True):
                raise self.top.error("falling", values, f"{' > '.join(names)}")

    def _points(self) -> Points | None:
        section = self.top.section("points")
        if not section.values:
            return None
        section.only(("full", "basis", "table"))
        basis, full = basis_of(section), section.number("full")
        table: dict[str, dict[str, float]] = {}
        for id_, row in section.section("table").items():
            field = self.fields[self._known(section, "table", id_, self.fields)]
            row.only(field.tokens)
            table[id_] = {token: row.number(token) for token in field.tokens}
            for token, value in table[id_].items():
                path = f"points.{id_}.{token}"
                label = {lang: f"{text} {token}" for lang, text in field.label.items()}
                self.parameters[path] = Parameter(path, value, basis, label)
        best = sum(max(row.values()) for row in table.values())
        if best != full:
            raise section.error(section.at("table"), best, f"{full} (sum of the best answers / 最高分之和)")
        return Points(table, basis, full)

    def _derived(self, id_: str, section: Section) -> Derived:
        section.only(("label", "kind", "date", "number", "fields"))
        derived = Derived(
            id=id_,
            label=words(section, "label"),
            kind=section.one_of("kind", DERIVED_KINDS),
            date=section.take("date", str),
            number=section.take("number", str),
            fields=section.names("fields"),
        )
        for key, name in (("date", derived.date), ("number", derived.number)):
            if name is not None:
                self._known(section, key, name, self.fields)
        for name in derived.fields:
            self._known(section, "fields", name, self.fields)
        needed = {"count": bool(derived.fields), "points": self.points is not None}.get(derived.kind, derived.date)
        if id_ in self.fields or not needed or (derived.fields and derived.kind != "count"):
            allowed = "count: fields; points: [points]; days_…, months_…, calendar_months: date, number"
            raise section.error(section.key, dict(section.values), allowed)
        return derived

    # conditions -----------------------------------------------------------------------------------------------

    def conditions(self, section: Section) -> tuple[Condition, ...]:
        when = section.section("when")
        return tuple(self._condition(when, subject, text) for subject, text in when.values.items())

    def _condition(self, when: Section, subject: str, text: object) -> Condition:
        self._known(when, subject, subject, {**self.fields, **self.derived})
        if text in ("blank", "given"):
            return Condition(subject, str(text))
        field = self.fields.get(subject)
        if field is not None and field.kind == "yes_no":
            if text not in ("yes", "no"):
                raise when.error(when.at(subject), text, "yes / no / blank / given")
            return Condition(subject, str(text))
        if field is not None and field.kind == "choice":
            tokens = tuple(text) if isinstance(text, list) and text else (text,)
            for token in tokens:
                self._known(when, subject, cast("str", token), field.tokens)
            return Condition(subject, "in", tokens=cast("tuple[str, ...]", tokens))
        return self._comparison(when, subject, text)

    def _comparison(self, when: Section, subject: str, text: object) -> Condition:
        match = _COMPARISON.fullmatch(text) if isinstance(text, str) else None
        if match:
            test, right = match.groups()
            if right == "0":  # before or after today is no number anybody published
                return Condition(subject, test, limit=0)
            if right in self.limits:
                return Condition(subject, test, limit=self.limits[right], path=f"limits.{right}")
            if right in self.fields or right in self.derived:
                return Condition(subject, test, other=right)
        names = [*self.limits, *self.fields, *self.derived]
        raise when.error(when.at(subject), text, f"< <= > >= = & {' / '.join(names)} / 0")

    # lines and tables -----------------------------------------------------------------------------------------

    def line(
        self,
        number: int,
        section: Section,
        when: tuple[Condition, ...],
        because: Words | None = None,
        facts: Mapping[str, float] | None = None,
    ) -> Line:
        """One line; `because` is its table's, for a band that gives no reason of its own."""
        status = section.one_of("status", STATUSES, "ok")
        grade = section.take("grade", str)
        if (grade is None) != (status in EMPTY_STATUSES):
            raise section.error(section.at("grade"), grade, f"a grade, or a status of {sorted(EMPTY_STATUSES)}")
        return Line(
            number=number,
            when=when,
            grade=grade,
            status=status,
            because=section.words("because", needed=False) or because or words(section, "because"),
            basis=basis_of(section),
            lines=place_in_source(section),
            contact=section.take("contact", bool, True) is not False,
            aim=section.take("aim", bool, True) is not False,
            facts=facts or {},
        )

    def lines(self, sections: list[Section]) -> tuple[Line, ...]:
        lines = []
        for number, part in enumerate(sections, 1):
            part.only(("when", "grade", "status", "basis", "lines", "because", "contact", "aim"))
            lines.append(self.line(number, part, self.conditions(part)))
        return tuple(lines)

    def table(self, section: Section) -> Table:
        section.only(_TABLE)
        given = section.names("given")
        for name in given:
            self._known(section, "given", name, self.fields)
        lines = self._bands(section) if "bands" in section.values else self.lines(section.sections("line"))
        always = [line.number for line in lines if not line.when]
        if not lines or always != [lines[-1].number]:
            allowed = "the last line, and only that one, always holds (when = {} / otherwise)"
            raise section.error(section.at("line"), always, allowed)
        applies = section.one_of("applies", ("always", "all_given", "any_given"), "always")
        if applies != "always" and not given:
            raise section.error(section.at("given"), None, "the inputs that applies speaks of")
        return Table(
            id=section.need("id", str),
            lines=lines,
            given=given,
            applies=applies,
            lowered=_status(section, "lowered"),
            blanks=_status(section, "blanks"),
        )

    def _bands(self, section: Section) -> tuple[Line, ...]:
        on = self._known(section, "on", section.need("on", str), {**self.fields, **self.derived})
        falling = section.one_of("test", ("at_least", "at_most")) == "at_least"
        because = section.words("because", needed=False)
        lines: list[Line] = []
        limits: list[float] = []
        for band in section.sections("bands"):
            band.only(("grade", "limit", "to", "basis", "lines", "because"))
            facts = {"better": limits[-1]} if limits else {}
            limits.append(self._band_limit(band))
            test = "at_least" if falling else "at_most"
            lines += self._band_lines(len(lines) + 1, band, on, test, because, facts)
        if not limits or limits != sorted(set(limits), reverse=falling):
            order = "falling / 由大到小" if falling else "rising / 由小到大"
            raise section.error(section.at("bands"), limits, order)
        last = section.section("otherwise")
        last.only(("grade", "basis", "lines", "because"))
        facts = {"limit": limits[-1]}
        return (*lines, self.line(len(lines) + 1, last, (), because=because, facts=facts))

    def _band_limit(self, band: Section) -> float:
        limit, grade = band.number("limit"), band.need("grade", str)
        path = f"bands.{grade}.limit"
        name = self.names.get(grade, {"zh": f"{grade} 级", "en": grade})
        label = {"zh": f"{name['zh']}界值", "en": f"limit of grade {name['en']}"}
        self.parameters[path] = Parameter(path, limit, basis_of(band), label)
        return limit

    def _band_lines(
        self, number: int, band: Section, on: str, test: str, because: Words | None, facts: Mapping[str, float]
    ) -> list[Line]:
        """One line of a band; two where the source leaves values between this band and the next unnamed."""
        limit = band.number("limit")
        sign = ">=" if test == "at_least" else "<="
        within = Condition(on, sign, limit=limit, path=f"bands.{band.need('grade', str)}.limit")
        line = self.line(number, band, (within,), because=because, facts={**facts, "limit": limit})
        if "to" not in band.values:
            return [line]
        to = band.number("to")
        ends = [limit, to, facts.get("better", to + 1 if test == "at_least" else to - 1)]
        if ends != sorted(set(ends), reverse=test == "at_most"):
            raise band.error(band.at("to"), to, f"{ends[0]} - {ends[2]}")
        beyond = Condition(on, ">" if test == "at_least" else "<", limit=to)
        gap = replace(line, when=(within, beyond), status="gap", basis="P", facts={**line.facts, "to": to})
        return [gap, replace(line, number=number + 1)]

    # intervals ------------------------------------------------------------------------------------------------

    def intervals(self, grades: tuple[str, ...]) -> tuple[dict[str, Interval], Words | None]:
        section = self.top.section("interval")
        if "none" in section.values:
            section.only(("none",))
            return {}, section.words("none")
        section.only(grades)
        intervals = {}
        for grade in grades:
            if grade not in section.values:
                raise section.error(section.at(grade), None, '{ days = 7 or "none", basis = "S|I|P" }')
            intervals[grade] = self._interval(grade, section.section(grade))
        return intervals, None

    def _interval(self, grade: str, section: Section) -> Interval:
        section.only(("days", "basis", "lines"))
        place_in_source(section)
        days = section.values.get("days")
        whole = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MAX_INTERVAL_DAYS
        if days != "none" and not whole:
            raise section.error(section.at("days"), days, f'1-{MAX_INTERVAL_DAYS}, "none"')
        value = cast("int", days) if whole else None
        path = f"interval.{grade}"
        name = self.names.get(grade, {"zh": f"{grade} 级", "en": grade})
        label = {"zh": f"{name['zh']}回访间隔(天)", "en": f"interval of grade {name['en']} (days)"}
        interval = Interval(value, basis_of(section))
        self.parameters[path] = Parameter(path, value, interval.basis, label)
        return interval


def _status(section: Section, key: str) -> str | None:
    graded = [status for status in STATUSES if status not in EMPTY_STATUSES]
    return section.one_of(key, graded) if key in section.values else None


def read_scheme(
    raw: Mapping[str, object],
    path: str,
    vocabulary: Mapping[str, Tokens],
    common: Mapping[str, Field],
) -> Scheme:
    """A scheme from what its file says.

    Args:
        raw: the file's content as `tomllib` gives it.
        path: the file, as errors name it.
        vocabulary: token lists that a file may name.
        common: the fields that every scheme reads.

    Raises:
        XlpError: `scheme_file`, with the key, what was found there and what is allowed.
    """
    top = Section(raw, path)
    top.only(_TOP)
    reader = _SchemeReader(top, vocabulary, common)
    sources = read_sources(top)
    first = reader.lines(top.sections("first"))
    tables = tuple(reader.table(part) for part in top.sections("table"))
    grades, ranked = _grades(top, tables)
    intervals, no_interval = reader.intervals(grades)
    required = top.section("required")
    required.only(("all", "any"))
    for key in ("all", "any"):
        for name in required.names(key):
            reader._known(required, key, name, {**reader.fields, **reader.derived})  # noqa: SLF001 - same module
    scheme = Scheme(
        id=top.need("id", str),
        title=words(top, "title"),
        sources=sources,
        grades=grades,
        ranked=ranked,
        fields=reader.fields,
        derived=reader.derived,
        first=first,
        required=required.names("all"),
        required_any=required.names("any"),
        tables=tables,
        points=reader.points,
        intervals=intervals,
        no_interval=no_interval,
        interval_from=_interval_from(top, reader),
        names=reader.names,
        grade_as=top.words("grade_as", needed=False),
        note=top.words("note", needed=False),
        parameters=reader.parameters,
        raw=raw,
        path=path,
        fixed_days=fixed_days(top, reader.limits),
        levels=_levels(top, grades),
    )
    check_texts(top, scheme, reader.limits)
    return scheme


def _grades(top: Section, tables: tuple[Table, ...]) -> tuple[tuple[str, ...], bool]:
    """The grades from best to worst, and whether they are ranked at all; every grade of a line must be among them."""
    ranked = "rank" in top.values
    grades = top.names("rank" if ranked else "unordered")
    if not tables or not grades or len(set(grades)) != len(grades):
        raise top.error("rank", list(grades), 'rank or unordered = ["A", "B", …]; [[table]]')
    used = {line.grade for table in tables for line in table.lines if line.grade is not None}
    if used != set(grades):
        raise top.error("rank", sorted(set(grades) ^ used), f"{sorted(used)}")
    return grades, ranked


def _levels(top: Section, grades: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The levels of grades that are no ladder one by one, best first; grades of one level are not compared."""
    found = top.take("levels", list, []) or []
    levels = tuple(tuple(map(str, level)) if isinstance(level, list) else () for level in found)
    if levels and sorted(grade for level in levels for grade in level) != sorted(grades):
        raise top.error("levels", found, f"{sorted(grades)}")
    return levels


def _interval_from(top: Section, reader: _SchemeReader) -> str:
    dates = [id_ for id_, field in {**reader.common, **reader.fields}.items() if field.kind == "date"]
    return top.one_of("interval_from", dates, "last_contact")
