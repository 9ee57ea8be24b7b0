"""The suggested placement where somebody wants several units and can't pay just any of them together.

A bound on a sum of money makes the assignment a knapsack as well; scipy's solver of whole-number programs (HiGHS) takes
it, one goal after the other, each held while the next is sought. docs/decisions/0005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.decisions.choices import within
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from typing import Any

    from xlplugin.decisions.choices import Open
    from xlplugin.decisions.picking import Plan

    Array = Any  # numpy's, which is there only when it is used

__all__ = ["bounded"]

_NO_LIMIT = float("inf")
_ROUNDING = 1e-9  # what dividing totals by a limit may lose; the sum itself is checked to the fen afterwards


def bounded(field: Open, aim: str) -> Plan:
    """By wish, the units suggested under the aim, best first, where their sums are bounded too.

    Args:
        field: the open choices.
        aim: one of `assignment.AIMS`.
    """
    program = _Program(field)
    goals = program.goals()
    for goal in {"rank": ("total", "seats")}.get(aim, ("customers", "seats")):
        program.reach(goals[goal])
    if aim == "worst":
        program.hold_worst()
    if aim != "rank":
        program.reach(goals["ranks"])
    return program.plan(program.reach(goals["register"]))


class _Program:
    """A whole-number program: one variable for each open choice, then one for each wish that says it is served."""

    def __init__(self, field: Open) -> None:
        import numpy as np  # noqa: PLC0415 - an extra

        self._field = field
        self._edges = [
            (at, place, *choice) for at, given in enumerate(field.lists) for place, choice in enumerate(given)
        ]
        self._count, self._size = len(self._edges), len(self._edges) + len(field.lists)
        self._upper = np.ones(self._size)
        self._entries: list[tuple[int, int, float]] = []  # row, variable, factor
        self._limits: list[float] = []
        self._customers()
        self._units()

    def goals(self) -> dict[str, Array]:
        """What is to be as little as can be, by name."""
        import numpy as np  # noqa: PLC0415 - an extra

        field, none = self._field, np.zeros(len(self._field.lists))
        behind = max(place for _, place, _, _ in self._edges) + 1
        weights = [(len(field.lists) - at) * (place - behind) for at, place, _, _ in self._edges]
        return {
            "customers": np.concatenate([np.zeros(self._count), none - 1]),
            "seats": np.concatenate([np.full(self._count, -1), none]),
            "ranks": np.concatenate([[rank for *_, rank in self._edges], none]),
            "total": np.concatenate([[rank - field.ranks - 1 for *_, rank in self._edges], none]),
            "register": np.concatenate([weights, none]),
        }

    def reach(self, goal: Array) -> Array:
        """The best solution by a goal; from now on no other may be worse by it."""
        found = self._solve(goal)
        if found is None:  # giving nobody anything keeps every bound
            raise XlpError("no_plan")
        self._bound(dict(enumerate(goal.tolist())), round(goal @ found))
        return found

    def hold_worst(self) -> None:
        """Forbids the ranks behind the best worst one."""
        kept = self._upper.copy()
        for worst in range(1, self._field.ranks + 1):
            self._upper = kept.copy()
            for at, (*_, rank) in enumerate(self._edges):
                self._upper[at] = float(rank <= worst)
            if self._solve(self._upper * 0) is not None:
                return

    def plan(self, found: Array) -> Plan:
        """By wish, what a solution gives."""
        plan: Plan = [()] * len(self._field.lists)
        for (at, _, unit, rank), given in zip(self._edges, found):
            if given:
                plan[at] = (*plan[at], (unit, rank))
        return plan

    def _customers(self) -> None:
        """Nobody gets more than he wants or can pay together, and is served only by getting something."""
        field = self._field
        own: list[dict[int, float]] = [{} for _ in field.lists]
        for variable, (at, *_) in enumerate(self._edges):
            own[at][variable] = 1.0
        for at, mine in enumerate(own):
            self._bound(mine, field.wanted[at])
            self._bound({**dict.fromkeys(mine, -1.0), self._count + at: 1.0}, 0)
            limit = field.limits[at]
            if 0 < limit < _NO_LIMIT and field.wanted[at] > 1:
                prices = {variable: field.totals[self._edges[variable][2]] / limit for variable in mine}
                self._bound(prices, 1 + _ROUNDING)

    def _units(self) -> None:
        """No unit is given twice."""
        wanting: dict[int, dict[int, float]] = {}
        for variable, (_, _, unit, _) in enumerate(self._edges):
            wanting.setdefault(unit, {})[variable] = 1.0
        for those in wanting.values():
            self._bound(those, 1)

    def _bound(self, factors: dict[int, float], limit: float) -> None:
        row = len(self._limits)
        self._entries += [(row, variable, factor) for variable, factor in factors.items() if factor]
        self._limits.append(limit)

    def _solve(self, goal: Array) -> Array | None:
        """The best solution by a goal, in noughts and ones; None where the bounds leave none."""
        import numpy as np  # noqa: PLC0415 - an extra
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - an extra
        from scipy.sparse import csr_array  # noqa: PLC0415 - an extra

        while True:
            rows, variables, factors = zip(*self._entries)
            matrix = csr_array((factors, (rows, variables)), shape=(len(self._limits), self._size))
            result = milp(
                goal,
                integrality=np.ones(self._size, np.int64),
                bounds=Bounds(0, self._upper),
                constraints=LinearConstraint(matrix, ub=np.array(self._limits)),
                options={"mip_rel_gap": 0},
            )
            if result.x is None:
                return None
            found = np.round(result.x)
            dear = self._overspent(found)
            if not dear:
                return found
            for own in dear:  # let through by rounding, and forbidden as a whole
                self._bound(dict.fromkeys(own, 1.0), len(own) - 1)

    def _overspent(self, found: Array) -> list[list[int]]:
        """The variables of customers whose units cost more together than they can pay, to the fen."""
        field = self._field
        given: dict[int, list[int]] = {}
        for variable in found[: self._count].nonzero()[0].tolist():
            given.setdefault(self._edges[variable][0], []).append(variable)
        return [
            own
            for at, own in given.items()
            if not within(sum(field.totals[self._edges[variable][2]] for variable in own), field.limits[at])
        ]
