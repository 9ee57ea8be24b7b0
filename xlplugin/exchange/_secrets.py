"""What a copy must not give away: the original values, found and replaced wherever they stand in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from xlplugin.exchange._masks import (
    RUN,
    apart_in,
    contacts_hidden,
    digits_of,
    links_hidden,
    masked_name,
    masked_phone,
    masked_value,
    people_in,
    shown,
)
from xlplugin.exchange._ours import stands_in_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlplugin.exchange._pseudonyms import Pseudonyms
    from xlplugin.hosts._values import Value

__all__ = ["Secrets"]

_SHORTEST = {"plate": 5, "address": 5, "employer": 4, "removed": 6, "free": 6, "birthday": 6}
_SHORTEST_PHONE, _SUBSTRING_PHONE, _LONGEST_PHONE = 7, 10, 15
_IN_LINKS = ":/?#[]@!$&'()*+,;=%"
_APART = re.compile(r"[^\d+]+|(?<=\d{8})-")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2,4}")
_GAPS = (" ", "  ", "\u3000", "\u3000\u3000", "\u00a0")
_SPREAD = 2
_WORDLIKE = re.compile(r"[A-Za-z0-9À-ÿ]")
_NOBODY = frozenset(
    "未知 不详 散客 匿名 先生 女士 小姐 太太 无名 客户 访客 保密 未留名 未留电 合计 小计 总计 "
    "unknown none n/a guest total Mr Ms Mrs".split()
)
_MASKED_ALREADY = re.compile(r"^.\*+$|\*{2,}")


def _spellings(name: str) -> set[str]:
    """Other ways in which a name is written.

    A Chinese name without spaces, and one of two characters spread out as forms align it with longer ones; a full name
    of other letters in capitals and in small letters.
    """
    joined = "".join(name.split())
    if name.isascii() and len(name.split()) > 1:
        return {name.upper(), name.lower(), name.title()}
    if not _CHINESE.fullmatch(joined):
        return set()
    return {joined} | {gap.join(joined) for gap in _GAPS if len(joined) == _SPREAD}


class Secrets:
    """Original names, phone numbers and other texts with what a copy shows in their place.

    Args:
        staff: names of the office's own people, which stay.
        patterns: whether whatever merely looks like a phone number is masked too.
        pseudonyms: what stands for people in a copy that goes on calculating; None where values are all it holds.
    """

    def __init__(self, staff: set[str], patterns: bool, pseudonyms: Pseudonyms | None = None) -> None:
        self.pseudonyms = pseudonyms
        self._staff = staff
        self._patterns = patterns
        self.texts: dict[str, str] = {}
        self.phones: set[str] = set()
        self._sizes: dict[str, list[int]] = {}
        self._starts: re.Pattern[str] | None = None
        self._known: dict[str, str] = {}
        self._order: dict[str, int] = {}
        self._lengths: set[int] = set()
        self._links: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self.texts or self.phones or self._patterns)

    def add(self, kind: str, value: object) -> None:
        """Takes an original value in, if it is one that can be told from ordinary words."""
        text = shown(value)
        if not text or _MASKED_ALREADY.search(text):
            return
        if kind == "removed" and not isinstance(value, str):
            return  # an amount like another: that it stands elsewhere gives nobody away
        if self.pseudonyms and kind == "phone":
            self.pseudonyms.phone(text)
        if kind == "phone" or RUN.fullmatch(text):
            runs = [hit[0] for hit in RUN.finditer(text)]
            runs += [part for run in runs for part in _APART.split(run)]  # two numbers, or one with an extension
            runs += [digits for digits, _ in apart_in(text) if len(digits) <= _LONGEST_PHONE]
            self.phones |= {digits for run in runs if len(digits := digits_of(run)) >= _SHORTEST_PHONE}
        elif kind == "name" and isinstance(value, str):  # a number under or beside 客户 says how many there are
            for name in people_in(text) - self._staff - _NOBODY:
                sign = self.texts[name] = self.pseudonyms.name(name) if self.pseudonyms else masked_name(name)
                for spelling in _spellings(name) - self._staff - _NOBODY:
                    self.texts.setdefault(spelling, sign)
        elif isinstance(value, str) and len(text) >= _SHORTEST[kind] and text not in self._staff:
            self.texts[text] = str(masked_value(kind, text) or "")

    def ready(self) -> None:
        """To be called once everything is in."""
        self._known.clear()
        self._order = {secret: place for place, secret in enumerate(sorted(self.texts), 1)}
        self._lengths = {len(phone) for phone in self.phones if len(phone) >= _SUBSTRING_PHONE}
        sizes: dict[str, set[int]] = {}
        for text in self.texts:
            sizes.setdefault(text[:2], set()).add(len(text))
        self._sizes = {start: sorted(found, reverse=True) for start, found in sizes.items()}
        signs = "".join(re.escape(sign) for sign in {start[0] for start in sizes})
        self._starts = re.compile(f"[{signs}]") if signs else None

    def instead(self, kind: str, value: Value) -> Value:
        """What stands in a cell of some kind instead of its value; None empties it."""
        return self.pseudonyms.value(kind, value) if self.pseudonyms else masked_value(kind, value)

    def masked(self, text: str) -> str:
        """A text as the copy may show it."""
        if text not in self._known:
            self._known[text] = self._masked(text)
        return self._known[text]

    def named(self, text: str) -> str:
        """The same for names of sheets, of tables and for formulas, where an asterisk may not stand."""
        if "%" in text and self.left_in(plain := unquote(text)):  # as links spell what isn't ASCII
            return quote(self.named(plain), safe=_IN_LINKS)
        text = self._replaced(text, lambda secret: f"{secret[0]}_{self._order[secret]}", spelled=True)
        if text.isdigit() and len(text) < _SUBSTRING_PHONE:  # a measure, not a number to call
            return text
        text = links_hidden(text, self._links) if self._patterns else text
        return self._without_phones(text, lambda phone: f"_{digits_of(phone)[-3:]}")

    def left_in(self, text: str, *, spelled: bool = False) -> str:
        """The first secret that stands in a text, empty if there is none.

        Args:
            text: the text.
            spelled: whether it is a formula, a name or the like, see `_ours.stands_in_ours`.
        """
        if text in self._staff:
            return ""
        found = next(self._found(text, spelled=spelled), None)
        if found:
            return found[1]
        if not self.phones:
            return ""
        whole = (hit[0] for hit in RUN.finditer(text) if self._is_phone(hit[0]))
        return next(whole, "") or next((text[start:end] for start, end, _ in self._apart(text)), "")

    def _masked(self, text: str) -> str:
        if text in self._staff:
            return text
        text = self._replaced(text, self.texts.__getitem__)
        text = self._without_phones(text, self.pseudonyms.run if self.pseudonyms else masked_phone)
        return contacts_hidden(text) if self._patterns else text

    def _without_phones(self, text: str, instead: Callable[[str], str]) -> str:
        if not self.phones:
            return text
        text = RUN.sub(lambda hit: instead(hit[0]) if self._is_phone(hit[0]) else hit[0], text)
        pieces, done = [], 0
        for start, end, phone in self._apart(text):
            if start >= done:
                pieces += [text[done:start], instead(phone)]
                done = end
        return "".join([*pieces, text[done:]]) if pieces else text

    def _apart(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where known phones stand with their digits far apart or spelled out, longer ones first at each place."""
        for digits, places in apart_in(text):
            lengths = sorted({*self._lengths, len(digits)}, reverse=True)
            for at, start in enumerate(places):
                for length in lengths:
                    if digits[at : at + length] in self.phones and at + length <= len(digits):
                        yield start, places[at + length - 1] + 1, digits[at : at + length]

    def _replaced(self, text: str, instead: Callable[[str], str], *, spelled: bool = False) -> str:
        pieces, done = [], 0
        for start, secret in self._found(text, spelled=spelled):
            if start >= done:
                pieces += [text[done:start], instead(secret)]
                done = start + len(secret)
        return "".join([*pieces, text[done:]]) if pieces else text

    def _found(self, text: str, *, spelled: bool) -> Iterator[tuple[int, str]]:
        if self._starts is None:
            return
        for hit in self._starts.finditer(text):
            at = hit.start()
            for size in self._sizes.get(text[at : at + 2], ()):
                secret = text[at : at + size]
                if secret in self.texts and self._stands_alone(text, at, secret):
                    if not stands_in_ours(text, at, secret, spelled=spelled):
                        yield at, secret
                    break

    def _stands_alone(self, text: str, start: int, secret: str) -> bool:
        """Whether a Latin name is a word of its own here, and a Chinese one not part of a colleague's."""
        end = start + len(secret)
        before, after = text[start - 1 : start], text[end : end + 1]
        joined = (before and _WORDLIKE.match(before) and _WORDLIKE.match(secret[0])) or (
            after and _WORDLIKE.match(after) and _WORDLIKE.match(secret[-1])
        )
        if joined:
            return False
        for name in self._staff:
            at = name.find(secret)
            if at >= 0 and text.startswith(name, start - at) and start >= at:
                return False
        return True

    def _is_phone(self, run: str) -> bool:
        digits = digits_of(run)
        if digits in self.phones:
            return True
        return any(
            digits[at : at + length] in self.phones
            for length in self._lengths
            for at in range(len(digits) - length + 1)
        )
