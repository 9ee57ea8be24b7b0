"""Signs that stand in compiled formulas for what is known only once all of them are compiled."""

from __future__ import annotations

__all__ = ["COLUMN", "HOLE", "LAST", "NotPlain"]

HOLE = "\0"
"""Stands around the key of a working column in a formula that is not spelled out yet."""

COLUMN = ":"
"""Before such a key: all rows of the column."""

LAST = "\2"
"""Stands for the last row that the workings read."""


class NotPlain(Exception):  # noqa: N818 - no fault, a formula that stays a value
    """A call that can't be put as a plain formula."""
