"""What is wrong with a row or a rule of the unit placement workbook is said where it stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from _placement import EPOCH, filled, filled_rows, shown
from _random_project import (
    GOOD_WISH,
    unit_cells,
)

if TYPE_CHECKING:
    from pathlib import Path

# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")


_BAD_UNITS: list[tuple[dict[str, Any], str]] = [
    ({"area": -5}, "面积应为正数"),
    ({"area": "很大"}, "面积应为正数"),
    ({"unit_price": -1}, "单价"),
    ({"unit_price": "面议"}, "单价"),
    ({"total": 999998}, "总价与面积×单价不符"),
    ({"total": 999999}, ""),
    ({"total": "一百万"}, "总价应为"),
    ({"floor": None}, "缺楼栋、楼层或位置"),
    ({"building": None}, "缺楼栋、楼层或位置"),
    ({"floor": "屋顶层上"}, "楼层或位置读不懂"),
    ({"unit_no": "{}-102"}, "房号重复"),
    ({"unit_no": "{}－１０２"}, "房号重复"),
    ({"stack": "02"}, "同一位置有两套"),
    ({"sale_state": "没了"}, "销售状态不在选项内"),
    ({"sale_state": "认购"}, ""),
    ({}, ""),
]


def test_a_bad_unit_is_named_in_its_row(tmp_path: Path) -> None:
    units = []
    for at, (more, _) in enumerate(_BAD_UNITS, 1):
        typed = {key: value.format(at) if key == "unit_no" else value for key, value in more.items()}
        first = unit_cells(f"{at}-101", "1", "01", f"{at}栋")
        units += [{**first, **typed}, unit_cells(f"{at}-102", "1", "02", f"{at}栋")]
    filled(tmp_path / "bad.xlsx", "zh", {"units": units})
    rows = shown(tmp_path / "bad.xlsx", "units")[: len(units)]
    for (more, said), row in zip(_BAD_UNITS, rows[::2]):
        check = row["check"] or ""
        assert (said in check) if said else check == "", more


_BAD_WISHES: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"choice_1": "9-999"}, "房源表没有的房号"),
    ({"choice_1": "1-1"}, "房源表没有的房号"),
    ({"choice_1": None}, "没有填首选房号"),
    ({"choice_1": "1-101、1-101"}, "同一套填了两次"),
    ({"choice_2": "1-101"}, "几个选择填了同一套"),
    ({"choice_2": "7"}, "次选里有房源表没有的房号"),
    ({"choice_3": "1-102，8"}, "三选里有房源表没有的房号"),
    ({"choice_1": "1-101、1-102、1-103、1-104、1-105"}, "最多四套"),
    ({"choice_1": "1-102"}, "非可售"),
    ({"acceptable_total": -1}, "面积或金额"),
    ({"first_payment": "三十万"}, "面积或金额"),
    ({"payment": "黄金"}, "付款方式"),
    ({"intended_area": 111}, "面积与意向不符"),
    ({"intended_area": 110}, ""),
    ({"acceptable_total": 952380}, "总价超出"),
    ({"acceptable_total": 952381}, ""),
    ({"acceptable_total": 2000001}, "远高于"),
    ({"payment": "公积金", "choice_1": "1-103"}, "公积金只用于住宅"),
    ({"payment": "公积金"}, ""),
    ({"deposit_time": date(2026, 2, 28).toordinal() - EPOCH + 0.9, "choice_1": "1-104"}, "早于预售日期"),
    ({"deposit_time": date(2026, 3, 1).toordinal() - EPOCH + 0.1, "choice_1": "1-104"}, ""),
]


def test_a_bad_wish_is_named_in_its_row(tmp_path: Path) -> None:
    units = [unit_cells(f"1-10{at}", "1", f"0{at}") for at in range(1, 6)]
    units[0]["use"] = "住宅"
    units[1]["sale_state"] = "签约"
    units[2]["use"] = "商铺"
    units[3]["permit_date"] = date(2026, 3, 1).toordinal() - EPOCH
    path = tmp_path / "bad.xlsx"
    filled(path, "zh", {"units": units, "wish": [{**GOOD_WISH, **more} for more, _ in _BAD_WISHES]})
    for (more, said), row in zip(_BAD_WISHES, shown(path, "wish")):
        check = row["check"] or ""
        assert (said in check) if said else check == "", more


def test_a_rule_that_cannot_be_followed_is_said_and_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    filled(path, "zh", {"units": [unit_cells("1-101", "1", "01")], "wish": [GOOD_WISH]}, more={("规则", "C9"): "很多"})
    wish, unit = shown(path, "wish")[0], shown(path, "units")[0]
    assert "规则" in wish["check"]
    assert not wish["placement"]
    assert not unit["state"]


def test_an_office_sets_its_own_numbers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    wishes = [{**GOOD_WISH, "intended_area": 115}, {**GOOD_WISH, "customer_no": "C2"}]
    units = [unit_cells("1-101", "1", "01")]
    filled(path, "zh", {"units": units, "wish": wishes}, more={("规则", "C6"): 0.15, ("规则", "C9"): 2})
    assert [row["fit"] for row in shown(path, "wish")[:2]] == ["是", "是"]
    assert shown(path, "units")[0]["state"] == "扎堆"


def test_everybody_wants_one_unit(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    wishes = [{**GOOD_WISH, "customer_no": f"C{at}"} for at in range(40)]
    filled(path, "zh", {"units": [unit_cells("1-101", "1", "01")], "wish": wishes})
    row = shown(path, "units")[0]
    assert (row["wishes"], row["placed"], row["state"]) == (40, 40, "扎堆")
    assert row["customers"].endswith("等40组")
    assert len(filled_rows(shown(path, "heaps"), "unit_no")) == 40


def test_customers_without_units_and_units_without_customers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    filled(path, "zh", {"wish": [GOOD_WISH]})
    assert "房源表没有的房号" in shown(path, "wish")[0]["check"]
    filled(path, "zh", {"units": [unit_cells("1-101", "1", "01")]})
    assert shown(path, "units")[0]["state"] == "空缺"
