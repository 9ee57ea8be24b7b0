"""The policy sheet: every cell of the source's table with how sure it is; the lost ones first, to be filled in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.policy import TIERS
from xlplugin.texts import say
from xlplugin.workbooks.sheets import table
from xlplugin.workbooks.sheets._marks import Mark
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.recipe import Recipe
    from xlplugin.workbooks.style import Style

__all__ = ["counter", "draw"]

_SPARE = 6
_COUNT_ROW = 2


class _Cell(NamedTuple):
    """A cell of the source's table; without a value of its own its text is `policy.text.<tier>.<item>`."""

    tier: str
    item: str
    certainty: str
    lines: str
    value: float | str | None = None
    remark: str = ""


_SOURCE = (
    _Cell("VIP", "third_criterion", "lost", "002:L326", remark="third"),
    *(_Cell(tier, "cooperation", "lost", "002:L319-L344", remark="lost") for tier in ("VIP", "A")),
    *(_Cell(tier, "credit_days", "lost", "002:L319-L344", remark="lost") for tier in ("VIP", "A")),
    *(_Cell(tier, "payment_standard", "lost", "002:L319-L344", remark="lost") for tier in ("VIP", "A", "B")),
    _Cell("VIP", "character", "certain", "002:L340"),
    _Cell("VIP", "target_share", "likely", "002:L325", 0.05, "high"),
    _Cell("VIP", "product_lines", "certain", "002:L326"),
    _Cell("VIP", "monthly_payment", "certain", "002:L326"),
    _Cell("A", "character", "certain", "002:L328"),
    _Cell("A", "target_share", "certain", "002:L329", 0.20),
    _Cell("A", "product_lines", "certain", "002:L330"),
    _Cell("A", "monthly_payment", "certain", "002:L330"),
    _Cell("A", "best_line_payment", "certain", "002:L330"),
    _Cell("B", "character", "certain", "002:L332"),
    _Cell("B", "target_share", "certain", "002:L333", 0.50),
    _Cell("B", "product_lines", "certain", "002:L334"),
    _Cell("B", "monthly_payment", "likely", "002:L334"),
    _Cell("B", "best_line_payment", "certain", "002:L334"),
    _Cell("B", "cooperation", "likely", "002:L344", remark="low"),
    _Cell("B", "credit_days", "likely", "002:L322", "10-15", "upper"),
    _Cell("C", "character", "certain", "002:L336"),
    _Cell("C", "target_share", "likely", "002:L341", 0.25, "high"),
    _Cell("C", "cooperation", "likely", "002:L322", remark="high"),
    _Cell("C", "credit_days", "likely", "002:L323", "0-7", "upper"),
    _Cell("C", "payment_standard", "likely", "002:L324", 1.0, "standard"),
)


def draw(book: Workbook, style: Style, recipe: Recipe, lang: str) -> None:
    """The policy sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        recipe: the policy's table.
        lang: `zh` or `en`.
    """
    sheet = table.draw(book, style, recipe, lang, len(_SOURCE) + _SPARE, partial(_marks, style, lang))
    sheet.write_string(_COUNT_ROW, 0, say(lang, "policy.to_fill"), style.look("label_left"))
    lost = sum(cell.certainty == "lost" for cell in _SOURCE)
    sheet.write_formula(_COUNT_ROW, 1, "=" + counter(lang), style.look("count"), lost)
    sheet.write_string(_COUNT_ROW, 2, say(lang, "policy.order_note"), style.look("hint"))
    for row, cell in enumerate(_SOURCE, table.FIRST):
        looks = [style.cell("choice"), style.cell("text")]
        sheet.write_string(row, 0, cell.tier, looks[0])
        sheet.write_string(row, 1, say(lang, f"policy.{cell.item}"), looks[1])
        _value(sheet, style, row, cell, lang)
        sheet.write_string(row, 3, say(lang, f"policy.certainty.{cell.certainty}"), looks[0])
        sheet.write_string(row, 4, cell.lines, looks[0])
        sheet.write_string(
            row, 5, say(lang, f"policy.remark.{cell.remark}") if cell.remark else "", style.cell("prose")
        )


def _value(sheet: object, style: Style, row: int, cell: _Cell, lang: str) -> None:
    write = sheet.write  # type: ignore[attr-defined] # XlsxWriter ships no type information
    if cell.certainty == "lost":
        write(row, 2, None, style.cell("prose"))
    elif isinstance(cell.value, float):
        write(row, 2, cell.value, style.cell("share"))
    else:
        text = cell.value or say(lang, f"policy.text.{cell.tier.casefold()}.{cell.item}")
        write(row, 2, text, style.cell("prose"))


def _marks(style: Style, lang: str, cell: Callable[[str], str]) -> Iterator[Mark]:
    lost, likely = (quoted(say(lang, f"policy.certainty.{one}")) for one in ("lost", "likely"))
    sure, value = cell("certainty"), cell("value")
    yield from _tier_marks(style, cell)
    yield Mark("value", "certainty", f'=AND({sure}={lost},{value}="")', style.mark("lost"))
    yield Mark("value", "certainty", f"={sure}={lost}", style.mark("filled"))
    yield Mark("value", "certainty", f"={sure}={likely}", style.mark("likely"))


def _tier_marks(style: Style, cell: Callable[[str], str]) -> Iterator[Mark]:
    for tier in TIERS:
        look = style.mark("tier_vip") if tier == "VIP" else style.grade(tier)
        yield Mark("tier", "tier", f'={cell("tier")}="{tier}"', look)


def counter(lang: str) -> str:
    """How many lost cells are still to be filled in, as stored."""
    columns = {key: f"tblPolicy[{say(lang, f'policy.column.{key}')}]" for key in ("certainty", "value")}
    lost = quoted(say(lang, "policy.certainty.lost"))
    return f'SUMPRODUCT(({columns["certainty"]}={lost})*({columns["value"]}=""))'
