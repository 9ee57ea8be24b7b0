"""Template workbooks, from a recipe to a file."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts import lite
from xlplugin.hosts._package import Package, write_beside
from xlplugin.hosts._spelled_out import spelled_out
from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.native import as_native
from xlplugin.workbooks.package import tidied
from xlplugin.workbooks.recipes import TEMPLATES, layouts_of, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from xlplugin.workbooks.recipe import Recipe

__all__ = ["HOSTS", "TEMPLATES", "build", "is_ours", "known_formulas"]

HOSTS = ("classic", "lite", "native")
"""Spellings a template can be written in: `classic` for every host that knows our functions by their plain names."""
_MOST_ROWS = 100_000
_MAPPED = "unit_placement"  # the template with a map
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed day, so that the same recipe always gives the same file


def build(
    name: str,
    target: str | Path,
    *,
    lang: str = "zh",
    rows: int = 500,
    scheme: str | None = None,
    host: str = "classic",
    floors: int | None = None,
    stacks: int | None = None,
) -> None:
    """Writes a template workbook; a file that is there already is replaced only by a whole one.

    Args:
        name: the template, such as `visitor_register`.
        target: where it is to stand.
        lang: `zh` or `en`.
        rows: how many rows are prepared, 1 to 100,000.
        scheme: the id of a scheme to lay out in place of the usual ones.
        host: one of `HOSTS`.
        floors: how many floors the map has room for, 1 to 150; only of `unit_placement`.
        stacks: how many stacks the map has room for, 3 to 60; as above.

    Raises:
        XlpError: `unknown_template`, `unknown_scheme`, `bad_rows`, `no_map`, `map_size` or `cannot_write`.
    """
    tables = tables_of(name, scheme)
    grid = _grid(name, floors, stacks)
    if not 1 <= rows <= _MOST_ROWS:
        raise XlpError("bad_rows", found=rows, limit=_MOST_ROWS)
    lang = "zh" if lang == "zh" else "en"
    if host == "lite":
        tables = _all(tables, lambda table: replace(table, prefix=lite.PREFIX))
    elif host == "native":
        tables = _all(tables, as_native)
    content = tidied(_written(name, tables, lang, rows, **grid))
    if host != "classic":
        content = _sendable(content, calculate=host == "native")
    if host == "lite":
        content = lite.carrying(content, lang)
    with write_beside(Path(target)) as out:
        out.write(content)


def _grid(name: str, floors: int | None, stacks: int | None) -> dict[str, tuple[int, int]]:
    """What a template's map is to have room for, as its sheets are told; nothing where nothing is asked."""
    asked = {"--floors": floors, "--stacks": stacks}
    if not any(count is not None for count in asked.values()):
        return {}
    if name != _MAPPED:
        raise XlpError("no_map", found=name, allowed=_MAPPED)
    from xlplugin.workbooks.sheets._map import LEAST, MOST, USUAL  # noqa: PLC0415 - imports xlsxwriter

    counts = [usual if count is None else count for count, usual in zip(asked.values(), USUAL)]
    for option, count, least, most in zip(asked, counts, LEAST, MOST):
        if not least <= count <= most:
            raise XlpError("map_size", option=option, found=count, least=least, limit=most)
    return {"grid": (counts[0], counts[1])}


def _all(tables: Mapping[str, Recipe], change: Callable[[Recipe], Recipe]) -> dict[str, Recipe]:
    """The tables, each changed in the same way; they go on speaking of each other."""
    changed: dict[str, Recipe] = {}
    for name, table in tables.items():
        changed[name] = replace(change(table), others=changed if table.others else {})
    return changed


def _written(name: str, tables: Mapping[str, Recipe], lang: str, rows: int, **grid: tuple[int, int]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - only those who build a workbook wait for it

    from xlplugin.workbooks.sheets import workings  # noqa: PLC0415 - imports xlsxwriter
    from xlplugin.workbooks.style import Style, workbook_options  # noqa: PLC0415 - the same

    sheets = import_module(f"xlplugin.workbooks.sheets.{name}")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, workbook_options(lang)) as book:
        book.set_properties({"created": _CREATED})
        style = Style(book, lang)
        sheets.draw(book, style, tables, lang, rows, **grid)
        for table in tables.values():
            if table.workings:
                workings.draw(book, style, table, lang)
    return content.getvalue()


def _sendable(content: bytes, *, calculate: bool) -> bytes:
    """The workbook without table references, which not every program knows, and right before it is calculated.

    Args:
        content: the workbook.
        calculate: whether its formulas are plain ones and get their values here.
    """
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        if calculate:
            recalc(path, path, lambda _date1904: {}, trusted=lambda _formula: True)
        spelled_out(Package(path)).write(path, {})
        return path.read_bytes()


def known_formulas(lang: str | None = None) -> set[str]:
    """Every formula that our templates write, as stored in the file, so that they can be told from other people's.

    Args:
        lang: `zh` or `en`; both without it.
    """
    return set().union(*_known_sets((lang,) if lang else LANGUAGES))


def is_ours(formula: str) -> bool:
    """Whether a formula, as stored, is one of our templates'; the usual ones are known at once, the rest worked out."""
    return any(formula in known for known in _known_sets(LANGUAGES))


def _known_sets(languages: Sequence[str]) -> Iterator[frozenset[str]]:
    """The formulas of each template and layout, those met most often first."""
    yield from (_holiday_formulas(lang) for lang in languages)
    for name, scheme in _layouts():
        yield from (_classic_formulas(name, scheme, lang) for lang in languages)
        yield from (_other_formulas(name, scheme, lang) for lang in languages)


@cache
def _layouts() -> list[tuple[str, str | None]]:
    """Every template with every scheme it can be laid out for, the usual ones first."""
    layouts = ((name, scheme) for name in TEMPLATES for scheme in layouts_of(name))
    return sorted(layouts, key=lambda one: one[1] or "")


@cache
def _holiday_formulas(lang: str) -> frozenset[str]:
    from xlplugin.workbooks.sheets import holidays  # noqa: PLC0415 - see _written

    return frozenset(holidays.known_formulas(lang))


@cache
def _classic_formulas(name: str, scheme: str | None, lang: str) -> frozenset[str]:
    return frozenset(formula for table in tables_of(name, scheme).values() for formula in table.formulas(lang))


@cache
def _other_formulas(name: str, scheme: str | None, lang: str) -> frozenset[str]:
    """Those outside the tables, and those of the native edition."""
    tables = tables_of(name, scheme)
    native = (_native_formulas(table, lang) for table in tables.values())
    return frozenset(_drawn_formulas(name, tables, lang).union(*native))


def _drawn_formulas(name: str, tables: Mapping[str, Recipe], lang: str) -> set[str]:
    """The formulas that a template's own sheets have outside their tables, in both editions."""
    sheets = import_module(f"xlplugin.workbooks.sheets.{name}")
    known: Callable[[Mapping[str, Recipe], str], Iterable[str]] | None = getattr(sheets, "known_formulas", None)
    return {*known(tables, lang), *known(_all(tables, as_native), lang)} if known else set()


def _native_formulas(table: Recipe, lang: str) -> set[str]:
    """The formulas of a table's native edition; none where there can be none."""
    from xlplugin.workbooks.sheets import workings  # noqa: PLC0415 - see _written

    try:
        native = as_native(table)
    except XlpError:
        return set()
    return {*native.formulas(lang), *(workings.known_formulas(native, lang) if native.workings else ())}
