"""What the commands that write into a workbook do alike: nobody has it open, and the old file is kept."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["copied", "in_its_place", "refuse_open"]


def refuse_open(source: Path) -> None:
    """A workbook that somebody has open would lose his changes, or ours.

    Raises:
        XlpError: somebody has it open.
    """
    for name in (f"~${source.name}", f".~lock.{source.name}#"):
        if (source.parent / name).exists():
            raise XlpError("open_elsewhere", path=source, found=name)


@contextlib.contextmanager
def in_its_place(source: Path, target: Path) -> Iterator[Path]:
    """Where to write: the target, or a file beside it that takes the workbook's place, the old one kept as .bak."""
    if target != source:
        yield target
        return
    refuse_open(source)
    beside = source.with_name(f".{source.name}.new{source.suffix}")
    try:
        yield beside
        if beside.exists():
            shutil.copy2(source, source.with_name(source.name + ".bak"))
            beside.replace(source)
    except OSError as cause:
        raise XlpError("cannot_write", path=source, found=cause) from cause
    finally:
        with contextlib.suppress(OSError):  # where nothing can be written, nothing can be taken away either
            beside.unlink(missing_ok=True)


def copied(source: Path, target: Path) -> None:
    """The workbook as it is, byte for byte, at another place; nothing where that is its own.

    Raises:
        XlpError: the target can't be written.
    """
    from xlplugin.hosts._package import read_file, write_beside  # noqa: PLC0415 - only where there is a copy

    if source != target:
        with write_beside(target, like=source) as out:
            out.write(read_file(source))
