"""What a scheme file may say of one input: its label, kind, range, tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from xlplugin.rulebook.model import Field, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlplugin.rulebook._checked import Section

__all__ = ["Tokens", "read_field", "read_tokens", "words"]

FIELD_KINDS = ("number", "whole", "days", "fraction", "yes_no", "choice", "date")
_ID = re.compile(r"[a-z][a-z0-9_]*")

Tokens = dict[str, dict[str, tuple[str, ...]]]


def read_tokens(section: Section) -> Tokens:
    """The tokens of a choice: each with the words it is typed as, per language."""
    tokens: Tokens = {}
    for token, words in section.items():
        words.only(("zh", "en"))
        tokens[token] = {lang: words.names(lang) for lang in ("zh", "en")}
        if not all(tokens[token].values()):
            raise words.error(words.key, words.values, '{ zh = ["…"], en = ["…"] }')
    return tokens


def read_field(id_: str, section: Section, vocabulary: Mapping[str, Tokens]) -> Field:
    """One input of a scheme, with its label, kind, range and tokens."""
    section.only(("label", "also", "type", "range", "tokens", "blank", "ask"))
    if not _ID.fullmatch(id_):
        raise section.error(section.key, id_, _ID.pattern)
    kind = section.one_of("type", FIELD_KINDS)
    low, high = _range(section)
    tokens = _tokens(section, vocabulary) if kind == "choice" else {}
    return Field(
        id=id_,
        label=words(section, "label"),
        kind=kind,
        also=section.names("also"),
        low=low,
        high=high,
        tokens=tokens,
        blank=_blank(section, tokens or ("yes", "no"), low, high) if "blank" in section.values else None,
        ask=section.words("ask", needed=False),
    )


def words(section: Section, key: str) -> Words:
    """A text in Chinese and English that must be given."""
    return cast("Words", section.words(key))


def _blank(section: Section, tokens: Iterable[str], low: float, high: float) -> str | int:
    """The value a blank cell stands for; it must be one the input could be given."""
    kind = section.values["type"]
    if kind in ("choice", "yes_no"):
        return section.one_of("blank", tokens)
    value = section.values["blank"]
    if kind == "date" or isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise section.error(section.at("blank"), value, "a whole number in the range / 范围内的整数")
    return value


def _range(section: Section) -> tuple[float, float]:
    value = section.values.get("range")
    if value is None:
        return float("-inf"), float("inf")
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(isinstance(edge, (int, float)) for edge in value)
        or not value[0] < value[1]
    ):
        raise section.error(section.at("range"), value, "[low, high]")
    return value[0], value[1]


def _tokens(section: Section, vocabulary: Mapping[str, Tokens]) -> Tokens:
    named = section.values.get("tokens")
    if isinstance(named, str):
        if named not in vocabulary:
            raise section.error(section.at("tokens"), named, " / ".join(vocabulary))
        return vocabulary[named]
    tokens = read_tokens(section.section("tokens"))
    if not tokens:
        raise section.error(section.at("tokens"), named, "a token list / 选项表")
    return tokens
