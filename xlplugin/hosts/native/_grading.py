"""A scheme's tables as plain formulas: the line that holds, the grade it gives, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.domain import STATUSES
from xlplugin.errors import XlpError
from xlplugin.hosts.native._reading import BAD, BLANK, any_of, number, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xlplugin.rulebook.model import Condition, Line, Scheme, Table

    Cell = Callable[[str], str]

__all__ = ["Graded"]

_RANK = {status: rank for rank, status in enumerate(STATUSES)}
_LAST = str(len(STATUSES))  # behind every status


class Graded:
    """The formulas of one scheme's grade.

    Args:
        scheme: the scheme.
        value: the cell of an input's or derived quantity's value, by id.
        rule: the cell of a parameter, by its path; `ok` says whether the rules can be followed.
        own: the cell of one of these formulas, by its part.

    Raises:
        XlpError: `native_scheme`, where a line that comes before everything gives a grade.
    """

    def __init__(self, scheme: Scheme, value: Cell, rule: Cell, own: Cell) -> None:
        if any(line.grade for line in scheme.first):
            raise XlpError("native_scheme", scheme=scheme.id)
        self._scheme, self._value, self._rule, self._own = scheme, value, rule, own
        self._base: Sequence[Line] = (*scheme.first, *scheme.tables[0].lines)
        self._later = dict(enumerate(scheme.tables[1:], 2))

    def parts(self) -> Iterator[tuple[str, str]]:
        """Each formula with its part; of the codes in them 0 is a row that can't be read, a line has its number."""
        yield "line", self._line()
        for place, table in self._later.items():
            yield f"line_{place}", self._later_line(table)
        if self._later:
            yield "rank", self._rank_of(max(self._later))
        yield "grade", self._grade()
        yield "status", self._status()

    def _line(self) -> str:
        """The number of the first line that holds; one past all lines where something is missing."""
        scheme, missing = self._scheme, str(len(self._base) + 1)
        made = str(len(self._base))
        lines = list(enumerate(self._base, 1))
        for place, line in reversed(lines[len(scheme.first) : -1]):
            made = f"IF({self._when(line)},{place},{made})"
        if scheme.required_any:
            made = f"IF({any_of((self._is_blank(id_) for id_ in scheme.required_any), 'AND')},{missing},{made})"
        if scheme.required:
            made = f"IF({any_of(self._is_blank(id_) for id_ in scheme.required)},{missing},{made})"
        for place, line in reversed(lines[: len(scheme.first)]):
            made = f"IF({self._when(line)},{place},{made})"
        unread = [f"{self._value(id_)}={BAD}" for id_ in (*scheme.fields, *scheme.derived)]
        lost = f"NOT({self._rule('ok')})"
        return f"IF({any_of([lost, *unread])},0,{made})"

    def _is_blank(self, id_: str) -> str:
        return f'{self._value(id_)}=""'

    def _when(self, line: Line) -> str:
        return any_of((self._test(condition) for condition in line.when), "AND") if line.when else "TRUE"

    def _test(self, condition: Condition) -> str:
        cell = self._value(condition.subject)
        if condition.test == "in":
            return any_of(f"{cell}={text(token)}" for token in condition.tokens)
        if condition.test in ("yes", "no"):
            return f"{cell}={int(condition.test == 'yes')}"
        if condition.test in ("blank", "given"):
            return f'{cell}{"=" if condition.test == "blank" else "<>"}""'
        other = self._limit(condition)
        numbers = [f"ISNUMBER({one})" for one in ([cell, other] if condition.other else [cell])]
        return any_of([*numbers, f"{cell}{condition.test}{other}"], "AND")

    def _limit(self, condition: Condition) -> str:
        if condition.other is not None:
            return self._value(condition.other)
        assert condition.limit is not None  # noqa: S101 - the loader has checked it
        return self._rule(condition.path) if condition.path else number(condition.limit)

    def _later_line(self, table: Table) -> str:
        made = str(len(table.lines))
        for place, line in reversed(list(enumerate(table.lines[:-1], 1))):
            made = f"IF({self._when(line)},{place},{made})"
        tests = [f"{_chosen(self._own('line'), [bool(line.grade) for line in self._base])}=1"]
        blank = [self._is_blank(id_) for id_ in table.given]
        if table.applies == "all_given":
            tests.append(f"NOT({any_of(blank)})")
        elif table.applies == "any_given":
            tests.append(f"NOT({any_of(blank, 'AND')})")
        return f"IF({any_of(tests, 'AND')},{made},0)"

    def _ranks(self, lines: Sequence[Line]) -> list[int]:
        return [self._scheme.rank(line.grade) if line.grade else -1 for line in lines]

    def _rank_of(self, last: int) -> str:
        """The place of the worst grade that the tables up to one give; -1 where there is none."""
        ranks = [_chosen(self._own("line"), self._ranks(self._base), none="-1")]
        for place, table in self._later.items():
            if place <= last:
                ranks.append(_picked(self._own(f"line_{place}"), self._ranks(table.lines), "-1"))
        return ranks[0] if len(ranks) == 1 else f"MAX({','.join(ranks)})"

    def _grade(self) -> str:
        if not self._later:
            return _chosen(self._own("line"), [text(line.grade or "") for line in self._base], none=BLANK)
        names = ",".join(text(grade) for grade in self._scheme.grades)
        return f"CHOOSE({self._own('rank')}+2,{BLANK},{names})"

    def _status(self) -> str:
        """The status as its place in the order of precedence, from 0."""
        statuses = [str(_RANK[line.status]) for line in self._base]
        line = self._own("line")
        base = f"CHOOSE({line}+1,{_RANK['invalid']},{','.join(statuses)},{_RANK['missing']})"
        lower = [part for place, table in self._later.items() for part in self._lowering(place, table)]
        if not lower:
            return base
        graded = f"{_chosen(line, [bool(one.grade) for one in self._base])}=1"
        return f"MIN({base},IF({graded},MIN({','.join(lower)}),{_LAST}))"

    def _lowering(self, place: int, table: Table) -> Iterator[str]:
        """The statuses that a later table may put in place of a better one."""
        line = self._own(f"line_{place}")
        yield _picked(line, [_RANK[one.status] for one in table.lines], _LAST)
        if table.blanks and table.given:
            yield f"IF({any_of(self._is_blank(id_) for id_ in table.given)},{_RANK[table.blanks]},{_LAST})"
        if table.lowered:
            worse = _picked(line, self._ranks(table.lines), "-1")
            yield f"IF({worse}>{self._rank_of(place - 1)},{_RANK[table.lowered]},{_LAST})"

    def no_contact(self) -> list[str]:
        """Tests, one of which holds where the lines that decided leave no further contact."""
        found = [f"{self._own('line')}={place}" for place, line in enumerate(self._base, 1) if not line.contact]
        for place, table in self._later.items():
            lines = enumerate(table.lines, 1)
            found += [f"{self._own(f'line_{place}')}={at}" for at, line in lines if not line.contact]
        return found


def _chosen(line: str, answers: Sequence[object], none: str = "0") -> str:
    """What stands for a line among all; `none` where the row can't be read or something is missing."""
    listed = ",".join(str(int(answer)) if isinstance(answer, (bool, int)) else str(answer) for answer in answers)
    return f"CHOOSE({line}+1,{none},{listed},{none})"


def _picked(line: str, answers: Sequence[object], none: str) -> str:
    """What stands for a line of a later table; `none` where the table does not apply."""
    return f"CHOOSE({line}+1,{none},{','.join(map(str, answers))})"
