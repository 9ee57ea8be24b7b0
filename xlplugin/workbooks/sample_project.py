"""A project before its opening, drawn once for all: 300 units, 500 customers with three choices each.

They crowd as they do in the field: two customers for each unit of one layout, one for ten units of another. Names are
plainly invented and phone numbers are from no assigned range.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.choices import limits_by
from xlplugin.domain import Unit, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OPENING", "sample_project"]

OPENING = date(2026, 4, 18)
_PERMIT, _PERMIT_DAY = {"zh": "示例预售证第0001号", "en": "Sample permit 0001"}, date(2026, 2, 10)
_FIRST_DAY = date(2026, 2, 20)  # of deposits
_SEED = 2026


class _Layout(NamedTuple):
    zh: str
    en: str
    area: float
    price: int
    customers: int  # who want it first


_LAYOUTS = {
    "b": _Layout("两房", "2 rooms", 72.35, 15800, 170),
    "c": _Layout("三房", "3 rooms", 89.6, 16200, 206),
    "d": _Layout("四房", "4 rooms", 118.4, 16900, 119),
    "e": _Layout("大平层", "Large flat", 143.25, 18600, 5),
}
# Building, its entrances, the layouts of its stacks from the left, its floors; 4 and 14 are called 3A and 13A.
_BUILDINGS = (
    ("1", 2, "cbbc", range(2, 27)),
    ("2", 2, "cbdccb", range(2, 20)),
    ("3", 1, "edde", range(1, 27)),
)
# Lobby, technical floor and setback: a plain grid would have units there. By building and floor, the stacks.
_MISSING = {("1", 2): "2", ("2", 2): "34", ("3", 1): "23", ("3", 2): "23", ("3", 14): "123", ("3", 26): "14"}
_LABELS = {4: "3A", 14: "13A", 24: "23A"}
_STATES = {"reserved": 4, "subscribed": 5, "signed": 6}
_PAYMENTS, _PAYMENT_WEIGHTS = ("full", "mortgage", "fund", "combined", "instalments"), (15, 50, 10, 20, 5)
_GRADES, _GRADE_WEIGHTS = "HABC", (10, 25, 40, 25)
_SEVERAL = 12  # customers who want two units
_SURNAMES = "赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 尤 许 何 吕 施 张 孔".split()
_SURNAMES_EN = (
    "Zhao Qian Sun Li Zhou Wu Zheng Wang Feng Chen Chu Wei Jiang Shen Han Yang Zhu Qin You Xu He Lv Shi Zhang Kong"
).split()
_GIVEN = "一 二 三 四 五 六 七 八 九 十 甲 乙 丙 丁 戊 己 庚 辛 壬 癸".split()
_GIVEN_EN = (
    "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen "
    "Eighteen Nineteen Twenty"
).split()


def sample_project(lang: str = "zh") -> tuple[list[Unit], list[Wish]]:
    """The units and the customers' wishes, always the same ones; layouts, names and uses in the language."""
    random = Random(_SEED)  # noqa: S311 - it has to be repeatable, not secret
    units = _units(lang, random)
    return units, _wishes(units, lang, random)


def _units(lang: str, random: Random) -> list[Unit]:
    units = []
    for building, entrances, stacks, floors in _BUILDINGS:
        for floor in floors:
            for stack, layout in enumerate(stacks, 1):
                if str(stack) not in _MISSING.get((building, floor), ""):
                    entrance = str(1 + (stack - 1) * entrances // len(stacks))
                    units.append(_unit(lang, building, entrance, floor, stack, _LAYOUTS[layout]))
    for state, count in _STATES.items():
        for at in random.sample(range(len(units)), count):
            units[at] = units[at]._replace(sale_state=state)
    return units


def _unit(lang: str, building: str, entrance: str, floor: int, stack: int, layout: _Layout) -> Unit:
    """One unit; higher floors cost more, up to a height."""
    zh = lang == "zh"
    label = _LABELS.get(floor, str(floor))
    price = layout.price + 60 * min(floor, 20) + 150 * (building == "2")
    return Unit(
        unit_no=f"{building}-{label}{stack:02d}",
        building=f"{building}栋" if zh else building,
        entrance=f"{entrance}单元" if zh else entrance,
        floor=label,
        stack=f"{stack:02d}",
        layout=layout.zh if zh else layout.en,
        area=layout.area,
        unit_price=price,
        total=round(layout.area * price),
        sale_state="available",
        use="住宅" if zh else "residential",
        permit_no=_PERMIT["zh" if zh else "en"],
        permit_date=float(_PERMIT_DAY.toordinal()),
    )


def _wishes(units: Sequence[Unit], lang: str, random: Random) -> list[Wish]:
    """The wishes in the order of the register, which is not that of the deposits."""
    word = {layout.zh if lang == "zh" else layout.en: layout.customers for layout in _LAYOUTS.values()}
    by_layout = {name: [at for at, unit in enumerate(units) if unit.layout == name] for name in word}
    favoured = {name: random.sample(those, len(those)) for name, those in by_layout.items()}
    wanted = [name for name, count in word.items() for _ in range(count)]
    random.shuffle(wanted)
    several = set(random.sample(range(len(wanted)), _SEVERAL))
    return [
        _wish(units, favoured, layout, at, 2 if at in several else 1, lang, random) for at, layout in enumerate(wanted)
    ]


def _wish(
    units: Sequence[Unit],
    favoured: dict[str, list[int]],
    layout: str,
    at: int,
    quantity: int,
    lang: str,
    random: Random,
) -> Wish:
    """One customer's wish: his first choice in a layout, the others mostly there too, money mostly enough."""
    chosen: list[int] = []
    layouts = [name for name in favoured if name != layout]
    while len(chosen) < 3 * quantity:
        near = layout if len(chosen) < quantity or random.random() < 0.75 else random.choice(layouts[:2])
        unit = _one_of(favoured[near], random)
        if unit not in chosen:
            chosen.append(unit)
    numbers = [units[unit].unit_no for unit in chosen]
    shares = limits_by().shares
    price = sum(units[unit].total or 0 for unit in chosen[:quantity])
    accepted = _round(price * random.uniform(0.94, 1.3))
    payment = random.choices(_PAYMENTS, _PAYMENT_WEIGHTS)[0]
    power = _round(price * shares[payment] * random.uniform(0.9, 1.8))
    grade = random.choices(_GRADES, _GRADE_WEIGHTS)[0]
    minute = random.randrange(45 * 24 * 2) / 48
    return Wish(
        customer_no=f"C{at + 1:03d}",
        name=_name(at, lang),
        phone=f"1001{at + 1:07d}",
        quantity=quantity,
        choices=tuple(tuple(numbers[rank * quantity : (rank + 1) * quantity]) for rank in range(3)),
        intended_area=float(round((units[chosen[0]].area or 0) * random.uniform(0.94, 1.06))),
        acceptable_total=accepted if random.random() < 0.97 else None,
        first_payment=power if random.random() < 0.95 else None,
        payment=payment,
        grade=grade,
        strong=True if grade in "HA" or random.random() < 0.2 else None,
        deposit_time=_FIRST_DAY.toordinal() + minute if random.random() < 0.97 else None,
        order=at,
    )


def _one_of(favoured: Sequence[int], random: Random) -> int:
    """A unit, the more often the further ahead it stands."""
    return favoured[int(len(favoured) * random.random() ** 1.6)]


def _round(amount: float) -> float:
    """To ten thousand yuan, as people say it."""
    return float(round(amount / 10_000) * 10_000)


def _name(at: int, lang: str) -> str:
    surname, given = at % len(_SURNAMES), at // len(_SURNAMES)
    if lang == "zh":
        return _SURNAMES[surname] + _GIVEN[given]
    return f"{_SURNAMES_EN[surname]} {_GIVEN_EN[given]}"
