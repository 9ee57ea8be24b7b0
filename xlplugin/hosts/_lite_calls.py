"""What `main.py` calls inside xlwings Lite: the worksheet functions, taking and giving cells as Lite has them.

It travels with the kernel inside the workbook, so it may use nothing but the kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["functions"]


def functions() -> dict[str, Callable[..., object]]:
    """Every worksheet function by name, at one desk for the workbook."""
    return {name: _for_lite(function) for name, function in Desk().functions().items()}


def _for_lite(function: Callable[..., object]) -> Callable[..., object]:
    def call(*cells: object) -> object:
        return _given_back(function(*map(_taken, cells)))

    return call


def _taken(cells: object) -> object:
    """An argument as the functions take it: Lite is asked for rows of cells, of which a single one stands alone."""
    if isinstance(cells, list) and len(cells) == 1 and isinstance(cells[0], list) and len(cells[0]) == 1:
        return cells[0][0]
    return cells


def _given_back(answer: object) -> object:
    """An answer as Lite takes it: error values by their spelling, from which it makes real ones."""
    if isinstance(answer, list):
        return [_given_back(cell) for cell in answer]
    return answer.text if isinstance(answer, CellError) else answer
