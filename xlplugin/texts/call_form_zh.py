"""Chinese texts of the pre-selection form of one customer."""

TEXTS = {
    "sheet.call_form": "一人一页",
    "call_form.title": "房源预选单",
    "call_form.purpose": "在「选客户」里选编号或填姓名，显示他最近一通电话；不选就是空白单。打印一页，空处手写，回来补进「预选单」。",
    "call_form.choice": "选客户",
    "call_form.choice_help": "选编号；没有编号的客户填姓名。清空得空白单。",
    "call_form.call": "通话",
    "call_form.buyer": "购房人",
    "call_form.ladder": "拓宽（按顺序问，够选就停）",
    "call_form.step_1": "相邻面积户型可以吗？",
    "call_form.step_2": "同户型，其他楼栋可以吗？",
    "call_form.step_3": "其他单元可以吗？（由近到远）",
    "call_form.step_4": "其他楼层可以吗？",
    "call_form.signed": "置业顾问签字：",
    "call_form.signed_on": "填写时间：",
    "call_form.footer": "选房意向，不是销售承诺；含个人信息，用后收好",
    "placement.column.call_key": "客户键",
    "placement.column.latest": "最近一通",
    "preselection_help.start.6": "「一人一页」：选编号，得出这位客户的一页 A4，可打印，空处手写；不选打印空白单。",
    "call_form.choices": "选房意向",
}
