"""A shared formula's text as each of its cells means it."""

from __future__ import annotations

import re
from functools import partial

from xlplugin.hosts._book import column_letters, column_number

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
_END = re.compile(r"(\$?)([A-Z]+)|(\$?)([0-9]+)")


def moved(text: str, down: int, right: int) -> str:
    """The formula with its relative references moved, as a copy of the cell would have them.

    Args:
        text: the formula without an equals sign.
        down: rows from the formula's home to the copy.
        right: columns from the formula's home to the copy.
    """
    return _PART.sub(partial(_part, down=down, right=right), text)


def _part(hit: re.Match[str], *, down: int, right: int) -> str:
    if hit["skip"] is not None:
        return hit[0]
    ends = _END.sub(partial(_end, down=down, right=right), hit[0])
    return "#REF!" if "?" in ends else ends


def _end(hit: re.Match[str], *, down: int, right: int) -> str:
    if hit[2]:
        column = column_number(hit[2]) + (0 if hit[1] else right)
        return hit[1] + column_letters(column) if 1 <= column <= _LAST_COLUMN else "?"
    row = int(hit[4]) + (0 if hit[3] else down)
    return f"{hit[3]}{row}" if 1 <= row <= _LAST_ROW else "?"
