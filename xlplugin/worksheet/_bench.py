"""Where rows are judged: one scheme under one workbook's rules, for the rows under one header."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import is_blank
from xlplugin.decisions.office_rules import BadLine

if TYPE_CHECKING:
    from collections.abc import Hashable

    from xlplugin.decisions.chain import Chain, Decision
    from xlplugin.worksheet.layout import Layout

    Cells = tuple[object, ...]

__all__ = ["Bench", "Judged"]

_MOST_REMEMBERED = 20_000
_CONTACT = ("last_contact", "agreed_contact", "opt_out")


class Judged(NamedTuple):
    """One row judged: the decision, the headers it was read by, and what of the 规则 table spoils it."""

    decision: Decision
    layout: Layout
    bad: BadLine | None

    @property
    def lang(self) -> str:
        """The language of the headers: zh, en, or `code`."""
        return self.layout.lang

    @property
    def status(self) -> str:
        """The status of the row; invalid where the workbook's own rules cannot be followed."""
        return "invalid" if self.bad else self.decision.status


class Bench:
    """A scheme under a workbook's rules and for one header: where rows are judged, each once.

    Args:
        chain: the scheme's chain.
        bad: the rule that cannot be followed, if any.
        layout: how the header serves the scheme.
    """

    def __init__(self, chain: Chain, bad: BadLine | None, layout: Layout) -> None:
        self.layout = layout
        self.chain = chain
        self._bad = BadLine(0, ", ".join(layout.twice), "rules.twice", {}) if layout.twice else bad
        self._cells = layout.picker()
        self._dated = not chain.knows_no_day
        self._asked = set(layout.common) - {"as_of"}
        self._known: dict[Hashable, Judged] = {}

    def judged(self, row: Cells, as_of: object) -> Judged:
        """A row judged as of a day."""
        # True equals 1 and 1.0 as a key, yet 1 is a number of visits and True is not.
        types = tuple(map(type, row))
        key = (row, types, as_of, type(as_of)) if self._dated else (row, types)
        try:
            known = self._known.get(key)
        except TypeError:  # a cell that cannot be a key
            return self._judged_anew(row, as_of)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._judged_anew(row, as_of)
        return known

    def _judged_anew(self, row: Cells, as_of: object) -> Judged:
        common = self.layout.common
        if common and (as_of is None or is_blank(as_of)) and "as_of" in common:
            as_of = row[common["as_of"]]
        cells = self._cells(row)
        if not self._asked:
            return Judged(self.chain.grade(cells, as_of), self.layout, self._bad)
        rest = [row[common[name]] if name in common else None for name in _CONTACT]
        return Judged(self.chain.decide(cells, as_of, *rest), self.layout, self._bad)
