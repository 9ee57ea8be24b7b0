"""The desk a worksheet function works at: rulebook, date system, and what was read and decided already.

A host makes one desk for a workbook and calls `functions()`. Cells come as the host has them: one value, a row or
many rows; answers go back in the same shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from xlplugin.cells import EPOCH_1900, error_in, is_blank, show, text_of
from xlplugin.decisions.chain import Chain, Decision
from xlplugin.decisions.office_rules import (
    NO_RULES,
    BadLine,
    OfficeRules,
    read_holidays,
    read_rules,
    scheme_named,
)
from xlplugin.errors import CellError, XlpError
from xlplugin.rulebook import load, with_values

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from xlplugin.rulebook import Rulebook
    from xlplugin.rulebook.model import Scheme

    Rows = list[tuple[object, ...]]

T = TypeVar("T")

__all__ = ["Desk", "Judged", "Layout", "WrongFormula", "rows_of"]

_MOST_REMEMBERED = 20_000
_MOST_RANGES = 64
_COMMON = ("as_of", "last_contact", "agreed_contact", "opt_out")


class WrongFormula(Exception):  # noqa: N818 - it is a formula that is wrong, not the program
    """A formula that cannot be meant: unknown scheme or field (#N/A), ranges that don't fit (#VALUE!)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.cell = CellError(text)


class Layout(NamedTuple):
    """How a header range serves a scheme.

    Args:
        columns: for each input of the scheme its column, None where the range has none.
        common: the columns of the common fields there are.
        lang: the language of the headers: zh, en, or `code` where they are ids.
        twice: ids of inputs that stand in two columns.
        width: how many columns the range has.
    """

    columns: tuple[int | None, ...]
    common: dict[str, int]
    lang: str
    twice: tuple[str, ...]
    width: int

    def cells(self, row: Sequence[object]) -> list[object]:
        """The cells of the scheme's inputs, in its order."""
        return [None if column is None else row[column] for column in self.columns]


class Judged(NamedTuple):
    """One row judged: the decision, the headers it was read by, and what of the 规则 table spoils it."""

    decision: Decision
    layout: Layout
    bad: BadLine | None

    @property
    def lang(self) -> str:
        """The language of the headers: zh, en, or `code`."""
        return self.layout.lang

    @property
    def status(self) -> str:
        """The status of the row; invalid where the workbook's own rules cannot be followed."""
        return "invalid" if self.bad else self.decision.status


def rows_of(value: object) -> Rows:
    """A range as rows of cells, whatever a host sends for it: a value, a list, a list of lists."""
    if not isinstance(value, (list, tuple)):
        return [(value,)]
    if len(value) == 1 and isinstance(value[0], (list, tuple)):
        return [tuple(value[0])]
    if any(isinstance(row, (list, tuple)) for row in value):
        return [tuple(row) if isinstance(row, (list, tuple)) else (row,) for row in value]
    return [tuple(value)]


class Desk:
    """Where worksheet functions are worked out.

    Args:
        book: the rulebook; the published one where none is given.
        epoch: day 0 of the workbook's serial dates, as an ordinal.
    """

    def __init__(self, book: Rulebook | None = None, epoch: int = EPOCH_1900) -> None:
        self.book = load() if book is None else book
        self.epoch = epoch
        self._schemes: dict[str, Scheme] = {}
        self._layouts: dict[Hashable, Layout] = {}
        self._rules: dict[Hashable, tuple[int, OfficeRules]] = {}
        self._same: dict[tuple[int, str], tuple[object, Any]] = {}
        self._chains: dict[Hashable, tuple[Chain, BadLine | None]] = {}
        self._judged: dict[Hashable, Judged] = {}

    def functions(self) -> dict[str, Callable[..., object]]:
        """Every worksheet function by name, as a host calls it: cells in, cells out, never an exception of ours."""
        from xlplugin.worksheet.functions import FUNCTIONS  # noqa: PLC0415 - functions.py imports this module

        return {name: self._callable(function.body) for name, function in FUNCTIONS.items()}

    def _callable(self, body: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            try:
                return body(self, *args)
            except WrongFormula as wrong:
                return wrong.cell

        return call

    def scheme(self, cell: object) -> Scheme:
        """The scheme a cell names by id or title.

        Raises:
            WrongFormula: #N/A where there is none such; an error value in the cell passes on.
        """
        error = error_in(cell)
        if error:
            raise WrongFormula(error)
        known = self._schemes.get(cell) if type(cell) is str else None
        if known is None:
            try:
                known = scheme_named(self.book, cell)
            except XlpError:
                raise WrongFormula("#N/A") from None
        if type(cell) is str:
            self._schemes[cell] = known
        return known

    def _once(self, value: object, use: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a range that a host hands over again and again as the same tuple.

        A list may be changed between two calls, so only tuples are known by identity; the tuple is kept, so that
        its place in memory is not taken by another.
        """
        if type(value) is not tuple:
            return make()
        seen = self._same.get((id(value), use))
        if seen is None or seen[0] is not value:
            if len(self._same) >= _MOST_RANGES:
                self._same.clear()
            seen = self._same[id(value), use] = (value, make())
        made: T = seen[1]
        return made

    def once(self, value: object, use: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a range handed over again and again as the same tuple.

        Args:
            value: the range.
            use: what is made of it, for one range may serve several ends.
            make: makes it.
        """
        return self._once(value, use, make)

    def rules(self, rules: object) -> tuple[Hashable, OfficeRules]:
        """The 规则 range read, with a key that stands for its content."""
        return (None, NO_RULES) if is_blank(rules) else self._once(rules, "rules", lambda: self._read_rules(rules))

    def _read_rules(self, rules: object) -> tuple[Hashable, OfficeRules]:
        rows = rows_of(rules)
        # True and 1 are equal as keys, yet only one of them is a number of days.
        key = (tuple(rows), tuple([tuple(map(type, row)) for row in rows]))
        try:
            known = self._rules.get(key)
        except TypeError:  # a cell that cannot be a key; read it each time
            return object(), read_rules(self.book, rows)
        if known is None:
            known = self._rules[key] = (len(self._rules), read_rules(self.book, rows))
        return known

    def numbers(self, id_: str, rules: object = None) -> tuple[Mapping[str, float], BadLine | None]:
        """The numbers of some settings under a workbook's rules, and the rule that cannot be followed, if any."""
        _, office = self.rules(rules)
        published = {path: parameter.value for path, parameter in self.book.settings[id_].parameters.items()}
        return {**published, **office.values.get(id_, {})}, office.bad_line(id_)  # type: ignore[dict-item] # none is None

    def chain(self, scheme: Scheme, rules: object = None, holidays: object = None) -> tuple[Chain, BadLine | None]:
        """The chain of a scheme under a workbook's rules, and the rule that cannot be followed, if any."""
        rules_key, office = self.rules(rules)
        days = None
        if office.working_days and holidays is not None:
            days = self._once(holidays, "holidays", lambda: tuple(rows_of(holidays)))
        key = (scheme.id, rules_key, days)
        try:
            known = self._chains.get(key)
        except TypeError:  # a cell that cannot be a key
            return self._new_chain(scheme, office, days)
        if known is None:
            known = self._chains[key] = self._new_chain(scheme, office, days)
        return known

    def _new_chain(
        self, scheme: Scheme, office: OfficeRules, days: tuple[tuple[object, ...], ...] | None
    ) -> tuple[Chain, BadLine | None]:
        working_days = read_holidays(days or (), self.epoch) if office.working_days else None
        bad = office.bad_line(scheme.id)
        values = office.values.get(scheme.id)
        if values and bad is None:
            try:
                scheme = with_values(self.book, scheme, values)
            except XlpError as error:
                bad = BadLine(0, f"{scheme.id} {show(error.facts.get('found', ''))}", "rules.disorder", {})
        return Chain(scheme, epoch=self.epoch, working_days=working_days), bad

    def layout(self, scheme: Scheme, fields: object) -> Layout:
        """How a header range serves a scheme.

        Raises:
            WrongFormula: #N/A where the range has none of the scheme's fields.
        """
        return self._once(fields, scheme.id, lambda: self._new_layout(scheme, fields))

    def _new_layout(self, scheme: Scheme, fields: object) -> Layout:
        header = tuple([cell for row in rows_of(fields) for cell in row])
        key = (scheme.id, header)
        try:
            known = self._layouts.get(key)
        except TypeError:  # a cell that cannot be a key
            return layout_of(self.book, scheme, header)
        if known is None:
            known = self._layouts[key] = layout_of(self.book, scheme, header)
        return known

    def judge(
        self, scheme: object, fields: object, evidence: object, as_of: object, rules: object
    ) -> tuple[list[Judged], bool]:
        """Every row of an evidence range judged, and whether the rows run across instead of down.

        Args:
            scheme: the cell that names the scheme.
            fields: the header range, or one field's name.
            evidence: the cells of the same columns.
            as_of: the day the rows are judged on; one for all, or one a row.
            rules: the 规则 range.

        Raises:
            WrongFormula: unknown scheme or field, or ranges that don't fit.
        """
        found = self.scheme(scheme)
        rows = rows_of(evidence)
        layout = self.layout(found, fields)
        across = layout.width > 1 and len(rows) == layout.width and _is_column(fields)
        if across:  # headers stand in a column, so each column of evidence is a row
            rows = list(zip(*rows))
        elif layout.width == 1 and len(rows) == 1 and len(rows[0]) > 1:  # one field, many values beside each other
            across, rows = True, list(zip(*rows))
        if any(len(row) != layout.width for row in rows):
            raise WrongFormula("#VALUE!")
        chain, bad = self.chain(found, rules)
        if layout.twice:
            bad = BadLine(0, ", ".join(layout.twice), "rules.twice", {})
        days = _spread(as_of, len(rows))
        return [self._judge(chain, bad, layout, row, day) for row, day in zip(rows, days)], across

    def _judge(
        self, chain: Chain, bad: BadLine | None, layout: Layout, row: tuple[object, ...], as_of: object
    ) -> Judged:
        # True equals 1 and 1.0 as a key, yet 1 is a number of visits and True is not.
        if chain.knows_no_day:
            as_of = None
        key = (id(chain), id(layout), row, tuple(map(type, row)), as_of, type(as_of))
        try:
            known = self._judged.get(key)
        except TypeError:
            return self._judged_anew(chain, bad, layout, row, as_of)
        if known is None:
            if len(self._judged) >= _MOST_REMEMBERED:
                self._judged.clear()
            known = self._judged[key] = self._judged_anew(chain, bad, layout, row, as_of)
        return known

    def _judged_anew(
        self, chain: Chain, bad: BadLine | None, layout: Layout, row: tuple[object, ...], as_of: object
    ) -> Judged:
        common = {name: row[column] for name, column in layout.common.items()}
        if as_of is None or is_blank(as_of):
            as_of = common.get("as_of")
        cells = layout.cells(row)
        decision = (
            chain.decide(cells, as_of, *(common.get(name) for name in _COMMON[1:]))
            if len(common) > ("as_of" in common)
            else chain.grade(cells, as_of)
        )
        return Judged(decision, layout, bad)


def _is_column(fields: object) -> bool:
    rows = rows_of(fields)
    return len(rows) > 1 and len(rows[0]) == 1


def _spread(value: object, count: int) -> Sequence[object]:
    """A value for each row: the same for all, or a range with one for each."""
    if not isinstance(value, (list, tuple)):
        return [value] * count
    cells = [cell for row in rows_of(value) for cell in row]
    if len(cells) == 1:
        return cells * count
    if len(cells) != count:
        raise WrongFormula("#VALUE!")
    return cells


def layout_of(book: Rulebook, scheme: Scheme, header: Sequence[object]) -> Layout:
    """How headers serve a scheme: ids, Chinese or English labels, in any order, among any other columns."""
    names = _header_names(book, scheme)
    columns: dict[str, int] = {}
    twice: list[str] = []
    languages = set()
    for place, cell in enumerate(header):
        if is_blank(cell) or error_in(cell):
            continue
        word = text_of(cell)
        id_ = names.get(word)
        if id_ is None:
            continue
        if id_ in columns:
            twice.append(id_)
        columns.setdefault(id_, place)
        languages.add("zh" if not word.isascii() else "code" if show(cell).strip() == id_ else "en")
    if scheme.fields and not any(id_ in columns for id_ in scheme.fields):
        raise WrongFormula("#N/A")
    lang = next((lang for lang in ("zh", "en") if lang in languages), "code" if languages else "zh")
    common = {id_: columns[id_] for id_ in book.common if id_ in columns and id_ not in scheme.fields}
    return Layout(tuple(columns.get(id_) for id_ in scheme.fields), common, lang, tuple(twice), len(header))


def _header_names(book: Rulebook, scheme: Scheme) -> dict[str, str]:
    names: dict[str, str] = {}
    for id_, field in {**book.common, **scheme.fields}.items():
        for word in (id_, *field.label.values(), *field.also):
            names[text_of(word)] = id_
    return names
