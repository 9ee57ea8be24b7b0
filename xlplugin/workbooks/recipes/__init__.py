"""The template workbooks there are, each a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.workbooks.recipes import preselection, unit_placement, visitor_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.workbooks.recipe import Recipe

__all__ = ["TEMPLATES", "recipe_of", "tables_of"]

_Tables = dict[str, "Recipe"]
_TABLES: dict[str, Callable[[str | None], _Tables]] = {
    visitor_register.NAME: visitor_register.tables,
    unit_placement.NAME: unit_placement.tables,
    preselection.NAME: preselection.tables,
}
TEMPLATES = tuple(_TABLES)


def tables_of(name: str, scheme: str | None = None) -> _Tables:
    """The tables of a template by the names its formulas use, the main one first.

    Args:
        name: the template, such as `visitor_register`.
        scheme: the id of a scheme to lay out in place of the usual ones.

    Raises:
        XlpError: `unknown_template` or `unknown_scheme`, listing those there are.
    """
    if name not in _TABLES:
        raise XlpError("unknown_template", found=name, allowed=", ".join(TEMPLATES))
    return _TABLES[name](scheme)


def recipe_of(name: str, scheme: str | None = None) -> Recipe:
    """The main table of a template, see `tables_of`."""
    return next(iter(tables_of(name, scheme).values()))
