"""What is wrong among the rows of units and wishes together: doubles, choices that can't be met, early deposits."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from xlplugin.decisions.choices import unit_key
from xlplugin.exchange._masks import digits_of
from xlplugin.exchange.place.problems import Problem
from xlplugin.exchange.place.register import SHORTEST_PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.decisions.choices import Open
    from xlplugin.exchange.place.reading import Project

__all__ = ["check"]


def check(project: Project, field: Open) -> list[Problem]:
    """Every problem of the rows together, in the order of their rows."""
    found = [*_units(project), *_wishes(project), *_choices(project, field), *_before_permit(project)]
    found = [*project.problems, *found]
    sheets = {project.unit_area.sheet: 0, project.wish_area.sheet: 1}
    return sorted(found, key=lambda problem: (sheets.get(problem.sheet, 2), problem.row))


def _units(project: Project) -> Iterator[Problem]:
    sheet = project.unit_area.sheet
    if not project.units:
        yield Problem(sheet, 0, "no_units", {})
    first: dict[str, int] = {}
    floors: dict[str, set[str]] = defaultdict(set)
    for unit, row in zip(project.units, project.unit_rows):
        before = first.setdefault(unit_key(unit.unit_no), row)
        if before != row:
            yield Problem(sheet, row, "double_unit", {"found": unit.unit_no, "first": before})
        floors[unit.building].add(unit.floor)
    for building, labels in floors.items():
        if labels == {""}:
            yield Problem(sheet, 0, "no_floors", {"found": building or "—"})


def _wishes(project: Project) -> Iterator[Problem]:
    sheet = project.wish_area.sheet
    if not project.wishes:
        yield Problem(sheet, 0, "no_wishes", {})
    first: dict[str, int] = {}
    phones: dict[str, int] = {}
    for wish, row in zip(project.wishes, project.wish_rows):
        phone = digits_of(wish.phone)
        if len(phone) >= SHORTEST_PHONE and phones.setdefault(phone, row) != row:
            yield Problem(sheet, row, "double_phone", {"first": phones[phone]})
        if not wish.customer_no and not wish.name:
            yield Problem(sheet, row, "nobody", {})
        if wish.customer_no:
            before = first.setdefault(wish.customer_no.casefold(), row)
            if before != row:
                yield Problem(sheet, row, "double_customer", {"found": wish.customer_no, "first": before})
        if not any(wish.choices):
            yield Problem(sheet, row, "no_choice", {})


def _choices(project: Project, field: Open) -> Iterator[Problem]:
    sheet, rows = project.wish_area.sheet, project.wish_rows
    for refusal in field.refused:
        facts = {"found": refusal.unit_no, "rank": refusal.rank}
        yield Problem(sheet, rows[refusal.wish], f"choice_{refusal.why}", facts)
    for at, wish in enumerate(project.wishes):
        if wish.quantity and wish.quantity > len(field.lists[at]) > 0:
            facts = {"wanted": int(wish.quantity), "open": len(field.lists[at])}
            yield Problem(sheet, rows[at], "too_few_open", facts)


def _before_permit(project: Project) -> Iterator[Problem]:
    """Deposits that came in before a unit's permit of sale (decisions.md 24)."""
    permits = {unit_key(unit.unit_no): unit.permit_date for unit in reversed(project.units)}
    for wish, row in zip(project.wishes, project.wish_rows):
        if wish.deposit_time is None:
            continue
        for name in {name: None for names in wish.choices for name in names}:
            permit = permits.get(unit_key(name))
            if permit is not None and wish.deposit_time < permit:
                yield Problem(project.wish_area.sheet, row, "before_permit", {"found": name})
                break
