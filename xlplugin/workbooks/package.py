"""A workbook as XlsxWriter leaves it, made ready to be mailed: cached texts typed, no recalculation forced on opening."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["written_beside"]

_EMPTY_TEXT = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?)(><f>[^<]*</f><v></v></c>)')
_CALC = re.compile(rb"<calcPr\b[^>]*/>")
# The id is that of a current Excel: with an older one Excel would recalculate everything when it opens the book.
_KEPT_CACHE = b'<calcPr calcId="191029"/>'


def written_beside(target: Path, write: Callable[[Path], None]) -> None:
    """A file written beside its target, tidied and then put in its place, so that a failure leaves the old one whole.

    Args:
        target: where the workbook is to stand.
        write: writes the workbook to the path it is given.
    """
    handle, name = tempfile.mkstemp(suffix=".xlsx", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        write(draft)
        _tidy(draft)
        draft.chmod(0o666 & ~_umask())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    """What the user takes away from new files; a temporary file is otherwise readable by its maker alone."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _tidy(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            # One fixed time, so that the same recipe always gives the same file.
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _tidied(name, content), zipfile.ZIP_DEFLATED)


def _tidied(name: str, content: bytes) -> bytes:
    if name.startswith("xl/worksheets/sheet"):
        return _EMPTY_TEXT.sub(rb'\1 t="str"\2', content)
    if name == "xl/workbook.xml":
        return _CALC.sub(_KEPT_CACHE, content)
    return content
