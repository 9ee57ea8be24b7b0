"""Steps that are said and done one by one; where one fails, those before it are taken back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xlplugin.hosts.excel._windows import Windows

    Tell = Callable[..., None]

__all__ = ["Job", "Step", "do_all"]


class Job:
    """What the steps of one installation or removal work on.

    Args:
        windows: the machine.
        lang: zh or en, for the words inside the add-in.
        tell: is told a text key and its facts.
        book: the workbook that gets the functions; None for the add-in.
    """

    def __init__(self, windows: Windows, lang: str, tell: Tell, book: Path | None = None) -> None:
        self.windows = windows
        self.lang = lang
        self.tell = tell
        self.book = book
        self.target = book  # what is put in its place at the end
        self.before: dict[Path, bytes | None] = {}

    @property
    def work(self) -> Path:
        """Our own folder for files that are not finished."""
        return self.windows.local / "xlplugin" / "excel"

    def remember(self, path: Path) -> None:
        """Keeps a file's content as it is now, so that a step can be taken back."""
        self.before.setdefault(path, path.read_bytes() if path.exists() else None)

    def restore(self) -> None:
        """Puts every remembered file back as it was."""
        for path, content in self.before.items():
            with suppress(OSError):  # the rest is to be put back all the same
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)


class Step(NamedTuple):
    """One step: its name in the texts (`excel.step.<name>`), what it does, and what clears up after a failure."""

    name: str
    do: Callable[[Job], None]
    clear: Callable[[Job], None] | None = None


def do_all(job: Job, steps: Sequence[Step]) -> None:
    """Does the steps in order, saying each before it is done.

    Raises:
        XlpError: a step could not be done; those before it, and what it had done itself, are taken back.
    """
    begun: list[Step] = []
    try:
        for number, step in enumerate(steps, 1):
            job.tell(f"excel.step.{step.name}", number=number, count=len(steps))
            begun.append(step)
            step.do(job)
    except BaseException as cause:
        job.restore()
        _clear_up(job, begun)
        if isinstance(cause, OSError):
            raise XlpError("cannot_write", path=cause.filename or job.target or "", found=cause) from cause
        raise


def _clear_up(job: Job, begun: list[Step]) -> None:
    for step in reversed(begun):
        if step.clear is not None:
            step.clear(job)
