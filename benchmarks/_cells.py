"""Made-up rows for every scheme, cell by cell as a host sends them."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlplugin.rulebook import Scheme
    from xlplugin.rulebook.model import Field

__all__ = ["Row", "draw"]

_AS_OF = 46083.0  # 2026-03-02 as a sheet's serial
_LEFT_BLANK = {
    "date": 0.1,
    "days": 0.5,
    "number": 0.05,
    "whole": 0.05,
    "fraction": 0.03,
    "choice": 0.08,
    "yes_no": 0.15,
}
_RANGES = {
    "score": (30, 100),
    "percent": (0, 100),
    "visits": (0, 5),
    "dial_no": (1, 4),
    "days_to_purchase": (0, 120),
    "months_to_close": (0, 9),
    "product_lines": (0, 9),
    "monthly_payment": (5_000, 260_000),
    "best_line_payment": (2_000, 130_000),
}
_FULL_WIDTH = str.maketrans({**{chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}, " ": "\u3000"})
_READABLE_DAYS = ("2026-02-27", "2026/3/9", "2026.3.20", "2026年4月2日", "20260501", datetime(2026, 3, 5, 10, 30))  # noqa: DTZ001 - a cell has no time zone
_UNREADABLE = ("不详", "#N/A", "待定", "3月2日", "约5")


class Row(NamedTuple):
    """One row's cells, the scheme's own and the four every scheme reads."""

    cells: list[object]
    as_of: object
    last_contact: object
    agreed: object
    opt_out: object


def draw(scheme: Scheme, count: int, *, messy: float = 0.08, seed: int = 2) -> list[Row]:
    """Rows of a scheme, the same for the same seed.

    Args:
        scheme: whose inputs are filled in.
        count: how many rows.
        messy: the share of rows with a cell in another form than most, a third of those in none that can be read.
        seed: of the random numbers.
    """
    random = Random(f"{scheme.id} {seed}")
    return [_row(random, scheme, messy) for _ in range(count)]


def _row(random: Random, scheme: Scheme, messy: float) -> Row:
    fields = list(scheme.fields.values())
    cells = [None if random.random() < _LEFT_BLANK[field.kind] else _typed(random, field) for field in fields]
    kinds = [*(field.kind for field in fields), "date", "date", "date", "yes_no"]
    cells += [_AS_OF, _AS_OF - random.randint(0, 20), None, None]
    if random.random() < 0.15:
        cells[-2] = _AS_OF + random.randint(-10, 30)
    if random.random() < 0.1:
        cells[-1] = random.choice(("是", "否", False))
    while random.random() < messy:
        at = random.randrange(len(cells))
        cells[at] = _messy(random, kinds[at], cells[at])
    return Row(cells[:-4], *cells[-4:])


def _typed(random: Random, field: Field) -> object:
    if field.kind == "yes_no":
        return random.choice(("是", "是", "否", "否", True, False, "√"))
    if field.kind == "date":
        back = field.id.startswith("last")
        return _AS_OF + (random.randint(-40, 0) if back else random.randint(-5, 200))
    if field.kind == "choice":
        if field.id == "stage" and random.random() < 0.7:
            return float(random.choice(list(field.tokens)))
        words = random.choice(list(field.tokens.values()))["zh"]
        return words[0] if random.random() < 0.9 else words[-1]
    value = float(random.randint(*_RANGES[field.id]))
    return value / 100 if field.kind == "fraction" else value


def _messy(random: Random, kind: str, cell: object) -> object:
    if random.random() < 1 / 3:
        return random.choice(_UNREADABLE)
    if kind == "date":
        return random.choice(_READABLE_DAYS)
    if kind == "fraction" and isinstance(cell, float):
        return random.choice((f"{cell:.0%}", f"{cell:.1%}".translate(_FULL_WIDTH), f" {cell}"))
    if isinstance(cell, float) and cell == cell:  # noqa: PLR0124 - that is the test for NaN
        return random.choice((f"{cell:g}".translate(_FULL_WIDTH), f" {cell:g} ", f"{cell:,.1f}", int(cell)))
    if isinstance(cell, str):
        return random.choice((f" {cell}", f"{cell}\u3000", cell.lower(), cell.translate(_FULL_WIDTH)))
    return "ＹＥＳ" if cell is True else "no" if cell is False else random.choice(("", "  ", float("nan")))
