"""What every file of the rulebook says of its origin: sources, the place in them, and the basis of a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.rulebook.model import Source

if TYPE_CHECKING:
    from xlplugin.rulebook._checked import Section

__all__ = ["basis_of", "place_in_source", "read_sources"]

_BASES = ("S", "I", "P")
_LOCATOR = re.compile(r"L\d+(-L\d+)?(, L\d+(-L\d+)?)*")
_LINES = re.compile(rf"(\d{{3}}:)?{_LOCATOR.pattern}")  # with the source's three digits where it is not the first


def basis_of(section: Section) -> str:
    """S stated by the source, I inferred from it, P our proposal."""
    return section.one_of("basis", _BASES)


def place_in_source(section: Section) -> str:
    """Where in the source a number or line stands; empty where it is not said."""
    lines = section.take("lines", str, "") or ""
    if lines and not _LINES.fullmatch(lines):
        raise section.error(section.at("lines"), lines, "L12-L34 / 002:L12")
    return lines


def read_sources(top: Section) -> tuple[Source, ...]:
    """The sources of a file, at least one."""
    sources = []
    for part in top.sections("source"):
        part.only(("title", "file", "lines"))
        lines = part.need("lines", str)
        if not _LOCATOR.fullmatch(lines):
            raise part.error(part.at("lines"), lines, "L12-L34")
        sources.append(Source(part.need("title", str), part.need("file", str), lines))
    if not sources:
        raise top.error("source", None, "[[source]] title, file, lines")
    return tuple(sources)
