"""The suggested placement is the best there is: against every possible plan on small cases, ties included."""

from __future__ import annotations

import sys
from itertools import combinations, product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplugin.decisions import _bounded
from xlplugin.decisions.assignment import AIMS, _costs, _edges, suggest
from xlplugin.decisions.choices import Limits, limits_by, open_choices, within
from xlplugin.decisions.picking import by_deposit, pick, tally
from xlplugin.domain import Unit, Wish
from xlplugin.errors import XlpError
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.decisions.choices import Open
    from xlplugin.decisions.picking import Plan

LIMITS = Limits(0.05, {"mortgage": 0.3, "full": 1.0})


def wish(*choices: str, **more: Any) -> Wish:
    """A wish for units, apart by space, at each rank."""
    return Wish("C", choices=tuple(tuple(choice.split()) for choice in choices), **more)


def field_of(units: str, *wishes: Wish) -> Open:
    return open_choices([Unit(name, total=100) for name in units.split()], wishes, LIMITS)


def given_to(field: Open, plan: Plan, units: str) -> list[str]:
    """By wish, what it is given, as names apart by space."""
    names = units.split()
    assert len(plan) == len(field.lists)
    return [" ".join(names[unit] for unit, _ in given) for given in plan]


def every_plan(field: Open) -> Iterator[Plan]:
    """Every plan that keeps to the rules."""
    parts: list[list[tuple[tuple[int, int], ...]]] = []
    for choices, wanted, limit in zip(field.lists, field.wanted, field.limits):
        sizes = range(min(wanted, len(choices)) + 1)
        sets = [chosen for size in sizes for chosen in combinations(choices, size)]
        spent = [sum(field.totals[unit] for unit, _ in chosen) for chosen in sets]
        parts.append([chosen for chosen, cost in zip(sets, spent) if within(cost, limit)])
    for plan in product(*parts):
        units = [unit for chosen in plan for unit, _ in chosen]
        if len(units) == len(set(units)):
            yield list(plan)


def merit(field: Open, plan: Plan, aim: str) -> tuple[float, ...]:
    """What the aim looks at, in its order, each the less the better; the register last."""
    ranks = [rank for chosen in plan for _, rank in chosen]
    customers, seats = -sum(1 for chosen in plan if chosen), -len(ranks)
    behind = max(map(len, field.lists), default=0)
    places = [
        (len(plan) - at) * (field.lists[at].index(choice) - behind)
        for at, chosen in enumerate(plan)
        for choice in chosen
    ]
    missing = (field.ranks + 1) * seats  # of a unit not given; those that can't be given count alike in every plan
    return {
        "seated": (customers, seats, sum(ranks), sum(places)),
        "rank": (sum(ranks) + missing, seats, sum(places)),
        "worst": (customers, seats, max(ranks, default=0), sum(ranks), sum(places)),
    }[aim]


names = st.sampled_from(["1", "2", "3", "4", "x"])
totals = st.sampled_from([None, 80.0, 100.0, 150.0])
states = st.sampled_from(["", "available", "available", "reserved"])
money = st.sampled_from([None, 90.0, 100.0, 143.0, 190.0, 240.0, 260.0])
a_unit = st.tuples(totals, states)


@st.composite
def a_wish(draw: st.DrawFn, several: bool) -> Wish:
    quantity = draw(st.integers(1, 3)) if several else 1
    choices = tuple(tuple(draw(st.lists(names, max_size=quantity))) for _ in range(3))
    return Wish("C", quantity=quantity, choices=choices, acceptable_total=draw(money))


@st.composite
def a_field(draw: st.DrawFn) -> Open:
    units = [
        Unit(str(at), total=total, sale_state=state)
        for at, (total, state) in enumerate(draw(st.lists(a_unit, max_size=4)), 1)
    ]
    several = draw(st.booleans())
    return open_choices(units, draw(st.lists(a_wish(several), max_size=4)), LIMITS)


@settings(max_examples=400, deadline=None)
@given(a_field(), st.sampled_from(AIMS))
def test_no_plan_at_all_is_better(field: Open, aim: str) -> None:
    plan = suggest(field, aim)
    best = min(merit(field, other, aim) for other in every_plan(field))
    assert merit(field, plan, aim) == best
    assert plan in list(every_plan(field)) or any(sorted(plan) == sorted(other) for other in every_plan(field))


@settings(max_examples=60, deadline=None)
@given(a_field(), st.sampled_from(AIMS))
def test_both_solvers_find_equally_good_plans(field: Open, aim: str) -> None:
    if any(field.lists):
        assert merit(field, _bounded.bounded(field, aim), aim) == merit(field, suggest(field, aim), aim)


def test_the_aims_differ_where_they_should() -> None:
    units = "1 2 3"
    # To seat the third customer two others have to move down; by ranks that is 1 + 3 + 3 against 1 + 1 and a 4.
    field = field_of(units, wish("1", "", "2"), wish("2", "", "3"), wish("1"))
    assert given_to(field, suggest(field, "seated"), units) == ["2", "3", "1"]
    assert tally(field, suggest(field, "seated")).by_rank == (1, 0, 2)
    assert given_to(field, suggest(field, "rank"), units) == ["1", "2", ""]


def test_of_equal_ranks_more_units_are_filled_whatever_the_register_says() -> None:
    # First choice and a 4 for the last customer, or second and third choice: both make 5.
    people = [wish("1", "3 4 2"), wish("3"), wish("4"), wish("", "", "1")]
    field = field_of("1 2 3 4", *people)
    assert given_to(field, suggest(field, "rank"), "1 2 3 4") == ["2", "3", "4", "1"]


def test_the_best_worst_rank_goes_before_the_least_sum() -> None:
    # 1 + 1 + 3 is as little as 1 + 2 + 2, and has the worse worst rank.
    field = field_of("1 2 3", wish("1", "2", "3"), wish("2", "3"), wish("1"))
    assert tally(field, suggest(field, "worst")).by_rank == (1, 2, 0)
    # 1 + 1 + 1 + 3 is less than 1 + 2 + 2 + 2.
    field = field_of("1 2 3 4", wish("1", "2", "4"), wish("2", "3"), wish("3", "4"), wish("1"))
    assert tally(field, suggest(field, "seated")).by_rank == (3, 0, 1)
    assert tally(field, suggest(field, "worst")).by_rank == (1, 3, 0)


def test_among_equal_plans_the_earlier_in_the_register_is_better_off() -> None:
    for aim in AIMS:
        field = field_of("1 2", wish("1", "2"), wish("1", "2"))
        assert given_to(field, suggest(field, aim), "1 2") == ["1", "2"]
        field = field_of("1", wish("1"), wish("1"), wish("1"))
        assert given_to(field, suggest(field, aim), "1") == ["1", "", ""]
        field = field_of("1 2", wish("1 2"), wish("2 1"), wish("1 2"))
        assert given_to(field, suggest(field, aim), "1 2") == ["1", "2", ""]  # in the order of the list, too


def test_the_same_wishes_give_the_same_plan() -> None:
    units, wishes = sample_project()
    for aim in AIMS:
        field = open_choices(units, wishes)
        assert suggest(field, aim) == suggest(open_choices(units, wishes), aim)


def test_several_units_as_many_as_can_be_had() -> None:
    units = "1 2 3"
    field = field_of(units, wish("1 2", "3", quantity=2), wish("1"))
    assert given_to(field, suggest(field), units) == ["2 3", "1"]
    field = field_of(units, wish("1 2", quantity=2), wish("1"), wish("2"))
    assert given_to(field, suggest(field), units) == ["1", "", "2"] or tally(field, suggest(field)).customers == 2
    field = field_of(units, wish("1 2 3", quantity=5))
    assert given_to(field, suggest(field), units) == ["1 2 3"]


def test_a_customer_with_his_first_unit_goes_before_somebodys_second() -> None:
    for aim in ("seated", "worst"):
        field = field_of("1 2", wish("1 2", quantity=2), wish("3", "", "2"))
        assert given_to(field, suggest(field, aim), "1 2") == ["1", "2"]


def test_the_sum_of_several_units_is_bounded() -> None:
    units = "1 2 3"
    field = field_of(units, wish("1 2", "3", quantity=2, acceptable_total=190))
    assert given_to(field, suggest(field), units) == ["1"]  # 200 > 190 × 1.05 = 199.5
    field = field_of(units, wish("1 2", "3", quantity=2, acceptable_total=200 / 1.05))
    assert given_to(field, suggest(field), units) == ["1 2"]  # at the limit
    field = field_of(units, wish("1 2", quantity=2, first_payment=60, payment="mortgage"))
    assert given_to(field, suggest(field), units) == ["1 2"]  # 30 % of 200
    field = field_of(units, wish("1 2", quantity=2, first_payment=59.99, payment="mortgage"))
    assert given_to(field, suggest(field), units) == ["1"]


def test_what_somebody_cant_pay_together_is_left_to_others() -> None:
    units = [Unit("1", total=100), Unit("2", total=150), Unit("3", total=100)]
    wishes = [wish("1 2", "3", quantity=2, acceptable_total=200), wish("1"), wish("2", "", "3")]
    field = open_choices(units, wishes, LIMITS)
    for aim in AIMS:
        plan = suggest(field, aim)
        assert tally(field, plan).units == 3
        assert merit(field, plan, aim) == min(merit(field, other, aim) for other in every_plan(field))


def test_the_limits_of_each_choice() -> None:
    units = [
        Unit("at", total=105), Unit("over", total=105.01), Unit("sold", total=1, sale_state="signed"), Unit("unknown")
    ]  # fmt: skip
    field = open_choices(units, [wish("at over sold nowhere AT unknown", acceptable_total=100)], LIMITS)
    assert field.lists == [[(0, 1), (3, 1)]]
    assert [(refusal.unit_no, refusal.why) for refusal in field.refused] == [
        ("over", "beyond_total"), ("sold", "not_for_sale"), ("nowhere", "unknown"), ("AT", "repeated")
    ]  # fmt: skip
    paid = open_choices(units, [wish("at", first_payment=31.49, payment="mortgage")], LIMITS)
    assert [refusal.why for refusal in paid.refused] == ["beyond_payment"]
    assert open_choices(units, [wish("at", first_payment=31.5, payment="mortgage")], LIMITS).lists == [[(0, 1)]]
    assert open_choices(units, [wish("at", first_payment=1, payment="?")], LIMITS).lists == [[(0, 1)]]


def test_the_published_limits_are_those_of_the_rulebook() -> None:
    assert limits_by() == Limits()
    assert limits_by({"total_tolerance": 0.1, "first_payment_fund": 0.2, "heap": None}) == Limits(
        0.1, {**Limits().shares, "fund": 0.2}
    )


def test_the_best_worst_rank_breaks_ties_by_whole_lists_too() -> None:
    # Leaving a seat empty counts as far down as the longest list goes, its choices behind the worst rank included.
    field = field_of("0 1 2", wish("2 2", "1 1", "1", quantity=3), wish("", "1 0", "0 2", quantity=2))
    plan = suggest(field, "worst")
    assert merit(field, plan, "worst") == min(merit(field, other, "worst") for other in every_plan(field))
    assert given_to(field, plan, "0 1 2") == ["2 1", "0"]


def test_the_first_row_of_a_number_counts_however_the_second_is_spelled() -> None:
    units = [Unit("1-101", total=100), Unit("1－101", total=1), Unit("1 - 101", total=1)]
    field = open_choices(units, [wish("1－101"), Wish("D", choices=(("1 - 101",),))], LIMITS)
    assert field.lists == [[(0, 1)], [(0, 1)]]


def test_a_number_is_found_however_it_is_typed() -> None:
    units = [Unit("A-01"), Unit("3-12")]
    field = open_choices(units, [wish("a－01 ３-12"), Wish("D", choices=(("3–12", " a-01 "),))], LIMITS)
    assert field.lists == [[(0, 1), (1, 1)], [(1, 1), (0, 1)]]
    assert field.refused == []


def test_nobody_and_nothing() -> None:
    for aim in AIMS:
        assert suggest(open_choices([], []), aim) == []
        assert suggest(open_choices([Unit("1")], []), aim) == []
        assert suggest(open_choices([], [wish("1"), wish("")]), aim) == [(), ()]


def test_everybody_wants_one_unit() -> None:
    field = field_of("1 2", *[wish("1")] * 300)
    plan = suggest(field)
    assert plan[0] == ((0, 1),)
    assert tally(field, plan).units == 1


def test_costs_stay_whole_numbers_in_the_solver() -> None:
    wishes = [wish(str(at % 50), str(at % 49), str(at % 47)) for at in range(60_000)]
    field = open_choices([Unit(str(at)) for at in range(50)], wishes, LIMITS)
    edges = _edges(field)
    for aim in AIMS:
        given_cost, empty = _costs(edges, aim)
        assert max(given_cost.max(), empty.max()) < 2**51
        assert min(given_cost.min(), empty.min()) >= 0
        # A rank counts more than everything the register can bring.
        one_rank = (given_cost[edges.rank == 2] - edges.weight[edges.seat[edges.rank == 2]]).min()
        assert one_rank > given_cost[edges.rank == 1].max()


def prices_exist(field: Open, aim: str) -> bool:
    """Whether prices of units prove, in whole numbers, that no other plan costs less than the suggested one.

    A unit nobody has costs nothing; what a seat has must then be the cheapest it could have, price included.
    """
    edges = _edges(field)
    given_cost, empty = _costs(edges, aim)
    of = {(seat, unit): cost for seat, unit, cost in zip(edges.seat.tolist(), edges.unit.tolist(), given_cost.tolist())}
    held: list[int | None] = [chosen[0][0] if chosen else None for chosen in suggest(field, aim)]
    assert len(held) == len(edges.owner), "this proof is for one seat a customer"
    now = np.array([of[seat, unit] if unit is not None else empty[seat] for seat, unit in enumerate(held)])
    holder = {unit: seat for seat, unit in enumerate(held) if unit is not None}
    price = np.array([empty[holder[unit]] - now[holder[unit]] if unit in holder else 0 for unit in range(edges.units)])
    own = np.array([-1 if unit is None else unit for unit in held])
    for _ in range(len(held)):
        # What a seat's own unit may cost at most, so that none of its other choices is cheaper.
        most = price[edges.unit] + given_cost - now[edges.seat]
        lower = price.copy()
        seated = own[edges.seat] >= 0
        np.minimum.at(lower, own[edges.seat][seated], most[seated])
        if (most[~seated] < 0).any() or (lower < 0).any():
            return False
        if (lower == price).all():
            return True
        price = lower
    return False


@pytest.mark.parametrize("aim", ["seated", "rank"])
def test_thousands_of_customers_are_placed_at_the_least_cost_to_the_last_digit(aim: str) -> None:
    random = Random(7)  # noqa: S311 - a test repeats itself
    units = [str(at) for at in range(2500)]
    wishes = [
        wish(*dict.fromkeys(units[int(2500 * random.random() ** 1.7)] for _ in range(3)), acceptable_total=100)
        for _ in range(3000)
    ]
    assert prices_exist(field_of(" ".join(units), *wishes), aim)


def test_the_sample_project_is_seated_better_than_by_picking() -> None:
    units, wishes = sample_project()
    field = open_choices(units, wishes)
    suggested, picked = tally(field, suggest(field)), tally(field, pick(field, by_deposit(wishes)))
    assert suggested.customers > picked.customers
    assert suggested.by_rank[0] > picked.by_rank[0]


def test_an_unknown_aim_and_a_missing_library_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    field = field_of("1", wish("1"))
    with pytest.raises(XlpError, match="seated, rank, worst"):
        suggest(field, "best")
    monkeypatch.setitem(sys.modules, "scipy.sparse.csgraph", None)
    with pytest.raises(XlpError, match="pip install scipy"):
        suggest(field)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(XlpError, match="pip install scipy"):
        field_of("1", wish("1"))
    assert "scipy" in XlpError("no_scipy").sentence("zh")
