"""The account workbook's functions as a sheet calls them, and their plain formulas held to them."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
import xlsxwriter

import xlplugin
from xlplugin.cells import EPOCH_1900
from xlplugin.errors import CellError, XlpError
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS, Desk
from xlplugin.worksheet.desk import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCHEMES = Path(xlplugin.__file__).parent / "rulebook" / "schemes"
Call = dict[str, Any]
HEADS = ("客户编号", "品项", "月份", "金额")
AS_OF = date(2026, 11, 22)
RULES = (("方案", "项", "值"),)
POLICY = (
    ("级别", "项目", "内容", "把握"),
    ("C", "账期", "0-7", "推定"),
    ("B", "账期", "10-15", "推定"),
    ("A", "账期", None, "缺失"),
    ("VIP", "账期", 30.0, "缺失"),
    ("C", "回款标准", 1.0, "推定"),
    ("B", "回款标准", 0.9, "缺失"),
    ("A", "回款标准", None, "缺失"),
    ("VIP", "回款标准", None, "缺失"),
)
PAID = (
    ("K1", "茶", date(2026, 8, 1), 90_000.0),
    ("K1", "茶", date(2026, 10, 1), 60_000.0),
    ("K2", "茶", date(2026, 9, 1), "￥5"),
)


@pytest.fixture(scope="module")
def call() -> dict[str, Callable[..., Any]]:
    return Desk().functions()


# the functions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [None, "", " ", CellError("#N/A"), "#REF!"])
def test_no_account_no_figures(call: Call, number: object) -> None:
    for name in ("XLP_MONTHLY", "XLP_BEST_LINE", "XLP_LINES", "XLP_LAST_PAID", "XLP_PAYMENT_NOTE"):
        assert call[name](number, HEADS, PAID, AS_OF) == ""


@pytest.mark.parametrize("day", [None, "", "昨天", CellError("#N/A"), True])
def test_no_day_no_figures(call: Call, day: object) -> None:
    assert call["XLP_MONTHLY"]("K1", HEADS, PAID, day) == ""


def test_the_figures_of_an_account(call: Call) -> None:
    cells = ("K1", HEADS, PAID, AS_OF)
    assert [call[name](*cells) for name in ("XLP_MONTHLY", "XLP_BEST_LINE", "XLP_LINES")] == [50_000, 50_000, 1]
    assert call["XLP_LAST_PAID"](*cells) == date(2026, 10, 31)
    assert call["XLP_PAYMENT_NOTE"](*cells) == "2026-09没有回款记录，按0算"


@pytest.mark.parametrize("later", [-1, 0])
def test_a_refund_or_nothing_is_no_payment_that_was_made_last(call: Call, later: float) -> None:
    paid = (("K1", "洁面", date(2026, 8, 1), 5_000), ("K1", "洁面", date(2026, 9, 1), later))
    assert call["XLP_LAST_PAID"]("K1", HEADS, paid, AS_OF) == date(2026, 8, 31)


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_counted(call: Call) -> None:
    cells = ("K2", HEADS, PAID, AS_OF)
    assert [call[name](*cells) for name in ("XLP_MONTHLY", "XLP_BEST_LINE", "XLP_LINES")] == ["", "", ""]
    assert "￥5" in call["XLP_PAYMENT_NOTE"](*cells)


def test_many_accounts_at_once(call: Call) -> None:
    found = call["XLP_MONTHLY"]((("K1",), ("K2",), (None,)), HEADS, PAID, AS_OF)
    assert found == [[50_000], [""], [""]]


def test_columns_stand_in_any_order_and_any_language(call: Call) -> None:
    heads = ("Amount", "备注", "month", "Account no.", "product_line")
    rows = tuple((row[3], "x", row[2], row[0], row[1]) for row in PAID)
    assert call["XLP_MONTHLY"]("K1", heads, rows, AS_OF) == 50_000
    assert "2026-09" in call["XLP_PAYMENT_NOTE"]("K1", heads, rows, AS_OF)


def test_wrong_ranges_are_wrong_formulas(call: Call) -> None:
    assert call["XLP_MONTHLY"]("K1", ("甲", "乙"), PAID, AS_OF) == CellError("#N/A")
    assert call["XLP_MONTHLY"]("K1", HEADS, tuple(row[:3] for row in PAID), AS_OF) == CellError("#VALUE!")
    assert call["XLP_POLICY"]("C", "账期", RULES) == CellError("#N/A")
    assert call["XLP_POLICY"]("D", "账期", POLICY) == CellError("#N/A")
    assert call["XLP_POLICY"]("C", "折扣", POLICY) == CellError("#N/A")
    assert call["XLP_SHARE_GAP"]("D", (("A",),)) == CellError("#N/A")


def test_an_office_takes_more_months(call: Call) -> None:
    rules = (*RULES, ("account_views", "stable_months", 6))
    assert call["XLP_MONTHLY"]("K1", HEADS, PAID, AS_OF, rules) == 25_000


def test_a_rule_that_cannot_be_followed_leaves_the_figures_open_and_is_named(call: Call) -> None:
    rules = (*RULES, ("account_views", "stable_months", "许多"))
    assert call["XLP_MONTHLY"]("K1", HEADS, PAID, AS_OF, rules) == ""
    assert "许多" in call["XLP_PAYMENT_NOTE"]("K1", HEADS, PAID, AS_OF, rules)
    assert call["XLP_SHARE_GAP"]("A", (("A",),), rules) == ""
    assert call["XLP_NEAR_BORDER"](("品项数", "月回款"), (1, 2), rules) == ""


def test_payments_are_grouped_once_for_all_accounts() -> None:
    desk = Desk()
    made = [0]

    def make() -> int:
        made[0] += 1
        return made[0]

    rows = tuple(PAID)
    assert [desk.once(rows, "ledger", make) for _ in range(3)] == [1, 1, 1]
    assert desk.once(list(rows), "ledger", make) == 2


def test_the_payments_to_be_looked_into(call: Call) -> None:
    cells = (HEADS, PAID, (("K1",), (None,)))
    assert call["XLP_PAYMENT_CHECK"](*cells, 0) == 1
    assert call["XLP_PAYMENT_CHECK"](*cells, 1.0) == "第3条 客户编号「K2」：客户表里没有这个编号"
    assert call["XLP_PAYMENT_CHECK"](*cells, 2) == ""
    assert call["XLP_PAYMENT_CHECK"](HEADS, PAID, (("K1",), ("K2",)), 1) == "第3条 金额「￥5」：不是数字，请只填数字"
    assert call["XLP_PAYMENT_CHECK"](*cells, "一") == CellError("#VALUE!")
    assert call["XLP_PAYMENT_CHECK"](*cells, CellError("#N/A")) == CellError("#N/A")
    assert call["XLP_PAYMENT_CHECK"](*cells, None) == 1


TIERED = ("品项数", "月回款", "单品项最高月回款", "评选方式", "信用不良")


@pytest.mark.parametrize(
    ("row", "tier"),
    [
        ((7, 200_000, 60_000, "", ""), "VIP"),
        (("４", "100,000", 30_000.0, None, None), "A"),
        ((8, 190_000, 30_000, "硬性", ""), "C"),
        ((2, 50_000, 60_000, "", ""), ""),
        ((None, 50_000, 60_000, "", ""), ""),
        ((2, CellError("#N/A"), 1, "", ""), ""),
    ],
)
def test_the_tier(call: Call, row: tuple[Any, ...], tier: str) -> None:
    assert call["XLP_TIER"](TIERED, row) == tier
    assert call["XLP_TIER"](TIERED, row) == call["XLP_GRADE"]("account_tiers_vip_abc", TIERED, row)


def test_an_office_sets_a_limit_of_a_tier(call: Call) -> None:
    rules = (*RULES, ("account_tiers_vip_abc", "limits.a_monthly", 90_000))
    assert call["XLP_TIER"](TIERED, (4, 95_000, 30_000, "", ""), rules) == "A"
    assert call["XLP_NEAR_BORDER"](TIERED, (4, 95_000, 30_000, "", ""), rules) == "-10% → B"
    assert call["XLP_NEAR_BORDER"](TIERED, (4, 95_000, 30_000, "", "")) == "+10% → A"
    wider = (*RULES, ("account_views", "near_border", 0.02))
    assert call["XLP_NEAR_BORDER"](TIERED, (4, 95_000, 30_000, "", ""), wider) == ""


def test_the_policy_and_why_it_is_blank(call: Call) -> None:
    assert call["XLP_POLICY"]("C", "账期", POLICY) == "0-7"
    assert call["XLP_POLICY"]("vip", "credit_days", POLICY) == 30
    assert call["XLP_POLICY"]("A", "账期", POLICY) == ""
    assert "缺失" in call["XLP_POLICY_NOTE"]("A", "账期", POLICY)
    assert call["XLP_POLICY_NOTE"]("VIP", "账期", POLICY) == ""
    assert call["XLP_POLICY"](None, "账期", POLICY) == ""
    assert call["XLP_POLICY"](CellError("#NAME?"), "账期", POLICY) == CellError("#NAME?")


@pytest.mark.parametrize(
    ("tier", "invoiced", "due"),
    [
        ("C", date(2026, 3, 2), date(2026, 3, 9)),
        ("B", "2026年3月2日", date(2026, 3, 17)),
        ("VIP", "２０２６－３－２", date(2026, 4, 1)),
        ("A", date(2026, 3, 2), ""),
        ("C", None, ""),
        ("C", "3月2日", ""),
        ("C", CellError("#N/A"), ""),
        ("", date(2026, 3, 2), ""),
    ],
)
def test_the_due_date(call: Call, tier: str, invoiced: object, due: object) -> None:
    assert call["XLP_CREDIT_DUE"](tier, invoiced, POLICY) == due


@pytest.mark.parametrize(
    ("tier", "due", "collected", "answer"),
    [
        ("C", 100, 99, "可暂停发货"),
        ("C", 100, 100, "无需处理"),
        ("C", "１００", "99.5", "可暂停发货"),
        ("C", 100, None, "缺项"),
        ("C", None, 5, "缺项"),
        ("C", None, None, ""),
        ("C", 100, "一半", "填写有误"),
        ("C", 100, -1, "填写有误"),
        ("C", 100, CellError("#REF!"), "填写有误"),
        ("B", 100, 89, "未达回款标准"),
        ("A", 100, 0, ""),
        ("", 100, 0, ""),
        (None, 100, 0, ""),
        (CellError("#N/A"), 100, 0, ""),
    ],
)
def test_the_action(call: Call, tier: object, due: object, collected: object, answer: str) -> None:
    assert call["XLP_PAYMENT_ACTION"](tier, ("应回款", "已回款"), (due, collected), POLICY) == answer


def test_words_follow_the_headers(call: Call) -> None:
    rows = ((100, 9),)
    assert call["XLP_PAYMENT_ACTION"]("C", ("Amount due", "Collected"), rows, POLICY) == "may suspend delivery"
    assert call["XLP_PAYMENT_ACTION"]("C", ("due_amount", "collected"), rows, POLICY) == "may_suspend"
    assert call["XLP_POTENTIAL_CLASS"](("Strong intent", "Large potential"), ("yes", "y")) == "key"
    assert call["XLP_POTENTIAL_CLASS"](("意向强烈", "潜力大"), ("是", "√")) == "重点"
    assert call["XLP_POTENTIAL_CLASS"](("意向强烈", "潜力大"), ("大概", "√")) == "填写有误"
    assert call["XLP_POTENTIAL_CLASS"](("意向强烈", "潜力大"), ("是", None)) == "缺项"
    assert call["XLP_POTENTIAL_CLASS"](("意向强烈", "潜力大"), (None, None)) == ""


def test_classes_of_many_rows(call: Call) -> None:
    rows = [(one,) for one in (90.0, 80.0, "５０", None, "多", 0.0, 1)]
    found = call["XLP_VALUE_CLASS"](("月回款",), rows, rows)
    assert found == [["高"], ["中"], ["低"], [""], ["填写有误"], ["低"], ["低"]]


LOYAL = ("最近购买日", "复购次数", "投诉次数", "已流失")


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (("2026-10-01", 3, 0, ""), "忠诚"),
        (("2026-10-01", 3, 0, "√"), "流失"),
        (("2026-10-01", None, None, None), ""),
        (("2024-10-01", None, None, None), "流失"),
        (("2026-10-01", 3, None, None), "缺项"),
        (("十月", 3, 0, None), "填写有误"),
        ((None, None, None, None), ""),
    ],
)
def test_loyalty(call: Call, row: tuple[Any, ...], answer: str) -> None:
    assert call["XLP_LOYALTY_CLASS"](LOYAL, row, AS_OF) == answer


def test_the_share_check(call: Call) -> None:
    tiers = (("VIP",), ("A",), ("A",), ("B",), ("",), (None,), (CellError("#N/A"),), ("C",))
    assert [call["XLP_SHARE_GAP"](tier, tiers) for tier in ("VIP", "A", "B", "C")] == [15, 20, -30, -5]
    assert call["XLP_SHARE_GAP"]("A", (("",),)) == ""
    assert call["XLP_SHARE_GAP"](None, tiers) == ""


JUNK = (
    None,
    "",
    " ",
    "?",
    "随便",
    True,
    False,
    0.0,
    -1.0,
    7.5,
    1e300,
    date(1900, 1, 1),
    CellError("#N/A"),
    "#REF!",
    "9" * 400,
)


def test_nothing_but_what_a_cell_can_show_leaves_a_function(call: Call) -> None:
    draw = random.Random(8)  # noqa: S311 - sample rows
    for _ in range(400):
        pick = [draw.choice(JUNK) for _ in range(8)]
        row = tuple(pick[:5])
        answers = [
            call["XLP_TIER"](TIERED, row),
            call["XLP_NEAR_BORDER"](TIERED, row),
            call["XLP_MONTHLY"](pick[5], HEADS, (row[:4],) * 2, pick[6]),
            call["XLP_PAYMENT_NOTE"]("K1", HEADS, (("K1", *row[1:4]),), AS_OF),
            call["XLP_POLICY"](pick[5], "账期", POLICY),
            call["XLP_CREDIT_DUE"](draw.choice(("A", "B", "C", pick[7])), pick[6], POLICY),
            call["XLP_PAYMENT_ACTION"](pick[5], ("应回款", "已回款"), row[:2], POLICY),
            call["XLP_VALUE_CLASS"](("月回款",), pick[5], tuple((one,) for one in row)),
            call["XLP_LOYALTY_CLASS"](LOYAL, row[:4], pick[6]),
            call["XLP_POTENTIAL_CLASS"](("意向强烈", "潜力大", "已是客户"), row[:3]),
            call["XLP_SHARE_GAP"](pick[5], tuple((one,) for one in row)),
        ]
        for answer in answers:
            cell = rows_of(answer)[0][0]
            assert isinstance(cell, (str, int, float, date, CellError)), answer
            assert cell == cell  # noqa: PLR0124 - no NaN


# plain formulas -------------------------------------------------------------------------------------------------------


class Sheet:
    """Rows of cells with calls of our functions beside them, as plain formulas in a workbook and as calls."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.rows: list[tuple[object, ...]] = []
        self.calls: list[tuple[str, list[Any]]] = []
        self.texts: list[list[str]] = []

    def put(self, *row: object) -> str:
        """A row of cells; its reference."""
        self.rows.append(row)
        at = len(self.rows)
        return f"$A${at}" if len(row) == 1 else f"$A${at}:${chr(64 + len(row))}${at}"

    def block(self, rows: Sequence[tuple[object, ...]]) -> str:
        """Many rows of cells; their reference."""
        first, last = self.put(*rows[0]), ""
        for row in rows[1:]:
            last = self.put(*row)
        return first if not last else first.split(":")[0] + ":" + last.split(":")[-1]

    def ask(self, name: str, *arguments: tuple[Any, str]) -> None:
        """A call, each argument as cells and as a reference."""
        self.calls.append((name, [cells for cells, _ in arguments]))
        self.texts.append([text for _, text in arguments])

    def formulas(self) -> list[str]:
        plains = [FUNCTIONS[name].plain for name, _ in self.calls]
        return [plain(self.lang, *texts) for plain, texts in zip(plains, self.texts) if plain]

    def write(self, path: Path) -> None:
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("s")
            for at, row in enumerate(self.rows):
                for column, cell in enumerate(row):
                    _put(sheet, at, column, cell)
            for at, formula in enumerate(self.formulas()):
                sheet.write_formula(at, 10, "=" + formula, None, "not calculated")

    def kernel(self) -> list[object]:
        functions = Desk().functions()
        return [functions[name](*cells) for name, cells in self.calls]


def _put(sheet: Any, row: int, column: int, cell: object) -> None:
    if isinstance(cell, CellError):
        sheet.write_formula(row, column, "=NA()", None, "#N/A")
    elif isinstance(cell, date):
        sheet.write_number(row, column, cell.toordinal() - EPOCH_1900)
    elif cell is not None and cell != "":
        sheet.write(row, column, cell) if not isinstance(cell, str) else sheet.write_string(row, column, cell)


def _cells(row: Sequence[object]) -> tuple[object, ...]:
    return tuple(None if cell == "" else cell for cell in row)


def untidy(lang: str, seed: int) -> Sheet:
    """Calls of every function that has a plain form, on untidy rows; amounts typed as text are told of elsewhere."""
    draw = random.Random(seed)  # noqa: S311 - sample rows
    sheet = Sheet(lang)
    _payments(sheet, draw)
    table = tuple(
        tuple(say(lang, key) if isinstance(key, str) and "." in key else key for key in row) for row in _policy_rows()
    )
    policy = (table, sheet.block(table))
    heads = tuple(say(lang, f"accounts.{key}") for key in ("due_amount", "collected"))
    fields = (heads, sheet.put(*heads))
    for _ in range(40):
        tier = draw.choice(("VIP", "A", "B", "C", None))
        day = draw.choice((date(2026, 3, 2), date(2026, 3, 31), None, "?", 0.0))
        row = (draw.choice((100.0, 80.0, 0.0, None, "?", -5.0)), draw.choice((100.0, 99.0, 90.0, 0.0, None, "x", -1.0)))
        one, when = (tier, sheet.put(tier)), (day, sheet.put(day))
        for item in ("credit_days", "payment_standard"):
            sheet.ask("XLP_POLICY", one, (item, f'"{item}"'), policy)
        sheet.ask("XLP_POLICY_NOTE", one, ("credit_days", '"credit_days"'), policy)
        sheet.ask("XLP_CREDIT_DUE", one, when, policy)
        sheet.ask("XLP_PAYMENT_ACTION", one, fields, (row, sheet.put(*row)), policy)
    _views(sheet, draw)
    return sheet


def _policy_rows() -> list[tuple[object, ...]]:
    head = tuple(f"policy.column.{key}" for key in ("tier", "item", "value", "certainty"))
    days, standard = "policy.credit_days", "policy.payment_standard"
    lost, likely = "policy.certainty.lost", "policy.certainty.likely"
    return [
        head,
        ("VIP", days, None, lost),
        ("A", days, 30.0, lost),
        ("B", days, "10-15", likely),
        ("C", days, "0-7", likely),
        ("VIP", standard, None, lost),
        ("A", standard, None, lost),
        ("B", standard, 0.9, lost),
        ("C", standard, 1.0, likely),
    ]


def _payments(sheet: Sheet, draw: random.Random) -> None:
    heads = tuple(say(sheet.lang, f"payments.{key}") for key in ("account_no", "product_line", "month", "amount"))
    months: tuple[object, ...] = (*(date(2026, month, 1) for month in range(6, 13)), date(2026, 9, 17))
    numbers = [f"K{n}" for n in range(12)] + ["k3", "K*", "K?", "~K", ">5", "=K1"]
    rows: list[tuple[object, ...]] = []
    for _ in range(250):
        bad = draw.random() < 0.03
        month = draw.choice((None, "九月", 0.0, CellError("#N/A"))) if bad else draw.choice(months)
        bad = draw.random() < 0.03
        amount = draw.choice((None, "?", CellError("#N/A"))) if bad else round(draw.uniform(-500, 9_000), 2)
        rows.append((draw.choice([*numbers, None]), draw.choice(("茶", "水")), month, amount))
    fields, payments = (heads, sheet.put(*heads)), (tuple(rows), sheet.block(rows))
    for number in [*numbers, "K99", None]:
        for day in (AS_OF, date(2027, 1, 1), None, "?"):
            asked = ((number, sheet.put(number)), fields, payments, (day, sheet.put(day)))
            sheet.ask("XLP_MONTHLY", *asked)


def _views(sheet: Sheet, draw: random.Random) -> None:
    values = tuple((draw.choice((0.0, 5.0, 9.0, None, "?", float(n))),) for n in range(20))
    column = (values, sheet.block(values))
    head = say(sheet.lang, "accounts.monthly_payment")
    fields = (head, sheet.put(head))
    for (value,) in values:
        sheet.ask("XLP_VALUE_CLASS", fields, (value, sheet.put(value)), column)
    yes, no = say(sheet.lang, "word.yes"), say(sheet.lang, "word.no")
    ticks = (yes, no, "√", "Y", None, "?", True, 1.0, 0.0)
    keys = ("strong_intent", "large_potential", "is_customer")
    heads = tuple(say(sheet.lang, f"accounts.{key}") for key in keys)
    potential = (heads, sheet.put(*heads))
    loyal_heads = tuple(
        say(sheet.lang, f"accounts.{key}") for key in ("last_purchase", "repurchases", "complaints", "lost")
    )
    loyal = (loyal_heads, sheet.put(*loyal_heads))
    days = (date(2026, 10, 1), date(2025, 11, 22), date(2025, 11, 23), None, "?")
    as_of = (AS_OF, sheet.put(AS_OF))
    for _ in range(60):
        row = tuple(draw.choice(ticks) for _ in range(3))
        sheet.ask("XLP_POTENTIAL_CLASS", potential, (row, sheet.put(*row)))
        loyalty = (
            draw.choice(days),
            *(draw.choice((0.0, 1.0, 2.0, 3.0, None, "?")) for _ in range(2)),
            draw.choice(ticks),
        )
        sheet.ask("XLP_LOYALTY_CLASS", loyal, (loyalty, sheet.put(*loyalty)), as_of)
    tiers = tuple((draw.choice(("VIP", "A", "B", "C", None, "")),) for _ in range(30))
    column = (tiers, sheet.block(tiers))
    for tier in ("VIP", "A", "B", "C", None):
        sheet.ask("XLP_SHARE_GAP", (tier, sheet.put(tier)), column)


def agrees(one: object, other: object) -> bool:
    if isinstance(other, date):
        other = float(other.toordinal() - EPOCH_1900)
    if isinstance(one, date):
        one = float(one.toordinal() - EPOCH_1900)
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == pytest.approx(other, abs=1e-5)
    return ("" if one is None else one) == other


def disagreements(sheet: Sheet, found: Sequence[object]) -> Sequence[object]:
    asked = zip(sheet.calls, found, sheet.kernel(), strict=True)
    return [(call, one, other) for call, one, other in asked if not agrees(one, other)][:5]


@pytest.mark.parametrize(("lang", "seed"), [("zh", 1), ("en", 2)])
def test_plain_formulas_agree_with_the_kernel_in_the_embedded_engine(tmp_path: Path, lang: str, seed: int) -> None:
    sheet = untidy(lang, seed)
    assert len(sheet.formulas()) == len(sheet.calls) > 400
    assert len({str(answer) for answer in sheet.kernel()}) > 40  # there is something to agree on
    sheet.write(tmp_path / "plain.xlsx")
    recalc(tmp_path / "plain.xlsx", tmp_path / "plain.xlsx", lambda _date1904: {}, trusted=lambda _formula: True)
    page = openpyxl.load_workbook(tmp_path / "plain.xlsx", data_only=True)["s"]
    found = [page.cell(row, 11).value for row in range(1, len(sheet.calls) + 1)]
    assert disagreements(sheet, found) == []


@pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there is one")
def test_plain_formulas_agree_with_the_kernel_in_libreoffice(tmp_path: Path) -> None:
    sheet = untidy("zh", 3)
    sheet.write(tmp_path / "plain.xlsx")
    with _calc.started(_calc.profile()) as calc:
        book = calc.open(str(tmp_path / "plain.xlsx"))
        calc.calculate(book)
        (found,) = calc.values(book, [["s", f"K1:K{len(sheet.calls)}"]])
        calc.close(book)
    assert disagreements(sheet, [row[0] for row in found]) == []


def test_a_plain_formula_does_not_guess_an_amount_typed_as_text(tmp_path: Path) -> None:
    sheet = Sheet("zh")
    rows = [("K1", "茶", date(2026, 9, 1), "1,200"), ("K1", "茶", date(2026, 10, 1), 600.0)]
    fields, payments = (HEADS, sheet.put(*HEADS)), (tuple(rows), sheet.block(rows))
    sheet.ask("XLP_MONTHLY", ("K1", sheet.put("K1")), fields, payments, (AS_OF, sheet.put(AS_OF)))
    sheet.write(tmp_path / "plain.xlsx")
    recalc(tmp_path / "plain.xlsx", tmp_path / "plain.xlsx", lambda _date1904: {}, trusted=lambda _formula: True)
    assert openpyxl.load_workbook(tmp_path / "plain.xlsx", data_only=True)["s"]["K1"].value in ("", None)
    assert sheet.kernel() == [600]


# what lifts a tier ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ((7, 200_000, 60_000, "", ""), ""),
        ((4, 100_000, 30_000, "", ""), ""),  # a VIP is not above an A
        ((3, 95_000, 49_000, "", ""), "若合作品项再增加1个，若月回款达到100000元，届时可升A类。"),
        ((2, 29_000, 20_000, "", ""), "若月回款达到30000元，届时可升B类。"),
        ((1, 50_000, 50_000, "", ""), "若合作品项再增加1个，届时可升B类。"),
        ((9, 900_000, 200_000, "", "是"), ""),  # nothing bought makes up for bad credit
    ],
)
def test_what_lifts_a_tier(call: Call, row: tuple[Any, ...], advice: str) -> None:
    assert call["XLP_RAISE"]("account_tiers_vip_abc", TIERED, row) == advice


def test_levels_name_every_grade_once(tmp_path: Path) -> None:
    for levels in ('[["VIP", "A"], ["B"]]', '[["VIP", "A"], ["B"], ["C", "B"]]', '["VIP", "A", "B", "C"]'):
        source = (SCHEMES / "account_tiers_vip_abc.toml").read_text(encoding="utf-8")
        changed = source.replace('levels = [["VIP", "A"], ["B"], ["C"]]', f"levels = {levels}")
        assert changed != source
        (tmp_path / "account_tiers_vip_abc.toml").write_text(changed, encoding="utf-8")
        with pytest.raises(XlpError) as error:
            load(tmp_path)
        assert error.value.facts["key"] == "levels"
