"""Cells read by plain formulas as `xlplugin.cells` reads them: one value, "" for a blank, "!" for what can't be read.

Every step stands in a working column of its own, so that each formula can be followed. Numbers and dates are put
together from their digits, never by VALUE of a whole text, because what that reads depends on the country.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import read_yes_no, text_of, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xlplugin.rulebook.model import Field

__all__ = ["BAD", "BLANK", "Step", "any_of", "blank_of", "number", "read", "read_key", "text"]

BLANK, BAD = '""', '"!"'
_SEEN_AS = {
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
    **dict(zip("－−＋．，％／：＿", "--+.,%/:_")),
    chr(0x3000): " ",
    chr(0xA0): " ",
    # What copying from chats and web pages leaves unseen.
    **dict.fromkeys(map(chr, (0xAD, 0x200B, 0xFEFF)), ""),
}
_SPACES = ("CHAR(9)", "CHAR(10)", "CHAR(13)")
_GROUPED = "9,999|99,999|999,999"
_THOUSANDS = f"|{'|'.join(group + ',999' * more for more in range(3) for group in _GROUPED.split('|'))}|"
_ONE_OR_TWO = ("9", "99")
_DATES = [
    f"9999{first}{month}{second}{day}{end}"
    for first, second, end in (("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日"), ("年", "月", "号"))
    for month in _ONE_OR_TWO
    for day in _ONE_OR_TWO
]
_TIMES = [
    f"{hour}:{minute}{second}"
    for hour in _ONE_OR_TWO
    for minute in _ONE_OR_TWO
    for second in ("", *(f":{two}" for two in _ONE_OR_TWO))
]
_YES = "是 true 1 y yes √ ✓ ✔ ☑ 有 1.0".split()
_NO = "否 false 0 n no × ✗ ✘ ☒ 无 0.0".split()


class Step(NamedTuple):
    """One step of reading a cell: its part in the column's key, and its formula."""

    part: str
    formula: str


def text(words: str) -> str:
    """A text as a formula holds it."""
    return '"' + words.replace('"', '""') + '"'


def number(value: float) -> str:
    """A number as a formula holds it."""
    return str(int(value)) if value == int(value) else repr(value)


def any_of(tests: Iterable[str], operator: str = "OR") -> str:
    """Whether one of some tests holds, or with AND each of them."""
    listed = list(dict.fromkeys(tests))
    return listed[0] if len(listed) == 1 else f"{operator}({','.join(listed)})"


def _listed(cell: str, words: Iterable[str]) -> str:
    """Whether a text is one of a list, compared exactly and without wildcards."""
    return f'ISNUMBER(FIND("|"&{cell}&"|",{text("|" + "|".join(words) + "|")}))'


def _tidied(cell: str) -> str:
    """The cell with full-width signs made half-width and space around it removed; an error is `!`."""
    made = cell
    for seen, meant in _SEEN_AS.items():
        made = f"SUBSTITUTE({made},{text(seen)},{text(meant)})"
    for space in _SPACES:
        made = f'SUBSTITUTE({made},{space}," ")'
    logical = f'IF(ISLOGICAL({cell}),IF({cell},"TRUE","FALSE"),{cell})'
    return f'IF(ISERROR({cell}),{BAD},IF(ISTEXT({cell}),TRIM({made}),IF(ISBLANK({cell}),"",{logical})))'


def _shape(cell: str) -> str:
    """A text with every digit made a 9, so that its form can be looked up between bars."""
    cell = f'SUBSTITUTE({cell},"|","!")'
    for digit in range(9):
        cell = f'SUBSTITUTE({cell},"{digit}","9")'
    return cell


def read(field: Field, cell: str, own: Callable[[str], str]) -> Iterator[Step]:
    """The steps from a cell as typed to its value; the last is `value`.

    Args:
        field: the input.
        cell: where it stands.
        own: the cell of a step, by its part.
    """
    yield Step("tidy", _tidied(cell))
    if field.kind == "date":
        yield from _read_date(own)
    elif field.kind == "yes_no":
        yield Step("value", _in_words(own("tidy"), [("1", _YES), ("0", _NO)], blank_of(field)))
    elif field.kind == "choice":
        yield Step("value", _choice(field, own("tidy")))
    else:
        yield from _read_number(field, own)


def read_key(cell: str, own: Callable[[str], str]) -> Iterator[Step]:
    """The steps from a cell to a text by which its number is found; the last is `key`.

    It starts with a letter, so that no criterion takes it for a number or a comparison, and holds no wildcard.
    """
    yield Step("tidy", _tidied(cell))
    key = own("tidy")
    for sign in "~*?":
        key = f'SUBSTITUTE({key},"{sign}","{chr(ord(sign) + 0xFEE0)}")'
    yield Step("key", f'IF({own("tidy")}="","","k"&{key})')


def blank_of(field: Field) -> str:
    """What a blank cell stands for, as a formula holds it."""
    if field.blank is None:
        return BLANK
    if field.kind == "yes_no":
        return "1" if read_yes_no(field.blank) else "0"
    return text(str(field.blank)) if field.kind == "choice" else number(float(field.blank))


def _wide(word: str) -> str:
    """A word in full-width letters, as some keyboards write it; digits are half-width already."""
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalpha() else sign for sign in word)


def _spelt(words: Iterable[str]) -> list[str]:
    """Words with their full-width spellings; the case of half-width letters makes no difference to a formula."""
    listed = [tidy(word) for word in words]
    wide = [_wide(form) for word in listed for form in (word.lower(), word.upper(), word.capitalize())]
    return list(dict.fromkeys([*listed, *(word for word in wide if not word.isascii())]))


def _in_words(tidied: str, answers: list[tuple[str, list[str]]], blank: str) -> str:
    made = BAD
    for value, words in reversed(answers):
        tests = [f"{tidied}={word}" for word in words if word in ("0", "1")]
        tests += [f"{tidied}={text(word)}" for word in _spelt(words)]
        made = f"IF({any_of(tests)},{value},{made})"
    return f'IF({tidied}="",{blank},{made})'


def _choice(field: Field, tidied: str) -> str:
    made = BAD
    for token, by_language in reversed(list(field.tokens.items())):
        words = dict.fromkeys((token, *by_language["zh"], *by_language["en"]))
        made = f"IF({any_of(_named(tidied, words))},{text(token)},{made})"
    return f'IF({tidied}="",{blank_of(field)},{made})'


def _named(tidied: str, words: Iterable[str]) -> Iterator[str]:
    """The tests for the spellings of one token; a number typed counts as its digits."""
    joined = f'SUBSTITUTE(SUBSTITUTE({tidied}," ","_"),"-","_")'
    for word in words:
        if word.isascii() and "_" in text_of(word):
            yield from (f"{joined}={text(spelt)}" for spelt in _spelt([text_of(word)]))
        elif word.isascii():
            yield from (f'{tidied}&""={text(spelt)}' for spelt in _spelt([word]))
        else:
            yield f'SUBSTITUTE({tidied}," ","")={text(word)}'


def _read_number(field: Field, own: Callable[[str], str]) -> Iterator[Step]:
    tidied, body, shape, value = own("tidy"), own("body"), own("shape"), own("number")
    share = field.kind == "fraction"
    bare = f'TRIM(IF(RIGHT({tidied},1)="%",LEFT({tidied},LEN({tidied})-1),{tidied}))' if share else tidied
    signed = f'OR(LEFT({tidied},1)="-",LEFT({tidied},1)="+")'
    yield Step("body", f'IF(ISTEXT({tidied}),MID({bare},IF({signed},2,1),60),"")')
    yield Step("shape", _shape(body))
    yield Step("number", _typed_number(tidied, body, shape, share=share))
    within = [f"{value}{sign}{number(end)}" for sign, end in ((">=", field.low), ("<=", field.high)) if abs(end) < inf]
    kept = f"TRUNC({value})" if field.kind == "days" else f"ROUND({value},15)" if share else value
    within += [f"{value}=TRUNC({value})"] if field.kind == "whole" else []
    checked = f"IF({any_of(within, 'AND')},{kept},{BAD})" if within else kept
    yield Step("value", f'IF(ISNUMBER({value}),{checked},IF({value}="",{blank_of(field)},{BAD}))')


def _typed_number(tidied: str, body: str, shape: str, *, share: bool) -> str:
    """A number put together from its digits, so that no country's decimal sign plays a part."""
    whole = f'LEFT({shape},FIND(".",{shape}&".")-1)'
    rest = f'MID({shape},FIND(".",{shape}&".")+1,60)'
    plain = f'OR(SUBSTITUTE({whole},"9","")="",ISNUMBER(FIND("|"&{whole}&"|",{text(_THOUSANDS)})))'
    valid = f'AND(SUBSTITUTE({shape},".","")<>"",LEN({shape})<=30,SUBSTITUTE({rest},"9","")="",{plain})'
    digits = f'VALUE(SUBSTITUTE(SUBSTITUTE({body},",",""),".",""))'
    made = f'IF(LEFT({tidied},1)="-",-1,1)*{digits}/10^LEN({rest})'
    if share:
        made = f'{made}/IF(RIGHT({tidied},1)="%",100,1)'
    return f'IF(ISNUMBER({tidied}),{tidied},IF({tidied}="","",IF({valid},IFERROR({made},{BAD}),{BAD})))'


def _read_date(own: Callable[[str], str]) -> Iterator[Step]:
    """The date by way of one number, 20260302, which is how some people type it anyway."""
    tidied, shape, value = own("tidy"), own("shape"), own("number")
    yield Step("shape", f'IF(ISTEXT({tidied}),{_shape(f"""SUBSTITUTE({tidied},"T"," ")""")},"")')
    day, time = f'LEFT({shape},FIND(" ",{shape}&" ")-1)', f'TRIM(MID({shape},FIND(" ",{shape}&" ")+1,40))'
    valid = f"AND({_listed(day, _DATES)},OR({day}={shape},{_listed(time, _TIMES)}))"
    digits = f'AND(SUBSTITUTE({shape},"9","")="",LEN({shape})<=8)'
    month = f'IF(MID({shape},7,1)="9",2,1)'
    parts = (
        f"LEFT({tidied},4)*10000+MID({tidied},6,{month})*100"
        f'+MID({tidied},7+{month},IF(MID({shape},8+{month},1)="9",2,1))'
    )
    typed = f"IF({digits},VALUE({tidied}),IF({valid},{parts},{BAD}))"
    yield Step("number", f'IF(ISNUMBER({tidied}),{tidied},IF({tidied}="","",IFERROR({typed},{BAD})))')
    yield Step("value", f"IF(ISNUMBER({value}),{_day(value)},{value})")


def _day(value: str) -> str:
    """A serial or a number such as 20260302 as a date; 0 is what an emptied date cell holds."""
    year, month, day = f"INT({value}/10000)", f"INT(MOD({value},10000)/100)", f"MOD({value},100)"
    real = (
        f"AND({value}=INT({value}),{value}>=19010101,{value}<=21991231,{month}>=1,{month}<=12,{day}>=1,"
        f"{day}<=DAY(DATE({year},{month}+1,0)))"
    )
    compact = f"IFERROR(IF({real},DATE({year},{month},{day}),{BAD}),{BAD})"
    serial = f"AND({value}>=DATE(1950,1,1),{value}<DATE(2200,1,1))"
    return f'IF({value}=0,"",IF({serial},INT({value}),{compact}))'
