"""Numbers of rules that are no schemes: published with a source, set otherwise by an office's 规则 table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xlplugin.decisions.office_rules import read_rules
from xlplugin.errors import XlpError
from xlplugin.rulebook import load
from xlplugin.rulebook._settings import read_settings
from xlplugin.worksheet.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

BOOK = load()
HEADER = ("方案", "项", "值")


@pytest.mark.parametrize("settings", list(BOOK.settings))
def test_every_number_has_a_range_a_basis_and_words(settings: str) -> None:
    for path, number in BOOK.settings[settings].parameters.items():
        assert number.value is not None
        assert number.low <= number.value <= number.high
        assert number.basis in "SIP"
        assert all(number.label[lang] for lang in ("zh", "en")), path


def test_no_settings_go_by_the_name_of_a_scheme() -> None:
    assert not set(BOOK.settings) & set(BOOK)


@pytest.mark.parametrize("name", ["placement", "客户落位", "Unit Placement", "ｐｌａｃｅｍｅｎｔ"])
def test_an_office_sets_a_number_otherwise(name: str) -> None:
    numbers, bad = Desk(BOOK).numbers("placement", (HEADER, (name, "heap", "４")))
    assert bad is None
    assert numbers["heap"] == 4
    assert numbers["area_tolerance"] == 0.1


@pytest.mark.parametrize("value", [1, 1001, "许多", None, "#N/A"])
def test_a_number_that_may_not_stand_there_is_named(value: object) -> None:
    _, bad = Desk(BOOK).numbers("placement", (HEADER, ("placement", "heap", value)))
    assert bad is not None
    assert bad.line == 1
    assert bad.sentence("zh")


def test_a_bad_line_touches_its_own_settings_alone() -> None:
    rules = read_rules(BOOK, [HEADER, ("placement", "heap", 0)])
    assert rules.bad_line("placement")
    assert rules.bad_line("account_views") is None
    assert rules.bad_line("visit_count_abcd") is None


def test_a_published_number_is_no_change() -> None:
    assert read_rules(BOOK, [HEADER, ("placement", "heap", 3)]).values == {}


def test_an_office_has_settings_of_its_own_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    text = (
        'id = "placement"\ntitle = { zh = "落位", en = "placing" }\n'
        '[[source]]\ntitle = "t"\nfile = "f"\nlines = "L1"\n'
        '[number.heap]\nvalue = 5\nrange = [2, 9]\nbasis = "S"\nlines = "L1"\nlabel = { zh = "堆", en = "heap" }\n'
    )
    (tmp_path / "settings" / "placement.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path).settings["placement"].parameters["heap"].value == 5


@pytest.mark.parametrize(
    ("key", "value"),
    [("value", 10), ("value", "3"), ("range", [9, 2]), ("range", [2]), ("basis", "X"), ("lines", "12"), ("size", 1)],
)
def test_a_slip_is_refused_and_named(key: str, value: object) -> None:
    number = {"value": 3, "range": [2, 9], "basis": "S", "lines": "L1", "label": {"zh": "堆", "en": "heap"}}
    raw: dict[str, object] = {
        "id": "x",
        "title": {"zh": "标题", "en": "title"},
        "source": [{"title": "t", "file": "f", "lines": "L1"}],
        "number": {"heap": number | {key: value}},
    }
    with pytest.raises(XlpError) as error:
        read_settings(raw, "x.toml")
    assert error.value.facts["key"] == f"number.heap.{key}"
