"""The visitor register as a file: what stands where, what is checked, what people see with nothing installed."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from _calc import profile, started, why_not
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from xlplugin import rulebook
from xlplugin.errors import XlpError
from xlplugin.hosts.headless import recalc
from xlplugin.texts import LANGUAGES, register_en, register_zh, say
from xlplugin.workbooks.build import TEMPLATES, build, known_formulas
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.worksheet.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xlplugin.workbooks.recipe import Recipe

NAME = "visitor_register"
ROWS = 30
HEADER, FIRST = 5, 6
DAY = dt.date(2026, 3, 9)
OPEN = """等级5 到期8 下次联系日10 客户姓名8 称呼6 联系电话13 来访日期10 时间6 接待人7 来源渠道8 意向项目8 需求房源12
    来访次数5 预计购买日10 需求程度8 首付够6 能拍板6 认可价格6 急买5 微信互动6 约定联系日10
    状态7 理由40 提升30 登记有效6 老客户6 归属人7 备注20"""
FOLDED = """登记编号16 到访点名7 关系客户5 代接获准5 首接人7 更正说明16 裁定归属8 裁定人7 裁定日期10
    预算7 面积7 付款方式8 预计成交额8 上次联系10 定级标准10 人工改级5 改级原因16 同意联系5 勿扰5"""

Visit = dict[str, Any]
# Plainly invented people; the phone numbers are from no assigned range.
VISITS: dict[str, Visit] = {
    "first": {"name": "张三", "phone": "10000000001", "visit_date": dt.date(2026, 3, 1), "interaction": "有"},
    "urgent": {
        "name": "李四",
        "phone": "10000000002",
        "visit_date": dt.date(2026, 3, 8),
        "interaction": "有",
        "expected_purchase": dt.date(2026, 3, 12),
    },
    "again": {"name": "张三", "phone": "100 0000-0001", "visit_date": "2026.3.7", "interaction": "有"},
    "ungraded": {"name": "王五", "phone": "10000000003", "visit_date": DAY},
    "no_phone": {"name": "赵六", "phone": "未留电", "visit_date": DAY, "interaction": "有"},
    "opted_out": {
        "name": "孙七",
        "phone": "10000000005",
        "visit_date": DAY,
        "interaction": "频繁",
        "opt_out": "√",
        "agreed_contact": dt.date(2026, 3, 20),
    },
    "agreed": {
        "name": "周八",
        "phone": "10000000006",
        "visit_date": dt.date(2026, 3, 2),
        "interaction": "频繁",
        "agreed_contact": DAY,
    },
    "overridden": {
        "name": "吴九",
        "phone": "10000000007",
        "visit_date": dt.date(2026, 3, 2),
        "interaction": "频繁",
        "override": "C",
    },
    "lost": {
        "name": "郑十",
        "phone": "10000000008",
        "visit_date": dt.date(2026, 3, 2),
        "interaction": "频繁",
        "override": "F",
    },
    "undated": {"name": "冯一", "phone": "10000000009", "interaction": "无"},
    "plan_past": {
        "name": "陈二",
        "phone": "10000000010",
        "visit_date": dt.date(2026, 3, 1),
        "interaction": "有",
        "expected_purchase": dt.date(2026, 3, 5),
    },
    "unread_plan": {
        "name": "卫四",
        "phone": "10000000012",
        "visit_date": DAY,
        "interaction": "有",
        "expected_purchase": "3月20日",
    },
    "plan_past_as_text": {
        "name": "蒋五",
        "phone": "10000000013",
        "visit_date": dt.date(2026, 3, 1),
        "interaction": "有",
        "expected_purchase": "2026.3.5",
    },
    "agreed_as_text": {
        "name": "沈六",
        "phone": "10000000014",
        "visit_date": dt.date(2026, 3, 1),
        "interaction": "有",
        "expected_purchase": dt.date(2026, 3, 5),
        "agreed_contact": "2026年3月11日",
    },
    "lost_as_text": {
        "name": "韩七",
        "phone": "10000000015",
        "visit_date": "2026年3月2日",
        "interaction": "有",
        "override": "F",
    },
    "best": {
        "name": "褚三",
        "phone": "10000000011",
        "visit_date": DAY,
        "interaction": "频繁",
        "need": "需求",
        "power": "是",
        "confidence": "是",
        "price_accepted": "是",
        "urgent": "是",
    },
}
WHOLE = {"salutation": "先生", "project": "云栖苑", "unit": "三房", "received_by": "周一鸣"}


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("register")
    paths = {lang: folder / f"{lang}.xlsx" for lang in LANGUAGES}
    for lang, path in paths.items():
        build(NAME, path, lang=lang, rows=ROWS)
    return paths


@pytest.fixture(scope="session")
def filled(books: dict[str, Path]) -> Path:
    """The Chinese register with the visits typed in, recalculated as of a fixed day."""
    recipe = recipe_of(NAME)
    sheet = say("zh", "sheet.register")
    inputs: dict[tuple[str, str], Any] = {(sheet, "C3"): DAY}
    for row, visit in enumerate(VISITS.values(), FIRST):
        inputs |= {(sheet, _cell(recipe, key, row)): value for key, value in (WHOLE | visit).items()}
    target = books["zh"].with_name("filled.xlsx")
    report = recalc(books["zh"], target, _functions, inputs=inputs, trusted=known_formulas().__contains__)
    assert report.exit_code == 0, list(report.sentences("en"))
    return target


def _functions(date1904: bool) -> Any:
    assert not date1904
    return Desk().functions()


def _cell(recipe: Recipe, key: str, row: int) -> str:
    return f"{get_column_letter(recipe.place[key] + 1)}{row}"


def _shown(path: Path, visit: str) -> dict[str, Any]:
    """What a row shows, by column key."""
    sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    row = FIRST + list(VISITS).index(visit)
    return {column.key: sheet.cell(row, place + 1).value for place, column in enumerate(recipe_of(NAME).columns)}


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def _formulas(path: Path) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from ((cell.coordinate, cell.value[1:]) for cell in row if cell.data_type == "f")


# what stands where


def _column_settings(path: Path) -> dict[int, dict[str, str]]:
    """Each column's number with its attributes in the first sheet."""
    found: dict[int, dict[str, str]] = {}
    for text in re.findall(r"<col ([^>]*)/>", _part(path, "xl/worksheets/sheet1.xml")):
        settings = dict(re.findall(r'(\w+)="([^"]*)"', text))
        found |= dict.fromkeys(range(int(settings["min"]), int(settings["max"]) + 1), settings)
    return found


def test_columns_stand_in_the_forms_order_and_widths(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"]).worksheets[0]
    settings = _column_settings(books["zh"])
    for place, word in enumerate(f"{OPEN} {FOLDED}".split(), 1):
        match = re.fullmatch(r"(\D+)(\d+)", word)
        assert match
        assert sheet.cell(HEADER, place).value == match[1]
        assert float(settings[place]["width"]) == pytest.approx(int(match[2]) + 0.71, abs=0.01), word


def test_the_folded_columns_are_folded_and_the_others_are_not(books: dict[str, Path]) -> None:
    hidden = {column for column, settings in _column_settings(books["zh"]).items() if "hidden" in settings}
    assert hidden == set(range(len(OPEN.split()) + 1, len(recipe_of(NAME).columns) + 1))


def test_both_languages_have_the_same_sheets_and_columns(books: dict[str, Path]) -> None:
    assert register_zh.TEXTS.keys() == register_en.TEXTS.keys()
    for lang, path in books.items():
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == [say(lang, f"sheet.{key}") for key in ("register", "rules", "holidays", "help")]
        headers = [cell.value for cell in book.worksheets[0][HEADER] if cell.value]
        assert headers == [column.header[lang] for column in recipe_of(NAME).columns]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", [None, *rulebook.load()])
def test_no_two_columns_share_a_key_or_a_header(scheme: str | None, lang: str) -> None:
    columns = recipe_of(NAME, scheme).columns
    assert len({column.key for column in columns}) == len(columns)
    assert len({column.header[lang].casefold() for column in columns}) == len(columns)


def test_frozen_panes_print_titles_and_cursor(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"]).worksheets[0]
    assert sheet.freeze_panes == "E6"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    view = sheet.sheet_view
    assert view.pane.activePane == "bottomLeft"
    assert {pane.pane: pane.activeCell for pane in view.selection}["bottomLeft"] == "D6"
    assert not sheet.protection.sheet


def test_tables_are_real_tables_with_calculated_columns(books: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(books["zh"])
    register, rules, holidays, _ = book.worksheets
    table = register.tables["tblRegister"]
    assert table.ref.endswith(str(HEADER + ROWS))
    calculated = {column.name for column in table.tableColumns if column.calculatedColumnFormula is not None}
    assert calculated == {column.header["zh"] for column in recipe_of(NAME).columns if column.formula}
    assert [column.name for column in rules.tables["tblRules"].tableColumns][:5] == [
        "方案",
        "项",
        "值",
        "发布值",
        "依据",
    ]
    assert [column.name for column in holidays.tables["tblHolidays"].tableColumns] == ["日期", "名称", "休/班"]


def test_rules_list_every_number_of_the_schemes_and_the_switch(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"]).worksheets[1]
    lines = {(row[0], row[1]): row[2:5] for row in sheet.iter_rows(min_row=6, max_col=5, values_only=True) if row[0]}
    book = rulebook.load()
    for id_ in ("visit_count_abcd", "purchase_window_habcf"):
        for path, parameter in book[id_].parameters.items():
            value = "无" if parameter.value is None else parameter.value
            assert lines[id_, path] == (value, value, parameter.basis)
    assert lines["*", "working_days"][:2] == ("否", "否")
    assert len(lines) <= 60


def test_holidays_say_which_year_is_unknown(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"], data_only=True).worksheets[2]
    days = [row for row in sheet.iter_rows(min_row=6, max_col=3, values_only=True) if row[0]]
    assert {row[2] for row in days} == {"休", "班"}
    assert (dt.date(2026, 10, 1), "国庆节", "休") in [(row[0].date(), *row[1:]) for row in days]
    assert {row[0].year for row in days} == {2026}
    assert "2027年：未知" in sheet["E6"].value


# formulas


def test_structured_references_are_stored_as_excel_stores_them(books: dict[str, Path]) -> None:
    for lang, path in books.items():
        for cell, formula in _formulas(path):
            assert "[@" not in formula, (lang, cell)
            assert "@" not in re.sub(r'"[^"]*"', "", formula), (lang, cell)
        name = recipe_of(NAME).headers(lang)["name"]
        assert f"tblRegister[[#This Row],[{name}]]" in _part(path, "xl/worksheets/sheet1.xml")
        assert "tblRules[#All]" in _part(path, "xl/worksheets/sheet1.xml")


def test_no_function_of_ours_hangs_on_today(books: dict[str, Path]) -> None:
    for path in books.values():
        for cell, formula in _formulas(path):
            if "XLP_" in formula:
                assert "TODAY" not in formula, cell
                assert "as_of" not in formula, cell


def test_every_computed_cell_is_guarded(books: dict[str, Path]) -> None:
    open_to_faults = {"status", "why"}
    for lang in books:
        speller = recipe_of(NAME).speller(lang)
        for column in recipe_of(NAME).columns:
            if column.formula and "XLP_" in column.formula:
                formula = speller.spell(column.formula)
                assert formula.startswith(speller.spell('IF([name]="","",')), column.key
                assert ("IFERROR(" in formula) == (column.key not in open_to_faults), column.key


def test_formulas_keep_to_functions_every_office_program_has(books: dict[str, Path]) -> None:
    for path in books.values():
        for cell, formula in _formulas(path):
            assert not re.search(r"\b(LET|LAMBDA|XLOOKUP|FILTER|UNIQUE|SORT|TEXTJOIN|MAXIFS|_xl\w*)\(", formula), cell


def test_known_formulas_are_those_in_the_file(books: dict[str, Path]) -> None:
    for lang, path in books.items():
        known = known_formulas(lang)
        assert {formula for _, formula in _formulas(path)} <= known
    assert known_formulas() == known_formulas("zh") | known_formulas("en")


# checks and colours


def test_every_choice_has_its_dropdown(books: dict[str, Path]) -> None:
    for lang, path in books.items():
        sheet = openpyxl.load_workbook(path).worksheets[0]
        lists: dict[int, tuple[str, str]] = {}
        for check in sheet.data_validations.dataValidation:
            for area in check.sqref.ranges:
                for number in range(area.min_col, area.max_col + 1) if area.min_row == FIRST else ():
                    lists[number] = (check.type, check.formula1)
        for place, column in enumerate(recipe_of(NAME).columns, 1):
            if column.words:
                assert lists[place] == ("list", f'"{",".join(column.words[lang])}"')
                assert len(lists[place][1]) <= 257
            if column.formula and not column.overtype:
                assert lists[place] == ("custom", "FALSE")


def test_dropdowns_offer_what_the_schemes_read() -> None:
    book = rulebook.load()
    fields = {field.id: field for id_ in recipe_of(NAME).schemes for field in book[id_].fields.values()}
    for column in recipe_of(NAME).columns:
        if column.band == "evidence" and fields[column.key].tokens:
            assert column.words == {
                lang: tuple(words[lang][0] for words in fields[column.key].tokens.values()) for lang in LANGUAGES
            }


def test_colours_cover_every_grade_and_due_state(books: dict[str, Path]) -> None:
    rules = openpyxl.load_workbook(books["zh"]).worksheets[0].conditional_formatting
    conditions = [formula for area in rules for rule in area.rules for formula in rule.formula]
    book = rulebook.load()
    for grade in {grade for id_ in recipe_of(NAME).schemes for grade in book[id_].grades}:
        assert any(f'="{grade}"' in condition for condition in conditions), grade
    for word in ("逾期", "今天", "3日内", "未到期", "未排", "待补", "计划过期", "不回访", "勿扰", "已续"):
        assert any(f'"{word}"' in condition for condition in conditions), word
    assert any("ISFORMULA" in condition for condition in conditions)


# the file as a whole


def test_the_package_forces_no_recalculation_and_types_its_empty_texts(books: dict[str, Path]) -> None:
    for path in books.values():
        assert "fullCalcOnLoad" not in _part(path, "xl/workbook.xml")
        for number in range(1, 5):
            sheet = _part(path, f"xl/worksheets/sheet{number}.xml")
            assert not re.search(r'<c r="\w+"(?: s="\d+")?><f>[^<]*</f><v></v>', sheet)


def test_blank_rows_show_nothing_and_counts_show_zero(books: dict[str, Path]) -> None:
    for path in books.values():
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
        assert all(cell == "" for row in rows[FIRST - 1 :] for cell in row)
        assert [cell for cell in rows[2] if cell != ""].count(0.0) == 4


def test_the_same_recipe_gives_the_same_file(books: dict[str, Path], tmp_path: Path) -> None:
    build(NAME, tmp_path / "again.xlsx", rows=ROWS)
    assert (tmp_path / "again.xlsx").read_bytes() == books["zh"].read_bytes()


def test_a_refused_build_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "old.xlsx"
    target.write_bytes(b"old")
    for wrong in ({"rows": 0}, {"rows": 200_000}, {"scheme": "no_such_scheme"}):
        with pytest.raises(XlpError):
            build(NAME, target, **wrong)
    with pytest.raises(XlpError, match="no_such_template"):
        build("no_such_template", target)
    with pytest.raises(XlpError):
        build(NAME, tmp_path / "no such folder" / "new.xlsx")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]
    assert NAME in TEMPLATES


# a filled register, recalculated by the embedded host


@pytest.mark.parametrize(
    ("visit", "due", "next_contact", "basis"),
    [
        ("first", "已续", dt.date(2026, 3, 16), "来访"),
        ("urgent", "今天", DAY, "购期"),
        ("again", "未到期", dt.date(2026, 3, 14), "来访"),
        ("ungraded", "待补", None, None),
        ("no_phone", "不回访", None, None),
        ("opted_out", "勿扰", None, None),
        ("agreed", "今天", DAY, "约定"),
        ("overridden", "未到期", dt.date(2026, 3, 17), "人工改级"),
        ("lost", "不回访", None, None),
        ("undated", "未排", None, None),
        ("plan_past", "计划过期", dt.date(2026, 3, 2), "购期"),
        ("unread_plan", "未到期", dt.date(2026, 3, 24), "来访"),
        ("plan_past_as_text", "计划过期", dt.date(2026, 3, 2), "购期"),
        ("agreed_as_text", "3日内", dt.date(2026, 3, 11), "约定"),
        ("lost_as_text", "不回访", None, None),
        ("best", "3日内", dt.date(2026, 3, 12), "来访"),
    ],
)
def test_due_date_and_what_set_it(
    filled: Path, visit: str, due: str, next_contact: dt.date | None, basis: str | None
) -> None:
    shown = _shown(filled, visit)
    date = shown["next_contact"]
    assert (shown["due"], date.date() if date else None, shown["date_basis"]) == (due, next_contact, basis)


def test_a_customer_is_known_by_the_phone_however_it_is_typed(filled: Path) -> None:
    first, again = _shown(filled, "first"), _shown(filled, "again")
    assert (first["visits"], first["known"], again["visits"], again["known"]) == (1, "否", 2, "是")


def test_an_override_stands_beside_the_computed_grade(filled: Path) -> None:
    shown = _shown(filled, "overridden")
    assert (shown["grade"], shown["override"]) == ("A", "C")


def test_the_reason_names_the_scheme_that_set_the_date(filled: Path) -> None:
    assert _shown(filled, "urgent")["why"].count("级") >= 2
    assert "预计购买" in _shown(filled, "urgent")["why"]
    assert "预计购买" not in _shown(filled, "best")["why"]


def test_an_entry_that_only_the_second_scheme_reads_is_not_passed_over(filled: Path) -> None:
    assert "3月20日" in _shown(filled, "unread_plan")["why"]


def test_flags_are_shown_only_where_there_is_something_to_say(filled: Path) -> None:
    flags = {visit: _shown(filled, visit)["flags"] for visit in VISITS}
    assert {visit: flag for visit, flag in flags.items() if flag} == {
        "opted_out": say("zh", "flag.opt_out"),
        "agreed": say("zh", "flag.beyond_policy"),
        "agreed_as_text": say("zh", "flag.beyond_policy"),
    }


def test_a_record_without_a_phone_is_not_invalid(filled: Path) -> None:
    assert _shown(filled, "no_phone")["validity"] == "未留电"
    assert _shown(filled, "first")["validity"] == "有效"


def test_counts_above_the_table(filled: Path) -> None:
    sheet = openpyxl.load_workbook(filled, data_only=True).worksheets[0]
    labels = {sheet.cell(3, column).value: sheet.cell(3, column + 1).value for column in range(1, 16)}
    assert (labels["今天应联系"], labels["逾期"], labels["待补"], labels["今日来访"]) == (2, 0, 3, 5)
    assert "2026-03-09" in sheet["F1"].value


TYPED_DAYS = {
    "2026-03-09": True,
    "2026/3/9": True,
    "2026.3.9": True,
    "2026年3月9日": True,
    "2026-03-08": False,
    "2026年3月10日": False,
    "3月9日": False,  # of which year
    "上周": False,
}


@pytest.fixture(scope="session")
def typed_days(books: dict[str, Path]) -> Path:
    """The register with visit dates typed as text, and one as a date."""
    recipe, sheet = recipe_of(NAME), say("zh", "sheet.register")
    inputs: dict[tuple[str, str], Any] = {(sheet, "C3"): DAY}
    for row, day in enumerate([*TYPED_DAYS, DAY], FIRST):
        inputs |= {(sheet, _cell(recipe, "name", row)): "张三", (sheet, _cell(recipe, "visit_date", row)): day}
    target = books["zh"].with_name("typed_days.xlsx")
    recalc(books["zh"], target, _functions, inputs=inputs, trusted=known_formulas().__contains__)
    return target


def test_visits_of_the_day_count_where_the_date_was_typed_as_text(typed_days: Path) -> None:
    sheet = openpyxl.load_workbook(typed_days, data_only=True).worksheets[0]
    labels = {sheet.cell(3, column).value: sheet.cell(3, column + 1).value for column in range(1, 16)}
    assert labels["今日来访"] == 1 + sum(TYPED_DAYS.values())


def test_visits_of_the_day_count_in_libreoffice_too(typed_days: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    with started(profile()) as calc:
        book = calc.open(str(typed_days))
        calc.calculate(book)
        row = calc.values(book, [[say("zh", "sheet.register"), "A3:P3"]])[0][0]
        calc.close(book)
    assert row[row.index("今日来访") + 1] == 1 + sum(TYPED_DAYS.values())


# without anything of ours installed


@pytest.fixture(scope="session")
def reopened(books: dict[str, Path], filled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The blank and the filled register as LibreOffice shows them without our functions."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed here")
    folder = tmp_path_factory.mktemp("libreoffice")
    wanted = {"blank": books["zh"], "blank_en": books["en"], "filled": filled}
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, wanted.values())], check=True, capture_output=True, timeout=120)
    return {name: folder / path.name for name, path in wanted.items()}


def test_libreoffice_shows_what_the_file_holds(reopened: dict[str, Path], books: dict[str, Path], filled: Path) -> None:
    for name, original in (("blank", books["zh"]), ("blank_en", books["en"]), ("filled", filled)):
        ours, theirs = (
            [[cell.value or "" for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]
            for book in (openpyxl.load_workbook(path, data_only=True) for path in (original, reopened[name]))
        )
        trimmed = [
            [row[: len(own)] for own, row in zip(ours, theirs, strict=False)],
            ours[: len(theirs)],
        ]
        assert trimmed[0] == trimmed[1], name
        assert not any(str(cell).startswith(("#", "1899")) for row in theirs for cell in row), name
