"""The sheet of limits and intervals, which the functions read, and of the lists behind the dropdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range_abs

from xlplugin.decisions.office_rules import EVERY_SCHEME
from xlplugin.texts import say
from xlplugin.workbooks.spelling import RULES_TABLE
from xlplugin.worksheet.formula_text import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlplugin.rulebook.model import Scheme, Settings
    from xlplugin.workbooks.style import Style

__all__ = ["draw"]

_HEADERS = 4
_COLUMNS = {"scheme": 26, "item": 18, "value": 9, "published": 9, "basis": 6, "meaning": 52}
_LISTS = {"list_staff": "column.received_by", "list_projects": "column.project"}
_LIST_AT, _LIST_ROWS = 7, 40
Line = tuple[str, str, object, object, str, str]


def draw(
    book: Workbook,
    style: Style,
    owners: Sequence[Scheme | Settings],
    lang: str,
    lists: Mapping[str, str] = _LISTS,
    *,
    words: str = "rules",
    working_days: bool = True,
    whole: Collection[str] = (),
) -> Worksheet:
    """The rules sheet, added to the book.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        owners: the schemes and settings on this book.
        lang: `zh` or `en`.
        lists: the names behind the dropdowns, each with the key of its header.
        words: of its title and purpose, `<words>.title` and `<words>.purpose`.
        working_days: whether the working-day rule is offered, which needs a table of holidays.
        whole: those of the lists of which all cells, filled or not, have a name too, with `_cells` behind it.
    """
    sheet = book.add_worksheet(say(lang, "sheet.rules"))
    sheet.write_string(0, 0, say(lang, f"{words}.title"), style.look("title"))
    sheet.write_string(1, 0, say(lang, f"{words}.purpose"), style.look("purpose"))
    sheet.write_string(2, 0, say(lang, "rules.basis_note"), style.look("purpose"))
    lines = [line for owner in owners for line in _lines(owner, lang)]
    if working_days:
        off = say(lang, "word.no")
        lines.append((EVERY_SCHEME, "working_days", off, off, "P", say(lang, "rules.working_days")))
    _table(sheet, style, lines, lang)
    _checks(sheet, style, len(lines), lang)
    _lists(book, sheet, style, lang, lists)
    _name_cells(book, sheet, lists, whole)
    sheet.freeze_panes(_HEADERS + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADERS)
    sheet.print_area(0, 0, _HEADERS + len(lines), len(_COLUMNS) - 1)
    return sheet


def _lines(owner: Scheme | Settings, lang: str) -> Iterator[Line]:
    """One line for each number an office may set otherwise; no contact stands there as a word."""
    for parameter in owner.parameters.values():
        value = say(lang, "rules.none") if parameter.value is None else parameter.value
        meaning = say(lang, "rules.meaning_of", owner=owner.title[lang], label=parameter.label[lang])
        yield owner.id, parameter.path, value, value, parameter.basis, meaning


def _table(sheet: Worksheet, style: Style, lines: Sequence[Line], lang: str) -> None:
    for place, width in enumerate(_COLUMNS.values()):
        sheet.set_column(place, place, width)
    sheet.set_column(1, 1, max(_COLUMNS["item"], *(len(line[1]) for line in lines)))
    head = {"value": "head_input"}
    columns = [
        {"header": say(lang, f"rules.{key}"), "header_format": style.look(head.get(key, "head_computed"))}
        for key in _COLUMNS
    ]
    last = _HEADERS + len(lines)
    sheet.set_row(_HEADERS, 20)
    sheet.add_table(_HEADERS, 0, last, len(columns) - 1, {"name": RULES_TABLE, "style": None, "columns": columns})
    for row, line in enumerate(lines, _HEADERS + 1):
        for place, (key, content) in enumerate(zip(_COLUMNS, line, strict=True)):
            left = key in ("scheme", "item", "meaning")
            sheet.write(row, place, content, style.cell("choice", computed=key != "value", wrap=left))


def _checks(sheet: Worksheet, style: Style, lines: int, lang: str) -> None:
    first, last = _HEADERS + 1, _HEADERS + lines
    value = f"$C{first + 1}"
    words = ",".join(
        f"{value}={quoted(word)}" for word in (say(lang, "rules.none"), say(lang, "word.yes"), say(lang, "word.no"))
    )
    options = {
        "validate": "custom",
        "value": f"=OR(ISNUMBER({value}),{words})",
        "error_title": say(lang, "entry.refused"),
        "error_message": say(lang, "entry.rule"),
    }
    sheet.data_validation(first, 2, last, 2, options)
    changed = {"type": "formula", "criteria": f"={value}<>$D{first + 1}", "format": style.mark("changed")}
    sheet.conditional_format(first, 0, last, len(_COLUMNS) - 1, changed)


def _lists(book: Workbook, sheet: Worksheet, style: Style, lang: str, lists: Mapping[str, str]) -> None:
    """The names behind the dropdowns, beside the rules; a list is as long as it is filled."""
    if not lists:
        return
    sheet.write_string(2, _LIST_AT, say(lang, "rules.lists"), style.look("section"))
    sheet.write_string(2, _LIST_AT + 1, "", style.look("section"))
    sheet.write_string(3, _LIST_AT, say(lang, "rules.lists_note"), style.look("hint"))
    sheet.set_column(_LIST_AT - 1, _LIST_AT - 1, 3)
    sheet.set_column(_LIST_AT, _LIST_AT + len(lists) - 1, 14)
    for place, (name, header) in enumerate(lists.items(), _LIST_AT):
        sheet.write_string(_HEADERS, place, say(lang, header), style.look("head_input"))
        for row in range(_HEADERS + 1, _HEADERS + 1 + _LIST_ROWS):
            sheet.write_blank(row, place, None, style.cell("text"))
        cells = _cells(sheet, place)
        first = cells.partition(":")[0]
        book.define_name(name, f"={first}:INDEX({cells},MAX(1,COUNTA({cells})))")


def _cells(sheet: Worksheet, place: int) -> str:
    return f"'{sheet.get_name()}'!{xl_range_abs(_HEADERS + 1, place, _HEADERS + _LIST_ROWS, place)}"


def _name_cells(book: Workbook, sheet: Worksheet, lists: Mapping[str, str], whole: Collection[str]) -> None:
    for place, name in enumerate(lists, _LIST_AT):
        if name in whole:
            book.define_name(f"{name}_cells", f"={_cells(sheet, place)}")
