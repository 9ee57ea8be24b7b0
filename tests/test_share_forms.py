"""Live copies: plain formulas, and the calls as other hosts spell them, of a fresh register and of a changed one."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import _native as native
import openpyxl
import pytest
from _books import cell, changed_parts, parts_of, raw_book, rows
from _forms import OWN_SHEET, PREPARED, ROWS, changed_register, own_formulas, register_sheet, sample_register, shown

from xlplugin.cli import main
from xlplugin.cli.demo import _fill
from xlplugin.cli.recalc import desk_functions
from xlplugin.errors import XlpError
from xlplugin.exchange.forms._calls import calls, plainly, with_prefix
from xlplugin.exchange.share import FORMS, Terms, share
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._package import Package
from xlplugin.hosts._spelled_out import with_tables
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load
from xlplugin.workbooks.build import build
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sample_morning import morning
from xlplugin.worksheet import FUNCTIONS, Arg

if TYPE_CHECKING:
    from pathlib import Path

    from xlplugin.worksheet.registry import Function

LANGS = ("zh", "en")
LIVE = ("native", "excel", "lite")
ANSWERS = (
    "grade",
    "due",
    "next_contact",
    "visits",
    "status",
    "why",
    "raise",
    "validity",
    "known",
    "flags",
    "continued",
)
CALLED = {"X": "GRADE", "Y": "STATUS", "Z": "WHY"}
FORMULA = re.compile(r"<f>([^<]*)</f>")
CALLING = re.compile(r"<(?:f|calculatedColumnFormula)\b[^>]*>[^<]*XLP_")


@pytest.fixture(scope="module", params=LANGS)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The filled sample register, and its language."""
    return sample_register(tmp_path_factory.mktemp("fresh") / "register.xlsx", request.param), request.param


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register that an office has made its own."""
    return changed_register(tmp_path_factory.mktemp("changed") / "register.xlsx")


def copied(source: Path, form: str, folder: Path, **terms: Any) -> tuple[Path, Any]:
    target = folder / f"{form}.xlsx"
    return target, share(source, target, Terms(form=form, **terms))


def answers(path: Path, lang: str, last: int = 60) -> list[tuple[Any, ...]]:
    headers = [recipe_of("visitor_register").headers(lang)[key] for key in ANSWERS]
    page = openpyxl.load_workbook(path, data_only=True)[register_sheet(lang)]
    at = {found.value: found.column for found in page[5]}
    return [tuple(page.cell(row, at[head]).value or "" for head in headers) for row in range(6, last + 1)]


def by_calc(calc_alone: Any, path: Path) -> Path:
    """The workbook calculated anew and saved by LibreOffice."""
    saved = path.with_name(f"saved-{path.name}")
    book = calc_alone.open(str(path))
    calc_alone.calculate(book)
    calc_alone.save(book, str(saved))
    calc_alone.close(book)
    return saved


def by_kernel(path: Path) -> Path:
    """The workbook calculated anew with our functions."""
    target = path.with_name(f"again-{path.name}")
    recalc(path, target, desk_functions(load()), trusted=lambda _formula: True)
    return target


def spelled(text: str) -> str:
    """A formula of the office's own sheet as copies have it."""
    return text.replace("tblRules[#All]", "'规则'!$A$5:$F$22")


def everything(path: Path) -> str:
    return "\n".join(part.decode("utf-8", errors="replace") for part in parts_of(path).values())


# plain formulas -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_a_native_copy_of_the_demo_calls_nothing_and_shows_the_same(lang: str, tmp_path: Path) -> None:
    source = tmp_path / "register.xlsx"
    _fill(source, lang, "en")
    target, report = copied(source, "native", tmp_path, mask=False)

    assert report.live == 500 * 8
    assert not report.valued
    assert not CALLING.search(everything(target))
    assert answers(target, lang) == answers(source, lang)
    assert openpyxl.load_workbook(target, read_only=True).worksheets[-1].sheet_state == "hidden"


def test_a_native_copy_leaves_every_other_part_alone(fresh: tuple[Path, str], tmp_path: Path) -> None:
    source, _ = fresh
    target, _ = copied(source, "native", tmp_path, mask=False)
    before, after = parts_of(source), parts_of(target)
    changed = {name for name in before if before[name] != after[name]}
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    sheets = {f"xl/worksheets/sheet{at}.xml" for at in (1, 3)}  # the second speaks of the holidays' table
    assert changed == {*sheets, "xl/tables/table1.xml", *lists}
    assert {name for name in after if name not in before} == {f"xl/worksheets/sheet{at}.xml" for at in (5, 6, 7)}


def test_libreoffice_without_the_add_in_comes_to_the_same(
    fresh: tuple[Path, str], tmp_path: Path, calc_alone: Any
) -> None:
    source, lang = fresh
    target, _ = copied(source, "native", tmp_path, mask=False)

    saved = by_calc(calc_alone, target)

    assert answers(saved, lang) == answers(source, lang)
    assert everything(saved).count(' t="e"') == everything(source).count(' t="e"')


def test_the_embedded_engine_comes_to_the_same_without_our_functions(fresh: tuple[Path, str], tmp_path: Path) -> None:
    source, lang = fresh
    target, _ = copied(source, "native", tmp_path, mask=False)
    report = recalc(target, tmp_path / "again.xlsx", lambda _date1904: {}, trusted=lambda _formula: True)
    assert not report.kept
    assert answers(tmp_path / "again.xlsx", lang) == answers(source, lang)


@pytest.mark.parametrize("mask", [False, True])
def test_a_changed_register_in_plain_formulas(changed: Path, tmp_path: Path, calc_alone: Any, mask: bool) -> None:
    target, report = copied(changed, "native", tmp_path, mask=mask)
    own = OWN_SHEET["zh"]

    saved = by_calc(calc_alone, target)

    assert answers(target, "zh", 5 + ROWS) == answers(saved, "zh", 5 + ROWS) == answers(changed, "zh", 5 + ROWS)
    assert shown(target, own) == shown(saved, own) == shown(changed, own)
    assert {key: len(cells) for key, cells in report.valued.items()} == {(own, "O"): 5, (own, "P"): 5}
    assert report.frozen == ({("登记", "客户合称"): ROWS} if mask else {})


def test_what_is_typed_into_a_native_copy_is_judged(fresh: tuple[Path, str], tmp_path: Path, calc_alone: Any) -> None:
    source, lang = fresh
    if lang == "en":
        pytest.skip("one language will do")
    target, _ = copied(source, "native", tmp_path, mask=False)
    sheet = register_sheet(lang)
    grades = [row[0] for row in answers(source, lang)]
    book = calc_alone.open(str(target), seen=True)
    calc_alone.type(book, sheet, [["M6", "两次"]])
    calc_alone.calculate(book)
    (found,) = calc_alone.values(book, [[sheet, "A6:A20"]])
    (reasons,) = calc_alone.values(book, [[sheet, "W6:X6"]])
    calc_alone.close(book)
    assert [row[0] for row in found][1:] == grades[1:15]
    assert found[0][0] == ""
    assert "读不懂" in reasons[0][0]
    assert reasons[0][1] == ""


def test_rules_in_disorder_leave_no_grade_in_either(changed: Path, tmp_path: Path) -> None:
    source = tmp_path / "rules.xlsx"
    recalc(changed, source, desk_functions(load()), inputs={("规则", "C6"): "许多"}, trusted=lambda _formula: True)

    target, report = copied(source, "native", tmp_path, mask=False)

    assert {row[4] for row in answers(target, "zh", 20)} == {"填写有误"}
    assert answers(by_kernel(target), "zh", 20) == answers(source, "zh", 20)
    assert not [key for key in report.valued if key[0] == "登记"]


@pytest.mark.parametrize("scheme", [id_ for id_, one in load().items() if one.fields])
def test_every_scheme_can_be_put_plainly(scheme: str, tmp_path: Path) -> None:
    """Untidy rows of plain ranges; what the plain formulas can't read as the function does is a value and told."""
    one = load()[scheme]
    drawn = [line[: len(one.fields)] for line in native.random_rows(one, 40, seed=4)]
    letters = [column_letters(at) for at in range(2, len(one.fields) + 2)]
    heads, last = [cell(f"{letter}1", one.fields[id_].label["zh"]) for letter, id_ in zip(letters, one.fields)], letters
    body = []
    for row, line in enumerate(drawn, 2):
        body += [cell(f"{letter}{row}", value) for letter, value in zip(letters, line) if value not in (None, "")]
        judged = f'"{scheme}",${last[0]}$1:${last[-1]}$1,{last[0]}{row}:{last[-1]}{row},DATE(2026,3,2)'
        body += [cell(f"{name}{row}", 0, formula=f"XLP_{call}({judged})") for name, call in CALLED.items()]
    source = raw_book(tmp_path / "book.xlsx", {"S": rows(*heads, *body)})
    recalc(source, source, desk_functions(load()), trusted=lambda _formula: True)

    target, report = copied(source, "native", tmp_path, mask=False)
    recalc(target, tmp_path / "again.xlsx", lambda _date1904: {}, trusted=lambda _formula: True)

    told = sum(len(cells) for cells in report.valued.values())
    assert shown(tmp_path / "again.xlsx", "S") == shown(target, "S") == shown(source, "S")
    assert report.live + told == 40 * len(CALLED)
    assert told <= 8


def twice(factor: int) -> Function:
    """A function that doubles a number, with a plain formula that multiplies it."""
    return FUNCTIONS["XLP_GRADE"]._replace(
        name="XLP_TWICE",
        args=(Arg("number", "数", "a number"),),
        body=lambda _desk, number: 2 * number,
        native=None,
        plain=lambda _lang, number: f"{factor}*{number}",
    )


def test_a_function_that_brings_its_plain_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "XLP_TWICE", twice(2))
    source = raw_book(tmp_path / "book.xlsx", {"S": rows(cell("A1", 3), cell("B1", 7, formula="XLP_TWICE(A1)+1"))})
    target, report = copied(source, "native", tmp_path, mask=False)
    assert b"<f>2*A1+1</f><v>7</v>" in parts_of(target)["xl/worksheets/sheet1.xml"]
    assert report.live == 1


def test_a_plain_formula_that_says_something_else_is_its_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FUNCTIONS, "XLP_TWICE", twice(3))
    source = raw_book(tmp_path / "book.xlsx", {"S": rows(cell("A1", 3), cell("B1", 7, formula="XLP_TWICE(A1)+1"))})
    target, report = copied(source, "native", tmp_path, mask=False)
    assert b"<f>" not in parts_of(target)["xl/worksheets/sheet1.xml"]
    assert report.valued == {("S", "B"): ["B1"]}


# spellings ------------------------------------------------------------------------------------------------------------


def test_lite_spells_as_its_own_template_does(fresh: tuple[Path, str], tmp_path: Path) -> None:
    source, lang = fresh
    target, _ = copied(source, "lite", tmp_path, mask=False)
    build("visitor_register", tmp_path / "template.xlsx", lang=lang, host="lite", rows=PREPARED)
    ours, template = parts_of(target), parts_of(tmp_path / "template.xlsx")
    for name in ("xl/tables/table1.xml", "xl/webextensions/webextension1.xml", "xl/metadata.xml"):
        assert ours[name] == template[name]
    assert ours["xl/worksheets/sheet1.xml"].count(b' cm="1"') == PREPARED * 8
    assert answers(target, lang) == answers(source, lang)


@pytest.mark.parametrize("form", ["native", "lite"])
def test_there_and_back_is_where_it_was(fresh: tuple[Path, str], tmp_path: Path, form: str) -> None:
    source, lang = fresh
    target, _ = copied(source, form, tmp_path, mask=False)
    (tmp_path / "direct").mkdir()
    direct, _ = copied(source, "excel", tmp_path / "direct", mask=False)
    again, report = copied(target, "excel", tmp_path, mask=False)
    before, after = parts_of(direct), parts_of(again)
    kept = {name for name in before if before[name] == after[name]}
    lists = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"}
    assert set(before) - kept <= (lists if form == "lite" else set())
    assert set(after) - set(before) <= {"xl/metadata.xml"}
    assert report.restored == (PREPARED * 8 if form == "native" else 0)
    assert answers(by_kernel(again), lang) == answers(source, lang)


def test_a_copy_for_excel_of_a_plain_register_is_that_register_but_for_its_references(
    fresh: tuple[Path, str], tmp_path: Path
) -> None:
    source, _ = fresh
    target, report = copied(source, "excel", tmp_path, mask=False)
    with_tables(Package(target)).write(tmp_path / "named.xlsx", {})
    before, named = parts_of(source), parts_of(tmp_path / "named.xlsx")
    marks = b' formulaRange="1" calculatedColumn="1"'
    assert {name: part.replace(marks, b"") for name, part in named.items()} == before
    assert not [text for text in FORMULA.findall(everything(target)) if "tbl" in text]
    assert report.live == PREPARED * 8


def test_links_to_the_add_in_become_plain_calls(tmp_path: Path) -> None:
    texts = ['[1]!XLP_INTERVAL("percent_bands",A1)', '\'C:\\a b\\x.xlam\'!XLP_INTERVAL("percent_bands",A1)&"XLP_X("']
    cells = [cell(f"B{row}", 1, formula=text) for row, text in enumerate(texts, 1)]
    source = raw_book(tmp_path / "book.xlsx", {"S": rows(cell("A1", "A"), *cells)})
    target, _ = copied(source, "excel", tmp_path, mask=False)
    found = parts_of(target)["xl/worksheets/sheet1.xml"].decode()
    assert '<f>XLP_INTERVAL("percent_bands",A1)</f>' in found
    assert '<f>XLP_INTERVAL("percent_bands",A1)&amp;"XLP_X("</f>' in found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("XLP_GRADE(1)", ["XLP_GRADE"]),
        ('"XLP_GRADE("&xlp_why("a,(",{1,2})', ["XLP_WHY"]),
        ("XLP_WHY(t[[#This Row],[A'#, (]],t[[#This Row],[B'#]])&XLP_INTERVAL( )", ["XLP_WHY", "XLP_INTERVAL"]),
        ("MYXLP_GRADE(1)", []),
        ("XLP_GRADE(1", []),
        ("'XLP_GRADE('!A1", []),
        ('XLP_NEXT_CONTACT("a",XLP_GRADE(1),2)', ["XLP_NEXT_CONTACT"]),
    ],
)
def test_calls_are_found(text: str, names: list[str]) -> None:
    assert [call.name for call in calls(text)] == names


def test_calls_inside_calls_are_respelled() -> None:
    text = 'XLP_NEXT_CONTACT("a",XLP_GRADE("a",A1:B1,A2:B2),C2)'
    lite = '_xldudf_XLP_NEXT_CONTACT("a",_xldudf_XLP_GRADE("a",A1:B1,IF(A2:B2="","",A2:B2)),C2)'
    assert with_prefix(text) == lite
    assert plainly(lite) == text


# masked and alive -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", LIVE)
def test_a_masked_live_copy_gives_nobody_away_and_keeps_its_results(
    fresh: tuple[Path, str], tmp_path: Path, form: str
) -> None:
    source, lang = fresh
    target, report = copied(source, form, tmp_path)

    text = everything(target)
    people = [str(visit[key]) for visit in morning(lang) for key in ("name", "phone") if key in visit]
    assert not [person for person in people if person in text]
    assert not report.frozen
    assert answers(target, lang) == answers(source, lang)
    assert answers(by_kernel(target), lang) == answers(source, lang)


PHONES = (
    "10011110001",
    "10022220001",
    "100-1111-0001",
    "8610011110001",
    10022220001.0,
    "未留",
    "分机12345",
    "100 1111 0001",
)


def test_phones_that_look_alike_when_masked_stay_apart(tmp_path: Path) -> None:
    build("visitor_register", tmp_path / "book.xlsx", rows=10)
    inputs: dict[tuple[str, str], Any] = {("登记", "C3"): 46083}
    for row, phone in enumerate(PHONES, 6):
        inputs |= {("登记", f"D{row}"): "张三", ("登记", f"F{row}"): phone, ("登记", f"G{row}"): 46080 + row}
    recalc(
        tmp_path / "book.xlsx",
        tmp_path / "book.xlsx",
        desk_functions(load()),
        inputs=inputs,
        trusted=lambda _text: True,
    )
    target, _ = copied(tmp_path / "book.xlsx", "excel", tmp_path)
    before, after = answers(tmp_path / "book.xlsx", "zh", 15), answers(by_kernel(target), "zh", 15)
    assert [row[3] for row in before[:8]] == [1, 1, 2, 1, 2, 1, 1, 3]
    assert after == before
    assert answers(target, "zh", 15) == before
    phones = [row[5] for row in shown(target, "登记")[5:13]]
    assert phones[0] == phones[2] == phones[7] == "100****0001"
    assert phones[1] == phones[4] == "100****0001-2"


def test_formulas_of_the_office_that_read_masked_cells_become_values(changed: Path, tmp_path: Path) -> None:
    target, report = copied(changed, "excel", tmp_path)
    assert report.frozen == {("登记", "客户合称"): ROWS}
    found = openpyxl.load_workbook(target)["登记"]
    heads = {one.value: one.column for one in found[5]}
    assert found.cell(6, heads["客户合称"]).value == "张**/100****0001"
    assert str(found.cell(6, heads["次数加倍"]).value).startswith("=")
    assert any("客户合称" in line for line in report.sentences("zh"))
    assert spelled(own_formulas(4)[0]) in str(openpyxl.load_workbook(target)[OWN_SHEET["zh"]]["J4"].value)


@pytest.mark.parametrize("form", LIVE)
def test_one_consultants_live_copy(fresh: tuple[Path, str], tmp_path: Path, form: str) -> None:
    source, lang = fresh
    consultant = {"zh": "周一鸣", "en": "Zhou"}[lang]
    target, report = copied(source, form, tmp_path, consultant=consultant)
    received = [row[8] for row in shown(target, register_sheet(lang))[5:50]]
    assert set(received) == {consultant, ""}
    assert report.dropped == len(morning(lang)) - received.count(consultant)
    mine = [at for at, name in enumerate(received) if name]
    before, after = answers(source, lang), answers(by_kernel(target), lang)
    assert [after[at] for at in mine] == [before[at] for at in mine]


@pytest.mark.parametrize("form", LIVE)
def test_a_live_copy_can_be_locked_and_cleaned(fresh: tuple[Path, str], tmp_path: Path, form: str) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto")
    target, _ = copied(fresh[0], form, tmp_path, clean=True, password="sesame")  # noqa: S106 - made up here
    plain = io.BytesIO()
    with target.open("rb") as file:
        locked = msoffcrypto.OfficeFile(file)
        locked.load_key(password="sesame")  # noqa: S106 - the same
        locked.decrypt(plain)
    (tmp_path / "open.xlsx").write_bytes(plain.getvalue())
    assert answers(tmp_path / "open.xlsx", fresh[1]) == answers(*fresh)


# coming back ----------------------------------------------------------------------------------------------------------


def test_a_native_copy_edited_elsewhere_comes_back(changed: Path, tmp_path: Path, calc_alone: Any) -> None:
    target, _ = copied(changed, "native", tmp_path, mask=False)
    saved = tmp_path / "edited.xlsx"
    book = calc_alone.open(str(target), seen=True)
    calc_alone.type(book, OWN_SHEET["zh"], [["K5", '=IF(1=1,"mine",J5)'], ["B4", "两次"]])
    calc_alone.type(book, "登记", [["B7", '=UPPER("x")']])
    calc_alone.calculate(book)
    calc_alone.save(book, str(saved))
    calc_alone.close(book)

    again, report = copied(saved, "excel", tmp_path, mask=False)

    found = openpyxl.load_workbook(again)
    own, sheet = found[OWN_SHEET["zh"]], found["登记"]
    assert own["J4"].value == "=" + spelled(own_formulas(4)[0])
    assert own["N8"].value == "=" + spelled(own_formulas(8)[4])
    assert "mine" in own["K5"].value
    assert own["O4"].value == "=" + own_formulas(4)[5]  # was a value meanwhile
    assert "XLP_GRADE" in sheet["B6"].value
    assert "UPPER" in sheet["B7"].value
    assert "逐行计算" not in found.sheetnames
    assert report.restored > 700
    assert not report.left
    result = by_kernel(again)
    assert shown(result, OWN_SHEET["zh"])[3][9] == ""
    assert answers(result, "zh", 20)[2:] == answers(changed, "zh", 20)[2:]


def test_a_formula_somebody_has_changed_is_left_and_told(changed: Path, tmp_path: Path) -> None:
    target, _ = copied(changed, "native", tmp_path, mask=False)

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet5.xml"].decode()
        at = sheet.index('r="J4"')
        end = sheet.index("</f>", at)
        parts["xl/worksheets/sheet5.xml"] = (sheet[:end] + '&amp;"?"' + sheet[end:]).encode()

    changed_parts(target, change)
    again, report = copied(target, "excel", tmp_path, mask=False)
    assert report.left == {OWN_SHEET["zh"]: ["J4"]}
    assert any("J4" in line for line in report.sentences("en"))
    assert "逐行计算" in openpyxl.load_workbook(again).sheetnames  # what the formula reads stays


def test_grade_and_recalc_understand_a_native_copy(changed: Path, tmp_path: Path) -> None:
    target, _ = copied(changed, "native", tmp_path, mask=False)
    assert main(["grade", str(target), "--scheme", "visit_count_abcd", "-o", str(tmp_path / "graded.csv")]) == 0
    assert main(["recalc", str(target), "-o", str(tmp_path / "again.xlsx")]) == 0
    assert answers(tmp_path / "again.xlsx", "zh") == answers(changed, "zh")


# what can't be shared -------------------------------------------------------------------------------------------------


def _formula(path: Path, text: str, value: object) -> Path:
    heads = [cell("A1", "来访次数"), cell("B1", "微信互动"), cell("A2", 3), cell("B2", "有")]
    return raw_book(path, {"S": rows(*heads, cell("C2", value, formula=text))})


@pytest.mark.parametrize("form", LIVE)
def test_formulas_without_values_are_refused(tmp_path: Path, form: str) -> None:
    source = _formula(tmp_path / "book.xlsx", 'XLP_GRADE("visit_count_abcd",A1:B1,A2:B2)', None)
    before = source.read_bytes()
    assert main(["share", str(source), "--as", form]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        'XLP_GRADE("no_such",A1:B1,A2:B2)',
        'XLP_GRADE("visit_count_abcd",A1:B1,A2:A2)',
        'XLP_NO_SUCH("visit_count_abcd")',
        "XLP_GRADE(",
        "XLP_GRADE()",
    ],
)
def test_a_call_that_cannot_be_put_plainly_is_its_value_and_told(tmp_path: Path, text: str) -> None:
    source = _formula(tmp_path / "book.xlsx", text, "B")
    target, report = copied(source, "native", tmp_path, mask=False)
    assert report.valued == {("S", "C"): ["C2"]}
    assert shown(target, "S")[1][2] == "B"
    assert any("C2" in line for line in report.sentences("zh"))


def test_an_unknown_form_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = _formula(tmp_path / "book.xlsx", "1+1", 2)
    with pytest.raises(SystemExit) as caught:
        main(["share", str(source), "--as", "paper"])
    assert caught.value.code == 2
    assert "paper" in capsys.readouterr().err
    with pytest.raises(XlpError) as refused:
        share(source, tmp_path / "x.xlsx", Terms(form="paper"))
    assert refused.value.code == "share_form"
    assert ("values", *LIVE) == FORMS


@pytest.mark.parametrize("form", LIVE)
@pytest.mark.parametrize("trouble", ["protected", "signed", "open", "full"])
def test_no_live_copy_is_begun_of_what_cannot_be_shared(tmp_path: Path, form: str, trouble: str) -> None:
    source = _formula(tmp_path / "book.xlsx", "1+1", 2)
    protection = b'</sheetData><sheetProtection sheet="1"/>'
    if trouble == "protected":
        name = "xl/worksheets/sheet1.xml"
        changed_parts(source, lambda parts: parts.update({name: parts[name].replace(b"</sheetData>", protection)}))
    elif trouble == "signed":
        changed_parts(source, lambda parts: parts.update({"_xmlsignatures/sig1.xml": b"<x/>"}))
    elif trouble == "open":
        (tmp_path / "~$book.xlsx").write_bytes(b"x")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    target = tmp_path / "copy.xlsx"
    if trouble == "full":
        resource = pytest.importorskip("resource")
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
        try:
            code = main(["share", str(source), "--as", form, "-o", str(target)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    else:
        code = main(["share", str(source), "--as", form, "-o", str(target)])
    assert code == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_lite_has_no_place_beside_another_add_in(tmp_path: Path) -> None:
    source = _formula(tmp_path / "book.xlsx", 'XLP_GRADE("visit_count_abcd",A1:B1,A2:B2)', "B")
    changed_parts(source, lambda parts: parts.update({"xl/webextensions/webextension1.xml": b"<x/>"}))
    with pytest.raises(XlpError) as caught:
        copied(source, "lite", tmp_path)
    assert caught.value.code == "lite_other_addin"


# copies of values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "says"), [("values", False), ("excel", True)])
def test_the_warning_of_a_frozen_day_fits_the_copy(
    fresh: tuple[Path, str], tmp_path: Path, form: str, says: bool
) -> None:
    source, lang = fresh
    target, _ = copied(source, form, tmp_path)
    texts = [str(value) for row in shown(target, register_sheet(lang))[:3] for value in row]
    assert any("2026-" in text for text in texts)
    assert any("C3" in text for text in texts) is says


def test_data_connections_go_with_clean(tmp_path: Path) -> None:
    def connect(parts: dict[str, bytes]) -> None:
        parts["xl/connections.xml"] = b'<connections><connection id="1" name="x"/></connections>'
        parts["xl/queryTables/queryTable1.xml"] = b'<queryTable connectionId="1"/>'
        rels = "xl/_rels/workbook.xml.rels"
        relation = b'<Relationship Id="rC" Type="x/connections" Target="connections.xml"/></Relationships>'
        parts[rels] = parts[rels].replace(b"</Relationships>", relation)

    source = changed_parts(_formula(tmp_path / "book.xlsx", "1+1", 2), connect)
    target, report = copied(source, "values", tmp_path, clean=True)
    assert report.outside["connections"] == ["xl/connections.xml", "xl/queryTables/queryTable1.xml"]
    assert not [name for name in parts_of(target) if "onnection" in name or "queryTable" in name]
    assert "connections.xml" not in everything(target)
