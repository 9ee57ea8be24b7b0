"""One installation at a time: two of them on one profile would each end the other's LibreOffice."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["alone_with"]


@contextmanager
def alone_with(profile: Path) -> Iterator[None]:
    """Keeps other installations out of a profile for as long as it lasts, even where this one is killed.

    Raises:
        XlpError: `calc_busy` where one is at work there, `calc_read_only` where the profile cannot be made or opened.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none; there LibreOffice's own lock file has to do
    except ImportError:
        yield
        return
    try:
        profile.mkdir(parents=True, exist_ok=True)
        folder = os.open(profile, os.O_RDONLY)
    except OSError as error:
        raise XlpError("calc_read_only", path=profile, found=error) from None
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise XlpError("calc_busy", path=profile) from None
        yield
    finally:
        os.close(folder)
