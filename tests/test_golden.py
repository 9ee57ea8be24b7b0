"""The golden cases of the specification, copied as they are; C numbers are theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xlplugin.decisions import decide
from xlplugin.rulebook import load

BOOK = load()
LINES = (Path(__file__).parent / "golden.jsonl").read_text(encoding="utf-8").splitlines()
GOLDEN = [json.loads(line) for line in LINES]


def test_there_are_as_many_as_the_specification_has() -> None:
    assert [case["id"] for case in GOLDEN] == [f"C{number:03}" for number in range(1, 163)]


def test_every_scheme_has_a_golden_case() -> None:
    assert {case["scheme"] for case in GOLDEN} == set(BOOK)


@pytest.mark.parametrize("case", GOLDEN, ids=[case["id"] for case in GOLDEN])
def test_golden(case: dict[str, Any]) -> None:
    decision = decide(
        BOOK[case["scheme"]],
        case["inputs"],
        as_of=case["as_of"],
        last_contact=case["last_contact"],
        agreed_contact=case["agreed_contact"],
        opt_out=case["opt_out"],
    )
    day = decision.next_contact
    assert {
        "grade": decision.grade,
        "status": decision.status,
        "interval_days": decision.interval_days,
        "next_contact": None if day is None else day.isoformat(),
        "flags": ";".join(decision.flags),
    } == {key: case[key] for key in ("grade", "status", "interval_days", "next_contact", "flags")}
