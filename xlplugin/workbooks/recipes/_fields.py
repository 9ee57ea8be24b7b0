"""A scheme's inputs as columns of a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.recipe import Column, texts, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlplugin.rulebook.model import Field, Scheme

__all__ = ["evidence_columns"]

# A register asks for these in the words and widths of the printed form.
_HEADERS = {"expected_purchase": "column.expected_purchase"}
_WIDTHS = {
    "visits": (5, 7),
    "expected_purchase": (10, 10),
    "need": (8, 8),
    "power": (6, 7),
    "confidence": (6, 10),
    "price_accepted": (6, 9),
    "urgent": (5, 7),
    "interaction": (6, 10),
}
_KINDS = {"whole": "whole", "number": "number", "days": "days", "fraction": "percent", "date": "date"}
_USUAL = (8, 10)


def evidence_columns(schemes: Iterable[Scheme], order: tuple[str, ...] = ()) -> list[Column]:
    """One column for each input of the schemes, each input once.

    Args:
        schemes: what the register grades by; the same field of two schemes is one column.
        order: the ids to show and their order; without it every input, less a number that only repeats a date.
    """
    fields: dict[str, Field] = {}
    for scheme in schemes:
        spare = {derived.number for derived in scheme.derived.values() if derived.date}
        fields |= {id_: field for id_, field in scheme.fields.items() if id_ not in fields and id_ not in spare}
    return [_column(fields[id_]) for id_ in order or fields]


def _column(field: Field) -> Column:
    zh, en = _WIDTHS.get(field.id, _USUAL)
    return Column(
        key=field.id,
        header=_header(field),
        width={"zh": zh, "en": en},
        kind=_KINDS.get(field.kind, "choice"),
        words=_words(field),
        bounds=(field.low, field.high) if field.kind in ("number", "whole") else None,
        band="evidence",
    )


def _header(field: Field) -> dict[str, str]:
    if field.id in _HEADERS:
        return texts(_HEADERS[field.id])
    return {lang: label[:1].upper() + label[1:] for lang, label in field.label.items()}


def _words(field: Field) -> dict[str, tuple[str, ...]] | None:
    """What the dropdown offers: the first word of each token."""
    if field.kind == "yes_no":
        return words_of("choice.yes_no")
    if not field.tokens:
        return None
    return {lang: tuple(words[lang][0] for words in field.tokens.values()) for lang in LANGUAGES}
