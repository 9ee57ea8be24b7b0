"""`xlplugin recalc`: workbooks recalculated without a spreadsheet program, each reported on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.cli._books import in_its_place
from xlplugin.cli._outputs import output_of
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
    _check_output(sources, options.output)
    worst = 0
    for source in sources:
        try:
            target = source if options.in_place else _target(source, sources, options, lang)
            code = _one(source, target, book, as_of, lang)
        except XlpError as error:
            note(lang, "cli.error", sentence=error.sentence(lang))
            code = 2
        worst = max(worst, code) if 2 not in (worst, code) else 2
    return worst


def _check_output(sources: list[Path], output: str | None) -> None:
    """A folder that is named exists afterwards; a file is named for one workbook only."""
    if output is None:
        return
    folder = Path(output)
    if not folder.is_dir() and not output.endswith(("/", os.sep)):
        if len(sources) > 1:
            raise XlpError("one_output", path=folder, count=len(sources))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise XlpError("cannot_write", path=folder, found=cause) from cause
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise XlpError("same_name", path=folder / name)


def _target(source: Path, sources: list[Path], options: argparse.Namespace, lang: str) -> Path:
    """Where the result goes: under its own name in a folder, the file named, else a file of its own beside it."""
    usual = source if options.output else source.with_name(f"{source.stem}-recalc{source.suffix}")
    kinds = (source.suffix.casefold(),)
    return output_of(options, usual, lang, kinds=kinds, kind_error="recalc_kind", read=sources)


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
