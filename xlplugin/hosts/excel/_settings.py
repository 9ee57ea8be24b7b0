"""The file xlwings.conf: lines `"KEY","value"`, of which ours are put in and taken out; all others stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MODULE", "merged", "read", "with_module", "without", "without_module"]

MODULE = "xlplugin.hosts.excel.udfs"
_LINE = re.compile(r'\s*"?([^",]*)"?\s*,\s*"?([^"]*)"?\s*')


def read(text: str) -> dict[str, str]:
    """The settings by their names in capitals; the first of a name counts, as in xlwings."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        key = _key(line)
        if key:
            found.setdefault(key, _LINE.fullmatch(line.rstrip())[2])  # type: ignore[index] # it has a key
    return found


def merged(text: str, wanted: Mapping[str, str]) -> str:
    """The text with these settings, each in the place of its old line, else at the end; other lines untouched."""
    left = {key.upper(): value for key, value in wanted.items()}
    end = "\n" if "\n" in text and "\r\n" not in text else "\r\n"
    lines = []
    for line in text.splitlines(keepends=True):
        key = _key(line)
        spelled = line.split(",")[0].strip()
        lines.append(f'{spelled},"{left.pop(key)}"{end}' if key in left else line)
    if left and lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    return "".join([*lines, *(f'"{key}","{value}"{end}' for key, value in left.items())])


def without(text: str, keys: set[str]) -> str:
    """The text without the lines of these settings."""
    return "".join(line for line in text.splitlines(keepends=True) if _key(line) not in keys)


def with_module(modules: str) -> str:
    """A `UDF MODULES` value that names our module besides those it names."""
    names = [name for name in modules.split(";") if name]
    return ";".join(names if MODULE in names else [*names, MODULE])


def without_module(modules: str) -> str:
    """A `UDF MODULES` value without our module."""
    return ";".join(name for name in modules.split(";") if name and name != MODULE)


def _key(line: str) -> str:
    found = _LINE.fullmatch(line.rstrip())
    return found[1].strip().upper() if found else ""
