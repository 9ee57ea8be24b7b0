"""The overview: shares by tier against their targets, ageing of overdue credit, accounts near a border; with charts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin import rulebook
from xlplugin.decisions.policy import TIERS
from xlplugin.texts import say
from xlplugin.workbooks.native import respelled
from xlplugin.workbooks.recipes import _account_formulas as f
from xlplugin.workbooks.sheets._sheet import Sheet
from xlplugin.workbooks.spelling import RULES_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["draw", "formulas"]

_WIDTHS = (26, 18, 12, 12, 12, 16, 12, 12, 3)
_NEAREST = 15
_TIERS_AT, _AGEING_AT, _CHECK_AT, _SIGNED_AT, _BORDERS_AT = 3, 13, 23, 30, 35
_TIER_HEADS = ("tier", "accounts", "share", "target", "gap", "paid", "paid_share", "near")
_DARK: dict[str, Any] = {"fill": {"color": "#1F4E79"}}
_OPEN: dict[str, Any] = {"fill": {"color": "#FFFFFF"}, "border": {"color": "#404040", "width": 1}}
_STRIPED: dict[str, Any] = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"},
    "border": {"color": "#7F7F7F"},
}
_PROBLEMS_AT, _PROBLEMS = _BORDERS_AT + _NEAREST + 4, 10
_RULES_AT = _PROBLEMS_AT + _PROBLEMS + 3
_SECTIONS = {
    "tiers": _TIERS_AT,
    "ageing": _AGEING_AT,
    "reconcile": _CHECK_AT,
    "signed": _SIGNED_AT,
    "borders": _BORDERS_AT,
    "problems": _PROBLEMS_AT,
    "rules": _RULES_AT,
}
_CHART_AT = 9
_NUMBER_AT = 4
# The numbers of the rules that plain formulas speak of by name, each with the settings or scheme it belongs to.
_NUMBERS = {
    **{f"share_{tier.casefold()}": "account_views" for tier in TIERS},
    "stable_months": "account_views",
    "near_border": "account_views",
    "ageing_1": "account_views",
    "ageing_2": "account_views",
    "ageing_3": "account_views",
    "signed_contacts": "signed_e_cadence",
    "signed_fixed": "signed_e_cadence",
    "signed_day_1": "signed_e_cadence",
    "signed_day_2": "signed_e_cadence",
    "signed_interval": "signed_e_cadence",
}
_PATHS = {
    "signed_contacts": "limits.contacts_a_month",
    "signed_fixed": "limits.fixed_days",
    "signed_day_1": "limits.fixed_day_1",
    "signed_day_2": "limits.fixed_day_2",
    "signed_interval": "interval.E",
}
_OUT, _LATE, _DUE = "[*accounts/outstanding]", "[*accounts/overdue]", "[*accounts/due_date]"
_TIER, _PAID = "[*accounts/tier]", "[*accounts/monthly_payment]"
_TOTAL = f"$B${_TIERS_AT + 7}"
_UNTIERED = f"$B${_TIERS_AT + 8}"


class _Formula(NamedTuple):
    """A formula of the sheet: its cell from 0, its text in the recipes' spelling, what its result is."""

    row: int
    column: int
    text: str
    kind: str


def formulas(recipe: Recipe, lang: str) -> set[str]:
    """The formulas of the overview, as stored."""
    return {_stored(recipe, formula.text, lang) for formula in _formulas(recipe, lang)}


def _stored(recipe: Recipe, text: str, lang: str) -> str:
    if f"{RULES_TABLE}[" in text:  # written as it is stored
        return text
    return recipe.speller(lang).spell(respelled(text, recipe) if recipe.workings else text)


def _formulas(recipe: Recipe, lang: str) -> Iterator[_Formula]:
    yield from _tiers()
    yield from _ageing()
    yield from _checks(native=recipe.workings)
    yield from _signed()
    if not recipe.workings:
        yield from _borders()
        for number in range(1, _PROBLEMS + 1):
            yield _Formula(_PROBLEMS_AT + number, 0, _some(f.payment_check(number)), "line")
    yield from _numbers(lang)


def _some(formula: str) -> str:
    """The formula, blank while there is no account."""
    return f'IF({_TOTAL}="","",{formula})'


def _tiers() -> Iterator[_Formula]:
    first, last = _TIERS_AT + 3, _TIERS_AT + 2 + len(TIERS)
    for row, tier in enumerate(TIERS, _TIERS_AT + 2):
        at, tiered = row + 1, f"({_TOTAL}-{_UNTIERED})"
        yield _Formula(row, 1, _some(f'COUNTIF({_TIER},"{tier}")'), "whole")
        yield _Formula(row, 2, _some(f'IF({tiered}=0,"",$B{at}/{tiered})'), "tenths")
        yield _Formula(row, 3, f"share_{tier.casefold()}", "percent")
        yield _Formula(row, 4, _some(f'IFERROR(XLP_SHARE_GAP("{tier}",{_TIER},[rules]),"")'), "points")
        yield _Formula(row, 5, _some(f'SUMIFS({_PAID},{_TIER},"{tier}")'), "money")
        yield _Formula(row, 6, _some(f'IF(SUM($F${first}:$F${last})=0,"",$F{at}/SUM($F${first}:$F${last}))'), "tenths")
        yield _Formula(row, 7, _some(f'COUNTIFS({_TIER},"{tier}",[*accounts/near],"?*")'), "whole")
    row = _TIERS_AT + 2 + len(TIERS)
    count = 'SUMPRODUCT(--([*accounts/account_no]<>""))'
    yield _Formula(row, 1, f'IF({count}=0,"",{count})', "whole")
    yield _Formula(row, 3, f"SUM($D${first}:$D${last})", "percent")
    yield _Formula(row, 5, _some(f"SUM($F${first}:$F${last})"), "money")
    yield _Formula(row, 7, _some(f"SUM($H${first}:$H${last})"), "whole")
    yield _Formula(row + 1, 1, _some(f"{_TOTAL}-SUM($B${first}:$B${last})"), "whole")


def _ageing() -> Iterator[_Formula]:
    """Counts and amounts of what is outstanding, by days overdue."""
    bounds = ["0", "ageing_1", "ageing_2", "ageing_3"]
    for column, (count, kind) in enumerate((("COUNTIFS(", "whole"), (f"SUMIFS({_OUT},", "money")), 1):
        owing = f'{count}{_OUT},">0"'
        due, late = f'{owing},{_DUE},">0")', f'{owing},{_LATE},">0")'
        steps = [f"{due}-{late}"]
        for low, high in zip(bounds, [*bounds[1:], ""]):
            upper = f',{_LATE},"<="&{high}' if high else ""
            steps.append(f'{owing},{_LATE},">"&{low}{upper})')
        steps.append(f"{owing})-{due}")
        for row, step in enumerate(steps, _AGEING_AT + 2):
            yield _Formula(row, column, _some(step), kind)
    for row, (low, high) in enumerate(pairwise(bounds), _AGEING_AT + 3):
        yield _Formula(row, 0, f'({low}+1)&"-"&{high}', "label")
    yield _Formula(_AGEING_AT + 6, 0, '">"&ageing_3', "label")


def _checks(*, native: bool) -> Iterator[_Formula]:
    first = "DATE(YEAR(until),MONTH(until)-stable_months,1)"
    month = "[*payments/month]"
    paid = f'SUMIFS([*payments/amount],{month},">="&{first},{month},"<"&until)'
    cells = [f"$B${_CHECK_AT + 2 + step}" for step in range(2)]
    bad = f.PAYMENTS_UNREAD_NATIVE if native else f.payment_check(0)
    texts = (
        (f'IFERROR(ROUND({paid},2),"")', "balance"),
        (f"ROUND(SUM({_PAID})*stable_months,2)", "balance"),
        (f'IF(OR({cells[0]}="",{cells[1]}=""),"",ROUND({cells[0]}-{cells[1]},0))', "balance"),
        (bad, "whole"),
    )
    for row, (text, kind) in enumerate(texts, _CHECK_AT + 1):
        yield _Formula(row, 1, _some(text), kind)


def _signed() -> Iterator[_Formula]:
    yield _Formula(_SIGNED_AT + 1, 1, _some('COUNTIF([*accounts/cadence],"?*")'), "whole")
    yield _Formula(_SIGNED_AT + 2, 1, _some("COUNTIF([*accounts/cadence],[=accounts.kept])"), "whole")


def _borders() -> Iterator[_Formula]:
    """The first accounts near a border, in the order of their rows."""
    for number in range(1, _NEAREST + 1):
        at = f"SMALL([*accounts/near_row],{number})-ROW([#accounts/account_no])"
        for column, key in enumerate(("account_no", "name", "tier", "near")):
            cell = f"INDEX([*accounts/{key}],{at})"
            yield _Formula(_BORDERS_AT + 1 + number, column, f'IFERROR({cell}&"","")', "text")


def _numbers(lang: str) -> Iterator[_Formula]:
    item, value = (f"{RULES_TABLE}[{say(lang, f'rules.{key}')}]" for key in ("item", "value"))
    for row, name in enumerate(_NUMBERS, _RULES_AT + 1):
        path = _PATHS.get(name, name)
        text = f'IFERROR(INDEX({value},MATCH("{path}",{item},0)),{_published(name):.10g})'
        kind = "percent" if name.startswith("share") or name == "near_border" else "whole"
        yield _Formula(row, _NUMBER_AT, text, kind)


def _published(name: str) -> float:
    book = rulebook.load()
    of, path = _NUMBERS[name], _PATHS.get(name, name)
    owner = book.settings.get(of) or book[of]
    return float(owner.parameters[path].value or 0)


def draw(book: Workbook, style: Style, recipe: Recipe, lang: str) -> None:
    """The overview, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        recipe: the accounts.
        lang: `zh` or `en`.
    """
    sheet = book.add_worksheet(say(lang, "sheet.overview"), Sheet)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, say(lang, "overview.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, "overview.purpose"), style.look("purpose"))
    _labels(sheet, style, lang, native=recipe.workings)
    for formula in _formulas(recipe, lang):
        look = _look(style, formula.kind)
        value: object = _published_at(formula) if formula.row > _RULES_AT else ""
        sheet.write_formula(formula.row, formula.column, "=" + _stored(recipe, formula.text, lang), look, value)
    for row, name in enumerate(_NUMBERS, _RULES_AT + 2):
        book.define_name(name, f"='{say(lang, 'sheet.overview')}'!$E${row}")
    _marks(sheet, style)
    _charts(book, sheet, lang, native=recipe.workings)
    _print(sheet, lang)


def _look(style: Style, kind: str) -> Format:
    if kind == "line":
        return style.look("label_left")
    return style.cell("text" if kind == "label" else kind, computed=True, wrap=kind == "label")


def _published_at(formula: _Formula) -> float:
    return _published(list(_NUMBERS)[formula.row - _RULES_AT - 1])


def _section(sheet: Worksheet, style: Style, row: int, text: str, width: int = 8) -> None:
    for column in range(width):
        sheet.write_string(row, column, "" if column else text, style.look("section"))


def _heads(sheet: Worksheet, style: Style, row: int, keys: tuple[str, ...], lang: str) -> None:
    sheet.set_row(row, 18 if lang == "zh" else 30)
    for column, key in enumerate(keys):
        sheet.write_string(row, column, say(lang, f"overview.{key}"), style.look("head_computed"))


def _labels(sheet: Worksheet, style: Style, lang: str, *, native: bool) -> None:
    """Everything that is no formula."""
    label = style.cell("text", computed=True, wrap=True)
    for key, row in _SECTIONS.items():
        _section(sheet, style, row, say(lang, f"overview.{key}"))
    _heads(sheet, style, _TIERS_AT + 1, _TIER_HEADS, lang)
    rows = (*TIERS, say(lang, "overview.total"), say(lang, "overview.untiered"))
    for row, text in enumerate(rows, _TIERS_AT + 2):
        sheet.write_string(row, 0, text, label)
    sheet.write_string(_TIERS_AT + 2 + len(rows), 0, say(lang, "overview.order_note"), style.look("hint"))
    _heads(sheet, style, _AGEING_AT + 1, ("bucket", "count", "amount"), lang)
    for step, age in ((0, "not_due"), (5, "no_due_day")):
        sheet.write_string(_AGEING_AT + 2 + step, 0, say(lang, f"overview.{age}"), label)
    for row, key in enumerate(("from_payments", "from_accounts", "left_over", "bad_rows"), _CHECK_AT + 1):
        sheet.write_string(row, 0, say(lang, f"overview.{key}"), label)
    for row, key in enumerate(("signed_count", "signed_kept"), _SIGNED_AT + 1):
        sheet.write_string(row, 0, say(lang, f"overview.{key}"), label)
    _heads(sheet, style, _BORDERS_AT + 1, ("account_no", "name", "tier", "change"), lang)
    if native:
        sheet.write_string(_BORDERS_AT + 2, 0, say(lang, "overview.not_native"), style.look("hint"))
        sheet.write_string(_PROBLEMS_AT + 1, 0, say(lang, "overview.problems_native"), style.look("hint"))
    book = rulebook.load()
    for row, (name, of) in enumerate(_NUMBERS.items(), _RULES_AT + 1):
        owner = book.settings.get(of) or book[of]
        text = owner.parameters[_PATHS.get(name, name)].label[lang]
        sheet.write_string(row, 0, text, style.look("label_left"))


def _marks(sheet: Worksheet, style: Style) -> None:
    """What should be nothing stands out where it is not."""
    for row in (_CHECK_AT + 3, _CHECK_AT + 4):
        wrong = {"type": "formula", "criteria": f"=N($B${row + 1})<>0", "format": style.mark("overdue")}
        sheet.conditional_format(row, 0, row, 1, wrong)


def _charts(book: Workbook, sheet: Worksheet, lang: str, *, native: bool) -> None:
    first, last = _TIERS_AT + 2, _TIERS_AT + 1 + len(TIERS)
    shares = (("share", 2, _DARK), ("target", 3, _OPEN), ("paid_share", 6, _STRIPED))
    _chart(book, sheet, lang, "chart_tiers", (first, last), shares, _TIERS_AT, "0%")
    ages = (_AGEING_AT + 3, _AGEING_AT + 6)
    _chart(book, sheet, lang, "chart_ageing", ages, (("amount", 2, _DARK),), _TIERS_AT + 17, "#,##0")
    if not native:
        near = (("near", 7, _STRIPED),)
        _chart(book, sheet, lang, "chart_near", (first, last), near, _TIERS_AT + 34, "0")


def _chart(
    book: Workbook,
    sheet: Worksheet,
    lang: str,
    title: str,
    rows: tuple[int, int],
    series: tuple[tuple[str, int, dict[str, Any]], ...],
    at: int,
    numbers: str,
) -> None:
    """A column chart whose series differ in lightness and pattern, so that they can be told apart in grey."""
    chart = book.add_chart({"type": "column"})
    name = say(lang, "sheet.overview")
    first, last = rows
    for key, column, look in series:
        labels = {"value": True, "num_format": numbers, "font": {"size": 8}}
        chart.add_series(
            {
                "name": say(lang, f"overview.{key}"),
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column, last, column],
                "data_labels": labels,
                "gap": 60,
                **look,
            }
        )
    chart.set_title({"name": say(lang, f"overview.{title}"), "name_font": {"size": 11, "bold": True}})
    chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
    axis = {"num_format": numbers, "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}, "min": 0}
    chart.set_y_axis(axis)
    chart.set_size({"width": 560, "height": 310})
    sheet.insert_chart(at, _CHART_AT, chart, {"object_position": 2})


def _print(sheet: Worksheet, lang: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&C{say(lang, 'register.footer')}")
    sheet.print_area(0, 0, _RULES_AT + len(_NUMBERS), _CHART_AT + 8)
