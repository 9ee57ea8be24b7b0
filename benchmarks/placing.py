"""A suggested placement, from the wishes to the plan, against a bare scipy call on the same costs."""

from __future__ import annotations

import tracemalloc
from itertools import accumulate
from random import Random
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks._measure import Section, interleaved, publish
from xlplugin.decisions.assignment import _by_unit, _costs, _edges, _uncontested, suggest
from xlplugin.decisions.choices import open_choices
from xlplugin.decisions.picking import lottery
from xlplugin.domain import Unit, Wish

_SIZES = ((500, 300), (2000, 2000), (20_000, 20_000))
_CURVE = (250, 500, 1000, 2000, 4000, 8000, 16_000)
_CHOICES, _CROWDING, _TARGET = 3, 0.7, 1.5
_DRAWS = 1000
_MEGABYTE = 1 << 20
_TURNED = (
    "Much of what is won over the bare call is won by turning the costs round: scipy seeks a seat for each unit, not a "
    "unit for each seat, and nobody without a unit is sought for in vain. Against that call alone (scipy, turned) the "
    "smallest project takes several times as long: reading 500 wishes costs more than solving them."
)


def project(customers: int, units: int) -> tuple[list[Unit], list[Wish]]:
    """A project whose units are wanted by Zipf's law with exponent 0.7, three different choices a customer."""
    random = Random(customers)
    weights = list(accumulate((at + 1) ** -_CROWDING for at in range(units)))
    names = [f"{at % 30 + 1}-{at // 30 + 101}" for at in range(units)]
    wishes = []
    for at in range(customers):
        chosen: dict[str, None] = {}
        while len(chosen) < min(_CHOICES, units):
            chosen[random.choices(names, cum_weights=weights)[0]] = None
        choices = tuple((name,) for name in chosen)
        money = {"acceptable_total": 2e6, "first_payment": 6e5, "payment": "mortgage"}
        wishes.append(Wish(f"C{at}", choices=choices, order=at, **money))  # type: ignore[arg-type] # the fields of a wish
    return [Unit(name, total=1e6 + at) for at, name in enumerate(names)], wishes


def bare(units: list[Unit], wishes: list[Wish]) -> Any:
    """The costs of the placement, ready for one call of scipy: a row a seat, a column a unit, one to stay empty."""
    edges = _edges(open_choices(units, wishes))
    given, empty = _costs(edges, "seated")
    seats = np.arange(len(empty))
    rows, columns = np.concatenate([edges.seat, seats]), np.concatenate([edges.unit, edges.units + seats])
    shape = len(seats), edges.units + len(seats)
    return csr_array((np.concatenate([given, empty]) + 1.0, (rows, columns)), shape=shape)


def turned(units: list[Unit], wishes: list[Wish]) -> Any:
    """The same costs as we hand them to scipy: a row a unit, those first that few want, settled wishes left out."""
    edges = _edges(open_choices(units, wishes))
    given, empty = _costs(edges, "seated")
    _, left = _uncontested(edges)
    dearest = int(empty.max()) + 1
    return _by_unit(edges.only(left), (given - empty[edges.seat] + dearest)[left], dearest)[1]


def _peak(units: list[Unit], wishes: list[Wish]) -> float:
    """Megabytes that a placement takes on top of its units and wishes."""
    tracemalloc.start()
    suggest(open_choices(units, wishes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / _MEGABYTE


def _same(units: list[Unit], wishes: list[Wish], graph: Any) -> None:
    """Both sides fill as many units."""
    filled = int((min_weight_full_bipartite_matching(graph)[1] < len(units)).sum())
    if filled != sum(map(len, suggest(open_choices(units, wishes)))):
        raise SystemExit(f"{len(wishes)} × {len(units)}: not the same plan")


def _line(customers: int, units_: int) -> list[str]:
    units, wishes = project(customers, units_)
    graph, field = bare(units, wishes), open_choices(units, wishes)
    _same(units, wishes, graph)
    handed = turned(units, wishes)
    times = [
        min(taken)
        for taken in interleaved(
            101 if customers < 1000 else 21 if customers < 10_000 else 5,
            lambda: suggest(open_choices(units, wishes)),
            lambda: suggest(field),
            lambda: min_weight_full_bipartite_matching(graph),
            lambda: min_weight_full_bipartite_matching(handed),
        )
    ]
    ratios = [times[0] / times[2], times[1] / times[2]]
    mark = "within" if ratios[0] <= _TARGET else "OVER"
    shown = [f"{taken * 1e3:,.2f}" for taken in times]
    peak = f"{_peak(units, wishes):.1f}"
    return [f"{units_:,} × {customers:,}", *shown, *(f"{ratio:.2f}" for ratio in ratios), mark, peak]


def _growth(size: int) -> str:
    units, wishes = project(size, size)
    (taken,) = interleaved(3, lambda: suggest(open_choices(units, wishes)))
    return f"{size:,}: {min(taken) * 1e3:,.0f}"


def _lots() -> str:
    units, wishes = project(*_SIZES[0])
    field = open_choices(units, wishes)
    plan = suggest(field)
    (taken,) = interleaved(3, lambda: lottery(field, plan, _DRAWS, 1))
    return f"{_DRAWS:,} draws by lot on {_SIZES[0][1]} × {_SIZES[0][0]}: {min(taken):.2f} s."


def measure() -> Section:
    lines = [_line(*size) for size in _SIZES]
    notes = [
        "Growth, units = customers, whole in ms: " + " · ".join(map(_growth, _CURVE)) + ".",
        _lots(),
        _TURNED,
    ]
    how = (
        f"Units × customers, {_CHOICES} choices each, units wanted by Zipf's law ({_CROWDING}); aim `seated`. whole: "
        "from the wishes, with budget and first payment, to the plan; solve: from the open choices on; scipy: one "
        "call of min_weight_full_bipartite_matching on the same costs, its matrix ready made; scipy, turned: the same "
        "on the matrix as we hand it over. Quickest of interleaved rounds; ratios: whole and solve to scipy, the whole "
        f"at most {_TARGET}. Reading the workbook's cells is in none of them. Memory: peak of Python and numpy on "
        "top of units and wishes."
    )
    headers = [
        "units × customers",
        "whole, ms",
        "solve, ms",
        "scipy, ms",
        "scipy, turned, ms",
        "ratio",
        "ratio of solve",
    ]
    return Section("Suggested placement", how, [*headers, "target", "memory, MB"], lines, notes)


if __name__ == "__main__":
    publish(measure())
