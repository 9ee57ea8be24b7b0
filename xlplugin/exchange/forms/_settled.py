"""Two workbooks calculated whole: one that calls our functions, and the same in plain formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.hosts._book import Book, column_letters
from xlplugin.hosts._formulas import Trait
from xlplugin.hosts._pages import Page, Pages
from xlplugin.hosts._values import same
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlplugin.hosts._engine import Engine
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._values import Value

__all__ = ["Settled"]


class Settled:
    """A workbook that calls our functions and its copy in plain formulas, both calculated.

    Args:
        before: the workbook.
        after: the copy.
    """

    def __init__(self, before: Package, after: Package) -> None:
        date1904 = Book(before).date1904
        desk = Desk(epoch=EPOCH_1904 if date1904 else EPOCH_1900)
        self._before, self._after = _calculated(before, desk.functions()), _calculated(after, {})

    def differing(self, cells: Mapping[str, Mapping[tuple[int, int], bool]]) -> Iterator[tuple[str, int, int]]:
        """The cells, by sheet, row and column, in which the two differ; all where either can't be calculated.

        Args:
            cells: by sheet the rows and columns of those to compare, and whether another text will do there.
        """
        for sheet, places in cells.items():
            asked: dict[int, list[int]] = {}
            for row, column in sorted(places):
                asked.setdefault(column, []).append(row)
            old, new = (_values(engine, sheet, asked) for engine in (self._before, self._after))
            for (row, column), brief in places.items():
                if not old or not new or not _agree(old[column][row], new[column][row], brief=brief):
                    yield sheet, row, column

    def values(self, sheet: str, rows: range, columns: range) -> dict[tuple[int, str], Value]:
        """What cells of the copy come to, by row and letter of the column."""
        found = _values(self._after, sheet, dict.fromkeys(columns, rows))
        return {
            (row, column_letters(column)): _shown(value)
            for column, values in found.items()
            for row, value in values.items()
        }


def _agree(one: Value, other: Value, *, brief: bool) -> bool:
    one, other = _shown(one), _shown(other)
    return same(one, other) or (brief and isinstance(one, str) and isinstance(other, str) and bool(one and other))


def _shown(value: Value) -> Value:
    return "" if value is None else value


def _calculated(package: Package, functions: Mapping[str, object]) -> Engine | None:
    """The engine, which has calculated a workbook; None where it gave up."""
    pages = Pages(Book(package), functions)  # type: ignore[arg-type] # functions by name
    for page in pages.pages.values():
        for place, traits in enumerate(page.traits):
            if traits & Trait.HOPELESS:
                page.pin(place, "cannot_evaluate")
    engine = pages.engine(Page.view_edits)
    return engine if engine.evaluate() is None else None


def _values(engine: Engine | None, sheet: str, asked: Mapping[int, range | list[int]]) -> dict[int, dict[int, Value]]:
    return engine.values(sheet, asked) if engine is not None else {}
