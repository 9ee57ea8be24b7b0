"""What a formula's text says about whether and how the engine may be trusted with it."""

from __future__ import annotations

import re
from enum import IntFlag, auto
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Reader", "Trait"]

_DIGITS = b"0123456789"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"'(?:[^']|'')*'(?=!)")
_CALL = re.compile(r"(?<![\w.])([^\W\d][\w.]*)\s*\(")
_FUTURE = re.compile(r"^(?:_xlfn\.|_xlws\.|_xll\.)+", re.IGNORECASE)
# What is left in brackets is another workbook or a table that isn't there; at some of them the engine drops the book.
_ELSEWHERE = re.compile(r"\[")
_DDE = re.compile(r"\|'?[^|]*'?!")
# The last match by LOOKUP over errors: the engine searches by halves and answers wrongly without a word.
_LAST_MATCH = re.compile(r"(?<![\w.])LOOKUP\(\s*[\d.]+\s*,\s*[\d.]+\s*/", re.IGNORECASE)
_NEVER = (_ELSEWHERE, _DDE, _LAST_MATCH)
_VOLATILE = frozenset("TODAY NOW RAND RANDBETWEEN RANDARRAY OFFSET INDIRECT".split())
# Byte counts depend on the language of the program that calculates.
_DOUBTFUL = frozenset("LENB LEFTB RIGHTB MIDB FINDB SEARCHB REPLACEB ASC DBCS JIS CELL INFO".split())


class Trait(IntFlag):
    """What is known of a formula from its text."""

    NONE = 0
    OURS = auto()
    VOLATILE = auto()
    DOUBTFUL = auto()
    HOPELESS = auto()


class Reader:
    """Tells the traits of formulas; texts that differ in digits only are looked at once.

    Args:
        functions: the names of our functions.
        probe: says which of some function names, as spelled in the file, the engine has not got.
    """

    def __init__(self, functions: Iterable[str], probe: Callable[[list[str]], set[str]]) -> None:
        self._ours = frozenset(name.upper() for name in functions)
        self._probe = probe
        self._missing: dict[str, bool] = {}
        self._known: dict[bytes, int] = {}

    def traits(self, raws: Sequence[bytes]) -> list[int]:
        """The traits of formulas in the engine's spelling, XML-escaped; plain numbers, as there are many."""
        shapes = [raw.translate(None, _DIGITS) for raw in raws]
        known = self._known
        new = {shape: raw for shape, raw in zip(shapes, raws, strict=True) if shape not in known}
        texts = {shape: _QUOTED.sub('""', unescape(raw.decode())) for shape, raw in new.items()}
        self._ask({name for text in texts.values() for name in _calls(text)})
        known |= {shape: int(self._read(text)) for shape, text in texts.items()}
        return [known[shape] for shape in shapes]

    def _ask(self, names: set[str]) -> None:
        """Finds out which functions the engine lacks: it says so even where an IFERROR would hide it later."""
        asked = sorted(name for name in names if _plain(name) not in self._missing and _plain(name) not in self._ours)
        if asked:
            missing = self._probe(asked)
            self._missing |= {_plain(name): name in missing for name in asked}

    def _read(self, text: str) -> Trait:
        calls = {_plain(name) for name in _calls(text)}
        found = Trait.NONE
        if calls & self._ours:
            found |= Trait.OURS
        if calls & _VOLATILE:
            found |= Trait.VOLATILE
        if calls & _DOUBTFUL:
            found |= Trait.DOUBTFUL
        if any(self._missing.get(name) for name in calls) or any(hit.search(text) for hit in _NEVER):
            found |= Trait.HOPELESS
        return found


def _calls(text: str) -> list[str]:
    """The functions called, as they are spelled; a sheet may well be called `登记 (2)`."""
    return _CALL.findall(_SHEET.sub("''", text))


def _plain(name: str) -> str:
    """A function's name without the prefixes that files put before newer ones, upper case."""
    return _FUTURE.sub("", name).upper()
