"""The 政策 table: what the office grants each tier, and how sure each cell is (spec 2.15)."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, error_in, fraction_reader, is_blank, number_reader, text_of, tidy
from xlplugin.decisions.why import cut, shown_cell
from xlplugin.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CERTAINTIES", "CREDIT_DAYS", "ITEMS", "PAYMENT_STANDARD", "TIERS", "Policy", "PolicyCell", "read_policy"]

TIERS = ("VIP", "A", "B", "C")
CREDIT_DAYS, PAYMENT_STANDARD = "credit_days", "payment_standard"
ITEMS = (
    "character",
    "target_share",
    "product_lines",
    "monthly_payment",
    "best_line_payment",
    "third_criterion",
    "cooperation",
    CREDIT_DAYS,
    PAYMENT_STANDARD,
)
"""The items of the policy, as the source has them in its columns."""
CERTAINTIES = ("certain", "likely", "lost")
_COLUMNS = ("tier", "item", "value", "certainty")
_UPPER = re.compile(r"(?:\d+\s*[-–—~～至到]\s*)?(\d+)\s*(?:天|日|days?)?", re.IGNORECASE)
_MOST_DAYS = 3650


class PolicyCell(NamedTuple):
    """A cell of the policy: what stands there now, and how sure the source was of it."""

    value: object
    certainty: str


class Policy(NamedTuple):
    """The policy read.

    Args:
        cells: by tier and item.
        lang: the language of the table's headers: zh, en, or `code`.
    """

    cells: Mapping[tuple[str, str], PolicyCell]
    lang: str

    def find(self, tier: object, item: object) -> PolicyCell | None:
        """The cell of a tier and an item, each in any of its names; None where the table has none such."""
        return self.cells.get((text_of(tier), _item(item)))

    def credit_days(self, tier: object) -> int | None:
        """Days of credit; of a range such as 10-15 the upper figure. None where the cell is blank or unreadable."""
        cell = self.find(tier, CREDIT_DAYS)
        return None if cell is None else _days(cell.value)

    def standard(self, tier: object) -> float | None:
        """The share of what is due that a tier has to pay; None where the cell is blank or unreadable."""
        cell = self.find(tier, PAYMENT_STANDARD)
        try:
            return None if cell is None else fraction_reader(0, 1)(cell.value)
        except Unreadable:
            return None

    def note(self, tier: object, item: object, lang: str) -> str:
        """Why an item of a tier is blank, cannot be used, or is to be taken with care; an empty text otherwise."""
        cell = self.find(tier, item)
        id_ = _item(item)
        facts = {"tier": tidy(str(tier)), "item": say(lang, f"policy.{id_}") if id_ in ITEMS else tidy(str(item))}
        if cell is None:
            return ""
        if is_blank(cell.value):
            return cut(say(lang, "policy.lost" if cell.certainty == "lost" else "policy.blank", **facts))
        if self._is_unread(tier, id_):
            return cut(say(lang, "policy.unread", found=shown_cell(cell.value, lang), **facts))
        return say(lang, "policy.likely", **facts) if cell.certainty == "likely" else ""

    def _is_unread(self, tier: object, item: str) -> bool:
        if item == CREDIT_DAYS:
            return self.credit_days(tier) is None
        return item == PAYMENT_STANDARD and self.standard(tier) is None


def _days(cell: object) -> int | None:
    if is_blank(cell) or error_in(cell) or isinstance(cell, (bool, date)):
        return None
    match = _UPPER.fullmatch(tidy(cell)) if isinstance(cell, str) else None
    try:
        number = float(match[1]) if match else number_reader(0, _MOST_DAYS)(cell)
    except Unreadable:
        return None
    return int(number) if number is not None and number == int(number) <= _MOST_DAYS else None


@lru_cache(maxsize=8)
def _words(prefix: str, ids: tuple[str, ...]) -> dict[str, str]:
    """Every spelling of some ids, in the form `text_of` gives it."""
    spelled = {text_of(say(lang, f"{prefix}.{id_}")): id_ for id_ in ids for lang in LANGUAGES}
    return {**spelled, **{text_of(id_): id_ for id_ in ids}}


def _item(cell: object) -> str:
    word = "" if is_blank(cell) or error_in(cell) else text_of(cell)
    return _words("policy", ITEMS).get(word, word)


def read_policy(rows: Sequence[Sequence[object]]) -> Policy | None:
    """The policy of a table with its header; None where the header is not that of a policy.

    Args:
        rows: the table; columns are known by their headers, in any order. Of two lines for one cell the first stands.
    """
    names = _words("policy.column", _COLUMNS)
    header = [cell if isinstance(cell, str) else "" for cell in rows[0]]
    places = {names[text_of(cell)]: place for place, cell in enumerate(header) if text_of(cell) in names}
    if not set(_COLUMNS[:3]) <= set(places):
        return None
    spelled = {header[place] for place in places.values()}
    lang = "zh" if any(not word.isascii() for word in spelled) else "code" if spelled <= set(_COLUMNS) else "en"
    sureness = _words("policy.certainty", CERTAINTIES)
    cells: dict[tuple[str, str], PolicyCell] = {}
    for row in rows[1:]:
        tier, item = row[places["tier"]], row[places["item"]]
        if is_blank(tier) or is_blank(item):
            continue
        word = row[places["certainty"]] if "certainty" in places else None
        certainty = "" if is_blank(word) else sureness.get(text_of(word), "")
        cells.setdefault((text_of(tier), _item(item)), PolicyCell(row[places["value"]], certainty))
    return Policy(cells, lang)
