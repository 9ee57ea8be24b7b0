"""Workbooks of the native edition, filled and put back: their plain formulas become calls of our functions again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _books import changed_parts, named
from _tiers_book import fill, shown
from _tiers_book import functions as account_functions

from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book, ref
from xlplugin.rulebook import load
from xlplugin.workbooks.build import build
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sample_morning import morning

if TYPE_CHECKING:
    from pathlib import Path

NAME = "visitor_register"


def register(path: Path, host: str, lang: str = "zh", scheme: str | None = None) -> Path:
    """The sample morning in a register of one edition, calculated."""
    build(NAME, path, lang=lang, rows=45, host=host, scheme=scheme)
    recipe = recipe_of(NAME, scheme)
    table, headers = open_book(path).tables[recipe.table.casefold()], recipe.headers(lang)
    inputs: dict[tuple[str, str], Any] = {
        (table.sheet, ref(table, headers[key], row)): value
        for row, visit in enumerate(morning(lang), 1)
        for key, value in visit.items()
        if key in headers
    }
    recalc(path, path, desk_functions(load()), inputs=inputs, overwrite_formulas=True, trusted=lambda _: True)
    return path


def formulas(path: Path, lang: str = "zh", scheme: str | None = None) -> dict[str, str]:
    """By column, the formula in the table's second row."""
    recipe = recipe_of(NAME, scheme)
    table, headers = open_book(path).tables[recipe.table.casefold()], recipe.headers(lang)
    page = openpyxl.load_workbook(path)[table.sheet]
    found = {column.key: page[ref(table, headers[column.key], 2)].value for column in recipe.columns if column.formula}
    return {key: str(value) for key, value in found.items()}


def answers(path: Path, lang: str = "zh", scheme: str | None = None) -> list[dict[str, Any]]:
    """What the computed columns show in every row, calculated anew by our functions."""
    again = path.with_name(f"again-{path.name}")
    recalc(path, again, desk_functions(load()), trusted=lambda _: True)
    recipe = recipe_of(NAME, scheme)
    table, headers = open_book(again).tables[recipe.table.casefold()], recipe.headers(lang)
    page = openpyxl.load_workbook(again, data_only=True)[table.sheet]
    keys = [column.key for column in recipe.columns if column.formula]
    return [{key: page[ref(table, headers[key], row)].value or "" for key in keys} for row in range(1, 46)]


def back(path: Path, form: str = "excel") -> tuple[Path, Any]:
    target = path.with_name(f"{form}-{path.name}")
    return target, share(path, target, Terms(form=form, mask=False))


@pytest.mark.parametrize(
    ("lang", "scheme"), [("zh", None), ("en", None), ("zh", "purchase_window_habcf"), ("zh", "sales_stage")]
)
def test_a_register_of_plain_formulas_calls_again(tmp_path: Path, lang: str, scheme: str | None) -> None:
    if scheme is not None and scheme not in load():
        scheme = "three_factor"
    classic = register(tmp_path / "classic.xlsx", "classic", lang, scheme)
    native = register(tmp_path / "native.xlsx", "native", lang, scheme)

    target, report = back(native)

    assert report.restored > 45 * 5
    assert not report.left
    assert not report.lacking
    assert formulas(named(target), lang, scheme) == formulas(classic, lang, scheme)
    assert answers(target, lang, scheme) == answers(classic, lang, scheme)


def test_it_is_shared_in_plain_formulas_with_workings_of_its_own(tmp_path: Path) -> None:
    target, report = back(register(tmp_path / "native.xlsx", "native"), "native")

    assert report.restored == report.live
    assert not report.valued
    assert "逐行计算" in openpyxl.load_workbook(target).sheetnames
    assert not any("XLP_" in formula for formula in formulas(target).values())


def test_an_account_book_of_plain_formulas_calls_again(tmp_path: Path) -> None:
    classic, native = tmp_path / "classic.xlsx", tmp_path / "native.xlsx"
    fill(classic)
    fill(native, host="native")

    target, report = back(native)
    recalc(target, target, account_functions, trusted=lambda _: True)

    assert report.restored > 45 * 10
    assert not report.left
    assert shown(target) == shown(classic)


def test_a_formula_somebody_has_changed_stays_and_is_named(tmp_path: Path) -> None:
    native = register(tmp_path / "native.xlsx", "native")
    table, headers = open_book(native).tables["tblregister"], recipe_of(NAME).headers("zh")
    cell = ref(table, headers["grade"], 2)
    before = formulas(native)["grade"]

    def changed(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        at = sheet.index(f'r="{cell}"')
        end = sheet.index("</c>", at)
        parts["xl/worksheets/sheet1.xml"] = (
            sheet[:at] + sheet[at:end].replace("<f>", "<f>0&amp;") + sheet[end:]
        ).encode()

    target, report = back(changed_parts(native, changed))

    assert report.left == {table.sheet: [cell]}
    assert formulas(target)["grade"] == before.replace("=", "=0&", 1)
    assert any(cell in sentence for sentence in report.sentences("zh"))


def test_a_table_that_is_gone_is_named(tmp_path: Path) -> None:
    native = register(tmp_path / "native.xlsx", "native")

    def without_holidays(parts: dict[str, bytes]) -> None:
        for name, content in parts.items():
            if name.endswith(".xml"):
                parts[name] = content.replace(b"tblHolidays", b"tblOther")

    target, report = back(changed_parts(native, without_holidays))

    assert set(report.lacking.values()) == {"tblHolidays"}
    headers = recipe_of(NAME).headers("zh")
    assert ("登记", headers["flags"]) in report.lacking
    assert "XLP_GRADE" in formulas(target)["grade"]
    assert "XLP_" not in formulas(target)["flags"]
    assert any("tblHolidays" in sentence for sentence in report.sentences("zh"))


def test_saved_by_libreoffice_it_comes_back_too(tmp_path: Path, calc_alone: Any) -> None:
    classic = register(tmp_path / "classic.xlsx", "classic")
    native = register(tmp_path / "native.xlsx", "native")
    saved = tmp_path / "saved.xlsx"
    book = calc_alone.open(str(native))
    calc_alone.calculate(book)
    calc_alone.save(book, str(saved))
    calc_alone.close(book)

    target, report = back(saved)

    assert report.restored > 45 * 5
    assert not report.left
    assert answers(target) == answers(classic)
