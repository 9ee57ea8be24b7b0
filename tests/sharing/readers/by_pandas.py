"""pandas: every sheet as a table, as an analyst takes it in."""

from __future__ import annotations

import warnings
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from sharing.readers._cells import Shown, each, grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sharing.model import Copy, Gap, Sheets

COLUMNS = {"pandas": "pandas.read_excel"}
GAPS: dict[str, dict[str, Gap]] = {}


def version() -> str:
    """The library's version."""
    return f"pandas {version_of('pandas')}"


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What it makes of the files."""
    return {"pandas": each(copies, _shown)}


def _shown(path: Path) -> Sheets:
    import pandas as pd  # noqa: PLC0415 - slow to load, and only this driver needs it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
        frames = pd.read_excel(path, sheet_name=None, header=None)
    return {str(name): grid(frame.itertuples(index=False)) for name, frame in frames.items()}
