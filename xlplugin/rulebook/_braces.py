"""The texts of a scheme file: every name in braces must be one that can be filled in."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.rulebook._checked import Section
    from xlplugin.rulebook.model import Line, Scheme, Words

__all__ = ["check_texts"]


def check_texts(top: Section, scheme: Scheme, limits: Mapping[str, float]) -> None:
    """Every name in braces must be one that can be filled in."""
    values = {*scheme.fields, *scheme.derived, *limits}
    every_line: list[Line] = [*scheme.first, *(line for table in scheme.tables for line in table.lines)]
    for line in every_line:
        _check_braces(top, line.because, {*values, *line.facts})
    for field in scheme.fields.values():
        _check_braces(top, field.ask or {}, {"value", "more", "label"})


def _check_braces(top: Section, words: Words, allowed: set[str]) -> None:
    for text in words.values():
        for _, name, _, _ in Formatter().parse(text):
            if name is not None and name not in allowed:
                raise top.error("because / ask", text, " / ".join(f"{{{name}}}" for name in sorted(allowed)))
