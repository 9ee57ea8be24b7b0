"""Ranges without formulas, handed to our functions once and not cell by cell at every call.

A header row or a rules table is the same for each of ten thousand calls, and carrying its cells from the engine to
Python costs more than everything else in the call. In the engine's spelling such an argument is a short text, which is
turned back into the range's values before the function sees it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.hosts._book import split_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xlplugin.hosts._values import Value

__all__ = ["Constants"]

Area = tuple[int, int, int, int]
_MARK = "\ue0a0"  # of the private use area: no text that a person typed
_LEFT_OUT = f"{_MARK}-"
_RANGE = re.compile(r"(?:('(?:[^']|'')+'|[^\W\d][\w.]*)!)?(\$[A-Z]{1,3}\$[0-9]+:\$[A-Z]{1,3}\$[0-9]+)")
_STRUCTURE = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[(){},]")
_LIMIT = 8_000_000  # cells; a whole ledger is read once too, not at every call


class Constants:
    """The ranges found so far, each with the text that stands for it.

    Args:
        functions: the names of our functions.
        is_constant: whether a sheet, by name, holds no formula in an area.
    """

    def __init__(self, functions: Iterable[str], is_constant: Callable[[str, Area], bool]) -> None:
        names = "|".join(re.escape(name) for name in functions)
        self._call = re.compile(rf"(?<![\w.])(?:{names})\(", re.IGNORECASE) if names else None
        self._is_constant = is_constant
        self._known: dict[tuple[str, Area], str | None] = {}

    def replaced(self, text: str, home: str) -> str:
        """The formula with such ranges, where they are arguments of our functions, replaced by their texts.

        An argument left out gets a text too, as the engine would hand over a zero.

        Args:
            text: a formula in the engine's spelling.
            home: its sheet.
        """
        calls = self._call.finditer(text) if self._call else ()
        for start, end in sorted((span for call in calls for span in _arguments(text, call.end())), reverse=True):
            token = self._text_for(text[start:end].strip(), home)
            if token:
                text = f'{text[:start]}"{token}"{text[end:]}'
        return text

    def values(self, read: Callable[[str, Area], list[list[Value]]]) -> dict[str, object]:
        """What each text stands for: a tuple of rows, or one value for a single cell, read from the engine.

        It is the same tuple at every call, so that a function may know by its identity what it made of it before.
        """
        found: dict[str, object] = {_LEFT_OUT: None}
        for (sheet, area), token in self._known.items():
            if token is not None:
                grid = read(sheet, area)
                found[token] = grid[0][0] if area[:2] == area[2:] else tuple(map(tuple, grid))
        return found

    def _text_for(self, argument: str, home: str) -> str | None:
        if not argument:
            return _LEFT_OUT
        hit = _RANGE.fullmatch(argument)
        return self._token(hit[1].strip("'").replace("''", "'") if hit[1] else home, split_ref(hit[2])) if hit else None

    def _token(self, sheet: str, area: Area) -> str | None:
        key = sheet, area
        if key not in self._known:
            small = (area[2] - area[0] + 1) * (area[3] - area[1] + 1) <= _LIMIT
            constant = small and self._is_constant(sheet, area)
            self._known[key] = f"{_MARK}{len(self._known)}" if constant else None
        return self._known[key]


def _arguments(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where each argument of a call starts and ends, given the place after its opening bracket; `()` has none."""
    depth, start = 0, at
    if text[at:].lstrip().startswith(")"):
        return
    for hit in _STRUCTURE.finditer(text, at):
        if hit[0] in ("(", "{"):
            depth += 1
        elif hit[0] in (")", "}"):
            depth -= 1
        if depth < 0 or (hit[0] == "," and depth == 0):
            yield start, hit.start()
            start = hit.end()
        if depth < 0:
            return
