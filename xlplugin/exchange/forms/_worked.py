"""Workings worked out here, and each answer held against the function it stands for."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import TYPE_CHECKING

from xlplugin.cells import EPOCH_1900, EPOCH_1904
from xlplugin.exchange.forms._rows import ROW, spelled
from xlplugin.hosts._book import column_letters, column_number
from xlplugin.hosts._engine import Engine, Faults
from xlplugin.hosts._references import Respeller
from xlplugin.hosts._values import encode, same, serial
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from xlplugin.exchange.forms._compile import Answer
    from xlplugin.exchange.forms._opened import Area, Opened
    from xlplugin.exchange.forms._rows import Rows
    from xlplugin.exchange.forms._rule_sets import RuleSet
    from xlplugin.hosts._values import Value

__all__ = ["Worked", "worked"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BENCH = "xlp rows "
_LONGEST_LOOKED_UP = 255  # characters that MATCH takes
_WILD = frozenset("*?~")


class Worked:
    """What the workings of a book come to.

    Args:
        rules: by number of the rules, the values of their sheet by row and column letter.
        rows: by source sheet, which line of `lines` each row is.
        lines: by source sheet, each distinct line with the value of each step.
        wrong: by source sheet, lines and answers that are not what the function says.
        said: by source sheet and key of a step that looks up what was said, what it was by what was seen.
    """

    def __init__(self) -> None:
        self.rules: dict[int, dict[tuple[int, str], Value]] = {}
        self.rows: dict[str, dict[int, int]] = {}
        self.lines: dict[str, list[dict[str, Value]]] = {}
        self.wrong: dict[str, set[tuple[int, str]]] = {}
        self.said: dict[str, dict[str, dict[str, Value]]] = {}


def worked(
    opened: Opened, benches: Sequence[Rows], rules: Mapping[int, RuleSet], answers: Mapping[str, Sequence[Answer]]
) -> Worked:
    """The values of all workings.

    Args:
        opened: the workbook.
        benches: the workings of each sheet.
        rules: the rules by number, drawn.
        answers: by source sheet, the answers to be held against the functions.
    """
    found = Worked()
    sheets: dict[str, dict[tuple[int, int], tuple[bool, Value]]] = {}
    for area in _areas(opened, rules):
        _put(sheets, area, opened.values(area))
    respell = Respeller("", opened.book.tables).respell_text
    for rule_set in rules.values():
        for row, letter, formula in rule_set.formulas(with_calendar=True):
            sheets.setdefault(rule_set.sheet, {})[row, column_number(letter)] = True, respell(formula)
    lines = {bench.sheet: _lines(opened, bench, found) for bench in benches}
    for at, bench in enumerate(benches):
        sheets[f"{_BENCH}{at}"] = _bench(bench, lines[bench.sheet], rules, respell)
    engine = Engine(_view(sheets, opened.book.date1904), {}, opened.book.date1904, Faults())
    engine.evaluate()
    for number, rule_set in rules.items():
        found.rules[number] = _rules_values(engine, rule_set)
    for at, bench in enumerate(benches):
        found.lines[bench.sheet] = list(_line_values(engine, f"{_BENCH}{at}", bench, len(lines[bench.sheet])))
        found.said[bench.sheet] = {}
        wrong = _wrong(opened, bench, lines[bench.sheet], found, answers[bench.sheet])
        found.wrong[bench.sheet] = set(wrong)
    return found


def _areas(opened: Opened, rules: Mapping[int, RuleSet]) -> Iterator[Area]:
    """The tables of rules and holidays that formulas read."""
    for rule_set in rules.values():
        for text in rule_set.table.values():
            area = opened.area(text, next(iter(opened.sheets)), 1, 1)
            if area is not None:
                yield area


def _put(
    sheets: dict[str, dict[tuple[int, int], tuple[bool, Value]]], area: Area, values: Sequence[Sequence[Value]]
) -> None:
    cells = sheets.setdefault(area.sheet, {})
    for row, line in enumerate(values, area.top):
        for column, value in enumerate(line, area.left):
            if value is not None:
                cells[row, column] = False, value


def _lines(opened: Opened, bench: Rows, found: Worked) -> list[list[Value]]:
    """The distinct lines of inputs, in the order of the cells; which row has which is kept."""
    columns = [_column(opened, bench, cell) for cell in bench.compiler.cells.values()]
    known: dict[tuple[object, ...], int] = {}
    lines: list[list[Value]] = []
    rows = found.rows[bench.sheet] = {}
    for row in range(bench.first, bench.last + 1):
        line = [column.get(row) for column in columns]
        key = (*line, *map(type, line))
        if key not in known:
            known[key] = len(lines)
            lines.append(line)
        rows[row] = known[key]
    return lines


def _column(opened: Opened, bench: Rows, cell: tuple[Area, int] | None) -> dict[int, Value]:
    """What one of the cells holds for each row."""
    rows = range(bench.first, bench.last + 1)
    if cell is None:
        return {}
    area, met = cell
    if not area.follows:
        value = opened.values(area)[0][0]
        return dict.fromkeys(rows, value)
    apart = area.top - met
    return opened.column(area.sheet, area.left, apart)


def _bench(
    bench: Rows, lines: Sequence[Sequence[Value]], rules: Mapping[int, RuleSet], respell: object
) -> dict[tuple[int, int], tuple[bool, Value]]:
    """The sheet that the engine is given for a bench: the cells first, then the steps."""
    count = len(bench.compiler.cells)
    steps = _worked_out(bench)
    keys = {key: f"${column_letters(count + at)}{ROW}" for at, key in enumerate(steps, 1)}
    own = {at: f"${column_letters(at + 1)}{ROW}" for at in range(count)}
    made: dict[tuple[int, int], tuple[bool, Value]] = {}
    columns = {
        at + 1: respell(spelled(f"[cell:{at}]", keys, {at: text}, rules))  # type: ignore[operator] # a function
        for at, (text, cell) in enumerate(bench.compiler.cells.items())
        if cell is None
    }
    for at, key in enumerate(steps, count + 1):
        formula = spelled(bench.compiler.bench.steps[key].formula, keys, own, rules)
        if bench.guard:
            formula = f'IF({spelled(bench.guard, keys, own, rules)}="","",{formula})'
        columns[at] = respell(formula)  # type: ignore[operator] # as above
    for row, line in enumerate(lines, 1):
        made |= {(row, at): (False, value) for at, value in enumerate(line, 1) if value is not None}
        made |= {(row, at): (True, formula.replace(ROW, str(row))) for at, formula in columns.items()}
    return made


def _worked_out(bench: Rows) -> list[str]:
    """The steps but for those that look up what was said."""
    return [key for key, step in bench.compiler.bench.steps.items() if "[said:" not in step.formula]


def _rules_values(engine: Engine, rule_set: RuleSet) -> dict[tuple[int, str], Value]:
    asked: dict[int, list[int]] = {}
    for row, letter, _ in rule_set.formulas(with_calendar=True):
        asked.setdefault(column_number(letter), []).append(row)
    values = engine.values(rule_set.sheet, asked)
    return {(row, column_letters(column)): values[column][row] for column, rows in asked.items() for row in rows}


def _line_values(engine: Engine, sheet: str, bench: Rows, count: int) -> Iterator[dict[str, Value]]:
    first, steps, rows = len(bench.compiler.cells) + 1, _worked_out(bench), range(1, count + 1)
    values = engine.values(sheet, dict.fromkeys(range(1, first + len(steps)), rows))
    for row in rows:
        line = {key: values[at][row] for at, key in enumerate(steps, first)}
        yield line | {f"cell:{at - 1}": values[at][row] for at in range(1, first)}


def _wrong(
    opened: Opened, bench: Rows, lines: Sequence[Sequence[Value]], found: Worked, answers: Sequence[Answer]
) -> Iterator[tuple[int, str]]:
    """The answers that are not what the function says; a line that the guard leaves blank has none."""
    date1904, values = opened.book.date1904, found.lines[bench.sheet]
    functions = Desk(epoch=EPOCH_1904 if date1904 else EPOCH_1900).functions()
    guard = int(bench.guard[6:-1]) if bench.guard else None
    for answer in answers:
        given = {name: _known(opened, value) for name, value in answer.args.items()}
        for at, line in enumerate(lines):
            is_blank = guard is not None and line[guard] in (None, "")
            args = {name: _at(value, values[at]) for name, value in given.items()}
            said = "" if is_blank else _plain(functions[answer.name](*args.values()), date1904)
            if answer.told:
                said = _told(bench, found, answer.key, at, said) if not is_blank else said
                values[at][answer.key] = said
            elif not is_blank and not same(said, values[at][answer.key]):
                yield at, answer.key


def _told(bench: Rows, found: Worked, key: str, at: int, said: Value) -> Value:
    """What a step that looks up what was said shows; of lines that are seen alike the first is told."""
    name, _, _ = key.rpartition(".")
    line = found.lines[bench.sheet][at]
    seen = str(line[f"{name}.seen"])
    if len(seen) > _LONGEST_LOOKED_UP or _WILD.intersection(seen) or not isinstance(said, str):
        rest = f"[{name}.reason]" in bench.compiler.bench.steps[key].formula
        return line[f"{name}.reason"] if rest else ""
    return found.said[bench.sheet].setdefault(key, {}).setdefault(seen, said)


def _known(opened: Opened, argument: object) -> object:
    """An argument that is the same for every row, as functions are handed it; numbers of cells as they are."""
    if isinstance(argument, tuple):  # an area
        return tuple(map(tuple, opened.values(argument)))  # type: ignore[arg-type] # the only tuple among arguments
    return [argument] if isinstance(argument, list) and argument and not isinstance(argument[0], int) else argument


def _at(argument: object, values: Mapping[str, Value]) -> object:
    if isinstance(argument, list) and argument and isinstance(argument[0], int):
        cells = [values[f"cell:{number}"] for number in argument]
        return cells[0] if len(cells) == 1 else [cells]
    return argument


def _plain(said: object, date1904: bool) -> Value:
    """A function's answer as a cell holds it."""
    if hasattr(said, "toordinal"):
        date: dt.date = said  # type: ignore[assignment] # has just been asked
        return serial(date, date1904)
    if isinstance(said, int) and not isinstance(said, bool):
        return float(said)
    return said  # type: ignore[return-value] # a text, a number or an error


def _view(sheets: Mapping[str, Mapping[tuple[int, int], tuple[bool, Value]]], date1904: bool) -> bytes:
    """A workbook of these cells, formulas and constants, for the engine."""
    out = io.BytesIO()
    names = list(sheets)
    kinds = [("/xl/workbook.xml", "sheet.main")]
    kinds += [(f"/xl/worksheets/sheet{at}.xml", "worksheet") for at in range(1, len(names) + 1)]
    types = "".join(f'<Override PartName="{part}" ContentType="{_SHEET_ML}.{kind}+xml"/>' for part, kind in kinds)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    entries = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, 1)
    )
    setting = '<workbookPr date1904="1"/>' if date1904 else ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{rels}{types}</Types>')
        archive.writestr("_rels/.rels", _relations(["xl/workbook.xml"], "officeDocument"))
        targets = [f"worksheets/sheet{at}.xml" for at in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(targets, "worksheet"))
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{setting}<sheets>{entries}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
        for target, name in zip(targets, names, strict=True):
            archive.writestr(f"xl/{target}", b"".join(_sheet(sheets[name])))
    return out.getvalue()


def _relations(targets: Sequence[str], kind: str) -> str:
    entries = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, target in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _sheet(cells: Mapping[tuple[int, int], tuple[bool, Value]]) -> Iterator[bytes]:
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    current = 0
    for (row, column), (is_formula, value) in sorted(cells.items(), key=lambda item: item[0]):
        if row != current:
            yield (b"</row>" if current else b"") + b'<row r="%d">' % row
            current = row
        name = f"{column_letters(column)}{row}".encode()
        if is_formula:
            yield b'<c r="%s"><f>%s</f></c>' % (name, escape(str(value), quote=False).encode())
        else:
            kind, raw = encode(value)
            shown = b' t="%s"' % kind if kind else b""
            yield b'<c r="%s"%s><v>%s</v></c>' % (name, shown, raw)
    yield (b"</row>" if current else b"") + b"</sheetData></worksheet>"
