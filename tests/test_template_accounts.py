"""The account workbook as a file: what stands where, what it shows filled and empty, and what bad rows do to it."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
from _books import named
from _tiers_book import NAME, fill, shown

from xlplugin import rulebook
from xlplugin.cells import EPOCH_1900
from xlplugin.errors import XlpError
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import build, known_formulas
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_accounts import DAY, sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHEETS = ("accounts", "payments", "followups", "policy", "overview", "history", "rules", "help")
PAYMENTS = ("account_no", "product_line", "month", "amount", "voucher", "note")
HISTORY = ("month", "account_no", "tier", "before", "change", "reason", "monthly")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("accounts")
    paths = {lang: folder / f"{lang}.xlsx" for lang in LANGUAGES}
    for lang, path in paths.items():
        build(NAME, path, lang=lang, rows=8)
    return paths


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("accounts") / "filled.xlsx"
    report = fill(path)
    assert report.exit_code == 0, list(report.sentences("en"))
    return path


@pytest.fixture(scope="session")
def rows(filled: Path) -> dict[str, dict[str, Any]]:
    return {row["account_no"]: row for row in shown(filled) if row["account_no"]}


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def formulas(path: Path) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl.load_workbook(path).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            yield f"{sheet.title}!{cell.coordinate}", getattr(cell.value, "text", cell.value)[1:]


def overview(path: Path, lang: str = "zh") -> dict[str, tuple[Any, ...]]:
    """The overview's rows by their label."""
    sheet = openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.overview")]
    return {str(row[0]): row[1:] for row in sheet.iter_rows(max_col=8, values_only=True) if row[0] is not None}


# what stands where ----------------------------------------------------------------------------------------------------


def test_sheets_and_tables_are_those_of_the_contract(books: dict[str, Path]) -> None:
    for lang, path in books.items():
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == [say(lang, f"sheet.{key}") for key in SHEETS]
        tables = {
            name: table
            for sheet in book.worksheets
            for name, table in ((one.name, one) for one in sheet.tables.values())
        }
        assert list(tables) == ["tblAccounts", "tblPayments", "tblFollowups", "tblPolicy", "tblHistory", "tblRules"]
        heads = {name: [column.name for column in table.tableColumns] for name, table in tables.items()}
        assert heads["tblPayments"] == [say(lang, f"payments.{key}") for key in PAYMENTS]
        assert heads["tblHistory"] == [say(lang, f"history.{key}") for key in HISTORY]
    zh = tables_of(NAME)["payments"].headers("zh")
    assert [zh[key] for key in PAYMENTS] == ["客户编号", "品项", "月份", "金额", "凭证号", "备注"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_columns_of_a_table_share_a_key_or_a_header(lang: str) -> None:
    for table in tables_of(NAME).values():
        columns = (*table.columns, *table.steps)
        assert len({column.key for column in columns}) == len(columns)
        assert len({column.header[lang].casefold() for column in columns}) == len(columns)


def test_the_workbook_is_about_one_scheme() -> None:
    assert tables_of(NAME, "account_tiers_vip_abc").keys() == tables_of(NAME).keys()
    with pytest.raises(XlpError, match="quality_abcd"):
        tables_of(NAME, "quality_abcd")


def test_an_empty_book_shows_blanks(tmp_path: Path) -> None:
    for host in ("classic", "native"):
        path = tmp_path / f"{host}.xlsx"
        fill(path, {}, host=host, day=None, size=5)
        for name in ("accounts", "payments", "history"):
            for row in shown(path, name):
                assert not {key: cell for key, cell in row.items() if cell not in (None, "")}, (host, name)
        for label, cells in overview(path).items():
            if label in ("VIP", "A", "B", "C", "合计", "未定级"):
                assert [cell for place, cell in enumerate(cells) if place != 2 and cell not in (None, "")] == [], label


def test_every_computed_cell_is_guarded(books: dict[str, Path]) -> None:
    open_to_faults = {"status", "why"}
    for lang in books:
        table = tables_of(NAME)["accounts"]
        speller = table.speller(lang)
        for column in table.columns:
            if column.formula:
                formula = speller.spell(column.formula)
                assert formula.startswith(speller.spell('IF([account_no]="","",')), column.key
                if "XLP_" in formula:
                    assert ("IFERROR(" in formula) == (column.key not in open_to_faults), column.key


def test_no_function_of_ours_hangs_on_the_clock(books: dict[str, Path]) -> None:
    for path in books.values():
        names = {name: one.attr_text for name, one in openpyxl.load_workbook(path).defined_names.items()}
        assert not any("TODAY" in text for text in names.values())
        for cell, formula in formulas(path):
            if "XLP_" in formula:
                assert "TODAY" not in formula, cell
                assert "as_of" not in formula, cell
    for column in tables_of(NAME)["accounts"].columns:
        if column.formula and "XLP_" in column.formula:
            used = re.findall(r"\[(\w+)\]", column.formula)
            volatile = {
                one.key for one in tables_of(NAME)["accounts"].columns if one.formula and "TODAY" in one.formula
            }
            assert not volatile & set(used), column.key


def test_formulas_keep_to_functions_every_office_program_has(books: dict[str, Path]) -> None:
    for path in books.values():
        for cell, formula in formulas(path):
            assert "[@" not in formula
            assert not re.search(r"\b(LET|LAMBDA|XLOOKUP|FILTER|UNIQUE|SORT|TEXTJOIN|MAXIFS|_xl\w*)\(", formula), cell


@pytest.mark.parametrize("host", ["classic", "native", "lite"])
def test_known_formulas_are_those_in_the_file(tmp_path: Path, host: str) -> None:
    for lang in LANGUAGES:
        path = tmp_path / f"{lang}.xlsx"
        build(NAME, path, lang=lang, rows=3, host=host)
        known = known_formulas(lang)
        written = {formula for _, formula in formulas(named(path))}
        ours = {formula.replace("_xldudf_", "") for formula in written if "_xldudf_" not in formula}
        assert ours - known == set()
        assert host == "lite" or written - known == set()


def test_the_native_edition_calls_none_of_our_functions(tmp_path: Path) -> None:
    for lang in LANGUAGES:
        path = tmp_path / f"{lang}.xlsx"
        build(NAME, path, lang=lang, rows=3, host="native")
        assert not any("XLP_" in formula for _, formula in formulas(path))
        assert not any("tblHolidays" in formula for _, formula in formulas(path))


def test_in_lite_blanks_stay_blanks(tmp_path: Path) -> None:
    build(NAME, tmp_path / "lite.xlsx", rows=2, host="lite")
    found = [formula for _, formula in formulas(named(tmp_path / "lite.xlsx")) if "_xldudf_XLP_MONTHLY" in formula]
    assert found
    assert all('IF(tblPayments[[客户编号]:[金额]]="","",tblPayments[[客户编号]:[金额]])' in one for one in found)


def test_every_number_of_the_rules_has_its_line(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"])["规则"]
    lines = {(row[0], row[1]): row[2:5] for row in sheet.iter_rows(min_row=6, max_col=5, values_only=True) if row[0]}
    book = rulebook.load()
    for owner in (book["account_tiers_vip_abc"], book["signed_e_cadence"], book.settings["account_views"]):
        for path, parameter in owner.parameters.items():
            assert lines[owner.id, path] == (parameter.value, parameter.value, parameter.basis)
    assert len(lines) <= 60


def test_the_policy_marks_each_cell_and_the_lost_ones_stand_first(books: dict[str, Path]) -> None:
    lines = [row for row in shown(books["zh"], "policy") if row["tier"]]
    sure = [row["certainty"] for row in lines]
    assert set(sure) == {"确定", "推定", "缺失"}
    lost = sure.count("缺失")
    assert sure[:lost] == ["缺失"] * lost
    assert all(row["value"] is None for row in lines[:lost])
    assert all(row["value"] is not None for row in lines[lost:])
    assert {(row["tier"], row["item"]) for row in lines[:lost]} == {
        ("VIP", "第三项条件"),
        *((tier, item) for tier in ("VIP", "A") for item in ("合作策略", "账期", "回款标准")),
        ("B", "回款标准"),
    }
    assert all(re.fullmatch(r"002:L\d+(-L\d+)?", row["source"]) for row in lines)
    sheet = openpyxl.load_workbook(books["zh"], data_only=True)["政策"]
    assert sheet["B3"].value == lost


def test_charts_look_at_the_overview_and_carry_no_colour_alone(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["zh"]) as book:
        charts = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    assert all("概览" in chart and "dLbls" in chart for chart in charts)
    first = next(chart for chart in charts if chart.count("<c:ser>") == 3)
    assert "pattFill" in first
    assert len(set(re.findall(r'<c:spPr><a:(?:solidFill><a:srgbClr val="\w+"|pattFill prst="\w+")', first))) == 3


# a filled book --------------------------------------------------------------------------------------------------------


def test_tiers_of_the_sample(rows: dict[str, dict[str, Any]]) -> None:
    assert [rows[f"K{n:03}"]["tier"] for n in (1, 2, 8, 20)] == ["VIP", "A", "B", "C"]
    assert (rows["K001"]["status"], rows["K002"]["status"]) == ("暂定", "正常")
    assert rows["K031"]["tier"] == "C"
    assert "信用不良" in rows["K031"]["why"]


def test_monthly_payment_is_the_mean_of_the_last_three_full_months(rows: dict[str, dict[str, Any]]) -> None:
    window = [dt.date(2026, month, 1) for month in (8, 9, 10)]
    for number in ("K001", "K010", "K029"):
        paid = [one for one in sample("zh")["payments"] if one["account_no"] == number and one["month"] in window]
        lines: dict[str, float] = {}
        for one in paid:
            lines[one["product_line"]] = lines.get(one["product_line"], 0) + one["amount"]
        assert rows[number]["monthly_payment"] == pytest.approx(sum(lines.values()) / 3, abs=1e-4)
        assert rows[number]["best_line_payment"] == pytest.approx(max(lines.values()) / 3, abs=1e-4)
        assert rows[number]["product_lines"] == len(lines)


def test_credit_and_action(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["K008"]["credit_days"], rows["K020"]["credit_days"]) == ("10-15", "0-7")
    for row in rows.values():
        if row["invoice_date"] and row["tier"] in ("B", "C"):
            assert row["due_date"] - row["invoice_date"] == dt.timedelta(15 if row["tier"] == "B" else 7)
        if row["invoice_date"] and row["tier"] in ("VIP", "A"):
            assert row["due_date"] in (None, "")
            assert "原文缺失，待本单位在「政策」填写" in row["check"]
    assert rows["K020"]["action"] == "可暂停发货"
    assert rows["K034"]["action"] == "缺项"
    assert rows["K020"]["overdue"] == (DAY - rows["K020"]["due_date"].date()).days


def test_a_filled_policy_cell_counts(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    fill(book, more={("政策", "C10"): 30, ("政策", "C13"): "80%"})  # VIP and A have credit days and standard now
    policy = {(row["tier"], row["item"]): row["value"] for row in shown(book, "policy")}
    assert (policy["A", "账期"], policy["B", "回款标准"]) == (30, "80%")
    found = {row["account_no"]: row for row in shown(book)}
    assert found["K002"]["due_date"] - found["K002"]["invoice_date"] == dt.timedelta(30)
    assert {found["K011"]["action"], found["K008"]["action"]} == {"未达回款标准", "无需处理"}
    assert openpyxl.load_workbook(book, data_only=True)["政策"]["B3"].value == 6


def test_signed_customers_are_contacted_twice_a_month(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["K003"]["contacts"], rows["K003"]["cadence"]) == (2, "达标")
    assert (rows["K006"]["contacts"], rows["K006"]["cadence"]) == (1, "还差1次")
    assert rows["K003"]["last_contact"] == dt.datetime(2026, 11, 4)  # noqa: DTZ001 - a cell has no time zone
    assert rows["K003"]["next_contact"] - rows["K003"]["last_contact"] == dt.timedelta(15)
    assert rows["K001"]["cadence"] in (None, "")


@pytest.mark.parametrize("host", ["classic", "native"])
@pytest.mark.parametrize(
    ("last", "first", "second", "after"),
    [
        (dt.date(2026, 3, 2), 1, 16, dt.datetime(2026, 3, 16)),  # noqa: DTZ001 - as above
        (dt.date(2026, 3, 16), 1, 16, dt.datetime(2026, 4, 1)),  # noqa: DTZ001 - as above
        (dt.date(2026, 12, 20), 1, 16, dt.datetime(2027, 1, 1)),  # noqa: DTZ001 - as above
        (dt.date(2026, 2, 16), 15, 28, dt.datetime(2026, 2, 28)),  # noqa: DTZ001 - as above
    ],
)
def test_fixed_days(tmp_path: Path, host: str, last: dt.date, first: int, second: int, after: dt.datetime) -> None:
    lines = {name: row for row, name in enumerate(_items(), 6)}
    more = {
        ("规则", f"C{lines[f'limits.{item}']}"): value
        for item, value in (("fixed_days", 1), ("fixed_day_1", first), ("fixed_day_2", second))
    }
    accounts: Rows = [{"account_no": "K1", "name": "甲", "signed": "是", "last_contact": last}]
    fill(tmp_path / "book.xlsx", {"accounts": accounts}, host=host, size=2, more=more)
    assert shown(tmp_path / "book.xlsx")[0]["next_contact"] == after


def _items() -> list[str]:
    book = rulebook.load()
    owners = (book["account_tiers_vip_abc"], book.settings["account_views"], book["signed_e_cadence"])
    return [path for owner in owners for path in owner.parameters]


def test_an_opted_out_customer_has_no_date(tmp_path: Path) -> None:
    accounts: Rows = [
        {"account_no": "K1", "name": "甲", "signed": "是", "opt_out": "是", "last_contact": DAY},
        {"account_no": "K2", "name": "乙", "signed": "是", "opt_out": "否", "last_contact": DAY},
    ]
    fill(tmp_path / "book.xlsx", {"accounts": accounts}, size=2)
    assert [row["next_contact"] for row in shown(tmp_path / "book.xlsx")[:2]] == [None, dt.datetime(2026, 11, 20)]  # noqa: DTZ001 - as above


# the overview ---------------------------------------------------------------------------------------------------------


def test_the_overview_adds_up(filled: Path, rows: dict[str, dict[str, Any]]) -> None:
    found = overview(filled)
    tiers = [row["tier"] for row in shown(filled) if row["account_no"]]
    graded = sum(tier in ("VIP", "A", "B", "C") for tier in tiers)
    for tier, target in (("VIP", 5), ("A", 20), ("B", 50), ("C", 25)):
        count, share, _, gap, paid, paid_share, near = found[tier]
        assert count == tiers.count(tier)
        assert share == pytest.approx(count / graded)
        assert gap == pytest.approx(100 * count / graded - target, abs=1e-9)
        assert paid == pytest.approx(sum(row["monthly_payment"] for row in rows.values() if row["tier"] == tier))
        assert 0 < paid_share < 1
        assert near == sum(bool(row["near"]) for row in rows.values() if row["tier"] == tier)
    assert found["合计"][0] == len(tiers)
    assert found["未定级"][0] == len(tiers) - graded


def test_overdue_credit_by_age(filled: Path, rows: dict[str, dict[str, Any]]) -> None:
    found = overview(filled)
    late = [row for row in rows.values() if row["overdue"]]
    bounds = {"1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90), ">90": (91, 9_999)}
    for label, (low, high) in bounds.items():
        within = [row for row in late if low <= row["overdue"] <= high]
        assert found[label][:2] == (len(within), pytest.approx(sum(row["outstanding"] for row in within)))
    owing = [row for row in rows.values() if row["outstanding"]]
    assert sum(found[label][0] for label in ("未到期", *bounds, "没有到期日")) == len(owing)


def test_what_the_payments_sheet_has_and_the_accounts_have_not_is_shown(filled: Path) -> None:
    found = overview(filled)
    window = [dt.date(2026, month, 1) for month in (8, 9, 10)]
    paid = [one for one in sample("zh")["payments"] if one.get("month") in window]
    total = sum(one["amount"] for one in paid if isinstance(one["amount"], (int, float)))
    assert found["回款表这几个月合计"][0] == pytest.approx(total)
    assert found["没有计入（应为 0）"][0] == pytest.approx(total - found["其中计入客户的"][0], abs=0.51)
    assert found["没有计入（应为 0）"][0] > 0


def test_accounts_near_a_border_are_listed(filled: Path, rows: dict[str, dict[str, Any]]) -> None:
    sheet = openpyxl.load_workbook(filled, data_only=True)["概览"]
    listed = [row for row in sheet.iter_rows(min_row=38, max_row=52, max_col=4, values_only=True) if row[0]]
    near = [(row["account_no"], row["name"], row["tier"], row["near"]) for row in rows.values() if row["near"]]
    assert listed == near


# bad input ------------------------------------------------------------------------------------------------------------


def test_bad_payment_rows_are_listed_in_words(filled: Path) -> None:
    sheet = openpyxl.load_workbook(filled, data_only=True)["概览"]
    listed = [row[0] for row in sheet.iter_rows(min_row=56, max_row=65, max_col=1, values_only=True) if row[0]]
    pieces = ("「K032」：客户表里没有这个编号", "「K999」", "「￥3,000元」", "「(500)」", "「十月份」", "没有品项")
    assert len(listed) == len(pieces)
    for piece, line in zip(pieces, listed, strict=True):
        assert piece in line
        assert re.match(r"第5\d\d条 ", line)
    assert overview(filled)["回款表待核对的条数"][0] == 14  # nine rows of the account whose number was mistyped


def test_no_formula_stands_in_the_rows_of_the_payments(books: dict[str, Path]) -> None:
    assert not [cell for cell, _ in formulas(books["zh"]) if cell.startswith("回款!")]


def test_a_row_of_payments_that_cannot_be_counted_is_painted(books: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(books["zh"])["回款"]
    rules = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    assert any("account_numbers" in rule and "ISNUMBER($D6)" in rule and "ISNUMBER($C6)" in rule for rule in rules)
    assert any(rule == "IF(ISNUMBER($D6),$D6<0,FALSE)" for rule in rules)
    assert openpyxl.load_workbook(books["zh"]).defined_names["account_numbers"].attr_text == "'客户'!$B:$B"


def test_bad_rows_show_with_their_account_and_leave_its_figures_open(rows: dict[str, dict[str, Any]]) -> None:
    for number, piece in (("K036", "￥3,000元"), ("K037", "(500)"), ("K039", "十月份"), ("K040", "没有品项")):
        assert rows[number]["tier"] in (None, "")
        assert rows[number]["status"] == "缺项"
        assert piece in rows[number]["check"]
    assert rows["K038"]["status"] == "填写有误"  # the refund is of another line, so the best line is above the total
    assert "单品项大于合计" in rows["K038"]["check"]
    assert rows["K035"]["tier"] == "C"  # an amount in full-width digits is read


def test_a_number_that_stands_twice_counts_in_neither_row(filled: Path) -> None:
    twice = [row for row in shown(filled) if row["account_no"] == "K033"]
    assert len(twice) == 2
    assert all(row["check"].startswith("客户编号重复") and row["monthly_payment"] in (None, "") for row in twice)


def test_months_out_of_order_give_the_same_tiers(tmp_path: Path, rows: dict[str, dict[str, Any]]) -> None:
    typed = sample("zh")
    typed["payments"].reverse()
    fill(tmp_path / "book.xlsx", typed)
    for row in shown(tmp_path / "book.xlsx"):
        if row["account_no"]:
            same = ("tier", "product_lines", "monthly_payment", "best_line_payment", "status")
            assert [row[key] for key in same] == [rows[row["account_no"]][key] for key in same]


def test_a_typed_figure_stands(tmp_path: Path) -> None:
    accounts: Rows = [
        {"account_no": "K1", "name": "甲", "product_lines": 7, "monthly_payment": 200_000, "best_line_payment": 60_000}
    ]
    fill(tmp_path / "book.xlsx", {"accounts": accounts}, size=2)
    assert shown(tmp_path / "book.xlsx")[0]["tier"] == "VIP"


def test_without_a_typed_day_the_latest_month_of_the_payments_counts(tmp_path: Path) -> None:
    payments: Rows = [
        {"account_no": "K1", "product_line": "茶", "month": dt.date(2026, month, 1), "amount": 30_000.0}
        for month in (1, 2, 3, 4)
    ]
    typed = {"accounts": [{"account_no": "K1", "name": "甲"}], "payments": payments}
    fill(tmp_path / "book.xlsx", typed, day=None, size=2)
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)["客户"]
    assert sheet["G3"].value == dt.datetime(2026, 5, 1)  # noqa: DTZ001 - as above
    assert shown(tmp_path / "book.xlsx")[0]["monthly_payment"] == 30_000
    fill(tmp_path / "book.xlsx", typed, day=dt.date(2026, 3, 31), size=2)
    row = shown(tmp_path / "book.xlsx")[0]
    assert row["monthly_payment"] == 20_000
    assert "2025-12没有回款记录" in row["check"]


# the native edition ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_native_edition_comes_to_the_same(tmp_path: Path, lang: str) -> None:
    found = {}
    for host in ("classic", "native"):
        report = fill(tmp_path / f"{host}.xlsx", lang=lang, host=host)
        assert report.exit_code == 0, list(report.sentences("en"))
        found[host] = shown(tmp_path / f"{host}.xlsx", lang=lang)
    told = {"why", "raise", "near", "near_row", "check", "payment_note", "last_purchase", "loyalty_class"}
    keys = [key for key in found["classic"][0] if key not in told]
    differ = {"K035", "K005"}  # an amount in full-width digits, and who stands behind it in the ranks
    for one, other in zip(found["classic"], found["native"], strict=True):
        if one["account_no"] and one["account_no"] not in differ:
            assert {key: _plain(other[key]) for key in keys} == {key: _plain(one[key]) for key in keys}
    unread = next(row for row in found["native"] if row["account_no"] == "K035")
    assert (unread["tier"], unread["payment_note"]) == (None, say(lang, "accounts.payments_unread"))


def _plain(cell: object) -> object:
    return round(cell, 4) if isinstance(cell, float) else cell or None


def test_a_line_that_is_not_listed_leaves_the_native_figures_open(tmp_path: Path) -> None:
    typed: dict[str, Rows] = {
        "accounts": [{"account_no": "K1", "name": "甲"}],
        "payments": [{"account_no": "K1", "product_line": "茶", "month": dt.date(2026, 10, 1), "amount": 300.0}],
    }
    fill(tmp_path / "book.xlsx", typed, host="native", size=2, more={("规则", "H6"): "水"})
    row = shown(tmp_path / "book.xlsx")[0]
    assert (row["monthly_payment"], row["best_line_payment"], row["tier"]) == (100, None, None)
    assert "品项名单" in row["check"]


@pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there is one")
@pytest.mark.parametrize("host", ["classic", "native"])
def test_libreoffice_comes_to_the_same(tmp_path: Path, host: str) -> None:
    fill(tmp_path / "book.xlsx", host=host)
    wanted = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)
    with _calc.started(_calc.profile()) as calc:
        book = calc.open(str(tmp_path / "book.xlsx"))
        calc.calculate(book)
        areas = {"客户": "A6:AU45", "概览": "A4:H66", "跟进": "A6:H30"}
        found = calc.values(book, [[sheet, area] for sheet, area in areas.items()])
        calc.close(book)
    for (sheet, area), rows in zip(areas.items(), found, strict=True):
        for cells, shown_ in zip(wanted[sheet][area], rows, strict=True):
            for cell, answer in zip(cells, shown_, strict=True):
                assert _told(answer) == _told(cell.value), (sheet, cell.coordinate)


def _told(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return float(cell.toordinal() - EPOCH_1900)
    return round(float(cell), 4) if isinstance(cell, (int, float)) else cell or ""
