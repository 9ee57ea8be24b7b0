"""Texts that come from us: a name that is an ordinary word stands in some of them, and gives nobody away there."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from xlplugin.rulebook import load
from xlplugin.texts import LANGUAGES, printed
from xlplugin.workbooks.build import known_formulas

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_ours", "stands_in_ours"]

_FACT = re.compile(r"\{[^{}]*\}")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_ENDS = frozenset('"|/、，：；。（）' + "'")  # and quotes of a sheet's name
_MARGIN = 2  # signs by which a text of ours must be longer than a word to be known among what people type


def _sentences() -> Iterator[str]:
    """All that we print: sentences, the words of the rulebook, and the texts in our formulas."""
    for lang in LANGUAGES:
        yield from printed(lang)
    book = load()
    for scheme in book.values():
        yield from _strings(scheme.raw)
    for settings in book.settings.values():
        yield from settings.title.values()
    for parameters in (known.parameters for group in (book, book.settings) for known in group.values()):
        yield from (word for one in parameters.values() for word in one.label.values())
    for field in book.common.values():
        yield from (*field.label.values(), *(word for words in field.tokens.values() for word in _strings(words)))
    for formula in known_formulas():
        yield from (hit[1].replace('""', '"') for hit in _LITERAL.finditer(formula))


def _strings(found: object) -> Iterator[str]:
    """The texts in data as a file holds them."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from _strings(value)
    elif isinstance(found, (list, tuple)):
        for value in found:
            yield from _strings(value)


@cache
def _texts() -> tuple[frozenset[str], str]:
    """The texts as they are shown, with the words of lists one by one; and all of them as one text."""
    pieces = {piece.strip() for text in _sentences() for piece in _FACT.split(text)}
    whole = pieces | {word.strip() for piece in pieces if "," in piece for word in piece.split(",")}
    return frozenset(whole - {""}), "\n".join(sorted(pieces))


@lru_cache(maxsize=4096)
def _around(word: str) -> tuple[tuple[int, str], ...]:
    """The longer texts of ours that hold a word, each with the place of the word in it."""
    _, joined = _texts()
    found = []
    for hit in re.finditer(re.escape(word), joined):
        start = joined.rfind("\n", 0, hit.start()) + 1
        end = joined.find("\n", hit.end())
        text = joined[start : end if end >= 0 else len(joined)]
        if len(text) > len(word):
            found.append((hit.start() - start, text))
    return tuple(found)


def is_ours(text: str) -> bool:
    """Whether a text is one of ours as a whole."""
    return text in _texts()[0]


def stands_in_ours(text: str, at: int, word: str, *, spelled: bool = False) -> bool:
    """Whether a word in a text is part of a text of ours that stands there.

    Args:
        text: the text.
        at: where the word starts in it.
        word: the word.
        spelled: whether the text is a formula, a list of choices or a name, which people seldom type; there a word
            of ours is known by itself too.
    """
    longer = len(word) + (1 if spelled else _MARGIN)
    if any(
        len(ours) >= longer and at >= before and text.startswith(ours, at - before) for before, ours in _around(word)
    ):
        return True
    if text != word and is_ours(text):
        return True
    ends = text[at - 1 : at] if at else '"', text[at + len(word) : at + len(word) + 1] or '"'
    return spelled and is_ours(word) and _ENDS.issuperset(ends)
