"""What the functions of placement share: tables read once, one row read by its headers, and how things are said."""

from __future__ import annotations

from functools import partial
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import Unreadable, is_blank, number_reader, text_of
from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import Terms, named, places, terms_of
from xlplugin.decisions.placement_rows import CALL, UNIT, WISH, columns_of, read_call, read_unit, read_wish
from xlplugin.decisions.why import cut
from xlplugin.texts import say
from xlplugin.worksheet.desk import WrongFormula, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xlplugin.decisions.office_rules import BadLine
    from xlplugin.decisions.placement_rows import Read, Table
    from xlplugin.domain import Unit, Wish
    from xlplugin.worksheet.desk import Desk

__all__ = [
    "Project",
    "Standing",
    "customers_line",
    "listed",
    "location",
    "masked",
    "one_call",
    "one_unit",
    "one_wish",
    "project_of",
    "standing",
    "state_word",
    "terms",
    "word",
]

_count = number_reader(0, 1e9)
SIGNS = {"vacant": "○", "matched": "●", "contested": "◆", "heap": "▲"}
_SOLD = "■"
_SALE_STATES = ("reserved", "subscribed", "signed")
_LONGEST = 40  # signs of a state that people made up
_WISHED = "◐"  # one customer wants it and is not placed
_ON_MAP = 3  # customers named in a cell of the map


class Project(NamedTuple):
    """The units of a table: each read, its place by number, and how many want it first where the table says so."""

    units: list[Unit]
    where: Mapping[str, int]
    crowd: Mapping[str, int]
    lang: str

    def first_choice(self, wish: Wish) -> list[Unit | None]:
        """The units a customer names first; None for each number that no unit has."""
        return named(wish.choices[0] if wish.choices else (), self.units, self.where)


class Standing(NamedTuple):
    """The wishes of a table: each read, who wants which unit first, and how the table says each is placed."""

    wishes: list[Wish]
    by_unit: Mapping[str, Sequence[int]]
    placed: Sequence[bool]
    crowding: Sequence[str]
    lang: str

    def on(self, unit_no: str) -> list[Wish]:
        """The customers who want a unit first."""
        return [self.wishes[at] for at in self.by_unit.get(unit_key(unit_no), ())]

    def placed_on(self, unit_no: str) -> int:
        """How many of them the table says are placed."""
        return sum(self.placed[at] for at in self.by_unit.get(unit_key(unit_no), ()))

    def crowded(self, numbers: Terms) -> list[Wish]:
        """The customers of heaps, the largest heap first: as the table says, else by its first choices."""
        most = {wish.order: max((len(self.on(name)) for name in wish.choices[0]), default=0) for wish in self.wishes}
        heaps = {text_of(say(lang, "placement.heap")) for lang in ("zh", "en")}
        told = any(self.crowding)
        those = [
            wish
            for wish, state in zip(self.wishes, self.crowding)
            if (state in heaps if told else most[wish.order] >= numbers.heap)
        ]
        return sorted(those, key=lambda wish: -most[wish.order])


def terms(desk: Desk, rules: object) -> tuple[Terms, BadLine | None]:
    """The numbers of placement under a workbook's rules, and the line that can't be followed, if any."""
    numbers, bad = desk.numbers("placement", rules)
    return terms_of(numbers), bad


def project_of(desk: Desk, units: object) -> Project:
    """The units of a table with its header, read once."""
    return desk.table(units, "units", partial(_project, desk))


def standing(desk: Desk, wishes: object) -> Standing:
    """The wishes of a table with its header, read once."""
    return desk.table(wishes, "wishes", partial(_standing, desk))


def _project(desk: Desk, rows: Sequence[Sequence[object]]) -> Project:
    table = _header(rows, UNIT, "unit_no")
    units, crowd = [], {}
    for row in rows[1:]:
        unit = read_unit(table, row, desk.epoch).value
        if unit.unit_no:
            units.append(unit)
            crowd[unit_key(unit.unit_no)] = _counted(table.cell(row, "wishes"))
    return Project(units, places(units), crowd, table.lang)


def _counted(cell: object) -> int:
    try:
        return int(_count(cell) or 0)
    except Unreadable:
        return 0


def _standing(desk: Desk, rows: Sequence[Sequence[object]]) -> Standing:
    table = _header(rows, WISH, "choice_1")
    filled = [row for row in rows[1:] if not is_blank(table.cell(row, "choice_1"))]
    wishes = [read_wish(table, row, order, desk.epoch).value for order, row in enumerate(filled)]
    by_unit: dict[str, list[int]] = {}
    for at, wish in enumerate(wishes):
        for key in dict.fromkeys(map(unit_key, wish.choices[0])):
            by_unit.setdefault(key, []).append(at)
    words = {text_of(say(lang, "placement.placed")) for lang in ("zh", "en")}
    placed = [text_of(table.cell(row, "placement") or "") in words for row in filled]
    crowding = [text_of(table.cell(row, "crowding") or "") for row in filled]
    return Standing(wishes, by_unit, placed, crowding, table.lang)


def _header(rows: Sequence[Sequence[object]], words: Mapping[str, str], needed: str) -> Table:
    table = columns_of(rows[0], words)
    if needed not in table.columns:
        raise WrongFormula("#N/A")
    return table


def _one(
    desk: Desk, fields: object, evidence: object, words: Mapping[str, str], read: Callable[..., Read]
) -> tuple[Read, str]:
    """A row read by its headers, and their language; #N/A without a known header, #VALUE! if they don't fit."""
    header = [cell for row in rows_of(fields) for cell in row]
    row = [cell for row in rows_of(evidence) for cell in row]
    table = columns_of(header, words)
    if not table.columns:
        raise WrongFormula("#N/A")
    if len(header) != len(row):
        raise WrongFormula("#VALUE!")
    return read(table, row, epoch=desk.epoch), table.lang


def one_wish(desk: Desk, fields: object, evidence: object) -> tuple[Read, str]:
    """A customer's wish from his row, and the language of the headers."""
    return _one(desk, fields, evidence, WISH, read_wish)


def one_unit(desk: Desk, fields: object, evidence: object) -> tuple[Read, str]:
    """A unit from its row, and the language of the headers."""
    return _one(desk, fields, evidence, UNIT, read_unit)


def one_call(desk: Desk, fields: object, evidence: object) -> tuple[Read, str]:
    """A call from its row of the pre-selection form, and the language of the headers."""
    return _one(desk, fields, evidence, CALL, read_call)


def word(lang: str, code: str) -> str:
    """A code in a language's word; the code itself where the headers were ids."""
    return code if lang == "code" else say(lang, f"placement.{code}")


def state_word(lang: str, state: str) -> str:
    """A unit's state in a language's word; a state of sale that is no known word stands as it was typed."""
    return word(lang, state) if state in (*SIGNS, *_SALE_STATES) else state[:_LONGEST]


def listed(lang: str, sentences: Iterable[str]) -> str:
    """Sentences joined, at most 255 characters."""
    return cut(say(_spoken(lang), "join.sentence").join(sentences))


def _spoken(lang: str) -> str:
    return "zh" if lang == "zh" else "en"


def masked(name: str) -> str:
    """A name of which only the first sign is shown."""
    return f"{name[0]}**" if name else ""


def customers_line(lang: str, wishes: Sequence[Wish], most: int) -> str:
    """Customers by number and masked name, the first few of them and how many there are."""
    names = [f"{wish.customer_no} {masked(wish.name)}".strip() for wish in wishes[:most]]
    said = say(_spoken(lang), "join.list").join(names)
    return said + (say(_spoken(lang), "placement.and_all", count=len(wishes)) if len(wishes) > most else "")


def location(lang: str, unit: Unit, state: str, wishes: Sequence[Wish], placed: int) -> str:
    """The text of a unit's cell on the map: what it is, what it costs, who wants it."""
    spoken = _spoken(lang)
    facts = {
        "area": _figure(unit.area, 2).replace(",", ""),
        "price": _figure(unit.unit_price, 0),
        "total": _money(spoken, unit.total),
    }
    sign = _WISHED if state == "matched" and not placed else SIGNS.get(state, _SOLD)
    first = f"{sign} {unit.unit_no}" + (say(spoken, "placement.label.area", **facts) if unit.area else "")
    price = say(spoken, "placement.label.price", **facts) if unit.unit_price is not None else ""
    third = say(spoken, "placement.label.counts", wishes=len(wishes), placed=placed)
    if state not in SIGNS:
        third = f"{state_word(spoken, state)} {third}"
    return "\n".join([first, f"{price}{facts['total']}".strip(), third, customers_line(lang, wishes, _ON_MAP)]).rstrip(
        "\n"
    )


def _figure(value: float | None, decimals: int) -> str:
    """A figure as a sheet rounds it, halves up, without needless zeros."""
    if value is None:
        return ""
    times = 10**decimals
    text = f"{floor(value * times + 0.5 + 1e-9) / times:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(lang: str, total: float | None) -> str:
    """A total in ten thousands in Chinese, in full in English."""
    if total is None:
        return ""
    shown = _figure(total / 10_000, 2).replace(",", "") if lang == "zh" else _figure(total, 0)
    return say(lang, "placement.label.total", total=shown)
