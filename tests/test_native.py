"""Plain formulas agree with the kernel: untidy rows, changed rules, the working-day rule, the register."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import _native as native
import openpyxl
import pytest
from _forms import sample_register

from xlplugin.cells import EPOCH_1900, date_reader
from xlplugin.decisions.office_rules import read_holidays
from xlplugin.hosts.places import open_book
from xlplugin.texts import say
from xlplugin.workbooks.build import build
from xlplugin.workbooks.native import as_native
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sheets.holidays import _days

GOLDEN = [json.loads(line) for line in (Path(__file__).parent / "golden.jsonl").read_text("utf-8").splitlines()]
SHOWN = ("name", "grade", "status", "next_contact", "due", "flags", "date_basis", "validity", "overdue")


def disagreements(rows: list[Any], got: list[Any], wanted: Any) -> list[Any]:
    return [(row, one, other) for row, one, other in zip(rows, got, wanted, strict=True) if tuple(one) != tuple(other)]


def golden_rows(scheme: str) -> list[native.Row]:
    return [
        [_typed(case["inputs"].get(id_)) for id_ in native.BOOK[scheme].fields]
        + [_typed(case[id_]) for id_ in native.CONTACT]
        for case in GOLDEN
        if case["scheme"] == scheme
    ]


def _typed(value: Any) -> Any:
    is_date = isinstance(value, str) and len(value) == 10 and value[4] == "-"
    return (date_reader()(value) or 0) - EPOCH_1900 if is_date else value


@pytest.mark.parametrize("scheme", list(native.BOOK))
def test_untidy_rows_and_golden_cases_by_the_embedded_engine(tmp_path: Path, scheme: str) -> None:
    one = native.BOOK[scheme]
    rows = native.random_rows(one, 60) + golden_rows(scheme)
    native.write(tmp_path / "rows.xlsx", one, rows)

    got = native.by_engine(tmp_path / "rows.xlsx", one, len(rows))

    assert disagreements(rows, got, native.by_kernel(one, rows)) == []


@pytest.mark.parametrize("scheme", list(native.BOOK))
def test_untidy_rows_by_libreoffice_without_the_add_in(tmp_path: Path, calc_alone: Any, scheme: str) -> None:
    one = native.BOOK[scheme]
    rows = native.random_rows(one, 400, seed=2) + golden_rows(scheme)
    native.write(tmp_path / "rows.xlsx", one, rows, "en", at_once=60)

    got = native.by_calc(calc_alone, tmp_path / "rows.xlsx", one, len(rows), 60)

    assert disagreements(rows, got, native.by_kernel(one, rows, "en")) == []


def test_an_edited_rule_counts(tmp_path: Path) -> None:
    scheme = native.BOOK["purchase_window_habcf"]
    rows = native.random_rows(scheme, 60, seed=3)
    native.write(
        tmp_path / "rows.xlsx", scheme, rows, values={"bands.H.limit": 10, "interval.A": 5, "interval.B": "无"}
    )

    got = native.by_engine(tmp_path / "rows.xlsx", scheme, len(rows))

    wanted = native.by_kernel(scheme, rows, values={"bands.H.limit": 10, "interval.A": 5, "interval.B": None})
    assert disagreements(rows, got, wanted) == []


@pytest.mark.parametrize(
    ("item", "value"),
    [("bands.H.limit", 20), ("bands.H.limit", "many"), ("interval.A", 0), ("interval.A", 2.5), ("working_days", "?")],
)
def test_rules_that_cannot_be_followed_leave_no_grade(tmp_path: Path, item: str, value: object) -> None:
    scheme = native.BOOK["purchase_window_habcf"]
    row: native.Row = [3, None, "需求", "是", "是", 46083, 46083, None, None]
    native.write(tmp_path / "rows.xlsx", scheme, [row], values={item: value})

    got = native.by_engine(tmp_path / "rows.xlsx", scheme, 1)

    assert got == [("", say("zh", "status.invalid"), "", "", "")]


def test_the_working_day_rule(tmp_path: Path) -> None:
    scheme = native.BOOK["visit_count_abcd"]
    rows: list[native.Row] = [
        [*cells, None, day, None, None]
        for cells in ([1, "有", *[None] * 6], [3, "无", *[None] * 6])
        for day in range(46010, 46130)
    ]
    native.write(tmp_path / "rows.xlsx", scheme, rows, values={"working_days": "是"})
    days = read_holidays([(day.day, say("zh", "choice.off_work").split(",")[day.kind == "work"]) for day in _days()])

    got = native.by_engine(tmp_path / "rows.xlsx", scheme, len(rows))

    wanted = list(native.by_kernel(scheme, rows, working_days=days))
    assert disagreements(rows, got, wanted) == []
    assert wanted != list(native.by_kernel(scheme, rows))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_register_calls_none_of_our_functions(tmp_path: Path, lang: str) -> None:
    build("visitor_register", tmp_path / "book.xlsx", lang=lang, rows=3, host="native")

    package = open_book(tmp_path / "book.xlsx").package
    parts = [package.read(name) for name in package.names if name.startswith("xl/")]
    assert not any(b"XLP_" in part for part in parts)


def test_every_scheme_of_the_rulebook_makes_a_register() -> None:
    for scheme in native.BOOK:
        assert as_native(recipe_of("visitor_register", scheme)).workings


def _morning(path: Path, lang: str, host: str) -> list[tuple[object, ...]]:
    """The sample morning typed into a register of some edition; what it then shows by the embedded engine."""
    return _shown(sample_register(path, lang, host, rows=50), lang)


def _shown(path: Path, lang: str) -> list[tuple[object, ...]]:
    headers = recipe_of("visitor_register").headers(lang)
    sheet = openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.register")]
    at = {cell.value: cell.column for cell in sheet[5]}
    return [tuple(sheet.cell(row, at[headers[key]]).value or "" for key in SHOWN) for row in range(6, 56)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_morning_shows_the_same_as_with_our_functions(tmp_path: Path, calc_alone: Any, lang: str) -> None:
    wanted = _morning(tmp_path / "classic.xlsx", lang, "classic")

    assert _morning(tmp_path / "native.xlsx", lang, "native") == wanted

    book = calc_alone.open(str(tmp_path / "native.xlsx"))
    calc_alone.calculate(book)
    calc_alone.save(book, str(tmp_path / "calculated.xlsx"))
    calc_alone.close(book)
    assert _shown(tmp_path / "calculated.xlsx", lang) == wanted


GAP_CELLS = (
    *(
        "2026年3月2日9:30",
        "2026-3-2 9时30分",
        "+46090",
        "46090.5",
        "1900-03-05",
        "2300-1-1",
        "\u200e2026-3-2",
        "2026-3-2T",
    ),
    *("2026-3-2|2026-3-22", "2026-02-30", "20260230", "9" * 40, "2026-3-2 10:30 x", "-46090", "1e5"),
)


def test_a_date_that_plain_formulas_cannot_read_is_invalid_and_never_another_day(tmp_path: Path) -> None:
    scheme = native.BOOK["purchase_window_habcf"]
    rows: list[native.Row] = [[None, cell, None, None, None, 46083, 46083, None, None] for cell in GAP_CELLS]
    native.write(tmp_path / "rows.xlsx", scheme, rows)

    got = native.by_engine(tmp_path / "rows.xlsx", scheme, len(rows))

    for cell, one, other in zip(GAP_CELLS, got, native.by_kernel(scheme, rows), strict=True):
        assert one in (other, ("", say("zh", "status.invalid"), "", "", "")), cell


ODD_NUMBERS = ("1 2", "１，２００", "1,20", "--3", "3-", "+.", ".", "12,34,567", "1_000", "٣", "3\n", "1\n2")


def test_numbers_typed_oddly(tmp_path: Path) -> None:
    scheme = native.BOOK["score_bands_90_70_60"]
    rows: list[native.Row] = [[cell, None, None, None, None] for cell in ODD_NUMBERS]
    native.write(tmp_path / "rows.xlsx", scheme, rows)

    got = native.by_engine(tmp_path / "rows.xlsx", scheme, len(rows))

    for cell, one, other in zip(ODD_NUMBERS, got, native.by_kernel(scheme, rows), strict=True):
        assert one in (other, ("", say("zh", "status.invalid"), "", "", "")), cell
