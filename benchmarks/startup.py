"""How soon the command answers: `xlplugin --help` and `xlplugin functions` against a Python that does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks._measure import Section, interleaved, publish, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS = 15
_TARGET = 4
_ENTRY = "import sys; from xlplugin.cli import main; sys.exit(main())"  # what the installed command runs
_COMMANDS = {
    "xlplugin --help": ("-c", _ENTRY, "--help"),
    "xlplugin schemes --help": ("-c", _ENTRY, "schemes", "--help"),
    "xlplugin functions": ("-c", _ENTRY, "functions"),
    "xlplugin schemes": ("-c", _ENTRY, "schemes"),
}


def _runner(arguments: Sequence[str], environment: dict[str, str]) -> Callable[[], object]:
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)


def _environment(compiled: str) -> dict[str, str]:
    """This process's, with modules kept compiled as an installation does."""
    unset = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME")
    return {**{name: value for name, value in os.environ.items() if name not in unset}, "PYTHONPYCACHEPREFIX": compiled}


def measure() -> Section:
    with TemporaryDirectory() as compiled:
        environment = _environment(compiled)
        works = [_runner(command, environment) for command in (("-c", "pass"), *_COMMANDS.values())]
        interleaved(2, *works)  # from here on the modules are compiled and in memory
        nothing, *taken = interleaved(_ROUNDS, *works)
    rows = [["python -c pass", f"{median(nothing) * 1e3:.0f}", "1.00", ""]]
    for name, seconds in zip(_COMMANDS, taken):
        times = ratio(seconds, nothing)
        target = "" if name != "xlplugin --help" else "within" if times <= _TARGET else "OVER"
        rows.append([name, f"{median(seconds) * 1e3:.0f}", f"{times:.2f}", target])
    how = (
        f"Wall time of a fresh process, median of {_ROUNDS} interleaved rounds; ratio: median within a round. "
        f"`--help` at most {_TARGET}×."
    )
    return Section("Start", how, ["command", "ms", "ratio", "target"], rows, [])


if __name__ == "__main__":
    publish(measure())
