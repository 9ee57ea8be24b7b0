"""Where rows are judged: one scheme under one workbook's rules, for the rows under one header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cells import is_blank
from xlplugin.decisions.chain import INVALID
from xlplugin.decisions.office_rules import BadLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.decisions.chain import Chain, Decision
    from xlplugin.decisions.grading import Graded
    from xlplugin.worksheet.layout import Layout

    Row = Sequence[object]

__all__ = ["Bench"]

_CONTACT = ("last_contact", "agreed_contact", "opt_out")


class Bench:
    """A scheme under a workbook's rules and for one header: where rows are judged.

    Args:
        chain: the scheme's chain.
        bad: the rule that cannot be followed, if any.
        layout: how the header serves the scheme.
    """

    def __init__(self, chain: Chain, bad: BadLine | None, layout: Layout) -> None:
        self.layout = layout
        self.lang = layout.lang
        self.sentence_lang = "zh" if layout.lang == "zh" else "en"  # ids as headers have English sentences
        self.width = layout.width
        self.chain = chain
        self.bad = BadLine(0, ", ".join(layout.twice), "rules.twice", {}) if layout.twice else bad
        self._cells = layout.picker()
        self._as_of_at = layout.common.get("as_of")
        self._contact_at = [layout.common.get(name) for name in _CONTACT]
        self._has_contact = any(at is not None for at in self._contact_at)
        plain = self.bad is None and layout.is_plain  # as nearly every header is: one call less for each row
        # The grade and status of a row as of a day; invalid where the workbook's own rules cannot be followed.
        self.graded: Callable[[Row, object], Graded] = chain.graded if plain else self._graded
        # All that is decided about a row as of a day, as far as the header has the columns for it.
        self.decision: Callable[[Row, object], Decision] = chain.grade if plain else self._decision
        # What is said of a row, in a language: why it has its grade, and what would better it.
        self.why: Callable[[Row, object, str], str] = chain.why if plain else self._why
        self.advice: Callable[[Row, object, str], str] = chain.advice if plain else self._advice

    def _graded(self, row: Row, as_of: object) -> Graded:
        return INVALID if self.bad else self.chain.graded(self._cells(row), self._day(row, as_of))

    def _decision(self, row: Row, as_of: object) -> Decision:
        cells, as_of = self._cells(row), self._day(row, as_of)
        if not self._has_contact:
            return self.chain.grade(cells, as_of)
        contact = [None if at is None else row[at] for at in self._contact_at]
        return self.chain.decide(cells, as_of, *contact)

    def _why(self, row: Row, as_of: object, lang: str) -> str:
        if self.bad:
            return self.bad.sentence(lang)
        if self._has_contact:
            return self._decision(row, as_of).why(lang)
        return self.chain.why(self._cells(row), self._day(row, as_of), lang)

    def _advice(self, row: Row, as_of: object, lang: str) -> str:
        if self.bad:
            return ""
        if self._has_contact:
            return self._decision(row, as_of).advice(lang)
        return self.chain.advice(self._cells(row), self._day(row, as_of), lang)

    def _day(self, row: Row, as_of: object) -> object:
        """The day given; the one of the row's own column where none is."""
        at = self._as_of_at
        return row[at] if at is not None and (as_of is None or is_blank(as_of)) else as_of
