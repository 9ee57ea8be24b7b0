"""The fifteen schemes as one would write them straight down for one office: lean, fixed, no reason given.

The floor that `benchmarks/decision.py` measures against. Nothing here comes from the package: the cells are read, the
figures are typed in, and there is one function a scheme, from raw cells to grade, status, interval and next date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["BY_HAND", "Answer"]

Answer = tuple[str, str, "int | None", "date | None"]  # grade, status, interval, next contact

# -- Cells ------------------------------------------------------------------------------------------------------------

EPOCH = date(1899, 12, 30).toordinal()
FIRST_SERIAL, AFTER_SERIAL = 18264, 109575  # 1950-01-01 and the day after 2199-12-31
HALF_WIDTH: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
HALF_WIDTH |= {0x3000: 32, 0xA0: 32, 0x2212: 45, 0x200B: None, 0x200C: None, 0x200D: None, 0xFEFF: None}
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)")
DAY = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])"
    r"(?:(?:[T ]|(?<=[日号]))\s*\d{1,2}[:时]\d{1,2}(?:分|:\d{1,2}(?:\.\d+)?)?)?"
)
COMPACT_DAY = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")
JOINT = re.compile(r"(?<=\w)[\s_-]+(?=\w)")

YES_NO: dict[object, bool | None] = {None: None, True: True, False: False}  # 1, 1.0, 0 and 0.0 are the same keys
YES_NO |= dict.fromkeys("是 有 √ ✓ ✔ ☑ true y yes 1 1.0 TRUE Y".split(), True)
YES_NO |= dict.fromkeys("否 无 × ✗ ✘ ☒ false n no 0 0.0 FALSE N".split(), False)


def tidy(cell: str) -> str:
    return cell.translate(HALF_WIDTH).strip()


def number(cell: object, low: float = -inf, high: float = inf) -> float | None:
    if cell is None:
        return None
    if type(cell) is float or type(cell) is int:
        value: float = cell
    elif isinstance(cell, str):
        text = tidy(cell)
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise ValueError
        value = float(text.replace(",", ""))
    else:
        raise ValueError
    if low <= value <= high:
        return value
    if value != value:  # noqa: PLR0124 - a data frame's blank
        return None
    raise ValueError


def whole(cell: object, low: float) -> int | None:
    value = number(cell, low)
    if value is None:
        return None
    if value % 1:
        raise ValueError
    return int(value)


def share(cell: object) -> float | None:
    if type(cell) is str:
        text = tidy(cell)
        if text.endswith("%"):
            value = number(text[:-1])
            if value is None or not 0 <= value <= 100:
                raise ValueError
            return round(value / 100, 15)
    value = number(cell, 0, 1)
    return None if value is None else round(value, 15)


def yes_no(cell: object) -> bool | None:
    try:
        return YES_NO[cell]
    except KeyError:
        pass
    word = tidy(cell).lower() if type(cell) is str else cell
    if word in YES_NO:
        return YES_NO[word]
    if is_blank(word):
        return None
    raise ValueError


def is_blank(cell: object) -> bool:
    return cell is None or cell == "" or cell != cell  # noqa: PLR0124 - a data frame's blank


def choice(cell: object, tokens: dict[str, str]) -> str | None:
    if cell is None:
        return None
    if type(cell) is str:
        if cell in tokens:
            return tokens[cell]
        text = tidy(cell).lower()
        text = JOINT.sub("_" if text.isascii() else "", text)
    elif type(cell) is int or (type(cell) is float and cell.is_integer()):
        text = str(int(cell))
    elif is_blank(cell):
        return None
    else:
        raise ValueError
    if text in tokens:
        return tokens[text]
    if text:
        raise ValueError
    return None


def day(cell: object) -> int | None:
    if cell is None:
        return None
    if type(cell) is float and FIRST_SERIAL <= cell < AFTER_SERIAL:
        return int(cell) + EPOCH
    if isinstance(cell, str):
        return typed_day(tidy(cell))
    if isinstance(cell, date):
        if is_blank(cell):  # pandas' NaT is a date
            return None
        if 1900 <= cell.year <= 9000:
            return cell.toordinal()
        raise ValueError
    if type(cell) is float or type(cell) is int:
        return serial_day(cell)
    raise ValueError


def typed_day(text: str) -> int | None:
    if not text:
        return None
    match = DAY.fullmatch(text)
    if match:
        year, _, month, month_day, month_zh, day_zh = match.groups()
        if not 1900 <= int(year) <= 9000:
            raise ValueError
        return date(int(year), int(month or month_zh), int(month_day or day_zh)).toordinal()
    match = COMPACT_DAY.fullmatch(text)
    if match:
        return date(*map(int, match.groups())).toordinal()
    if NUMBER.fullmatch(text) and "," not in text:
        return serial_day(float(text))
    raise ValueError


def serial_day(serial: float) -> int | None:
    if serial == 0 or serial != serial:  # noqa: PLR0124 - a data frame's blank
        return None
    if FIRST_SERIAL <= serial < AFTER_SERIAL:
        return int(serial) + EPOCH
    if 19000101 <= serial < 22000101 and serial == int(serial):
        return typed_day(str(int(serial)))
    raise ValueError


def months_on(start: int, months: int) -> int:
    """The same day of a later month, or that month's last."""
    first = date.fromordinal(start)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])).toordinal()


# -- The date ---------------------------------------------------------------------------------------------------------


def day_or_none(cell: object) -> int | None:
    try:
        return day(cell)
    except ValueError:
        return None


def answer(
    grade: str,
    status: str,
    days: int | None,
    last_contact: object,
    agreed: object,
    opt_out: object,
    count_from: int | None = None,
) -> Answer:
    """Grade, status and interval with the day to call next."""
    if opt_out is not None:
        try:
            stop = yes_no(opt_out)
        except ValueError:
            stop = True
        if stop:
            return grade, status, None, None
    last = day_or_none(last_contact)
    start = last if count_from is None else count_from
    due = None if days is None or start is None else start + days
    if agreed is not None:
        promised = day_or_none(agreed)
        known = start if last is None else last
        if promised is not None and (known is None or promised > known):
            due = promised
    return grade, status, days, None if due is None else date.fromordinal(due)


# -- The schemes ------------------------------------------------------------------------------------------------------


def tokens_of(words: dict[str, str]) -> dict[str, str]:
    """Every spelling with its token."""
    return {word: token for token, listed in words.items() for word in (token, *listed.split())}


LETTERS = {"A": "A", "B": "B", "C": "C", "D": "D", "a": "A", "b": "B", "c": "C", "d": "D"}
LEVELS = {"H": "H", "A": "A", "B": "B", "C": "C", "h": "H", "a": "A", "b": "B", "c": "C"}
PURCHASE_NEED = tokens_of({"need": "需求 明确要买", "motive": "动机 有想法", "none": "无 没有"})
BUSINESS_NEED = tokens_of({"clear": "明显", "potential": "潜在", "none": "没有 无"})
INTERACTION = tokens_of({"frequent": "频繁 互动频繁", "some": "有 有互动", "none": "无 没有 基本无互动"})
BASIS = tokens_of({"rolling": "滚动", "calendar": "自然月"})
MODE = tokens_of({"either": "任一", "hard": "硬性"})
OUTCOME = tokens_of(
    {
        "empty": "空号",
        "suspended": "暂停服务",
        "mismatch": "与资料不符",
        "off": "关机",
        "missed_call_sms": "来电提醒",
        "no_answer": "无人接听",
        "not_through": "未通",
        "hung_up": "匆匆挂断",
        "hostile": "强硬抵触",
        "neutral": "不排斥",
        "reschedule": "再约时间",
        "interested": "较有兴趣",
        "very": "很感兴趣",
        "will_visit": "可来约谈",
    }
)
STAGE = tokens_of(
    {
        "4": "确定可以成交 deal_certain_in_principle",
        "3": "考虑成交 considers_a_deal",
        "2": "主动了解 informs_himself",
        "1": "愿意听 有互动 willing_to_listen",
        "0": "不拒绝 不了解 does_not_refuse",
        "-1": "拒绝 refuses",
    }
)
POINTS = (
    {"A": 20, "B": 15, "C": 13, "D": 5},  # purchasing power
    {"A": 5, "B": 4, "C": 4, "D": 1},  # customer group
    {"A": 10, "B": 10, "C": 7, "D": 2},  # location
    {"A": 15, "B": 11, "C": 9, "D": 3},  # price
    {"A": 10, "B": 8, "C": 7, "D": 2},  # liking
    {"A": 10, "B": 10, "C": 6, "D": 2},  # belief
    {"A": 5, "B": 4, "C": 3, "D": 1},  # lifestyle
    {"A": 10, "B": 7, "C": 6, "D": 3},  # decision maker
    {"A": 10, "B": 6, "C": 5, "D": 0},  # unit fixed
    {"A": 5, "B": 4, "C": 2, "D": 0},  # ready to book
)


def account_tiers_vip_abc(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        lines = whole(cells[0], 0)
        monthly = number(cells[1], 0)
        best = number(cells[2], 0)
        either = choice(cells[3], MODE) != "hard"
        poor_credit = yes_no(cells[4])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if best is not None and monthly is not None and best > monthly:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if lines is None or monthly is None or best is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    status = "ok"
    if poor_credit:
        grade = "C"
    elif lines > 6 and monthly >= 200_000:
        grade, status = "VIP", "provisional"
    elif best > 100_000 or (either and lines > 3 and monthly >= 100_000):
        grade = "A"
    elif best > 50_000 or (either and lines > 1 and monthly >= 30_000):
        grade = "B"
    else:
        grade = "C"
    return answer(grade, status, None, last_contact, agreed, opt_out)


def dealer_callback_habc(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        level = choice(cells[0], LEVELS)
        ticks = [yes_no(cell) for cell in cells[1:15]]  # five of H, five of A, three of B, name known
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if level is None:
        if ticks.count(None) == 14:
            return answer("", "missing", None, last_contact, agreed, opt_out)
        if ticks[:5].count(True) >= 2:
            level = "H"
        elif ticks[5:10].count(True) >= 2:
            level = "A"
        elif ticks[13] and True in ticks[10:13]:
            level = "B"
        else:
            level = "C"
    days = 2 if level == "H" else 7 if level == "A" else 13 if level == "B" else 20
    return answer(level, "ok", days, last_contact, agreed, opt_out)


def percent_bands(  # noqa: PLR0911 - a line a band
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        percent = share(cells[0])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if percent is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    if percent >= 0.9:
        return answer("5", "ok", 1, last_contact, agreed, opt_out)
    if percent >= 0.7:
        return answer("4", "ok" if percent <= 0.8 else "gap", 3, last_contact, agreed, opt_out)
    if percent >= 0.5:
        return answer("3", "ok" if percent <= 0.6 else "gap", 7, last_contact, agreed, opt_out)
    if percent >= 0.2:
        return answer("2", "ok" if percent <= 0.4 else "gap", 15, last_contact, agreed, opt_out)
    return answer("1", "ok", 30, last_contact, agreed, opt_out)


def phone_levels_1_6(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        outcome = choice(cells[0], OUTCOME)
        dial_no = whole(cells[1], 1)
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if outcome is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    grade: str
    days: int | None
    if outcome in ("very", "will_visit"):
        grade, days = "6", 1
    elif outcome == "interested":
        grade, days = "5", 3
    elif outcome in ("neutral", "reschedule"):
        grade, days = "4", 7
    elif outcome == "hostile":
        grade, days = "3", None
    elif outcome == "hung_up":
        grade, days = "3", 30
    elif outcome in ("empty", "suspended", "mismatch") or (dial_no is not None and dial_no > 1):
        grade, days = "1", None
    else:
        grade, days = "2", 1
    return answer(grade, "ok", days, last_contact, agreed, opt_out)


def purchase_window_habcf(
    cells: Sequence[object], as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        given = number(cells[0])
        days = None if given is None else int(given)
        expected = day(cells[1])
        need = choice(cells[2], PURCHASE_NEED)
        power = yes_no(cells[3])
        confidence = yes_no(cells[4])
        if expected is not None:
            today = day(as_of)
            if today is not None:
                if days is not None and days != expected - today:
                    return answer("", "invalid", None, last_contact, agreed, opt_out)
                days = expected - today
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if days is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    if days < 0:
        return answer("", "stale", None, last_contact, agreed, opt_out)
    rank = 0 if days <= 7 else 1 if days <= 15 else 2 if days <= 30 else 3 if days <= 90 else 4
    status = "ok"
    if need is not None and power is not None and confidence is not None:
        at_best = 3
        if need == "need" and power:
            at_best = 0 if confidence else 2
        if at_best > rank:
            rank, status = at_best, "capped"
    interval = (1, 3, 7, 15, None)[rank]
    return answer("HABCF"[rank], status, interval, last_contact, agreed, opt_out)


def quality_abcd(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        same_trade = yes_no(cells[0])
        superior = yes_no(cells[1])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if same_trade is None or superior is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    grade = ("A" if superior else "B") if same_trade else ("C" if superior else "D")
    return answer(grade, "ok", None, last_contact, agreed, opt_out)


def question_depth(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        yes_no(cells[0])
        a = yes_no(cells[1])
        b = yes_no(cells[2])
        c = yes_no(cells[3])
        d = yes_no(cells[4])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    grade = "3" if d else "2" if c else "1" if a or b else "0"
    return answer(grade, "ok", None, last_contact, agreed, opt_out)


def revisit_window(
    cells: Sequence[object], as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        visit = day(cells[0])
        today = None if visit is None else day(as_of)
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if visit is None or today is None:
        return answer("", "missing", None, last_contact, agreed, opt_out, visit)
    since = today - visit
    if since < 0:
        return answer("", "invalid", None, last_contact, agreed, opt_out, visit)
    days: int | None
    if since <= 3:
        grade, days = "hot", 3
    elif since <= 7:
        grade, days = "warm", 7
    elif since <= 30:
        grade, days = "cooling", 30
    else:
        grade, days = "lapsed", None
    return answer(grade, "ok", days, last_contact, agreed, opt_out, visit)


def score_bands_90_70_60(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        score = number(cells[0], 0, 100)
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if score is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    return answer(*banded(score), last_contact, agreed, opt_out)


def banded(score: float) -> tuple[str, str, int]:
    if score >= 90:
        return "A", "ok", 3
    if score >= 70:
        return "B", "ok", 7
    if score >= 60:
        return "C", "ok", 15
    return "D", "ok", 30


def score_checklist_100(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        letters = [choice(cell, LETTERS) for cell in cells[:10]]
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    score = 0
    for points, letter in zip(POINTS, letters):
        if letter is None:
            return answer("", "missing", None, last_contact, agreed, opt_out)
        score += points[letter]
    return answer(*banded(score), last_contact, agreed, opt_out)


def signed_e_cadence(
    _cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    return answer("E", "ok", 15, last_contact, agreed, opt_out)


STAGE_DAYS = {"4": 3, "3": 3, "2": 7, "1": 7, "0": 15, "-1": None}


def stage_0_4(cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object) -> Answer:
    try:
        stage = choice(cells[0], STAGE)
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if stage is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    return answer(stage, "ok", STAGE_DAYS[stage], last_contact, agreed, opt_out)


def three_factor(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        need = choice(cells[0], PURCHASE_NEED)
        power = yes_no(cells[1])
        confidence = yes_no(cells[2])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if need is None or power is None or confidence is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    if power and need == "need":
        return answer("H/A" if confidence else "B", "ok", None, last_contact, agreed, opt_out)
    if power and need == "motive":
        return answer("C", "ok", None, last_contact, agreed, opt_out)
    return answer("U", "gap", None, last_contact, agreed, opt_out)


def time_to_close_abcde(  # noqa: C901, PLR0911, PLR0912 - the whole scheme in one place is the point
    cells: Sequence[object], as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        need = choice(cells[0], BUSINESS_NEED)
        expected = day(cells[1])
        months = number(cells[2], 0)
        by_calendar = choice(cells[3], BASIS) == "calendar"
        today = None if expected is None and months is None else day(as_of)
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if (
        expected is not None
        and today is not None
        and months is not None
        and (months % 1 or months_on(today, int(months)) != expected)
    ):
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if need is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    if need == "none":
        return answer("E", "ok", None, last_contact, agreed, opt_out)
    if need == "potential":
        return answer("D", "ok", 30, last_contact, agreed, opt_out)
    if expected is None or today is None:
        if months is None:
            return answer("", "missing", None, last_contact, agreed, opt_out)
        within_1, within_3, within_6 = months <= 1, months <= 3, months <= 6
        if by_calendar:
            within_1 = today is not None and same_month(today, part_months_on(today, months))
    else:
        if expected < today:
            return answer("", "stale", None, last_contact, agreed, opt_out)
        within_1 = same_month(today, expected) if by_calendar else expected <= months_on(today, 1)
        within_3 = within_1 or expected <= months_on(today, 3)
        within_6 = within_3 or expected <= months_on(today, 6)
    if within_1:
        return answer("A", "ok", 3, last_contact, agreed, opt_out)
    if within_3:
        return answer("B", "ok", 7, last_contact, agreed, opt_out)
    if within_6:
        return answer("C", "ok", 15, last_contact, agreed, opt_out)
    return answer("D", "ok", 30, last_contact, agreed, opt_out)


def same_month(one: int, other: int) -> bool:
    first, second = date.fromordinal(one), date.fromordinal(other)
    return first.year == second.year and first.month == second.month


def part_months_on(start: int, months: float) -> int:
    before, after = months_on(start, int(months)), months_on(start, int(months) + 1)
    return before + int((after - before) * (months - int(months)))


def visit_count_abcd(
    cells: Sequence[object], _as_of: object, last_contact: object, agreed: object, opt_out: object
) -> Answer:
    try:
        visits = whole(cells[0], 0)
        interaction = choice(cells[1], INTERACTION)
        need = choice(cells[2], PURCHASE_NEED)
        confidence = yes_no(cells[3])
        power = yes_no(cells[4])
        price_accepted = yes_no(cells[5])
        urgent = yes_no(cells[6])
        eligible = yes_no(cells[7])
    except ValueError:
        return answer("", "invalid", None, last_contact, agreed, opt_out)
    if eligible is False:
        return answer("", "out_of_scope", None, last_contact, agreed, opt_out)
    if visits is None or interaction is None:
        return answer("", "missing", None, last_contact, agreed, opt_out)
    status = "ok"
    if visits >= 3 or interaction == "frequent":
        rank = 0
    elif visits >= 2:
        rank = 1
    elif interaction == "some":
        rank, status = (2, "ok") if visits >= 1 else (3, "gap")
    else:
        rank = 3
    blanks = [need, confidence, power, price_accepted, urgent].count(None)
    if blanks and status == "ok":
        status = "provisional"
    if blanks < 5:
        if need == "need" and confidence and power:
            rank = max(rank, 0 if price_accepted and urgent else 1)
        else:
            rank = max(rank, 2 if power and need in ("need", "motive") else 3)
    return answer("ABCD"[rank], status, (3, 7, 15, 30)[rank], last_contact, agreed, opt_out)


BY_HAND: dict[str, Callable[[Sequence[object], object, object, object, object], Answer]] = {
    scheme.__name__: scheme
    for scheme in (
        account_tiers_vip_abc,
        dealer_callback_habc,
        percent_bands,
        phone_levels_1_6,
        purchase_window_habcf,
        quality_abcd,
        question_depth,
        revisit_window,
        score_bands_90_70_60,
        score_checklist_100,
        signed_e_cadence,
        stage_0_4,
        three_factor,
        time_to_close_abcde,
        visit_count_abcd,
    )
}
