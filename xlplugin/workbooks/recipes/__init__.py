"""The template workbooks there are, each a recipe of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.workbooks.recipes import visitor_register

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlplugin.workbooks.recipe import Recipe

__all__ = ["TEMPLATES", "recipe_of"]

_RECIPES: dict[str, Callable[[str | None], Recipe]] = {visitor_register.NAME: visitor_register.recipe}
TEMPLATES = tuple(_RECIPES)


def recipe_of(name: str, scheme: str | None = None) -> Recipe:
    """The recipe of a template.

    Args:
        name: the template, such as `visitor_register`.
        scheme: the id of a scheme to lay out in place of the usual ones.

    Raises:
        XlpError: `unknown_template` or `unknown_scheme`, listing those there are.
    """
    if name not in _RECIPES:
        raise XlpError("unknown_template", found=name, allowed=", ".join(TEMPLATES))
    return _RECIPES[name](scheme)
