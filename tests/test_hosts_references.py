from __future__ import annotations

from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pytest
from _books import MAIN, PKG, REL, cell, changed_parts, parts_of, raw_book, rows
from hypothesis import given
from hypothesis import strategies as st

from xlplugin.errors import CellError
from xlplugin.hosts._book import Book, Table, column_letters, column_number, split_ref
from xlplugin.hosts._package import Package
from xlplugin.hosts._references import Respeller
from xlplugin.hosts._scan import Reader, quick_cells
from xlplugin.hosts._shared import moved
from xlplugin.hosts._sheet_xml import SheetXml
from xlplugin.hosts.headless import recalc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlplugin.hosts._formula_cells import Formula

TABLES = {
    "tbl": Table("tbl", "登记", 1, 1, 11, 4, 1, 1, {"客户": 0, "上次\n联系": 1, "a]b'#": 2, "等级": 3}),
    "规则": Table("规则", "it's 规则", 2, 2, 5, 3, 1, 0, {"方案": 0, "值": 1}),
    "bare": Table("bare", "登记", 20, 1, 22, 2, 0, 0, {"x": 0, "y": 1}),
}


@pytest.mark.parametrize(
    ("formula", "lowered"),
    [
        ("tbl[[#This Row],[客户]]", "$A5"),
        ("TBL[@客户]&tbl[@[客户]]", "$A5&$A5"),
        ("tbl[[#This Row],[客户]:[等级]]", "$A5:$D5"),
        ("tbl[@[客户]:[等级]]", "$A5:$D5"),
        ("tbl[@]", "$A5:$D5"),
        ("[@客户]+[等级]", "$A5+$D$2:$D$10"),
        ("SUM(tbl[客户],tbl[[等级]],tbl[])", "SUM($A$2:$A$10,$D$2:$D$10,$A$2:$D$10)"),
        ("ROWS(tbl)", "ROWS($A$2:$D$10)"),
        ("tbl[#All]", "$A$1:$D$11"),
        ("tbl[#Data]", "$A$2:$D$10"),
        ("tbl[#Headers]", "$A$1:$D$1"),
        ("tbl[#Totals]", "$A$11:$D$11"),
        ("tbl[[#Headers],[客户]]", "$A$1"),
        ("tbl[[#Headers],[等级]:[客户]]", "$A$1:$D$1"),
        ("tbl[[#Headers],[#Data],[客户]]", "$A$1:$A$10"),
        ("tbl[[#Data],[#Totals],[客户]:[等级]]", "$A$2:$D$11"),
        ("tbl[ [#This Row], [客户] ]", "$A5"),
        ("tbl[a']b'''#]", "$C$2:$C$10"),
        ("tbl[上次\n联系]", "$B$2:$B$10"),
        ("规则[#All]", "'it''s 规则'!$B$2:$C$5"),
        ("规则[#Totals]", "#REF!"),
        ("bare[#Headers]", "#REF!"),
        ("bare[x]", "$A$20:$A$22"),
        ('"tbl[客户]"&tbl[@客户]&"50%"', '"tbl[客户]"&$A5&"50%"'),
        ("'tbl[客户]'!A1+'it''s tbl'!B2", "'tbl[客户]'!A1+'it''s tbl'!B2"),
        ("tbl[无]", "tbl[无]"),
        ("other[客户]", "other[客户]"),
        ("mytbl[客户]+tbl2+tbl.x+tblx(1)+tbl!A1", "mytbl[客户]+tbl2+tbl.x+tblx(1)+tbl!A1"),
        ("[1]Sheet1!A1+[1]!name", "[1]Sheet1!A1+[1]!name"),
        ("[1]!XLP_X(1)+_xll.xlp_y(2)", "XLP_X(1)+XLP_Y(2)"),
        ("_xldudf_XLP_X(1)+_xldudf_NS_XLP_Y(2)", "XLP_X(1)+XLP_Y(2)"),
        (r"'C:\甲 乙\[x.xlam]S'!XLP_X(tbl[@客户])+book.xlam!XLP_X(1)", "XLP_X($A5)+XLP_X(1)"),
        ("\"'x'!XLP_X(1)\"", "\"'x'!XLP_X(1)\""),
        ('IF(A1<2,tbl[@客户],"<")', 'IF(A1<2,$A5,"<")'),
    ],
)
def test_structured_references(formula: str, lowered: str) -> None:
    respeller = Respeller("登记", TABLES)
    for _ in range(2):  # made, then remembered
        raw = respeller.respell(escape(formula, quote=False).encode(), 5, 3)
        assert unescape(raw.decode()) == lowered


@pytest.mark.parametrize("row", [1, 11, 12, 500])
def test_this_row_outside_the_data(row: int) -> None:
    assert Respeller("登记", TABLES).respell("1+tbl[@客户]".encode(), row, 9) == b"1+#VALUE!"


def test_brackets_alone_mean_the_table_around_the_cell() -> None:
    respeller = Respeller("登记", TABLES)
    assert respeller.respell(b"[x]", 21, 2) == b"$A$20:$A$22"
    assert respeller.respell(b"[x]", 40, 2) == b"[x]"


def test_names_keep_their_sheet() -> None:
    respeller = Respeller("", TABLES)
    assert respeller.respell_text("SUM(规则[值])") == "SUM('it''s 规则'!$C$3:$C$5)"
    assert respeller.respell_text("tbl[@客户]") == "tbl[@客户]"


@pytest.mark.parametrize(
    ("formula", "copy"),
    [
        ("A1+$B$2+C$3+$D4", "B3+$B$2+D$3+$D6"),
        ("SUM(A1:B2)+SUM(A:$C)+SUM(1:$3)", "SUM(B3:C4)+SUM(B:$C)+SUM(3:$3)"),
        ("'A1'!B2+\"A1\"&X!A1", "'A1'!C4+\"A1\"&X!B3"),
        ("LOG10(A1)+A1B+_A1+A1.B", "LOG10(B3)+A1B+_A1+A1.B"),
        ("tbl[A1]+A1", "tbl[A1]+B3"),
        ("A1048576+A1", "#REF!+B3"),
        ("XFD1", "#REF!"),
    ],
)
def test_shared_formulas_move(formula: str, copy: str) -> None:
    assert moved(formula, 2, 1) == copy


def test_references_to_cells() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(number)) == number for number in range(1, 16385))
    assert split_ref("$C$9:A1") == (1, 1, 9, 3)
    with pytest.raises(ValueError, match="1A"):
        split_ref("1A")


def with_table(table: str) -> dict[str, bytes]:
    relation = f'<Relationship Id="rId1" Type="{REL}/table" Target="../tables/t.xml"/>'
    relations = f'<Relationships xmlns="{PKG}/relationships">{relation}</Relationships>'
    return {"xl/tables/t.xml": table.encode(), "xl/worksheets/_rels/sheet1.xml.rels": relations.encode()}


def test_tables_of_a_book(tmp_path: Path) -> None:
    table = (
        f'<table xmlns="{MAIN}" id="1" name="t" displayName="tblX" ref="B2:C9" totalsRowCount="1">'
        '<tableColumns count="2"><tableColumn id="1" name="上次_x000a_联系"/><tableColumn id="2" name="b"/>'
        "</tableColumns></table>"
    )
    path = raw_book(tmp_path / "in.xlsx", {"S": ""}, extra=with_table(table))
    book = Book(Package(path))
    assert book.tables["tblx"] == Table(
        "tblX", "S", 2, 2, 9, 3, 1, 1, {"上次\n联系": 0, "b": 1}, headers=("上次\n联系", "b")
    )
    assert book.shared_strings is None


# --- the two readers of a sheet -----------------------------------------------------------------

values = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("a<&> \n好", max_size=4))
formulas = st.one_of(st.none(), st.sampled_from(["A1+1", 'IF(A1<2,"a&b","")', "好", ""]))
places = st.tuples(st.integers(1, 6), st.integers(1, 30))


@given(st.dictionaries(places, st.tuples(values, formulas), max_size=12))
def test_the_quick_reader_reads_what_the_slow_one_reads(
    cells: dict[tuple[int, int], tuple[object, str | None]],
) -> None:
    written = [
        cell(f"{column_letters(column)}{row}", value, formula=formula)
        for (row, column), (value, formula) in sorted(cells.items())
    ]
    content = f'<worksheet xmlns="{MAIN}"><sheetData>{rows(*written)}</sheetData></worksheet>'.encode()
    sheet, whole = SheetXml(content, "S"), list(Reader(content, None).formulas)
    assert sheet.edited(()) == content
    assert [found.text for found in sheet.formulas] == [found.text for found in whole]
    folded = list(Reader(sheet.content, None).formulas) if sheet.plain else whole
    assert _without_text(sheet.formulas) == _without_text(folded)
    wanted = range(2, 5)
    reader = Reader(sheet.content, wanted)
    assert not sheet.plain or quick_cells(sheet.content, sheet.start, sheet.end, wanted) == (reader.cells, reader.rows)


def _without_text(formulas: Iterable[Formula]) -> list[Formula]:
    return [found._replace(raw=b"") for found in formulas]


def test_a_plain_sheet_keeps_formulas_apart_from_its_cells() -> None:
    plain, shared = '<c r="A1"><f>1+1</f><v>2</v></c>', '<c r="B1"><f t="shared" si="0">A1</f><v>2</v></c>'
    odd = '<c r="C1" t="str"><f/><v xml:space="preserve"> x</v></c>'
    content = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{plain}{shared}{odd}</row></sheetData></worksheet>'
    sheet = SheetXml(content.encode(), "S")
    assert sheet.plain
    assert sheet.content.decode() == content.replace("<f>1+1</f>", "<f/>")
    assert sheet.edited(()).decode() == content
    first = sheet.formulas[0]
    edited = sheet.edited([(first.v_start, first.v_end, b"<v>3</v>")]).decode()
    assert edited == content.replace("<v>2</v>", "<v>3</v>", 1)
    assert [found.value for found in sheet.formulas] == [b"2", b"2", b" x"]


# --- ranges handed over once --------------------------------------------------------------------


def test_constant_ranges_arrive_as_one_object(tmp_path: Path) -> None:
    call = 'XLP_SEE(S!$A$1:$B$1,$A$1:$C$1,SUM($B$1:$D$1),"A,B($A$1:$B$1",[@n])'
    data = rows(
        cell("A1", "头"), cell("B1", 3), cell("C1", 5, formula="2+3"), cell("D1", True),
        *(cell(f"E{row}", "", formula=call) for row in (2, 3)),
    )  # fmt: skip
    table = (
        f'<table xmlns="{MAIN}" id="1" name="t" displayName="t" ref="D1:E3"><tableColumns count="2">'
        '<tableColumn id="1" name="n"/><tableColumn id="2" name="m"/></tableColumns></table>'
    )
    source = raw_book(tmp_path / "in.xlsx", {"S": data}, extra=with_table(table))
    seen: list[tuple[object, ...]] = []

    def see(*arguments: object) -> str:
        seen.append(arguments)
        return "seen"

    recalc(source, tmp_path / "out.xlsx", lambda _: {"XLP_SEE": see}, inputs={("S", "B1"): 4})
    assert [arguments[1:] for arguments in seen] == [([["头", 4, 5]], 9, "A,B($A$1:$B$1", None)] * 2
    assert seen[0][0] == (("头", 4),)
    assert seen[0][0] is seen[1][0]
    assert seen[0][1] is not seen[1][1]  # holds a formula, so the engine carries it


def test_constant_ranges_keep_the_types_of_their_cells(tmp_path: Path) -> None:
    cells = [cell("A1", "1"), cell("B1", 1), cell("C1", 1.5), cell("D1", value=True), cell("F1", CellError("#N/A"))]
    data = rows(*cells, cell("A2", "", formula="XLP_SEE($A$1:$G$1,A1:G1,,1)"))
    source = raw_book(tmp_path / "in.xlsx", {"S": data})
    seen: list[tuple[Any, ...]] = []

    def see(*arguments: object) -> str:
        seen.append(arguments)
        return "seen"

    recalc(source, None, lambda _: {"XLP_SEE": see})
    constant, carried, left_out, _ = seen[-1]
    assert left_out is None
    expected = ("1", 1.0, 1.5, True, None, CellError("#N/A"), None)
    assert constant == (expected,)
    assert carried == [list(expected)]
    assert list(map(type, constant[0])) == list(map(type, carried[0])) == list(map(type, expected))


def test_the_calc_chain_stays_while_the_formulas_stay(tmp_path: Path) -> None:
    source = raw_book(
        tmp_path / "in.xlsx", {"S": rows(cell("A1", 1), cell("B1", 1, formula="A1"))}, calc_chain=True, calc=""
    )

    def without_calc(parts: dict[str, bytes]) -> None:
        assert b"calcPr" not in parts["xl/workbook.xml"]

    recalc(changed_parts(source, without_calc), tmp_path / "out.xlsx", lambda _: {}, inputs={("S", "A1"): 2})
    parts = parts_of(tmp_path / "out.xlsx")
    assert "xl/calcChain.xml" in parts
    assert b'</sheets><calcPr calcId="191029"/>' in parts["xl/workbook.xml"]
