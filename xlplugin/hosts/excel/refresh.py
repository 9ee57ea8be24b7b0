"""The refresh action, an xlwings script: every formula of ours in the open workbook is entered anew.

A formula's name is bound when it is entered. In a book that was opened before the add-in, or made where the add-in
lay elsewhere, it shows #NAME? or the path of a stranger's add-in until then.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin.texts import LANGUAGES, say
from xlplugin.worksheet.layout import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Refreshed", "Run", "main", "refresh", "runs"]

_OURS = re.compile(r"(?<![\w.])XLP_[A-Z_]+\(", re.IGNORECASE)
_UNKNOWN = object()
_ELSEWHERE = re.compile(r"(?:'[^']*xlplugin\.xlam'|[\w.\[\]]*xlplugin\.xlam\]?)!(?=XLP_)", re.IGNORECASE)


class Run(NamedTuple):
    """Formulas of ours that stand under each other: first row and column counted from 0, and their texts."""

    row: int
    column: int
    formulas: tuple[str, ...]


class Refreshed(NamedTuple):
    """How many formulas were entered anew, and which protected sheets were left alone."""

    formulas: int
    protected: tuple[str, ...]


def main() -> None:
    """Refreshes the workbook in front and says so in Excel's status bar, in both languages."""
    import xlwings  # noqa: PLC0415 - only Excel calls this

    book = xlwings.Book.caller()
    done = refresh(book)
    key = "excel.refreshed_but" if done.protected else "excel.refreshed"
    facts = {"count": done.formulas, "sheets": ", ".join(done.protected)}
    book.app.status_bar = " / ".join(say(lang, key, **facts) for lang in LANGUAGES)


def refresh(book: Any) -> Refreshed:
    """What was entered anew in an xlwings book; nothing but our own formulas is touched."""
    count = 0
    protected = []
    with _quiet(book.app):
        for sheet in book.sheets:
            used = sheet.used_range
            newer = _said(sheet.range("A1").api, "Formula2") is not _UNKNOWN
            found = list(runs(rows_of(used.formula2 if newer else used.formula)))
            if found and sheet.api.ProtectContents:
                protected.append(sheet.name)
                continue
            count += sum(_enter(sheet, used, run, newer=newer) for run in found)
    return Refreshed(count, tuple(protected))


def runs(formulas: Sequence[Sequence[object]]) -> Iterator[Run]:
    """Our formulas of a rectangle of cells, column by column, those under each other together."""
    for column, cells in enumerate(zip(*formulas)):
        start, texts = 0, list[str]()
        for row, cell in enumerate([*cells, None]):
            if isinstance(cell, str) and cell.startswith("=") and _OURS.search(cell):
                start = start if texts else row
                texts.append(_ELSEWHERE.sub("", cell))
            elif texts:
                yield Run(start, column, tuple(texts))
                texts = []


@contextmanager
def _quiet(app: Any) -> Iterator[None]:
    """Excel without calculating or drawing between two formulas; as it was, afterwards."""
    before = app.calculation, app.screen_updating
    app.calculation, app.screen_updating = "manual", False
    try:
        yield
    finally:
        app.calculation, app.screen_updating = before


def _enter(sheet: Any, used: Any, run: Run, *, newer: bool) -> int:
    row, column = used.row + run.row, used.column + run.column
    area = sheet.range((row, column), (row + len(run.formulas) - 1, column))
    if not _may_be(area.api, "HasSpill") and not _may_be(area.api, "HasArray"):
        _set(area, [[text] for text in run.formulas], newer=newer)
        return len(run.formulas)
    cells = (sheet.range((row + down, column)) for down in range(len(run.formulas)))
    return sum(_enter_alone(cell, text, newer=newer) for cell, text in zip(cells, run.formulas))


def _enter_alone(cell: Any, text: str, *, newer: bool) -> int:
    """One for a formula entered, none for a cell that only shows a part of another cell's answer."""
    if _may_be(cell.api, "HasSpill"):
        if cell.api.SpillParent.Address != cell.api.Address:
            return 0
    elif _may_be(cell.api, "HasArray"):
        whole = cell.api.CurrentArray
        if whole.Cells(1, 1).Address != cell.api.Address:
            return 0
        whole.FormulaArray = text
        return 1
    _set(cell, text, newer=newer)
    return 1


def _may_be(api: Any, name: str) -> bool:
    """Whether a yes/no property is true, or not the same in all cells; one this Excel doesn't know is false."""
    said = _said(api, name)
    return said is not False and said is not _UNKNOWN


def _said(api: Any, name: str) -> object:
    """What Excel says of a property; `_UNKNOWN` where this version has none of that name."""
    try:
        found: object = getattr(api, name)
    except Exception:  # noqa: BLE001 - through xlwings an unknown name is pywin32's COM error, elsewhere an AttributeError
        return _UNKNOWN
    return found


def _set(area: Any, formulas: object, *, newer: bool) -> None:
    """Enters formulas; the older property would put an @ before what may fill several cells."""
    if newer:
        area.formula2 = formulas
    else:
        area.formula = formulas
