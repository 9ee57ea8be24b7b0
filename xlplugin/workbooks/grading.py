"""A whole table graded: each row decided, the results put beside it, every column and row carried through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, is_blank, text_of
from xlplugin.decisions import Chain, Decision, WorkingDays
from xlplugin.errors import XlpError
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.total_rows import is_total_row
from xlplugin.worksheet.functions import say_flags, say_status
from xlplugin.worksheet.layout import WrongFormula, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from xlplugin.rulebook import Rulebook, Scheme
    from xlplugin.worksheet.layout import Layout

__all__ = ["RESULTS", "Graded", "grade_table", "known_headers"]

RESULTS = ("grade", "status", "interval_days", "next_contact", "flags", "why")


@dataclass(frozen=True, slots=True)
class Graded:
    """A table with its results.

    Args:
        headers: its headers, the results' among them.
        rows: its rows; dates stay dates.
        counts: how many rows have each grade, best first; rows without one under an empty text.
        statuses: how many rows have each status code.
        totals: the places, from 0, of rows that sum the table up and are not graded.
    """

    headers: list[str]
    rows: list[list[object]]
    counts: dict[str, int]
    statuses: dict[str, int]
    totals: list[int]


def known_headers(book: Rulebook, scheme: Scheme) -> list[str]:
    """Every header a scheme reads, in the form `text_of` gives it, the scheme's own first."""
    words = []
    for id_, field in {**scheme.fields, **book.common}.items():
        words += [text_of(word) for word in (id_, *field.label.values(), *field.also)]
    return list(dict.fromkeys(words))


def grade_table(
    book: Rulebook,
    scheme: Scheme,
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    as_of: date,
    lang: str = "codes",
    working_days: WorkingDays | None = None,
    epoch: int = EPOCH_1900,
    progress: Callable[[int, int], None] | None = None,
) -> Graded:
    """The table with grade, status, interval, next contact date, flags and why beside each row.

    Args:
        book: the rulebook the scheme is from.
        scheme: the scheme to judge by.
        headers: the table's headers.
        rows: its rows, each as wide as the headers.
        as_of: the day a row without its own is judged on.
        lang: codes, zh or en, for statuses, flags and headers; explanations follow the table's headers where codes.
        working_days: the calendar, where the working-day rule is on.
        epoch: day 0 of the table's serial dates, as an ordinal.
        progress: told how many rows of how many are done, now and then.

    Raises:
        XlpError: no column is one of the scheme's, or one stands twice.
    """
    layout = _layout(book, scheme, headers)
    places, pick = _places(headers), layout.picker()
    chain = Chain(scheme, epoch=epoch, working_days=working_days)
    sentences = (layout.lang if layout.lang in LANGUAGES else "en") if lang == "codes" else lang
    answer = "code" if lang == "codes" else lang
    counts: dict[str, int] = dict.fromkeys((*scheme.grades, ""), 0)
    statuses: dict[str, int] = {}
    totals: list[int] = []
    graded = []
    for number, row in enumerate(rows, 1):
        is_total = is_total_row(row)
        if is_total:
            totals.append(number - 1)
        if is_total or all(is_blank(cell) for cell in row):
            graded.append(_with(row, places, [None] * len(RESULTS)))
            continue
        decision = _decide(chain, layout.common, pick(row), row, as_of)
        counts[decision.grade] += 1
        statuses[decision.status] = statuses.get(decision.status, 0) + 1
        graded.append(_with(row, places, _results(decision, answer, sentences)))
        if progress is not None and number % 2000 == 0:
            progress(number, len(rows))
    return Graded(_headed(headers, places, answer), graded, counts, statuses, totals)


def _layout(book: Rulebook, scheme: Scheme, headers: Sequence[str]) -> Layout:
    try:
        layout = layout_of(book, scheme, headers)
    except WrongFormula:
        # A table may hold nothing but dates where the scheme asks for nothing.
        known = known_headers(book, scheme)
        asks = scheme.required or scheme.required_any
        if asks or not any(text_of(header) in known for header in headers):
            allowed = ", ".join(f"{field.label['zh']} / {name}" for name, field in scheme.fields.items())
            raise XlpError("no_column", scheme=scheme.id, allowed=allowed) from None
        layout = layout_of(book, scheme, [*headers, next(iter(scheme.fields))])
        columns = tuple(None for _ in scheme.fields)
        return layout._replace(columns=columns, width=len(headers))
    if layout.twice:
        raise XlpError("column_twice", found=", ".join(layout.twice))
    return layout


def _decide(
    chain: Chain, places: Mapping[str, int], cells: Sequence[object], row: Sequence[object], as_of: date
) -> Decision:
    common = {name: row[column] for name, column in places.items()}
    day = common.get("as_of")
    return chain.decide(
        cells,
        as_of if is_blank(day) else day,
        common.get("last_contact"),
        common.get("agreed_contact"),
        common.get("opt_out"),
    )


def _results(decision: Decision, answer: str, sentences: str) -> list[object]:
    return [
        decision.grade,
        say_status(answer, decision.status),
        decision.interval_days,
        decision.next_contact,
        say_flags(answer, decision.flags),
        decision.why(sentences),
    ]


def _places(headers: Sequence[str]) -> list[int]:
    """Where each result goes: into its own column where the table has one already, else behind the last."""
    names = [text_of(header) for header in headers]
    places = []
    behind = len(headers)
    for result in RESULTS:
        spellings = {text_of(result), *(text_of(say(lang, f"result.{result}")) for lang in LANGUAGES)}
        at = next((place for place, name in enumerate(names) if name in spellings), None)
        if at is None:
            at, behind = behind, behind + 1
        places.append(at)
    return places


def _with(row: Sequence[object], places: Sequence[int], results: Sequence[object]) -> list[object]:
    out = list(row) + [None] * (max(*places, len(row) - 1) + 1 - len(row))
    for place, result in zip(places, results):
        out[place] = result
    return out


def _headed(headers: Sequence[str], places: Sequence[int], answer: str) -> list[str]:
    out = list(headers) + [""] * (max(*places, len(headers) - 1) + 1 - len(headers))
    for place, result in zip(places, RESULTS):
        if place >= len(headers):
            out[place] = result if answer == "code" else say(answer, f"result.{result}")
    return out
