"""`xlplugin share`: a copy of a workbook that can be mailed."""

from __future__ import annotations

import getpass
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._outputs import output_of
from xlplugin.cli._shared import Progress, note, today
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from xlplugin.exchange.share import Report, Terms
    from xlplugin.hosts._book import Book

__all__ = ["run"]

_TYPED = "-"  # asks for the password


def run(options: argparse.Namespace, lang: str) -> int:
    """Makes a copy of every workbook; one that can't be shared does not stop the others."""
    if len(options.books) == 1:
        return _one(Path(options.books[0]), options, lang)
    if options.output and not Path(options.output).is_dir():
        raise XlpError("one_output", path=options.output, count=len(options.books))
    if options.password_file == _TYPED:
        raise XlpError("share_one_prompt")
    worst = 0
    for book in options.books:
        try:
            code = _one(Path(book), options, lang)
        except XlpError as error:
            note(lang, "cli.error", sentence=error.sentence(lang))
            code = 2
        worst = max(worst, code) if 2 not in (worst, code) else 2
    return worst


def _one(source: Path, options: argparse.Namespace, lang: str) -> int:
    """Makes the copy and says what it is; 3 where a formula kept an old value."""
    from xlplugin.exchange.share import Terms, check  # noqa: PLC0415 - brings the package reader

    book = check(source)
    target = _target(source, options, lang)
    password = _password(options.password_file)
    consultant = None if options.consultant is None else options.consultant.strip()
    terms = Terms(options.mask, consultant, options.clean, password, options.form)
    report, code, first = _made(book, target, terms, lang)
    note(lang, "cli.share.done", path=target)
    if first:
        note(lang, f"cli.share.{first}", day=today().isoformat())
    for sentence in report.sentences(lang):
        note(lang, "cli.share.line", line=sentence)
    if not options.mask:
        note(lang, "cli.share.unmasked", path=target)
    return code


def _target(source: Path, options: argparse.Namespace, lang: str) -> Path:
    suffix = ".xlsx" if options.clean else source.suffix
    usual = source.with_name(f"{source.stem}-share{suffix}")
    read = (*options.books, None if options.password_file == _TYPED else options.password_file)
    return output_of(options, usual, lang, kinds=(suffix.casefold(),), kind_error="share_kind", read=read)


def _password(file: str | None) -> str | None:
    """The password: the first line of a file, or typed where the file is called `-`."""
    if file is None:
        return None
    if file == _TYPED:
        lines = [getpass.getpass()]
    else:
        from xlplugin.hosts._package import read_file  # noqa: PLC0415 - as above

        try:
            lines = read_file(Path(file)).decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise XlpError("share_password_encoding", path=file) from None
    if not lines or not lines[0]:
        raise XlpError("share_no_password", path=file)
    return lines[0]


def _made(book: Book, target: Path, terms: Terms, lang: str) -> tuple[Report, int, str]:
    """The copy, calculated anew where it must be; the exit code; what was done first.

    A day is frozen: the one typed, else today; clearing it sets a live copy going again. What a program without our
    functions has calculated is put right first.
    """
    from xlplugin.exchange.share import share, was_calculated_without_us  # noqa: PLC0415 - as above
    from xlplugin.hosts.places import cell_named  # noqa: PLC0415 - as above

    source, place = book.package.path, cell_named(book, "as_of")
    freezes = place is not None and not _is_filled(source, place)
    inputs = {place: today()} if place is not None and freezes else {}
    if not inputs and not was_calculated_without_us(book):
        return share(source, target, terms), 0, ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / source.name
            code = _calculated(source, fresh, inputs, lang)
            report = share(fresh, target, terms, told_as=source)
    except OSError as cause:
        raise XlpError("cannot_write", path=cause.filename, found=cause) from cause
    return report, code, "as_of" if inputs else "calculated"


def _is_filled(source: Path, place: tuple[str, str]) -> bool:
    from xlplugin.exchange.share import value_at  # noqa: PLC0415 - as above

    return value_at(source, place) not in (None, "", 0.0)


def _calculated(source: Path, fresh: Path, inputs: dict[tuple[str, str], date], lang: str) -> int:
    from xlplugin.cli.recalc import desk_functions  # noqa: PLC0415 - brings the kernel
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine
    from xlplugin.rulebook import load  # noqa: PLC0415 - the same
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - the same

    progress = Progress(lang)
    try:
        report = recalc(
            source,
            fresh,
            desk_functions(load()),
            inputs=inputs,
            trusted=is_ours,
            progress=progress,
        )
    finally:
        progress.close()
    if report.exit_code or report.bare:
        for sentence in report.sentences(lang):
            note(lang, "cli.share.line", line=sentence)
    return report.exit_code
