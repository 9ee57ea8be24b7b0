"""What a settings file may say: numbers of a rule that is no grading standard, each with range, basis and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.rulebook._checked import Section
from xlplugin.rulebook._fields import words
from xlplugin.rulebook._sources import basis_of, place_in_source, read_sources
from xlplugin.rulebook.model import Parameter, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_settings"]


def read_settings(raw: Mapping[str, object], path: str) -> Settings:
    """Settings from what their file says.

    Args:
        raw: the file's content as `tomllib` gives it.
        path: the file, as errors name it.

    Raises:
        XlpError: `scheme_file`, with the key, what was found there and what is allowed.
    """
    top = Section(raw, path)
    top.only(("id", "title", "source", "number"))
    parameters = {name: _number(name, part) for name, part in top.section("number").items()}
    if not parameters:
        raise top.error("number", None, "[number.…] value, range, basis, label")
    return Settings(top.need("id", str), words(top, "title"), read_sources(top), parameters)


def _number(name: str, section: Section) -> Parameter:
    section.only(("value", "range", "basis", "label", "lines"))
    value, basis, lines = section.number("value"), basis_of(section), place_in_source(section)
    if basis != "P" and not lines:
        raise section.error(section.at("lines"), None, "L12-L34 / 002:L12")
    low, high = _range(section)
    if not low <= value <= high:
        raise section.error(section.at("value"), value, f"{low} – {high}")
    return Parameter(name, value, basis, words(section, "label"), low, high)


def _range(section: Section) -> tuple[float, float]:
    bounds = section.take("range", list, needed=True) or []
    if (
        len(bounds) != 2
        or not all(isinstance(bound, (int, float)) and not isinstance(bound, bool) for bound in bounds)
        or not bounds[0] < bounds[1]
    ):
        raise section.error(section.at("range"), bounds, "[0, 1]")
    return bounds[0], bounds[1]
