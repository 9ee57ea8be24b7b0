"""Spreadsheet functions for sales offices: an intent grade, the reason for it, and the next contact date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlplugin.decisions import Decision, decide
    from xlplugin.errors import XlpError
    from xlplugin.rulebook import Rulebook, Scheme, load

__all__ = ["Decision", "Rulebook", "Scheme", "XlpError", "__version__", "decide", "load"]

__version__ = "0.1.0"
_HOMES = {
    "Decision": "xlplugin.decisions",
    "decide": "xlplugin.decisions",
    "XlpError": "xlplugin.errors",
    "Rulebook": "xlplugin.rulebook",
    "Scheme": "xlplugin.rulebook",
    "load": "xlplugin.rulebook",
}


def __getattr__(name: str) -> object:
    """The public nouns, each fetched when first used, so that a command's help appears at once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xlplugin' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - the point is to import late

    return getattr(import_module(_HOMES[name]), name)
