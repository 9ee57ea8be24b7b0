"""A workbook made into a copy that can be mailed: values in place of formulas, and nobody given away."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.exchange import _outside, _parts
from xlplugin.exchange._cells import filled_cells
from xlplugin.exchange._locked import locked
from xlplugin.exchange._masks import MASKED
from xlplugin.exchange._proof import prove
from xlplugin.exchange._secrets import Secrets
from xlplugin.exchange._sheet import SharedSheet
from xlplugin.exchange._texts import SharedTexts
from xlplugin.hosts._book import split_ref
from xlplugin.hosts._package import write_beside
from xlplugin.hosts._sheet_xml import SheetXml, cell_name
from xlplugin.hosts.places import open_book
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["Report", "Terms", "check", "share", "value_at"]

# Programs also write these elements for books that aren't protected.
_PROTECTED = re.compile(
    rb"""<(?:[\w.-]+:)?(?:workbookProtection\b[^>]*\block(?:Structure|Windows|Revision)|sheetProtection\b[^>]*\ssheet)"""
    rb"""\s*=\s*["'](?:1|true)"""
)
_MASKED_PARTS = re.compile(r"\.(?:xml|rels|vml)$", re.IGNORECASE)
_NOT_MASKED = re.compile(r"(?:^|/)(?:styles\.xml|theme/|\[Content_Types\]\.xml|media/|metadata\.xml)", re.IGNORECASE)
_LEFT_OUT = re.compile(r"^xl/revisions/|^docProps/thumbnail\.", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """How a copy is to be made.

    Args:
        mask: whether people's data are masked.
        consultant: the consultant whose rows stay; all rows where it is None.
        clean: whether macros, links to outside and embedded objects are left out.
        password: what opens the copy; None for a file that anybody opens.
    """

    mask: bool = True
    consultant: str | None = None
    clean: bool = False
    password: str | None = None


@dataclass(frozen=True)
class Report:
    """What a copy is.

    Args:
        values: formulas that became values.
        masked: cells that show something else now.
        dropped: rows of other consultants that were emptied.
        guessed: by sheet and header, cells masked for their look alone.
        outside: what reaches out or runs, by kind, with its places.
        cleaned: whether that was left out.
    """

    values: int
    masked: int
    dropped: int
    guessed: dict[tuple[str, str], int] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    cleaned: bool = False

    def sentences(self, lang: str) -> Iterator[str]:
        """The report in words, Chinese for `zh`, English otherwise."""
        yield say(lang, "share.values", count=self.values)
        if self.masked:
            yield say(lang, "share.masked", count=self.masked)
        if self.dropped:
            yield say(lang, "share.dropped", count=self.dropped)
        for (sheet, header), count in self.guessed.items():
            yield say(lang, "share.guessed", sheet=sheet, header=header, count=count)
        for kind, places in self.outside.items():
            yield say(lang, f"share.outside.{kind}", count=len(places), places=", ".join(places[:5]))
        if self.outside and self.cleaned:
            yield say(lang, "share.cleaned")


def check(source: Path) -> Book:
    """The workbook, if a copy can be made of it.

    Raises:
        XlpError: it is open elsewhere, signed, protected, or holds formulas without values.
    """
    source = Path(source)
    for name in (f"~${source.name}", f".~lock.{source.name}#"):
        if (source.parent / name).exists():
            raise XlpError("share_open", path=source, found=name)
    book = open_book(source)
    if book.is_signed:
        raise XlpError("share_signed", path=source)
    for part in (book.part, *(sheet.part for sheet in book.sheets if sheet.part)):
        if _PROTECTED.search(book.package.read(part)):
            raise XlpError("share_protected", path=source, part=part)
    if book.recalculates_on_load:
        raise XlpError("share_not_calculated", path=source)
    return book


def share(source: Path, target: Path, terms: Terms) -> Report:
    """What the copy at `target` is; the workbook itself is not touched.

    Raises:
        XlpError: no copy can be made or written, or it would give somebody away; nothing is written then.
    """
    copy = _Copy(check(Path(source)), terms)
    report = copy.make()
    data = copy.packed()
    prove(data, copy.secrets, Path(source))
    if terms.password is not None:
        data = locked(data, terms.password)
    with write_beside(Path(target), like=Path(source)) as out:
        out.write(data)
    return report


def value_at(source: Path, place: tuple[str, str]) -> Value:
    """What a cell of a workbook holds, given by sheet and reference."""
    book = open_book(source)
    row, column, _, _ = split_ref(place[1])
    sheet = next((one for one in book.sheets if one.name.casefold() == place[0].casefold()), None)
    if sheet is None:
        return None
    texts = SharedTexts(book.package.read(book.shared_strings)).texts if book.shared_strings else []
    cells = filled_cells(SheetXml(book.package.read(sheet.part), sheet.name), texts)
    return next((cell.value for cell in cells if (cell.row, cell.column) == (row, column)), None)


class _Copy:
    def __init__(self, book: Book, terms: Terms) -> None:
        self.book, self.terms = book, terms
        package = book.package
        shared = book.shared_strings
        self.texts = SharedTexts(package.read(shared)) if shared else None
        texts = self.texts.texts if self.texts else []
        sheets = [sheet for sheet in book.sheets if sheet.kind == "worksheet"]
        self.sheets = [SharedSheet(one, SheetXml(package.read(one.part), one.name), texts) for one in sheets]
        self.changed: dict[str, bytes] = {}
        self.removed: set[str] = set()
        self.secrets = Secrets(set(), patterns=False)

    def make(self) -> Report:
        """The report; the parts lie in `changed` and `removed` afterwards."""
        outside = self._look_outside()
        self._refuse_without_values()
        if self.terms.consultant is not None:
            self._keep_only(self.terms.consultant)
        self.secrets = self._secrets()
        self._sheets()
        self._tables()
        self._other_parts()
        self._leave_out()
        guessed = {(one.sheet.name, header): count for one in self.sheets for header, count in one.guessed.items()}
        values = sum(len(one.xml.formulas) for one in self.sheets)
        masked, dropped = sum(len(one.changed) for one in self.sheets), sum(len(one.dropped) for one in self.sheets)
        return Report(values, masked, dropped, guessed, outside, self.terms.clean)

    def packed(self) -> bytes:
        """The copy as a file."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "copy"
                self.book.package.write(path, self.changed, self.removed)
                return path.read_bytes()
        except OSError as cause:
            raise XlpError("cannot_write", path=cause.filename, found=cause.strerror) from cause

    def _read(self, part: str) -> bytes:
        return self.changed[part] if part in self.changed else self.book.package.read(part)

    def _put(self, part: str, content: bytes) -> None:
        if content != self._read(part):
            self.changed[part] = content

    def _look_outside(self) -> dict[str, list[str]]:
        formulas = [
            (f"{one.sheet.name}!{cell_name(formula.row, formula.column)}", formula.text)
            for one in self.sheets
            for formula in one.xml.formulas
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
        secrets = Secrets(staff, patterns=self.terms.mask)
        kinds, kept = set(MASKED), Secrets(staff, patterns=False)
        for one in self.sheets:
            for kind, value in one.values(kinds, dropped=None if self.terms.mask else True):
                secrets.add(kind, value)
            for kind, value in () if self.terms.mask else one.values(kinds, dropped=False):
                kept.add(kind, value)
        for text in kept.texts:
            secrets.texts.pop(text, None)
        secrets.phones -= kept.phones
        secrets.ready()
        return secrets

    def _sheets(self) -> None:
        for one in self.sheets:
            self._put(one.sheet.part, one.written(self.secrets, self.terms.mask))
        if self.texts and self.book.shared_strings:
            used: set[int] = set().union(*(one.used for one in self.sheets))
            if self.secrets:
                self._put(self.book.shared_strings, self.texts.masked(used, self.secrets.masked))
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
            gone |= _outside.parts_to_clean(names)
            for part in (self.book.part, *(one.sheet.part for one in self.sheets)):
                self._put(part, _parts.without_references(self._read(part)))
        self.removed |= gone
        for part, content in _parts.left_out(gone, names, self._read).items():
            self._put(part, content)
        types = self.book.package.find("[Content_Types].xml")
        if self.terms.clean and types:
            self._put(types, _outside.without_macro_type(self._read(types)))
