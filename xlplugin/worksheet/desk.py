"""The desk a worksheet function works at: rulebook, date system, and what was read and decided already.

A host makes one desk for a workbook and calls `functions()`. Cells come as the host has them: one value, a row or
many rows; answers go back in the same shape.
"""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, TypeVar

from xlplugin.cells import EPOCH_1900, error_in, is_blank, show
from xlplugin.decisions.chain import Chain
from xlplugin.decisions.office_rules import (
    NO_RULES,
    BadLine,
    OfficeRules,
    read_holidays,
    read_rules,
    scheme_named,
)
from xlplugin.errors import XlpError
from xlplugin.rulebook import load, with_values
from xlplugin.worksheet._bench import Bench
from xlplugin.worksheet.layout import Layout, WrongFormula, layout_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from xlplugin.rulebook import Rulebook
    from xlplugin.rulebook.model import Scheme

    Rows = list[tuple[object, ...]]


T = TypeVar("T")

__all__ = ["Bench", "Desk", "Layout", "WrongFormula", "rows_of"]

_MOST_RANGES = 64
_MOST_TABLES = 8  # whole tables of another program's making, kept with their cells


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
        self._tables: dict[Hashable, Any] = {}
        self._chains: dict[Hashable, tuple[Chain, BadLine | None]] = {}
        self._chain_at: dict[tuple[str, int, int], tuple[object, object, tuple[Chain, BadLine | None]]] = {}
        self._benches: dict[Hashable, Bench] = {}
        self._at: dict[tuple[str, int, int], tuple[object, object, Bench]] = {}
        self._latest: tuple[object, object, object, Any] = None, None, None, None  # scheme, fields, rules, bench

    def functions(self) -> dict[str, Callable[..., object]]:
        """Every worksheet function by name, as a host calls it: cells in, cells out, never an exception of ours."""
        from xlplugin.worksheet import FUNCTIONS  # noqa: PLC0415 - the functions' modules import this one

        return {name: self._callable(function.body) for name, function in FUNCTIONS.items()}

    def _callable(self, body: Callable[..., object]) -> Callable[..., object]:
        bound = MethodType(body, self)

        def call(*args: object) -> object:
            try:
                return bound(*args)
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

    def once(self, value: object, use: str, make: Callable[[], T]) -> T:
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

    def table(self, value: object, use: str, make: Callable[[Rows], T]) -> T:
        """What `make` gives for the rows of a whole table, made once for the same content.

        Some hosts hand over a new list at every call; comparing its cells costs far less than reading them.
        """
        return self.once(value, use, lambda: self._table(rows_of(value), use, make))

    def _table(self, rows: Rows, use: str, make: Callable[[Rows], T]) -> T:
        # True and 1 are equal as keys, yet only one of them is a number.
        key = (use, tuple(rows), tuple([tuple(map(type, row)) for row in rows]))
        try:
            known = self._tables.get(key)
        except TypeError:  # a cell that cannot be a key
            return make(rows)
        if known is None:
            if len(self._tables) >= _MOST_TABLES:
                self._tables.clear()
            known = self._tables[key] = make(rows)
        made: T = known
        return made

    def rules(self, rules: object) -> tuple[Hashable, OfficeRules]:
        """The 规则 range read, with a key that stands for its content."""
        return (None, NO_RULES) if is_blank(rules) else self.once(rules, "rules", lambda: self._read_rules(rules))

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

    def chain(self, scheme: object, rules: object = None, holidays: object = None) -> tuple[Chain, BadLine | None]:
        """The chain of the scheme a cell names, under a workbook's rules, and the rule that can't be followed, if any.

        Raises:
            WrongFormula: unknown scheme.
        """
        if type(scheme) is str:
            known = self._chain_at.get((scheme, id(rules), id(holidays)))
            if known is not None and known[0] is rules and known[1] is holidays:
                return known[2]
        chain = self._chain_for(
            self.scheme(scheme), None if rules == "" else rules, None if holidays == "" else holidays
        )
        if type(scheme) is str and _is_same(rules) and _is_same(holidays):
            if len(self._chain_at) >= _MOST_RANGES:
                self._chain_at.clear()
            self._chain_at[scheme, id(rules), id(holidays)] = rules, holidays, chain
        return chain

    def _chain_for(self, scheme: Scheme, rules: object, holidays: object) -> tuple[Chain, BadLine | None]:
        rules_key, office = self.rules(rules)
        days = None
        if office.working_days and holidays is not None:
            days = self.once(holidays, "holidays", lambda: tuple(rows_of(holidays)))
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
        return self.once(fields, scheme.id, lambda: self._new_layout(scheme, fields))

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

    def bench(self, scheme: object, fields: object, rules: object) -> Bench:
        """Where the rows under a header are judged; a host that hands over the same ranges again is known by that.

        Args:
            scheme: the cell that names the scheme.
            fields: the header range, or one field's name.
            rules: the 规则 range.

        Raises:
            WrongFormula: unknown scheme or field.
        """
        latest = self._latest  # asked first: most sheets have one header
        if latest[1] is fields and latest[2] is rules and type(scheme) is str and latest[0] == scheme:
            return latest[3]  # type: ignore[no-any-return] # a bench it is
        if type(scheme) is str:
            known = self._at.get((scheme, id(fields), id(rules)))
            if known is not None and known[0] is fields and known[1] is rules:
                self._latest = scheme, fields, rules, known[2]
                return known[2]
        bench = self._bench_for(scheme, fields, rules)
        if type(scheme) is str and type(fields) is tuple and _is_same(rules):
            if len(self._at) >= _MOST_RANGES:
                self._at.clear()
            self._at[scheme, id(fields), id(rules)] = fields, rules, bench
        return bench

    def _bench_for(self, scheme: object, fields: object, rules: object) -> Bench:
        found = self.scheme(scheme)
        layout = self.layout(found, fields)
        chain, bad = self.chain(scheme, rules)
        key = id(chain), id(layout)
        known = self._benches.get(key)
        if known is None or known.layout is not layout or known.chain is not chain:
            if len(self._benches) >= _MOST_RANGES:
                self._benches.clear()
            known = self._benches[key] = Bench(chain, bad, layout)
        return known


def _is_same(value: object) -> bool:
    """Whether a host that hands over the same range again may hand over this very object."""
    return value is None or type(value) is tuple or value == ""
