"""Plain formulas: our functions worked out by any spreadsheet, in working columns, with nothing installed.

The formulas are written as the recipes write theirs: `[key]` is this row's cell, `[=key]` a text in the sheet's
language, `[~中文¦English]` the one or the other, `[!scheme/path]` a number of the workbook's rules as its workings
sheet reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.domain import STATUSES
from xlplugin.hosts.native._bench import CONTACT_FIELDS, Bench, Dated, Step
from xlplugin.hosts.native._contact import contact
from xlplugin.hosts.native._grading import Graded
from xlplugin.hosts.native._quantities import quantity
from xlplugin.hosts.native._reading import blank_of, read
from xlplugin.hosts.native._reason import reason
from xlplugin.hosts.native._rules import CALENDAR_DAYS, RuleLine, calendar, rule_lines
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlplugin.rulebook.model import Field, Scheme

__all__ = [
    "CALENDAR_DAYS",
    "CONTACT_FIELDS",
    "Bench",
    "Dated",
    "RuleLine",
    "Step",
    "Working",
    "calendar",
    "key",
    "rule_lines",
    "workings",
]


class Working(NamedTuple):
    """One working column.

    Args:
        key: its key, by which other formulas speak of it.
        of: the id of the input or scheme it belongs to.
        part: which step it is.
        formula: in the recipes' spelling, without a guard for empty rows.
    """

    key: str
    of: str
    part: str
    formula: str


def key(of: str, part: str) -> str:
    """The key of a working column."""
    return f"{of}.{part}"


def workings(
    scheme: Scheme, cells: Mapping[str, str], used: str | None, known: Mapping[str, Working]
) -> Iterator[Working]:
    """The working columns of one scheme, in an order in which each needs only those before it.

    Args:
        scheme: the scheme.
        cells: where each input stands, with `as_of` and the contact's fields; one left out is blank.
        used: the cell with the grade that the next contact goes by; None where no date is asked for.
        known: columns made already, such as for the scheme beside it; they are not made again.

    Raises:
        XlpError: `native_scheme`, a scheme that plain formulas can't follow.
    """
    fields = {**scheme.fields, **load().common}
    asks_day = any(derived.date for derived in scheme.derived.values())
    needed = {*scheme.fields, *CONTACT_FIELDS, *(("as_of",) if asks_day else ())}
    reads = {id_: _reading(fields[id_], cells[id_]) for id_ in fields if id_ in needed and id_ in cells}
    if "as_of" in reads and cells["as_of"] == cells.get("last_contact"):  # one cell is read once
        reads["as_of"] = reads["last_contact"]
    for columns in {columns[0].key: columns for columns in reads.values()}.values():
        yield from (column for column in columns if column.key not in known)

    def value(id_: str) -> str:
        if id_ in scheme.derived:
            return f"[{key(scheme.id, id_)}]"
        return f"[{reads[id_][-1].key}]" if id_ in reads else blank_of(fields[id_])

    yield from _decided(scheme, value, used)


def _decided(scheme: Scheme, value: Callable[[str], str], used: str | None) -> Iterator[Working]:
    def own(part: str) -> str:
        return f"[{key(scheme.id, part)}]"

    def rule(path: str) -> str:
        return f"[!{scheme.id}/{path}]"

    def column(part: str, formula: str) -> Working:
        return Working(key(scheme.id, part), scheme.id, part, formula)

    for derived in scheme.derived.values():
        yield column(derived.id, quantity(derived, scheme, value, rule))
    graded = Graded(scheme, value, rule, own)
    for part, formula in graded.parts():
        if part == "status":
            words = ",".join(f"[=status.{status}]" for status in STATUSES)
            formula = f"CHOOSE({formula}+1,{words})"  # noqa: PLW2901 - the word is what people read
        yield column(part, formula)
    yield column("reason", reason(scheme, value, rule, own))
    if used is not None:
        for part, formula in contact(scheme, value, rule, own, used, graded.no_contact()):
            yield column(part, formula)


def _reading(field: Field, cell: str) -> list[Working]:
    """The columns that read one input; the last holds its value."""
    steps = read(field, cell, lambda part: f"[{key(field.id, part)}]")
    return [Working(key(field.id, part), field.id, part, formula) for part, formula in steps]
