"""Rows of a table as our functions are handed them: a header range and cells, by the ids of the columns they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, is_blank, show, text_of
from xlplugin.texts import LANGUAGES, say
from xlplugin.worksheet.desk import WrongFormula, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.worksheet.desk import Desk

__all__ = ["Columns", "columns_of", "each", "given", "read"]


class Columns(NamedTuple):
    """Where columns stand in a header range, in the order asked for; and the headers' language: zh, en, or `code`."""

    places: tuple[int | None, ...]
    lang: str
    width: int

    def cells(self, row: Sequence[object]) -> list[object]:
        """The cells of the columns in a row; None where there is no such column."""
        return [None if place is None else row[place] for place in self.places]


def columns_of(desk: Desk, fields: object, prefix: str, ids: Sequence[str]) -> Columns:
    """Where some columns stand in a header range; each is known by its id and its text in every language.

    Args:
        desk: where a range handed over again is known.
        fields: the header range.
        prefix: before the ids in the texts.
        ids: the columns.

    Raises:
        WrongFormula: #N/A where the range has none of them.
    """
    return desk.once(fields, f"{prefix} {' '.join(ids)}", lambda: _columns(fields, prefix, ids))


def _columns(fields: object, prefix: str, ids: Sequence[str]) -> Columns:
    names = {text_of(say(lang, f"{prefix}.{id_}")): id_ for id_ in ids for lang in LANGUAGES}
    names |= {text_of(id_): id_ for id_ in ids}
    header = [cell for row in rows_of(fields) for cell in row]
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        if isinstance(cell, str) and text_of(cell) in names:
            places.setdefault(names[text_of(cell)], place)
    if not places:
        raise WrongFormula("#N/A")
    words = {id_: show(header[place]).strip() for id_, place in places.items()}
    lang = "zh" if any(not word.isascii() for word in words.values()) else "en"
    if all(id_ == word for id_, word in words.items()):
        lang = "code"
    return Columns(tuple(places.get(id_) for id_ in ids), lang, len(header))


def given(columns: Columns, evidence: object) -> list[list[object]]:
    """The cells of the columns in each row of a range.

    Raises:
        WrongFormula: #VALUE! where the range is not as wide as its headers.
    """
    rows = rows_of(evidence)
    if any(len(row) != columns.width for row in rows):
        raise WrongFormula("#VALUE!")
    return [columns.cells(row) for row in rows]


def read(readers: Sequence[Callable[[object], object]], cells: Sequence[object]) -> list[object] | str:
    """The values of some cells; the status where one cannot be read, an empty text where all are blank."""
    if all(map(is_blank, cells)):
        return ""
    try:
        return [reader(cell) for reader, cell in zip(readers, cells)]
    except Unreadable:
        return "invalid"


def each(cells: object, show: Callable[[object], object]) -> object:
    """The answer for a cell; for a range one for each cell, in its shape."""
    if not isinstance(cells, (list, tuple)):
        return show(cells)
    rows = [[show(cell) for cell in row] for row in rows_of(cells)]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
