"""A workbook made into a copy, part by part: values or live formulas, and nobody given away."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.exchange import _outside, _parts
from xlplugin.exchange._live import freeze
from xlplugin.exchange._masks import MASKED
from xlplugin.exchange._pseudonyms import Pseudonyms
from xlplugin.exchange._secrets import Secrets
from xlplugin.exchange._sheet import SharedSheet
from xlplugin.exchange._texts import SharedTexts
from xlplugin.exchange.forms._respell import CALLED
from xlplugin.hosts._book import column_letters
from xlplugin.hosts._package import Edited
from xlplugin.hosts._sheet_xml import cell_name
from xlplugin.workbooks.build import known_formulas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xlplugin.exchange.forms._opened import Opened
    from xlplugin.exchange.share import Terms
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._sheet_xml import Formula
    from xlplugin.hosts._values import Value

__all__ = ["Copy"]

_MASKED_PARTS = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_NOT_MASKED = re.compile(r"(?:^|/)(?:styles\.xml|theme/|\[Content_Types\]\.xml|media/|metadata\.xml)", re.IGNORECASE)
_LEFT_OUT = re.compile(r"^xl/revisions/|^docProps/thumbnail\.", re.IGNORECASE)


class Copy:
    """A copy being made.

    Args:
        opened: the workbook.
        terms: how the copy is to be made.

    `frozen` counts, by sheet and header, the formulas of a live copy that became values.
    """

    def __init__(self, opened: Opened, terms: Terms) -> None:
        self.book, self.terms = opened.book, terms
        self.is_live = terms.form != "values"
        shared = self.book.shared_strings
        self.texts = SharedTexts(opened.package.read(shared)) if shared else None
        texts = self.texts.texts if self.texts else []
        self.sheets = [SharedSheet(one, opened.xml(name), texts) for name, one in opened.sheets.items()]
        self.changed: dict[str, bytes] = {}
        self.removed: set[str] = set()
        self.secrets = Secrets(set(), patterns=False)
        self.outside: dict[str, list[str]] = {}

    def make(self) -> Package:
        """The copy, its formulas spelled as they were."""
        self.outside = self._look_outside()
        self._refuse_without_values()
        if self.terms.consultant is not None:
            self._keep_only(self.terms.consultant)
        self.secrets = self._secrets()
        for one in self.sheets:
            one.decide(self.secrets, self.terms.mask)
        if self.is_live:
            self._freeze()
        self._sheets()
        if not self.is_live:
            self._tables()
        self._other_parts()
        self._leave_out()
        return Edited(self.book.package, self.changed, self.removed)

    @property
    def live(self) -> int:
        """How many calls of our functions stay in the copy."""
        known: dict[bytes, bool] = {}
        count = 0
        for one in self.sheets:
            for formula in one.xml.formulas:
                if formula.raw not in known:
                    known[formula.raw] = CALLED.search(formula.raw) is not None
                count += known[formula.raw] and (formula.row, formula.column) not in one.frozen
        return count

    @property
    def values(self) -> int:
        """How many formulas became values."""
        if self.is_live:
            return sum(len(one.frozen) for one in self.sheets)
        return sum(len(one.xml.formulas) for one in self.sheets)

    @property
    def frozen(self) -> dict[tuple[str, str], int]:
        """Formulas of a live copy that became values, by sheet and header, but for those of rows that went."""
        found: Counter[tuple[str, str]] = Counter()
        for one in self.sheets:
            for place in one.frozen - one.gone:
                found[one.sheet.name, one.areas.header_of(*place) or column_letters(place[1])] += 1
        return dict(found)

    def _freeze(self) -> None:
        for one in self.sheets:
            one.live = True
        if self.secrets:
            known = known_formulas()
            freeze(self.sheets, self.book, self.secrets, known.__contains__)

    def _read(self, part: str) -> bytes:
        return self.changed[part] if part in self.changed else self.book.package.read(part)

    def _put(self, part: str, content: bytes) -> None:
        if content != self._read(part):
            self.changed[part] = content

    def _look_outside(self) -> dict[str, list[str]]:
        formulas = [
            (f"{one.sheet.name}!{cell_name(formula.row, formula.column)}", formula.text)
            for one in self.sheets
            for formula in _fetching(one.xml.formulas)
        ]
        names = [(name.name, name.text) for name in self.book.names]
        return _outside.findings(self.book.package.names, [*formulas, *names], self.book.package.read)

    def _refuse_without_values(self) -> None:
        for one in self.sheets:
            empty = [formula for formula in one.xml.formulas if formula.value is None]
            if empty:
                cell = cell_name(empty[0].row, empty[0].column)
                facts = {"path": self.book.package.path, "sheet": one.sheet.name, "cell": cell, "count": len(empty)}
                raise XlpError("share_no_values", **facts)

    def _keep_only(self, consultant: str) -> None:
        owners = Counter(owner for one in self.sheets for owner in one.owners())
        if consultant not in owners:
            allowed = ", ".join(sorted(owners)) or "-"
            raise XlpError("share_nobody", path=self.book.package.path, found=consultant, allowed=allowed)
        for one in self.sheets:
            one.drop(consultant)
        mine = set().union(*(one.keys() for one in self.sheets))
        for one in self.sheets:
            one.drop_others(mine)

    def _secrets(self) -> Secrets:
        staff = set().union(*(one.staff() for one in self.sheets))
        secrets = Secrets(staff, self.terms.mask, Pseudonyms() if self.is_live else None)
        kinds, kept = set(MASKED), Secrets(staff, patterns=False)
        for one in self.sheets:
            for kind, value in one.values(kinds, dropped=None if self.terms.mask else True):
                secrets.add(kind, value)
            for kind, value in () if self.terms.mask else one.kept(kinds):
                kept.add(kind, value)
        for text in kept.texts:
            secrets.texts.pop(text, None)
        secrets.phones -= kept.phones
        secrets.ready()
        return secrets

    def _sheets(self) -> None:
        for one in self.sheets:
            self._put(one.sheet.part, one.written(self.secrets))
        if self.texts and self.book.shared_strings:
            used: set[int] = set().union(*(one.used for one in self.sheets))
            if self.secrets:
                self._put(self.book.shared_strings, self.texts.masked(used, self.secrets.masked))
        if self.values:
            changed, removed = self.book.without_calc_chain()
            self.changed |= changed
            self.removed |= removed

    def _tables(self) -> None:
        for part in self.book.package.names:
            if part.casefold().startswith("xl/tables/"):
                self._put(part, _parts.without_formulas(self._read(part)))

    def _other_parts(self) -> None:
        if not self.secrets:
            return
        values: dict[tuple[str, int, int], Value] = {
            (one.sheet.name.casefold(), *place): value for one in self.sheets for place, value in one.changed.items()
        }
        done = {one.sheet.part for one in self.sheets} | {self.book.shared_strings}
        for part in self.book.package.names:
            if part not in done and _MASKED_PARTS.search(part) and not _NOT_MASKED.search(part):
                self._put(part, _parts.masked_part(part, self._read(part), self.secrets, values))
        self._pivots()

    def _pivots(self) -> None:
        from xlplugin.exchange._caches import pivot_definition, pivot_records  # noqa: PLC0415 - few books have them

        parts = [part for part in self.book.package.names if part.startswith("xl/pivotCache/")]
        for part in parts if self.terms.mask or self.terms.consultant else ():
            if "Definition" in part and part.endswith(".xml"):
                content, kinds = pivot_definition(self._read(part))
                self._put(part, content)
                records = part.replace("Definition", "Records")
                if records in parts:
                    self._put(records, pivot_records(self._read(records), kinds))

    def _leave_out(self) -> None:
        names = self.book.package.names
        gone = {part for part in names if self.secrets and _LEFT_OUT.search(part)}
        if self.terms.clean:
            gone |= _outside.parts_to_clean(names, self._read)
            for part in (self.book.part, *(one.sheet.part for one in self.sheets)):
                self._put(part, _parts.without_references(self._read(part)))
            for table in self.book.tables.values():
                self._put(table.part, _outside.without_query(self._read(table.part)))
        self.removed |= gone
        for part, content in _parts.left_out(gone, names, self._read).items():
            self._put(part, content)
        types = self.book.package.find("[Content_Types].xml")
        if self.terms.clean and types:
            self._put(types, _outside.without_macro_type(self._read(types)))


def _fetching(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """The formulas that may fetch something from outside; most recur, and each is looked at once."""
    known: dict[bytes, bool] = {}
    for formula in formulas:
        is_one = known.get(formula.raw)
        if is_one is None:
            is_one = known[formula.raw] = _outside.may_fetch(formula.text)
        if is_one:
            yield formula
