"""Random rows of untidy cells, judged by plain formulas in a workbook and by the kernel."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import xlsxwriter

from xlplugin.cells import EPOCH_1900, Unreadable
from xlplugin.decisions.chain import Chain
from xlplugin.decisions.evidence import field_reader, read_or_problem
from xlplugin.errors import CellError
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load, with_values
from xlplugin.texts import say
from xlplugin.workbooks.native import as_native
from xlplugin.workbooks.recipe import Column, Recipe
from xlplugin.workbooks.sheets import holidays, rules, workings
from xlplugin.workbooks.sheets._sheet import Sheet
from xlplugin.workbooks.style import Style, workbook_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlplugin.decisions.cadence import WorkingDays
    from xlplugin.rulebook.model import Field, Scheme

BOOK = load()
ANSWERS = ("grade", "status", "interval", "next_contact", "flags")
CONTACT = ("as_of", "last_contact", "agreed_contact", "opt_out")
_YES_NO = "是 否 √ × 有 无 Y N y n TRUE false Ｙ Ｎ ｙｅｓ 1 0 １ 1.0 yes NO ✓ ✘".split()
_JUNK: tuple[object, ...] = (
    "随便",
    "!",
    "-",
    "12a",
    " ",
    "",
    "#N/A",
    CellError("#N/A"),
    CellError("#DIV/0!"),
    True,
    False,
)
_DAY = date(2026, 3, 2)
Row = list[object]


def recipe(scheme: Scheme) -> Recipe:
    """A table of one scheme: its inputs, the contact's cells, and the answers."""
    inputs = [*scheme.fields, *CONTACT]
    columns = [Column(id_, {"zh": f"c {id_}", "en": f"c {id_}"}, {}) for id_ in ("name", *inputs)]
    block = f"[#{inputs[0]}:{inputs[-1]}],[{inputs[0]}:{inputs[-1]}]"
    judged = f'"{scheme.id}",{block},[as_of],[rules]'
    dated = f'"{scheme.id}",[grade],[last_contact],[agreed_contact],[opt_out],[holidays],[rules],{block},[as_of]'
    formulas = {
        "grade": f"XLP_GRADE({judged})",
        "status": f"XLP_STATUS({judged})",
        "interval": f'XLP_INTERVAL("{scheme.id}",[grade],[rules],{block},[as_of])',
        "next_contact": f"XLP_NEXT_CONTACT({dated})",
        "flags": f"XLP_FLAGS({dated})",
    }
    columns += [Column(key, {"zh": f"a {key}", "en": f"a {key}"}, {}, formula=text) for key, text in formulas.items()]
    made = Recipe("test", "tblTest", (scheme.id,), tuple(columns), (), "", 0, "name")
    return as_native(made)


def write(
    path: Path,
    scheme: Scheme,
    rows: Sequence[Row],
    lang: str = "zh",
    values: Mapping[str, object] | None = None,
    at_once: int | None = None,
) -> None:
    """The table in a workbook with its rules, holidays and workings; `values` stand in the rules table instead.

    With `at_once` the table has only so many rows, and all of them stand on a sheet of their own: opening a formula
    takes far longer than calculating it, so a few of them are better asked again and again.
    """
    with xlsxwriter.Workbook(str(path), workbook_options(lang)) as book:
        style = Style(book, lang)
        sheet = book.add_worksheet("rows", Sheet)
        _table(book, sheet, recipe(scheme), rows[:at_once], lang)
        rules.draw(book, style, [scheme], lang)
        holidays.draw(book, style, lang)
        workings.draw(book, style, recipe(scheme), lang)
        at = {path_: row for row, path_ in enumerate((*scheme.parameters, "working_days"), 5)}
        for item, value in (values or {}).items():
            book.get_worksheet_by_name(say(lang, "sheet.rules")).write(at[item], 2, value)
        if at_once is not None:
            _source(book, rows)


def _source(book: Any, rows: Sequence[Row]) -> None:
    sheet, plain = book.add_worksheet("typed", Sheet), book.add_format()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row, 1):
            _put(sheet, number, place, cell, plain)


def _table(book: Any, sheet: Any, native: Recipe, rows: Sequence[Row], lang: str) -> None:
    speller, plain = native.speller(lang), book.add_format()
    columns = [{"header": column.header[lang]} for column in native.columns]
    sheet.add_table(0, 0, len(rows), len(columns) - 1, {"name": native.table, "columns": columns})
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(["x", *row]):
            _put(sheet, number, place, cell, plain)
    for place, column in enumerate(native.columns):
        if column.formula:
            formula = "=" + speller.spell(column.formula)
            for number in range(1, len(rows) + 1):
                sheet.write_formula(number, place, formula, plain, "")


def _put(sheet: Any, row: int, column: int, cell: object, plain: Any) -> None:
    if isinstance(cell, CellError):
        sheet.write_formula(row, column, "=NA()" if cell.text == "#N/A" else "=1/0", plain, cell.text)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell) if cell else None
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif cell is not None:
        sheet.write_number(row, column, cell)


def read_back(path: Path, count: int, width: int) -> list[tuple[object, ...]]:
    """The answers as openpyxl reads them from a calculated file."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    sheet = book["rows"]
    found = sheet.iter_rows(min_row=2, max_row=count + 1, min_col=width + 2, max_col=width + 6, values_only=True)
    answers = [tuple(map(_plain, row)) for row in found]
    book.close()
    return answers


def by_engine(path: Path, scheme: Scheme, count: int) -> list[tuple[object, ...]]:
    """The answers of the embedded engine."""
    recalc(path, path, lambda _date1904: {}, trusted=lambda _formula: True)
    return read_back(path, count, len(scheme.fields) + len(CONTACT))


def by_calc(calc: Any, path: Path, scheme: Scheme, count: int, at_once: int) -> list[tuple[object, ...]]:
    """The answers of a running LibreOffice for rows written with `at_once`, put before the formulas in turn."""
    from xlplugin.hosts._book import column_letters  # noqa: PLC0415 - only those who ask Calc

    book, found = calc.open(str(path)), []
    width = len(scheme.fields) + len(CONTACT)
    last, first, end = (column_letters(number) for number in (width + 1, width + 2, width + 6))
    for start in range(0, count, at_once):
        size = min(at_once, count - start)
        calc.copy(book, ["typed", f"B{start + 1}:{last}{start + size}"], ["rows", "B2"])
        calc.calculate(book)
        found += calc.read(book, "rows", f"{first}2:{end}{size + 1}")
    calc.close(book)
    return [tuple(map(_plain, row)) for row in found]


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.toordinal() - EPOCH_1900
    return "" if value is None else value


def by_kernel(
    scheme: Scheme,
    rows: Sequence[Row],
    lang: str = "zh",
    values: Mapping[str, Any] | None = None,
    working_days: WorkingDays | None = None,
) -> Iterator[tuple[object, ...]]:
    """The same answers from the kernel; the interval is the grade's, as XLP_INTERVAL gives it."""
    chain = Chain(with_values(BOOK, scheme, values or {}), working_days=working_days)
    for row in rows:
        cells, rest = row[: len(scheme.fields)], row[len(scheme.fields) :]
        decision = chain.decide([_sent(cell) for cell in cells], *(_sent(cell) for cell in rest))
        days = chain.interval_of(decision.grade, decision)
        day = decision.next_contact
        flags = say(lang, "join.sentence").join(say(lang, f"flag.{flag}") for flag in decision.flags)
        yield (
            decision.grade,
            say(lang, f"status.{decision.status}"),
            "" if days is None else days,
            "" if day is None else day.toordinal() - EPOCH_1900,
            flags,
        )


def _sent(cell: object) -> object:
    """A cell as a host sends it: whole numbers as floats, an empty text as nothing."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    return cell if cell != "" else None


# rows ---------------------------------------------------------------------------------------------------------------


def random_rows(scheme: Scheme, count: int, seed: int = 1) -> list[Row]:
    """Rows as untidy as offices type them; in every second one each cell can be read."""
    draw = random.Random(f"{scheme.id} {seed}")  # noqa: S311 - sample rows
    fields = [*scheme.fields.values(), *(BOOK.common[id_] for id_ in CONTACT)]
    return [_row(scheme, fields, draw) for _ in range(count)]


def _row(scheme: Scheme, fields: list[Field], draw: random.Random) -> Row:
    bad, blank = draw.choice((0, 0, 0.05, 0.3)), draw.choice((0, 0.1, 0.5))
    readable = draw.random() < 0.5
    return [_readable(scheme, field, draw, bad, blank, 50 if readable else 1) for field in fields]


def _readable(scheme: Scheme, field: Field, draw: random.Random, bad: float, blank: float, tries: int) -> object:
    """A cell; with more than one try one that can be read."""
    read = field_reader(field, EPOCH_1900)
    for _ in range(tries):
        cell = _cell(scheme, field, draw, bad, blank)
        if not isinstance(read_or_problem(read, _sent(cell)), Unreadable):
            break
    return cell


def _cell(scheme: Scheme, field: Field, draw: random.Random, bad: float, blank: float) -> object:
    if draw.random() < bad:
        return draw.choice(_JUNK)
    spare = any(field.id == derived.number for derived in scheme.derived.values())  # it must agree with the date
    if draw.random() < (0.8 if spare else blank):
        return None
    if field.kind == "date":
        return _date(draw)
    if field.kind == "yes_no":
        return draw.choice([*_YES_NO, *_YES_NO[:4], True, False, 1, 0])
    if field.kind == "choice":
        return _choice(field, draw)
    return _number(scheme, field, draw)


def _date(draw: random.Random) -> object:
    day = _DAY + timedelta(days=draw.choice((draw.randint(-8, 40), draw.randint(-200, 400))))
    y, m, d = day.year, day.month, day.day
    forms: list[object] = [float(day.toordinal() - EPOCH_1900)] * 8
    forms += [
        f"{day}",
        f"{y}/{m}/{d}",
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}号",
        f" {y}-{m}-{d:02} ",
    ]
    forms += [_wide(f"{y}-{m}-{d}"), f"{y}{m:02}{d:02}", float(f"{y}{m:02}{d:02}"), f"{day} 10:30", f"{day}T09:30:00"]
    forms += [
        day.toordinal() - EPOCH_1900 + 0.5,
        f"{day.toordinal() - EPOCH_1900}",
        f"{y}-2-30",
        f"{m}/{d}/{y}",
        0.0,
        7.0,
    ]
    forms += [f"{y}-13-1", f"{y}-{m}/{d}", f"{m}月{d}日", f"{str(y)[2:]}-{m}-{d}", f"{y}年{m}月{d}日 9:05"]
    return draw.choice(forms)


def _choice(field: Field, draw: random.Random) -> object:
    token = draw.choice(list(field.tokens))
    words = [token, *field.tokens[token]["zh"], *field.tokens[token]["en"]]
    word = draw.choice(words)
    forms: list[object] = [*[word] * 5, f" {word}", f"{word}　", word.upper(), _wide(word), word + "x"]
    forms.append(word.replace(" ", "-"))
    if word.lstrip("-").isdecimal():
        forms += [float(word)] * 3
    return draw.choice(forms)


def _number(scheme: Scheme, field: Field, draw: random.Random) -> object:
    limits = [float(p.value) for path, p in scheme.parameters.items() if not path.startswith("interval") and p.value]
    near = draw.choice(limits or [1.0])
    if field.kind == "fraction":
        value = round(near + draw.choice((0, 0, 0.01, -0.01, 0.05, -0.05, 0.3)), 4)
        return draw.choice(
            (value, value, f"{value}", f"{round(value * 100, 2)}%", _wide(f"{round(value * 100)}%"), 45.0)
        )
    whole = near + draw.choice((0, 0, 1, -1, 2, 10, -20, draw.randint(-3, 120)))
    value = whole + draw.choice((0, 0, 0, 0.5, -0.01, 0.25))
    forms: list[object] = [whole] * 4 + [
        value,
        f"{whole:g}",
        _wide(f"{whole:.0f}"),
        f"{whole:,.0f}",
        f"{value}",
        f" {whole:.0f} ",
    ]
    return draw.choice([*forms, f"+{whole:.0f}", f"{whole:.0f}天", f"{whole:.1f}", "1,2,3", ".5", "5.", "-"])


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
