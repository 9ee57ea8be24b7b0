"""The map of the unit placement workbook: what it shows, how large it may be, how it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from _placement import filled, refill
from _random_project import (
    FLOORS,
    NAME,
    STACKS,
    map_banner,
    map_shown,
    unit_cells,
)

from xlplugin.cli import main
from xlplugin.errors import XlpError
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import build, is_ours, known_formulas

if TYPE_CHECKING:
    from pathlib import Path

# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")


def test_a_new_wish_shows_on_the_map(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        unit_cells("1-101", "1", "01"),
        unit_cells("1-3A02", "3A", "02"),
        unit_cells("1-B101", "B1", "01"),
        unit_cells("2-101", "1", "01", "2栋"),
    ]
    for host in ("classic", "native"):
        filled(path, "zh", {"units": units}, host=host)
        found = map_shown(path, "zh")
        assert list(found) == [("3A", "02"), ("1", "01"), ("B1", "01")], "from the top down, gaps where there is none"
        assert found["1", "01"] == "○ 1-101  100㎡\n10,000元/㎡ 100万\n意0 落0"
        wish = {"customer_no": "C1", "name": "张三", "choice_1": "1-101", "quantity": 1, "grade": "A"}
        refill(path, "zh", {"wish": [wish]}, host=host)
        assert map_shown(path, "zh")["1", "01"].endswith("意1 落0\nC1 张**")
        assert map_shown(path, "zh")["1", "01"].startswith("◐")


def test_another_building_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        unit_cells("1-101", "1", "01"),
        unit_cells("2-301", "3", "01", "2栋", "1单元"),
        unit_cells("2-302", "3", "01", "2栋", "2单元"),
    ]
    filled(path, "zh", {"units": units}, more={(say("zh", "sheet.map"), "B3"): "2栋"})
    assert [stack for _, stack in map_shown(path, "zh")] == ["1单元-01", "2单元-01"]


def test_a_full_map_fits_and_one_floor_more_is_said(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    units = [
        unit_cells(f"1-{floor}{stack:02d}", str(floor), f"{stack:02d}")
        for floor in range(1, FLOORS + 1)
        for stack in range(1, STACKS + 1)
    ]
    filled(path, "zh", {"units": units}, rows=len(units) + 2)
    assert len(map_shown(path, "zh")) == FLOORS * STACKS
    assert not map_banner(path)
    refill(path, "zh", {"units": [*units, unit_cells("1-3501", "35", "01"), unit_cells("1-1", "", "")]})
    assert map_banner(path) == "本栋超出34层或8列，有房源没有显示。缺楼层位置未上图：1"


@pytest.mark.parametrize("host", ["classic", "native"])
def test_a_map_of_another_size(tmp_path: Path, host: str) -> None:
    path = tmp_path / "book.xlsx"
    units = [unit_cells(f"1-1{stack:02d}", "1", f"{stack:02d}", "1") for stack in range(1, 10)]
    filled(path, "en", {"units": units}, rows=10, host=host, floors=2, stacks=9)
    assert [openpyxl.load_workbook(path, data_only=True)["Map"].cell(7, 3 + at).value for at in (0, 8)] == ["01", "09"]
    assert not map_banner(path, "en")
    refill(path, "en", {"units": [*units, unit_cells("1-110", "1", "10", "1")]}, host=host)
    assert map_banner(path, "en") == "More than 2 floors or 9 stacks: some units are not shown. "


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
