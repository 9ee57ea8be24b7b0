"""xlwings Lite: a workbook that carries the functions, the kernel and the rulebook inside itself."""

from __future__ import annotations

from xlplugin.hosts._lite_code import REQUIREMENTS, main_py
from xlplugin.hosts._lite_parts import with_parts
from xlplugin.worksheet import FUNCTIONS

__all__ = ["PREFIX", "carrying", "code"]

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
