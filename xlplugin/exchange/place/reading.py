"""A workbook's units and wishes, each cell read as typed; whatever can't be read is named, and the row stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from xlplugin.cells import (
    Unreadable,
    amount_reader,
    date_reader,
    error_in,
    is_blank,
    read_yes_no,
    show,
    text_of,
    tidy,
    whole_reader,
)
from xlplugin.decisions.placement_rows import PAYMENT_WORDS, SALE_WORDS, split_units
from xlplugin.domain import Unit, Wish
from xlplugin.errors import XlpError
from xlplugin.exchange.place._areas import Sheets
from xlplugin.exchange.place._headers import UNITS, WISHES
from xlplugin.exchange.place.problems import Problem, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xlplugin.exchange.place._areas import Area

    Reader = Callable[[object], object]

__all__ = ["CHOICES", "Project", "Row", "read_project"]

CHOICES = ("choice_1", "choice_2", "choice_3")
_MOST = 1e12
_MOST_UNITS = 1000
_TEXTS = ("building", "entrance", "floor", "stack", "layout", "use", "permit_no", "plan", "catering")


@dataclass
class Project:
    """What a workbook holds of a project.

    Args:
        path: the workbook.
        lang: the language of its headers, zh or en.
        units, wishes: as read, in the order of their rows; unit_rows and wish_rows: the number of each one's row.
        problems: what is wrong with rows.
    """

    path: Path
    sheets: Sheets
    lang: str
    unit_area: Area
    wish_area: Area
    units: list[Unit] = field(default_factory=list)
    unit_rows: list[int] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    wish_rows: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Row:
    """The cells of one row, read one by one; what can't be read becomes a problem and counts as blank."""

    def __init__(self, area: Area, number: int, cells: Mapping[str, object], problems: list[Problem]) -> None:
        self.number = number
        self.cells = cells
        self._area = area
        self._problems = problems

    def problem(self, code: str, **facts: object) -> None:
        """Names something that is wrong with the row."""
        self._problems.append(Problem(self._area.sheet, self.number, code, facts))

    def unreadable(self, key: str, cause: Unreadable) -> None:
        """Names a cell that can't be read, and what is allowed there."""
        self.problem(
            "unreadable",
            header=self._area.headers[key],
            found=show(cause.found),
            allowed=Said(f"cell.{cause.why}", cause.facts),
        )

    def read(self, key: str, reader: Reader) -> object:
        """The cell's value; None where it is blank or can't be read."""
        try:
            return reader(self.cells.get(key))
        except Unreadable as cause:
            self.unreadable(key, cause)
            return None

    def number_of(self, key: str, reader: Reader) -> float | None:
        """The cell's number; None where there is none."""
        value = self.read(key, reader)
        return float(value) if isinstance(value, (int, float)) else None

    def text(self, key: str) -> str:
        """The cell as a text, without needless space; a number as people write it."""
        value = self.cells.get(key)
        if error_in(value):
            self.unreadable(key, Unreadable("error_value", error_in(value)))
            return ""
        return "" if is_blank(value) else tidy(show(value) if not isinstance(value, str) else value)

    def is_day(self, key: str) -> bool:
        """Whether the cell holds a date, as 3-12 becomes one when it is typed without care."""
        return isinstance(self.cells.get(key), date)


def read_project(path: Path, sheets: Sheets | None = None) -> Project:
    """The units and wishes of a workbook, whichever its column order, in tables or plain ranges.

    Args:
        path: the workbook.
        sheets: its cells, where they are known already and may have more in them than the file.

    Raises:
        XlpError: it is no workbook, or has no units or no wishes under known headers.
    """
    sheets = sheets or Sheets(path)
    units = sheets.find(UNITS, ("unit_no", "area|total|unit_price|floor|building"))
    wishes = sheets.find(WISHES, ("choice_1", "customer_no|name"))
    if units is None or wishes is None:
        kind = UNITS if units is None else WISHES
        allowed = ", ".join(f"{words.split('|')[0]} / {key.replace('_', ' ')}" for key, words in [*kind.items()][:6])
        raise XlpError("place_no_units" if units is None else "place_no_wishes", path=path, allowed=allowed)
    lang = "zh" if any("一" <= sign <= "鿿" for header in wishes.headers.values() for sign in header) else "en"
    project = Project(path, sheets, lang, units, wishes)
    _read_units(project)
    _read_wishes(project)
    return project


def _read_units(project: Project) -> None:
    area = project.unit_area
    price = amount_reader(0.01, _MOST)
    readers: dict[str, Reader] = {"area": price, "unit_price": price, "total": price}
    day = date_reader(project.sheets.epoch)
    for number, cells in area.cells():
        if all(is_blank(cells.get(key)) for key in area.columns):
            continue
        row = Row(area, number, cells, project.problems)
        numbers = {key: row.number_of(key, _unless_nought(reader)) for key, reader in readers.items()}
        unit_no = _unit_no(row)
        if not unit_no:
            continue
        texts = {key: row.text(key) for key in _TEXTS}
        project.unit_rows.append(number)
        project.units.append(
            Unit(
                unit_no=unit_no,
                **texts,  # type: ignore[arg-type] # the texts among its fields
                **_priced(row, numbers),  # type: ignore[arg-type] # the numbers among them
                sale_state=_sale_state(row),
                permit_date=row.number_of("permit_date", day),
            )
        )


def _sale_state(row: Row) -> str:
    """The token of the state of sale; what can't be read stays as typed and is not for sale, to be on the safe side."""
    typed = row.text("sale_state")
    token = SALE_WORDS.get(text_of(typed))
    if typed and token is None:
        row.problem("unread_state", found=typed)
    return token or typed


def _unless_nought(reader: Reader) -> Reader:
    """A reader for which 0 is a blank, as a formula over blank cells shows it."""
    return lambda value: None if isinstance(value, (int, float)) and value == 0 else reader(value)


def _unit_no(row: Row) -> str:
    """The row's unit number; a row without one that holds other figures is named."""
    if row.is_day("unit_no"):
        row.problem("unit_is_day", found=show(row.cells["unit_no"]))
        return show(row.cells["unit_no"])
    unit_no = row.text("unit_no")
    if not unit_no:
        row.problem("no_unit_no")
    return unit_no


def _priced(row: Row, numbers: dict[str, float | None]) -> dict[str, float | None]:
    """Area, unit price and total; a total that is not given is worked out, and one that differs is named."""
    area, price, total = (numbers[key] for key in ("area", "unit_price", "total"))
    if area is not None and price is not None:
        product = round(area * price, 2)
        if total is None:
            total = product
        elif abs(total - product) >= 1:  # rounding to the yuan is no difference
            row.problem(
                "total_differs", total=_money(total), product=_money(product), difference=_money(total - product)
            )
    elif total is None:
        row.problem("no_total")
    return {"area": area, "unit_price": price, "total": total}


def _money(amount: float) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def _read_wishes(project: Project) -> None:
    area, order = project.wish_area, 0
    amount, day = amount_reader(0, _MOST), _moment_reader(project.sheets.epoch)
    readers: dict[str, Reader] = {"intended_area": amount, "acceptable_total": amount, "first_payment": amount}
    for number, cells in area.cells():
        if all(is_blank(cells.get(key)) for key in area.columns if key != "note"):
            continue
        row = Row(area, number, cells, project.problems)
        paid = row.text("payment")
        if paid and text_of(paid) not in PAYMENT_WORDS:
            row.problem("unknown_payment", found=paid)
        choices = tuple(_choice(row, key) for key in CHOICES)
        project.wish_rows.append(number)
        project.wishes.append(
            Wish(
                customer_no=row.text("customer_no"),
                name=row.text("name"),
                phone=row.text("phone"),
                quantity=_quantity(row, choices),
                choices=choices,
                payment=PAYMENT_WORDS.get(text_of(paid), paid),
                grade=row.text("grade").upper(),
                strong=row.read("strong", read_yes_no) is True or None,
                deposit_time=row.number_of("deposit_time", day),
                order=order,
                **{key: row.number_of(key, reader) for key, reader in readers.items()},
            )
        )
        order += 1


def _choice(row: Row, key: str) -> tuple[str, ...]:
    if row.is_day(key):
        row.problem("choice_is_day", found=show(row.cells[key]))
    return split_units(row.text(key))


def _quantity(row: Row, choices: tuple[tuple[str, ...], ...]) -> float:
    """How many units are wanted: as typed, else as many as the first choice names, at least one."""
    named = len(choices[0])
    wanted = row.read("quantity", whole_reader(1, _MOST_UNITS))
    if not isinstance(wanted, int):
        if named > 1:
            row.problem("quantity_by_choice", named=named)
        return float(max(1, named))
    if named and named != wanted:
        row.problem("count", named=named, wanted=wanted)
    return float(wanted)


def _moment_reader(epoch: int) -> Reader:
    """A reader of days with their time: an ordinal, the time of day as its fraction."""
    day = date_reader(epoch)

    def read(value: object) -> float | None:
        if isinstance(value, datetime):
            return value.toordinal() + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
        ordinal = day(value)
        if ordinal is None:
            return None
        if isinstance(value, (int, float)) and value < _MOST_UNITS * 1000:  # a serial: its fraction is the time
            return ordinal + value % 1
        return ordinal + _typed_time(value)

    return read


def _typed_time(value: object) -> float:
    match = re.search(r"(\d{1,2})[:时](\d{1,2})", tidy(value)) if isinstance(value, str) else None
    return (int(match[1]) * 60 + int(match[2])) / 1440 if match else 0.0
