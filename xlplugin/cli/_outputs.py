"""Where a command may write: a name that is given must be free, a name of our own is chosen so that it is."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._books import refuse_open
from xlplugin.cli._shared import note
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

__all__ = ["named_output", "output_of", "unused"]


def output_of(
    options: argparse.Namespace,
    usual: Path,
    lang: str,
    *,
    kinds: Iterable[str],
    kind_error: str,
    read: Iterable[str | Path | None] = (),
) -> Path:
    """Where the result goes: the file or folder named with -o, else a name of our own that nothing stands under.

    Args:
        options: what was asked for; `output` and `replace` are looked at.
        usual: the name of our own, beside the workbook or in the folder where the command was given.
        lang: the language to speak.
        kinds: the endings the result may have, in small letters.
        kind_error: the cause where it has another.
        read: the files that are read, which the result never replaces.

    Raises:
        XlpError: another kind of file, a file that is read, or one that stands there already.
    """
    if options.output is None and not options.replace:
        return unused(usual, lang)
    target = usual if options.output is None else Path(options.output)
    if target.is_dir():
        target /= usual.name
    _refuse_read(target, read)
    if target.suffix.casefold() not in kinds:
        raise XlpError(kind_error, path=target, allowed=" / ".join(kinds))
    named_output(target, replace=options.replace)
    return target


def named_output(path: Path, *, replace: bool, read: Iterable[str | Path | None] = ()) -> None:
    """Nothing, where a file may be written under a name that was given.

    Raises:
        XlpError: it is read too, it stands there already, or it is to be replaced and somebody has it open.
    """
    _refuse_read(path, read)
    if path.exists():
        if not replace:  # somebody may have worked in it
            raise XlpError("already_there", path=path)
        refuse_open(path)


def unused(usual: Path, lang: str) -> Path:
    """The usual name, or the first numbered one like it that nothing stands under, which is said."""
    if not usual.exists():
        return usual
    numbered = (usual.with_name(f"{usual.stem}-{number}{usual.suffix}") for number in count(2))
    path = next(path for path in numbered if not path.exists())
    note(lang, "cli.output.unused", usual=usual, path=path)
    return path


def _refuse_read(target: Path, read: Iterable[str | Path | None]) -> None:
    for path in (Path(name) for name in read if name):
        if target.exists() and path.exists() and target.samefile(path):
            raise XlpError("output_is_input", path=target)
