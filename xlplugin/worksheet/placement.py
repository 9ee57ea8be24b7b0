"""The worksheet functions of the unit placement map and of the pre-selection form, a few lines each.

Rows come with their headers, in Chinese, English or as ids; whole tables with their header row on top.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from xlplugin.cells import is_blank, text_of
from xlplugin.decisions import placement as rules_of
from xlplugin.decisions import preselection, steering
from xlplugin.decisions.office_rules import read_holidays
from xlplugin.decisions.placement_check import unit_faults, wish_faults
from xlplugin.texts import say
from xlplugin.worksheet._arguments import FIELDS, HOLIDAYS, RULES
from xlplugin.worksheet._placement import (
    Project,
    customers_line,
    listed,
    location,
    one_call,
    one_unit,
    one_wish,
    project_of,
    standing,
    state_word,
    terms,
    word,
)
from xlplugin.worksheet._placement_plain import next_call_formula
from xlplugin.worksheet.desk import WrongFormula, rows_of
from xlplugin.worksheet.registry import Arg, worksheet_function

if TYPE_CHECKING:
    from xlplugin.domain import Wish
    from xlplugin.worksheet.desk import Desk

__all__ = [
    "XLP_COULD_ASK",
    "XLP_FIT",
    "XLP_LADDER",
    "XLP_NEXT_CALL",
    "XLP_PER_LAYOUT",
    "XLP_PLACED",
    "XLP_QUANTITY_CHECK",
    "XLP_SUGGEST",
    "XLP_UNIT_CHECK",
    "XLP_UNIT_CUSTOMERS",
    "XLP_UNIT_LABEL",
    "XLP_UNIT_STATE",
    "XLP_WISH_CHECK",
]

_WISH = Arg("evidence", "意向表中一位客户的一行", "one customer's row of the wishes")
_UNIT = Arg("evidence", "房源表中一套房的一行", "one unit's row")
_CALL = Arg("evidence", "预选单的一行", "one row of the pre-selection form")
_UNITS = Arg("units", "房源表（含表头）", "the units with their header")
_WISHES = Arg("wishes", "意向表（含表头）", "the wishes with their header")
_LAYOUT = Arg("layout", "户型；不写则列出全部", "a layout; all of them where it is left out", optional=True)
_STEP = Arg("step", "第几步（1–4）；不写则四步都列", "which step, 1 to 4; all where it is left out", optional=True)
_AIM = Arg("aim", "seated、rank 或 worst", "seated, rank or worst", optional=True)
_MOST_UNITS = 3  # of each step of the ladder
_MOST_CUSTOMERS = 5


@worksheet_function(
    zh="意向是否契合：意向面积、接受总价与首选房源是否相符；缺数时为空",
    en="Whether intended area and acceptable total agree with the first choice; empty where a figure is missing",
    args=(FIELDS, _WISH, _UNITS, RULES),
    example='XLP_FIT({"首选","意向面积","接受总价"},{"1-101",50,1000000},{"房号","面积","总价";"1-101",52,1000000})',
    result="是",
)
def XLP_FIT(desk: Desk, fields: object, evidence: object, units: object, rules: object = None) -> object:
    """Yes or no, whether a customer's figures agree with the units he names first; empty where one is missing."""
    numbers, bad = terms(desk, rules)
    wish, lang = one_wish(desk, fields, evidence)
    found = rules_of.fit(wish.value, project_of(desk, units).first_choice(wish.value), numbers)
    return "" if bad or found.fits is None else word(lang, "yes" if found.fits else "no")


@worksheet_function(
    zh="落位结果：已落位，或未落位的原因（意向不明确、资金不足、房源非可售、资料不全）",
    en="Placed on the first choice, or why not: intent unclear, means insufficient, not for sale, incomplete",
    args=(FIELDS, _WISH, _UNITS, RULES),
    example=(
        'XLP_PLACED({"首选","接受总价","首付购买力","付款方式","等级"},{"1-101",1000000,300000,"商业贷款","A"},'
        '{"房号","总价";"1-101",1000000})'
    ),
    result="已落位",
)
def XLP_PLACED(desk: Desk, fields: object, evidence: object, units: object, rules: object = None) -> object:
    """Whether a customer is placed on the units he names first, or why not."""
    numbers, bad = terms(desk, rules)
    wish, lang = one_wish(desk, fields, evidence)
    found = rules_of.placement(wish.value, project_of(desk, units).first_choice(wish.value), numbers)
    return "" if bad else word(lang, found)


@worksheet_function(
    zh="套数核对：首选列出的套数与意向套数是否相符",
    en="Whether as many units are named first as the customer wants",
    args=(FIELDS, _WISH),
    example='XLP_QUANTITY_CHECK({"意向套数","首选"},{2,"1-101"})',
    result="要2套，首选1套",
)
def XLP_QUANTITY_CHECK(desk: Desk, fields: object, evidence: object) -> object:
    """Whether the number of first-choice units is the intended quantity, and otherwise both numbers."""
    wish, lang = one_wish(desk, fields, evidence)
    named, wanted = rules_of.counted(wish.value)
    if wanted is None:
        return word(lang, "no_quantity")
    return word(lang, "agrees") if named == wanted else say(lang, "placement.count", wanted=wanted, named=named)


@worksheet_function(
    zh="意向一行里要核对的地方：没有这套房、房号重复、非可售、数字读不懂、不契合的原因等；没有问题时为空",
    en="What to look into in a wish: unknown, repeated or sold units, unreadable cells, why it does not fit",
    args=(FIELDS, _WISH, _UNITS, RULES),
    example='XLP_WISH_CHECK({"首选","意向面积"},{"9-101",50},{"房号","面积";"1-101",52})',
    result="房源表里没有9-101",
)
def XLP_WISH_CHECK(desk: Desk, fields: object, evidence: object, units: object, rules: object = None) -> object:
    """What is wrong or doubtful in a customer's row, in one sentence; empty where nothing is."""
    numbers, bad = terms(desk, rules)
    wish, lang = one_wish(desk, fields, evidence)
    project = project_of(desk, units)
    return bad.sentence(lang) if bad else listed(lang, wish_faults(lang, wish, project.units, project.where, numbers))


@worksheet_function(
    zh="房源一行里要核对的地方：房号重复、总价与面积×单价不符、价格读不懂、缺楼栋楼层等；没有问题时为空",
    en="What to look into in a unit's row: number listed twice, total against area × price, unreadable cells, no floor",
    args=(FIELDS, _UNIT, _UNITS),
    example='XLP_UNIT_CHECK({"房号","面积","单价","总价"},{"1-101",100,8000,900000},{"房号";"1-101"})',
    result="总价900000与面积×单价800000不符；缺楼栋、楼层、位置，上不了落位图",
)
def XLP_UNIT_CHECK(desk: Desk, fields: object, evidence: object, units: object) -> object:
    """What is wrong or doubtful in a unit's row, in one sentence; empty where nothing is."""
    unit, lang = one_unit(desk, fields, evidence)
    return listed(lang, unit_faults(lang, unit, project_of(desk, units).units))


@worksheet_function(
    zh="一套房的落位状态：空缺、已落位、重叠、扎堆；已不可售时为销售状态",
    en="The state of a unit: vacant, matched, contested, heap; its state of sale where it is not available",
    args=(FIELDS, _UNIT, _WISHES, RULES),
    example='XLP_UNIT_STATE({"房号"},{"1-101"},{"编号","首选";"C1","1-101";"C2","1-101";"C3","1-101"})',
    result="扎堆",
)
def XLP_UNIT_STATE(desk: Desk, fields: object, evidence: object, wishes: object, rules: object = None) -> object:
    """How many customers want a unit first, as a state; crowding goes by wishes."""
    numbers, bad = terms(desk, rules)
    unit, lang = one_unit(desk, fields, evidence)
    count = len(standing(desk, wishes).on(unit.value.unit_no))
    return "" if bad else state_word(lang, rules_of.state(count, numbers, unit.value.sale_state))


@worksheet_function(
    zh="首选这套房的客户：编号和隐去的姓名，最多列五组",
    en="The customers who want a unit first: numbers and masked names, at most five",
    args=(FIELDS, _UNIT, _WISHES),
    example='XLP_UNIT_CUSTOMERS({"房号"},{"1-101"},{"编号","姓名","首选";"C1","张三","1-101"})',
    result="C1 张**",
)
def XLP_UNIT_CUSTOMERS(desk: Desk, fields: object, evidence: object, wishes: object) -> object:
    """The customers who name a unit first, by number and masked name."""
    unit, lang = one_unit(desk, fields, evidence)
    return customers_line(lang, standing(desk, wishes).on(unit.value.unit_no), _MOST_CUSTOMERS)


@worksheet_function(
    zh="落位图上一格的文字：状态记号、房号、面积、单价、总价、意向数与落位数、客户",
    en="What a cell of the map says: sign of its state, unit, area, unit price, total, wishes and placed, customers",
    args=(FIELDS, _UNIT, _WISHES, RULES),
    example='XLP_UNIT_LABEL({"房号","面积","总价"},{"1-101",98.5,800000},{"编号","首选"})',
    result="○ 1-101  98.5㎡ 80万 意0 落0",
)
def XLP_UNIT_LABEL(desk: Desk, fields: object, evidence: object, wishes: object, rules: object = None) -> object:
    """The label of a unit on the map, in up to four lines."""
    numbers, bad = terms(desk, rules)
    unit, lang = one_unit(desk, fields, evidence)
    found = standing(desk, wishes)
    here = found.on(unit.value.unit_no)
    state = rules_of.state(len(here), numbers, unit.value.sale_state)
    return "" if bad else location(lang, unit.value, state, here, found.placed_on(unit.value.unit_no))


@worksheet_function(
    zh="各户型的客房比（推筹比）：可售套数、首选客户数、每套几组客户",
    en="Customers per unit by layout: units for sale, customers who want one first, and their ratio",
    args=(_UNITS, _WISHES, _LAYOUT),
    example='XLP_PER_LAYOUT({"房号","户型";"1-101","三房"},{"编号","首选";"C1","1-101";"C2","1-101"},"三房")',
    result="2",
)
def XLP_PER_LAYOUT(desk: Desk, units: object, wishes: object, layout: object = None) -> object:
    """The ratio of one layout, or a row for each: layout, units for sale, customers, ratio."""
    found = rules_of.per_layout(project_of(desk, units).units, standing(desk, wishes).wishes)
    if is_blank(layout):
        rows = [[one.layout, one.units, one.customers, "" if one.ratio is None else one.ratio] for one in found]
        return rows or ""
    ratios = {text_of(one.layout): one.ratio for one in found}
    if text_of(layout) not in ratios:
        raise WrongFormula("#N/A")
    ratio = ratios[text_of(layout)]
    return "" if ratio is None else ratio


@worksheet_function(
    zh="拓宽：相邻面积户型、其他楼栋、其他单元、其他楼层各有哪些可以再问，无人选的房源在前",
    en="The widening ladder: units by neighbouring size, other buildings, entrances, floors; unwanted ones first",
    args=(FIELDS, _WISH, _UNITS, _STEP, RULES),
    example=('XLP_LADDER({"首选"},{"1-101"},{"房号","楼栋","户型";"1-101","1","三房";"2-101","2","三房"},2)'),
    result="2-101",
)
def XLP_LADDER(
    desk: Desk, fields: object, evidence: object, units: object, step: object = None, rules: object = None
) -> object:
    """The further units of one step of the ladder, or of all steps, each with its name."""
    numbers, bad = terms(desk, rules)
    wish, lang = one_wish(desk, fields, evidence)
    project = project_of(desk, units)
    found = steering.ladder(wish.value, steering.Field(project.units, project.crowd), numbers)
    names = {
        name: say(lang, "join.list").join(unit.unit_no for unit in some[:_MOST_UNITS]) for name, some in found.items()
    }
    if bad:
        return ""
    if is_blank(step):
        parts = [f"{say(lang, f'placement.step.{name}')}{units}" for name, units in names.items() if units]
        return say(lang, "join.sentence").join(parts)
    at = int(step) if isinstance(step, (int, float)) and step in (1, 2, 3, 4) else 0
    if not at:
        raise WrongFormula("#VALUE!")
    return names[steering.STEPS[at - 1]]


@worksheet_function(
    zh="可邀约客户：首选扎堆、而这套房的面积和总价也合适的客户，最多列五组",
    en="Whom to ask about a unit: customers of heaps whose area and means it suits, at most five",
    args=(FIELDS, _UNIT, _WISHES, RULES),
    example=(
        'XLP_COULD_ASK({"房号","面积","总价"},{"2-101",98,800000},{"编号","首选","意向面积","接受总价","首选现状";'
        '"C1","1-101",100,900000,"扎堆"})'
    ),
    result="C1",
)
def XLP_COULD_ASK(desk: Desk, fields: object, evidence: object, wishes: object, rules: object = None) -> object:
    """The customers of heaps whom a unit would suit, by number and masked name."""
    numbers, bad = terms(desk, rules)
    unit, lang = one_unit(desk, fields, evidence)
    suited = steering.could_be_asked(unit.value, standing(desk, wishes).crowded(numbers), numbers)
    return "" if bad else customers_line(lang, suited, _MOST_CUSTOMERS)


@worksheet_function(
    zh="建议落位（仅供内部测算）：每位客户的编号、姓名、房号、第几选择、说明",
    en="A suggested placement, for internal estimates only: number, name, unit, rank of choice, remark",
    args=(_UNITS, _WISHES, _AIM, RULES),
    example='XLP_SUGGEST({"房号";"1-101"},{"编号","首选";"C1","1-101"})',
    result="C1, , 1-101, 1, 首选",
)
def XLP_SUGGEST(desk: Desk, units: object, wishes: object, aim: object = None, rules: object = None) -> object:
    """One row a customer: number, name, suggested unit, rank of choice, remark; nobody is moved by it."""
    numbers, bad = terms(desk, rules)
    project, found = project_of(desk, units), standing(desk, wishes)
    return bad.sentence(found.lang) if bad else _suggested(project, found.wishes, found.lang, numbers, aim)


def _suggested(project: Project, wishes: list[Wish], lang: str, numbers: rules_of.Terms, aim: object) -> object:
    from xlplugin.decisions.assignment import AIMS, suggest  # noqa: PLC0415 - the solver is brought in when asked for
    from xlplugin.decisions.choices import Limits, open_choices  # noqa: PLC0415 - the same
    from xlplugin.errors import XlpError  # noqa: PLC0415 - the same

    named = "seated" if is_blank(aim) else text_of(aim)
    if named not in AIMS:
        raise WrongFormula("#N/A")
    try:
        plan = suggest(open_choices(project.units, wishes, Limits(numbers.total_tolerance, numbers.shares)), named)
    except XlpError as cause:
        return cause.sentence(lang)
    rows: list[list[object]] = []
    for wish, given in zip(wishes, plan):
        for at, rank in given or ((None, None),):
            unit = "" if at is None else project.units[at].unit_no
            remark = say(lang, f"placement.rank.{min(rank, 4)}" if rank else "placement.rank.none")
            rows.append([wish.customer_no, wish.name, unit, rank or "", remark])
    return rows or ""


@worksheet_function(
    zh="下次通话：约定的时间优先；再考虑、未看资料为次日；不方便接听而未约时间为缺项",
    en="The next call: an agreed time wins; a day later where he is thinking it over or has not read; else by grade",
    args=(FIELDS, _CALL, HOLIDAYS, RULES),
    example='XLP_NEXT_CALL({"客户状态","通话日期"},{"再考虑",46087})',
    result="2026-03-07",
    plain=next_call_formula,
)
def XLP_NEXT_CALL(
    desk: Desk, fields: object, evidence: object, holidays: object = None, rules: object = None
) -> object:
    """When to call a customer of the pre-selection next; empty where none is set, a word where it can't be told."""
    numbers, bad = desk.numbers("preselection", rules)
    call, lang = one_call(desk, fields, evidence)
    if bad:
        return bad.sentence(lang)
    if call.bad:
        return word(lang, "invalid")
    _, office = desk.rules(rules)
    days = None
    if office.working_days:
        days = read_holidays([] if is_blank(holidays) else rows_of(holidays), desk.epoch)
    found = preselection.next_call(call.value, numbers, days)
    if isinstance(found, str):
        return word(lang, found)
    return "" if found is None else _moment(found)


def _moment(ordinal: float) -> date:
    """A day, with its time of day where it has one."""
    day = date.fromordinal(int(ordinal))
    seconds = round((ordinal % 1) * 86400)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds) if seconds else day  # noqa: DTZ001 - sheets know no zone
