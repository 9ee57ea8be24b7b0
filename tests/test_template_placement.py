"""The unit placement workbook and the pre-selection form: built, filled, recalculated, compared with the kernel."""

from __future__ import annotations

import random
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
from _placement import EPOCH, areas, filled, filled_rows, refill, shown, unit_row, wish_row

from xlplugin.cli import main
from xlplugin.decisions import placement_rows as rows_of
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import Terms, counted, crowd, fit, named, per_layout, placement, places, state
from xlplugin.domain import Unit, Wish
from xlplugin.errors import XlpError
from xlplugin.exchange.place.reading import read_project
from xlplugin.exchange.place.suggesting import suggestion
from xlplugin.exchange.place.writing import cells_for
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import HOSTS, build, is_ours, known_formulas
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_project import sample_project
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from pathlib import Path

# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")

NAME = "unit_placement"
SHEETS = ("units", "wishes", "map", "heaps", "suggestion", "changes", "rules", "help")
TERMS = Terms()
FLOORS, STACKS = 34, 8
_BLANKS = (None, "", 0)


def _project(seed: int, size: int = 25) -> tuple[list[Unit], list[Wish]]:
    """A small project in which everything happens: missing figures, sold and unknown units, several in a cell."""
    draw = random.Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    units = [
        Unit(
            f"{building}-{floor}{stack}",
            building=str(building),
            entrance=str(1 + stack // 3),
            floor=str(floor),
            stack=f"0{stack}",
            layout=draw.choice("甲乙丙"),
            area=draw.choice((50, 60, 66, 72.35, None)),
            unit_price=draw.choice((10000, 16380, None)),
            sale_state=draw.choice(("available", "available", "available", "", "reserved", "signed")),
        )
        for building in (1, 11)
        for floor in (1, 2, 11)
        for stack in (1, 2, 3, 4)
    ]
    units = [
        unit._replace(total=None if None in (unit.area, unit.unit_price) else round(unit.area * unit.unit_price))  # type: ignore[operator] # neither is None there
        for unit in units
    ]
    numbers = [unit.unit_no for unit in units[:9]] + ["9-999"]
    wishes = [
        Wish(
            f"C{at}",
            name=draw.choice(("张三", "李四", "Wang")),
            quantity=draw.choice((1, 1, 2, 3, None)),
            choices=tuple(tuple(draw.sample(numbers, draw.choice((0, 1, 1, 1, 2, 4)))) for _ in range(3)),
            intended_area=draw.choice((50, 54.5, 60, 66, None)),
            acceptable_total=draw.choice((600000, 1000000, 1190000, 5e6, None)),
            first_payment=draw.choice((150000, 180000, 1e6, None)),
            payment=draw.choice(("full", "mortgage", "fund", "combined", "instalments", "")),
            grade=draw.choice(("H", "A", "B", "C", "a", "")),
            strong=draw.choice((True, False, None)),
            order=at,
        )
        for at in range(size)
    ]
    return units, wishes


def _tables(units: list[Unit], wishes: list[Wish], lang: str) -> dict[str, list[dict[str, Any]]]:
    return {"units": [unit_row(one, lang) for one in units], "wish": [wish_row(one, lang) for one in wishes]}


# as built ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", HOSTS)
def test_the_sheets_in_the_order_of_work(tmp_path: Path, host: str) -> None:
    for lang in LANGUAGES:
        path = tmp_path / f"{lang}.xlsx"
        build(NAME, path, lang=lang, rows=5, host=host)
        assert openpyxl.load_workbook(path).sheetnames == [say(lang, f"sheet.{key}") for key in SHEETS]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "table", "words"),
    [(NAME, "units", rows_of.UNIT), (NAME, "wish", rows_of.WISH), ("preselection", "preselection", rows_of.CALL)],
)
def test_every_word_of_the_kernel_is_a_header(name: str, table: str, words: dict[str, str], lang: str) -> None:
    recipe = tables_of(name)[table]
    found = rows_of.columns_of([column.header[lang] for column in recipe.columns], words)
    assert found.lang == lang
    assert {key for key in words if key in recipe.place} == {key for key in words if key in found.columns}
    assert set(words) - {"wishes"} <= {*recipe.place, "state", "crowding", "placement"}
    assert all(found.columns[key] == recipe.place[key] for key in words if key in recipe.place)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [NAME, "preselection"])
def test_no_two_headers_are_alike(name: str, lang: str) -> None:
    for recipe in tables_of(name).values():
        headers = [header.casefold() for header in recipe.headers(lang).values()]
        assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("name", [NAME, "preselection"])
@pytest.mark.parametrize("host", ["classic", "native"])
def test_an_empty_template_shows_nothing(tmp_path: Path, name: str, host: str) -> None:
    filled(tmp_path / "empty.xlsx", "zh", {}, name=name, rows=8, host=host)
    for table in tables_of(name):
        for row in shown(tmp_path / "empty.xlsx", table, name=name):
            assert all(value in _BLANKS for value in row.values()), row
    if name == NAME:
        sheet = openpyxl.load_workbook(tmp_path / "empty.xlsx", data_only=True)[say("zh", "sheet.map")]
        assert not [
            cell.value for row in sheet.iter_rows(min_row=7) for cell in row if cell.value not in (None, "", "楼层")
        ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("host", HOSTS)
def test_the_map_of_an_empty_template_says_what_comes_first(tmp_path: Path, lang: str, host: str) -> None:
    build(NAME, tmp_path / "book.xlsx", lang=lang, rows=5, host=host)
    said = say(lang, "map.first")
    assert openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)[say(lang, "sheet.map")]["D3"].value == said
    if host != "lite":
        refill(tmp_path / "book.xlsx", lang, {}, host=host)
        assert _banner(tmp_path / "book.xlsx", lang) == said
        refill(tmp_path / "book.xlsx", lang, {"units": [_unit("1-101", "1", "01")]}, host=host)
        assert _banner(tmp_path / "book.xlsx", lang) == ""


def test_every_formula_of_the_workbooks_is_known() -> None:
    known = known_formulas("zh")
    for name in (NAME, "preselection"):
        for recipe in tables_of(name).values():
            assert set(recipe.formulas("zh")) <= known
    assert any("map_building" in formula for formula in known)


def test_no_formula_is_too_long_or_of_a_later_excel() -> None:
    for formula in known_formulas():
        if "pl_" in formula or "slot" in formula:
            assert len(formula) <= 8192
            assert not any(f"{name}(" in formula for name in ("LET", "FILTER", "TEXTJOIN", "XLOOKUP", "MAXIFS", "IFS"))


def test_the_map_prints_what_there_is(tmp_path: Path) -> None:
    build(NAME, tmp_path / "map.xlsx", rows=5)
    with zipfile.ZipFile(tmp_path / "map.xlsx") as book:
        names = book.read("xl/workbook.xml").decode()
    assert '<definedName name="_xlnm.Print_Area" localSheetId="2">map_area<' in names
    assert 'name="Print_Area"' not in names, "Excel takes that for damage"


# against the kernel --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "host", "seed"), [("zh", "classic", 1), ("en", "native", 2), ("zh", "native", 3)])
def test_plain_formulas_say_what_the_kernel_says(tmp_path: Path, lang: str, host: str, seed: int) -> None:
    units, wishes = _project(seed)
    path = tmp_path / "book.xlsx"
    filled(path, lang, _tables(units, wishes, lang), host=host)
    _compare_wishes(shown(path, "wish"), units, wishes, lang)
    _compare_units(shown(path, "units"), units, wishes, lang)
    _compare_layouts(shown(path, "layouts"), units, wishes)


def _compare_wishes(rows: list[dict[str, Any]], units: list[Unit], wishes: list[Wish], lang: str) -> None:
    where = places(units)
    words = {None: "", True: say(lang, "placement.yes"), False: say(lang, "placement.no")}
    for wish, row in zip(wishes, rows):
        chosen = named(wish.choices[0], units, where)
        assert (row["fit"] or "") == words[fit(wish, chosen, TERMS).fits], wish
        assert row["placement"] == say(lang, f"placement.{placement(wish, chosen, TERMS)}"), wish
        listed, wanted = counted(wish)
        agrees = row["quantity_check"] == say(lang, "placement.agrees")
        assert agrees == (listed == wanted), wish
        if wanted is not None and listed != wanted:
            assert row["quantity_check"] == say(lang, "placement.count", wanted=wanted, named=listed)


def _compare_units(rows: list[dict[str, Any]], units: list[Unit], wishes: list[Wish], lang: str) -> None:
    found = crowd(units, wishes, TERMS)
    functions = Desk().functions()
    keys = "unit_no area unit_price total sale_state".split()
    header = [say(lang, f"placement.column.{key}") for key in keys]
    table = [[say(lang, f"placement.column.{key}") for key in ("customer_no", "name", "choice_1", "placement")]]
    comma = "、" if lang == "zh" else ", "
    for wish in wishes:
        result = placement(wish, named(wish.choices[0], units, places(units)), TERMS)
        table.append([wish.customer_no, wish.name, comma.join(wish.choices[0]), say(lang, f"placement.{result}")])
    for unit, row in zip(units, rows):
        wanted = len(found.wishes.get(unit_key(unit.unit_no), ()))
        assert row["wishes"] == wanted
        assert row["placed"] == len(found.placed.get(unit_key(unit.unit_no), ()))
        sold = say(lang, f"placement.{unit.sale_state}") if unit.sale_state else None
        assert row["state"] == say(lang, f"placement.{state(wanted, TERMS, unit.sale_state)}")
        cells = [unit.unit_no, unit.area, unit.unit_price, unit.total, sold]
        assert row["label"] == functions["XLP_UNIT_LABEL"](header, cells, table)
        assert (row["customers"] or "") == functions["XLP_UNIT_CUSTOMERS"](header, cells, table)
        assert row["state"] == functions["XLP_UNIT_STATE"](header, cells, table)


def _compare_layouts(rows: list[dict[str, Any]], units: list[Unit], wishes: list[Wish]) -> None:
    found = [(row["layout"], row["offered"], row["wanted"], row["ratio"]) for row in filled_rows(rows, "layout")]
    expect = [(one.layout, one.units, one.customers, one.ratio) for one in per_layout(units, wishes)]
    assert [one[:3] for one in found] == [one[:3] for one in expect]
    assert [one[3] or 0 for one in found] == pytest.approx([one[3] or 0 for one in expect])


def test_the_sample_project_by_the_workbook_and_by_the_kernel(tmp_path: Path) -> None:
    units, wishes = sample_project("zh")
    path = tmp_path / "sample.xlsx"
    filled(path, "zh", _tables(units, wishes, "zh"), rows=500)
    _compare_wishes(shown(path, "wish"), units, wishes, "zh")
    _compare_units(shown(path, "units"), units, wishes, "zh")
    heaps = filled_rows(shown(path, "heaps"), "unit_no")
    assert len(heaps) == 44
    assert [row["wishes"] for row in heaps] == sorted((row["wishes"] for row in heaps), reverse=True)
    assert all("：" in row["steer"] for row in heaps if row["steer"])
    assert sum(bool(row["steer"]) for row in heaps) > 30
    gaps = filled_rows(shown(path, "gaps"), "unit_no")
    assert len(gaps) == 44
    assert sum(bool(row["could_ask"]) for row in gaps) > 20


# the map -------------------------------------------------------------------------------------------------------------


def _map(path: Path, lang: str) -> dict[tuple[str, str], str]:
    """The labels on the map by floor and stack."""
    sheet = openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.map")]
    stacks = [sheet.cell(7, column).value for column in range(3, 3 + STACKS)]
    return {
        (str(sheet.cell(row, 2).value), stack): sheet.cell(row, column).value
        for row in range(8, 8 + FLOORS)
        for column, stack in enumerate(stacks, 3)
        if stack and sheet.cell(row, 2).value and sheet.cell(row, column).value
    }


def _unit(no: str, floor: str, stack: str, building: str = "1栋", entrance: str = "") -> dict[str, Any]:
    where = {"building": building, "entrance": entrance, "floor": floor, "stack": stack}
    return {"unit_no": no, **where, "layout": "三房", "area": 100, "unit_price": 10000}


def test_a_new_wish_shows_on_the_map(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        _unit("1-101", "1", "01"),
        _unit("1-3A02", "3A", "02"),
        _unit("1-B101", "B1", "01"),
        _unit("2-101", "1", "01", "2栋"),
    ]
    for host in ("classic", "native"):
        filled(path, "zh", {"units": units}, host=host)
        found = _map(path, "zh")
        assert list(found) == [("3A", "02"), ("1", "01"), ("B1", "01")], "from the top down, gaps where there is none"
        assert found["1", "01"] == "○ 1-101  100㎡\n10,000元/㎡ 100万\n意0 落0"
        wish = {"customer_no": "C1", "name": "张三", "choice_1": "1-101", "quantity": 1, "grade": "A"}
        refill(path, "zh", {"wish": [wish]}, host=host)
        assert _map(path, "zh")["1", "01"].endswith("意1 落0\nC1 张**")
        assert _map(path, "zh")["1", "01"].startswith("◐")


def test_another_building_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        _unit("1-101", "1", "01"),
        _unit("2-301", "3", "01", "2栋", "1单元"),
        _unit("2-302", "3", "01", "2栋", "2单元"),
    ]
    filled(path, "zh", {"units": units}, more={(say("zh", "sheet.map"), "B3"): "2栋"})
    assert [stack for _, stack in _map(path, "zh")] == ["1单元-01", "2单元-01"]


def _banner(path: Path, lang: str = "zh") -> str:
    return openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.map")]["D3"].value or ""


def test_a_full_map_fits_and_one_floor_more_is_said(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        _unit(f"1-{floor}{stack:02d}", str(floor), f"{stack:02d}")
        for floor in range(1, FLOORS + 1)
        for stack in range(1, STACKS + 1)
    ]
    filled(path, "zh", {"units": units}, rows=len(units) + 2)
    assert len(_map(path, "zh")) == FLOORS * STACKS
    assert not _banner(path)
    refill(path, "zh", {"units": [*units, _unit("1-3501", "35", "01"), _unit("1-1", "", "")]})
    assert _banner(path) == "本栋超出34层或8列，有房源没有显示。缺楼层位置未上图：1"


@pytest.mark.parametrize("host", ["classic", "native"])
def test_a_map_of_another_size(tmp_path: Path, host: str) -> None:
    path = tmp_path / "book.xlsx"
    units = [_unit(f"1-1{stack:02d}", "1", f"{stack:02d}", "1") for stack in range(1, 10)]
    filled(path, "en", {"units": units}, rows=10, host=host, floors=2, stacks=9)
    assert [openpyxl.load_workbook(path, data_only=True)["Map"].cell(7, 3 + at).value for at in (0, 8)] == ["01", "09"]
    assert not _banner(path, "en")
    refill(path, "en", {"units": [*units, _unit("1-110", "1", "10", "1")]}, host=host)
    assert _banner(path, "en") == "More than 2 floors or 9 stacks: some units are not shown. "


def _formulas(path: Path, sheet: str) -> set[str]:
    return {
        cell.value.removeprefix("=")
        for row in openpyxl.load_workbook(path)[sheet].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    }


@pytest.mark.parametrize("size", [(1, 3), (34, 8), (150, 3), (2, 60)])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_formulas_of_a_map_of_any_size_are_known(tmp_path: Path, lang: str, size: tuple[int, int]) -> None:
    path = tmp_path / "book.xlsx"
    build(NAME, path, lang=lang, rows=5, floors=size[0], stacks=size[1])
    found = _formulas(path, say(lang, "sheet.map"))
    assert len(found) > size[0] * size[1]
    assert found <= known_formulas(lang)
    assert all(map(is_ours, found))


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        (NAME, {"floors": 0}, "map_size"),
        (NAME, {"floors": 151}, "map_size"),
        (NAME, {"stacks": 2}, "map_size"),
        (NAME, {"stacks": 61}, "map_size"),
        ("preselection", {"floors": 34}, "no_map"),
        ("visitor_register", {"stacks": 8}, "no_map"),
    ],
)
def test_a_size_that_will_not_do(tmp_path: Path, name: str, size: dict[str, int], code: str) -> None:
    with pytest.raises(XlpError) as caught:
        build(name, tmp_path / "book.xlsx", floors=size.get("floors"), stacks=size.get("stacks"))
    assert caught.value.code == code
    assert not (tmp_path / "book.xlsx").exists()


def test_the_size_is_asked_for_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "book.xlsx"
    ask = ["template", NAME, "--rows", "5", "--floors", "40", "--stacks", "12", "-o", str(target)]
    assert main(ask) == 0
    names = openpyxl.load_workbook(target).defined_names
    assert names["map_floors"].attr_text.endswith("!$A$8:$A$47")
    assert names["map_stacks"].attr_text.endswith("!$C$6:$N$6")
    assert main(["template", "preselection", "--floors", "40", "-o", str(tmp_path / "other.xlsx")]) == 2
    assert "unit_placement" in capsys.readouterr().err


def test_the_map_is_printed_on_one_a3_page(tmp_path: Path) -> None:
    for floors, stacks, orientation in ((34, 8, "portrait"), (6, 12, "landscape")):
        build(NAME, tmp_path / "book.xlsx", rows=5, floors=floors, stacks=stacks)
        sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")[say("zh", "sheet.map")]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation or "portrait") == (8, orientation)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((1, 1), (None, None))
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


# the suggestion beside what picking would give ------------------------------------------------------------------------


def test_the_suggestion_goes_into_its_sheet_with_the_comparison_beside(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    second = {**_GOOD, "customer_no": "C2", "choice_2": "1-102"}
    units = [_unit("1-101", "1", "01"), _unit("1-102", "1", "02")]
    filled(path, "zh", {"units": units, "wish": [_GOOD, second]})
    found = suggestion(read_project(path), "seated", draws=5)
    inputs = cells_for(found).inputs
    sheet = say("zh", "sheet.suggestion")
    assert [inputs[sheet, row, 3] for row in (6, 7)] == ["1-101", "1-102"]
    assert [inputs[sheet, 6, column] for column in range(8, 14)] == [2, 2, 1, 1, 0, 0]
    assert "按诚意金先后" in str(inputs[sheet, 7, 7])
    assert inputs[sheet, 9, 7] is None


# bad input -----------------------------------------------------------------------------------------------------------


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
        first = _unit(f"{at}-101", "1", "01", f"{at}栋")
        units += [{**first, **typed}, _unit(f"{at}-102", "1", "02", f"{at}栋")]
    filled(tmp_path / "bad.xlsx", "zh", {"units": units})
    rows = shown(tmp_path / "bad.xlsx", "units")[: len(units)]
    for (more, said), row in zip(_BAD_UNITS, rows[::2]):
        check = row["check"] or ""
        assert (said in check) if said else check == "", more


_GOOD = {
    "customer_no": "C1",
    "name": "张三",
    "quantity": 1,
    "choice_1": "1-101",
    "intended_area": 100,
    "acceptable_total": 1000000,
    "first_payment": 300000,
    "payment": "商业贷款",
    "grade": "A",
}


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
    units = [_unit(f"1-10{at}", "1", f"0{at}") for at in range(1, 6)]
    units[0]["use"] = "住宅"
    units[1]["sale_state"] = "签约"
    units[2]["use"] = "商铺"
    units[3]["permit_date"] = date(2026, 3, 1).toordinal() - EPOCH
    path = tmp_path / "bad.xlsx"
    filled(path, "zh", {"units": units, "wish": [{**_GOOD, **more} for more, _ in _BAD_WISHES]})
    for (more, said), row in zip(_BAD_WISHES, shown(path, "wish")):
        check = row["check"] or ""
        assert (said in check) if said else check == "", more


def test_a_rule_that_cannot_be_followed_is_said_and_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    filled(path, "zh", {"units": [_unit("1-101", "1", "01")], "wish": [_GOOD]}, more={("规则", "C9"): "很多"})
    wish, unit = shown(path, "wish")[0], shown(path, "units")[0]
    assert "规则" in wish["check"]
    assert not wish["placement"]
    assert not unit["state"]


def test_an_office_sets_its_own_numbers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    wishes = [{**_GOOD, "intended_area": 115}, {**_GOOD, "customer_no": "C2"}]
    units = [_unit("1-101", "1", "01")]
    filled(path, "zh", {"units": units, "wish": wishes}, more={("规则", "C6"): 0.15, ("规则", "C9"): 2})
    assert [row["fit"] for row in shown(path, "wish")[:2]] == ["是", "是"]
    assert shown(path, "units")[0]["state"] == "扎堆"


def test_everybody_wants_one_unit(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    wishes = [{**_GOOD, "customer_no": f"C{at}"} for at in range(40)]
    filled(path, "zh", {"units": [_unit("1-101", "1", "01")], "wish": wishes})
    row = shown(path, "units")[0]
    assert (row["wishes"], row["placed"], row["state"]) == (40, 40, "扎堆")
    assert row["customers"].endswith("等40组")
    assert len(filled_rows(shown(path, "heaps"), "unit_no")) == 40


def test_customers_without_units_and_units_without_customers(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    filled(path, "zh", {"wish": [_GOOD]})
    assert "房源表没有的房号" in shown(path, "wish")[0]["check"]
    filled(path, "zh", {"units": [_unit("1-101", "1", "01")]})
    assert shown(path, "units")[0]["state"] == "空缺"


# the pre-selection form ----------------------------------------------------------------------------------------------

_FRIDAY = date(2026, 3, 6)
_CALLS: list[tuple[dict[str, Any], object]] = [
    ({"state": "再考虑", "convenient": "是"}, date(2026, 3, 7)),
    ({"state": "未看资料", "convenient": "是"}, date(2026, 3, 7)),
    ({"convenient": "否", "agreed": datetime(2026, 3, 8, 10)}, datetime(2026, 3, 8, 10)),  # noqa: DTZ001 - no zone
    ({"convenient": "否"}, "缺项"),
    ({"state": "已有意向", "convenient": "是"}, None),
    ({"state": "已有意向", "convenient": "是", "grade": "B"}, date(2026, 3, 13)),
    ({"state": "再考虑", "called": None}, "缺项"),
]


@pytest.mark.parametrize("host", ["classic", "native"])
@pytest.mark.parametrize("rule", [False, True])
def test_the_next_call_on_the_form(tmp_path: Path, host: str, rule: bool) -> None:
    path = tmp_path / "form.xlsx"
    lines = [{"customer": "张三", "called": _FRIDAY, **more} for more, _ in _CALLS]
    switch = {("规则", "C12"): "是"} if rule else {}
    filled(path, "zh", {"preselection": lines}, name="preselection", host=host, more=switch)
    for (_, usual), row in zip(_CALLS, shown(path, "preselection", name="preselection")):
        expect = date(2026, 3, 9) if usual == date(2026, 3, 7) and rule else usual
        found = row["next_call"] or None
        if isinstance(found, datetime) and not isinstance(expect, datetime):
            found = found.date()
        assert found == expect


def test_what_to_ask_next_on_the_ladder(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    base = {"customer": "张三", "wished_count": 3, "choice_a": "1-101"}
    lines = [
        base,
        {**base, "step_1": "否"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "stated_band": "低"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "stated_band": "高"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "step_4": "是"},
        {**base, "choice_b": "1-102", "choice_c": "1-103"},
    ]
    filled(path, "zh", {"preselection": lines}, name="preselection")
    found = [row["ask_next"] for row in shown(path, "preselection", name="preselection")[: len(lines)]]
    assert found == ["相邻面积户型", "同户型其他楼栋", "其他楼层：中、高", "其他楼层：中、低", "已问完", "已够选"]


# LibreOffice ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there")
def test_calc_says_what_the_engine_says(tmp_path: Path) -> None:
    units, wishes = _project(5)
    path = tmp_path / "book.xlsx"
    filled(path, "zh", _tables(units, wishes, "zh"))
    names = ("units", "wish", "layouts", "heaps", "gaps")
    with _calc.started(_calc.profile()) as calc:
        book = calc.open(str(path))
        calc.calculate(book)
        found = calc.values(book, [*(areas(path, name) for name in names), [say("zh", "sheet.map"), "C8:J41"]])
        calc.close(book)
    for name, rows in zip(names, found):
        for ours, theirs in zip(shown(path, name), rows):
            for (key, value), other in zip(ours.items(), theirs):
                assert _alike(value, other), (name, key, value, other)
    on_map = [cell for row in found[-1] for cell in row if cell]
    assert sorted(on_map) == sorted(_map(path, "zh").values())


def _alike(ours: Any, theirs: Any) -> bool:
    if ours in (None, "") or theirs in (None, ""):
        return ours in (None, "") and theirs in (None, "")
    return bool(theirs == (pytest.approx(ours) if isinstance(ours, float) else ours))
