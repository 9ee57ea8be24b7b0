"""Columns of a range spoken of directly where it is known which they are.

A plain formula that is told a range finds a column of it by `INDEX(range,0,…)`. Not every program gives a whole column
then, and of no other formula is that asked; so what can be known when the formula is written is not left to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["narrowed"]

_RANGE = (
    r"(?:(?:'(?:[^']|'')+'!|[^\W\d][\w.]*!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?"
    r"|(?:[^\W\d][\w.]*)?\[(?:[^\[\]]|\[[^\[\]]*\])*\])"
)
_COLUMN = re.compile(
    rf"""(?P<text>"(?:[^"]|"")*")
    |INDEX\((?P<cells>{_RANGE}),[01],(?:(?P<number>\d+)|MATCH\("(?P<header>(?:[^"]|"")*)",(?P<fields>{_RANGE}),0\))\)""",
    re.VERBOSE,
)


def narrowed(formula: str, column: Callable[[str, int | str, str], str | None]) -> str:
    """The formula with each column of a range spoken of directly.

    Args:
        formula: in any spelling.
        column: what a column is called, told the range, the column's number from 1 or its header, and the range of
            the headers, which is empty where there is a number; None where that is not known.
    """

    def instead(hit: re.Match[str]) -> str:
        if not hit["cells"]:
            return hit[0]
        which = int(hit["number"]) if hit["number"] else hit["header"].replace('""', '"')
        return column(hit["cells"], which, hit["fields"] or "") or hit[0]

    return _COLUMN.sub(instead, formula)
