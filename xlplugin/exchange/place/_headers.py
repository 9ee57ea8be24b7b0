"""The headers under which offices keep units, wishes and suggestions, in Chinese and English, in any order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.cells import is_blank, text_of
from xlplugin.decisions.placement_rows import UNIT, WISH

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KNOWN", "REGISTER", "SUGGESTION", "UNITS", "WISHES", "header_word", "keys_of"]

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")

# What only formulas compute is nobody's paper.
_COMPUTED = ("wishes", "placement", "crowding")
# By column, words apart by `|` under which papers of offices have it, besides those that the worksheet functions read.
# Some, such as 状态, would stand for another column on our own sheets.
_ON_PAPER_UNITS = {
    "unit_no": "房源编号|室号|unit number",
    "building": "楼栋号|栋|幢",
    "entrance": "单元号",
    "floor": "所在层|所在层次",
    "stack": "室|列",
    "layout": "type",
    "unit_price": "price",
    "total": "total price",
    "sale_state": "销控状态|状态|state",
    "use": "物业类型",
    "permit_no": "预售证|permit",
    "permit_date": "预售证日期",
    "plan": "业态规划|业态|business plan",
    "catering": "餐饮|餐饮功能|catering",
}
_ON_PAPER_WISHES = {
    "name": "客户|customer",
    "phone": "手机|手机号|mobile",
    "quantity": "意向数量|套数",
    "choice_1": "首选房源|第一意向|意向房源|第一选择|choice 1",
    "choice_2": "次选房源|第二意向|第二选择|choice 2",
    "choice_3": "三选房源|第三意向|第三选择|choice 3",
    "acceptable_total": "可接受总价",
    "first_payment": "首付能力|first payment",
    "strong": "strong",
    "deposit_time": "诚意金|认筹时间",
    "note": "备注|note|remark",
}


def _all_words(known: Mapping[str, str], on_paper: Mapping[str, str]) -> dict[str, str]:
    """By column all its words, those of the worksheet functions first."""
    keys = [key for key in dict.fromkeys((*known, *on_paper)) if key not in _COMPUTED]
    return {key: "|".join(words[key] for words in (known, on_paper) if key in words) for key in keys}


# By column, its words apart by `|`; a header may also be the column's key. What stands in brackets is left aside.
UNITS = _all_words(UNIT, _ON_PAPER_UNITS)
WISHES = _all_words(WISH, _ON_PAPER_WISHES)
SUGGESTION = {
    "customer_no": "编号|客户编号|customer no|no",
    "name": "姓名|客户姓名|name",
    "unit_no": "房号|建议房号|建议房源|unit no|unit",
    "rank": "第几选择|选择次序|rank of choice|rank",
    "reason": "说明|remark|reason",
}
REGISTER = {
    "name": "客户姓名|姓名|客户|name|customer",
    "phone": "联系电话|电话|手机|手机号|phone",
    "visit_date": "来访日期|日期|visit date|date",
    "continued": "已续行|已续|continued",
    "register_no": "登记编号|编号|register no",
    "grade": "等级|意向等级|grade",
    "override": "人工改级|override grade|override",
    "budget": "预算|budget",
    "area": "面积|意向面积|area",
    "payment": "付款方式|payment method|payment",
    "unit": "需求房源|意向房源|unit wanted|unit",
    "opt_out": "勿扰|do not contact|opt out",
}


def header_word(cell: object) -> str:
    """A header as it is looked up: without brackets, marks at its end, case and kind of space."""
    if is_blank(cell):
        return ""
    return text_of(_BRACKETS.sub("", str(cell)).strip().rstrip(".:：*＊"))


def keys_of(columns: dict[str, str]) -> dict[str, str]:
    """Each word under which a column may stand, with the column's key."""
    return {
        header_word(word): key for key, words in columns.items() for word in (key.replace("_", " "), *words.split("|"))
    }


KNOWN = frozenset(word for columns in (UNITS, WISHES, SUGGESTION, REGISTER) for word in keys_of(columns))
