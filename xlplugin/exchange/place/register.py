"""Customers of a visitor register brought into the wishes: new ones into empty rows, known ones filled up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, amount_reader, date_reader, error_in, is_blank, show, text_of, tidy
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement_rows import split_units
from xlplugin.errors import XlpError
from xlplugin.exchange._masks import digits_of, masked_name
from xlplugin.exchange.place._areas import Sheets
from xlplugin.exchange.place._headers import REGISTER
from xlplugin.exchange.place.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from xlplugin.exchange.place._areas import Area
    from xlplugin.exchange.place.reading import Project

__all__ = ["SHORTEST_PHONE", "Taken", "take_in"]

# Column of the wishes: column of the register.
_COLUMNS = {
    "customer_no": "register_no",
    "name": "name",
    "phone": "phone",
    "grade": "grade",
    "acceptable_total": "budget",
    "intended_area": "area",
    "payment": "payment",
}
_AMOUNTS, _AMOUNT = ("acceptable_total", "intended_area"), amount_reader(0, 1e12)
_LAST = 1 << 20
SHORTEST_PHONE = 7


class Taken(NamedTuple):
    """What a register brought.

    Args:
        inputs: by sheet, row and column of the wishes, the value that goes there.
        said: what was done, row by row.
        new, filled, same: how many customers came new, were filled up, and were there already as they are.
        left: how many found no empty row.
    """

    inputs: dict[tuple[str, int, int], object]
    said: list[Problem]
    new: int
    filled: int
    same: int
    left: int


class _Customer(NamedTuple):
    """A customer's current row in the register: its number, his values by column of the wishes, his phone's digits."""

    row: int
    values: dict[str, object]
    phone: str


def take_in(project: Project, path: Path) -> Taken:
    """What a register brings into the wishes of a project; cells that hold something stay as they are.

    Args:
        project: the workbook the customers come into.
        path: the register.

    Raises:
        XlpError: it is no workbook, or holds no register.
    """
    sheets = Sheets(path)
    area = sheets.find(REGISTER, ("name", "phone"))
    if area is None:
        raise XlpError("place_no_register", path=path, allowed="客户姓名、联系电话 / Customer, Phone")
    wishes = _Wishes(project)
    known = {unit_key(unit.unit_no) for unit in project.units}
    for customer in _current(area, sheets.epoch, known):
        wishes.take(customer)
    return wishes.taken()


def _current(area: Area, epoch: int, known: set[str]) -> Iterator[_Customer]:
    """Each customer's latest reception, in the order of the register's rows (decisions.md 14)."""
    latest: dict[str, tuple[int, int]] = {}
    rows = {}
    for number, cells in area.cells():
        if is_blank(cells.get("name")) and is_blank(cells.get("phone")):
            continue
        phone = _phone(cells.get("phone"))
        key = phone or f"row {number}"
        latest[key] = max(latest.get(key, (0, 0)), (_day(cells.get("visit_date"), epoch), number))
        rows[number] = (cells, phone)
    for _, number in sorted(latest.values(), key=lambda at: at[1]):
        cells, phone = rows[number]
        yield _Customer(number, dict(_values(cells, known)), phone)


def _values(cells: Mapping[str, object], known: set[str]) -> Iterator[tuple[str, object]]:
    """What a row says, by column of the wishes; what is blank or an error is left out."""
    for key, source in _COLUMNS.items():
        value = cells.get(source)
        if key == "grade" and not is_blank(cells.get("override")):
            value = cells["override"]
        if is_blank(value) or error_in(value):
            continue
        if key in _AMOUNTS:
            try:
                value = _AMOUNT(value)
            except Unreadable:
                value = tidy(show(value))  # it shows in the row that it can't be read
        yield key, tidy(value) if isinstance(value, str) else value
    unit = cells.get("unit")
    names = split_units(unit) if isinstance(unit, str) else ()
    if names and all(unit_key(name) in known for name in names):
        yield "choice_1", "、".join(names)


def _phone(value: object) -> str:
    """The digits under which a customer is known; empty where there are too few."""
    digits = digits_of(show(value) if isinstance(value, (int, float)) else str(value or ""))
    return digits if len(digits) >= SHORTEST_PHONE else ""


def _day(value: object, epoch: int) -> int:
    try:
        return date_reader(epoch)(value) or 0
    except Unreadable:
        return 0


class _Wishes:
    """The rows of the wishes while customers come in."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._area = area = project.wish_area
        self._cells = dict(area.cells())
        self._by_phone: dict[str, int] = {}
        self._by_number: dict[str, int] = {}
        for row, wish in zip(project.wish_rows, project.wishes):
            if _phone(wish.phone):
                self._by_phone.setdefault(_phone(wish.phone), row)
            if wish.customer_no:
                self._by_number.setdefault(text_of(wish.customer_no), row)
        used = set(project.wish_rows)
        self._empty = (row for row in range(area.first, min(area.last, _LAST) + 1) if row not in used)
        self._taken = Taken({}, [], 0, 0, 0, 0)

    def taken(self) -> Taken:
        """What was brought."""
        return self._taken

    def take(self, customer: _Customer) -> None:
        """Brings one customer in: his own row filled up, or the next empty one."""
        values = {key: value for key, value in customer.values.items() if key in self._area.columns}
        number = values.get("customer_no")
        row = self._by_phone.get(customer.phone) or (self._by_number.get(text_of(number)) if number else None)
        if row is None:
            self._add(customer, values)
        else:
            self._fill(row, customer, values)

    def _add(self, customer: _Customer, values: dict[str, object]) -> None:
        row = next(self._empty, None)
        name = masked_name(str(values.get("name", "")))
        if row is None:
            self._say(0, "from_no_room", name=name, source=customer.row)
            self._taken = self._taken._replace(left=self._taken.left + 1)
            return
        if "phone" in values:
            values["phone"] = customer.phone or show(values["phone"])
        if "quantity" in self._area.columns and "choice_1" in values:
            values["quantity"] = float(len(split_units(str(values["choice_1"]))))
        self._put(row, values)
        self._say(row, "from_new", name=name, source=customer.row)
        self._taken = self._taken._replace(new=self._taken.new + 1)

    def _fill(self, row: int, customer: _Customer, values: dict[str, object]) -> None:
        there = self._cells[row]
        blank = {key: value for key, value in values.items() if is_blank(there.get(key))}
        kept = [key for key, value in values.items() if key not in blank and not _alike(key, value, there[key])]
        if kept:
            self._say_headers(row, "from_kept", customer, kept)
        if not blank:
            self._taken = self._taken._replace(same=self._taken.same + 1)
            return
        self._put(row, blank)
        self._say_headers(row, "from_filled", customer, blank)
        self._taken = self._taken._replace(filled=self._taken.filled + 1)

    def _put(self, row: int, values: Mapping[str, object]) -> None:
        for key, value in values.items():
            self._taken.inputs[self._area.sheet, row, self._area.columns[key]] = value

    def _say_headers(self, row: int, code: str, customer: _Customer, keys: Iterable[str]) -> None:
        headers = [self._area.headers[key] for key in keys]
        self._say(
            row, code, name=masked_name(str(customer.values.get("name", ""))), source=customer.row, headers=headers
        )

    def _say(self, row: int, code: str, **facts: object) -> None:
        self._taken.said.append(Problem(self._area.sheet, row, code, facts))


def _alike(key: str, one: object, other: object) -> bool:
    """Whether two cells say the same, however they are typed."""
    if key == "phone":
        return _phone(one) == _phone(other)
    if key == "choice_1":
        return [*map(unit_key, split_units(show(one)))] == [*map(unit_key, split_units(show(other)))]
    if key in _AMOUNTS:
        try:
            return _AMOUNT(one) == _AMOUNT(other)
        except Unreadable:
            return False
    return text_of(one) == text_of(other)
