"""A register as an office makes it its own, for the tests of live copies: own columns, moved ones, own sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
from python_calamine import CalamineWorkbook

from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.forms._sheets import Page, added, text_cell
from xlplugin.hosts._package import Edited, Package
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import cell_named, open_book, ref
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks.build import _written, build
from xlplugin.workbooks.package import tidied
from xlplugin.workbooks.recipe import Column
from xlplugin.workbooks.recipes import recipe_of
from xlplugin.workbooks.sample_morning import DAY, morning

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlplugin.workbooks.recipe import Recipe

ROWS = 90
PREPARED = 70
"""How many rows the sample register has: those of the morning, and some that stay blank."""
OWN_SHEET = {"zh": "我的表", "en": "My list"}
SCHEME = "visit_count_abcd"
_HEADS_AT, _FIRST = 3, 4
# The office's own list, columns B to I in the scheme's order: an A, a B, missing, unreadable.
OWN_ROWS: tuple[tuple[object, ...], ...] = (
    (3, "频繁", "需求", "是", "是", "是", "是", None),
    (2, "有", None, None, None, None, None, None),
    (None, "有", None, None, None, None, None, None),
    ("两次", "有", None, None, None, None, None, None),
    (1, "无", "需求", "否", "否", "否", "否", "是"),
)


def _own(key: str, zh: str, en: str, formula: str | None = None) -> Column:
    return Column(key, {"zh": zh, "en": en}, {"zh": 10, "en": 12}, formula=formula, band="record")


def sample_register(path: Path, lang: str, host: str = "classic", rows: int = PREPARED) -> Path:
    """The register with the sample morning typed in, calculated."""
    build("visitor_register", path, lang=lang, rows=rows, host=host)
    return _filled(path, recipe_of("visitor_register"), lang, morning(lang))


def _filled(path: Path, recipe: Recipe, lang: str, visits: Iterable[Mapping[str, Any]]) -> Path:
    book = open_book(path)
    table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
    typed: dict[tuple[str, str], Any] = {
        (table.sheet, ref(table, headers[key], row)): value
        for row, visit in enumerate(visits, 1)
        for key, value in visit.items()
    }
    day = cell_named(book, "as_of")
    assert day is not None
    recalc(path, path, desk_functions(load()), inputs={**typed, day: DAY}, trusted=lambda _formula: True)
    return path


def changed_register(path: Path, lang: str = "zh", rows: int = ROWS) -> Path:
    """The register with own columns among ours, others moved, more rows filled, and a sheet with own calls."""
    recipe = recipe_of("visitor_register")
    columns = {column.key: column for column in recipe.columns}
    order = list(columns)
    order.remove("note")
    order.insert(0, "note")
    urgent = order.index("urgent")
    order[urgent - 1], order[urgent] = order[urgent], order[urgent - 1]
    columns |= {
        "memo": _own("memo", "我的备忘", "My memo"),
        "who": _own("who", "客户合称", "Who", 'IF([name]="","",[name]&"/"&[phone])'),
        "twice": _own("twice", "次数加倍", "Twice", 'IF([name]="","",[visits]*2)'),
    }
    order[order.index("power") : order.index("power")] = ["memo"]
    made = replace(recipe, columns=tuple(columns[key] for key in [*order, "who", "twice"]))
    path.write_bytes(tidied(_written(recipe.name, {"register": made}, lang, rows)))
    _add_sheet(path, lang)
    return _filled(path, made, lang, [*morning(lang), *morning(lang)][:rows])


def own_formulas(row: int) -> list[str]:
    """The calls of the office's own sheet in one row, from column J: plain ranges, no table."""
    judged = f'"{SCHEME}",$B$3:$I$3,B{row}:I{row}'
    return [
        f"XLP_GRADE({judged},,tblRules[#All])",
        f"XLP_STATUS({judged})",
        f'IF(J{row}="","",XLP_INTERVAL("{SCHEME}",J{row},tblRules[#All]))',
        f'IFERROR(XLP_NEXT_CONTACT("{SCHEME}",J{row},DATE(2026,3,2),,,tblHolidays[#All],tblRules[#All]),"")',
        f"XLP_WHY({judged},,tblRules[#All])",
        f"XLP_GRADE($A$1,$B$3:$I$3,B{row}:I{row})",
        f'XLP_GRADE("{SCHEME}",$B$3:$I$3,B{row}:I{row},,tblRules[#All])&XLP_GRADE("no_such",$B$3:$I$3,B{row}:I{row})',
    ]


def _add_sheet(path: Path, lang: str) -> None:
    page = Page(OWN_SHEET[lang], [14] * 16, hidden=False)
    page.put(1, [text_cell("A1", SCHEME)])
    labels = [field.label[lang] for field in load()[SCHEME].fields.values()]
    page.put(_HEADS_AT, [text_cell(f"{'BCDEFGHI'[at]}{_HEADS_AT}", label) for at, label in enumerate(labels)])
    for row, cells in enumerate(OWN_ROWS, _FIRST):
        page.put(row, [_cell(f"{'BCDEFGHI'[at]}{row}", value) for at, value in enumerate(cells) if value is not None])
        texts = [text.replace("&", "&amp;") for text in own_formulas(row)]
        page.put(row, [f'<c r="{"JKLMNOP"[at]}{row}"><f>{text}</f></c>'.encode() for at, text in enumerate(texts)])
    package = Package(path)
    Edited(package, added(open_book(path), [page])).write(path, {})


def _cell(place: str, value: object) -> bytes:
    if isinstance(value, str):
        return text_cell(place, value)
    return f'<c r="{place}"><v>{value}</v></c>'.encode()


def shown(path: Path, sheet: str) -> list[list[object]]:
    """A sheet's values as calamine reads them."""
    book = CalamineWorkbook.from_path(str(path))
    return [list(row) for row in book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def table_values(
    path: Path, headers: Sequence[str], sheet: str, first: int = 6, last: int = 60
) -> list[tuple[Any, ...]]:
    """What openpyxl reads under some headers of the register."""
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    at = {cell.value: cell.column for cell in page[5]}
    return [tuple(page.cell(row, at[head]).value or "" for head in headers) for row in range(first, last + 1)]


def register_sheet(lang: str) -> str:
    """The register's sheet."""
    return say(lang, "sheet.register")
