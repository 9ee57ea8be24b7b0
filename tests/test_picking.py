"""Picking in an order, and the lottery, against a simulation written another way."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from xlplugin.decisions.assignment import suggest
from xlplugin.decisions.choices import Limits, Open, open_choices
from xlplugin.decisions.picking import by_deposit, compared, lottery, pick, standing, tally
from xlplugin.domain import Unit, Wish
from xlplugin.workbooks.sample_project import sample_project

LIMITS = Limits(0.05, {"full": 1.0})


def wish(*choices: str, **more: Any) -> Wish:
    return Wish("C", choices=tuple(tuple(choice.split()) for choice in choices), **more)


def field_of(units: str, *wishes: Wish) -> Open:
    return open_choices([Unit(name, total=100) for name in units.split()], wishes, LIMITS)


def simulated(units: list[Unit], wishes: list[Wish], order: list[int]) -> dict[int, list[tuple[str, int]]]:
    """A morning of picking from the wishes themselves: by customer, the units he walks out with and their rank."""
    shelf = {unit.unit_no: unit for unit in units if unit.sale_state in ("", "available")}
    basket: dict[int, list[tuple[str, int]]] = {}
    for customer in order:
        want = wishes[customer]
        budget = 1.05 * want.acceptable_total if want.acceptable_total is not None else float("inf")
        if want.first_payment is not None and want.payment == "full":
            budget = min(budget, want.first_payment)
        basket[customer] = []
        for rank, choice in enumerate(want.choices):
            for number in choice:
                still_wants = len(basket[customer]) < (want.quantity or 1)
                if number in shelf and still_wants and round(shelf[number].total or 0, 2) <= round(budget, 2):
                    budget -= shelf.pop(number).total or 0
                    basket[customer].append((number, rank + 1))
    return basket


def same(units: list[Unit], wishes: list[Wish], order: list[int], field: Open) -> bool:
    ours = {
        at: [(units[unit].unit_no, rank) for unit, rank in chosen]
        for at, chosen in enumerate(pick(field, order))
        if at in order
    }
    return ours == simulated(units, wishes, order)


a_unit = st.tuples(st.sampled_from([None, 50.0, 80.0, 100.0]), st.sampled_from(["", "available", "signed"]))
choice = st.lists(st.sampled_from("12345x"), max_size=3).map(tuple)
a_wish = st.builds(
    Wish,
    st.just("C"),
    quantity=st.integers(1, 3),
    choices=st.tuples(choice, choice, choice),
    acceptable_total=st.sampled_from([None, 60.0, 100.0, 150.0, 200.0]),
    first_payment=st.sampled_from([None, 50.0, 90.0, 180.0]),
    payment=st.sampled_from(["full", "?", ""]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(a_unit, max_size=5), st.lists(a_wish, max_size=6), st.randoms(use_true_random=False))
def test_picking_agrees_with_a_simulation(
    rows: list[tuple[float | None, str]], wishes: list[Wish], random: Random
) -> None:
    units = [Unit(str(at), total=total, sale_state=state) for at, (total, state) in enumerate(rows, 1)]
    order = list(range(len(wishes)))
    random.shuffle(order)
    assert same(units, wishes, order, open_choices(units, wishes, LIMITS))


def test_the_sample_project_agrees_too() -> None:
    units, wishes = sample_project()
    shares = {"full": 1.0}
    field = open_choices(units, wishes, Limits(0.05, shares))
    order = by_deposit(wishes)
    assert same(units, wishes, order, field)
    assert same(units, wishes, order[::-1], field)


def test_deposits_set_the_order_and_the_register_breaks_ties() -> None:
    times = [5.5, None, 5.25, 5.5, None, 1.0]
    assert by_deposit([wish("1", deposit_time=time, order=at) for at, time in enumerate(times)]) == [5, 2, 0, 3, 1, 4]


def test_what_a_plan_comes_to() -> None:
    field = field_of("1 2 3", wish("1 2", "3", quantity=2), wish("2", "1"), wish("1"))
    counted = tally(field, pick(field, [1, 0, 2]))
    assert (counted.customers, counted.units, counted.by_rank, counted.unmet) == (2, 3, (2, 1, 0), 1)


def test_who_loses_against_the_suggestion() -> None:
    field = field_of("1 2", wish("1"), wish("1", "2"))
    plan = suggest(field)
    assert plan == [((0, 1),), ((1, 2),)]
    assert compared(field, plan, pick(field, [1, 0])) == [0]
    assert compared(field, pick(field, [1, 0]), plan) == [1]
    assert compared(field, plan, plan) == []
    assert standing((), 2, 3) == 8


def test_the_lottery_counts_what_its_draws_give() -> None:
    field = field_of("1 2 3", wish("1", "2"), wish("1", "3"), wish("1 2", quantity=2), wish("3"))
    plan = suggest(field)
    drawn = lottery(field, plan, 200, 42)
    random = Random(42)  # noqa: S311 - a test repeats itself
    order, plans = list(range(4)), []
    for _ in range(200):
        random.shuffle(order)
        plans.append(pick(field, order))
    assert drawn.units == sum(tally(field, one).units for one in plans) / 200
    assert drawn.customers == sum(tally(field, one).customers for one in plans) / 200
    assert drawn.by_rank == tuple(sum(tally(field, one).by_rank[at] for one in plans) / 200 for at in range(3))
    assert (drawn.fewest, drawn.most) == (min(tally(field, one).units for one in plans), 3)
    assert drawn.seated == [sum(1 for one in plans if one[at]) for at in range(4)]
    assert drawn.worse == [sum(at in compared(field, plan, one) for one in plans) for at in range(4)]


def test_chance_alone_for_two_customers_and_one_unit() -> None:
    field = field_of("1", wish("1"), wish("1"))
    drawn = lottery(field, suggest(field), 4000, 1)
    assert abs(drawn.seated[0] / 4000 - 0.5) < 0.03
    assert drawn.worse == [drawn.seated[1], 0]
    assert drawn.units == 1


def test_the_same_seed_draws_the_same() -> None:
    units, wishes = sample_project()
    field = open_choices(units, wishes)
    plan = suggest(field)
    told: list[tuple[int, int]] = []
    one = lottery(field, plan, 20, 5, lambda done, total: told.append((done, total)))
    assert one == lottery(field, plan, 20, 5)
    assert one != lottery(field, plan, 20, 6)
    assert told[0] == (0, 20)
    assert lottery(field_of(""), [], 3, 1).units == 0


def test_the_sample_crowds_as_in_the_field() -> None:
    for lang in ("zh", "en"):
        units, wishes = sample_project(lang)
        assert (len(units), len(wishes)) == (300, 500)
        assert (units, wishes) == sample_project(lang)
        assert len({unit.unit_no for unit in units}) == 300
        assert len({wish.name for wish in wishes}) == 500
        assert all(wish.phone.startswith("100") and len(wish.phone) == 11 for wish in wishes)
        layout = {unit.unit_no: unit.layout for unit in units}
        first = [layout[wish.choices[0][0]] for wish in wishes]
        built = list(layout.values())
        ratio = {name: round(first.count(name) / built.count(name), 2) for name in set(built)}
        assert sorted(ratio.values()) == [0.10, 1.89, 2.0, 2.0]
