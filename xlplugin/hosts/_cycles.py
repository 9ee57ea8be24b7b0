"""Which formulas of a circular reference stand in the circle itself and which only look into it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from xlplugin.hosts._book import split_ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["in_circle"]

_LIMIT = 3000  # beyond it all of them are taken, which is safe and quick
_REF = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?:(?P<sheet>'(?:[^']|'')*'|[^\W\d][\w.]*)!)?(?P<ref>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?)
    (?![\w.(!])""",
    re.VERBOSE,
)
Key = tuple[str, int, int]


def in_circle(formulas: Mapping[Key, bytes]) -> set[Key]:
    """The cells that stand in a circle, or between two; all of them where the texts don't show one.

    Args:
        formulas: by sheet, row and column, formulas in the engine's spelling that came to `#CIRC!`.
    """
    if len(formulas) > _LIMIT:
        return set(formulas)
    users: dict[Key, set[Key]] = {key: set() for key in formulas}
    for key, raw in formulas.items():
        for used in _used(key[0], unescape(raw.decode()), formulas):
            users[used].add(key)
    found = set(formulas)
    while ends := {key for key in found if not users[key] & found}:
        found -= ends
    return found or set(formulas)


def _used(home: str, text: str, among: Mapping[Key, bytes]) -> Iterator[Key]:
    for hit in _REF.finditer(text):
        if hit["ref"] is None:
            continue
        sheet = (hit["sheet"] or home).strip("'").replace("''", "'")
        first_row, first_column, last_row, last_column = split_ref(hit["ref"])
        for key in among:
            inside = first_row <= key[1] <= last_row and first_column <= key[2] <= last_column
            if inside and key[0].casefold() == sheet.casefold():
                yield key
