"""One decision in process, against a function written by hand for that scheme that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks._cells import Row, draw
from benchmarks._measure import Section, interleaved, publish
from benchmarks.by_hand import BY_HAND, Answer
from xlplugin.decisions import chain_of
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.decisions import Chain

_ROWS = 200
_ROUNDS = 41
_TARGET, _AIM = 4, 2


def _ours(chain: Chain, rows: Sequence[Row]) -> list[Answer]:
    decide = chain.decide
    answers: list[Answer] = []
    for cells, as_of, last_contact, agreed, opt_out in rows:
        decision = decide(cells, as_of, last_contact, agreed, opt_out)
        answers.append((decision.grade, decision.status, decision.interval_days, decision.next_contact))
    return answers


def _by_hand(scheme: Callable[..., Answer], rows: Sequence[Row]) -> list[Answer]:
    answers: list[Answer] = []
    for cells, as_of, last_contact, agreed, opt_out in rows:
        grade, status, interval_days, next_contact = scheme(cells, as_of, last_contact, agreed, opt_out)
        answers.append((grade, status, interval_days, next_contact))
    return answers


def _agree(chain: Chain, rows: Sequence[Row]) -> None:
    """Both answer alike on every row; else the first row on which they differ is named."""
    hand = BY_HAND[chain.scheme.id]
    for row, ours, theirs in zip(rows, _ours(chain, rows), _by_hand(hand, rows)):
        if ours != theirs:
            raise SystemExit(f"{chain.scheme.id}: {row}\n  package {ours}\n  by hand {theirs}")


def measure() -> Section:
    book = load()
    lines, ratios = [], []
    for scheme in book.values():
        chain, hand = chain_of(scheme), BY_HAND[scheme.id]
        rows = draw(scheme, _ROWS)
        _agree(chain, draw(scheme, 10 * _ROWS, messy=0.6, seed=3))
        _agree(chain, rows)
        ours, theirs = interleaved(_ROUNDS, lambda: _ours(chain, rows), lambda: _by_hand(hand, rows))  # noqa: B023 - called at once
        times = min(ours) / min(theirs)
        ratios.append(times)
        mark = "aim" if times <= _AIM else "within" if times <= _TARGET else "OVER"
        each = [f"{min(taken) / _ROWS * 1e6:.2f}" for taken in (ours, theirs)]
        lines.append([scheme.id, *each, f"{times:.2f}", mark])
    notes = [f"Worst {max(ratios):.2f}×, mean {sum(ratios) / len(ratios):.2f}×."]
    how = (
        f"{_ROWS} rows a scheme as a host sends them, about one in twelve with something messy; raw cells to grade, "
        f"status, interval and date. Both sides give the same answers on these and on {10 * _ROWS} far messier rows. "
        f"µs a row: quickest of {_ROUNDS} interleaved rounds; ratio: of those. At most {_TARGET}×, aim {_AIM}×."
    )
    return Section("One decision", how, ["scheme", "µs a row", "by hand", "ratio", "target"], lines, notes)


if __name__ == "__main__":
    publish(measure())
