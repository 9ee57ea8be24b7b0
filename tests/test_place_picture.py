"""The map as a picture: every unit at its place, gaps where there is none, legible without colour."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from _project import write_sample
from matplotlib import font_manager

from xlplugin.cli import main
from xlplugin.decisions.placement import Terms
from xlplugin.domain import Unit, Wish
from xlplugin.errors import XlpError
from xlplugin.exchange.place import _fonts, picture
from xlplugin.exchange.place._grid import grids
from xlplugin.exchange.place.picture import _fitted, _Sheet, check_picture, draw
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from pathlib import Path


def drawn_texts(units: list[Unit], wishes: list[Wish], lang: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text on the map, from an SVG that keeps its texts as texts."""
    from matplotlib import rc_context  # noqa: PLC0415 - a setting of this one picture

    monkeypatch.setattr(picture, "font_for", lambda _text: ["DejaVu Sans"])
    with rc_context({"svg.fonttype": "none"}):
        root = ET.fromstring(_Sheet(units, wishes, lang, Terms()).rendered("svg"))  # noqa: S314 - our own
    return ["".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]


def size_of(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">2I", data[16:24])
    return width, height


def unit(number: str, **more: Any) -> Unit:
    return Unit(number, **{"building": "1", "floor": "3", "stack": number[-2:], **more})


# where units stand ----------------------------------------------------------------------------------------------------


def test_floors_rise_and_stacks_go_across_as_they_are_labelled() -> None:
    floors = ["2", "10", "3A", "3", "B1", "B2", "13A", "13", ""]
    (grid,) = grids([unit(f"1-{floor}01", floor=floor, entrance=str(at % 2)) for at, floor in enumerate(floors)])
    assert grid.floors == ["13A", "13", "10", "3A", "3", "2", "", "B1", "B2"]
    assert grid.stacks == [("0", "01"), ("1", "01")]


def test_a_gap_is_where_no_unit_is() -> None:
    (grid,) = grids([unit("301"), unit("303"), unit("402", floor="4"), unit("403", floor="4")])
    assert grid.floors == ["4", "3"]
    assert [stack for _, stack in grid.stacks] == ["01", "02", "03"]
    assert set(grid.cells) == {(0, 1), (0, 2), (1, 0), (1, 2)}


def test_every_unit_stands_somewhere_even_without_labels() -> None:
    units = [Unit("A"), Unit("B"), Unit("A"), unit("301"), unit("301"), Unit("C", building="2栋")]
    found = grids(units)
    assert [grid.building for grid in found] == ["", "1", "2栋"]
    assert sorted(at for grid in found for at in grid.cells.values()) == list(range(6))


def test_buildings_in_the_order_of_their_numbers() -> None:
    assert [grid.building for grid in grids([unit("1", building=name) for name in ("10栋", "2栋", "1栋")])] == [
        "1栋",
        "2栋",
        "10栋",
    ]


# what is written ------------------------------------------------------------------------------------------------------

TWELVE = [
    unit(f"{floor}{stack:02d}", floor=str(floor), area=89.6, total=1_560_000, permit_no="0001")
    for floor in (1, 2, 3)
    for stack in (1, 2, 3, 4)
]


def first(number: str, *customers: str) -> list[Wish]:
    means = {"acceptable_total": 2e6, "first_payment": 2e6, "payment": "full"}
    wishes = [Wish(f"C{name}", name=name, choices=((number,),), grade="A", **means) for name in customers]  # type: ignore[arg-type] # fields of a wish
    return [wishes[0], *(one._replace(grade="C") for one in wishes[1:])]


def test_a_cell_says_what_the_office_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    units = [*TWELVE[:-1], TWELVE[-1]._replace(sale_state="signed")]
    wishes = [*first("101", "张三"), *first("102", "李四", "王五"), *first("103", "甲一", "乙二", "丙三")]
    wishes += [first("104", "丁")[0]._replace(first_payment=1.0)]
    texts = drawn_texts(units, wishes, "zh", monkeypatch)
    assert texts.count("89.6㎡  156万") == 12
    assert "1栋 客户落位图" in texts
    assert "仅供内部测算，不作为分配或承诺" in texts
    assert "预售证：0001" in texts
    for state, sign in (
        ("空缺 7套", "○"),
        ("意向1未落位 1套", "◐"),
        ("已落位 1套", "●"),
        ("重叠 1套", "◆"),
        ("扎堆 1套", "▲"),
        ("不可售 1套", "■"),
    ):
        assert f"{sign} {state}" in texts
    assert {"● 意1 落1", "◐ 意1 落0", "◆ 意2 落1", "▲ 意3 落1", "■", "○"} <= set(texts)
    assert "C李四 李**  C王五 王**" in texts
    assert {"3层", "2层", "1层", "01", "04"} <= set(texts)
    assert not any("李四 李四" in text for text in texts)


def test_the_same_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn_texts([TWELVE[0]._replace(permit_no="")], first("101", "Zhang San"), "en", monkeypatch)
    assert {"Building 1: placement map", "89.6 m²  1,560k", "CZhang San Z**", "● matched: 1", "● 1w 1p"} <= set(texts)
    assert "For internal estimates only; no allocation, no promise" in texts
    assert "Note: 1 units have no permit number." in texts
    assert not re.search(r"[一-鿿]", "".join(texts))


def test_customers_that_dont_fit_are_counted() -> None:
    few = [f"C{at:03d} 张**" for at in range(3)]
    assert _fitted(few, "zh") == ["C000 张**  C001 张**  C002 张**"]
    many = [f"C{at:03d} 张**" for at in range(40)]
    lines = _fitted(many, "zh")
    assert len(lines) == 2
    assert lines[1].endswith("等40组")
    assert _fitted([], "zh") == [""]
    assert _fitted(["20260302-001 欧**"] * 2, "zh") == ["20260302-001 欧**", "20260302-001 欧**"]


def test_states_differ_without_colour() -> None:
    looks = picture._LOOKS
    assert len({look.sign for look in looks.values()}) == len(looks)

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    shades = sorted(grey(look.fill) for look in looks.values())
    assert all(after - before > 7 for before, after in pairwise(shades))
    assert (
        grey(looks["vacant"].fill)
        > grey(looks["wished"].fill)
        > grey(looks["matched"].fill)
        > grey(looks["contested"].fill)
        > grey(looks["heap"].fill)
    )


# files ----------------------------------------------------------------------------------------------------------------


def test_png_and_svg_by_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLP_LANG", "zh")
    book = write_sample(tmp_path / "b.xlsx", TWELVE, first("101", "张三"))
    for name in ("map.png", "map.svg"):
        assert main(["place", str(book), "-o", str(tmp_path / f"{name}.csv"), "--picture", str(tmp_path / name)]) == 0
    width, height = size_of(tmp_path / "map.png")
    assert width > 900
    assert height > 400
    assert ET.parse(tmp_path / "map.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own
    assert not list(tmp_path.glob("*.part"))


def test_the_whole_project_fits_and_comes_out_the_same_twice(tmp_path: Path) -> None:
    units, wishes = sample_project()
    draw(units, wishes, tmp_path / "all.svg", "zh")
    assert (tmp_path / "all.svg").stat().st_size > 500_000
    for name in ("one.svg", "two.svg"):
        draw(TWELVE, wishes, tmp_path / name, "zh")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def pages_of(path: Path) -> list[tuple[float, float]]:
    """The size of each page of a PDF, in points."""
    data = path.read_bytes()
    assert data[:5] == b"%PDF-"
    return [(float(box[1]), float(box[2])) for box in re.finditer(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)]


def test_a_pdf_has_a_page_for_each_building_in_the_shape_of_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLP_LANG", "zh")
    tall = [unit(f"9{floor:02d}", floor=str(floor), stack="01", building="2") for floor in range(1, 21)]
    wide = [unit(f"1{stack:02d}", stack=f"{stack:02d}", building="3") for stack in range(1, 31)]
    book = write_sample(tmp_path / "b.xlsx", [*TWELVE, *tall, *wide], first("101", "张三"))
    target = tmp_path / "map.pdf"
    assert main(["place", str(book), "-o", str(tmp_path / "list.csv"), "--picture", str(target)]) == 0
    pages = pages_of(target)
    assert [width < height for width, height in pages] == [False, True, False]
    for page in pages:
        assert max(page) / min(page) == pytest.approx(2**0.5, abs=0.01)
    again = tmp_path / "again.pdf"
    assert main(["place", str(book), "-o", str(tmp_path / "more.csv"), "--picture", str(again)]) == 0
    assert again.read_bytes() == target.read_bytes()


def test_a_page_counts_its_own_building() -> None:
    other = [unit("901", building="2", sale_state="signed", permit_no="0009")]
    sheet = _Sheet([*TWELVE, *other], first("101", "张三"), "zh", Terms())
    for grid, counted, permit in zip(sheet._grids, ("■ 不可售 0套", "■ 不可售 1套"), ("0001", "0009"), strict=True):
        texts = [text.get_text() for text in sheet._figure([[grid]], 20, 15).axes[0].texts]
        assert counted in texts
        assert f"预售证：{permit}" in texts


def test_nothing_to_draw_is_a_picture_too(tmp_path: Path) -> None:
    draw([], [], tmp_path / "none.png", "en")
    draw([], [], tmp_path / "none.pdf", "en")
    assert len(pages_of(tmp_path / "none.pdf")) == 1
    draw([Unit("$a^b$", building="$x$")], [], tmp_path / "dollar.png", "en")
    assert size_of(tmp_path / "none.png")[0] > 500


def test_very_many_units_keep_within_what_programs_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = [unit(f"{at}", floor=str(at), stack="01") for at in range(40)]
    monkeypatch.setattr(picture, "_MOST_PIXELS", 2000)
    draw(units, [], tmp_path / "tall.png", "en")
    assert size_of(tmp_path / "tall.png")[1] in (1999, 2000)


def test_a_missing_font_and_a_wrong_name_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(XlpError, match=r"\.svg"):
        check_picture(tmp_path / "map.jpg")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    with pytest.raises(XlpError, match="Noto Sans CJK SC"):
        draw(TWELVE, first("101", "张三"), tmp_path / "map.png", "zh")
    assert not (tmp_path / "map.png").exists()
    assert _fonts.font_for("Building 1") == ["DejaVu Sans"]
