"""A scheme as data: what a scheme file says, checked and typed. Nothing here decides anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Condition",
    "Derived",
    "Field",
    "Interval",
    "Line",
    "Parameter",
    "Points",
    "Scheme",
    "Settings",
    "Source",
    "Table",
    "Words",
]

# The same text in every language, by language code.
Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scheme is printed: title, seed file, lines; `cite` is the short form used in an explanation."""

    title: str
    file: str
    lines: str

    @property
    def key(self) -> str:
        """The short name by which a source is cited: the three digits of a seed, else the file's name."""
        stem = self.file.rsplit("/", 1)[-1].partition(".")[0]
        return stem[:3] if stem[:3].isdecimal() else stem


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a scheme.

    Args:
        id: its name in code, headers and golden cases.
        label: its header in each language; `also` are further headers it is known by.
        kind: number, whole, days, fraction, yes_no, choice or date.
        low, high: the range of a number, both included.
        tokens: of a choice, each token with the words it is typed as, per language, best first.
        blank: the value a blank cell stands for, as it would be typed; None where blank means unknown.
        ask: what to find out or do to better it, for the advice in XLP_RAISE.
    """

    id: str
    label: Words
    kind: str
    also: tuple[str, ...] = ()
    low: float = float("-inf")
    high: float = float("inf")
    tokens: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    blank: str | int | None = None
    ask: Words | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity worked out from inputs: days_until, days_since, months_until, calendar_months, count or points."""

    id: str
    label: Words
    kind: str
    date: str | None = None
    number: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one value.

    Args:
        subject: the field or derived quantity tested.
        test: one of `in`, `yes`, `no`, `blank`, `given`, `<`, `<=`, `>`, `>=`, `=`.
        tokens: of `in`, the tokens that pass.
        limit: of a comparison, the number; None where another field is compared with.
        other: the id of that other field.
        path: the parameter the limit is, such as `limits.a_visits`; None for a number nobody may set.
    """

    subject: str
    test: str
    tokens: tuple[str, ...] = ()
    limit: float | None = None
    other: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: when all its conditions hold, its grade or status is the answer.

    Args:
        number: its place in its table, from 1.
        because: the reason it gives, per language, with names of values in braces.
        basis: S stated by the source, I inferred from it, P our proposal.
        lines: where in the source it stands.
        contact: False where no further contact is to be made whatever the grade.
        aim: False where no advice is to lead to this line, such as a call cut short.
        facts: numbers its reason may name, such as `limit`.
    """

    number: int
    when: tuple[Condition, ...]
    grade: str | None
    status: str
    because: Words
    basis: str
    lines: str
    contact: bool = True
    aim: bool = True
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table with hit policy *first*.

    Args:
        applies: `always`, `all_given` or `any_given` (of the inputs in `given`).
        lowered: the status where this table lowers the grade of the tables before it; None leaves it.
        blanks: the status where an input in `given` is blank; None leaves it.
    """

    id: str
    lines: tuple[Line, ...]
    given: tuple[str, ...] = ()
    applies: str = "always"
    lowered: str | None = None
    blanks: str | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Points for each answer to each question; the derived quantity of kind `points` is their sum."""

    table: Mapping[str, Mapping[str, float]]
    basis: str
    full: float


@dataclass(frozen=True, slots=True)
class Interval:
    """Days to the next contact of one grade; None where there is to be none."""

    days: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a scheme that an office may set otherwise, by its path, such as `bands.H.limit`.

    Args:
        low, high: what may stand in its place, both included.
    """

    path: str
    value: float | int | None
    basis: str
    label: Words
    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers of a rule that is no grading standard, such as the tolerances of unit placement, with their sources."""

    id: str
    title: Words
    sources: tuple[Source, ...]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One published grading standard.

    Args:
        ranked: whether `grades` runs from best to worst; where not, grades are not compared.
        interval_from: the date field an interval counts from.
        first: lines looked at before anything else, such as out of scope.
        required: values without which there is no grade; `required_any`: at least one of these.
        names: words for grades that are not letters, per grade and language.
        grade_as: how a sentence speaks of a grade, such as 阶段{grade}; without it {grade}级.
        fixed_days: the days of a month on which to call, in place of an interval; empty where the switch is off.
        levels: of grades that are not ranked one by one, those that are: best first, each with the grades in it.
        raw: the file as read, so that an office's own values can be laid over it.
    """

    id: str
    title: Words
    sources: tuple[Source, ...]
    grades: tuple[str, ...]
    ranked: bool
    fields: Mapping[str, Field]
    derived: Mapping[str, Derived]
    first: tuple[Line, ...]
    required: tuple[str, ...]
    required_any: tuple[str, ...]
    tables: tuple[Table, ...]
    points: Points | None
    intervals: Mapping[str, Interval]
    no_interval: Words | None
    interval_from: str
    names: Mapping[str, Words]
    grade_as: Words | None
    note: Words | None
    parameters: Mapping[str, Parameter]
    raw: Mapping[str, object]
    path: str
    fixed_days: tuple[int, ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()

    def rank(self, grade: str) -> int:
        """The place of a grade, 0 for the best."""
        return self.grades.index(grade)
