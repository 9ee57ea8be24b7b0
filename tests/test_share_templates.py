"""Copies of the placement and the account workbook: what stays, what is masked, what goes on calculating."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _placement import filled, unit_row, wish_row
from _tiers_book import NAME, fill

from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book, ref
from xlplugin.rulebook import load
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import is_ours
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from pathlib import Path

    from xlplugin.hosts.headless import Input

COLUMN = re.compile(r"<calculatedColumnFormula[^>]*>([^<]*)<")
# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")


@pytest.fixture(scope="module", params=LANGUAGES)
def placing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    lang: str = request.param
    path = tmp_path_factory.mktemp("placing") / f"{lang}.xlsx"
    units, wishes = sample_project(lang)
    tables = {
        "units": [unit_row(unit, lang) for unit in units[:12]],
        "wish": [wish_row(wish, lang) for wish in wishes[:16]],
    }
    filled(path, lang, tables)
    return path, lang


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("accounts") / "accounts.xlsx"
    assert fill(path).exit_code == 0
    return path


def cells(path: Path, *, formulas: bool = False) -> dict[tuple[str, str], Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it leaves out
        book = openpyxl.load_workbook(path, data_only=not formulas)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row if cell.value}


def copied(path: Path, form: str) -> Path:
    target = path.with_name(f"{path.stem}-{form}.xlsx")
    share(path, target, Terms(form=form))
    return target


@pytest.mark.parametrize("form", ["values", "native", "excel", "lite"])
def test_a_count_of_customers_is_nobodys_name(placing: tuple[Path, str], form: str) -> None:
    path, lang = placing
    before, after = cells(path), cells(copied(path, form))
    at = (say(lang, "sheet.wishes"), "B3")
    assert after[at] == before[at] == 16


@pytest.mark.parametrize("form", ["values", "native"])
def test_what_a_template_comes_with_stays(placing: tuple[Path, str], form: str) -> None:
    path, lang = placing
    before, after = cells(path), cells(copied(path, form))
    for sheet in ("help", "rules", "heaps"):
        texts = {at: text for at, text in before.items() if at[0] == say(lang, f"sheet.{sheet}") and at[1][1:] < "10"}
        assert texts
        assert {at: after.get(at) for at in texts} == texts
    name = (say(lang, "sheet.wishes"), "B6")
    assert after[name] != before[name], "people are masked as ever"


def test_the_policy_goes_with_the_accounts(accounts: Path) -> None:
    before, after = cells(accounts), cells(copied(accounts, "values"))
    policy = {at: value for at, value in before.items() if at[0] == say("zh", "sheet.policy")}
    assert {at: after.get(at) for at in policy} == policy
    assert after["客户", "C6"] != before["客户", "C6"], "names are masked as ever"


def place(path: Path, table: str, key: str, row: int) -> tuple[str, str]:
    recipe = tables_of(NAME)[table]
    found = open_book(path).tables[recipe.table.casefold()]
    return found.sheet, ref(found, recipe.headers("zh")[key], row)


def test_tier_status_and_credit_of_a_plain_copy_go_on_calculating(accounts: Path) -> None:
    copy = copied(accounts, "native")
    spelled = cells(copy, formulas=True)
    for key in ("tier", "status", "due_date", "action"):
        formula = spelled[place(copy, "accounts", key, 1)]
        assert str(formula).startswith("="), key
        assert "XLP_" not in str(formula)

    inputs: dict[tuple[str, str], Input] = {
        place(copy, "accounts", key, 1): value
        for key, value in {"product_lines": 1, "monthly_payment": 100, "best_line_payment": 100}.items()
    }
    inputs[place(copy, "accounts", "due_amount", 1)] = 100
    inputs[place(copy, "accounts", "collected", 1)] = 99
    report = recalc(copy, copy, desk_functions(load()), inputs=inputs, overwrite_formulas=True, trusted=is_ours)
    assert report.exit_code == 0, list(report.sentences("en"))
    found = cells(copy)
    assert found[place(copy, "accounts", "tier", 1)] == "C"
    assert found[place(copy, "accounts", "status", 1)] == say("zh", "status.ok")
    assert found[place(copy, "accounts", "action", 1)] == say("zh", "action.may_suspend")


def test_new_rows_of_a_plain_copy_have_plain_formulas_that_name_the_table(accounts: Path) -> None:
    source, copy = open_book(accounts), open_book(copied(accounts, "native"))
    part = source.tables["tblaccounts"].part
    before, after = (COLUMN.findall(book.package.read(part).decode()) for book in (source, copy))
    assert any("XLP_" in text for text in before)
    assert not any("XLP_" in text for text in after)
    assert len(after) == len(before)
    assert all("tblAccounts[[#This Row]" in text for text in after)
