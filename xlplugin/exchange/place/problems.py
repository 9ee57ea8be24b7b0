"""What is wrong with a row of units or wishes: named with its row, and never a reason to drop the row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.office_rules import BadLine
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Problem", "Said"]


class Problem(NamedTuple):
    """Something in a row that the office should put right.

    Args:
        sheet: the sheet; row: as the sheet counts, 0 where it is no single row.
        code: `place.problem.<code>` is its sentence.
        facts: what fills the sentence.
    """

    sheet: str
    row: int
    code: str
    facts: Mapping[str, object]

    def sentence(self, lang: str) -> str:
        """The row and what is wrong with it, in words."""
        facts = {name: _shown(fact, lang) for name, fact in self.facts.items()}
        said = say(lang, f"place.problem.{self.code}", **facts)
        return say(lang, "place.at_row" if self.row else "place.at_sheet", sheet=self.sheet, row=self.row, said=said)


class Said(NamedTuple):
    """A fact that is a text itself."""

    key: str
    facts: Mapping[str, object]

    def sentence(self, lang: str) -> str:
        """The text."""
        return say(lang, self.key, **self.facts)


def _shown(fact: object, lang: str) -> object:
    """A fact as the sentence takes it: texts in the language, several things as a list."""
    if isinstance(fact, (Said, BadLine)):
        return fact.sentence(lang)
    return say(lang, "join.list").join(fact) if isinstance(fact, list) else fact
