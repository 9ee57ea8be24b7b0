"""A table read and written into: what changes is what must, every other byte stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _books import changed_parts, parts_of
from _payment_book import TOP, account_book

from xlplugin.errors import CellError, XlpError
from xlplugin.exchange.payments import TABLE_WORDS
from xlplugin.exchange.table_rows import TableRows, find_table
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")  # of openpyxl, which only reads
KEYS = tuple(TABLE_WORDS)
SHEET, TABLE, BOOK = "xl/worksheets/sheet2.xml", "xl/tables/table2.xml", "xl/workbook.xml"
MARCH = 46082.0


def table(path: Path, *required: str) -> TableRows:
    return find_table(open_book(path), "tblPayments", TABLE_WORDS, required or ("account_no", "month", "amount"))


def paid(number: int) -> list[Any]:
    return [f"K{number:03d}", "饮料 & <水>", MARCH, 100.5 + number, None, None]


def written(source: Path, count: int, changes: dict[tuple[int, str], Any] | None = None) -> Path:
    """The book with so many rows more."""
    target = source.with_name(f"{source.stem}-written.xlsx")
    rows = table(source)
    after = max((row.number for row in rows.rows(KEYS)), default=TOP)
    rows.write(target, changes or {}, map(paid, range(count)), count, KEYS, after)
    return target


def differing(one: Path, other: Path) -> set[str]:
    before, after = parts_of(one), parts_of(other)
    assert list(before) == list(after)
    return {name for name in before if before[name] != after[name]}


def attribute(xml: bytes, pattern: str) -> list[str]:
    return re.findall(pattern, xml.decode())


# reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_are_read_whatever_stands_between_the_columns(tmp_path: Path, lang: str) -> None:
    rows = table(account_book(tmp_path / "book.xlsx", lang=lang))
    assert (rows.lang, rows.first_row, rows.last_row) == (lang, 6, 17)
    assert [(row.number, row.values) for row in rows.rows(KEYS)] == [
        (6, ["K001", "饮料", 46054.0, 90000.0, "V1", None]),
        (7, ["K002", "粮油", 46054.0, 15000.0, None, "首批"]),
    ]


def test_any_order_of_columns_and_only_those_asked_for(tmp_path: Path) -> None:
    rows = table(account_book(tmp_path / "book.xlsx"))
    assert [row.values for row in rows.rows(("amount", "nothing", "account_no"))] == [
        [90000.0, None, "K001"],
        [15000.0, None, "K002"],
    ]


def test_every_kind_of_cell(tmp_path: Path) -> None:
    path = account_book(tmp_path / "book.xlsx")

    def cells(parts: dict[str, bytes]) -> None:
        made = (
            '<c r="A8" t="inlineStr"><is><r><t>K0</t></r><r><t>03</t></r></is></c><c r="B8" t="b"><v>1</v></c>'
            '<c r="C8" t="e"><v>#N/A</v></c><c r="E8"><f>1+1</f><v>2</v></c><c r="F8" t="str"><f>""</f><v></v></c>'
            '<c r="G8" t="inlineStr"><is><t xml:space="preserve"> a&amp;b </t></is></c>'
        )
        parts[SHEET] = re.sub(rb'(<row r="8"[^>]*>).*?</row>', rb"\1" + made.encode() + b"</row>", parts[SHEET])

    found = list(table(changed_parts(path, cells)).rows(KEYS))[-1]
    assert found.values == ["K003", True, CellError("#N/A"), 2.0, "", " a&b "]
    assert found.formulas == {3, 4}


def test_a_table_of_another_name_is_known_by_its_headers(tmp_path: Path) -> None:
    def rename(parts: dict[str, bytes]) -> None:
        for name in (SHEET, TABLE, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml"):
            parts[name] = parts[name].replace(b"tblPayments", b"mine")

    rows = table(changed_parts(account_book(tmp_path / "book.xlsx"), rename))
    assert rows.table.name == "mine"


def test_no_such_table(tmp_path: Path) -> None:
    def rename(parts: dict[str, bytes]) -> None:
        parts[TABLE] = parts[TABLE].replace("金额".encode(), "数目".encode())

    path = changed_parts(account_book(tmp_path / "book.xlsx"), rename)
    with pytest.raises(XlpError) as caught:
        table(path)
    assert caught.value.code == "table_missing"
    for lang in ("zh", "en"):
        said = caught.value.sentence(lang)
        assert "金额" in said
        assert "tblPayments" in said


# writing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 10])
def test_prepared_rows_are_filled_and_nothing_else_changes(tmp_path: Path, count: int) -> None:
    source = account_book(tmp_path / "book.xlsx")
    target = written(source, count)
    assert differing(source, target) == ({SHEET} if count else set())
    rows = table(target)
    assert rows.last_row == 17
    assert [row.values for row in rows.rows(KEYS)][2:] == [paid(number) for number in range(count)]
    before, after = (re.sub(rb"<row r=\"(8|9|1\d)\".*?</row>", b"", parts_of(path)[SHEET]) for path in (source, target))
    assert before == after  # the sheet but for its prepared rows


@pytest.mark.parametrize("count", [11, 12, 40])
def test_a_full_table_grows_with_all_that_ends_with_it(tmp_path: Path, count: int) -> None:
    source = account_book(tmp_path / "book.xlsx")
    target = written(source, count)
    last = 7 + count
    assert differing(source, target) == {SHEET, TABLE, BOOK}
    parts = parts_of(target)
    assert attribute(parts[TABLE], r'\bref="([^"]*)"') == [f"A5:G{last}"] * 2
    assert attribute(parts[SHEET], r'<dimension ref="([^"]*)"') == [f"A1:G{last}"]
    assert attribute(parts[SHEET], r'<conditionalFormatting sqref="([^"]*)"') == [f"E6:E{last}", "J1:J3"]
    assert attribute(parts[SHEET], r'<dataValidation [^>]*sqref="([^"]*)"') == [f"E6:E{last}", f"A6:A{last}"]
    assert attribute(parts[SHEET], r"<xm:sqref>([^<]*)<") == [f"E6:E{last}"]
    assert attribute(parts[SHEET], r"<formula1>COUNTIF\(([^,]*),") == [f"$A$6:$A${last}"]
    names = dict(re.findall(r'<definedName name="([^"]*)"[^>]*>([^<]*)<', parts[BOOK].decode()))
    assert names == {
        "as_of": "客户!$C$2",
        "paid_amounts": f"回款!$D$6:$D${last}",
        "paid_first": "回款!$D$6",
        "_xlnm.Print_Area": f"回款!$A$1:$G${last}",
    }
    assert [row.values for row in table(target).rows(KEYS)][2:] == [paid(number) for number in range(count)]


def test_new_rows_look_like_the_last_one_and_calculate(tmp_path: Path) -> None:
    target = written(account_book(tmp_path / "book.xlsx"), 14)
    sheet = openpyxl.load_workbook(target)["回款"]
    for column in "ABCDEFG":
        assert sheet[f"{column}21"].style_id == sheet[f"{column}17"].style_id, column
    assert sheet.row_dimensions[21].height == sheet.row_dimensions[17].height == 21
    assert sheet["D21"].value == sheet["D17"].value
    assert sheet["D21"].value.startswith("=IF(tblPayments[[#This Row],[月份]]")

    report = recalc(target, target, lambda _: {})

    assert (report.kept, report.faults) == ((), ())
    values = openpyxl.load_workbook(target, data_only=True)
    assert [values["回款"][f"D{row}"].value for row in (8, 17, 18, 21)] == [2026] * 4
    assert values["概览"]["B2"].value == 105000 + sum(100.5 + number for number in range(14))


def test_cells_change_where_they_stand(tmp_path: Path) -> None:
    source = account_book(tmp_path / "book.xlsx")
    target = written(source, 0, {(6, "amount"): 1.5, (7, "note"): None, (7, "voucher"): "=1+1"})
    assert differing(source, target) == {SHEET}
    assert [row.values for row in table(target).rows(KEYS)] == [
        ["K001", "饮料", 46054.0, 1.5, "V1", None],
        ["K002", "粮油", 46054.0, 15000.0, "=1+1", None],
    ]
    assert "<f>1+1</f>" not in parts_of(target)[SHEET].decode()


def test_an_empty_table_and_one_without_prepared_cells(tmp_path: Path) -> None:
    source = account_book(tmp_path / "book.xlsx", paid=(), prepared=3)

    def bare(parts: dict[str, bytes]) -> None:
        parts[SHEET] = re.sub(rb'<row r="[678]".*?</row>', b"", parts[SHEET])

    target = written(changed_parts(source, bare), 5)
    assert [row.values for row in table(target).rows(KEYS)] == [paid(number) for number in range(5)]
    assert [row.number for row in table(target).rows(KEYS)] == [6, 7, 8, 9, 10]
    assert openpyxl.load_workbook(target)["回款"]["A10"].number_format == "@"  # the column's own style


def test_a_formula_in_a_prepared_row_stays(tmp_path: Path) -> None:
    def made(parts: dict[str, bytes]) -> None:
        parts[SHEET] = re.sub(rb'<c r="G8"[^>]*/>', b'<c r="G8" t="str"><f>F8&amp;""</f><v></v></c>', parts[SHEET])

    target = written(changed_parts(account_book(tmp_path / "book.xlsx"), made), 1)
    assert openpyxl.load_workbook(target)["回款"]["G8"].value == '=F8&""'


LAST_ROW = rb'<c r="D17"[^>]*>.*?</c>'


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("<f>E17*2+$E$6</f>", "<f>E19*2+$E$6</f>"),
        ('<f t="array" ref="D17">SUM(E17:F17)</f>', '<f t="array" ref="D19">SUM(E19:F19)</f>'),
        ('<f t="shared" si="0"/>', "<f>E19*3</f>"),
        ('<f>IF(A17&lt;&gt;"","A17","")</f>', '<f>IF(A19&lt;&gt;"","A17","")</f>'),
    ],
)
def test_formulas_go_down_as_a_copy_would(tmp_path: Path, formula: str, expected: str) -> None:
    def made(parts: dict[str, bytes]) -> None:
        home = b'<c r="D6"><f t="shared" ref="D6:D17" si="0">E6*3</f><v>0</v></c>'
        parts[SHEET] = re.sub(rb'<c r="D6"[^>]*>.*?</c>', home, parts[SHEET])
        cell = b'<c r="D17">' + formula.encode() + b"<v>0</v></c>"
        parts[SHEET] = re.sub(LAST_ROW, cell, parts[SHEET])

    target = written(changed_parts(account_book(tmp_path / "book.xlsx"), made), 12)
    assert f'<c r="D19">{expected}</c>' in parts_of(target)[SHEET].decode()


def test_the_list_of_formula_cells_goes_when_formulas_come(tmp_path: Path) -> None:
    def listed(parts: dict[str, bytes]) -> None:
        parts["xl/calcChain.xml"] = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        kind = b'<Override PartName="/xl/calcChain.xml" ContentType="application/calc"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", kind)
        relation = (
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'calcChain" Target="calcChain.xml"/></Relationships>'
        )
        rels = "xl/_rels/workbook.xml.rels"
        parts[rels] = parts[rels].replace(b"</Relationships>", relation)

    source = changed_parts(account_book(tmp_path / "book.xlsx"), listed)
    assert "xl/calcChain.xml" in parts_of(written(source, 10))
    grown = parts_of(written(source, 11))
    assert "xl/calcChain.xml" not in grown
    assert b"calcChain" not in grown["xl/_rels/workbook.xml.rels"] + grown["[Content_Types].xml"]


# what stands in the way -----------------------------------------------------------------------------------------------


def below(cells: str, row: int = 19, merged: str = "") -> Any:
    def put(parts: dict[str, bytes]) -> None:
        new = f'<row r="{row}">{cells}</row></sheetData>{merged}'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", new.encode())

    return put


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (below('<c r="B19"><v>1</v></c>'), "B19"),
        (below('<c r="G19" t="str"><f>""</f><v></v></c>'), "G19"),
        (below("", merged='<mergeCells count="1"><mergeCell ref="A19:C20"/></mergeCells>'), "A19"),
    ],
)
def test_what_stands_below_is_never_overwritten(tmp_path: Path, change: Any, cell: str) -> None:
    source = changed_parts(account_book(tmp_path / "book.xlsx"), change)
    written(source, 11)  # ends in the row above it
    with pytest.raises(XlpError) as caught:
        written(source, 12)
    assert (caught.value.code, caught.value.facts["cell"]) == ("table_below", cell)


def test_what_stands_beside_and_further_down_stays(tmp_path: Path) -> None:
    cells = '<c r="A19" s="2"/><c r="I19" t="inlineStr"><is><t>旁注</t></is></c>'
    source = changed_parts(account_book(tmp_path / "book.xlsx"), below(cells))
    source = changed_parts(source, below('<c r="A40"><v>7</v></c>', row=40))
    target = written(source, 20)
    sheet = openpyxl.load_workbook(target)["回款"]
    assert (sheet["I19"].value, sheet["A40"].value) == ("旁注", 7)
    assert [row.values for row in table(target).rows(KEYS)][2:] == [paid(number) for number in range(20)]
    assert [sheet[f"A{row}"].value for row in (18, 19, 20)] == ["K010", "K011", "K012"]


def test_a_totals_row_and_the_end_of_the_sheet(tmp_path: Path) -> None:
    def totals(parts: dict[str, bytes]) -> None:
        parts[TABLE] = parts[TABLE].replace(b' totalsRowShown="0"', b' totalsRowCount="1"')

    source = changed_parts(account_book(tmp_path / "book.xlsx"), totals)
    assert table(source).last_row == 16
    written(source, 9)
    with pytest.raises(XlpError) as caught:
        written(source, 10)
    assert caught.value.code == "table_totals"
    rows = table(account_book(tmp_path / "other.xlsx"))
    with pytest.raises(XlpError) as caught:
        rows.write(tmp_path / "out.xlsx", {}, iter(()), 1 << 20, KEYS, 7)
    assert caught.value.code == "table_full"
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<sheetData>", b"<sheetData><!-- x -->"),
        lambda xml: xml.replace(b'<row r="6"', b'<row spans="1:7" r="6"'),
        lambda xml: xml.replace(b'<c r="A6" ', b'<c s="1" r="A6" '),
        lambda xml: xml.replace(b"sheetData", b"x:sheetData"),
    ],
)
def test_a_sheet_written_in_an_unusual_way_is_not_touched(tmp_path: Path, change: Any) -> None:
    def made(parts: dict[str, bytes]) -> None:
        assert change(parts[SHEET]) != parts[SHEET]
        parts[SHEET] = change(parts[SHEET])

    source = changed_parts(account_book(tmp_path / "book.xlsx"), made)
    with pytest.raises(XlpError) as caught:
        written(source, 1)
    assert caught.value.code == "sheet_unusual"


def test_many_rows_in_pieces(tmp_path: Path) -> None:
    """More than one piece of the sheet is read and written, rows before and behind the border of pieces alike."""
    source = account_book(tmp_path / "book.xlsx", prepared=6000)
    target = written(source, 9000)
    found = list(table(target).rows(KEYS))
    assert [row.number for row in found] == list(range(6, 9008))
    assert [row.values for row in found][2:] == [paid(number) for number in range(9000)]
    again = target.with_name("again.xlsx")
    rows = table(target)
    rows.write(again, {(row, "amount"): 7.0 for row in (6, 4000, 9007)}, iter(()), 0, KEYS, 9007)
    assert differing(target, again) == {SHEET}
    assert [row.values[3] for row in table(again).rows(KEYS) if row.number in (6, 3999, 4000, 9007)] == [
        7.0,
        100.5 + 3991,
        7.0,
        7.0,
    ]


def test_a_book_that_another_program_saved(tmp_path: Path) -> None:
    source = account_book(tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(source)
    book.save(source)
    target = written(source, 15)
    assert [row.values for row in table(target).rows(KEYS)][2:] == [paid(number) for number in range(15)]
    assert openpyxl.load_workbook(target)["回款"].tables["tblPayments"].ref == "A5:G22"
