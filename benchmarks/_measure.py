"""Interleaved timing, and the figures as a table on the screen or in Markdown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Cost", "Section", "cost", "interleaved", "publish"]


class Cost(NamedTuple):
    """What a process took: seconds on the clock and of the processor, and the most memory it held, in MB."""

    seconds: float
    processor: float
    peak: float


@dataclass(frozen=True)
class Section:
    """The figures of one benchmark.

    Args:
        title: what was measured.
        how: how, in a sentence or two.
        headers: of the table.
        rows: its cells, as they are to be read.
        notes: lines under the table.
    """

    title: str
    how: str
    headers: list[str]
    rows: list[list[str]]
    notes: list[str]

    def markdown(self) -> str:
        """The section as Markdown."""
        lines = [self.headers, ["---", *["---:"] * (len(self.headers) - 1)], *self.rows]
        table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
        return "\n\n".join([f"## {self.title}", self.how, table, *self.notes]) + "\n"

    def text(self) -> str:
        """The section for a terminal."""
        widths = [max(map(len, column)) for column in zip(self.headers, *self.rows)]
        lines = []
        for line in (self.headers, ["-" * width for width in widths], *self.rows):
            first, *rest = zip(line, widths)
            lines.append("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]))
        return "\n".join([self.title, *lines, *self.notes, ""])


def interleaved(rounds: int, *works: Callable[[], object]) -> list[list[float]]:
    """Seconds of each work in each round; every round runs all of them, so that a slow moment hits them alike."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, seconds):
            start = perf_counter()
            work()
            taken.append(perf_counter() - start)
    return seconds


def ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios within each round."""
    return median(one / other for one, other in zip(ours, floor))


def publish(section: Section) -> None:
    """Prints the section: as JSON where the caller is the one command, else for a person."""
    sys.stdout.write(json.dumps(asdict(section)) if "--json" in sys.argv else section.text())


def section_of(text: str) -> Section:
    """A section that `publish` printed as JSON."""
    found: dict[str, Any] = json.loads(text)
    return Section(**found)


def cost(command: list[str]) -> Cost:
    """Runs a command and says what it took."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None  # noqa: S101 - it was asked for above
    said = process.stderr.read()
    _, code, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit(said.decode())
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
