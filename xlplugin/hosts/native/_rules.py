"""The workbook's own rules as plain formulas: each number of a scheme, and whether the table can be followed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin.decisions.office_rules import DAY_WORKED, EVERY_SCHEME, NO_CONTACT, WORKING_DAYS
from xlplugin.hosts.native._reading import BAD, BLANK, Step, any_of, number, read, text
from xlplugin.rulebook.model import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlplugin.rulebook.model import Scheme, Settings

__all__ = ["CALENDAR_DAYS", "REACH", "RuleLine", "calendar", "rule_lines"]

CALENDAR_DAYS = 1500
REACH = 60  # days that a date may be moved
_PARTS = ("lines", "numbers", "value")
_SWITCH = Field(WORKING_DAYS, {}, "yes_no", blank="no")


class RuleLine(NamedTuple):
    """One line of the workings: what it is of, and the formulas in its three columns.

    Args:
        name: `scheme/path`, by which the row formulas speak of its value.
        lines: how often the rules table names it.
        numbers: how often with a number.
        value: what stands, "!" where that can't be read.
    """

    name: str
    lines: str
    numbers: str
    value: str


def rule_lines(
    schemes: Sequence[Scheme], table: Mapping[str, str], beside: Sequence[Scheme | Settings] = ()
) -> Iterator[RuleLine]:
    """The workings of the rules: each parameter, then each scheme as a whole, then the switch.

    Args:
        schemes: those on the book.
        table: the columns `scheme`, `item`, `value` of the rules table and `day`, `kind` of the holidays, if any.
        beside: schemes and settings whose lines stand there too and are read elsewhere.
    """
    names = []
    for scheme in schemes:
        for path in scheme.parameters:
            line = _parameter(scheme, path, table)
            names.append(f"[!{line.name}:lines]")
            yield line
    yield from _switch(table)
    others = [f"COUNTIF({table['scheme']},{text(word)})" for owner in beside for word in _words(owner)]
    known = "+".join([*names, *others, f"[!{EVERY_SCHEME}/switch:lines]"])
    filled = f"MAX(COUNTA({table['scheme']}),COUNTA({table['item']}))"
    yield RuleLine(f"{EVERY_SCHEME}/known", "", "", f"{known}={filled}")
    for scheme in schemes:
        yield RuleLine(f"{scheme.id}/ok", "", "", _followed(scheme))


def _counted(words: Sequence[str], path: str, table: Mapping[str, str], more: str = "", how: str = "COUNTIFS(") -> str:
    return "+".join(
        f"{how}{table['scheme']},{text(word)},{table['item']},{text(path)}{more})" for word in dict.fromkeys(words)
    )


def _words(owner: Scheme | Settings) -> list[str]:
    """What a line may call the scheme or settings it belongs to."""
    return list(dict.fromkeys(word.casefold() for word in (owner.id, *owner.title.values())))


def _parameter(scheme: Scheme, path: str, table: Mapping[str, str]) -> RuleLine:
    words = _words(scheme)
    name = f"{scheme.id}/{path}"
    lines, numbers = f"[!{name}:lines]", f"[!{name}:numbers]"
    summed = _counted(words, path, table, how=f"SUMIFS({table['value']},")
    published = scheme.parameters[path].value
    otherwise = BAD
    if path.startswith("interval."):
        none = "+".join(_counted(words, path, table, f",{table['value']},{text(word)}") for word in sorted(NO_CONTACT))
        otherwise = f"IF(AND({lines}=1,{none}=1),{BLANK},{BAD})"
    stands = BLANK if published is None else number(published)
    value = f"IF({lines}=0,{stands},IF(AND({lines}=1,{numbers}=1),{summed},{otherwise}))"
    a_number = f',{table["value"]},">=-1E+300"'
    return RuleLine(name, _counted(words, path, table), _counted(words, path, table, a_number), value)


def _switch(table: Mapping[str, str]) -> Iterator[RuleLine]:
    """The working-day rule: read as a yes or no, and held back where the holidays can't be read."""
    cells = {"tidy": f"[!{EVERY_SCHEME}/switch_tidy]", "value": f"[!{EVERY_SCHEME}/switch]"}
    found = f"INDEX({table['value']},MATCH({text(WORKING_DAYS)},{table['item']},0))"
    lines = _counted(["~*", "all", "全部"], WORKING_DAYS, table)
    yield RuleLine(f"{EVERY_SCHEME}/switch_raw", "", "", f'IFERROR({found}&"",{BLANK})')
    for part, formula in read(_SWITCH, f"[!{EVERY_SCHEME}/switch_raw]", cells.__getitem__):
        name = "switch" if part == "value" else f"switch_{part}"
        yield RuleLine(f"{EVERY_SCHEME}/{name}", lines if part == "value" else "", "", formula)
    if "day" not in table:  # no book without holidays has a date that would be moved
        yield RuleLine(f"{EVERY_SCHEME}/{WORKING_DAYS}", "", "", f"IF({cells['value']}={BAD},{BAD},FALSE)")
        return
    day = table["day"]
    yield RuleLine(f"{EVERY_SCHEME}/first_day", "", "", f"IF(COUNT({day})=0,DATE(2026,1,1),MIN({day})-{REACH})")
    yield RuleLine(f"{EVERY_SCHEME}/days", "", "", str(CALENDAR_DAYS))
    first, switch = f"[!{EVERY_SCHEME}/first_day]", cells["value"]
    readable = f"AND(COUNT({day})=COUNTA({day}),MAX({day})+{2 * REACH}<{first}+{CALENDAR_DAYS})"
    lone = f"[!{EVERY_SCHEME}/switch:lines]<=1"
    made = f"IF(AND({lone},{switch}<>{BAD}),IF({switch}=1,IF({readable},TRUE,{BAD}),FALSE),{BAD})"
    yield RuleLine(f"{EVERY_SCHEME}/{WORKING_DAYS}", "", "", made)


def _followed(scheme: Scheme) -> str:
    """Whether a scheme's numbers can be followed: all read, and in the order the published ones stand in."""
    tests = [f"[!{EVERY_SCHEME}/known]", f"[!{EVERY_SCHEME}/{WORKING_DAYS}]<>{BAD}"]
    for path in scheme.parameters:
        cell = f"[!{scheme.id}/{path}]"
        if path.startswith("interval."):
            days = f"IF(ISNUMBER({cell}),AND({cell}=INT({cell}),{cell}>=1,{cell}<=3650),FALSE)"
            tests.append(f'IF({cell}="",TRUE,{days})')
        else:
            tests.append(f"ISNUMBER({cell})")
    return f"IF({any_of(tests, 'AND')},{any_of(['TRUE', *_order(scheme)], 'AND')},FALSE)"


def _order(scheme: Scheme) -> Iterator[str]:
    raw: Any = scheme.raw
    for at, name in enumerate(raw.get("fixed_days", ())):
        cell = f"[!{scheme.id}/limits.{name}]"
        yield f"AND({cell}=INT({cell}),{cell}>=1,{cell}<=28)" if at else f"OR({cell}=0,{cell}=1)"
    for names in raw.get("falling", ()):
        yield from _falling([f"[!{scheme.id}/limits.{name}]" for name in names])
    for table in raw["table"]:
        bands = table.get("bands", ())
        cells = []
        for band in bands:
            cells.append(f"[!{scheme.id}/bands.{band['grade']}.limit]")
            if "to" in band:  # between this band and the one before it
                cells[-1:] = [number(band["to"]), cells[-1]]
        yield from _falling(cells if table.get("test") == "at_least" else cells[::-1])
    if scheme.points is not None:
        best = [
            f"MAX({','.join(f'[!{scheme.id}/points.{id_}.{token}]' for token in answers)})"
            for id_, answers in scheme.points.table.items()
        ]
        yield f"{'+'.join(best)}={number(scheme.points.full)}"


def _falling(cells: Sequence[str]) -> Iterator[str]:
    return (f"{one}>{other}" for one, other in pairwise(cells))


def calendar(table: Mapping[str, str], cell: Callable[[str, int], str]) -> Iterator[tuple[Step, ...]]:
    """The formulas of a calendar, day by day: the day, whether it is worked, and the working days around it.

    Args:
        table: as of `rule_lines`.
        cell: the cell of a part (`day`, `worked`, `before`, `after`) on a day, counted from 0.
    """
    kinds = [text(word) for word in sorted(DAY_WORKED)]
    for at in range(CALENDAR_DAYS):
        day, worked = cell("day", at), cell("worked", at)
        made_up = "+".join(f"COUNTIFS({table['day']},{day},{table['kind']},{kind})" for kind in kinds)
        is_worked = f"IF(COUNTIFS({table['day']},{day})=0,IF(WEEKDAY({day},2)<6,1,0),IF({made_up}>0,1,0))"
        yield (
            Step("day", "[!*/first_day]" if not at else f"{cell('day', at - 1)}+1"),
            Step("worked", is_worked),
            Step("before", _nearest(worked, day, cell("before", at - 1) if at else BLANK, back=True)),
            Step(
                "after", _nearest(worked, day, cell("after", at + 1) if at + 1 < CALENDAR_DAYS else BLANK, back=False)
            ),
        )


def _nearest(worked: str, day: str, next_to: str, *, back: bool) -> str:
    if next_to == BLANK:
        return f"IF({worked}=1,{day},{BLANK})"
    apart = f"{day}-{next_to}" if back else f"{next_to}-{day}"
    return f'IF({worked}=1,{day},IF({next_to}="","",IF({apart}<{REACH},{next_to},"")))'
