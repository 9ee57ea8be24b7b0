"""`xlplugin recalc`: workbooks recalculated without a spreadsheet program, each reported on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.cli._books import in_its_place
from xlplugin.cli._shared import Progress, day, note
from xlplugin.errors import XlpError
from xlplugin.rulebook import load
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from datetime import date

    from xlplugin.hosts.headless import Report
    from xlplugin.rulebook import Rulebook

__all__ = ["desk_functions", "report", "run"]


def run(options: argparse.Namespace, lang: str) -> int:
    """Recalculates every workbook; one that cannot be does not stop the others."""
    book = load(options.rulebook)
    as_of = day(options.as_of, "--as-of")
    sources = [Path(path) for path in options.books]
    targets = _targets(sources, options.output, in_place=options.in_place)
    worst = 0
    for source, target in zip(sources, targets):
        try:
            code = _one(source, target, book, as_of, lang)
        except XlpError as error:
            note(lang, "cli.error", sentence=error.sentence(lang))
            code = 2
        worst = max(worst, code) if 2 not in (worst, code) else 2
    return worst


def _targets(sources: list[Path], output: str | None, *, in_place: bool) -> list[Path]:
    """Where each result goes: its own place, the folder or file named, else a file of its own beside it."""
    if in_place:
        return sources
    if output is None:
        return [source.with_name(f"{source.stem}-recalc{source.suffix}") for source in sources]
    target = Path(output)
    is_folder = target.is_dir() or output.endswith(("/", os.sep))
    if not is_folder:
        if len(sources) > 1:
            raise XlpError("one_output", path=target, count=len(sources))
        if target.exists() and sources[0].exists() and target.samefile(sources[0]):
            raise XlpError("output_is_input", path=target)
        if target.suffix.casefold() != sources[0].suffix.casefold():
            raise XlpError("recalc_kind", path=target, allowed=sources[0].suffix)
        return [target]
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise XlpError("cannot_write", path=target, found=cause) from cause
    targets = [target / source.name for source in sources]
    for place in targets:
        if targets.count(place) > 1:
            raise XlpError("same_name", path=place)
    return targets


def _one(source: Path, target: Path, book: Rulebook, as_of: date | None, lang: str) -> int:
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine
    from xlplugin.hosts.places import cell_named, open_book  # noqa: PLC0415 - the same
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - the same

    inputs = {}
    if as_of is not None:
        place = cell_named(open_book(source), "as_of")
        if place is None:
            raise XlpError("no_as_of", path=source)
        inputs[place] = as_of
    progress = Progress(lang)
    try:
        with in_its_place(source, target) as beside:
            result = recalc(source, beside, desk_functions(book), inputs=inputs, trusted=is_ours, progress=progress)
    finally:
        progress.close()
    report(result, target, lang)
    if as_of is not None:
        note(lang, "cli.recalc.as_of", path=target, day=as_of.isoformat())
    if source == target:
        note(lang, "cli.recalc.backup", path=source.with_name(source.name + ".bak"))
    return result.exit_code


def desk_functions(book: Rulebook) -> Callable[[bool], Mapping[str, Callable[..., object]]]:
    """What the embedded host asks for: the worksheet functions for a workbook of either date system."""
    return lambda date1904: Desk(book, EPOCH_1904 if date1904 else EPOCH_1900).functions()


def report(result: Report, target: Path, lang: str) -> None:
    """Says what was done, and names every formula whose value was kept instead."""
    note(lang, "cli.recalc.done", path=target)
    for sentence in result.sentences(lang):
        note(lang, "cli.recalc.line", line=sentence)
