"""What a workbook brings along that reaches out or runs: found and counted, left out where that is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["findings", "may_fetch", "parts_to_clean", "without_macro_type", "without_query"]

_KINDS = (
    ("macros", re.compile(r"(?:^|/)vba\w*\.(?:bin|xml)$|macrosheets/|dialogsheets/", re.IGNORECASE)),
    ("external_links", re.compile(r"(?:^|/)externalLinks/[^/]+$", re.IGNORECASE)),
    ("embedded", re.compile(r"(?:^|/)(?:embeddings|activeX|ctrlProps)/[^/]+$", re.IGNORECASE)),
    ("code", re.compile(r"(?:^|/)webextensions/[^/]+$", re.IGNORECASE)),
    ("connections", re.compile(r"(?:^|/)(?:connections\.xml|queryTables/[^/]+)$", re.IGNORECASE)),
    ("pictures", re.compile(r"(?:^|/)media/[^/]+$", re.IGNORECASE)),
)
_CLEANED = ("macros", "external_links", "embedded", "code", "connections")
_FETCHING = re.compile(r"\b(?:WEBSERVICE|RTD)\s*\(|\w\|'?[^'!]+'?!", re.IGNORECASE)
_QUOTED = re.compile(
    r'"(?:[^"]|"")*"'
)  # what stands in quotes is a text, such as the bars our plain formulas search for
_QUERY = re.compile(
    rb"""\s+(?:tableType\s*=\s*["']queryTable["']|(?:queryTableFieldId|connectionId)\s*=\s*["']\d+["'])"""
)
_MACRO_TYPES = {
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    b"application/vnd.ms-excel.template.macroEnabled.main+xml",
}
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def findings(
    parts: Iterable[str], formulas: Iterable[tuple[str, str]], read: Callable[[str], bytes]
) -> dict[str, list[str]]:
    """What was found, by kind, with the places.

    Args:
        parts: the names of the parts.
        formulas: each formula with its place.
        read: gives a part's content.
    """
    found: dict[str, list[str]] = {}
    for part in parts:
        for kind, pattern in _KINDS:
            if pattern.search(part) and "/_rels/" not in part:
                is_dde = kind == "external_links" and b"ddeLink" in read(part)
                found.setdefault("dde" if is_dde else kind, []).append(part)
    for place, formula in formulas:
        if may_fetch(formula):
            found.setdefault("fetching", []).append(place)
    return found


def may_fetch(formula: str) -> bool:
    """Whether a formula fetches something from outside the workbook."""
    if "(" not in formula and "|" not in formula:
        return False
    return _FETCHING.search(_QUOTED.sub('""', formula)) is not None


def parts_to_clean(parts: Iterable[str], read: Callable[[str], bytes]) -> set[str]:
    """The parts left out of a clean copy, with their own relations.

    Args:
        parts: the names of the parts.
        read: gives a part's content.
    """
    listed = list(parts)
    # A pivot table that is fed from outside can't be opened without its connection.
    fed = any("pivotCacheDefinition" in part and b"connectionId" in read(part) for part in listed)
    patterns = [pattern for kind, pattern in _KINDS if kind in _CLEANED and not (kind == "connections" and fed)]
    gone = set()
    for part in listed:
        owner = part.replace("_rels/", "").removesuffix(".rels")
        if any(pattern.search(name) for name in (part, owner) for pattern in patterns):
            gone.add(part)
    return gone


def without_query(table: bytes) -> bytes:
    """A table that is not filled from outside any more."""
    return _QUERY.sub(b"", table)


def without_macro_type(types: bytes) -> bytes:
    """The list of parts of a workbook that is no macro workbook any more."""
    for kind in _MACRO_TYPES:
        types = types.replace(kind, _PLAIN_TYPE)
    return types
