"""openpyxl, data_only: the values that stand in the file, as most Python scripts and many servers read them."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from sharing.readers._cells import Shown, each, saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharing.model import Copy, Gap

COLUMNS = {"openpyxl": "openpyxl, data_only"}
GAPS: dict[str, dict[str, Gap]] = {}


def version() -> str:
    """The library's version."""
    return f"openpyxl {version_of('openpyxl')}"


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What it finds in the files."""
    return {"openpyxl": each(copies, saved)}
