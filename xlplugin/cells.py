"""What a person typed, as any host sends it, turned into a value; the only module that knows what hosts may send.

Every reader returns None for a blank cell and raises `Unreadable` for anything it would have to guess.
Days are counted as proleptic ordinals (`date.toordinal`): adding an interval is adding a number.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from math import inf, trunc
from typing import TYPE_CHECKING

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "EPOCH_1900",
    "EPOCH_1904",
    "Unreadable",
    "amount_reader",
    "choice_reader",
    "date_reader",
    "error_in",
    "fraction_reader",
    "is_blank",
    "number_reader",
    "read_yes_no",
    "show",
    "text_of",
    "tidy",
    "whole_reader",
]

# Serial day 0 of the two date systems, as ordinals. Serials before 1950 are not read as dates: a bare 7 in a
# date cell is far more likely a number of days than the seventh of January 1900.
EPOCH_1900 = date(1899, 12, 30).toordinal()
EPOCH_1904 = date(1904, 1, 1).toordinal()
_FIRST_SERIAL_DAY = date(1950, 1, 1).toordinal()
_LAST_SERIAL_DAY = date(2199, 12, 31).toordinal()
# Outside these no date can be meant, and inside them adding an interval cannot overflow.
_YEARS = range(1900, 9001)

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x2212: "-",
    # What copying from chats and web pages leaves unseen: soft hyphens, joiners, marks of direction.
    **dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]),
}
_NOT_PLAIN = re.compile(f"[{''.join(map(chr, _HALF_WIDTH))}]")  # asked first: translating costs much more
_ERROR = re.compile(
    r"#(N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)"
    r"|Err:5\d\d"
)
# Excel's own error numbers, as COM sends them where nobody asked for text.
_COM_ERRORS = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}
_COM_ERRORS_END = -2_146_826_000
_LARGEST = 1e300
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)")
# Money and areas as people write them: ¥1,000,000, 100万元, 1.6万/㎡, 120㎡.
_AMOUNT = re.compile(
    r"(?:[¥￥]|rmb|cny)?\s*([+-]?[\d.,]+)\s*([万亿]?)\s*(?:元|圆|块|yuan|rmb|cny)?"
    r"\s*(?:/?\s*(?:㎡|m²|m2|sqm|平方米|平米|平方|平))?",
    re.IGNORECASE,
)
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])"
    r"(?:(?:[T ]|(?<=[日号]))\s*\d{1,2}[:时]\d{1,2}(?:分|:\d{1,2}(?:\.\d+)?)?)?"
)
_COMPACT_DATE = re.compile(r"(19|20|21)\d{6}")
_MIDNIGHT = time()  # an emptied date cell, as some readers show its 0
_BETWEEN = re.compile(r"(?<=\w)[\s_-]+(?=\w)")
# As the cell comes or, where it is untidy, as a casefolded text; 1 and 1.0 are the same key as True.
_YES_NO: dict[object, bool | None] = {
    None: None,
    **dict.fromkeys((True, *"是 true 1 y yes √ ✓ ✔ ☑ 有 1.0".split()), True),
    **dict.fromkeys((False, *"否 false 0 n no × ✗ ✘ ☒ 无 0.0".split()), False),
}


_NUMPY_YES_NO = ("bool_", "bool")


class Unreadable(ValueError):  # noqa: N818 - it says what the cell is
    """A cell that cannot be read without guessing.

    Args:
        why: the text key `cell.<why>` that says what is allowed.
        found: the cell as it came.
        facts: what fills that text (low, high, tokens …).
    """

    def __init__(self, why: str, found: object, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.found = found
        self.facts = facts


def tidy(text: str) -> str:
    """The text with full-width forms made half-width, and surrounding and invisible space removed."""
    return (text.translate(_HALF_WIDTH) if _NOT_PLAIN.search(text) else text).strip()


def error_in(value: object) -> str | None:
    """The error that stands in a cell, spelled as the sheet shows it; None where there is no error."""
    if isinstance(value, CellError):
        return value.text
    if type(value) is str and value[:1] in "#E" and _ERROR.fullmatch(value):
        return value
    if type(value) is int:
        return _COM_ERRORS.get(value)
    return None


def is_blank(value: object) -> bool:
    """Whether a cell counts as empty: nothing, only space, or the not-a-number of a data frame."""
    if value is None:
        return True
    if isinstance(value, str):
        return not tidy(value)
    # pandas marks an empty cell by a value that does not equal itself (NaN, NaT) or has no truth value (NA).
    try:
        return bool(value != value)  # noqa: PLR0124 - that is the test for NaN
    except (TypeError, ValueError, ArithmeticError):
        return True


def _plain(value: object) -> str | float | int | date | None:
    """The cell as text, number or date; None for blank; an error or a yes/no is unreadable here."""
    error = error_in(value)
    if error:
        raise Unreadable("error_value", error)
    if isinstance(value, str):
        return tidy(value) or None
    if is_blank(value):
        return None
    if isinstance(value, bool):
        raise Unreadable("boolean", value)
    if isinstance(value, (float, date)):
        return value
    if isinstance(value, (bytes, bytearray)):
        raise Unreadable("not_text_or_number", type(value).__name__)
    if type(value).__name__ in _NUMPY_YES_NO:
        raise Unreadable("boolean", bool(value))
    try:
        number = float(value)  # type: ignore[arg-type] # numpy's and decimal numbers know how
    except (TypeError, ValueError, ArithmeticError):
        raise Unreadable("not_text_or_number", type(value).__name__) from None
    return value if isinstance(value, int) else number


def _number(value: object) -> float | int | None:
    plain = _plain(value)
    if plain is None:
        return None
    if isinstance(plain, str):
        if not _NUMBER.fullmatch(plain):
            raise Unreadable("not_a_number", value)
        plain = float(plain.replace(",", ""))
    if isinstance(plain, date):
        raise Unreadable("date_for_number", value)
    if abs(plain) > _LARGEST:
        raise Unreadable("not_a_number", value)
    return plain


def number_reader(low: float, high: float) -> Callable[[object], float | int | None]:
    """A reader of numbers from `low` to `high`, both included."""
    # Infinity is no number of anything, and whole numbers this far down are COM's errors.
    least, most = max(low, -_LARGEST), min(high, _LARGEST)
    allowed = {"low": show(low), "high": show(high)}

    def read(value: object) -> float | int | None:
        kind = type(value)
        if (kind is float or (kind is int and value > _COM_ERRORS_END)) and least <= value <= most:  # type: ignore[operator] # its kind says so
            return value  # type: ignore[return-value] # the same
        number = _number(value)
        if number is not None and not low <= number <= high:
            raise Unreadable("out_of_range" if high < inf else "below", value, **allowed)
        return number

    return read


def amount_reader(low: float, high: float) -> Callable[[object], float | int | None]:
    """A reader of money and areas: a number, or a text such as `100万`, `¥1,000,000元`, `120㎡` or `1.6万/㎡`."""
    in_range = number_reader(low, high)

    def read(value: object) -> float | int | None:
        if not isinstance(value, str):
            return in_range(value)
        match = _AMOUNT.fullmatch(tidy(value))
        if match is None or not _NUMBER.fullmatch(match[1]):
            return in_range(value)  # which says what is wrong with it
        number = float(match[1].replace(",", "")) * _TIMES[match[2]]
        try:
            return in_range(round(number, 6))
        except Unreadable as cause:
            raise Unreadable(cause.why, value, **cause.facts) from None

    return read


def whole_reader(low: float, high: float, *, cut: bool = False) -> Callable[[object], int | None]:
    """A reader of whole numbers; with `cut`, of days whose fraction is cut off (decisions.md 2)."""
    in_range = number_reader(low, high)
    least, most = max(low, -_LARGEST), min(high, _LARGEST)

    def read(value: object) -> int | None:
        if type(value) is float and least <= value <= most and value.is_integer():  # as nearly every host sends it
            return int(value)
        number = in_range(value)
        if number is None:
            return None
        whole = trunc(number)
        if whole != number and not cut:
            raise Unreadable("not_whole", value)
        return whole

    return read


def fraction_reader(low: float, high: float) -> Callable[[object], float | None]:
    """A reader of shares such as 0.45; `45%` typed as text is 0.45, a bare 45 is not.

    A share is kept to 15 decimals, about what a spreadsheet does, so that 0.7 reached by adding is 0.7.
    """
    in_range = number_reader(low, high)

    def read(value: object) -> float | None:
        if isinstance(value, str) and tidy(value).endswith("%"):
            number = _number(tidy(value)[:-1])
            value = None if number is None else number / 100
            if value is None:
                raise Unreadable("not_a_number", "%")
        number = in_range(value)
        return None if number is None else round(number, 15)

    return read


def read_yes_no(value: object) -> bool | None:
    """True for 是, √, 有, Y, TRUE or 1, False for 否, ×, 无, N, FALSE or 0, None for a blank cell."""
    try:
        return _YES_NO[value]
    except (KeyError, TypeError):  # untidy, unreadable, or nothing a cell holds
        plain = _plain(value)
    word = plain.casefold() if isinstance(plain, str) else plain
    if word not in _YES_NO:
        raise Unreadable("not_yes_no", value)
    return _YES_NO[word]


def choice_reader(words: Mapping[str, str]) -> Callable[[object], str | None]:
    """A reader of one choice from a list.

    Args:
        words: every spelling, in the form `text_of` gives it, to the token it stands for.
    """
    offered = "/".join(dict.fromkeys(words.values()))

    def read(value: object) -> str | None:
        kind = type(value)
        if kind is float and value.is_integer():  # type: ignore[attr-defined] # a stage typed as a number
            value = str(int(value))  # type: ignore[call-overload] # its kind says so
            kind = str
        if kind is str and value in words:
            return words[value]  # type: ignore[index] # the same
        plain = _plain(value)
        if plain is None:
            return None
        token = words.get(text_of(plain))
        if token is None:
            raise Unreadable("not_a_choice", value, offered=offered)
        return token

    return read


def text_of(plain: object) -> str:
    """The spelling under which a choice or a header is looked up.

    Case is folded, 3.0 is `3`, and space, hyphen and underscore between two letters are one sign; Chinese needs none.
    """
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    text = tidy(_spelled(plain)).casefold()
    return _BETWEEN.sub("_" if text.isascii() else "", text)


def date_reader(epoch: int = EPOCH_1900) -> Callable[[object], int | None]:
    """A reader of dates as ordinals; a time of day is dropped, and a serial counts from `epoch`.

    Read are dates and datetimes, serials, and the texts 2026-03-02, 2026/3/2, 2026.3.2, 2026年3月2日 and 20260302.
    A day without a year, a two-digit year or 3/2/2026 would be a guess and is unreadable.
    """
    first, after = _FIRST_SERIAL_DAY - epoch, _LAST_SERIAL_DAY - epoch + 1

    def read(value: object) -> int | None:
        if value is None:
            return None
        if type(value) is float and first <= value < after:  # a date cell, as nearly every host sends it
            return int(value) + epoch
        plain = None if type(value) is time and value == _MIDNIGHT else _plain(value)
        if isinstance(plain, str):
            return _typed_date(plain, value, epoch)
        if isinstance(plain, date):
            if plain.year not in _YEARS:
                raise Unreadable("not_a_date", value)
            return plain.toordinal()
        return None if plain is None else _serial_date(plain, value, epoch)

    return read


def _serial_date(serial: float, value: object, epoch: int) -> int | None:
    if serial == 0:  # what an emptied date cell holds
        return None
    if abs(serial) < _LARGEST and _FIRST_SERIAL_DAY <= trunc(serial) + epoch <= _LAST_SERIAL_DAY:
        return trunc(serial) + epoch
    if _COMPACT_DATE.fullmatch(show(serial)):
        return _typed_date(show(serial), value, epoch)
    raise Unreadable("not_a_date", value)


def _typed_date(text: str, value: object, epoch: int) -> int | None:
    if len(text) == 10 and text[4] == text[7] == "-":  # nearly all that programs write; asking first is quick
        try:
            iso = date.fromisoformat(text)
        except ValueError:
            pass
        else:
            if iso.year in _YEARS:
                return iso.toordinal()
    match = _DATE.fullmatch(text)
    if match:
        year, month, day = [int(part) for part in match.groups() if part]
    elif _COMPACT_DATE.fullmatch(text):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif _NUMBER.fullmatch(text) and "," not in text:
        return _serial_date(float(text), value, epoch)
    else:
        raise Unreadable("not_a_date", value)
    try:
        return date(year if year in _YEARS else 0, month, day).toordinal()
    except ValueError:
        raise Unreadable("no_such_day", value) from None


def _spelled(value: object) -> str:
    """A value as text; a number too long to be spelled is only hinted at."""
    try:
        return str(value)
    except ValueError:
        return "…"


def show(value: object) -> str:
    """A value as a person would write it: 7 rather than 7.0, ISO dates, at most forty characters."""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime):
        value = value.date() if not (value.hour or value.minute or value.second) else value
    text = f"{value:.10g}" if isinstance(value, float) else _spelled(value)
    return text if len(text) <= 40 else text[:39] + "…"
