"""A workbook in plain formulas: every call of ours becomes the answer of a row of workings, or its value."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.errors import XlpError
from xlplugin.exchange._cells import Filled, with_value
from xlplugin.exchange.forms._back import mark
from xlplugin.exchange.forms._calls import calls
from xlplugin.exchange.forms._compile import Compiler
from xlplugin.exchange.forms._ledger import Ledgers
from xlplugin.exchange.forms._records import COLUMN_FORMULA, Record, records_page
from xlplugin.exchange.forms._respell import CALLED, is_alone, plain_cell
from xlplugin.exchange.forms._rows import ROW, SPARE_ROWS, Rows
from xlplugin.exchange.forms._rule_sets import FIRST_ROW, SEEN, RuleSets
from xlplugin.exchange.forms._settled import Settled
from xlplugin.exchange.forms._sheets import Page, added, cell, free_name, text_cell
from xlplugin.exchange.forms._worked import worked
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._package import Edited
from xlplugin.hosts._shared import moved
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.hosts._values import decode
from xlplugin.texts import say
from xlplugin.workbooks.native import step_header
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.exchange.forms._compile import Plain
    from xlplugin.exchange.forms._ledger import Ledger
    from xlplugin.exchange.forms._opened import Opened
    from xlplugin.exchange.forms._worked import Worked
    from xlplugin.hosts._book import Table
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Edit, Formula

__all__ = ["Native", "native"]

_FAR = 500_000  # a row that relative references reach from either side
_LONGEST = 8192  # characters of a formula in Excel


@dataclass
class Native:
    """What became of a workbook's calls.

    Args:
        package: the workbook in plain formulas.
        live: by function, how many cells still calculate.
        values: by sheet and header, the cells that became values.
    """

    package: Package
    live: int = 0
    values: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


class _Pattern(NamedTuple):
    """One formula as it recurs from row to row: where it was met first, its text there, and the same put plainly.

    It is brief where that may say less than the function.
    """

    row: int
    column: int
    text: str
    plain: Plain | None
    is_brief: bool

    @property
    def is_unproved(self) -> bool:
        """Whether its answer stands in no working column, where it is held against the function."""
        return self.plain is not None and not self.plain.answers


class _Called(NamedTuple):
    """A cell that calls one of our functions."""

    formula: Formula
    pattern: _Pattern


def native(opened: Opened) -> Native:
    """The workbook in plain formulas.

    Args:
        opened: the workbook, its calls spelled plainly.
    """
    return _Native(opened).made()


class _Native:
    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._names = [sheet.name for sheet in opened.book.sheets]
        self._rules = RuleSets(opened)
        self._ledgers = Ledgers(opened, self._free)
        self._compilers = {name: Compiler(opened, name, self._rules, self._ledgers) for name in opened.sheets}
        self._called = {name: list(self._calls(name)) for name in opened.sheets}
        self._settled: Settled | None = None
        self._staying: dict[str, bool] = {}
        self._differing: set[tuple[str, int, int]] = set()
        self._benches = {bench.sheet: bench for bench in self._made_benches()}
        self._lang = next((lang for one in self._compilers.values() for lang in one.langs if lang != "code"), "zh")
        for rule_set in self._rules.sets.values():
            rule_set.drawn(self._free(say(self._lang, "sheet.workings")))

    def made(self) -> Native:
        answers = {
            sheet: list({answer.key: answer for call in self._called[sheet] if call.pattern.plain
                         for answer in call.pattern.plain.answers}.values())
            for sheet in self._benches
        }  # fmt: skip
        found = worked(self._opened, list(self._benches.values()), self._rules.sets, answers)
        unproved = {sheet: {(one.formula.row, one.formula.column): one.pattern.is_brief
                            for one in called if one.pattern.is_unproved}
                    for sheet, called in self._called.items()}  # fmt: skip
        if any(unproved.values()):
            # What has been worked out already need not be calculated once more.
            self._settled = Settled(self._opened.package, self._put_together(found, worked_out=True).package)
            self._differing = set(self._settled.differing(unproved))
        return self._put_together(found)

    def _put_together(self, found: Worked, *, worked_out: bool = False) -> Native:
        """The workbook in plain formulas, its workings as formulas or as what they come to."""
        result = Native(self._opened.package)
        changed: dict[str, bytes] = {}
        records: list[Record] = []
        for sheet, called in self._called.items():
            if called:
                xml = self._opened.xml(sheet)
                edits = list(self._edits(sheet, called, found, result, records))
                changed[self._opened.sheets[sheet].part] = xml.edited(edits)
                for table in self._opened.sheets[sheet].tables:
                    changed |= self._columns(table)
        if not changed:
            return result
        changed |= self._added(found, records, worked_out=worked_out)
        without, removed = self._opened.book.without_calc_chain()
        types = self._opened.package.find("[Content_Types].xml")
        for part, content in without.items():
            changed[part] = content if part != types and part not in changed else _both(changed[part], content)
        result.package = Edited(self._opened.package, changed, removed)
        return result

    def _calls(self, sheet: str) -> Iterator[_Called]:
        compiler, patterns = self._compilers[sheet], dict[str, _Pattern]()
        known: dict[bytes, str] = {}
        for formula in self._opened.xml(sheet).formulas:
            if not CALLED.search(formula.raw):
                continue
            key = known.get(formula.raw)
            if key is None:
                key = moved(formula.text, _FAR - formula.row, 0)
                if key == formula.text:
                    known[formula.raw] = key
            if key not in patterns:
                plain = None if not is_alone(formula) else compiler.compiled(formula.text, formula.row, formula.column)
                is_brief = any(FUNCTIONS[call.name].brief for call in calls(formula.text) if call.name in FUNCTIONS)
                patterns[key] = _Pattern(formula.row, formula.column, formula.text, plain, is_brief)
            yield _Called(formula, patterns[key])

    def _made_benches(self) -> Iterator[Rows]:
        for sheet, called in self._called.items():
            compiled = [call for call in called if call.pattern.plain and call.pattern.plain.is_worked]
            if not compiled:
                continue
            compiler = self._compilers[sheet]
            patterns = {id(call.pattern): call.pattern for call in compiled}.values()
            guards = {compiler.guard(one.text, one.row, one.column) for one in patterns}
            rows = [call.formula.row for call in compiled]
            rows += [row for area in compiler.covered for row in (area.top, area.bottom)]
            name = self._free(say(compiler.langs[0] if compiler.langs[0] != "code" else "en", "sheet.row_workings"))
            guard = guards.pop() if len(guards) == 1 else ""
            yield Rows(sheet, name, compiler, guard, min(rows), max(rows) + SPARE_ROWS)

    def _free(self, name: str) -> str:
        self._names.append(free_name(name, self._names))
        return self._names[-1]

    def _edits(
        self, sheet: str, called: list[_Called], found: Worked, result: Native, records: list[Record]
    ) -> Iterator[Edit]:
        """The edits of a sheet's formula cells; what is done is told in the result and kept in the records."""
        texts: dict[int, str] = {}
        valued: dict[int, list[str]] = defaultdict(list)
        for formula, pattern in called:
            text = self._plain_text(sheet, formula, pattern, found, texts)
            if text is None:
                yield self._as_value(sheet, formula)
                place = self._place(sheet, formula)
                header = place[2] or column_letters(formula.column)
                result.values[sheet, header].append(cell_name(formula.row, formula.column))
                valued[id(pattern)].append(mark(decode(formula.kind, formula.value)))
            else:
                result.live += 1
                yield from plain_cell(self._opened.xml(sheet), formula, text)
        for pattern in {id(call.pattern): call.pattern for call in called}.values():
            formula = next(call.formula for call in called if call.pattern is pattern)
            records += self._records(sheet, formula, pattern, valued[id(pattern)])

    def _plain_text(
        self, sheet: str, formula: Formula, pattern: _Pattern, found: Worked, texts: dict[int, str]
    ) -> str | None:
        """The plain text for a cell; None where it must be a value."""
        plain = pattern.plain
        if plain is None or not is_alone(formula) or (sheet, formula.row, formula.column) in self._differing:
            return None
        if plain.answers:
            line = found.rows[sheet][formula.row]
            if any((line, answer.key) in found.wrong[sheet] for answer in plain.answers):
                return None
        if id(pattern) not in texts:
            texts[id(pattern)] = self._benches[sheet].answer(plain.text) if plain.is_worked else plain.text
        text = texts[id(pattern)]
        if pattern.row != formula.row and not self._stays(text):
            text = moved(text, formula.row - pattern.row, 0)
        return text if len(text) < _LONGEST else None

    def _stays(self, text: str) -> bool:
        """Whether a formula is the same in every row."""
        if text not in self._staying:
            self._staying[text] = moved(text, 1, 0) == text
        return self._staying[text]

    def _place(self, sheet: str, formula: Formula) -> tuple[str, str, str, str]:
        """Sheet, table, header and reference of a cell; the first two headers are empty outside tables."""
        table = self._opened.table_at(sheet, formula.row, formula.column)
        header = table.headers[formula.column - table.first_column] if table else ""
        return sheet, table.name if table else "", header, cell_name(formula.row, formula.column)

    def _as_value(self, sheet: str, formula: Formula) -> Edit:
        xml = self._opened.xml(sheet)
        end = xml.content.index(b"</" + xml.prefix + b"c>", formula.v_end) + len(xml.prefix) + 4
        value = decode(formula.kind, formula.value)
        filled = Filled(formula.row, formula.column, formula.start, formula.open_end, end, value, -1, True)
        return with_value(xml, filled, value)

    def _records(self, sheet: str, formula: Formula, pattern: _Pattern, marks: list[str]) -> Iterator[Record]:
        place = self._place(sheet, formula)
        plain = ""
        if pattern.plain is not None:
            plain = self._benches[sheet].answer(pattern.plain.text) if pattern.plain.is_worked else pattern.plain.text
        yield Record("formula", *place[:3], cell_name(pattern.row, pattern.column), pattern.text, plain)
        for at in range(0, len(marks), 3000):  # a cell holds no more than 32,767 characters
            yield Record("values", *place[:3], cell_name(pattern.row, pattern.column), pattern.text,
                         " ".join(dict.fromkeys(marks[at : at + 3000])))  # fmt: skip

    def _columns(self, table: Table) -> dict[str, bytes]:
        """The table with its columns' formulas for new rows put plainly, or left out."""
        old = self._opened.package.read(table.part)

        def instead(hit: re.Match[bytes]) -> bytes:
            text = unescape(hit["text"].decode())
            if not CALLED.search(hit["text"]):
                return hit[0]
            patterns = (call.pattern for call in self._called[table.sheet] if call.pattern.text == text)
            pattern = next(patterns, None)
            if pattern is None or pattern.plain is None:
                return b""
            made = pattern.plain
            plain = self._benches[table.sheet].answer(made.text) if made.is_worked else made.text
            return hit["open"] + escape(plain, quote=False).encode() + hit["close"]

        new = COLUMN_FORMULA.sub(instead, old)
        return {table.part: new} if new != old else {}

    def _added(self, found: Worked, records: list[Record], *, worked_out: bool) -> dict[str, bytes]:
        pages = [self._rules_page(number, found) for number in self._rules.sets]
        pages += [self._rows_page(bench, found) for bench in self._benches.values()]
        pages = [page.as_values() for page in pages] if worked_out else pages
        pages += [self._ledger_page(ledger) for ledger in self._ledgers]
        records += [Record("sheet", page.name) for page in pages]
        pages.append(records_page(self._free("xlplugin"), records, self._lang))
        return added(self._opened.book, pages)

    def _rules_page(self, number: int, found: Worked) -> Page:
        rule_set, values = self._rules.sets[number], found.rules[number]
        page = Page(rule_set.sheet, [44, 9, 9, 9, 3, 11, 11, 11, 11])
        page.put(1, [text_cell("A1", say(self._lang, "workings.title"))])
        page.put(2, [text_cell("A2", say(self._lang, "workings.purpose"))])
        heads = [("A", "item"), ("B", "lines"), ("C", "numbers"), ("D", "value")]
        heads += [("F", "day"), ("G", "worked"), ("H", "before"), ("I", "after")]
        page.put(
            FIRST_ROW - 1, [text_cell(f"{at}{FIRST_ROW - 1}", say(self._lang, f"workings.{key}")) for at, key in heads]
        )
        for row, line in enumerate(rule_set.lines, FIRST_ROW):
            page.put(row, [text_cell(f"A{row}", line.name)])
            if line.name.endswith(f"/{SEEN}"):
                page.put(row, [text_cell(f"B{row}", str(values[row, "D"]))])
                values[row + 1, "D"] = True
        for row, letter, formula in rule_set.formulas(with_calendar=number in self._rules.dated):
            element = b"<f>%s</f>" % escape(formula, quote=False).encode()
            page.put(row, [cell(f"{letter}{row}", element, values[row, letter])])
        return page

    def _ledger_page(self, ledger: Ledger) -> Page:
        return ledger.page(self._settled.values(ledger.name, *ledger.cells) if self._settled else {})

    def _rows_page(self, bench: Rows, found: Worked) -> Page:
        columns = list(bench.formulas(self._rules.sets))
        page = Page(bench.name, [6, 3, *[12] * len(bench.letters())])
        if bench.first > 1:
            row = bench.first - 1
            page.put(row, [text_cell(f"{letter}{row}", header) for letter, header in self._headers(bench)])
        keys = {letter: key for key, letter in bench.letters().items()}
        for letter, formula in columns:
            if len(formula) >= _LONGEST:
                raise XlpError("native_length", column=keys[letter], found=len(formula), limit=_LONGEST)
        lines, guard = found.lines[bench.sheet], int(bench.guard[6:-1]) if bench.guard else None
        for row in range(bench.first, bench.last + 1):
            line = lines[found.rows[bench.sheet][row]]
            is_blank = guard is not None and line[f"cell:{guard}"] in (None, "")
            cells = []
            for at, (letter, formula) in enumerate(columns):
                element = b'<f t="shared" si="%d"/>' % at
                if row == bench.first:
                    text = escape(formula.replace(ROW, str(row)), quote=False).encode()
                    element = b'<f t="shared" ref="%s%d:%s%d" si="%d">%s</f>' % (
                        letter.encode(), row, letter.encode(), bench.last, at, text,
                    )  # fmt: skip
                value = (
                    float(row) if letter == "A" else "" if is_blank else 1.0 if letter == "B" else line[keys[letter]]
                )
                cells.append(cell(f"{letter}{row}", element, value))
            page.put(row, cells)
        self._put_said(page, bench, found)
        return page

    def _put_said(self, page: Page, bench: Rows, found: Worked) -> None:
        """Beside the steps, what was seen of each distinct line and what was said of it."""
        for key, letter in bench.said.items():
            told = found.said[bench.sheet].get(key.removesuffix("?"), {})
            for row, text in enumerate(told if key.endswith("?") else told.values(), bench.first):
                page.put(row, [text_cell(f"{letter}{row}", str(text))])

    def _headers(self, bench: Rows) -> Iterator[tuple[str, str]]:
        yield "A", say(self._lang, "row_workings.row")
        for key, letter in bench.letters().items():
            step = bench.compiler.bench.steps[key]
            number = f" {step.number}" if step.number > 1 else ""
            yield letter, step_header(step.of, step.part, self._lang) + number


def _both(ours: bytes, without: bytes) -> bytes:
    """A part with entries of ours and without that of the calculation chain."""
    del without
    return re.sub(rb"<(?:[\w.-]+:)?(?:Override|Relationship)\b[^>]*calcChain[^>]*/>", b"", ours)
