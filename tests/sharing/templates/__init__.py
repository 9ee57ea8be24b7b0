"""The templates of the matrix: a module each, which fills the template and says what the kernel makes of it.

A module offers `NAME`, that of the template; `VARIANTS`, the layouts to be shown by name, with the arguments of
`workbooks.build.build`; `EDITIONS`, those of them that are also shown as written anew for a host; `ROWS`, how many rows
are prepared; `typed(book, layout)`, the cells to fill in; and `wanted(book, layout)`, what its computed cells are to
show, worked out by the kernel from what was typed and from nothing in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from sharing.templates import account_tiers, unit_placement, visitor_register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sharing.model import Place, Wanted
    from xlplugin.hosts._book import Book
    from xlplugin.hosts.headless import Input

__all__ = ["TEMPLATES", "Template"]


class Template(Protocol):
    """What a template's module offers."""

    NAME: str
    ROWS: int
    VARIANTS: Mapping[str, Mapping[str, Any]]
    EDITIONS: Sequence[str]

    def typed(self, book: Book, layout: Mapping[str, Any]) -> dict[tuple[str, str], Input]:
        """The cells to fill in, by sheet and reference."""

    def wanted(self, book: Book, layout: Mapping[str, Any]) -> tuple[dict[Place, Wanted], dict[Place, str]]:
        """What computed cells show, and of the other computed ones what kind of value."""


TEMPLATES: dict[str, Template] = {
    module.NAME: cast("Template", module) for module in (visitor_register, unit_placement, account_tiers)
}
