"""A shared formula's text as each of its cells means it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.hosts._book import column_letters, column_number

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["moved"]

_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_PART = re.compile(
    r"""(?P<skip>"(?:[^"]|"")*"|'(?:[^']|'')*'|\[[^\]]*\])
    |(?<![\w.\\$])(?:
        (?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7})(?![\w.(!\[])
        |(?P<columns>\$?[A-Z]{1,3}:\$?[A-Z]{1,3})(?![\w.(!\[])
        |(?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.(!\[])
    )""",
    re.VERBOSE,
)
_ENDS = re.compile(r"(\$?)([A-Z]+)|(\$?)([0-9]+)|(:)")


class _End(NamedTuple):
    """A column or a row of a reference: its dollar sign, if any, and which it is; no column where it is a row."""

    fixed: str
    column: int | None
    row: int


def moved(text: str, down: int, right: int) -> str:
    """The formula with its relative references moved, as a copy of the cell would have them.

    Args:
        text: the formula without an equals sign.
        down: rows from the formula's home to the copy.
        right: columns from the formula's home to the copy.
    """
    column = _column(text, right)
    if column.least <= down <= column.most:
        return column.pattern % tuple([row + down for row in column.rows])
    return "".join(piece if isinstance(piece, str) else _reference(piece, down, right) for piece in _pieces(text))


class _Column(NamedTuple):
    """A formula as it stands in the copies of one column, but for the rows that are moved.

    Args:
        pattern: the text, with a place for each such row.
        rows: these rows, as the home names them.
        least, most: how far down they can be moved without leaving the sheet.
    """

    pattern: str
    rows: tuple[int, ...]
    least: int
    most: int


@lru_cache(maxsize=1024)
def _column(text: str, right: int) -> _Column:
    pattern = ""
    rows: list[int] = []
    for piece in _pieces(text):
        if isinstance(piece, str):
            pattern += piece.replace("%", "%%")
            continue
        ends = [end for end in piece if not isinstance(end, str)]
        if any(end.column is not None and not 1 <= _moved_column(end, right) <= _LAST_COLUMN for end in ends):
            pattern += "#REF!"
            continue
        rows += [end.row for end in ends if end.column is None and not end.fixed]
        pattern += "".join(end if isinstance(end, str) else _hole(end, right) for end in piece)
    return _Column(pattern, tuple(rows), 1 - min(rows, default=1), _LAST_ROW - max(rows, default=1))


def _hole(end: _End, right: int) -> str:
    if end.column is not None:
        return end.fixed + column_letters(_moved_column(end, right))
    return f"{end.fixed}{end.row}" if end.fixed else "%d"


def _moved_column(end: _End, right: int) -> int:
    assert end.column is not None  # noqa: S101 - the caller has seen to it
    return end.column if end.fixed else end.column + right


@lru_cache(maxsize=256)
def _pieces(text: str) -> tuple[str | tuple[_End | str, ...], ...]:
    """A formula cut into texts and references; a home has many copies, and is read once."""
    pieces: list[str | tuple[_End | str, ...]] = []
    done = 0
    for hit in _PART.finditer(text):
        if hit["skip"] is None:
            pieces += [text[done : hit.start()], tuple(_ends(hit[0]))]
            done = hit.end()
    return (*pieces, text[done:])


def _ends(reference: str) -> Iterator[_End | str]:
    """The columns and rows a reference names, and the colon between them."""
    for sign, letters, row_sign, digits, other in _ENDS.findall(reference):
        yield other or _End(sign or row_sign, column_number(letters) if letters else None, int(digits or 0))


def _reference(ends: tuple[_End | str, ...], down: int, right: int) -> str:
    found = ""
    for end in ends:
        if isinstance(end, str):
            found += end
        elif end.column is None:
            row = end.row + (0 if end.fixed else down)
            if not 1 <= row <= _LAST_ROW:
                return "#REF!"
            found += f"{end.fixed}{row}"
        else:
            column = end.column + (0 if end.fixed else right)
            if not 1 <= column <= _LAST_COLUMN:
                return "#REF!"
            found += end.fixed + column_letters(column)
    return found
