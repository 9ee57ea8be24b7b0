"""A book recalculated after its rows were changed, with the same caution as before the change.

Other people's formulas are believed where the engine gave the last program's answer on the old rows; what it could
not do then keeps its value now.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xlplugin.hosts._book import Book
    from xlplugin.hosts.headless import Report

    Functions = Callable[[bool], Mapping[str, Callable[..., object]]]
    Progress = Callable[[int, int, str], None]

__all__ = ["doubtful", "recalculated"]

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>([^<]*)</")
_TAIL = 1 << 16  # longer than any formula


def doubtful(before: Path, functions_for: Functions, trusted: Callable[[str], bool]) -> set[str]:
    """The formulas of a book that the engine can't do as the last program did.

    Args:
        before: the book as it was.
        functions_for: gives our functions, told whether the book counts its days from 1904.
        trusted: whether a formula needs no check because it is ours.
    """
    book = open_book(before)
    if book.recalculates_on_load or all(trusted(text) for text in _formulas(book)):
        return set()
    return kept(recalc(before, None, functions_for, trusted=trusted))


def kept(report: Report) -> set[str]:
    """The formulas that kept their values in a recalculation."""
    return {entry.formula for entry in report.kept}


def recalculated(
    changed: Path,
    target: Path,
    functions_for: Functions,
    trusted: Callable[[str], bool],
    doubted: set[str],
    progress: Progress | None = None,
) -> Report:
    """What was calculated; the book with its new values is at `target`.

    Args:
        changed: the book with its rows changed.
        target: where the result goes.
        functions_for: as of `doubtful`.
        trusted: as of `doubtful`.
        doubted: what `doubtful` said of the book as it was.
        progress: as of `headless.recalc`.
    """
    return recalc(
        changed,
        target,
        functions_for,
        trusted=lambda text: trusted(text) or text not in doubted,
        progress=progress,
    )


def _formulas(book: Book) -> Iterable[str]:
    """The distinct formulas of a book, read piece by piece."""
    met: set[bytes] = set()
    for sheet in book.sheets:
        rest = b""
        for piece in book.package.stream(sheet.part) if sheet.kind == "worksheet" else ():
            rest = rest[-_TAIL:] + piece
            for raw in set(_FORMULA.findall(rest)) - met:
                met.add(raw)
                yield unescape(raw.decode())
