"""The suggestion beside what picking in an order would give, in the words of the sheet and of the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xlplugin.decisions.assignment import suggest
from xlplugin.decisions.choices import open_choices
from xlplugin.decisions.picking import by_deposit, compared, lottery, pick, tally
from xlplugin.exchange._masks import masked_name
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xlplugin.decisions.choices import Limits, Open, Refusal
    from xlplugin.decisions.picking import Given, Lottery, Plan
    from xlplugin.exchange.place.reading import Project

__all__ = ["Suggestion", "suggestion"]

_SHOWN_CHANCES = 20


@dataclass(frozen=True)
class Suggestion:
    """A suggested placement and what it is compared with.

    Args:
        project: the units and wishes.
        field: the open choices.
        aim: what was aimed at.
        plan: by wish, the units suggested.
        picked: by wish, the units taken when customers pick by deposit.
        drawn: what drawing lots comes to, where that was asked for.
    """

    project: Project
    field: Open
    aim: str
    plan: Plan
    picked: Plan
    drawn: Lottery | None

    @cached_property
    def _refused(self) -> dict[int, list[Refusal]]:
        refused: dict[int, list[Refusal]] = {}
        for refusal in self.field.refused:
            refused.setdefault(refusal.wish, []).append(refusal)
        return refused

    def rows(self, lang: str) -> Iterator[tuple[object, ...]]:
        """The rows of the sheet: customer no., name, unit no., rank, remark; one for each unit, at least one each."""
        holders = {unit: at for at, given in enumerate(self.plan) for unit, _ in given}
        for at, given in enumerate(self.plan):
            wish = self.project.wishes[at]
            remark = self._remark(at, holders, lang)
            for unit, rank in given or ((None, None),):
                unit_no = None if unit is None else self.project.units[unit].unit_no
                yield wish.customer_no or None, wish.name or None, unit_no, rank, remark

    def totals(self, lang: str) -> tuple[list[str], list[list[str]]]:
        """Headers and rows of the comparison: customers, units, by rank of choice, unmet."""
        ranks = [say(lang, f"place.rank.{min(rank, 4)}", rank=rank) for rank in range(1, self.field.ranks + 1)]
        headers = ["", say(lang, "place.customers"), say(lang, "place.units"), *ranks, say(lang, "place.unmet")]
        rows = [self._totals(say(lang, f"place.aim.{self.aim}"), self.plan)]
        rows.append(self._totals(say(lang, "place.by_deposit"), self.picked))
        if self.drawn is not None:
            rows.append(self._drawn(lang, self.drawn))
        return headers, rows

    def losers(self, lang: str) -> list[str]:
        """Who does worse when customers pick by deposit than in the suggestion, and what he loses."""
        return [self._both(at, lang) for at in compared(self.field, self.plan, self.picked)]

    def winners(self, lang: str) -> list[str]:
        """Who does better when customers pick by deposit: what the suggestion asks of him."""
        return [self._both(at, lang) for at in compared(self.field, self.picked, self.plan)]

    def chances(self, lang: str) -> list[str]:
        """Who does worse in most draws than in the suggestion: those at the greatest risk first."""
        if self.drawn is None:
            return []
        drawn = self.drawn
        likely = sorted((at for at, worse in enumerate(drawn.worse) if worse), key=lambda at: (-drawn.worse[at], at))
        lines = [
            say(
                lang,
                "place.risks",
                row=self.project.wish_rows[at],
                who=self._who(at),
                plan=self._shown(self.plan[at], lang),
                worse=f"{drawn.worse[at] / drawn.draws:.0%}",
                seated=f"{drawn.seated[at] / drawn.draws:.0%}",
            )
            for at in likely[:_SHOWN_CHANCES]
        ]
        if len(likely) > _SHOWN_CHANCES:
            lines.append(say(lang, "place.more_risks", count=len(likely) - _SHOWN_CHANCES))
        return lines

    def _both(self, at: int, lang: str) -> str:
        """What a customer has in the suggestion, and when customers pick by deposit."""
        plan, other = self._shown(self.plan[at], lang), self._shown(self.picked[at], lang)
        return say(lang, "place.both", row=self.project.wish_rows[at], who=self._who(at), plan=plan, other=other)

    def _totals(self, title: str, plan: Plan) -> list[str]:
        counted = tally(self.field, plan)
        return [title, *map(str, (counted.customers, counted.units, *counted.by_rank, counted.unmet))]

    def _drawn(self, lang: str, drawn: Lottery) -> list[str]:
        title = say(lang, "place.by_lottery", draws=drawn.draws, seed=drawn.seed)
        units = f"{drawn.units:.1f} ({drawn.fewest}–{drawn.most})"
        unmet = sum(self.field.wanted) - drawn.units
        return [title, f"{drawn.customers:.1f}", units, *(f"{mean:.1f}" for mean in drawn.by_rank), f"{unmet:.1f}"]

    def _who(self, at: int) -> str:
        wish = self.project.wishes[at]
        return " ".join(part for part in (wish.customer_no, masked_name(wish.name)) if part)

    def _shown(self, given: Given, lang: str) -> str:
        """What a customer is given, in words: the rank of choice and the unit."""
        if not given:
            return say(lang, "place.nothing")
        return say(lang, "place.and").join(
            f"{say(lang, f'place.rank.{min(rank, 4)}', rank=rank)} {self.project.units[unit].unit_no}"
            for unit, rank in given
        )

    def _remark(self, at: int, holders: dict[int, int], lang: str) -> str:
        """Why a customer has what he has, and what picking by deposit would give him."""
        given, wanted = self.plan[at], self.field.wanted[at]
        parts = []
        if not given:
            parts.append(self._why_not(at, holders, lang))
        elif len(given) < wanted:
            parts.append(say(lang, "place.remark.fewer", wanted=wanted, given=len(given)))
        parts.append(say(lang, "place.remark.picked", given=self._shown(self.picked[at], lang)))
        return say(lang, "place.then").join(parts)

    def _why_not(self, at: int, holders: dict[int, int], lang: str) -> str:
        """Who has the units a customer without one could have had; why he could have none."""
        units, wishes = self.project.units, self.project.wishes
        taken = [
            say(lang, "place.remark.held", unit=units[unit].unit_no, who=wishes[holders[unit]].customer_no or "—")
            for unit, _ in self.field.lists[at]
            if unit in holders
        ]
        barred = [
            say(lang, f"place.remark.{refusal.why}", unit=refusal.unit_no)
            for refusal in self._refused.get(at, ())
            if refusal.why != "repeated"
        ]
        return say(lang, "place.and").join([*taken, *barred]) or say(lang, "place.remark.no_choice")


def suggestion(
    project: Project,
    aim: str,
    *,
    limits: Limits | None = None,
    draws: int = 0,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Suggestion:
    """A suggested placement for a project, beside picking by deposit and, with `draws`, beside drawing lots.

    Args:
        project: the units and wishes.
        aim: one of `assignment.AIMS`.
        limits: what bounds the customers' choices.
        draws: how many orders are drawn by lot; 0 for none.
        seed: of the lots.
        progress: told draws done and draws in all.
    """
    field = open_choices(project.units, project.wishes, limits)
    plan = suggest(field, aim)
    picked = pick(field, by_deposit(project.wishes))
    drawn = lottery(field, plan, draws, seed, progress) if draws else None
    return Suggestion(project, field, aim, plan, picked, drawn)
