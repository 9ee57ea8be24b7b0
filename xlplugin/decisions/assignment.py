"""The suggested placement: an assignment of units to customers, solved by scipy; docs/decisions/0005.

The aims, each a list of goals of which an earlier one goes before all later ones:

* `seated`: most customers with a unit, then most units filled, then the least total rank of choice.
* `rank`: the least total rank, where a unit wanted and not given counts one more than the last rank; then most units
  filled.
* `worst`: most customers with a unit, then most units filled, then the best worst rank among those given, then the
  least total rank. Where everybody can be given what he wants this is the best worst rank first.

Among plans that are equal by their aim, the register decides: each place that a customer goes down his list of choices
counts as much as there are customers from him to the end of the register, and the least sum is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.choices import within
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from typing import Any

    from xlplugin.decisions.choices import Open
    from xlplugin.decisions.picking import Plan

    Array = Any  # numpy's, which is there only when it is used

__all__ = ["AIMS", "suggest"]

AIMS = ("seated", "rank", "worst")
# Every figure inside the solver stays below four times the dearest cost (docs/decisions/0005), and whole numbers are
# exact in it up to 2 to the 53rd.
_DEAREST = 1 << 51


class _Edges(NamedTuple):
    """The open choices as arrays: by edge its seat, its unit, its rank and its place on the customer's list.

    Args:
        owner: by seat, the place of its wish; a customer has one seat for each unit he wants and could be given.
        first: by seat, whether it is the customer's first.
        weight: by seat, how many customers there are from him to the end of the register.
        behind: the place on his list that leaving a seat empty counts as, one behind the longest list's last.
    """

    seat: Array
    unit: Array
    rank: Array
    place: Array
    owner: Array
    first: Array
    weight: Array
    units: int
    ranks: int
    behind: int

    def only(self, kept: Array) -> _Edges:
        """The same with only some of the edges."""
        return self._replace(seat=self.seat[kept], unit=self.unit[kept], rank=self.rank[kept], place=self.place[kept])

    def up_to(self, rank: int) -> _Edges:
        """The same with only the choices of the first so many ranks."""
        return self.only(self.rank <= rank)


def suggest(field: Open, aim: str = "seated") -> Plan:
    """By wish, the units suggested as (place of the unit, rank of choice), best first; empty where there is none.

    A customer who wants several units gets as many as he can be given and can pay together.

    Args:
        field: the open choices; their order is that of the register.
        aim: one of `AIMS`.

    Raises:
        XlpError: `unknown_aim`, or `no_scipy` where the library is not installed.
    """
    if aim not in AIMS:
        raise XlpError("unknown_aim", found=aim, allowed=", ".join(AIMS))
    plan: Plan = [()] * len(field.wanted)
    if not len(field.unit):
        return plan
    try:
        import scipy.sparse.csgraph  # noqa: F401, PLC0415 - an extra; only its absence is asked here
    except ImportError:
        raise XlpError("no_scipy") from None
    edges = _edges(field)
    plan = _plan(field, edges, _matched(edges, aim))
    if _overspent(field, plan):
        from xlplugin.decisions._bounded import bounded  # noqa: PLC0415 - needed where money bounds a sum only

        return bounded(field, aim)
    return plan


def _edges(field: Open) -> _Edges:
    import numpy as np  # noqa: PLC0415 - an extra

    counts = np.bincount(field.owner, minlength=len(field.wanted))
    start = np.cumsum(counts) - counts
    seats = np.minimum(np.array(field.wanted), counts)  # more seats than choices could never be filled
    owner = np.repeat(np.arange(len(counts)), seats)
    copies = counts[owner]
    seat = np.repeat(np.arange(len(owner)), copies)
    place = np.arange(len(seat)) - np.repeat(np.cumsum(copies) - copies, copies)
    edge = np.repeat(start[owner], copies) + place
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    sizes = {"units": len(field.totals), "ranks": field.ranks, "behind": int(counts.max())}
    return _Edges(seat, field.unit[edge], field.rank[edge], place, owner, first, len(counts) - owner, **sizes)


def _matched(edges: _Edges, aim: str) -> Array:
    """The edges by which seats are given, as places among the edges, in no order."""
    import numpy as np  # noqa: PLC0415 - an extra

    allowed = edges
    if aim == "worst":
        most = _fillable(edges, edges.ranks)
        allowed = edges.up_to(next(rank for rank in range(1, edges.ranks + 1) if _fillable(edges, rank) == most))
    given, empty = _costs(allowed, aim)
    sure, left = _uncontested(allowed)
    column = _solved(allowed.only(left), given[left], empty)
    column[allowed.seat[sure]] = allowed.unit[sure]
    return np.flatnonzero(column[edges.seat] == edges.unit)


def _uncontested(edges: _Edges) -> tuple[Array, Array]:
    """By edge, whether every best plan has it, and whether it is left for the solver.

    Whoever wants a unit most that nobody else wants has it in every best plan; his other choices are free for others,
    who may then be alone in wanting theirs.
    """
    import numpy as np  # noqa: PLC0415 - an extra

    sure, left = np.zeros(len(edges.seat), bool), np.ones(len(edges.seat), bool)
    while True:
        demand = np.bincount(edges.unit[left], minlength=edges.units)
        found = left & (edges.place == 0) & (demand[edges.unit] == 1)
        if not found.any():
            return sure, left
        sure |= found
        served = np.zeros(len(edges.owner), bool)
        served[edges.seat[found]] = True
        left &= ~served[edges.seat]


def _fillable(edges: _Edges, rank: int) -> tuple[int, int]:
    """How many customers, and how many seats, can be given a unit of their first so many ranks.

    Both at once: seats can be added to a plan that serves the most customers without anybody losing his unit.
    """
    import numpy as np  # noqa: PLC0415 - an extra
    from scipy.sparse import csr_array  # noqa: PLC0415 - an extra
    from scipy.sparse.csgraph import maximum_bipartite_matching  # noqa: PLC0415 - an extra

    some = edges.up_to(rank)
    counts = []
    for kept in (edges.first[some.seat], slice(None)):
        seat, unit = some.seat[kept], some.unit[kept]
        graph = csr_array((np.ones(len(seat)), (seat, unit)), shape=(len(edges.owner), edges.units))
        counts.append(int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum()))
    return counts[0], counts[1]


def _costs(edges: _Edges, aim: str) -> tuple[Array, Array]:
    """By edge and by seat, what giving it and leaving it empty costs, so that the least sum meets the aim exactly."""
    import numpy as np  # noqa: PLC0415 - an extra

    seats, ranks = len(edges.owner), edges.ranks
    if aim == "rank":  # a rank outweighs any number of seats
        given, empty = edges.rank * (seats + 1), np.full(seats, (ranks + 1) * (seats + 1) + 1)
    else:  # a seat outweighs any sum of ranks, and a customer's first seat counts twice
        given, empty = edges.rank, (1 + edges.first) * (ranks * seats + 1)
    weight, outweighs = _tie_weights(edges.weight, edges.behind, int(empty.max()))
    return given * outweighs + weight[edges.seat] * edges.place, empty * outweighs + weight * edges.behind


def _tie_weights(weight: Array, behind: int, dearest: int) -> tuple[Array, int]:
    """By seat, what a place down its list counts, and what outweighs all of these together.

    In projects beyond some forty thousand customers neighbours in the register weigh alike, so that sums stay exact.
    """
    step = 1
    while True:
        coarse = -(-weight // step)
        outweighs = int(coarse.sum()) * behind + 1
        if (dearest + 1) * outweighs < _DEAREST:
            return coarse, outweighs
        step *= 2


def _solved(edges: _Edges, given: Array, empty: Array) -> Array:
    """By seat, the unit it is matched with; -1 where it stays empty.

    The solver seeks a customer for each unit, and not a unit for each seat: where there are more customers than units,
    as there are on an opening day, nobody's unit has to be sought in vain.

    Args:
        edges: what is left to be decided.
        given: by edge, its cost.
        empty: by seat, the cost of leaving it empty.
    """
    import numpy as np  # noqa: PLC0415 - an extra
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: PLC0415 - an extra

    seats = len(edges.owner)
    unit_of = np.full(seats + edges.units, -1)
    if len(edges.seat):
        # What giving saves over leaving empty, less than nothing, lifted above nothing: the solver takes 0 for no edge.
        dearest = int(empty.max()) + 1
        units, graph = _by_unit(edges, given - empty[edges.seat] + dearest, dearest)
        unit_of[min_weight_full_bipartite_matching(graph)[1]] = units
    return unit_of[:seats]


def _by_unit(edges: _Edges, costs: Array, unsold: int) -> tuple[Array, Array]:
    """The units that somebody wants, those first that few want, and a row of costs for each, by seat.

    Each unit has a column of its own behind the seats for staying empty, so that a full matching always exists. The
    solver is quicker when it comes to the crowded units last; the plan is as good.
    """
    import numpy as np  # noqa: PLC0415 - an extra
    from scipy.sparse import csr_array  # noqa: PLC0415 - an extra

    demand = np.bincount(edges.unit, minlength=edges.units)
    order = np.argsort(demand, kind="stable")
    units = order[np.count_nonzero(demand == 0) :]
    row = np.empty(edges.units, np.int64)
    row[units] = own = np.arange(len(units))
    rows = np.concatenate([row[edges.unit], own])
    columns = np.concatenate([edges.seat, len(edges.owner) + own])
    data = np.concatenate([costs, np.full(len(units), unsold)]).astype(float)
    by_row = np.argsort(rows, kind="stable")
    ends = np.concatenate([[0], np.cumsum(demand[units] + 1)])
    shape = len(units), len(edges.owner) + len(units)
    return units, csr_array((data[by_row], columns[by_row], ends), shape=shape)


def _plan(field: Open, edges: _Edges, chosen: Array) -> Plan:
    """By wish, the units its seats were given, best first."""
    import numpy as np  # noqa: PLC0415 - an extra

    plan: Plan = [()] * len(field.wanted)
    owner = edges.owner[edges.seat[chosen]]
    order = np.lexsort((edges.place[chosen], owner))
    chosen = chosen[order]
    given = zip(edges.unit[chosen].tolist(), edges.rank[chosen].tolist())
    for at, choice in zip(owner[order].tolist(), given):
        plan[at] = (*plan[at], choice)
    return plan


def _overspent(field: Open, plan: Plan) -> bool:
    """Whether somebody was given more units than he can pay together; each alone he can."""
    return any(
        want > 1 and not within(sum(field.totals[unit] for unit, _ in given), limit)
        for want, given, limit in zip(field.wanted, plan, field.limits)
    )
