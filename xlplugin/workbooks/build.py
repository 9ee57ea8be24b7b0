"""Template workbooks, from a recipe to a file."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.errors import XlpError
from xlplugin.hosts import lite
from xlplugin.hosts._package import write_beside
from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.native import as_native
from xlplugin.workbooks.package import tidied
from xlplugin.workbooks.recipes import TEMPLATES, recipe_of

if TYPE_CHECKING:
    from xlplugin.workbooks.recipe import Recipe

__all__ = ["HOSTS", "TEMPLATES", "build", "known_formulas"]

HOSTS = ("classic", "lite", "native")
"""Spellings a template can be written in: `classic` for every host that knows our functions by their plain names."""
_MOST_ROWS = 100_000
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed day, so that the same recipe always gives the same file


def build(
    name: str,
    target: str | Path,
    *,
    lang: str = "zh",
    rows: int = 500,
    scheme: str | None = None,
    host: str = "classic",
) -> None:
    """Writes a template workbook; a file that is there already is replaced only by a whole one.

    Args:
        name: the template, such as `visitor_register`.
        target: where it is to stand.
        lang: `zh` or `en`.
        rows: how many rows are prepared, 1 to 100,000.
        scheme: the id of a scheme to lay out in place of the usual ones.
        host: one of `HOSTS`.

    Raises:
        XlpError: `unknown_template`, `unknown_scheme`, `bad_rows` or `cannot_write`.
    """
    recipe = recipe_of(name, scheme)
    if not 1 <= rows <= _MOST_ROWS:
        raise XlpError("bad_rows", found=rows, limit=_MOST_ROWS)
    lang = "zh" if lang == "zh" else "en"
    if host == "lite":
        recipe = replace(recipe, prefix=lite.PREFIX)
    elif host == "native":
        recipe = as_native(recipe)
    content = tidied(_written(recipe, lang, rows))
    if host == "lite":
        content = lite.carrying(content, lang)
    elif host == "native":
        content = _calculated(content)
    with write_beside(Path(target)) as out:
        out.write(content)


def _written(recipe: Recipe, lang: str, rows: int) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only those who build a workbook wait for it

    from xlplugin.workbooks.sheets import help as help_sheet  # noqa: PLC0415 - imports xlsxwriter
    from xlplugin.workbooks.sheets import holidays, register, rules, workings  # noqa: PLC0415 - the same
    from xlplugin.workbooks.style import Style, workbook_options  # noqa: PLC0415 - the same

    schemes = [rulebook.load()[id_] for id_ in recipe.schemes]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, workbook_options(lang)) as book:
        book.set_properties({"created": _CREATED})
        style = Style(book, lang)
        register.draw(book, style, recipe, lang, rows)
        rules.draw(book, style, schemes, lang)
        holidays.draw(book, style, lang)
        help_sheet.draw(book, style, lang)
        if recipe.workings:
            workings.draw(book, style, recipe.schemes, lang)
    return content.getvalue()


def _calculated(content: bytes) -> bytes:
    """The workbook with the values of its formulas, so that it is right before anything has calculated it."""
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        recalc(path, path, lambda _date1904: {}, trusted=lambda _formula: True)
        return path.read_bytes()


def known_formulas(lang: str | None = None) -> set[str]:
    """Every formula that our templates write, as stored in the file, so that they can be told from other people's.

    Args:
        lang: `zh` or `en`; both without it.
    """
    from xlplugin.workbooks.sheets import holidays  # noqa: PLC0415 - see _write

    known: set[str] = set()
    for language in (lang,) if lang else LANGUAGES:
        known |= holidays.known_formulas(language)
        for name, scheme in product(TEMPLATES, (None, *rulebook.load())):
            known.update(recipe_of(name, scheme).formulas(language))
            known |= _native_formulas(name, scheme, language)
    return known


def _native_formulas(name: str, scheme: str | None, lang: str) -> set[str]:
    """The formulas of a template's native edition; none where there can be none."""
    from xlplugin.workbooks.sheets import workings  # noqa: PLC0415 - see _write

    try:
        recipe = as_native(recipe_of(name, scheme))
    except XlpError:
        return set()
    return {*recipe.formulas(lang), *workings.known_formulas(recipe.schemes, lang)}
