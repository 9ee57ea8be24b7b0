"""`xlplugin tiers close-month`: the month's tiers kept in the history of a book of account tiers."""

from __future__ import annotations

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._books import copied, in_its_place
from xlplugin.cli._outputs import output_of
from xlplugin.cli._shared import Progress, note, today
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse

    from xlplugin.exchange.close_month import Closing
    from xlplugin.hosts.headless import Report

__all__ = ["run"]

_MONTH = re.compile(r"(\d{4})[-/.]?(\d{1,2})")


def run(options: argparse.Namespace, lang: str) -> int:
    """Closes the month and says who went up and down; 3 where a formula kept its value."""
    source = Path(options.book)
    month = _month(options.month, today())
    target = source if options.in_place else _target(source, options, lang)
    progress = Progress(lang)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _closed(source, target, month, Path(folder), lang, progress)
    except OSError as cause:
        raise XlpError("cannot_write", path=cause.filename, found=cause) from cause
    finally:
        progress.close()


def _target(source: Path, options: argparse.Namespace, lang: str) -> Path:
    usual = source.with_name(f"{source.stem}-closed{source.suffix}")
    kinds = (source.suffix.casefold(),)
    return output_of(options, usual, lang, kinds=kinds, kind_error="share_kind", read=[source])


def _month(text: str | None, now: date) -> date:
    """The month to close, by default the last one that is over."""
    latest = (now.replace(day=1) - timedelta(1)).replace(day=1)
    if text is None:
        return latest
    hit = _MONTH.fullmatch(text.strip())
    if not hit or not 1 <= int(hit[2]) <= 12 or not 1950 <= int(hit[1]) <= 2199:
        raise XlpError("month_wrong", found=text)
    month = date(int(hit[1]), int(hit[2]), 1)
    if month > latest:
        raise XlpError("month_not_over", found=f"{month:%Y-%m}", today=now.isoformat(), allowed=f"{latest:%Y-%m}")
    return month


def _closed(source: Path, target: Path, month: date, folder: Path, lang: str, progress: Progress) -> int:
    from xlplugin.cli.recalc import desk_functions  # noqa: PLC0415 - brings the kernel
    from xlplugin.exchange._recalculated import kept, recalculated  # noqa: PLC0415 - brings the engine
    from xlplugin.exchange.close_month import plan_closing  # noqa: PLC0415 - as above
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - as above
    from xlplugin.hosts.places import cell_named, open_book  # noqa: PLC0415 - as above
    from xlplugin.rulebook import load  # noqa: PLC0415 - as above
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - as above

    trusted, functions = is_ours, desk_functions(load())
    book, as_of = open_book(source), folder / f"as-of{source.suffix}"
    place = cell_named(book, "as_of")
    inputs = {place: (month + timedelta(31)).replace(day=1)} if place else {}
    first = recalc(source, as_of, functions, inputs=inputs, trusted=trusted, progress=progress)
    closing = plan_closing(book, open_book(as_of), month)
    if place is None:
        closing.notes.append(("tiers.note.no_as_of", {}))
    if not closing.entries:
        copied(source, target)
        progress.close()
        _say(closing, first, lang)
        note(lang, "cli.tiers.nothing", month=f"{month:%Y-%m}", path=target)
        return first.exit_code
    changed = folder / f"changed{source.suffix}"
    closing.write(changed)
    with in_its_place(source, target) as result:
        report = recalculated(changed, result, functions, trusted, kept(first), progress)
    progress.close()
    _say(closing, report, lang)
    note(lang, "cli.tiers.done", month=f"{month:%Y-%m}", path=target)
    if target == source:
        note(lang, "cli.payments.backup", path=f"{source}.bak")
    return max(first.exit_code, report.exit_code)


def _say(closing: Closing, report: Report, lang: str) -> None:
    for sentence in closing.sentences(lang):
        print(sentence)
    for sentence in report.sentences(lang) if report.exit_code or report.notes else ():
        note(lang, "cli.recalc.line", line=sentence)
