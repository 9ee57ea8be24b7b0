"""What picking in a given order would give: each customer at his turn takes the best of his choices still free."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.decisions.choices import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlplugin.decisions.choices import Open
    from xlplugin.domain import Wish

    Given = tuple[tuple[int, int], ...]
    Plan = list[Given]

__all__ = ["Lottery", "Tally", "by_deposit", "compared", "lottery", "pick", "tally"]


class Tally(NamedTuple):
    """What a plan comes to.

    Args:
        customers: how many have at least one unit; units: how many units are filled.
        by_rank: how many units were filled as a first, second, third choice …
        unmet: units that were wanted and not given.
    """

    customers: int
    units: int
    by_rank: tuple[int, ...]
    unmet: int


class Lottery(NamedTuple):
    """What drawing lots came to over many draws.

    Args:
        draws: how many; seed: of the random numbers.
        customers, units, by_rank: means over the draws of what `Tally` holds.
        fewest, most: the fewest and the most units filled in a draw.
        seated: by wish, in how many draws he had at least one unit.
        worse: by wish, in how many draws he did worse than in the plan it is compared with.
    """

    draws: int
    seed: int
    customers: float
    units: float
    by_rank: tuple[float, ...]
    fewest: int
    most: int
    seated: list[int]
    worse: list[int]


def by_deposit(wishes: Sequence[Wish]) -> list[int]:
    """The places of the wishes in order of deposit; at the same time, and without one at the end, by register order."""
    late = float("inf")
    times = [late if wish.deposit_time is None else wish.deposit_time for wish in wishes]
    return sorted(range(len(wishes)), key=lambda at: (times[at], wishes[at].order, at))


def pick(field: Open, order: Iterable[int]) -> Plan:
    """By wish, the units taken as (place of the unit, rank), when customers pick in this order.

    A customer who wants several takes the best ones still free, as many as he wants and can pay together.
    """
    lists, wanted = field.lists, field.wanted
    plan: Plan = [()] * len(lists)
    taken: set[int] = set()
    for at in order:
        if wanted[at] > 1:
            plan[at] = _several(field, at, taken)
            continue
        for choice in lists[at]:
            if choice[0] not in taken:
                taken.add(choice[0])
                plan[at] = (choice,)
                break
    return plan


def _several(field: Open, at: int, taken: set[int]) -> Given:
    got: list[tuple[int, int]] = []
    spent = 0.0
    for choice in field.lists[at]:
        price = field.totals[choice[0]]
        if choice[0] not in taken and len(got) < field.wanted[at] and within(spent + price, field.limits[at]):
            taken.add(choice[0])
            got.append(choice)
            spent += price
    return tuple(got)


def tally(field: Open, plan: Plan) -> Tally:
    """What a plan comes to."""
    by_rank = [0] * field.ranks
    for given in plan:
        for _, rank in given:
            by_rank[rank - 1] += 1
    units = sum(by_rank)
    return Tally(sum(1 for given in plan if given), units, tuple(by_rank), sum(field.wanted) - units)


def standing(given: Given, wanted: int, ranks: int) -> int:
    """How a customer fares, less is better: the ranks of his units, one more than the last for each he lacks."""
    return sum(rank for _, rank in given) + (ranks + 1) * (wanted - len(given))


def compared(field: Open, plan: Plan, other: Plan) -> list[int]:
    """The places of the wishes that fare worse in `other` than in `plan`."""
    return [
        at
        for at, wanted in enumerate(field.wanted)
        if standing(other[at], wanted, field.ranks) > standing(plan[at], wanted, field.ranks)
    ]


def lottery(
    field: Open, plan: Plan, draws: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> Lottery:
    """What drawing lots for the order comes to over so many draws, beside a plan.

    Args:
        field: the open choices.
        plan: the plan each draw is compared with.
        draws: how many orders are drawn, at least 1.
        seed: the same seed gives the same draws.
        progress: told draws done and draws in all.
    """
    random = Random(seed)  # noqa: S311 - it has to be repeatable, not secret
    count = len(field.lists)
    order = list(range(count))
    ranks, wanted = field.ranks, field.wanted
    bounds = [standing(given, want, ranks) for given, want in zip(plan, wanted)]
    seated, worse, by_rank, filled = [0] * count, [0] * count, [0] * ranks, []
    for done in range(draws):
        random.shuffle(order)
        units = 0
        for at, given in enumerate(pick(field, order)):
            if given:
                seated[at] += 1
                units += len(given)
                for _, rank in given:
                    by_rank[rank - 1] += 1
            if standing(given, wanted[at], ranks) > bounds[at]:
                worse[at] += 1
        filled.append(units)
        if progress is not None and not done % 16:
            progress(done, draws)
    means = tuple(count / draws for count in by_rank)
    return Lottery(
        draws, seed, sum(seated) / draws, sum(filled) / draws, means, min(filled), max(filled), seated, worse
    )
