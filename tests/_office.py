"""Schemes as an office may write them, small ones, each with something that no published scheme has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.rulebook import Rulebook, load

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OFFICE", "office_book"]

_TOP = """
id = "{id}"
title = {{ zh = "{id}", en = "{id}" }}
rank = ["A", "B", "C"]

[[source]]
title = "office"
file = "office.txt"
lines = "L1"

[interval]
A = {{ days = 2, basis = "P" }}
B = {{ days = 7, basis = "P" }}
C = {{ days = 15, basis = "P" }}

[limits]
{limits}
"""
_LIMITS = {"enough": 12, "once": 1, "twice": 2}
_VISITS = """
[input.visits]
label = { zh = "来访次数", en = "visits" }
type = "whole"
ask = { zh = "再约访{more}次", en = "{more} more visit(s)" }
"""
_FORM = """
[input.price]
label = { zh = "价格", en = "price" }
type = "choice"
tokens = "letter_abcd"
ask = { zh = "谈价格", en = "talk about the price" }

[input.liking]
label = { zh = "喜好", en = "liking" }
type = "choice"
tokens = "letter_abcd"

[points]
full = 20
basis = "P"
table = { price = { A = 10, B = 8, C = 5, D = 0 }, liking = { A = 10, B = 8, C = 5, D = 0 } }

[derived.score]
kind = "points"
label = { zh = "得分", en = "score" }
"""
_BY_VISITS = """
[[table]]
id = "visits"
on = "visits"
test = "at_least"
bands = [ { grade = "A", limit = 3, basis = "P" }, { grade = "B", limit = 1, basis = "P" } ]
because = { zh = "来访{visits}次", en = "visits: {visits}" }

[table.otherwise]
grade = "C"
basis = "P"
"""
_TICKS = """
[input.parents]
label = { zh = "父母来", en = "parents" }
type = "yes_no"
ask = { zh = "请父母来", en = "invite the parents" }

[input.funds]
label = { zh = "首付够", en = "funds" }
type = "yes_no"
ask = { zh = "问首付", en = "ask about funds" }
"""
_DAYS = """
[input.days]
label = { zh = "预计天数", en = "days" }
type = "days"
ask = { zh = "提前到{value}天内", en = "plan within {value} days" }

[input.planned]
label = { zh = "预计日期", en = "planned" }
type = "date"
ask = { zh = "提前到{value}", en = "plan for {value}" }

[derived.left]
kind = "days_until"
label = { zh = "剩余天数", en = "days left" }
date = "planned"
number = "days"
"""


def _line(when: str, grade: str, because: str = "x") -> str:
    reason = f'{{ zh = "{because}", en = "{because}" }}'
    return f'[[table.line]]\nwhen = {{ {when} }}\ngrade = "{grade}"\nbasis = "P"\nbecause = {reason}\n'


def _table(id_: str, *lines: str, more: str = "") -> str:
    return f'[[table]]\nid = "{id_}"\n{more}\n' + "\n".join([*lines, _line("", "C")])


_BLANKS = 'given = ["parents", "funds"]\napplies = "all_given"\n'
_PARTS = {
    # The questions may be unanswered, and one has nothing to ask for.
    "visits_and_form": (
        _VISITS,
        _FORM,
        _BY_VISITS,
        _table("form", _line('score = ">= enough"', "A"), more='given = ["price", "liking"]\napplies = "all_given"'),
    ),
    # Fewer points are better.
    "less_points": (_VISITS, _FORM, _table("t", _line('score = "< enough"', "A"), _line('visits = ">= once"', "B"))),
    # No table speaks of the points, a sentence does.
    "told_points": (_VISITS, _FORM, _BY_VISITS.replace("{visits}", "{visits}/{score}")),
    # No table speaks of what is left; the date and the number must agree all the same.
    "days_alone": (
        _DAYS,
        _BY_VISITS.replace("visits", "days").replace("at_least", "at_most").replace("limit = 1", "limit = 30"),
    ),
    # Points that another table may lower.
    "answers": (
        _VISITS,
        _FORM,
        _BY_VISITS.replace("visits", "score").replace("limit = 3", "limit = 15").replace("limit = 1,", "limit = 9,"),
        _table("seen", _line('visits = ">= once"', "A")),
    ),
    # What stands before every table hangs on the same input as the second.
    "stopped": (
        _VISITS,
        _TICKS,
        "[[first]]\n" + _line('funds = "no"', "C").partition("\n")[2],
        _BY_VISITS,
        _table("two", _line('funds = "yes"', "A"), _line('parents = "yes"', "B"), more=_BLANKS),
    ),
    # Whether the second table is asked hangs on the same input as the first.
    "sometimes": (
        _VISITS,
        _TICKS,
        _table("one", _line('parents = "yes"', "A"), _line('visits = ">= once"', "B")),
        _table("two", _line('funds = "yes"', "A"), more='given = ["parents"]\napplies = "any_given"'),
    ),
    # Two tables hang on the same input.
    "shared": (
        _VISITS,
        _TICKS,
        _table("one", _line('visits = ">= twice"', "A"), _line('parents = "yes"', "B")),
        _table("two", _line('parents = "yes", funds = "yes"', "A"), _line('visits = ">= once"', "B"), more=_BLANKS),
    ),
    # An input is compared with another, and blank is not no.
    "compared": (
        _VISITS,
        _TICKS,
        _table("t", _line('visits = ">= funds", parents = "yes"', "A"), _line('funds = "yes", parents = "yes"', "B")),
    ),
    # There is no more or less of a yes.
    "spelled": (
        _VISITS,
        _TICKS.replace("ask about funds", "funds {more:s}").replace("问首付", "首付{more}"),
        _table("t", _line('funds = "yes"', "A"), _line('visits = ">= once"', "B")),
    ),
    # Blank is asked about, by a line and before every table.
    "asked": (
        _TICKS,
        '[required]\nany = ["parents", "funds"]\n',
        _table("t", _line('parents = "yes", funds = "yes"', "A"), _line('funds = "blank"', "B")),
    ),
}


def _file(id_: str, body: str) -> str:
    limits = [
        f'{name} = {{ value = {value}, basis = "P", label = {{ zh = "{name}", en = "{name}" }} }}'
        for name, value in _LIMITS.items()
        if f"= {name}" in body or f"< {name}" in body
    ]
    return _TOP.format(id=id_, limits="\n".join(limits)) + body


OFFICE = {id_: _file(id_, "".join(parts)) for id_, parts in _PARTS.items()}
"""By id, the text of each scheme's file."""


def office_book(folder: Path) -> Rulebook:
    """The rulebook of an office that has these schemes beside the published ones."""
    for id_, text in OFFICE.items():
        (folder / f"{id_}.toml").write_text(text, encoding="utf-8")
    return load(folder)
