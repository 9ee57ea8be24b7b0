"""What several commands do alike: dates from the command line, today, progress, aligned tables."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

from xlplugin.cells import Unreadable, date_reader
from xlplugin.errors import XlpError
from xlplugin.texts import say
from xlplugin.texts.widths import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Progress", "aligned", "day", "fitted", "today"]

_BAR = 24


def today() -> date:
    """Today; the only place where the clock is asked."""
    return date.today()  # noqa: DTZ011 - an office's day is the day on its wall


def day(text: str | None, option: str) -> date | None:
    """The date an option names; None where it was not given.

    Raises:
        XlpError: `bad_date`, where it is no full date.
    """
    if text is None:
        return None
    try:
        ordinal = date_reader()(text)
    except Unreadable:
        ordinal = None
    if ordinal is None:
        raise XlpError("bad_date", option=option, found=text)
    return date.fromordinal(ordinal)


class Progress:
    """A bar on the terminal while something takes long; nothing where nobody watches."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._shown = False
        self._watched = sys.stderr.isatty()

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Shows how much of the work is done."""
        if not self._watched or not total:
            return
        filled = min(_BAR, _BAR * done // total)
        bar = "█" * filled + "·" * (_BAR - filled)
        print(f"\r{bar} {100 * done // total:3d}% {what:20.20}", end="", file=sys.stderr, flush=True)
        self._shown = True

    def close(self) -> None:
        """Takes the bar away."""
        if self._shown:
            print("\r" + " " * (_BAR + 30) + "\r", end="", file=sys.stderr, flush=True)
            self._shown = False


def fitted(text: str, width: int) -> str:
    """The text in so many places, cut with an ellipsis or filled with space."""
    if width_of(text) > width:
        while width_of(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - width_of(text))


def aligned(headers: Sequence[str], rows: Sequence[Sequence[str]], widest: int = 60) -> str:
    """Rows under headers, in columns as wide as they need and at most `widest` places."""
    columns = list(zip(headers, *rows))
    widths = [min(max(width_of(cell) for cell in column), widest) for column in columns]
    lines = [headers, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(fitted(cell, width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def note(lang: str, key: str, **facts: object) -> None:
    """Says something on the side, where it does not mix with results."""
    print(say(lang, key, **facts), file=sys.stderr)
