"""What stands for a person in a copy that goes on calculating: one text for each, so that equal stays equal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.exchange._masks import digits_of, masked_name, masked_phone, masked_value, shown

if TYPE_CHECKING:
    from xlplugin.hosts._values import Value

__all__ = ["Pseudonyms"]

# As the register's own formula makes a phone a key; what counts as one customer must do so afterwards.
_LEFT_OUT = (" ", "\xa0", "\u3000", "-", "+86")
_SHORTEST_KEY = 7
_KEY = re.compile(r"T(?P<phone>.+?)(?P<visit>#\d+)?", re.DOTALL)
_FREE = "***"


class Pseudonyms:
    """Masked names and phone numbers that are told apart, and free texts that are not taken for blanks."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._phones: dict[str, str] = {}
        self._by_digits: dict[str, str] = {}
        self._taken: set[str] = set()

    def name(self, text: str) -> str:
        """What stands for a name."""
        if text not in self._names:
            self._names[text] = self._free(masked_name(text), "")
        return self._names[text]

    def phone(self, text: str) -> str:
        """What stands for a phone cell; two that are one customer by the register's key share it."""
        key = _key(text)
        if key not in self._phones:
            masked = str(masked_value("phone", text))
            if len(key) < _SHORTEST_KEY:  # no key on the register, before or after
                self._phones[key] = masked
            else:
                masked = masked if len(_key(masked)) >= _SHORTEST_KEY else masked + "*" * _SHORTEST_KEY
                self._phones[key] = masked if masked == text else self._free(masked, "-")
            self._by_digits.setdefault(digits_of(text), self._phones[key])
        return self._phones[key]

    def run(self, digits: str) -> str:
        """What stands for a phone number inside a text."""
        return self._by_digits.get(digits_of(digits)) or masked_phone(digits)

    def value(self, kind: str, value: Value) -> Value:
        """What stands in a cell instead; None empties it."""
        text = shown(value)
        if kind == "phone" and text:
            return self.phone(text)
        if kind == "name" and text and not any(map(str.isdecimal, text)):
            return self.name(text)
        if kind == "free" and isinstance(value, str) and text:
            return _FREE
        return masked_value(kind, value)

    def key(self, value: str) -> str | None:
        """The register's key of a phone, worked out from what stands for the phone; None where a text is none."""
        hit = _KEY.fullmatch(value)
        if hit is None or hit["phone"].casefold() not in self._phones:
            return None
        return f"T{_key(self._phones[hit['phone'].casefold()], fold=False)}{hit['visit'] or ''}"

    def _free(self, masked: str, between: str) -> str:
        """A masked text that nobody else has, by key."""
        made, number = masked, 1
        while _key(made) in self._taken:
            number += 1
            made = f"{masked}{between}{number}"
        self._taken.add(_key(made))
        return made


def _key(text: str, *, fold: bool = True) -> str:
    for sign in _LEFT_OUT:
        text = text.replace(sign, "")
    text = text.replace("*", "x")
    return text.casefold() if fold else text
