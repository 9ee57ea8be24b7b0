"""Pieces of formulas as text."""

from __future__ import annotations

__all__ = ["quoted"]


def quoted(text: str) -> str:
    """A text as a formula spells it."""
    return '"' + text.replace('"', '""') + '"'
