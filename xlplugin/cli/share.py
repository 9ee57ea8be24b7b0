"""`xlplugin share`: a copy of a workbook that can be mailed."""

from __future__ import annotations

import getpass
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._shared import Progress, note, today
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from xlplugin.exchange.share import Report, Terms

__all__ = ["run"]


def run(options: argparse.Namespace, lang: str) -> int:
    """Makes the copy and says what it is; 3 where a formula kept an old value."""
    from xlplugin.exchange.share import Terms  # noqa: PLC0415 - brings the package reader

    source = Path(options.book)
    target = _target(source, options)
    password = _password(options.password_file)
    terms = Terms(options.mask, options.consultant, options.clean, password, options.form)
    report, code = _made(source, target, terms, lang)
    note(lang, "cli.share.done", path=target)
    for sentence in report.sentences(lang):
        note(lang, "cli.share.line", line=sentence)
    if not options.mask:
        note(lang, "cli.share.unmasked", path=target)
    return code


def _target(source: Path, options: argparse.Namespace) -> Path:
    suffix = ".xlsx" if options.clean else source.suffix
    target = Path(options.output) if options.output else source.with_name(f"{source.stem}-share{suffix}")
    if target.is_dir():
        target /= f"{source.stem}-share{suffix}"
    if target.suffix.casefold() != suffix.casefold():
        raise XlpError("share_kind", path=target, allowed=suffix)
    if target.exists():
        same = source.exists() and target.samefile(source)
        raise XlpError("output_is_input" if same else "already_there", path=target)
    return target


def _password(file: str | None) -> str | None:
    """The password: the first line of a file, or typed where the file is called `-`."""
    if file is None:
        return None
    if file == "-":
        lines = [getpass.getpass()]
    else:
        try:
            lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as cause:
            raise XlpError("cannot_read", path=file, found=cause) from None
    if not lines or not lines[0]:
        raise XlpError("share_no_password", path=file)
    return lines[0]


def _made(source: Path, target: Path, terms: Terms, lang: str) -> tuple[Report, int]:
    """The copy, frozen to a day: the one typed, else today; clearing it sets a live copy going again."""
    from xlplugin.exchange.share import check, share  # noqa: PLC0415 - as above
    from xlplugin.hosts.places import cell_named  # noqa: PLC0415 - as above

    place = cell_named(check(source), "as_of")
    if place is None or _is_filled(source, place):
        return share(source, target, terms), 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            frozen = Path(folder) / source.name
            code = _freeze(source, frozen, place, today(), lang)
            report = share(frozen, target, terms)
    except OSError as cause:
        raise XlpError("cannot_write", path=cause.filename, found=cause.strerror) from cause
    note(lang, "cli.share.as_of", day=today().isoformat())
    return report, code


def _is_filled(source: Path, place: tuple[str, str]) -> bool:
    from xlplugin.exchange.share import value_at  # noqa: PLC0415 - as above

    return value_at(source, place) not in (None, "", 0.0)


def _freeze(source: Path, frozen: Path, place: tuple[str, str], day: date, lang: str) -> int:
    from xlplugin.cli.recalc import desk_functions  # noqa: PLC0415 - brings the kernel
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine
    from xlplugin.rulebook import load  # noqa: PLC0415 - the same
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - the same

    progress = Progress(lang)
    try:
        report = recalc(source, frozen, desk_functions(load()), inputs={place: day}, trusted=is_ours, progress=progress)
    finally:
        progress.close()
    if report.exit_code:
        for sentence in report.sentences(lang):
            note(lang, "cli.share.line", line=sentence)
    return report.exit_code
