"""Table references spelled out as cells and named again: the texts, the workbooks, and what goes on knowing them."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from _books import changed_parts, parts_of

from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.share import Terms, share
from xlplugin.exchange.table_rows import find_table
from xlplugin.hosts._book import Book, Table
from xlplugin.hosts._package import Package
from xlplugin.hosts._raised import Raiser
from xlplugin.hosts._references import Respeller
from xlplugin.hosts._sheet_xml import SheetXml, cell_name
from xlplugin.hosts._spelled_out import spelled_out, with_tables
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book
from xlplugin.rulebook import load
from xlplugin.workbooks.build import TEMPLATES, build, is_ours
from xlplugin.worksheet._narrowed import narrowed

if TYPE_CHECKING:
    from pathlib import Path

HEADS = ("客户", "上次联系", "a]b'#", "等级")
TABLES = {
    "tbl": Table("tbl", "登记", 5, 1, 16, 4, 1, 1, {head: at for at, head in enumerate(HEADS)}, headers=HEADS),
    "规则": Table("规则", "it's 规则", 2, 2, 5, 3, 1, 0, {"方案": 0, "值": 1}, headers=("方案", "值")),
}
# The children of a sheet that may stand behind its rows, in the order of ISO/IEC 29500-1, 18.3.1.99.
ORDER = (
    "sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState dataConsolidate "
    "customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing "
    "legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
).split()


def raised(text: str, row: int = 9, sheet: str = "登记") -> str:
    raw = escape(text, quote=False).encode()
    return unescape(Raiser(sheet, TABLES).raised(raw, row).decode())


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ("$A9", "tbl[[#This Row],[客户]]"),
        ("$A9:$D9", "tbl[[#This Row],[客户]:[等级]]"),
        ("SUM($D$6:$D$15)", "SUM(tbl[等级])"),
        ("$A$6:$B$15", "tbl[[客户]:[上次联系]]"),
        ("$C$5:$D$5", "tbl[[#Headers],[a'#x]:[等级]]".replace("a'#x", "a']b'''#")),
        ("$B$5:$B$16", "tbl[[#All],[上次联系]]"),
        ("$A$5:$D$16", "tbl[#All]"),
        ("'登记'!$A9&登记!$A9", "tbl[[#This Row],[客户]]&tbl[[#This Row],[客户]]"),
        ("'it''s 规则'!$B$2:$C$5", "规则[#All]"),
        ("MATCH($A9,'it''s 规则'!$C$3:$C$5,0)", "MATCH(tbl[[#This Row],[客户]],规则[值],0)"),
        ('IF($A9="$A9","<",1)', 'IF(tbl[[#This Row],[客户]]="$A9","<",1)'),
    ],
)
def test_cells_are_named_and_spelled_out_again(cells: str, named: str) -> None:
    assert raised(cells) == named
    again = Respeller("登记", TABLES).respell(escape(named, quote=False).encode(), 9, 4).decode()
    assert unescape(again) == cells.replace("'登记'!", "").replace("登记!", "")


@pytest.mark.parametrize(
    "text",
    [
        "$A8",  # another row
        "A9+$A$9",  # not fixed as ours are, or no part of the table
        "$E9",  # one column past the table
        "$A$6:$A$14",  # one row short
        "$A$6:$A$16",  # with the totals, without the header
        "$A$6:$E$15",
        "[1]登记!$A$6:$A$15",
        "'[x.xlsx]登记'!$A$6:$A$15",
        "其他!$A$6:$A$15",
        '"$A$6:$A$15"',
        "tbl2[$A9]",
        "$A$6:INDEX($A:$A,9)",
        "XLP_A$A9(1)",
    ],
)
def test_other_cells_keep_their_place(text: str) -> None:
    assert raised(text) == text


def test_a_row_outside_the_table_is_not_named() -> None:
    assert [raised(f"$A{row}", row) == f"$A{row}" for row in (5, 6, 15, 16)] == [True, False, False, True]


def test_what_recurs_is_told_row_by_row() -> None:
    raiser = Raiser("登记", TABLES)
    texts = [raiser.raised(b"$A%d+$A$6:$A$%d" % (row, row), row).decode() for row in (14, 15, 12)]
    this = "tbl[[#This Row],[客户]]"
    assert texts == [f"{this}+$A$6:$A$14", f"{this}+tbl[客户]", f"{this}+$A$6:$A$12"]


def book_with(path: Path, *, ignored: bool = False) -> Path:
    """A table with a calculated column, formulas of it elsewhere, a coloured bar, a chart and a picture of nothing."""
    book = xlsxwriter.Workbook(path)
    sheet, other = book.add_worksheet("Data"), book.add_worksheet("Sum")
    columns = [{"header": "n"}, {"header": "twice", "formula": "=[@n]*2"}, {"header": "k'#"}]
    sheet.add_table("B3:D8", {"name": "tbl", "columns": columns})
    for row in range(3, 8):
        sheet.write_number(row, 1, row)
        sheet.write_formula(row, 2, "=tbl[[#This Row],[n]]*2", None, row * 2)
    sheet.conditional_format("B4:B8", {"type": "data_bar", "data_bar_2010": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$B$4:$B$8"})
    sheet.insert_chart("H2", chart)
    if ignored:
        sheet.ignore_errors({"number_stored_as_text": "B4:D8", "eval_error": "F1"})
    other.write_formula("A1", '=SUM(tbl[twice])&"tbl[n]"', None, "50tbl[n]")
    other.write_array_formula("A2:A2", "{=MAX(tbl[[n]:[twice]])}", None, 14)
    other.write_formula("A3", "=ROWS(tbl[#All])+COLUMNS(tbl)+tbl[[#Totals],[n]]", None, 0)
    book.close()
    return path


def texts(package: Any) -> dict[tuple[str, str], str]:
    return {
        (sheet.name, cell_name(formula.row, formula.column)): formula.text
        for sheet in Book(package).sheets
        for formula in SheetXml(package.read(sheet.part), sheet.name).formulas
    }


def behind(content: bytes) -> list[str]:
    """The sheet's own children from its rows on."""
    import xml.etree.ElementTree as ET  # noqa: PLC0415 - one helper

    names = [child.tag.rpartition("}")[2] for child in ET.fromstring(content)]  # noqa: S314 - written just before
    return names[names.index("sheetData") :]


@pytest.mark.parametrize("ignored", [False, True])
def test_a_workbook_spelled_out_and_named_again(tmp_path: Path, ignored: bool) -> None:
    source = book_with(tmp_path / "book.xlsx", ignored=ignored)
    package = Package(source)
    made = spelled_out(package)
    found = texts(made)
    assert found["Data", "C4"] == "$B4*2"
    assert found["Sum", "A1"] == "SUM('Data'!$C$4:$C$8)&\"tbl[n]\""
    assert found["Sum", "A2"] == "MAX('Data'!$B$4:$C$8)"
    assert found["Sum", "A3"] == texts(package)["Sum", "A3"], "there are no totals to speak of"
    assert made.read("xl/tables/table1.xml") == package.read("xl/tables/table1.xml"), "Excel fills new rows by it"
    content = made.read("xl/worksheets/sheet1.xml")
    children = behind(content)
    assert children == sorted(children, key=ORDER.index)
    assert children.count("ignoredErrors") == 1
    (said,) = re.findall(rb'<ignoredError sqref="B4:D8"[^>]*>', content)
    assert b' calculatedColumn="1"' in said
    assert (b"numberStoredAsText" in said) is ignored
    assert content.count(b'sqref="F1"') == ignored
    assert texts(with_tables(made)) == texts(package)
    made.write(tmp_path / "once.xlsx", {})
    named = with_tables(Package(tmp_path / "once.xlsx"))
    spelled_out(named).write(tmp_path / "twice.xlsx", {})
    assert parts_of(tmp_path / "twice.xlsx") == parts_of(tmp_path / "once.xlsx")


def test_shared_formulas_are_each_given_their_own(tmp_path: Path) -> None:
    source = book_with(tmp_path / "book.xlsx")

    def as_shared(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        first, rest = b'<f t="shared" ref="C4:C8" si="0">tbl[[#This Row],[n]]*2</f>', b'<f t="shared" si="0"/>'
        old = b"<f>tbl[[#This Row],[n]]*2</f>"
        assert parts[name].count(old) == 5
        parts[name] = parts[name].replace(old, first, 1).replace(old, rest)

    made = spelled_out(Package(changed_parts(source, as_shared)))
    assert [texts(made)["Data", f"C{row}"] for row in range(4, 9)] == [f"$B{row}*2" for row in range(4, 9)]
    assert b"shared" not in made.read("xl/worksheets/sheet1.xml")


def test_a_workbook_without_tables_is_left_alone(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        book.add_worksheet().write_formula("A1", "=$B$1:$B$2")
    package = Package(tmp_path / "book.xlsx")
    assert spelled_out(package) is package
    assert with_tables(package) is package


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_formula_of_a_template_is_known_by_its_cells(name: str, lang: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    build(name, path, lang=lang, rows=4)
    package = Package(path)
    assert texts(with_tables(spelled_out(package))) == texts(package)


def test_recalculation_knows_its_own_formulas_by_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    build("visitor_register", path, rows=4, host="native")
    place = ("登记", "G3")
    assert "[" not in texts(Package(path))[place]

    def spoilt(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name], count = re.subn(rb'(<c r="G3"[^>]*>.*?<v>)[^<]*', rb"\g<1>99", parts[name], count=1)
        assert count == 1

    changed_parts(path, spoilt)
    target = tmp_path / "again.xlsx"
    assert recalc(path, target, desk_functions(load()), trusted=is_ours).kept == ()
    doubted = recalc(path, None, desk_functions(load()))
    assert [(kept.sheet, kept.ref) for kept in doubted.kept] == [place]


@pytest.mark.parametrize("host", ["classic", "native"])
def test_a_table_that_grows_takes_formulas_of_its_cells_along(host: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    build("account_tiers", path, rows=4, host=host)
    before = texts(with_tables(Package(path)))
    rows = find_table(open_book(path), "tblPayments", {"account_no": ["客户编号"], "amount": ["金额"]}, ["amount"])
    count = rows.last_row - rows.first_row + 3
    added = (("A1", float(row)) for row in range(count))
    rows.write(tmp_path / "more.xlsx", {}, added, count, ("account_no", "amount"), rows.first_row - 1)

    after = Package(tmp_path / "more.xlsx")
    assert Book(after).tables["tblpayments"].last_row == rows.last_row + 2
    spoken = {at for at, text in before.items() if "tblPayments" in text}
    assert spoken
    assert {at: text for at, text in texts(with_tables(after)).items() if at in spoken} == {
        at: before[at] for at in spoken
    }


def test_a_copy_that_grew_comes_back_whole(tmp_path: Path) -> None:
    """Rows that Excel adds have the column's own formula, which names the table."""
    path = tmp_path / "book.xlsx"
    build("visitor_register", path, rows=4)
    copy = tmp_path / "copy.xlsx"
    share(path, copy, Terms(form="native", mask=False))

    def mixed(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        old = re.search(rb'<c r="C9"[^>]*><f>([^<]*)</f>', parts[name])
        column = re.findall(rb"<calculatedColumnFormula>([^<]*)<", parts["xl/tables/table1.xml"])
        assert old is not None
        assert b"$" in old[1]
        parts[name] = parts[name].replace(old[0], old[0].replace(old[1], column[2]))

    report = share(changed_parts(copy, mixed), tmp_path / "again.xlsx", Terms(form="excel", mask=False))
    assert report.restored == 4 * 8
    assert not report.left


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("INDEX([rules],0,2)", "<[rules] 2 >"),
        ('INDEX([*p/a:b],0,MATCH("月 份",[#p/a:b],0))', "<[*p/a:b] 月 份 [#p/a:b]>"),
        ("INDEX(t[[#This Row],[a (b)]:[c, d]],1,1)", "<t[[#This Row],[a (b)]:[c, d]] 1 >"),
        ("SUM(INDEX('my t'!$A$1:$C$9,0,3))", "SUM(<'my t'!$A$1:$C$9 3 >)"),
        ('"INDEX([rules],0,2)"', '"INDEX([rules],0,2)"'),
        ("INDEX([rules],2,2)", "INDEX([rules],2,2)"),
        ("INDEX([rules],0,[n])", "INDEX([rules],0,[n])"),
    ],
)
def test_columns_are_spoken_of_directly(text: str, made: str) -> None:
    assert narrowed(text, lambda cells, which, fields: f"<{cells} {which} {fields}>") == made
    assert narrowed(text, lambda *_: None) == text
