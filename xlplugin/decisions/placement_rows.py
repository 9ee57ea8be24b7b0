"""Rows of units and wishes as a sheet holds them, read by their headers; what can't be read is named, not guessed."""

from __future__ import annotations

import re
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin.cells import (
    EPOCH_1900,
    Unreadable,
    amount_reader,
    date_reader,
    error_in,
    is_blank,
    number_reader,
    read_yes_no,
    show,
    text_of,
    tidy,
)
from xlplugin.decisions.preselection import Call
from xlplugin.domain import Unit, Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "CALL",
    "PAYMENT_WORDS",
    "SALE_WORDS",
    "UNIT",
    "WISH",
    "Read",
    "Table",
    "columns_of",
    "read_call",
    "read_unit",
    "read_wish",
    "split_units",
]

_APART = re.compile(r"[、,;|\s]+")  # full-width signs are half-width by then
_BRACKETS = re.compile(r"\(.*?\)")

# By column its words, apart by `|`, besides its own key.
UNIT = {
    "unit_no": "房号|房源|铺位号|铺号|unit no|unit",
    "building": "楼栋|栋号|楼号|building",
    "entrance": "单元|entrance",
    "floor": "楼层|层|floor",
    "stack": "位置|stack|position",
    "layout": "户型|layout",
    "area": "面积|建筑面积|area",
    "unit_price": "单价|unit price",
    "total": "总价|total",
    "sale_state": "销售状态|sale state",
    "use": "用途|use",
    "permit_no": "预售证号|permit no",
    "permit_date": "预售日期|permit date",
    "wishes": "意向数|wishes",
}
WISH = {
    "customer_no": "编号|客户编号|no|customer no",
    "name": "姓名|客户姓名|name",
    "phone": "电话|联系电话|phone",
    "quantity": "意向套数|意向购买数量|quantity",
    "choice_1": "首选|第一意向铺位号|first choice",
    "choice_2": "次选|second choice",
    "choice_3": "三选|third choice",
    "intended_area": "意向面积|intended area",
    "acceptable_total": "接受总价|acceptable total",
    "first_payment": "首付购买力|first payment power",
    "payment": "付款方式|payment method|payment",
    "grade": "等级|意向等级|grade",
    "strong": "意向强烈|strong intent",
    "deposit_time": "诚意金时间|deposit time",
    "placement": "落位结果|placement",
    "crowding": "首选现状|first choice now",
}
CALL = {
    "convenient": "方便接听|是否方便接听|can talk now|convenient",
    "agreed": "约定时间|约定通话|agreed time|agreed",
    "state": "客户状态|customer state|state",
    "called": "通话日期|called on|called",
    "grade": "等级|意向等级|grade",
}
_SALE = {
    "available": "可售|在售|未售|available|for sale|unsold",
    "reserved": "保留|预留|reserved|held",
    "subscribed": "认购|已认购|已订|subscribed|booked",
    "signed": "签约|已签约|已售|signed|sold",
}
_PAYMENT = {
    "full": "一次性|全款|一次性付款|in full|full|full payment|cash",
    "mortgage": "商业贷款|按揭|商贷|银行按揭|mortgage|commercial loan|bank loan",
    "fund": "公积金|公积金按揭|公积金贷款|provident fund|fund|provident fund loan",
    "combined": "组合|组合贷|组合贷款|combined|combined loan",
    "instalments": "分期|分期付款|instalments|instalment|installments",
}
_CALL_STATE = {
    "has_wish": "已有意向|has a wish|has wish",
    "thinking": "再考虑|thinking it over|thinking",
    "unread": "未看资料|has not read the papers|not read|unread",
}


def _words(lists: Mapping[str, str]) -> dict[str, str]:
    return {text_of(word): key for key, words in lists.items() for word in (key, *words.split("|"))}


_HEADERS = {id(lists): _words(lists) for lists in (UNIT, WISH, CALL)}
SALE_WORDS, PAYMENT_WORDS, _STATE_WORDS = _words(_SALE), _words(_PAYMENT), _words(_CALL_STATE)
_area = amount_reader(0.01, 1e7)
_money = amount_reader(0, 1e12)
_count = number_reader(-inf, inf)


class Read(NamedTuple):
    """A row read: the unit, wish or call, and by column the cells that could not be read."""

    value: Any
    bad: Mapping[str, Unreadable]


class Table(NamedTuple):
    """How a header serves rows: by column its place, and the language of the headers (zh, en, or `code` for ids)."""

    columns: Mapping[str, int]
    lang: str

    def cell(self, row: Sequence[object], key: str) -> object:
        """A row's cell; None where there is no such column."""
        at = self.columns.get(key)
        return None if at is None or at >= len(row) else row[at]


def columns_of(header: Sequence[object], words: Mapping[str, str]) -> Table:
    """Where each column stands, its header being its key, its Chinese or its English word; of two alike the first."""
    names = _HEADERS[id(words)]
    columns: dict[str, int] = {}
    languages = set()
    for place, cell in enumerate(header):
        if is_blank(cell) or error_in(cell):
            continue
        plain = _BRACKETS.sub("", tidy(show(cell))).rstrip(".:* ")
        word = text_of(plain)
        key = names.get(word)
        if key is not None and key not in columns:
            columns[key] = place
            languages.add("zh" if not word.isascii() else "code" if plain == key else "en")
    return Table(columns, next((lang for lang in ("zh", "en") if lang in languages), "code"))


class _Row:
    """The cells of a row, read one by one; what can't be read counts as blank and is kept."""

    def __init__(self, table: Table, row: Sequence[object]) -> None:
        self._table, self._row = table, row
        self.bad: dict[str, Unreadable] = {}

    def read(self, key: str, reader: Callable[[object], Any]) -> Any:
        """A cell's value; None where it is blank or can't be read."""
        try:
            return reader(self._table.cell(self._row, key))
        except Unreadable as cause:
            self.bad[key] = cause
            return None

    def text(self, key: str) -> str:
        """A cell as a text, without needless space."""
        return self.read(key, _text) or ""

    def word(self, key: str, words: Mapping[str, str]) -> str:
        """The token a cell names, empty where it is blank; what it holds where that is no word of the list."""
        found = self.text(key)
        token = words.get(text_of(found)) if found else ""
        if token is None:
            self.bad[key] = Unreadable("not_a_choice", found, offered="/".join(dict.fromkeys(words.values())))
        return found if token is None else token


def _text(cell: object) -> str:
    error = error_in(cell)
    if error:
        raise Unreadable("error_value", error)
    if is_blank(cell):
        return ""
    return tidy(cell if isinstance(cell, str) else show(cell))


def split_units(text: str) -> tuple[str, ...]:
    """The unit numbers in a cell, apart by 、 , ; or space."""
    return tuple(part for part in _APART.split(tidy(text)) if part)


def read_unit(table: Table, row: Sequence[object], epoch: int = EPOCH_1900) -> Read:
    """A unit; its total is the given one, else area × unit price."""
    cells = _Row(table, row)
    area, price, total = cells.read("area", _area), cells.read("unit_price", _money), cells.read("total", _money)
    if total is None and "total" not in cells.bad and area is not None and price is not None:
        total = round(area * price, 2)
    texts = {key: cells.text(key) for key in ("unit_no", "building", "entrance", "floor", "stack", "layout")}
    unit = Unit(
        **texts,
        area=area,
        unit_price=price,
        total=total,
        sale_state=cells.word("sale_state", SALE_WORDS),
        use=cells.text("use"),
        permit_no=cells.text("permit_no"),
        permit_date=cells.read("permit_date", date_reader(epoch)),
    )
    return Read(unit, cells.bad)


def read_wish(table: Table, row: Sequence[object], order: int = 0, epoch: int = EPOCH_1900) -> Read:
    """A customer's wish."""
    cells = _Row(table, row)
    wish = Wish(
        customer_no=cells.text("customer_no"),
        name=cells.text("name"),
        phone=cells.text("phone"),
        quantity=cells.read("quantity", _count),
        choices=tuple(split_units(cells.text(f"choice_{rank}")) for rank in (1, 2, 3)),
        intended_area=cells.read("intended_area", _area),
        acceptable_total=cells.read("acceptable_total", _money),
        first_payment=cells.read("first_payment", _money),
        payment=cells.word("payment", PAYMENT_WORDS),
        grade=cells.text("grade"),
        strong=cells.read("strong", read_yes_no),
        deposit_time=cells.read("deposit_time", _moment(epoch)),
        order=order,
    )
    return Read(wish, cells.bad)


def read_call(table: Table, row: Sequence[object], epoch: int = EPOCH_1900) -> Read:
    """What a row of the pre-selection form says of the call."""
    cells = _Row(table, row)
    convenient = cells.read("convenient", read_yes_no)
    agreed = cells.read("agreed", _moment(epoch))
    state = cells.word("state", _STATE_WORDS)
    called = cells.read("called", date_reader(epoch))
    return Read(Call(convenient, agreed, state, called, cells.text("grade")), cells.bad)


def _moment(epoch: int) -> Callable[[object], float | None]:
    """A reader of dates that keeps the time of day, as a fraction."""
    day_of = date_reader(epoch)

    def read(cell: object) -> float | None:
        day = day_of(cell)
        if day is None:
            return None
        if isinstance(cell, datetime):
            return day + (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86400
        if isinstance(cell, float):
            return day + cell % 1
        clock = _CLOCK.search(tidy(cell)) if isinstance(cell, str) else None
        return day + (int(clock[1]) * 60 + int(clock[2])) / 1440 if clock else day

    return read


_CLOCK = re.compile(r"(\d{1,2})[:时](\d{1,2})")
