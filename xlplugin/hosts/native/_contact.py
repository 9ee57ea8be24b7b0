"""The next contact as plain formulas: what `xlplugin.decisions.cadence` works out, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.hosts.native._reading import BAD, BLANK, any_of, text
from xlplugin.hosts.native._rules import REACH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xlplugin.rulebook.model import Scheme

    Cell = Callable[[str], str]

__all__ = ["contact"]


def contact(
    scheme: Scheme, value: Cell, rule: Cell, own: Cell, used: str, no_contact: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Each formula of a scheme's next contact with its part, in order.

    Args:
        scheme: the scheme.
        value: the cell of an input's value, by id; also of `last_contact`, `agreed_contact` and `opt_out`.
        rule: the cell of a parameter, by its path.
        own: the cell of one of these formulas, by its part.
        used: the cell with the grade that the date goes by.
        no_contact: tests, one of which holds where there is to be no contact.
    """
    start, planned = own("start"), own("planned")
    days = _interval(scheme, rule, used, no_contact)
    fixed = _fixed(scheme, rule)
    yield "interval", f"IF({fixed[0]}=1,{BLANK},{days})" if fixed else days
    if fixed:
        yield "days", days
    yield "start", _start(scheme, value, own)
    days = own("days" if fixed else "interval")
    yield "computed", f'IF(OR({days}="",{start}=""),"",{_counted(fixed, days, start)})'
    yield "planned", _moved(own("computed"), _known(value, start))
    yield "contact", _date(value, planned, start)
    yield "flags", _flags(value, planned, start)


def _interval(scheme: Scheme, rule: Cell, used: str, no_contact: Sequence[str]) -> str:
    """Days to the next contact; a rule that says none is a text there."""
    if not scheme.intervals:
        return BLANK
    made = BLANK
    for grade in reversed(scheme.grades):
        names = dict.fromkeys((grade, *scheme.names.get(grade, {}).values()))
        tests = any_of(f'{used}&""={text(name + end)}' for name in names for end in ("", "级"))
        made = f"IF({tests},{rule(f'interval.{grade}')},{made})"
    stopped = [f"NOT({rule('ok')})", *no_contact]
    return f"IF({any_of(stopped)},{BLANK},{made})"


def _fixed(scheme: Scheme, rule: Cell) -> list[str]:
    """The cells of the fixed days of a month: the switch, then the days; none where the scheme knows none."""
    names: Sequence[str] = scheme.raw.get("fixed_days", ())  # type: ignore[assignment] # the loader has checked it
    return [rule(f"limits.{name}") for name in names]


def _counted(fixed_days: Sequence[str], days: str, start: str) -> str:
    """The day an interval leads to, or the next fixed day where the rules switch those on."""
    if not fixed_days:
        return f"{days}+{start}"
    switch, *fixed = fixed_days
    low, high = f"MIN({','.join(fixed)})", f"MAX({','.join(fixed)})"
    later = f"IF(DAY({start})<{high},{start}-DAY({start})+{high},EOMONTH({start},0)+{low})"
    return f"IF({switch}=1,IF(DAY({start})<{low},{start}-DAY({start})+{low},{later}),{days}+{start})"


def _start(scheme: Scheme, value: Cell, own: Cell) -> str:
    last = f"IF(ISNUMBER({value('last_contact')}),{value('last_contact')},{BLANK})"
    if scheme.interval_from not in scheme.fields:
        return last
    counted = value(scheme.interval_from)
    return f"IF(AND({own('line')}>0,ISNUMBER({counted})),{counted},{last})"


def _known(value: Cell, start: str) -> str:
    """The last contact, else the day the interval counts from."""
    return f"IF(ISNUMBER({value('last_contact')}),{value('last_contact')},{start})"


def _stop(value: Cell) -> str:
    return f"OR({value('opt_out')}=1,{value('opt_out')}={BAD})"


def _moved(computed: str, known: str) -> str:
    """The day on the calendar where the rule is on: the working day before, else after.

    The calendar reaches past every holiday entered; beyond it only weekends are not worked.
    """
    at = f"{computed}-[!*/first_day]+1"
    inside = f"AND({at}>{REACH},{at}<=[!*/days]-{REACH})"
    before = f"IF({inside},INDEX([!*/worked_before],{at}),WORKDAY({computed}+1,-1))"
    after = f"IF({inside},INDEX([!*/worked_after],{at}),WORKDAY({computed}-1,1))"
    too_early = f'IF({before}="",TRUE,IF({known}="",FALSE,{before}<={known}))'
    moved = f'IF({too_early},IF({after}="",{computed},{after}),{before})'
    return f'IF({computed}="","",IF([!*/working_days]=TRUE,{moved},{computed}))'


def _date(value: Cell, planned: str, start: str) -> str:
    agreed, known = value("agreed_contact"), _known(value, start)
    past = f'IF({known}="",FALSE,{agreed}<={known})'
    chosen = f"IF(ISNUMBER({agreed}),IF({past},{planned},{agreed}),{planned})"
    return f"IF({_stop(value)},{BLANK},{chosen})"


def _flags(value: Cell, planned: str, start: str) -> str:
    agreed, known = value("agreed_contact"), _known(value, start)
    unread = f"OR({value('last_contact')}={BAD},{agreed}={BAD})"
    late = f'IF({known}="",FALSE,{agreed}<={known})'
    beyond = f"IF(ISNUMBER({planned}),{agreed}>{planned},FALSE)"
    said = f"IF({late},[=flag.agreed_in_past],IF({beyond},[=flag.beyond_policy],{BLANK}))"
    with_date = f"{said}&IF({unread},IF(OR({late},{beyond}),[=join.sentence],{BLANK})&[=flag.unreadable_date],{BLANK})"
    none = f"IF({unread},[=flag.unreadable_date],{BLANK})"
    return f"IF({_stop(value)},[=flag.opt_out],IF(ISNUMBER({agreed}),{with_date},{none}))"
