"""The kernel itself, called from Python with the cells as typed: no host in between."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from conformance.reader import TooHard, evaluate
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model import Case

NAME = "kernel"
GAPS = {"native/*": "the kernel has our functions only; the spreadsheet's own are the other hosts' to calculate"}


def version() -> str:
    """The Python that runs it."""
    return f"Python {platform.python_version()}"


def run(cases: Sequence[Case]) -> dict[str, object]:
    """What the functions give, one desk for all cases as one workbook has one."""
    functions = Desk().functions()
    answers = {}
    for case in cases:
        try:
            answers[case.name] = evaluate(case, lambda name, arguments: functions[name](*arguments))
        except TooHard:
            continue
    return answers
