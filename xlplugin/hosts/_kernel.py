"""The kernel as files, for programs that carry it inside themselves: an xlwings Lite workbook, a LibreOffice add-in."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

from xlplugin.rulebook import packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["kernel_files", "zipped"]

_ROOMS = ("texts", "rulebook", "decisions", "worksheet")
_MODULES = ("__init__.py", "errors.py", "domain.py", "cells.py")
# One fixed time, so that the same kernel always gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def kernel_files(*besides: str) -> dict[str, bytes]:
    """Everything the functions need, by path below a folder that is to stand on `sys.path`: standard library only.

    Args:
        besides: further modules of this package that the host needs, such as `hosts/_lite_calls.py`.
    """
    package = files("xlplugin")
    paths = [*_MODULES, *besides]
    for room in _ROOMS:
        modules = (entry.name for entry in package.joinpath(room).iterdir() if entry.name.endswith(".py"))
        paths += sorted(f"{room}/{name}" for name in modules)
    kernel = {f"xlplugin/{path}": package.joinpath(path).read_bytes() for path in paths}
    kernel["xlplugin/rulebook/rulebook.json"] = packed().encode()
    return kernel


def zipped(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Files as a zip whose bytes depend on nothing but them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in dict(parts).items():
            archive.writestr(zipfile.ZipInfo(path, _TIME), content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return out.getvalue()
