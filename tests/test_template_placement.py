"""The unit placement workbook: built, filled, recalculated, compared with the kernel and with LibreOffice."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
from _placement import areas, filled, filled_rows, refill, shown
from _random_project import (
    BLANKS,
    GOOD_WISH,
    NAME,
    SHEETS,
    TERMS,
    map_banner,
    map_shown,
    random_project,
    typed_tables,
    unit_cells,
)

from xlplugin.decisions import placement_rows as rows_of
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import counted, crowd, fit, named, per_layout, placement, places, state
from xlplugin.exchange.place.reading import read_project
from xlplugin.exchange.place.suggesting import suggestion
from xlplugin.exchange.place.writing import cells_for
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import HOSTS, build, known_formulas
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_project import sample_project
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from xlplugin.domain import Unit, Wish

# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")


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
            assert all(value in BLANKS for value in row.values()), row
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
        assert map_banner(tmp_path / "book.xlsx", lang) == said
        refill(tmp_path / "book.xlsx", lang, {"units": [unit_cells("1-101", "1", "01")]}, host=host)
        assert map_banner(tmp_path / "book.xlsx", lang) == ""


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
    units, wishes = random_project(seed)
    path = tmp_path / "book.xlsx"
    filled(path, lang, typed_tables(units, wishes, lang), host=host)
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
    filled(path, "zh", typed_tables(units, wishes, "zh"), rows=500)
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


# the suggestion beside what picking would give ------------------------------------------------------------------------


def test_the_suggestion_goes_into_its_sheet_with_the_comparison_beside(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    second = {**GOOD_WISH, "customer_no": "C2", "choice_2": "1-102"}
    units = [unit_cells("1-101", "1", "01"), unit_cells("1-102", "1", "02")]
    filled(path, "zh", {"units": units, "wish": [GOOD_WISH, second]})
    found = suggestion(read_project(path), "seated", draws=5)
    inputs = cells_for(found).inputs
    sheet = say("zh", "sheet.suggestion")
    assert [inputs[sheet, row, 3] for row in (6, 7)] == ["1-101", "1-102"]
    assert [inputs[sheet, 6, column] for column in range(8, 14)] == [2, 2, 1, 1, 0, 0]
    assert "按诚意金先后" in str(inputs[sheet, 7, 7])
    assert inputs[sheet, 9, 7] is None


# LibreOffice ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there")
def test_calc_says_what_the_engine_says(tmp_path: Path) -> None:
    units, wishes = random_project(5)
    path = tmp_path / "book.xlsx"
    filled(path, "zh", typed_tables(units, wishes, "zh"))
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
    assert sorted(on_map) == sorted(map_shown(path, "zh").values())


def _alike(ours: Any, theirs: Any) -> bool:
    if ours in (None, "") or theirs in (None, ""):
        return ours in (None, "") and theirs in (None, "")
    return bool(theirs == (pytest.approx(ours) if isinstance(ours, float) else ours))


@pytest.mark.parametrize("name", [NAME, "preselection"])
def test_a_moment_without_a_time_of_day_is_shown_as_a_day(tmp_path: Path, name: str) -> None:
    path = tmp_path / "book.xlsx"
    build(name, path, lang="zh", rows=5)
    book = openpyxl.load_workbook(path)
    tables = tables_of(name).values()
    moments = [(one, at) for one in tables for at, column in enumerate(one.columns, 1) if column.kind == "moment"]
    assert moments
    for recipe, at in moments:
        page = book[say("zh", f"sheet.{recipe.sheet}")]
        first = page.cell(6, at)
        assert first.number_format == "yyyy-mm-dd hh:mm"
        rules = [rule for area in page.conditional_formatting for rule in area.rules if first.coordinate in area.sqref]
        days = [rule.formula[0] for rule in rules if rule.dxf.numFmt and rule.dxf.numFmt.formatCode == "yyyy-mm-dd"]
        assert any(f"INT(${first.coordinate})" in formula for formula in days), first.coordinate
