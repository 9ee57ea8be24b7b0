"""python-calamine: the values that stand in the file, by a reader of its own; it shows error cells as blanks."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from sharing.readers._cells import Shown, each, grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sharing.model import Copy, Gap, Sheets

COLUMNS = {"calamine": "python-calamine"}
GAPS: dict[str, dict[str, Gap]] = {}


def version() -> str:
    """The library's version."""
    return f"python-calamine {version_of('python-calamine')}"


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What it finds in the files."""
    return {"calamine": each(copies, _shown)}


def _shown(path: Path) -> Sheets:
    book = CalamineWorkbook.from_path(str(path))
    return {name: grid(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}
