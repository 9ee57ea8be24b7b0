"""How wide a text is where it is shown."""

from __future__ import annotations

from unicodedata import east_asian_width

__all__ = ["width_of"]


def width_of(text: str) -> int:
    """How many places a text takes; a Chinese character takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
