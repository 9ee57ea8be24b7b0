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

from itertools import chain
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
    plan: Plan = [()] * len(field.lists)
    if not any(field.lists):
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

    lists = field.lists
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    flat = np.fromiter(chain.from_iterable(chain.from_iterable(lists)), np.int64, 2 * int(counts.sum()))
    unit, rank = flat[::2], flat[1::2]
    start = np.cumsum(counts) - counts
    seats = np.minimum(np.array(field.wanted), counts)  # more seats than choices could never be filled
    owner = np.repeat(np.arange(len(lists)), seats)
    copies = counts[owner]
    seat = np.repeat(np.arange(len(owner)), copies)
    place = np.arange(len(seat)) - np.repeat(np.cumsum(copies) - copies, copies)
    edge = np.repeat(start[owner], copies) + place
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    return _Edges(seat, unit[edge], rank[edge], place, owner, first, len(lists) - owner, len(field.totals), field.ranks)


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
    behind = int(edges.place.max(initial=0)) + 1
    weight, outweighs = _tie_weights(edges.weight, behind, int(empty.max()))
    return given * outweighs + weight[edges.seat] * edges.place, empty * outweighs + weight * behind


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
    """By seat, the unit it is matched with; a number beyond the units where it stays empty, -1 where it has no edge.

    Args:
        edges: what is left to be decided.
        given: by edge, its cost.
        empty: by seat, the cost of leaving it empty.
    """
    import numpy as np  # noqa: PLC0415 - an extra
    from scipy.sparse import csr_array  # noqa: PLC0415 - an extra
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: PLC0415 - an extra

    column = np.full(len(edges.owner), -1)
    if not len(edges.seat):
        return column
    seats = _crowded_first(edges)
    row = np.empty(len(edges.owner), np.int64)
    row[seats] = np.arange(len(seats))
    # Each seat has a column of its own for staying empty, so that a full matching always exists.
    rows = np.concatenate([row[edges.seat], row[seats]])
    columns = np.concatenate([edges.unit, edges.units + row[seats]])
    # The solver takes a cost of 0 for no edge.
    costs = np.concatenate([given, empty[seats]]).astype(float) + 1
    graph = csr_array((costs, (rows, columns)), shape=(len(seats), edges.units + len(seats)))
    column[seats] = min_weight_full_bipartite_matching(graph)[1]
    return column


def _crowded_first(edges: _Edges) -> Array:
    """The seats that have edges, those first whose every unit many want: the solver is quicker so, the plan as good."""
    import numpy as np  # noqa: PLC0415 - an extra

    demand = np.bincount(edges.unit, minlength=edges.units)
    least = np.zeros(len(edges.owner), np.int64)
    starts = np.flatnonzero(np.diff(edges.seat, prepend=-1))  # edges stand by their seats
    least[edges.seat[starts]] = np.minimum.reduceat(demand[edges.unit], starts)
    seats = edges.seat[starts]
    return seats[np.argsort(-least[seats], kind="stable")]


def _plan(field: Open, edges: _Edges, chosen: Array) -> Plan:
    """By wish, the units its seats were given, best first."""
    plan: Plan = [()] * len(field.lists)
    owner = edges.owner[edges.seat[chosen]]
    for at, place in sorted(zip(owner.tolist(), edges.place[chosen].tolist())):
        plan[at] = (*plan[at], field.lists[at][place])
    return plan


def _overspent(field: Open, plan: Plan) -> bool:
    """Whether somebody was given more units than he can pay together; each alone he can."""
    return any(
        len(given) > 1 and not within(sum(field.totals[unit] for unit, _ in given), limit)
        for given, limit in zip(plan, field.limits)
    )
