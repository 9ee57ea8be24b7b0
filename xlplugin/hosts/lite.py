"""xlwings Lite: a workbook that carries the functions, the kernel and the rulebook inside itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts._lite_arrays import dynamic_arrays
from xlplugin.hosts._lite_code import REQUIREMENTS, main_py
from xlplugin.hosts._lite_parts import FOLDER, added_parts, with_parts, without_parts
from xlplugin.hosts._package import Edited
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from xlplugin.hosts._package import Package

__all__ = ["PREFIX", "carried", "carrying", "code", "dynamic_arrays", "uncarried"]

PREFIX = "_xldudf_"
"""What a file has before the name of a function that an Office add-in brings."""


def code(lang: str) -> dict[str, str]:
    """The files that Lite runs, by name; their help is in `zh` or `en`."""
    return {"main.py": main_py(lang), "requirements.txt": REQUIREMENTS}


def carrying(book: bytes, lang: str) -> bytes:
    """A workbook with our functions inside, for people who have xlwings Lite.

    Args:
        book: an .xlsx whose formulas are spelled with `PREFIX`.
        lang: `zh` or `en`.
    """
    return with_parts(book, code(lang), [f"{PREFIX}{name}" for name in FUNCTIONS])


def carried(package: Package, lang: str) -> Package:
    """A workbook with our functions inside; what it carried of ours before is replaced.

    Args:
        package: the workbook, its formulas spelled with `PREFIX`.
        lang: `zh` or `en`.

    Raises:
        XlpError: it carries another add-in, beside which ours would not be found.
    """
    package = uncarried(package)
    if any(name.startswith(f"{FOLDER}/") for name in package.names):
        raise XlpError("lite_other_addin", path=package.path)
    return Edited(package, added_parts(package.read, code(lang), [f"{PREFIX}{name}" for name in FUNCTIONS]))


def uncarried(package: Package) -> Package:
    """A workbook without the functions that Lite carries; an add-in's code that isn't ours stays."""
    parts = [name for name in package.names if name.startswith(f"{FOLDER}/")]
    if not parts or not any(b"_xldudf_XLP_" in package.read(part) for part in parts):
        return package
    changed, removed = without_parts(package.read, parts)
    return Edited(package, changed, removed)
