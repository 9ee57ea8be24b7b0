"""Derived quantities as plain formulas: what `xlplugin.decisions.quantities` works out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.hosts.native._reading import BAD, BLANK, any_of, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.rulebook.model import Derived, Scheme

__all__ = ["quantity"]

_FAR = "99999"  # months, where a calendar ends before the date asked for


def quantity(derived: Derived, scheme: Scheme, value: Callable[[str], str], rule: Callable[[str], str]) -> str:
    """A derived quantity's formula: its value, "" where it is unknown, "!" where the inputs do not go together.

    Args:
        derived: the quantity.
        scheme: its scheme.
        value: the cell of an input's value, by the input's id.
        rule: the cell of a parameter, by its path.
    """
    if derived.kind == "count":
        return f"SUM({','.join(value(id_) for id_ in derived.fields)})"
    if derived.kind == "points":
        return _points(scheme, value, rule)
    assert derived.date is not None  # noqa: S101 - the loader has checked it
    number = value(derived.number) if derived.number else BLANK
    return _distance(derived.kind, value("as_of"), value(derived.date), number)


def _points(scheme: Scheme, value: Callable[[str], str], rule: Callable[[str], str]) -> str:
    assert scheme.points is not None  # noqa: S101 - the loader has checked it
    sums = []
    for id_, answers in scheme.points.table.items():
        made = "0"
        for token in reversed(list(answers)):
            made = f"IF({value(id_)}={text(token)},{rule(f'points.{id_}.{token}')},{made})"
        sums.append(made)
    blank = any_of(f'{value(id_)}=""' for id_ in scheme.points.table)
    return f'IF({blank},"",{"+".join(sums)})'


def _distance(kind: str, today: str, day: str, number: str) -> str:
    result, agreed = {
        "days_until": (f"{day}-{today}", f"{number}={day}-{today}"),
        "days_since": (f"{today}-{day}", f"{number}={today}-{day}"),
        "months_until": (_months(today, day), _same_day(today, day, number)),
        "calendar_months": (_calendar(today, day), _same_day(today, day, number)),
    }[kind]
    if number == BLANK:
        unknown, checked = BLANK, result
    else:
        unknown = _numbered(today, number) if kind == "calendar_months" else number
        checked = f'IF({number}="",{result},IF({agreed},{result},{BAD}))'
    unread = any_of(f"{cell}={BAD}" for cell in (day, number) if cell != BLANK)
    dated = f'IF({today}={BAD},{BAD},IF({today}="",{unknown},{checked}))'
    return f'IF({unread},{BAD},IF({day}="",{unknown},IFERROR({dated},{BAD})))'


def _apart(start: str, end: str) -> str:
    return f"((YEAR({end})-YEAR({start}))*12+MONTH({end})-MONTH({start}))"


def _calendar(today: str, day: str) -> str:
    return f"IF({day}<{today},-1,{_apart(today, day)})"


def _months(today: str, day: str) -> str:
    """Months to a day: whole ones as EDATE counts them, rising evenly between two."""
    apart = _apart(today, day)
    whole = f"({apart}-IF(EDATE({today},{apart})>{day},1,0))"
    return (
        f"IF({day}<{today},({day}-{today})/31,{whole}+({day}-EDATE({today},{whole}))"
        f"/(EDATE({today},{whole}+1)-EDATE({today},{whole})))"
    )


def _same_day(today: str, day: str, number: str) -> str:
    return f"IF({number}=INT({number}),IFERROR(EDATE({today},{number})={day},FALSE),FALSE)"


def _numbered(today: str, number: str) -> str:
    """Calendar months from a number of months typed."""
    start = f"EDATE({today},INT({number}))"
    day = f"({start}+INT((EDATE({today},INT({number})+1)-{start})*({number}-INT({number}))))"
    known = f"IFERROR({_calendar(today, day)},{_FAR})"
    return f'IF({number}="","",IF({today}={BAD},{BAD},IF({today}="","",{known})))'
