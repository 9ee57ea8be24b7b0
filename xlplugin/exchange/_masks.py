"""Values about people as a copy may show them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts._values import Value

__all__ = [
    "MASKED",
    "apart_in",
    "contacts_hidden",
    "digits_of",
    "links_hidden",
    "masked_name",
    "masked_phone",
    "masked_value",
    "people_in",
    "shown",
]

MASKED = ("name", "phone", "address", "plate", "employer", "birthday", "removed", "free")
"""The kinds of column that are masked, see `labels`."""

# Signs between the digits of one number: spaces, dashes of either width, dots, and unseen marks that pasting brings.
_SIGNS = r" \-\u2010-\u2015\u2212\ufe63－\u00a0\u3000\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad"
_APART = rf"[{_SIGNS}.．·()（）]{{0,2}}"
RUN = re.compile(rf"\+?\d(?:{_APART}\d){{6,}}")
# Further signs that set digits apart, alone or with spaces, and several of those above.
_STROKES = "/／_＿.．·・•‧"
_FAR = rf"(?:[{_SIGNS}]{{0,2}}[{_STROKES}][{_SIGNS}]{{0,2}}|[{_SIGNS}]{{2,6}})"
_FAR_APART = re.compile(rf"[/／_＿・•‧]|[{_SIGNS}.．·()（）]{{3}}")
_FAR_RUN = re.compile(rf"\d(?:[{_SIGNS}{_STROKES}()（）]{{0,6}}\d){{9,}}")
# Numbers spelled out, as they are dictated: 幺 is one, 〇 is often typed as a circle.
_NUMERALS = "〇零○一幺二三四五六七八九"
_FIGURES = str.maketrans(_NUMERALS, "0001123456789")
_ONE = rf"[{_SIGNS}]?"
_SPOKEN_RUN = re.compile(rf"[{_NUMERALS}](?:{_ONE}[{_NUMERALS}]){{6,}}")
# A mobile number, a landline with its area code, an identity card; digits may be of either width. No dots but between
# all groups of a mobile number: the numbers behind a chart have them. Three figures with a unit are a price.
_CODE = r"(?:[+＋]|[0０]{2})?[8８][6６]"
_LOOKS_LIKE = re.compile(
    rf"(?<!\d)(?:{_CODE}{_ONE})?[1１]\d{{2}}{_ONE}\d{{4}}{_ONE}\d{{4}}(?!\d)"
    rf"|(?<!\d)(?<!\d[{_STROKES}])(?:{_CODE}(?:{_ONE}|{_FAR}))?[1１][3-9３-９]\d(?P<apart>{_FAR})\d{{4}}(?P=apart)\d{{4}}"
    rf"(?!\d|[{_STROKES}]\d|{_ONE}(?:㎡|m²|平|元|万|亿|套|户))"
    rf"|(?<!\d)[0０]\d{{2,3}}[{_SIGNS}]\d{{7,8}}(?!\d)"
    rf"|[(（]?(?<!\d)[0０][1-9１-９]\d{{1,2}}(?:[)）]{_ONE}|[{_SIGNS}]|{_FAR})(?:\d{{7,8}}|\d{{3,4}}{_ONE}\d{{4}})(?!\d)"
    rf"|(?<!\d)\d{{6}}{_ONE}(?:18|19|20|１８|１９|２０)\d{{6}}{_ONE}\d{{3}}[\dXxＸｘ](?!\d)"
)
# Eleven numerals that begin like a mobile number; a weekday may stand before them.
_SPOKEN = re.compile(
    rf"(?:(?<![{_NUMERALS}])|(?<=[周期拜][一二三四五六]))[一幺]{_ONE}[三四五六七八九](?:{_ONE}[{_NUMERALS}]){{9}}"
    rf"(?!{_ONE}[{_NUMERALS}]|[十百千万亿])"
)
_ADDRESS = re.compile(r"[A-Za-z0-9][\w.%+-]*[@＠][A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)*[.．][A-Za-z]{2,}", re.ASCII)
_ACCOUNT = re.compile(
    r"((?:微信|v信|(?<![a-z])(?:weixin|wechat|[vw]x))"
    r"(?:\s*(?:号码?|账号)\s*[:：是为]?\s*|\s*(?:id)?\s*[:：]\s*|\s*(?:id)?\s*(?=[a-z_-]*[0-9]))"
    r"[a-z])[a-z0-9_-]{5,}",
    re.IGNORECASE,
)
_ACCOUNT_HINT = re.compile(r"信|we|[vw]x", re.IGNORECASE)
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


def contacts_hidden(text: str) -> str:
    """A text with what looks like a phone, an identity card's number, an e-mail address or a WeChat id masked."""
    if any(map(str.isdecimal, text)):
        text = _LOOKS_LIKE.sub(lambda hit: masked_phone(hit[0]), text)
    if not text.isascii():
        text = _SPOKEN.sub(lambda hit: masked_phone(hit[0].translate(_FIGURES)), text)
    if "@" in text or "＠" in text:
        text = _ADDRESS.sub(lambda hit: f"{hit[0][0]}***@***", text)
    return _ACCOUNT.sub(r"\1***", text) if _ACCOUNT_HINT.search(text) else text


def links_hidden(text: str, known: dict[str, int]) -> str:
    """A name, a link or the like without e-mail addresses; an asterisk may not stand there.

    Args:
        text: the text.
        known: the numbers that tell the addresses apart; new ones are added.
    """
    return _ADDRESS.sub(lambda hit: f"hidden{known.setdefault(hit[0], len(known) + 1)}", text) if "@" in text else text


def apart_in(text: str) -> Iterator[tuple[str, list[int]]]:
    """Numbers whose digits stand far apart or are spelled out: the digits of each, with their places in the text."""
    patterns = [_FAR_RUN] if _FAR_APART.search(text) else []
    for pattern in (*patterns, *(() if text.isascii() else (_SPOKEN_RUN,))):
        for hit in pattern.finditer(text):
            found = [(sign, at) for at, sign in enumerate(hit[0].translate(_FIGURES), hit.start()) if sign.isdecimal()]
            yield "".join(str(unicodedata.decimal(sign)) for sign, _ in found), [at for _, at in found]


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
    hidden = contacts_hidden(RUN.sub(lambda hit: masked_phone(hit[0]), text))
    left = sum(sign.isdecimal() or sign in _NUMERALS for sign in text)
    return "***" if hidden == text and left > 3 and "*" not in text else hidden


def _address(text: str) -> str | None:
    hit = _PLACE.match(text)
    return (hit[0].strip() or None) if hit else None


def _name(text: str) -> str:
    return masked_phone(text) if RUN.fullmatch(text.strip()) else masked_name(text)


def _plate(text: str) -> str:
    return f"{text.strip()[:2]}*****"


_TEXTS = {"name": _name, "phone": _phone, "address": _address, "plate": _plate}
