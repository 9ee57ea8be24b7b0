"""Values about people as a copy may show them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlplugin.hosts._values import Value

__all__ = ["MASKED", "digits_of", "masked_name", "masked_phone", "masked_value", "people_in", "phones_hidden", "shown"]

MASKED = ("name", "phone", "address", "plate", "employer", "birthday", "removed", "free")
"""The kinds of column that are masked, see `labels`."""

# Signs between the digits of one number: spaces, dashes of either width, dots, and unseen marks that pasting brings.
_SIGNS = r" \-\u2010-\u2015\u2212\ufe63－\u00a0\u3000\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad"
_APART = rf"[{_SIGNS}.．·()（）]{{0,2}}"
RUN = re.compile(rf"\+?\d(?:{_APART}\d){{6,}}")
# A mobile number, a landline with its area code, an identity card; digits may be of either width. No dots: the numbers
# behind a chart have them.
_ONE = rf"[{_SIGNS}]?"
_LOOKS_LIKE = re.compile(
    rf"(?<!\d)(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_ONE})?[1１]\d{{2}}{_ONE}\d{{4}}{_ONE}\d{{4}}(?!\d)"
    rf"|(?<!\d)[0０]\d{{2,3}}[{_SIGNS}]\d{{7,8}}(?!\d)"
    r"|(?<!\d)\d{6}(?:18|19|20|１８|１９|２０)\d{9}[\dXxＸｘ](?!\d)"
)
# Provinces, cities and districts; the likes of 小区 and 超市 are none.
_PLACE = re.compile(
    r"^\s*(?:\S{1,8}?(?:省|自治区))?(?:\S{1,10}?(?<!超)市)?(?:[^\s\d]{1,8}?(?:(?<![小园社校厂景])区|县|旗))?"
)
_PEOPLE = re.compile(r"[/、,，;；&+\n]|\s和\s|\s及\s|\s与\s|[(（【\[].*?[)）】\]]")
_BEFORE = re.compile(r"^(?:mr|mrs|ms|miss|dr)\b\.?\s*", re.IGNORECASE)
_TITLE = re.compile(r"(?:先生|女士|小姐|太太|夫妇|夫人|老师|经理|总)$")


def digits_of(text: str) -> str:
    """The digits of a phone number as one text, without spaces, dashes and the country's code."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())
    for code in ("0086", "86"):
        if digits.startswith(code) and len(digits) - len(code) == 11:
            return digits[len(code) :]
    return digits


def shown(value: object) -> str:
    """A value as a text, empty for all but texts and whole numbers."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.strip() if isinstance(value, str) else ""


def masked_phone(text: str) -> str:
    """A phone number with its first three and last four digits; of a landline only the last three."""
    digits = digits_of(text)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-3:]}" if len(digits) >= 7 else "***"


def phones_hidden(text: str) -> str:
    """A text with whatever looks like a phone or an identity card's number in it masked."""
    return _LOOKS_LIKE.sub(lambda hit: masked_phone(hit[0]), text) if any(map(str.isdecimal, text)) else text


def masked_name(text: str) -> str:
    """A name with its first character only."""
    text = text.strip()
    return f"{text[0]}**" if text else ""


def masked_value(kind: str, value: Value) -> Value:
    """What stands in a cell instead; None empties it."""
    if value is None or value == "":
        return value
    if kind in ("name", "phone", "address", "plate"):
        if isinstance(value, float) and not isinstance(value, bool):
            if kind == "name" and not RUN.fullmatch(shown(value)):  # how many customers there are, and nobody's name
                return value
            value = str(int(value)) if value.is_integer() else str(value)
        return _TEXTS[kind](value) if isinstance(value, str) else None
    return None


def people_in(text: str) -> set[str]:
    """The names a cell holds: as a whole, each of several, each without a title."""
    parts = {part.strip() for part in (text, *_PEOPLE.split(text))}
    return {name for part in parts for name in (part, _TITLE.sub("", part), _BEFORE.sub("", part)) if len(name) > 1}


def _phone(text: str) -> str:
    hidden = RUN.sub(lambda hit: masked_phone(hit[0]), text)
    left = sum(sign.isdecimal() for sign in text)
    return "***" if hidden == text and left > 3 and "*" not in text else hidden


def _address(text: str) -> str | None:
    hit = _PLACE.match(text)
    return (hit[0].strip() or None) if hit else None


def _name(text: str) -> str:
    return masked_phone(text) if RUN.fullmatch(text.strip()) else masked_name(text)


def _plate(text: str) -> str:
    return f"{text.strip()[:2]}*****"


_TEXTS = {"name": _name, "phone": _phone, "address": _address, "plate": _plate}
