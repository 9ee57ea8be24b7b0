"""What the matrices of hosts and of programs share: who is asked, asked once, and what came of it."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

__all__ = ["Answers", "NotRun", "asked", "modules_in", "write"]


class NotRun(Exception):  # noqa: N818 - it is the host or program that was not run
    """The host or program can't start here; the message says why and what is wanted."""


class Answers(NamedTuple):
    """What a host or program gave, or why it was not run, or how it broke down."""

    found: Mapping[str, Any]
    not_run: str = ""
    broken: Exception | None = None


def modules_in(package: ModuleType) -> dict[str, Any]:
    """The modules of a package by name, but for helpers, whose names begin with an underscore."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_"))
    return {name: import_module(f"{package.__name__}.{name}") for name in names}


def asked(ask: Callable[[], Mapping[str, Any]]) -> Answers:
    """What asking gave; whatever goes wrong is kept, for a program is not to be started again for every case."""
    try:
        return Answers(ask())
    except NotRun as reason:
        return Answers({}, str(reason) or "no reason given")
    except Exception as cause:  # noqa: BLE001 - see above
        return Answers({}, broken=cause)


def write(target: Path, page: Callable[[], str], failures: Callable[[], Iterable[str]]) -> int:
    """Writes a matrix's page and prints what has failed; 1 where something has, else 0."""
    beside = target.with_suffix(".md.new")
    beside.write_text(page(), encoding="utf-8")
    beside.replace(target)
    failed = list(failures())
    sys.stdout.write("\n".join([f"{target.name} written", *failed, ""]))
    return int(bool(failed))
