"""Template workbooks, from a recipe to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin import rulebook
from xlplugin.errors import XlpError
from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.package import written_beside
from xlplugin.workbooks.recipes import NAMES, recipe_of

if TYPE_CHECKING:
    from xlplugin.workbooks.recipe import Recipe

__all__ = ["NAMES", "build", "known_formulas"]

_MOST_ROWS = 100_000


def build(
    name: str, target: str | Path, *, lang: str = "zh", rows: int = 500, scheme: str | None = None
) -> None:
    """Writes a template workbook; a file that is there already is replaced only by a whole one.

    Args:
        name: the template, such as `visitor_register`.
        target: where it is to stand.
        lang: `zh` or `en`.
        rows: how many rows are prepared, 1 to 100,000.
        scheme: the id of a scheme to lay out in place of the usual ones.

    Raises:
        XlpError: `unknown_template`, `unknown_scheme`, `rows_out_of_range` or `no_folder`.
    """
    recipe = recipe_of(name, scheme)
    if not 1 <= rows <= _MOST_ROWS:
        raise XlpError("rows_out_of_range", found=rows, low=1, high=_MOST_ROWS)
    target = Path(target)
    if not target.parent.is_dir():
        raise XlpError("no_folder", path=target.parent)
    written_beside(target, lambda path: _write(recipe, path, "zh" if lang == "zh" else "en", rows))


def _write(recipe: Recipe, path: Path, lang: str, rows: int) -> None:
    import xlsxwriter  # noqa: PLC0415 - only those who build a workbook wait for it

    from xlplugin.workbooks.sheets import help as help_sheet  # noqa: PLC0415 - imports xlsxwriter
    from xlplugin.workbooks.sheets import holidays, register, rules  # noqa: PLC0415 - the same
    from xlplugin.workbooks.style import Style, workbook_options  # noqa: PLC0415 - the same

    schemes = [rulebook.load()[id_] for id_ in recipe.schemes]
    with xlsxwriter.Workbook(path, workbook_options(lang)) as book:
        style = Style(book, lang)
        register.draw(book, style, recipe, lang, rows)
        rules.draw(book, style, schemes, lang)
        holidays.draw(book, style, lang)
        help_sheet.draw(book, style, lang)


def known_formulas(lang: str | None = None) -> set[str]:
    """Every formula that our templates write, as stored in the file, so that they can be told from other people's.

    Args:
        lang: `zh` or `en`; both without it.
    """
    from xlplugin.workbooks.sheets import holidays  # noqa: PLC0415 - see _write

    known: set[str] = set()
    for language in (lang,) if lang else LANGUAGES:
        known |= holidays.known_formulas(language)
        for name in NAMES:
            known.update(recipe_of(name).formulas(language))
    return known
