"""The nouns of a decision: how sure a grade is, when to call next, which unit is there, and who wishes for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

__all__ = ["EMPTY_STATUSES", "STATUSES", "Contact", "Unit", "Wish", "worse"]

# In order of precedence (decisions.md 1): where two apply, the earlier one is shown.
STATUSES = ("invalid", "out_of_scope", "missing", "stale", "gap", "provisional", "capped", "ok")
EMPTY_STATUSES = frozenset(STATUSES[:4])
_PRECEDENCE = {status: place for place, status in enumerate(STATUSES)}


def worse(one: str, other: str) -> str:
    """Of two statuses the one that takes precedence."""
    return one if _PRECEDENCE[one] <= _PRECEDENCE[other] else other


class Contact(NamedTuple):
    """When to call next.

    Args:
        interval_days: days between two contacts under the scheme; None where it sets none, or fixed days of the month.
        next_contact: the date; None where there is none.
        flags: codes to be said beside the date, in the order of `fields.md`.
    """

    interval_days: int | None
    next_contact: date | None
    flags: tuple[str, ...]


class Unit(NamedTuple):
    """One unit of a project (房源), as its row says; a figure that is not there or can't be read is None.

    Args:
        unit_no: what it is called, unique in the project; spelled as `cells.tidy` leaves it.
        building: such as `1` or `1栋`; entrance, floor (`3`, `B1`), stack (its place on the floor) likewise texts.
        layout: such as `三房`.
        area: in m².
        unit_price: a m², in yuan.
        total: in yuan; as given, else area × unit price.
        sale_state: available, reserved, subscribed or signed; empty where the row says nothing.
        use: what may be done with it, such as 住宅 or 商铺.
    """

    unit_no: str
    building: str = ""
    entrance: str = ""
    floor: str = ""
    stack: str = ""
    layout: str = ""
    area: float | None = None
    unit_price: float | None = None
    total: float | None = None
    sale_state: str = ""
    use: str = ""
    permit_no: str = ""
    permit_date: float | None = None
    plan: str = ""
    catering: str = ""


class Wish(NamedTuple):
    """What one sincere customer (诚意客户) wants and can pay, as his row says; what is not there is None or empty.

    Args:
        customer_no: his number.
        name: his name; phone: the digits, as text.
        quantity: how many units he wants.
        choices: unit numbers of his first, second and third choice, each list in the order given.
        intended_area: in m²; acceptable_total and first_payment in yuan.
        payment: the token of his payment method, such as `full` or `mortgage`; as typed where it is no known one.
        grade: his intent grade; strong: the user's own mark of strong intent.
        deposit_time: when his deposit of sincerity came in, as a day's ordinal with the time of day as a fraction.
        order: his place in the register, from 0; it breaks ties.
    """

    customer_no: str
    name: str = ""
    phone: str = ""
    quantity: float | None = 1
    choices: tuple[tuple[str, ...], ...] = ()
    intended_area: float | None = None
    acceptable_total: float | None = None
    first_payment: float | None = None
    payment: str = ""
    grade: str = ""
    strong: bool | None = None
    deposit_time: float | None = None
    order: int = 0
