"""Placement workbooks for tests, written to the contract of `unit_placement`: tables or plain ranges, zh or en."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlplugin.domain import Unit, Wish

UNITS = {
    "unit_no": ("房号", "Unit no."),
    "building": ("楼栋", "Building"),
    "entrance": ("单元", "Entrance"),
    "floor": ("楼层", "Floor"),
    "stack": ("位置", "Stack"),
    "layout": ("户型", "Layout"),
    "area": ("面积", "Area"),
    "unit_price": ("单价", "Unit price"),
    "total": ("总价", "Total"),
    "sale_state": ("销售状态", "Sale state"),
    "use": ("用途", "Use"),
    "permit_no": ("预售证号", "Permit no."),
    "permit_date": ("预售日期", "Permit date"),
}
WISHES = {
    "customer_no": ("编号", "No."),
    "name": ("姓名", "Name"),
    "phone": ("电话", "Phone"),
    "quantity": ("意向套数", "Quantity"),
    "choice_1": ("首选", "First choice"),
    "choice_2": ("次选", "Second choice"),
    "choice_3": ("三选", "Third choice"),
    "intended_area": ("意向面积", "Intended area"),
    "acceptable_total": ("接受总价", "Acceptable total"),
    "first_payment": ("首付购买力", "First-payment power"),
    "payment": ("付款方式", "Payment method"),
    "grade": ("等级", "Grade"),
    "strong": ("意向强烈", "Strong intent"),
    "deposit_time": ("诚意金时间", "Deposit time"),
    "note": ("备注", "Note"),
}
SUGGESTION = {
    "customer_no": ("编号", "No."),
    "name": ("姓名", "Name"),
    "unit_no": ("房号", "Unit no."),
    "rank": ("第几选择", "Rank of choice"),
    "reason": ("说明", "Remark"),
}
SHEETS = {"zh": ("房源", "意向", "建议"), "en": ("Units", "Wishes", "Suggestion")}
_EPOCH = 693594  # the ordinal of a sheet's day 0
_WORDS = {
    "zh": {
        "available": "可售", "reserved": "保留", "subscribed": "认购", "signed": "签约", "full": "一次性",
        "mortgage": "按揭", "fund": "公积金", "combined": "组合贷", "instalments": "分期",
    },
    "en": {"full": "cash", "fund": "provident fund"},
}  # fmt: skip


def unit_row(unit: Unit, lang: str) -> dict[str, object]:
    """A unit as a person types it."""
    row: dict[str, object] = {key: getattr(unit, key) for key in UNITS}
    row["sale_state"] = _WORDS[lang].get(unit.sale_state, unit.sale_state)
    row["permit_date"] = None if unit.permit_date is None else unit.permit_date - _EPOCH
    return row


def wish_row(wish: Wish, lang: str) -> dict[str, object]:
    """A wish as a person types it."""
    row: dict[str, object] = {key: getattr(wish, key, None) for key in WISHES}
    for at, names in enumerate((*wish.choices, (), (), ())[:3], 1):
        row[f"choice_{at}"] = "、".join(names)
    row["payment"] = _WORDS[lang].get(wish.payment, wish.payment)
    row["strong"] = {True: "是" if lang == "zh" else "yes", None: None, False: "否"}[wish.strong]
    row["deposit_time"] = None if wish.deposit_time is None else wish.deposit_time - _EPOCH
    return row


def write_project(
    path: Path,
    units: Sequence[Mapping[str, object]],
    wishes: Sequence[Mapping[str, object]],
    *,
    lang: str = "zh",
    tables: bool = True,
    room: int = 40,
    suggestion: bool = True,
) -> Path:
    """A workbook with these rows.

    Args:
        path: where it goes.
        units, wishes: cells by key; keys that are not there stay blank.
        lang: of headers and sheets.
        tables: as tables with `room` empty rows, else as plain ranges under a title.
        room: rows of each table at least.
        suggestion: whether it has the sheet of suggestions.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    at = 0 if lang == "zh" else 1
    kinds = [("tblUnits", UNITS, units), ("tblWishes", WISHES, wishes), ("tblSuggestion", SUGGESTION, ())]
    for sheet_name, (name, columns, rows) in zip(SHEETS[lang], kinds[: 3 if suggestion else 2]):
        sheet = book.add_worksheet(sheet_name)
        sheet.write(0, 0, "云栖苑" if lang == "zh" else "Court")
        heads = [words[at] for words in columns.values()]
        if tables:
            last = 2 + max(room, len(rows))
            options = {"name": name, "columns": [{"header": head} for head in heads]}
            sheet.add_table(2, 0, last, len(heads) - 1, options)
        else:
            sheet.write_row(2, 0, heads)
        for number, row in enumerate(rows, 3):
            for column, key in enumerate(columns):
                if row.get(key) not in (None, ""):
                    sheet.write(number, column, row[key])
    book.close()
    return path


def write_sample(path: Path, units: Sequence[Unit], wishes: Sequence[Wish], lang: str = "zh", **more: object) -> Path:
    """A workbook that holds these units and wishes."""
    rows = [unit_row(unit, lang) for unit in units], [wish_row(wish, lang) for wish in wishes]
    return write_project(path, *rows, lang=lang, **more)  # type: ignore[arg-type] # the options of `write_project`
