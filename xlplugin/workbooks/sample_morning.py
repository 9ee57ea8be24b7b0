"""A morning at a sales office, as staff really type it: about forty visits of plainly invented people.

Dates stand in several forms, digits full-width, ticks as √ or Y; some cells are blank, one holds an error value, one
plan has lapsed, some calls are agreed, one guest is not to be called. Phone numbers are from no assigned range.
"""

from __future__ import annotations

from datetime import date, datetime

from xlplugin.errors import CellError

__all__ = ["DAY", "morning"]

DAY = date(2026, 3, 9)

# Chinese and English, as the two editions of the register show them.
_WORDS = {
    "salutation": {"M": ("先生", "Mr"), "F": ("女士", "Ms")},
    "channel": {
        "call": ("来电", "call"),
        "visit": ("来访", "visit"),
        "referral": ("转介绍", "referral"),
        "relation": ("关系客户", "relation"),
        "other": ("其他", "other"),
    },
    "need": {"need": ("需求", "need"), "motive": ("动机", "motive"), "none": ("无", "none")},
    "interaction": {"frequent": ("频繁", "frequent"), "some": ("有", "some"), "none": ("无", "none")},
    "yes_no": {"y": ("是", "yes"), "n": ("否", "no")},
    "received_by": {"Z": ("周一鸣", "Zhou"), "W": ("吴小满", "Wu"), "X": ("许知夏", "Xu")},
    "project": {"p": ("云栖苑", "Court"), "q": ("云栖商街", "Arcade")},
}
_YES_NO = ("power", "confidence", "price_accepted", "urgent", "opt_out")
_COLUMNS = (
    "name salutation phone visit_date visit_time received_by channel project unit expected_purchase need power "
    "confidence price_accepted urgent interaction agreed_contact opt_out"
).split()

_BEFORE, _LAST_WEEK = date(2026, 2, 27), date(2026, 3, 5)
_NA = CellError("#N/A")

# name zh/en, salutation, phone, date, time, received by, channel, project, unit, expected purchase, need, power,
# confidence, price accepted, urgent, interaction, agreed contact, opt out. None is a cell left blank.
_VISITS: tuple[tuple[object, ...], ...] = (
    (("张三", "Zhang San"), "M", "10000000001", _BEFORE, "10:20", "Z", "visit", "p", "1-502", None, "need", "y", "n", "n", "n", "some", None, None),
    (("李四", "Li Si"), "F", "10000000002", _BEFORE, "15:05", "W", "call", "p", "三房/3 rooms", date(2026, 3, 20), "need", "y", "y", "n", "n", "some", None, None),
    (("王五", "Wang Wu"), "M", "10000000003", "2026.2.28", "09:40", "X", "visit", "q", "A-07", "2026/3/6", "motive", "y", "n", None, None, "none", None, None),
    (("赵六", "Zhao Liu"), "M", "10000000004", _LAST_WEEK, "11:10", "Z", "referral", "p", "2-1101", date(2026, 3, 12), "need", "√", "√", "√", "n", "frequent", None, None),
    (("孙七", "Sun Qi"), "F", "10000000005", _LAST_WEEK, "16:30", "W", "visit", "p", "89㎡", None, None, None, None, None, None, "some", "2026-03-09", None),
    (("周八", "Zhou Ba"), "M", "10000000006", date(2026, 3, 6), "14:00", "X", "call", "q", "A-12", date(2026, 6, 1), "motive", "n", "n", "n", "n", "none", None, "y"),
    (("卞九", "Bian Jiu"), "F", "10000000041", date(2026, 3, 3), "10:30", "Z", "visit", "p", "1-1402", date(2026, 3, 25), "need", "y", "y", "y", "y", "frequent", None, None),
    (("云十", "Yun Shi"), "M", "10000000042", "2026/2/18", "14:45", "W", "visit", "p", "2-701", date(2026, 5, 6), "motive", "y", "n", "n", "n", "some", None, None),
    (("苏甲", "Su Jia"), "F", "10000000043", date(2026, 2, 24), "09:50", "X", "referral", "q", "B-03", date(2026, 3, 18), "need", "y", "y", "y", "n", "frequent", "2026.3.2", None),
    (("张三", "Zhang San"), "M", "10000000001", DAY, "09:05", "Z", "visit", "p", "1-502", date(2026, 3, 14), "need", "y", "n", "y", "n", "some", None, None),
    (("吴九", "Wu Jiu"), "M", "10000000007", DAY, "09:10", "W", "visit", "p", "1-803", "2026-03-16", "need", "y", "y", "y", "y", "frequent", None, None),
    (("郑十", "Zheng Shi"), "F", "10000000008", "2026年3月9日", "09:15", "X", "call", "p", "两房/2 rooms", "2026年3月30日", "需求/need", "是/yes", "是/yes", None, None, "some", None, None),
    (("冯甲", "Feng Jia"), "M", "10000000009", 46090, "09:20", "Z", "visit", "p", "2-601", 46110, "motive", "y", "n", "n", "n", "some", None, None),
    (("陈乙", "Chen Yi"), "F", "10000000010", datetime(2026, 3, 9, 9, 25), "09:25", "W", "referral", "q", "B-01", "2026/4/8", "need", "1", "0", "1", "0", "frequent", date(2026, 3, 11), None),
    (("褚丙", "Chu Bing"), "M", "10000000011", "２０２６－３－９", "09:30", "X", "visit", "p", "1-204", "２０２６／３／１５", "need", "Ｙ", "Ｎ", "Y", "N", "some", None, None),
    (("卫丁", "Wei Ding"), "M", "10000000012", DAY, "09:35", "Z", "visit", "p", "三房/3 rooms", None, None, None, None, None, None, "none", None, None),
    (("蒋戊", "Jiang Wu"), "F", "10000000013", DAY, "09:40", "W", "call", "p", "1-1502", "3月20日", "need", "y", "y", "n", "n", "some", None, None),
    (("沈己", "Shen Ji"), "M", "10000000014", DAY, "09:42", "X", "visit", "q", "A-03", date(2026, 3, 10), "need", "y", "y", "y", "y", "frequent", None, None),
    (("韩庚", "Han Geng"), "M", "10000000015", DAY, "09:45", "Z", "visit", "p", "2-302", date(2026, 5, 20), "motive", "y", None, None, None, "none", None, None),
    (("杨辛", "Yang Xin"), "F", "10000000016", DAY, "09:50", "W", "relation", "p", "1-902", date(2026, 3, 24), "need", "y", "y", "y", "n", "some", "2026.3.13", None),
    (("朱壬", "Zhu Ren"), "M", "10000000017", DAY, "09:55", "X", "visit", "p", "120㎡", date(2026, 12, 1), "motive", "n", "n", "n", "n", "none", None, None),
    (("李四", "Li Si"), "F", "10000000002", DAY, "10:00", "W", "visit", "p", "1-703", date(2026, 3, 20), "need", "y", "y", "y", "n", "frequent", None, None),
    (("秦癸", "Qin Gui"), "F", None, DAY, "10:02", "Z", "visit", "p", "1-101", None, "motive", None, None, None, None, "none", None, None),
    (("尤子", "You Zi"), "M", "10000000018", DAY, "10:05", "X", "call", "q", "B-06", date(2026, 3, 18), _NA, "y", "y", "y", "n", "some", None, None),
    (("许丑", "Xu Chou"), "F", "10000000019", DAY, "10:10", "W", "visit", "p", "2-405", date(2026, 3, 22), "需要", "y", "y", "n", "n", "some", None, None),
    (("何寅", "He Yin"), "M", "10000000020", DAY, "10:12", "Z", "visit", "p", "1-606", " 2026-3-25 ", " 需求/need ", " 是/yes", "否/no ", None, None, "some", None, None),
    (("吕卯", "Lü Mao"), "F", "10000000021", DAY, "10:15", "X", "referral", "p", "2-1203", date(2026, 3, 11), "need", "有/yes", "有/yes", "√", "√", "frequent", date(2026, 3, 10), None),
    (("施辰", "Shi Chen"), "M", "10000000022", DAY, "10:18", "W", "visit", "q", "A-15", None, "need", "y", "n", None, None, "some", date(2026, 3, 30), None),
    (("孔巳", "Kong Si"), "M", "10000000023", DAY, "10:20", "Z", "call", "p", "三房/3 rooms", date(2026, 4, 5), "motive", "y", "n", "n", "n", "some", None, None),
    (("曹午", "Cao Wu"), "F", "10000000024", DAY, "10:25", "X", "visit", "p", "1-402", "26/3/20", "need", "y", "y", None, None, "some", None, None),
    (("严未", "Yan Wei"), "M", "10000000025", DAY, "10:28", "W", "visit", "p", "2-802", date(2026, 3, 13), "need", "y", "y", "y", "y", "some", None, None),
    (("华申", "Hua Shen"), "F", "10000000026", DAY, "10:30", "Z", "other", "q", "B-09", date(2026, 7, 1), "none", "n", "n", "n", "n", "none", None, None),
    (("金酉", "Jin You"), "M", "10000000027", DAY, "10:35", "X", "visit", "p", "1-1001", date(2026, 3, 28), "need", "y", None, "y", None, "some", None, None),
    (("魏戌", "Wei Xu"), "M", "10000000028", DAY, "10:40", "W", "visit", "p", "89㎡", date(2026, 2, 20), "need", "y", "y", "n", "n", "some", "2026-03-05", None),
    (("陶亥", "Tao Hai"), "F", "10000000029", DAY, "10:44", "Z", "call", "p", "2-207", date(2026, 3, 31), "motive", "y", "y", "n", "n", "some", None, None),
    (("王五", "Wang Wu"), "M", "10000000003", DAY, "10:50", "X", "visit", "q", "A-07", date(2026, 4, 20), "need", "y", "n", "n", "n", "some", None, None),
    (("姜一", "Jiang Yi"), "F", "10000000030", DAY, "10:55", "W", "visit", "p", "1-1203", date(2026, 3, 15), "need", "可能", "y", "n", "n", "some", None, None),
    (("戚二", "Qi Er"), "M", "10000000031", DAY, "11:00", "Z", "visit", "p", "2-501", None, None, None, None, None, None, "frequent", None, None),
    (("谢三", "Xie San"), "F", "10000000032", DAY, "11:05", "X", "referral", "p", "1-305", date(2026, 3, 19), "need", "y", "y", "y", "n", "frequent", None, None),
    (("邹四", "Zou Si"), "M", "10000000033", DAY, "11:08", "W", "visit", "q", "B-02", date(2026, 9, 9), "motive", "y", "n", "n", "n", "none", None, None),
    (("喻五", "Yu Wu"), "F", "10000000034", DAY, "11:15", "Z", "call", "p", "2-906", date(2026, 3, 23), "need", "y", "n", "y", "n", "some", None, None),
    (("柏六", "Bai Liu"), "M", "10000000035", DAY, "11:20", "X", "visit", "p", "1-705", None, "none", "n", "n", None, None, None, None, None),
    (("水七", "Shui Qi"), "F", "10000000036", DAY, "11:26", "W", "visit", "p", "2-303", date(2026, 3, 17), "need", "y", "y", "n", "y", "some", date(2026, 3, 12), None),
    (("赵六", "Zhao Liu"), "M", "10000000004", DAY, "11:30", "Z", "visit", "p", "2-1101", date(2026, 3, 12), "need", "√", "√", "√", "√", "frequent", None, None),
    (("窦八", "Dou Ba"), "M", "10000000037", DAY, "11:40", "X", "visit", "q", "A-18", date(2026, 3, 29), "need", "y", "y", "n", "n", "none", None, "y"),
)  # fmt: skip


def morning(lang: str) -> list[dict[str, object]]:
    """The visits of the morning and of the days before, each as what was typed into which column.

    Args:
        lang: zh or en, the edition of the register they are typed into.
    """
    at = 0 if lang == "zh" else 1
    return [
        {column: _typed(column, cell, at) for column, cell in zip(_COLUMNS, visit) if cell is not None}
        for visit in _VISITS
    ]


def _typed(column: str, cell: object, at: int) -> object:
    if isinstance(cell, tuple):
        return cell[at]
    if not isinstance(cell, str):
        return cell
    words = _WORDS["yes_no" if column in _YES_NO else column] if column in _WORDS or column in _YES_NO else {}
    if cell in words:
        return words[cell][at]
    languages = cell.split("/")
    # A slash parts the two languages, but not the parts of a date.
    return languages[at] if len(languages) == 2 and not any(sign.isdecimal() for sign in languages[0]) else cell
