"""A workbook of the native edition put back: its answers become calls of our functions again."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import XlpError
from xlplugin.exchange.forms._records import COLUMN_FORMULA
from xlplugin.exchange.forms._respell import plain_cell
from xlplugin.hosts._package import Edited
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.texts import LANGUAGES
from xlplugin.workbooks.native import as_native
from xlplugin.workbooks.recipes import TEMPLATES, layouts_of, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlplugin.exchange.forms._opened import Opened
    from xlplugin.hosts._book import Table
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Edit
    from xlplugin.workbooks.recipe import Recipe

__all__ = ["Editions", "editions"]

_TABLE = re.compile(r"(?<![\w.\"])([^\W\d]\w*)\[")
_TABLE_COLUMN = re.compile(
    rb"""<(?P<tag>(?:[\w.-]+:)?tableColumn)\b[^>]*?\sname\s*=\s*"(?P<name>[^"]*)"[^>]*>(?P<inside>.*?)</(?P=tag)>""",
    re.DOTALL,
)


class Editions(NamedTuple):
    """What became of a workbook of the native edition.

    Args:
        package: the workbook, its answers calls again.
        restored: how many formulas were put back.
        left: by sheet, the cells with formulas of our columns that are not as the edition has them.
        lacking: by header, the tables without which its call can't be put back.
    """

    package: Package
    restored: int
    left: dict[str, list[str]]
    lacking: dict[tuple[str, str], str]


class _Column(NamedTuple):
    """A column of the edition: its plain formula and the call that it stands for."""

    plain: str
    call: str


def editions(opened: Opened, normal: Callable[[str], str]) -> Editions:
    """The workbook with calls where it is one of the native edition; itself where it is none.

    Args:
        opened: the workbook.
        normal: gives a formula without what programs spell in their own way.
    """
    result = Editions(opened.package, 0, {}, {})
    changed: dict[str, bytes] = {}
    edits: dict[str, list[Edit]] = {}
    for table in opened.book.tables.values():
        columns = _edition(table)
        for header, column in list(columns.items()):
            missing = [name for name in _TABLE.findall(column.call) if name.casefold() not in opened.book.tables]
            if missing:
                shown = next(name for name in table.headers if name.casefold() == header)
                result.lacking[table.sheet, shown] = missing[0]
                del columns[header]
        if columns:
            edits.setdefault(table.sheet, []).extend(_edits(opened, table, columns, normal, result.left))
            changed |= _defaults(opened, table, columns, normal)
    restored = sum(map(len, edits.values()))
    for sheet, found in edits.items():
        if found:
            changed[opened.sheets[sheet].part] = opened.xml(sheet).edited(found)
    return result._replace(package=Edited(opened.package, changed, set()) if changed else opened.package,
                           restored=restored)  # fmt: skip


def _edition(table: Table) -> dict[str, _Column]:
    """By header in lower case, the columns in which a table of the native edition has answers; none if it is none."""
    there = {header.casefold() for header in table.headers}
    for recipe, lang in _recipes(table.name):
        if not {header.casefold() for header in recipe.headers(lang).values()} <= there:
            continue
        try:
            native = as_native(recipe)
        except XlpError:
            continue
        steps = native.headers(lang).keys() - recipe.headers(lang).keys()
        if not steps or not any(native.headers(lang)[key].casefold() in there for key in steps):
            continue
        return dict(_columns(recipe, native, lang))
    return {}


def _recipes(table: str) -> Iterator[tuple[Recipe, str]]:
    """The recipes of tables of this name, in each layout and language."""
    for name in TEMPLATES:
        for scheme in layouts_of(name):
            for recipe in tables_of(name, scheme).values():
                if recipe.table.casefold() == table.casefold():
                    yield from ((recipe, lang) for lang in LANGUAGES)


def _columns(recipe: Recipe, native: Recipe, lang: str) -> Iterator[tuple[str, _Column]]:
    calls, plain = recipe.speller(lang), native.speller(lang)
    plainly = {column.key: column for column in native.columns}
    for column in recipe.columns:
        made = _Column(plain.spell(plainly[column.key].formula or ""), calls.spell(column.formula or ""))
        if column.formula and made.plain != made.call:
            yield column.header[lang].casefold(), made


def _edits(
    opened: Opened,
    table: Table,
    columns: Mapping[str, _Column],
    normal: Callable[[str], str],
    left: dict[str, list[str]],
) -> Iterator[Edit]:
    xml = opened.xml(table.sheet)
    wanted = {header: normal(column.plain) for header, column in columns.items()}
    called = {header: normal(column.call) for header, column in columns.items()}
    known: dict[bytes, str] = {}
    for formula in xml.formulas:
        if opened.table_at(table.sheet, formula.row, formula.column) is not table:
            continue
        header = table.headers[formula.column - table.first_column].casefold()
        if header not in columns:
            continue
        if formula.raw not in known:
            known[formula.raw] = normal(formula.text)
        if known[formula.raw] == wanted[header]:
            yield from plain_cell(xml, formula, columns[header].call)
        elif known[formula.raw] != called[header]:
            left.setdefault(table.sheet, []).append(cell_name(formula.row, formula.column))


def _defaults(
    opened: Opened, table: Table, columns: Mapping[str, _Column], normal: Callable[[str], str]
) -> dict[str, bytes]:
    """The table with the calls as the formulas of new rows."""
    old = opened.package.read(table.part)

    def column(hit: re.Match[bytes]) -> bytes:
        found = columns.get(unescape(hit["name"].decode()).casefold())
        there = COLUMN_FORMULA.search(hit["inside"])
        if found is None or there is None or normal(unescape(there["text"].decode())) != normal(found.plain):
            return hit[0]
        new = there["open"] + escape(found.call, quote=False).encode() + there["close"]
        return hit[0].replace(there[0], new)

    new = _TABLE_COLUMN.sub(column, old)
    return {} if new == old else {table.part: new}
