"""The add-in as one file, an .oxt: type library, registration, words, and the kernel with its rulebook."""

from __future__ import annotations

import os
import tempfile
from importlib.resources import files
from pathlib import Path

from xlplugin.errors import XlpError
from xlplugin.hosts._kernel import kernel_files, zipped
from xlplugin.hosts.calc._names import COMPONENT
from xlplugin.hosts.calc._parts import parts
from xlplugin.worksheet import FUNCTIONS

__all__ = ["build", "content"]

_OURS = ("hosts/calc/_calls.py", "hosts/calc/_names.py")


def content() -> bytes:
    """The add-in's bytes, the same for the same version of this package."""
    python = {f"pythonpath/{path}": code for path, code in kernel_files(*_OURS).items()}
    component = files("xlplugin.hosts.calc").joinpath("_component.py").read_bytes()
    return zipped({**parts(FUNCTIONS), COMPONENT: component, **python})


def build(target: Path | str) -> Path:
    """Where the add-in was written; nothing but a whole file ever stands there.

    Args:
        target: the .oxt to write.

    Raises:
        XlpError: `cannot_write`.
    """
    target = Path(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".xlplugin-", suffix=".oxt")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content())
            Path(beside).chmod(0o644)
            Path(beside).replace(target)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        raise XlpError("cannot_write", path=target, found=error) from None
    return target
