"""formualizer by its own loader, as loaded and with every formula evaluated; and by ours, as `xlplugin recalc` does."""

from __future__ import annotations

import tempfile
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

import formualizer
from openpyxl.utils.datetime import from_excel

from sharing.copies import trusted
from sharing.model import Gap
from sharing.readers._cells import Shown, cached, each, grid, twice
from xlplugin.cli.recalc import desk_functions
from xlplugin.errors import CellError
from xlplugin.hosts._engine import _KINDS
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from sharing.model import Copy, Sheets

Place = tuple[int, int]
COLUMNS = {
    "formualizer": "formualizer, as loaded",
    "formualizer-hard": "formualizer, evaluated",
    "recalc": "xlplugin recalc",
}
_NOT_LOADED = Gap(
    "an engine and no viewer: it takes formulas in, and not the values saved with them",
    frozenset(("blank", "zero left out")),
)
_CALLS = Gap(
    "an engine without our functions, which `xlplugin recalc` brings: their cells are unknown, and what hangs on them "
    "is blank or counted otherwise",
    frozenset(("#NAME?", "blank", "zero left out", "other")),
)
_CALLING = ("visitor_register/*", "account_tiers/*")
GAPS: dict[str, dict[str, Gap]] = {
    "formualizer": dict.fromkeys(("*/native*", "*/excel*", "*/lite*"), _NOT_LOADED),
    "formualizer-hard": {f"{one}/{form}": _CALLS for one in _CALLING for form in ("excel", "lite*")},
}


def version() -> str:
    """The engine's version."""
    return f"formualizer {version_of('formualizer')}"


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What the engine gives, without our functions and with them."""
    loaded, evaluated = twice(copies, _loaded)
    return {"formualizer": loaded, "formualizer-hard": evaluated, "recalc": each(copies, _recalculated)}


def _loaded(copy: Copy) -> Generator[Sheets]:
    there = cached(copy.path)
    sizes = {name: tuple(map(max, zip(*cells, strict=True))) for name, cells in there.items() if cells}
    book = formualizer.Workbook.from_path(str(copy.path))
    yield {name: _formatted(grid(_values(book, name, *size)), there[name]) for name, size in sizes.items()}
    book.evaluate_all()
    yield {name: _formatted(grid(_values(book, name, *size)), there[name]) for name, size in sizes.items()}


def _formatted(cells: Mapping[Place, object], there: Mapping[Place, object]) -> dict[Place, object]:
    """The engine's values as the file's formats show them; an engine gives a date that it worked out as its number."""
    return {
        place: from_excel(value) if isinstance(value, float) and isinstance(there.get(place), datetime) else value
        for place, value in cells.items()
    }


def _values(book: Any, sheet: str, rows: int, columns: int) -> list[list[object]]:
    area = formualizer.RangeAddress(sheet, 1, 1, rows, columns)
    return [[_plain(cell) for cell in row] for row in book.sheet(sheet).get_values(area)]


def _plain(cell: object) -> object:
    return CellError(_KINDS.get(cell["kind"], f"#{cell['kind']}!")) if isinstance(cell, dict) else cell


def _recalculated(path: Path, is_ours: Callable[[str], bool] | None = None) -> Sheets:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name
        report = recalc(path, target, desk_functions(load()), trusted=is_ours or trusted().__contains__)
        if report.exit_code:
            raise AssertionError("\n".join(report.sentences("en")))
        return cached(target)
