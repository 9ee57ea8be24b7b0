"""`xlplugin payments`: an accounting export of payments taken into a book of account tiers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._books import copied, in_its_place
from xlplugin.cli._outputs import named_output, output_of
from xlplugin.cli._shared import Progress, note
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse

    from xlplugin.exchange.payments import Plan

__all__ = ["run"]

_NOTHING_TAKEN = 2


def run(options: argparse.Namespace, lang: str) -> int:
    """Shows what the import does and does it; 2 where no row could be used, 3 where a formula kept its value."""
    from xlplugin.exchange._export import open_export  # noqa: PLC0415 - brings the package reader
    from xlplugin.exchange.mapping import Mapping, read_mapping, save_mapping  # noqa: PLC0415 - as above
    from xlplugin.exchange.payments import plan_import  # noqa: PLC0415 - as above
    from xlplugin.exchange.payments_report import save_report, sentences  # noqa: PLC0415 - as above
    from xlplugin.hosts.places import open_book  # noqa: PLC0415 - as above

    source = Path(options.into)
    if source.exists() and Path(options.export).exists() and source.samefile(options.export):
        raise XlpError("export_is_book", path=source)
    target = _target(source, options, lang)
    mapping = read_mapping(Path(options.mapping)) if options.mapping else None
    export = open_export(Path(options.export), sheet=options.sheet, mapping=mapping)
    plan = plan_import(open_book(source), export)
    for sentence in sentences(plan, lang):
        print(sentence)
    if options.save_mapping:
        save_mapping(Path(options.save_mapping), Mapping(export.used(), export.constants))
        note(lang, "cli.payments.mapping", path=options.save_mapping)
    if options.report:
        save_report(plan, Path(options.report), lang)
        note(lang, "cli.payments.report", path=options.report)
    if options.dry_run:
        note(lang, "cli.payments.dry")
        code = 0
    else:
        code = _written(plan, source, target, lang, recalculate=not options.no_recalc)
    return code or (_NOTHING_TAKEN if plan.refused and not plan.sums.amounts else 0)


def _target(source: Path, options: argparse.Namespace, lang: str) -> Path:
    """Where the changed workbook goes; what is written beside it may be written too."""
    read = (options.into, options.export, options.mapping)
    beside = [Path(path) for path in (options.report, options.save_mapping) if path]
    for path in beside:
        named_output(path, replace=options.replace, read=read)
    target = source
    if not (options.in_place or options.dry_run):
        usual = source.with_name(f"{source.stem}-payments{source.suffix}")
        kinds = (source.suffix.casefold(),)
        target = output_of(options, usual, lang, kinds=kinds, kind_error="share_kind", read=read)
    places = [path.resolve() for path in (target, *beside)]
    for path in places:
        if places.count(path) > 1:
            raise XlpError("output_twice", path=path)
    return target


def _written(plan: Plan, source: Path, target: Path, lang: str, *, recalculate: bool) -> int:
    if plan.changes_nothing:
        copied(source, target)
        note(lang, "cli.payments.nothing", path=target)
        return 0
    code = 0
    with in_its_place(source, target) as place:
        if recalculate:
            code = _recalculated(plan, source, place, lang)
        else:
            plan.write(place)
    note(lang, "cli.payments.done", path=target)
    if target == source:
        note(lang, "cli.payments.backup", path=f"{source}.bak")
    if not recalculate:
        note(lang, "cli.payments.stale", path=target)
    return code


def _recalculated(plan: Plan, source: Path, target: Path, lang: str) -> int:
    from xlplugin.cli.recalc import desk_functions  # noqa: PLC0415 - brings the kernel
    from xlplugin.exchange._recalculated import doubtful, recalculated  # noqa: PLC0415 - brings the engine
    from xlplugin.rulebook import load  # noqa: PLC0415 - as above
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - as above

    trusted, functions = is_ours, desk_functions(load())
    progress = Progress(lang)
    try:
        with tempfile.TemporaryDirectory() as folder:
            doubted = doubtful(source, functions, trusted)
            changed = Path(folder) / source.name
            plan.write(changed)
            report = recalculated(changed, target, functions, trusted, doubted, progress)
    except OSError as cause:
        raise XlpError("cannot_write", path=cause.filename, found=cause) from cause
    finally:
        progress.close()
    for sentence in report.sentences(lang) if report.exit_code or report.notes else ():
        note(lang, "cli.recalc.line", line=sentence)
    return report.exit_code
