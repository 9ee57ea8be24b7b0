"""Customers who are called by a word of ours: the word stays in our own texts, and goes wherever people typed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from _books import changed_parts, parts_of
from openpyxl.worksheet.worksheet import Worksheet

from xlplugin.cli.demo import _fill
from xlplugin.cli.recalc import desk_functions
from xlplugin.errors import XlpError
from xlplugin.exchange._ours import is_ours, stands_in_ours
from xlplugin.exchange._proof import Excused, prove
from xlplugin.exchange._secrets import Secrets
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book, ref
from xlplugin.rulebook import load
from xlplugin.workbooks.recipes import recipe_of

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = recipe_of("visitor_register").headers("zh")
WORDS = ("未留", "再约", "需求", "规则", "正常", "频繁", "先生", "无")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("words") / "register.xlsx"
    _fill(path, "zh", "en")
    return path


def called(register: Path, target: Path, word: str) -> Path:
    """The register with somebody of this name in its third row."""
    table = open_book(register).tables["tblregister"]
    inputs = {(table.sheet, ref(table, HEADERS["name"], 3)): word}
    recalc(register, target, desk_functions(load()), inputs=inputs, overwrite_formulas=True, trusted=lambda _: True)
    return target


def page(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("word", WORDS)
def test_a_register_is_shared_and_keeps_its_own_words(register: Path, tmp_path: Path, word: str) -> None:
    source = called(register, tmp_path / "book.xlsx", word)
    target = tmp_path / "copy.xlsx"

    share(source, target, Terms(form="native"))

    before, after = openpyxl.load_workbook(source), openpyxl.load_workbook(target)
    assert after.sheetnames[: len(before.sheetnames)] == before.sheetnames
    old, new = page(source), page(target)
    assert [cell.value for cell in new[5]] == [cell.value for cell in old[5]]
    at = {cell.value: cell.column for cell in old[5]}
    assert new.cell(8, at[HEADERS["name"]]).value != word
    for key in ("need", "interaction", "status", "validity"):
        if HEADERS.get(key) in at:
            column = at[HEADERS[key]]
            shown = [new.cell(row, column).value for row in range(6, 60)]
            assert shown == [old.cell(row, column).value for row in range(6, 60)]


def test_a_sheet_of_values_keeps_its_own_words_too(register: Path, tmp_path: Path) -> None:
    source = called(register, tmp_path / "book.xlsx", "规则")
    target = tmp_path / "copy.xlsx"

    share(source, target, Terms())

    assert openpyxl.load_workbook(target).sheetnames == openpyxl.load_workbook(source).sheetnames


def own_book(path: Path, word: str) -> Path:
    """A list that an office has made, with the word as a name, as a choice, and wherever people type."""
    book = xlsxwriter.Workbook(str(path))
    sheet, hidden = book.add_worksheet("登记"), book.add_worksheet("藏")
    for column, head in enumerate(("客户姓名", "联系电话", "需求程度", "我加的列")):
        sheet.write(0, column, head)
    for row in (1, 2):
        for column, value in enumerate((word, "10000000001", word, word)):
            sheet.write(row, column, value)
    sheet.write(3, 3, f"{word}昨天来过")
    sheet.write(4, 3, f"请弄清客户的具体{word}，")  # a sentence of ours, where the word is no name
    sheet.write(8, 6, f"打给{word}")
    sheet.write_comment("D2", f"{word}的电话不通")
    hidden.write(0, 0, word)
    hidden.write(1, 0, f"{word}要退订")
    hidden.hide()
    book.close()

    def calculated(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")

    return changed_parts(path, calculated)


def test_what_people_typed_is_masked_though_it_is_a_word_of_ours(tmp_path: Path) -> None:
    source = own_book(tmp_path / "book.xlsx", "需求")
    target = tmp_path / "copy.xlsx"

    share(source, target, Terms())

    book = openpyxl.load_workbook(target)
    rows = [[cell.value for cell in row] for row in book["登记"].iter_rows()]
    assert [row[2] for row in rows[:3]] == ["需求程度", "需求", "需求"]
    assert [row[0] for row in rows[:3]] == ["客户姓名", "需**", "需**"]
    assert [row[3] for row in rows[1:4]] == ["需**", "需**", "需**昨天来过"]
    assert rows[8][6] == "打给需**"
    assert [cell.value for row in book["藏"].iter_rows() for cell in row] == ["需**", "需**要退订"]
    comments = [text.decode() for name, text in parts_of(target).items() if "comments" in name]
    assert comments
    assert not any("需求" in text for text in comments)


def secrets(word: str) -> Secrets:
    made = Secrets(set(), patterns=True)
    made.add("name", word)
    made.ready()
    return made


def leaks(path: Path, word: str, excused: Excused | None = None) -> bool:
    try:
        prove(path.read_bytes(), secrets(word), path, excused)
    except XlpError as error:
        return error.code == "share_leak"
    return False


@pytest.mark.parametrize(
    ("text", "is_leak"),
    [
        ("需求", True),
        ("需求昨天来过", True),
        ("请打给需求", True),
        ("购买动机与需求", True),
        ("请弄清客户的具体需求，", False),  # as a whole one of ours
        ("需求程度", False),
    ],
)
def test_the_proof_tells_our_texts_from_what_people_typed(tmp_path: Path, text: str, is_leak: bool) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    book.add_worksheet("一").write(2, 1, text)
    book.close()

    assert leaks(tmp_path / "book.xlsx", "需求") is is_leak


def test_a_word_of_ours_may_stand_only_where_it_was_left(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"), {"in_memory": True})
    sheet = book.add_worksheet("一")
    sheet.write_formula("B3", '="x"', None, "需求")
    book.close()
    part = "xl/worksheets/sheet1.xml"

    assert leaks(tmp_path / "book.xlsx", "需求")
    assert leaks(tmp_path / "book.xlsx", "需求", Excused({part: {"C3", "B31"}}, ()))
    assert not leaks(tmp_path / "book.xlsx", "需求", Excused({part: {"B3"}}, ()))


def test_a_name_that_is_no_word_of_ours_is_excused_nowhere(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    book.add_worksheet("一").data_validation("A1", {"validate": "list", "source": ["欧阳五福"]})
    book.close()
    assert leaks(tmp_path / "book.xlsx", "欧阳五福")
    assert leaks(tmp_path / "book.xlsx", "欧阳五福", Excused({}, {"xl/worksheets/sheet1.xml"}))


def test_texts_of_ours() -> None:
    assert is_ours("需求程度")
    assert is_ours("需求")
    assert not is_ours("张三丰")
    assert stands_in_ours("建议再约访2次", 2, "再约")
    assert not stands_in_ours("再约张三", 0, "再约")
    assert stands_in_ours('IF(A1="未留",1)', 7, "未留", spelled=True)
    assert not stands_in_ours('IF(A1="未留",1)', 7, "未留")
