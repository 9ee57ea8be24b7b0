"""The copies that are shown to the readers: each template filled, in each form it can be sent in."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from sharing.model import Copy, Place
from sharing.templates import TEMPLATES
from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.share import FORMS as SHARED
from xlplugin.exchange.share import Terms, share
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import open_book
from xlplugin.rulebook import load
from xlplugin.workbooks.build import build, known_formulas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openpyxl import Workbook

    from sharing.templates import Template

    Maker = Callable[[str, Template, Mapping[str, Any], Path], Path]

__all__ = ["FORMS", "NAMES", "SHARED", "copies", "trusted"]


def _filled(name: str, template: Template, layout: Mapping[str, Any], target: Path, host: str) -> None:
    """The template with its rows typed in, calculated as `xlplugin recalc` does."""
    build(name, target, rows=template.ROWS, host=host, **layout)
    inputs = template.typed(open_book(target), layout)
    report = recalc(
        target, target, desk_functions(load()), inputs=inputs, overwrite_formulas=True, trusted=trusted().__contains__
    )
    assert report.exit_code == 0, list(report.sentences("en"))


@cache
def trusted() -> set[str]:
    """Our own formulas, which need no check before they are calculated."""
    return known_formulas()


def _written(host: str) -> Maker:
    def make(name: str, template: Template, layout: Mapping[str, Any], target: Path) -> Path:
        _filled(name, template, layout, target, host)
        return target

    return make


def _shared(form: str) -> Maker:
    def make(name: str, template: Template, layout: Mapping[str, Any], target: Path) -> Path:
        source = target.with_name(f"{target.stem.rpartition('-')[0]}-source.xlsx")
        if not source.exists():
            _filled(name, template, layout, source, "classic")
        share(source, target, Terms(form=form))
        return source if form == "values" else target

    return make


FORMS: dict[str, Maker] = {
    **{form: _shared(form) for form in SHARED},
    "native-edition": _written("native"),
    "lite-edition": _written("lite"),
}
"""How a copy of each form is made, given the template's name and module, its layout and the file to write.

Each gives back the file whose formula cells are the computed ones: the copy, or what it was made from.
"""
NAMES = [
    f"{name}/{variant}/{form}"
    for name, template in TEMPLATES.items()
    for variant in template.VARIANTS
    for form in FORMS
    if form in SHARED or variant in template.EDITIONS
]
"""The copies by name, known without making them."""


@cache
def copies() -> tuple[Copy, ...]:
    """Every copy, made once; the files go when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="xlplugin-sharing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return tuple(_copy(folder, *name.split("/")) for name in NAMES)


def _copy(folder: Path, name: str, variant: str, form: str) -> Copy:
    template = TEMPLATES[name]
    layout = template.VARIANTS[variant]
    path = folder / f"{name}-{variant}-{form}.xlsx"
    source = FORMS[form](name, template, layout, path)
    wanted, others = template.wanted(open_book(path), layout)
    return Copy(f"{name}/{variant}/{form}", path, wanted, {**_formula_cells(source), **others})


def _opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
        return openpyxl.load_workbook(path)


def _formula_cells(path: Path) -> dict[Place, str]:
    """Every cell that holds a formula, and whether its format shows a date."""
    return {
        Place(sheet.title, cell.row, cell.column): "date" if cell.is_date else "any"
        for sheet in _opened(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
