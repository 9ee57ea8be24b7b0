"""The template workbooks there are, each a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.errors import XlpError
from xlplugin.workbooks.recipes import account_tiers, preselection, unit_placement, visitor_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.workbooks.recipe import Recipe

__all__ = ["TEMPLATES", "layouts_of", "recipe_of", "tables_of"]

_Tables = dict[str, "Recipe"]
_TABLES: dict[str, Callable[[str | None], _Tables]] = {
    visitor_register.NAME: visitor_register.tables,
    unit_placement.NAME: unit_placement.tables,
    preselection.NAME: preselection.tables,
    account_tiers.NAME: account_tiers.tables,
}
_ANY_SCHEME = frozenset((visitor_register.NAME,))
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


def layouts_of(name: str) -> tuple[str | None, ...]:
    """What `tables_of` may be told to lay out: None for the usual, and every scheme where a template takes any."""
    return (None, *rulebook.load()) if name in _ANY_SCHEME else (None,)


def recipe_of(name: str, scheme: str | None = None) -> Recipe:
    """The main table of a template, see `tables_of`."""
    return next(iter(tables_of(name, scheme).values()))
