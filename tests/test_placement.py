"""The rules of placement, steering and the pre-selection call: the specification's examples, each limit, blanks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xlplugin.decisions.cadence import WorkingDays
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import (
    LayoutCount,
    Terms,
    counted,
    crowd,
    fit,
    is_strong,
    named,
    per_layout,
    placement,
    places,
    required_payment,
    state,
    terms_of,
)
from xlplugin.decisions.placement_rows import UNIT, WISH, columns_of, read_unit, read_wish, split_units
from xlplugin.decisions.preselection import Call, next_call
from xlplugin.decisions.steering import Field, asked_bands, band, could_be_asked, floor_number, ladder, part_number
from xlplugin.domain import Unit, Wish
from xlplugin.rulebook import load

TERMS = Terms()
NUMBERS = {path: parameter.value for path, parameter in load().settings["preselection"].parameters.items()}
FRIDAY = date(2026, 3, 6).toordinal()


def wish(**more: Any) -> Wish:
    usual = {"customer_no": "1", "choices": (("1-101",),), "intended_area": 50.0, "acceptable_total": 1_000_000.0}
    return Wish(**{**usual, **more})


def unit(unit_no: str = "1-101", **more: Any) -> Unit:
    return Unit(unit_no, **{"area": 50.0, "total": 1_000_000.0, **more})


def test_the_published_numbers_are_the_defaults() -> None:
    numbers = {path: parameter.value for path, parameter in load().settings["placement"].parameters.items()}
    assert terms_of(numbers) == TERMS  # type: ignore[arg-type] # none of them is blank


# fit: spec 2.29 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("intended", "acceptable", "area", "total", "fits", "why"),
    [
        (50, 1_000_000, 52, 1_000_000, True, ()),
        (50, 1_000_000, 60, 1_000_000, False, ("area",)),
        (60, 1_000_000, 66, 1_050_000, True, ()),
        (60, 1_000_000, 66, 1_060_000, False, ("total",)),
        (50, None, 52, 1_000_000, None, ()),
        (None, 1_000_000, 52, 1_000_000, None, ()),
        (50, 1_000_000, None, 1_000_000, None, ()),
        (50, 1_000_000, 52, None, None, ()),
        (55, 1_000_000, 50, 1_000_000, True, ()),
        (55.01, 1_000_000, 50, 1_000_000, False, ("area",)),
        (45, 1_000_000, 50, 1_000_000, True, ()),
        (44.99, 1_000_000, 50, 1_000_000, False, ("area",)),
        (50, 1_000_000, 50, 1_050_000.01, False, ("total",)),
        (50, 2_000_000, 50, 1_000_000, True, ()),
        (50, 2_000_000.01, 50, 1_000_000, False, ("reach",)),
        (99, 3_000_000, 50, 1_000_000, False, ("area", "reach")),
    ],
)
def test_fit(intended: float, acceptable: float, area: float, total: float, fits: bool, why: tuple[str, ...]) -> None:
    found = fit(wish(intended_area=intended, acceptable_total=acceptable), [unit(area=area, total=total)], TERMS)
    assert found == (fits, why)


def test_two_units_are_summed_in_money_and_compared_one_by_one_in_area() -> None:
    two = wish(quantity=2, choices=(("a", "b"),), acceptable_total=2_000_000.0)
    assert fit(two, [unit("a", area=48), unit("b", area=54)], TERMS).fits is True
    assert fit(two, [unit("a", area=48), unit("b", area=60)], TERMS).why == ("area",)
    assert fit(two, [unit("a"), unit("b", total=1_100_001.0)], TERMS).why == ("total",)
    assert fit(two, [unit("a"), unit("b", total=1_100_000.0)], TERMS).fits is True
    assert fit(two, [unit("a"), None], TERMS).fits is None


def test_no_unit_leaves_the_fit_open() -> None:
    assert fit(wish(), [], TERMS).fits is None
    assert fit(wish(), [None], TERMS).fits is None


# placed or why not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "result"),
    [
        ({"strong": True, "first_payment": 300_000.0, "payment": "mortgage"}, "placed"),
        ({"strong": True, "first_payment": 299_999.99, "payment": "mortgage"}, "means"),
        ({"strong": True, "first_payment": 300_000.0, "payment": "full"}, "means"),
        ({"strong": True, "first_payment": 1e6, "payment": "full"}, "placed"),
        ({"strong": True, "first_payment": 1e6, "payment": "full", "acceptable_total": 999_999.99}, "means"),
        ({"grade": "C", "first_payment": 300_000.0, "payment": "mortgage"}, "intent"),
        ({"grade": "B", "first_payment": 300_000.0, "payment": "mortgage"}, "intent"),
        ({"grade": "B", "strong": True, "first_payment": 300_000.0, "payment": "mortgage"}, "placed"),
        ({"grade": "A", "first_payment": 300_000.0, "payment": "mortgage"}, "placed"),
        ({"grade": "h", "first_payment": 300_000.0, "payment": "mortgage"}, "placed"),
        ({"grade": "C", "first_payment": 1.0, "payment": "mortgage"}, "both"),
        ({"strong": True, "payment": "mortgage"}, "incomplete"),
        ({"strong": True, "first_payment": 300_000.0}, "incomplete"),
        ({"strong": True, "first_payment": 300_000.0, "payment": "gold"}, "incomplete"),
        ({"payment": "mortgage"}, "intent"),
    ],
)
def test_placed_or_why_not(more: dict[str, object], result: str) -> None:
    assert placement(wish(**more), [unit()], TERMS) == result


def test_the_example_of_the_specification_300_of_400_thousand() -> None:
    strong = wish(strong=True, first_payment=300_000.0, payment="mortgage", acceptable_total=2e6)
    assert required_payment(1_333_334.0, "mortgage", TERMS) == pytest.approx(400_000.2)
    assert placement(strong, [unit(total=1_333_334.0)], TERMS) == "means"


def test_first_payments_of_two_units_are_summed() -> None:
    two = wish(strong=True, first_payment=599_999.0, payment="mortgage", acceptable_total=2e6, choices=(("a", "b"),))
    assert placement(two, [unit("a"), unit("b")], TERMS) == "means"
    assert placement(two._replace(first_payment=600_000.0), [unit("a"), unit("b")], TERMS) == "placed"


@pytest.mark.parametrize("sold", ["reserved", "subscribed", "signed"])
def test_nobody_is_placed_on_what_is_not_for_sale(sold: str) -> None:
    ready = wish(strong=True, first_payment=1e6, payment="full")
    assert placement(ready, [unit(sale_state=sold)], TERMS) == "not_for_sale"


@pytest.mark.parametrize(
    ("grade", "mark", "strong"),
    [("", None, False), ("", True, True), ("H", None, True), ("A", False, True), ("B", False, False)],
)
def test_strong_is_the_mark_or_grade_h_or_a(grade: str, mark: bool | None, strong: bool) -> None:
    assert is_strong(wish(grade=grade, strong=mark)) is strong


@pytest.mark.parametrize(
    ("quantity", "names", "found"),
    [(2, ("a",), (1, 2)), (1, ("a",), (1, 1)), (None, ("a",), (1, None)), (1.5, (), (0, None)), (0, (), (0, None))],
)
def test_as_many_units_as_wanted(quantity: float, names: tuple[str, ...], found: tuple[int, int | None]) -> None:
    assert counted(wish(quantity=quantity, choices=(names,))) == found


# states and crowding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "found"), [(0, "vacant"), (1, "matched"), (2, "contested"), (3, "heap"), (4, "heap")]
)
def test_states(wishes: int, found: str) -> None:
    assert state(wishes, TERMS) == state(wishes, TERMS, "available") == found
    assert state(wishes, TERMS, "signed") == "signed"


@pytest.mark.parametrize(("wishes", "found"), [(1, "matched"), (2, "heap")])
def test_an_office_may_call_two_a_heap(wishes: int, found: str) -> None:
    assert state(wishes, TERMS._replace(heap=2)) == found


def test_a_heap_may_begin_later() -> None:
    assert state(4, TERMS._replace(heap=5)) == "contested"


def test_1_1_is_not_1_11_and_several_units_in_a_cell_count_each() -> None:
    units = [unit("1-1"), unit("1-11"), unit("1-12")]
    wishes = [wish(choices=(("1-11", "1-12"),)), wish(choices=(("1-1",),)), wish(choices=(("１－１２",),))]
    found = crowd(units, wishes, TERMS)
    assert found.wishes == {"1-11": [0], "1-12": [0, 2], "1-1": [1]}


def test_a_unit_listed_twice_is_its_first_row() -> None:
    units = [unit("1-1", total=1.0), unit("1-1", total=2.0)]
    assert named(["1-1"], units, places(units)) == [units[0]]


def test_the_same_unit_named_twice_counts_once() -> None:
    units = [unit("1-1")]
    assert named(["1-1", "1－1"], units, places(units)) == [units[0]]
    assert crowd(units, [wish(choices=(("1-1", "1-1"),))], TERMS).wishes == {"1-1": [0]}


def test_customers_per_unit_by_layout() -> None:
    units = [
        unit("1", layout="a"),
        unit("2", layout="a", sale_state="signed"),
        unit("3", layout="b"),
        unit("4", layout="c", sale_state="signed"),
    ]
    wishes = [wish(choices=((no,),)) for no in ("1", "1", "2", "4", "9")] + [wish(choices=())]
    assert per_layout(units, wishes) == [
        LayoutCount("a", 1, 3, 3.0),
        LayoutCount("b", 1, 0, 0.0),
        LayoutCount("c", 0, 1, None),
    ]


def test_nothing_at_all() -> None:
    assert per_layout([], []) == []
    assert crowd([], [], TERMS).wishes == {}


def test_everybody_wants_one_unit() -> None:
    found = crowd([unit()], [wish()] * 500, TERMS)
    assert len(found.wishes["1-101"]) == 500


# the ladder: spec 4.7 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "asked"), [("low", ("middle", "high")), ("middle", ("low", "high")), ("high", ("middle", "low"))]
)
def test_floors_to_ask_about(stated: str, asked: tuple[str, ...]) -> None:
    assert asked_bands(stated) == asked


@pytest.mark.parametrize(
    ("floor", "found"),
    [(1, "low"), (10, "low"), (11, "middle"), (20, "middle"), (21, "middle"), (22, "high"), (31, "high")],
)
def test_bands_are_thirds(floor: float, found: str) -> None:
    assert band(floor, range(1, 32)) == found


@pytest.mark.parametrize(
    ("label", "number"),
    [("3", 3), ("3A", 3.5), ("B1", -1), ("地下2层", -2), ("-1", -1), ("１２层", 12), ("", None), ("屋顶", None)],
)
def test_floors_as_offices_write_them(label: str, number: float | None) -> None:
    assert floor_number(label) == number


@pytest.mark.parametrize(("label", "number"), [("2单元", 2), ("01", 1), ("B", 2), ("", None), ("东", None)])
def test_entrances_and_stacks(label: str, number: float | None) -> None:
    assert part_number(label) == number


def _project() -> list[Unit]:
    def one(no: str, layout: str, building: str, entrance: str, floor: int, area: float) -> Unit:
        return unit(no, layout=layout, building=building, entrance=entrance, floor=str(floor), area=area)

    return [
        *(one(f"1-{floor}01", "b", "1", "1", floor, 100) for floor in range(1, 10)),
        one("1-203", "b", "1", "2", 2, 100),
        one("1-305", "b", "1", "3", 3, 100),
        one("2-201", "b", "2", "1", 2, 100),
        one("1-202", "a", "1", "1", 2, 92),
        one("1-204", "c", "1", "1", 2, 108),
        one("1-206", "d", "1", "1", 2, 109),
    ]


def _asked(crowd: dict[str, int] | None = None, **more: Any) -> dict[str, list[str]]:
    customer = wish(choices=(("1-201",),), intended_area=100.0, acceptable_total=1e6, **more)
    found = ladder(customer, Field(_project(), crowd or {}), TERMS)
    return {step: [one.unit_no for one in some] for step, some in found.items()}


def test_the_ladder_step_by_step() -> None:
    found = _asked()
    assert found["neighbour"] == ["1-202", "1-204"], "the nearest layouts below and above, not the next but one"
    assert found["buildings"] == ["2-201"]
    assert found["entrances"] == ["1-203", "1-305"], "the nearest entrance first"
    assert found["floors"][0] == "1-401", "from a low floor: middle, then high"
    assert found["floors"][-1] == "1-901"
    assert not {"1-101", "1-301"} & set(found["floors"])


def test_units_nobody_wants_come_first_and_no_new_heap_is_made() -> None:
    found = _asked({"1-203": 1, "1-401": 2, "1-501": 1})
    assert found["entrances"] == ["1-305", "1-203"]
    assert "1-401" not in found["floors"]
    assert found["floors"].index("1-501") > found["floors"].index("1-901")


def test_only_what_his_means_allow() -> None:
    assert not any(_asked(first_payment=299_999.0, payment="mortgage").values())
    assert _asked(first_payment=300_000.0, payment="mortgage")["buildings"] == ["2-201"]


def test_a_stated_unit_that_is_none_gives_no_ladder() -> None:
    assert not any(ladder(wish(choices=(("9",),)), Field(_project(), {}), TERMS).values())
    assert not any(ladder(wish(choices=()), Field(_project(), {}), TERMS).values())


def test_whom_to_ask_about_a_unit() -> None:
    there = unit("2-201", area=100.0)
    suited = wish(customer_no="s", intended_area=105.0)
    others = [
        wish(intended_area=120.0),
        wish(intended_area=None),
        wish(acceptable_total=900_000.0, intended_area=100.0),
    ]
    own = wish(intended_area=100.0, choices=(("1",), ("2-201",)))
    assert could_be_asked(there, [*others, own, suited], TERMS) == [suited]


# the next call: spec 4.7 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (Call(None, None, "thinking", FRIDAY), FRIDAY + 1),
        (Call(None, None, "unread", FRIDAY), FRIDAY + 1),
        (Call(False, FRIDAY + 2 + 10 / 24, "", FRIDAY), FRIDAY + 2 + 10 / 24),
        (Call(False, None, "", FRIDAY), "missing"),
        (Call(False, None, "thinking", FRIDAY), "missing"),
        (Call(True, None, "has_wish", FRIDAY), None),
        (Call(True, None, "has_wish", FRIDAY, "B"), FRIDAY + 7),
        (Call(True, None, "thinking", None), "missing"),
        (Call(True, None, "", FRIDAY), None),
        (Call(True, FRIDAY + 9, "thinking", FRIDAY), FRIDAY + 9),
    ],
)
def test_next_call(call: Call, found: object) -> None:
    assert next_call(call, NUMBERS) == found  # type: ignore[arg-type] # none of them is blank


def test_next_call_under_the_working_day_rule() -> None:
    monday = date(2026, 3, 9).toordinal()
    assert next_call(Call(None, None, "thinking", FRIDAY), NUMBERS, WorkingDays()) == monday  # type: ignore[arg-type] # none of them is blank
    agreed = Call(False, FRIDAY + 1.5, "", FRIDAY)
    assert next_call(agreed, NUMBERS, WorkingDays()) == FRIDAY + 1.5, "an agreed time is never moved"  # type: ignore[arg-type] # none of them is blank


# rows as a sheet holds them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["1-1、1-2", "1-1,1-2", "1-1， 1-2", "1-1;1-2", "１－１ 1-2", " 1-1\n1-2 "])
def test_several_units_in_a_cell(cell: str) -> None:
    assert split_units(cell) == ("1-1", "1-2")


def test_a_row_with_everything_wrong_stays_a_row() -> None:
    table = columns_of(["房号", "面积", "单价", "总价", "销售状态"], UNIT)
    read = read_unit(table, ["1-101", -5.0, "很贵", True, "没了"])
    assert read.value == Unit("1-101", sale_state="没了")
    assert set(read.bad) == {"area", "unit_price", "total", "sale_state"}


def test_text_prices_are_read_as_people_write_them() -> None:
    table = columns_of(["Unit no.", "Area (m²)", "Unit price", "Total"], UNIT)
    assert read_unit(table, [101.0, "１００㎡", "1.6万/㎡", None]).value == Unit(
        "101", area=100, unit_price=16000, total=1600000
    )


def test_headers_in_either_language_and_as_ids() -> None:
    for lang, header in (
        ("zh", ["编号", "首选"]),
        ("en", ["No.", "First choice"]),
        ("code", ["customer_no", "choice_1"]),
    ):
        table = columns_of(header, WISH)
        assert (table.lang, dict(table.columns)) == (lang, {"customer_no": 0, "choice_1": 1})
        assert read_wish(table, ["C1", "1-1"]).value.choices[0] == ("1-1",)


SPELLINGS = ("A-101", "a-101", " A - 101 ", "Ａ－１０１", *(f"A{dash}101" for dash in "‐‑‒–—―"))


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_unit_number_is_the_same_however_it_is_written(written: str) -> None:
    assert unit_key(written) == "a-101"


@pytest.mark.parametrize("other", ["A101", "A-1011", "A_101", "B-101", ""])
def test_another_unit_number_is_another(other: str) -> None:
    assert unit_key(other) != unit_key("A-101")
