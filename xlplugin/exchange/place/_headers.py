"""The headers under which offices keep units, wishes and suggestions, in Chinese and English, in any order."""

from __future__ import annotations

import re

from xlplugin.cells import is_blank, text_of

__all__ = ["KNOWN", "REGISTER", "SUGGESTION", "UNITS", "WISHES", "header_word", "keys_of"]

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")

# By column, its words apart by `|`; a header may also be the column's key. What stands in brackets is left aside.
UNITS = {
    "unit_no": "房号|房源|房源编号|铺位号|铺号|室号|unit no|unit|unit number",
    "building": "楼栋|楼栋号|栋号|栋|楼号|幢|building",
    "entrance": "单元|单元号|entrance",
    "floor": "楼层|层|所在层|所在层次|floor",
    "stack": "位置|室|列|stack|position",
    "layout": "户型|layout|type",
    "area": "面积|建筑面积|area",
    "unit_price": "单价|unit price|price",
    "total": "总价|total|total price",
    "sale_state": "销售状态|销控状态|状态|sale state|state",
    "use": "用途|物业类型|use",
    "permit_no": "预售证号|预售证|permit no|permit",
    "permit_date": "预售日期|预售证日期|permit date",
    "plan": "业态规划|业态|business plan",
    "catering": "餐饮|餐饮功能|catering",
}
WISHES = {
    "customer_no": "编号|客户编号|customer no|no",
    "name": "姓名|客户姓名|客户|name|customer",
    "phone": "电话|联系电话|手机|手机号|phone|mobile",
    "quantity": "意向套数|意向数量|意向购买数量|套数|quantity",
    "choice_1": "首选|首选房源|第一意向|第一意向铺位号|意向房源|第一选择|first choice|choice 1",
    "choice_2": "次选|次选房源|第二意向|第二选择|second choice|choice 2",
    "choice_3": "三选|三选房源|第三意向|第三选择|third choice|choice 3",
    "intended_area": "意向面积|intended area",
    "acceptable_total": "接受总价|可接受总价|acceptable total",
    "first_payment": "首付购买力|首付能力|first-payment power|first payment power|first payment",
    "payment": "付款方式|payment method|payment",
    "grade": "等级|意向等级|grade",
    "strong": "意向强烈|strong intent|strong",
    "deposit_time": "诚意金时间|诚意金|认筹时间|deposit time",
    "note": "备注|note|remark",
}
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
