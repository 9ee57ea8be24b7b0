"""The map sheet made just large enough: rows and columns beyond are hidden, nothing is lost, and it grows again."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _placement import filled, refill
from _project import write_sample

from xlplugin.cli import main
from xlplugin.domain import Unit
from xlplugin.exchange.place._map_size import _columns, _marked, sized
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")

MAP = say("zh", "sheet.map")
FIRST_ROW, FIRST_COLUMN, ROWS, COLUMNS = 8, 3, 34, 8


def row_of(building: str, floor: int, stack: int) -> dict[str, Any]:
    number = f"{building}-{floor}{stack:02d}"
    return {"unit_no": number, "building": building, "floor": str(floor), "stack": f"{stack:02d}", "area": 90}


def units(*buildings: tuple[str, int, int]) -> list[dict[str, Any]]:
    return [
        row_of(name, floor, stack)
        for name, floors, stacks in buildings
        for floor in range(1, floors + 1)
        for stack in range(1, stacks + 1)
    ]


WISH = [{"name": "张三", "customer_no": "C1", "quantity": 1, "choice_1": "1-101"}]


def placed(path: Path) -> Path:
    """The book after `xlplugin place`."""
    target = path.with_name(f"{path.stem}-placed.xlsx")
    target.unlink(missing_ok=True)
    assert main(["place", str(path), "-o", str(target)]) == 0
    return target


def seen(path: Path, lang: str = "zh") -> tuple[int, int]:
    """How many floors and stacks of the grid are not hidden; those are the first ones."""
    sheet = openpyxl.load_workbook(path)[say(lang, "sheet.map")]
    rows = [not sheet.row_dimensions[row].hidden for row in range(FIRST_ROW, FIRST_ROW + ROWS)]
    with zipfile.ZipFile(path) as book:
        part = book.read("xl/worksheets/sheet3.xml").decode()
    hidden = set[int]()
    for tag in re.findall(r"<col\b[^>]*/>", part):
        first, last = (int(re.search(rf'\b{edge}="(\d+)"', tag)[1]) for edge in ("min", "max"))  # type: ignore[index] # every column has both
        hidden |= set(range(first, last + 1)) if 'hidden="1"' in tag else set()
    columns = [column not in hidden for column in range(FIRST_COLUMN, FIRST_COLUMN + COLUMNS)]
    assert rows == sorted(rows, reverse=True)
    assert columns == sorted(columns, reverse=True)
    assert {1, 12} <= hidden  # folded as before
    assert not hidden & {2, 11}
    return sum(rows), sum(columns)


def names(path: Path) -> dict[str, str]:
    return {name: entry.attr_text for name, entry in openpyxl.load_workbook(path).defined_names.items()}


def banner(path: Path, lang: str = "zh") -> str:
    return openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.map")]["D3"].value or ""


def labels(path: Path) -> set[str]:
    sheet = openpyxl.load_workbook(path, data_only=True)[MAP]
    found = sheet.iter_rows(min_row=FIRST_ROW, min_col=FIRST_COLUMN, max_col=10, values_only=True)
    return {str(cell).split()[1] for row in found for cell in row if cell}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_as_many_floors_and_stacks_as_the_largest_building_has(
    tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLP_LANG", lang)
    book = tmp_path / "book.xlsx"
    filled(book, lang, {"units": units(("1", 5, 2), ("2", 2, 4)), "wish": WISH})
    assert seen(book, lang) == (ROWS, COLUMNS)
    target = placed(book)
    assert seen(target, lang) == (5, 4)
    sheet = f"'{say(lang, 'sheet.map')}'!"
    found = names(target)
    assert (found["map_floors"], found["map_stacks"]) == (f"{sheet}$A$8:$A$12", f"{sheet}$C$6:$F$6")
    assert found["map_grid"] == f"{sheet}$C$8:$J$41"
    assert banner(target, lang) == ""


def test_a_new_floor_is_said_and_the_map_grows(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    filled(book, "zh", {"units": units(("1", 3, 3)), "wish": WISH})
    target = placed(book)
    assert seen(target) == (3, 3)
    refill(target, "zh", {"units": units(("1", 4, 3))})
    assert banner(target) == "本栋超出3层或3列，有房源没有显示。再运行一次 xlplugin place，图会放大。"
    assert "1-401" in labels(target)  # hidden, not lost
    again = placed(target)
    assert seen(again) == (4, 3)
    assert banner(again) == ""
    assert len(labels(again)) == 12


def test_no_larger_than_there_is_room(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    tall = [row_of("1", floor, 1) for floor in range(1, ROWS + 2)]
    filled(book, "zh", {"units": tall, "wish": WISH})
    target = placed(book)
    assert seen(target) == (ROWS, 3)
    assert banner(target).startswith("本栋超出34层或3列，有房源没有显示。")


def test_a_wide_map_lies_across(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    for size, turned in (((3, 8), "landscape"), ((20, 3), "portrait")):
        filled(book, "zh", {"units": units(("1", *size)), "wish": WISH}, rows=70)
        assert openpyxl.load_workbook(placed(book))[MAP].page_setup.orientation == turned


def test_a_book_without_our_map_is_left_alone(tmp_path: Path) -> None:
    some = [Unit("1-101", building="1", floor="1", stack="01")]
    book = write_sample(tmp_path / "book.xlsx", some, [])
    assert not sized(book, tmp_path / "copy.xlsx", some)
    assert not (tmp_path / "copy.xlsx").exists()


def test_no_units_leave_the_map_as_it_is(tmp_path: Path) -> None:
    build("unit_placement", tmp_path / "book.xlsx", rows=5)
    assert sized(tmp_path / "book.xlsx", tmp_path / "copy.xlsx", [])
    assert seen(tmp_path / "copy.xlsx") == (ROWS, COLUMNS)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_a_book_that_libreoffice_saved(tmp_path: Path) -> None:
    book, folder = tmp_path / "book.xlsx", tmp_path / "saved"
    filled(book, "zh", {"units": units(("1", 20, 3)), "wish": WISH}, rows=70)
    _office("xlsx", book, folder)
    (folder / "book.xlsx").rename(saved := folder / "saved.xlsx")
    some = [Unit(str(at), building="1", floor=str(at), stack="01") for at in range(1, 21)]
    assert sized(saved, folder / "copy.xlsx", some)
    assert names(folder / "copy.xlsx")["map_floors"].replace("'", "") == f"{MAP}!$A$8:$A$27"
    hidden = openpyxl.load_workbook(folder / "copy.xlsx")[MAP].row_dimensions
    assert [hidden[row].hidden for row in (27, 28, 41, 42)] == [False, True, True, False]


def _office(kind: str, book: Path, folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def test_columns_are_set_apart_whatever_they_share() -> None:
    class Area:
        left, right = 3, 5

    shown = type("Shown", (), {"right": 4})
    tags = '<col min="1" max="1" hidden="1" width="5"/><col width="9" min="2" max="6"/><col min="7" max="9" width="3"/>'
    assert _columns(tags, Area, shown) == (  # type: ignore[arg-type] # edges are all it asks for
        '<col min="1" max="1" hidden="1" width="5"/><col width="9" min="2" max="2"/><col width="9" min="3" max="3"/>'
        '<col width="9" min="4" max="4"/><col width="9" min="5" max="5" hidden="1"/><col width="9" min="6" max="6"/>'
        '<col min="7" max="9" width="3"/>'
    )
    assert _marked("<row r='8' hidden='true' ht=\"9\">", hidden=False) == "<row r='8' ht=\"9\">"
    assert _marked('<row r="8" hidden="0"/>', hidden=True) == '<row r="8" hidden="1"/>'
