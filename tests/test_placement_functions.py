"""The worksheet functions of placement as a sheet calls them: rows with headers, whole tables, blanks, errors."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from xlplugin.errors import CellError
from xlplugin.worksheet import FUNCTIONS, Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    Functions = dict[str, Callable[..., Any]]

UNITS: list[list[Any]] = [
    ["房号", "楼栋", "单元", "楼层", "户型", "面积", "单价", "总价", "销售状态", "意向数"],
    ["1-101", "1", "1", "1", "三房", 100, 10000, 1000000, "可售", 3],
    ["1-102", "1", "1", "1", "两房", 80, 10000, 800000, "签约", 0],
    ["2-101", "2", "1", "1", "三房", 100, 9900, 990000, "可售", 0],
    ["2-102", "2", "1", "1", "三房", 100, 9900, 990000, "", 1],
]
FIELDS = [
    "编号",
    "姓名",
    "意向套数",
    "首选",
    "次选",
    "意向面积",
    "接受总价",
    "首付购买力",
    "付款方式",
    "等级",
    "意向强烈",
]
WISHES: list[list[Any]] = [
    [*FIELDS, "落位结果", "首选现状"],
    ["C1", "张三", 1, "1-101", None, 98, 1100000, 330000, "商业贷款", "A", None, "已落位", "扎堆"],
    ["C2", "李四", 1, "1-101", "2-101", 98, 1100000, 330000, "商业贷款", "B", None, "意向不明确", "扎堆"],
    ["C3", "王五", 2, "1-101、2-102", None, 98, 2200000, 660000, "商业贷款", "H", None, "已落位", "扎堆"],
    ["C4", "赵六", 1, "1-102", None, 80, 900000, 300000, "公积金", "A", "是", None, None],
]
HEAD = WISHES[0][: len(FIELDS)]
RULES = [["方案", "项", "值"], ["placement", "heap", 4]]
BAD_RULES = [["方案", "项", "值"], ["placement", "heap", "很多"]]


@pytest.fixture(scope="module")
def functions() -> Functions:
    return Desk().functions()


def row(at: int, **changed: object) -> list[object]:
    cells: list[object] = list(WISHES[at][: len(FIELDS)])
    for header, value in changed.items():
        cells[FIELDS.index(header)] = value
    return cells


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, "是"),
        ({"意向面积": 120}, "否"),
        ({"意向面积": 110}, "是"),
        ({"意向面积": 110.1}, "否"),
        ({"接受总价": "100万"}, "是"),
        ({"接受总价": 952380}, "否"),
        ({"接受总价": 952381}, "是"),
        ({"接受总价": None}, ""),
        ({"接受总价": "  "}, ""),
        ({"接受总价": "随便"}, ""),
        ({"接受总价": CellError("#N/A")}, ""),
        ({"首选": "9-999"}, ""),
        ({"首选": None}, ""),
        ({"首选": "１－１０１"}, "是"),
    ],
)
def test_fit(functions: Functions, changed: dict[str, object], found: str) -> None:
    assert functions["XLP_FIT"](HEAD, row(1, **changed), UNITS) == found


def test_fit_follows_the_rules_of_the_book(functions: Functions) -> None:
    far = row(1, 意向面积=120)
    wide = [["方案", "项", "值"], ["placement", "area_tolerance", 0.2]]
    assert functions["XLP_FIT"](HEAD, far, UNITS, wide) == "是"
    assert functions["XLP_FIT"](HEAD, far, UNITS, BAD_RULES) == ""


@pytest.mark.parametrize(
    ("at", "changed", "found"),
    [
        (1, {}, "已落位"),
        (2, {}, "意向不明确"),
        (2, {"意向强烈": "√"}, "已落位"),
        (2, {"首付购买力": 1}, "意向不明确，资金不足"),
        (1, {"首付购买力": 299999}, "资金不足"),
        (1, {"首付购买力": 300000}, "已落位"),
        (3, {}, "已落位"),
        (3, {"首付购买力": 590000}, "资金不足"),
        (4, {}, "房源非可售"),
        (1, {"付款方式": None}, "资料不全"),
        (1, {"付款方式": "按揭"}, "已落位"),
    ],
)
def test_placed_or_why_not(functions: Functions, at: int, changed: dict[str, object], found: str) -> None:
    assert functions["XLP_PLACED"](HEAD, row(at, **changed), UNITS) == found


@pytest.mark.parametrize(
    ("quantity", "choice", "found"),
    [
        (1, "a", "相符"),
        (2, "a", "要2套，首选1套"),
        (2, "a,b", "相符"),
        (None, "a", "缺意向套数"),
        ("二", "a", "缺意向套数"),
    ],
)
def test_count(functions: Functions, quantity: object, choice: str, found: str) -> None:
    assert functions["XLP_QUANTITY_CHECK"](HEAD, row(1, 意向套数=quantity, 首选=choice)) == found


@pytest.mark.parametrize(
    ("unit", "found"),
    [(["1-101", ""], "扎堆"), (["2-101", ""], "空缺"), (["2-102", "可售"], "已落位"), (["1-102", "签约"], "签约")],
)
def test_state(functions: Functions, unit: list[str], found: str) -> None:
    assert functions["XLP_UNIT_STATE"](["房号", "销售状态"], unit, WISHES) == found


def test_state_under_other_rules(functions: Functions) -> None:
    assert functions["XLP_UNIT_STATE"](["房号"], ["1-101"], WISHES, RULES) == "重叠"
    assert functions["XLP_UNIT_STATE"](["房号"], ["1-101"], WISHES, BAD_RULES) == ""


def test_customers_are_masked_and_the_rest_counted(functions: Functions) -> None:
    assert functions["XLP_UNIT_CUSTOMERS"](["房号"], ["1-101"], WISHES) == "C1 张**、C2 李**、C3 王**"
    many = [["编号", "姓名", "首选"], *([f"C{n}", "张三丰", "1-1"] for n in range(7)), ["C8", "李", "1-11"]]
    assert functions["XLP_UNIT_CUSTOMERS"](["房号"], ["1-1"], many).endswith("C4 张**等7组")
    assert functions["XLP_UNIT_CUSTOMERS"](["房号"], ["1-11"], many) == "C8 李**"
    assert functions["XLP_UNIT_CUSTOMERS"](["房号"], ["9"], many) == ""


def test_the_label_of_a_unit(functions: Functions) -> None:
    found = functions["XLP_UNIT_LABEL"](UNITS[0], UNITS[1], WISHES)
    assert found == "▲ 1-101  100㎡\n10,000元/㎡ 100万\n意3 落2\nC1 张**、C2 李**、C3 王**"
    assert functions["XLP_UNIT_LABEL"](UNITS[0], UNITS[2], WISHES).startswith("■ 1-102")
    assert functions["XLP_UNIT_LABEL"](["unit_no"], ["9"], [["customer_no", "choice_1"]]) == "○ 9\n\n0 want, 0 placed"


def test_customers_per_unit(functions: Functions) -> None:
    assert functions["XLP_PER_LAYOUT"](UNITS, WISHES) == [["三房", 3, 3, 1.0], ["两房", 0, 1, ""]]
    assert functions["XLP_PER_LAYOUT"](UNITS, WISHES, "三房") == 1.0
    assert functions["XLP_PER_LAYOUT"](UNITS, WISHES, "两房") == ""
    assert functions["XLP_PER_LAYOUT"](UNITS, WISHES, "五房") == CellError("#N/A")
    assert functions["XLP_PER_LAYOUT"](UNITS[:1], WISHES[:1]) == ""


def test_the_ladder(functions: Functions) -> None:
    assert functions["XLP_LADDER"](HEAD, row(1), UNITS) == "其他楼栋：2-101、2-102"
    assert functions["XLP_LADDER"](HEAD, row(1), UNITS, 2) == "2-101、2-102"
    assert functions["XLP_LADDER"](HEAD, row(1), UNITS, 3.0) == ""
    assert functions["XLP_LADDER"](HEAD, row(1), UNITS, 5) == CellError("#VALUE!")
    assert functions["XLP_LADDER"](HEAD, row(2), UNITS, 2) == "2-102", "what he names himself is no news"


def test_whom_to_ask(functions: Functions) -> None:
    assert functions["XLP_COULD_ASK"](UNITS[0][:8], UNITS[3][:8], WISHES) == "C1 张**、C3 王**"


def test_what_to_look_into_in_a_wish(functions: Functions) -> None:
    check = functions["XLP_WISH_CHECK"]
    assert check(HEAD, row(1), UNITS) == ""
    wrong = row(1, 首选="1-102、9-9、9-9", 首付购买力="abc", 意向面积=-1)
    found = check(HEAD, wrong, UNITS)
    for piece in ("首付购买力", "意向面积", "没有9-9", "1-102非可售", "9-9选了不止一次"):
        assert piece in found
    assert check(HEAD, row(1, 首选=None), UNITS) == "没有填首选房号"
    assert "规则表" in check(HEAD, row(1), UNITS, BAD_RULES)
    assert "公积金" in check([*HEAD], row(1, 付款方式="公积金"), [["房号", "用途"], ["1-101", "商铺"]])


def test_a_deposit_before_the_permit(functions: Functions) -> None:
    units = [["房号", "预售日期"], ["1-101", date(2026, 3, 1)]]
    early = functions["XLP_WISH_CHECK"](["首选", "诚意金时间"], ["1-101", datetime(2026, 2, 28, 23, 59)], units)  # noqa: DTZ001 - sheets know no time zone
    assert early == "诚意金早于预售日期"
    late = functions["XLP_WISH_CHECK"](["首选", "诚意金时间"], ["1-101", 46082.5], units)
    assert late == ""


def test_what_to_look_into_in_a_unit(functions: Functions) -> None:
    header = ["房号", "楼栋", "楼层", "位置", "面积", "单价", "总价"]
    check = functions["XLP_UNIT_CHECK"]
    good = ["1-1", "1", "3A", "01", 100, 10000, 1000000]
    assert check(header, good, [header, good]) == ""
    assert check(header, good, [header, good, good]) == "房号重复"
    assert check(header, [*good[:6], 1000001], [header, good]) == ""
    assert "不符" in check(header, [*good[:6], 1000002], [header, good])
    assert "单价" in check(header, [*good[:5], -1, 1000000], [header, good])
    assert "楼层" in check(header, ["1-1", "1", "", "01", 100, 10000, None], [header, good])
    assert "读不懂" in check(header, ["1-1", "1", "顶", "01", 100, 10000, None], [header, good])


def test_a_suggestion_moves_nobody_twice(functions: Functions) -> None:
    found = functions["XLP_SUGGEST"](UNITS, WISHES)
    assert [line[0] for line in found] == ["C1", "C2", "C3", "C4"]
    given = [line[2] for line in found if line[2]]
    assert len(set(given)) == len(given) == 3
    assert found[3][2:] == ["", "", "未能安排，请引导"]
    assert functions["XLP_SUGGEST"](UNITS, WISHES, "fastest") == CellError("#N/A")
    assert functions["XLP_SUGGEST"](UNITS[:1], WISHES[:1]) == ""


CALL = ["通话日期", "方便接听", "约定时间", "客户状态", "等级"]
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([FRIDAY, "是", None, "再考虑", None], date(2026, 3, 7)),
        ([FRIDAY, "是", None, "未看资料", None], date(2026, 3, 7)),
        ([FRIDAY, "否", "2026-03-08 10:00", None, None], datetime(2026, 3, 8, 10)),  # noqa: DTZ001 - sheets know no zone
        ([FRIDAY, "否", None, None, None], "缺项"),
        ([FRIDAY, "是", None, "已有意向", None], ""),
        ([FRIDAY, "是", None, "已有意向", "B"], date(2026, 3, 13)),
        ([None, "是", None, "再考虑", None], "缺项"),
        ([FRIDAY, "也许", None, "再考虑", None], "填写有误"),
        ([FRIDAY, None, None, None, None], ""),
    ],
)
def test_the_next_call(functions: Functions, cells: list[object], found: object) -> None:
    assert functions["XLP_NEXT_CALL"](CALL, cells) == found


def test_the_next_call_on_a_working_day(functions: Functions) -> None:
    on = [["方案", "项", "值"], ["*", "working_days", "是"]]
    cells = [FRIDAY, "是", None, "再考虑", None]
    assert functions["XLP_NEXT_CALL"](CALL, cells, None, on) == date(2026, 3, 9)
    made_up = [["日期", "名称", "休/班"], [date(2026, 3, 7), "", "班"]]
    assert functions["XLP_NEXT_CALL"](CALL, cells, made_up, on) == date(2026, 3, 7)


# how hosts call ------------------------------------------------------------------------------------------------------

_PLACEMENT = [name for name, one in FUNCTIONS.items() if one.body.__module__.endswith("placement")]


@pytest.mark.parametrize("name", _PLACEMENT)
def test_headers_that_say_nothing_and_rows_that_do_not_fit(functions: Functions, name: str) -> None:
    names = [arg.name for arg in FUNCTIONS[name].args if not arg.optional]
    nothing = ["甲", "乙", "丙"]
    good: dict[str, Any] = {
        "fields": ["房号", "首选", "客户状态"],
        "evidence": ["1-101", "1-101", None],
        "units": UNITS,
        "wishes": WISHES,
    }
    for wrong in names:
        expect = CellError("#VALUE!" if wrong == "evidence" else "#N/A")
        given = {**good, wrong: ["1"] if wrong == "evidence" else nothing}
        assert functions[name](*[given[which] for which in names]) == expect, wrong


@pytest.mark.parametrize("name", _PLACEMENT)
def test_blank_tables_and_rows_are_no_faults(functions: Functions, name: str) -> None:
    blank = {
        "fields": ["房号", "首选", "客户状态"],
        "evidence": [None, None, None],
        "units": [UNITS[0], [None] * 10],
        "wishes": [WISHES[0], [""] * 13],
    }
    found = functions[name](*[blank[arg.name] for arg in FUNCTIONS[name].args if not arg.optional])
    assert isinstance(found, (str, list))


def test_english_headers_give_english_answers(functions: Functions) -> None:
    units = [["Unit no.", "Area", "Total"], ["1-101", 52, 1000000]]
    header = ["First choice", "Intended area", "Acceptable total", "Grade"]
    assert functions["XLP_FIT"](header, ["1-101", 50, 1000000, "A"], units) == "yes"
    assert functions["XLP_PLACED"](header, ["1-101", 50, 1000000, "A"], units) == "incomplete"
    assert functions["XLP_FIT"](["choice_1"], ["1-101"], [["unit_no"], ["1-101"]]) == ""


def test_a_table_is_read_once_whether_its_cells_come_as_lists_or_tuples() -> None:
    desk = Desk()
    functions = desk.functions()
    for _ in range(3):
        functions["XLP_FIT"](HEAD, row(1), [list(cells) for cells in UNITS])
    assert len(desk._tables) == 1
    changed = [*UNITS[:1], ["1-101", "1", "1", "1", "三房", 200, 10000, 2000000, "可售", 3]]
    assert functions["XLP_FIT"](HEAD, row(1), changed) == "否"


_JUNK: tuple[object, ...] = (
    None,
    "",
    " ",
    "、",
    "1-101",
    "1-101、2-101",
    "随便",
    -1,
    0,
    0.0,
    1e300,
    float("inf"),
    True,
    CellError("#N/A"),
    "#VALUE!",
    date(2026, 3, 1),
    "100万",
    "3A",
    b"x",
    "x" * 40_000,
)


@pytest.mark.parametrize("name", _PLACEMENT)
def test_whatever_stands_in_the_cells_an_answer_comes(functions: Functions, name: str) -> None:
    draw = random.Random(name)  # noqa: S311 - it has to be repeatable, not secret

    def junk(header: list[Any]) -> list[list[Any]]:
        return [header, *([draw.choice(_JUNK) for _ in header] for _ in range(4))]

    call = ["通话日期", "方便接听", "约定时间", "客户状态", "等级"]
    for _ in range(150):
        header = draw.choice([UNITS[0], WISHES[0], call, [*UNITS[0], *WISHES[0]]])
        given = {
            "fields": header,
            "evidence": junk(header)[1],
            "units": junk(UNITS[0]),
            "wishes": junk(WISHES[0]),
            "holidays": junk(["日期", "名称", "休/班"]),
            "rules": draw.choice([None, junk(["方案", "项", "值"]), RULES]),
            "layout": draw.choice(_JUNK),
            "step": draw.choice(_JUNK),
            "aim": draw.choice(_JUNK),
        }
        answer = functions[name](*[given[arg.name] for arg in FUNCTIONS[name].args])
        for cell in [cell for line in answer for cell in line] if isinstance(answer, list) else [answer]:
            assert isinstance(cell, (str, int, float, date, CellError)), cell
            assert cell == cell, "not a number"  # noqa: PLR0124 - that is the test for it
