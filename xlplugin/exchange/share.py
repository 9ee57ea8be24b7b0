"""A workbook made into a copy that can be mailed: values in place of formulas, and nobody given away."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.exchange._cells import filled_cells
from xlplugin.exchange._copy import Copy
from xlplugin.exchange._locked import locked
from xlplugin.exchange._proof import Excused, prove
from xlplugin.exchange._texts import SharedTexts
from xlplugin.exchange.forms._back import back
from xlplugin.exchange.forms._native import native
from xlplugin.exchange.forms._opened import Opened
from xlplugin.exchange.forms._respell import CALLED, as_lite, as_plain_calls, language_of, without_lite
from xlplugin.hosts._book import split_ref
from xlplugin.hosts._memory import no_collection
from xlplugin.hosts._package import write_beside
from xlplugin.hosts._sheet_xml import SheetXml, cell_name
from xlplugin.hosts._spelled_out import spelled_out, with_tables
from xlplugin.hosts.places import open_book
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.hosts._book import Book
    from xlplugin.hosts._package import Package
    from xlplugin.hosts._values import Value

__all__ = ["FORMS", "Report", "Terms", "check", "share", "value_at", "was_calculated_without_us"]

# Programs also write these elements for books that aren't protected.
_PROTECTED = re.compile(
    rb"""<(?:[\w.-]+:)?(?:workbookProtection\b[^>]*\block(?:Structure|Windows|Revision)|sheetProtection\b[^>]*\ssheet)"""
    rb"""\s*=\s*["'](?:1|true)"""
)

_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_SMALL = re.compile(rb"\bxlp_[a-z]")
# A call of ours that came to an error, also one that shares the formula of another cell.
_FAILED = re.compile(
    rb"""<(?:[\w.-]+:)?c\b[^>]*\st\s*=\s*["']e["'][^>]*>\s*<(?:[\w.-]+:)?f(?:\s[^>]*/>|[^>]*>[^<]*XLP_)"""
)

FORMS = ("values", "native", "excel", "lite")
"""Forms a copy can have."""


@dataclass(frozen=True)
class Terms:
    """How a copy is to be made.

    Args:
        mask: whether people's data are masked.
        consultant: the consultant whose rows stay; all rows where it is None.
        clean: whether macros, links to outside and embedded objects are left out.
        password: what opens the copy; None for a file that anybody opens.
        form: one of `FORMS`: values, plain formulas, or the calls as Excel or xlwings Lite spells them.
    """

    mask: bool = True
    consultant: str | None = None
    clean: bool = False
    password: str | None = None
    form: str = "values"


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
        form: the form of the copy.
        frozen: by sheet and header, formulas of a live copy that became values because they hang on masked cells.
        live: calls of our functions that calculate in the copy.
        valued: by sheet and header, the cells whose calls can't be put in plain formulas and became values.
        restored: formulas put back from a copy in plain formulas.
        left: by sheet, formulas of such a copy that somebody has changed and that stay as they are.
        signs: whether signs stand for people, equal ones for equal people.
        lacking: by sheet and header, the table without which its plain formulas stay.
    """

    values: int
    masked: int
    dropped: int
    guessed: dict[tuple[str, str], int] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    cleaned: bool = False
    form: str = "values"
    frozen: dict[tuple[str, str], int] = field(default_factory=dict)
    live: int = 0
    valued: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    restored: int = 0
    left: dict[str, list[str]] = field(default_factory=dict)
    signs: bool = False
    lacking: dict[tuple[str, str], str] = field(default_factory=dict)

    def sentences(self, lang: str) -> Iterator[str]:
        """The report in words, Chinese for `zh`, English otherwise."""
        if self.form == "values":
            yield say(lang, "share.values", count=self.values)
        else:
            yield from self._formulas(lang)
        if self.masked:
            yield say(lang, "share.masked_alike" if self.signs else "share.masked", count=self.masked)
        if self.dropped:
            yield say(lang, "share.dropped", count=self.dropped)
            if self.values:
                yield say(lang, "share.whole_office")
        for (sheet, header), count in self.guessed.items():
            yield say(lang, "share.guessed", sheet=sheet, header=header, count=count)
        for kind, places in self.outside.items():
            yield say(lang, f"share.outside.{kind}", count=len(places), places=", ".join(places[:5]))
        if self.outside and self.cleaned:
            yield say(lang, "share.cleaned")

    def _formulas(self, lang: str) -> Iterator[str]:
        if self.restored:
            yield say(lang, "share.restored", count=self.restored)
        for sheet, cells in self.left.items():
            yield say(lang, "share.left", sheet=sheet, count=len(cells), cells=_some(cells))
        for (sheet, header), table in self.lacking.items():
            yield say(lang, "share.lacking", sheet=sheet, header=header, table=table)
        yield say(lang, f"share.live.{self.form if self.live else 'none'}", count=self.live)
        for (sheet, header), cells in self.valued.items():
            yield say(lang, "share.valued", sheet=sheet, header=header, count=len(cells), cells=_some(cells))
        for (sheet, header), count in self.frozen.items():
            yield say(lang, "share.frozen", sheet=sheet, header=header, count=count)


_NOTHING = Report(0, 0, 0)


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
    closed = [name for name, content in _contents(book) if _PROTECTED.search(content)]
    if closed:
        raise XlpError("share_protected", path=source, sheets=", ".join(closed))
    if _PROTECTED.search(book.package.read(book.part)):
        raise XlpError("share_protected_book", path=source)
    if book.recalculates_on_load and any(
        one.part and _FORMULA.search(book.package.read(one.part)) for one in book.sheets
    ):
        raise XlpError("share_not_calculated", path=source)
    return book


def was_calculated_without_us(book: Book) -> bool:
    """Whether a program that lacks our functions has calculated some of their cells.

    Such a cell holds an error, or an empty text where the formula hides errors; LibreOffice then spells the names in
    small letters.
    """
    called = (content for _, content in _contents(book) if CALLED.search(content))
    return any(_SMALL.search(content) or _FAILED.search(content) for content in called)


def _contents(book: Book) -> Iterator[tuple[str, bytes]]:
    return ((sheet.name, book.package.read(sheet.part)) for sheet in book.sheets if sheet.part)


def share(source: Path, target: Path, terms: Terms, told_as: Path | None = None) -> Report:
    """What the copy at `target` is; the workbook itself is not touched.

    Args:
        source: the workbook.
        target: where the copy goes.
        terms: how it is made.
        told_as: what messages call the workbook, where `source` is a spare of it.

    Raises:
        XlpError: no copy can be made or written, or it would give somebody away; nothing is written then.
    """
    if terms.form not in FORMS:
        raise XlpError("share_form", found=terms.form, allowed=", ".join(FORMS))
    package = check(Path(source)).package
    package.path = told_as or package.path
    with no_collection():
        data, report = _made(package, terms)
    if terms.password is not None:
        data = locked(data, terms.password)
    with write_beside(Path(target), like=package.path) as out:
        out.write(data)
    return report


def _made(package: Package, terms: Terms) -> tuple[bytes, Report]:
    """The copy's bytes, searched for what must not be in it, and what the copy is."""
    opened, told = _plainly(package, terms.form)
    copy = Copy(opened, terms)
    live, valued, made = _in_form(copy.make(), terms.form)
    report = _report(copy, terms, replace(told, live=live or copy.live, valued=valued))
    data = _packed(made if terms.form == "values" else spelled_out(made))
    added = set(made.names) - set(package.names)
    left = {one.sheet.part: {cell_name(*place) for place in one.left} for one in copy.sheets if one.left}
    prove(data, copy.secrets, package.path, Excused(left, added))
    return data, report


def _plainly(package: Package, form: str) -> tuple[Opened, Report]:
    """The workbook with plain calls, and what is to be told of its way back from a copy in plain formulas."""
    if form == "values":
        return Opened(package), _NOTHING
    package = with_tables(package)
    opened = Opened(package)
    found = back(opened)
    if found.package is not package:
        opened = Opened(found.package)
    plain = as_plain_calls(opened)
    plain = plain if form == "lite" else without_lite(plain)
    opened = opened if plain is opened.package else Opened(plain)
    return opened, replace(_NOTHING, restored=found.restored, left=found.left, lacking=found.lacking)


def _in_form(package: Package, form: str) -> tuple[int, dict[tuple[str, str], list[str]], Package]:
    """How many calls calculate in plain formulas, the cells that became values, and the workbook in its form."""
    if form == "native":
        made = native(Opened(package))
        return made.live, dict(made.values), made.package
    if form == "lite":
        opened = Opened(package)
        return 0, {}, as_lite(opened, language_of(opened))
    return 0, {}, package


def _report(copy: Copy, terms: Terms, told: Report) -> Report:
    guessed = {(one.sheet.name, header): count for one in copy.sheets for header, count in one.guessed.items()}
    return replace(
        told,
        values=copy.values,
        masked=sum(len(one.changed) for one in copy.sheets),
        dropped=sum(len(one.dropped) for one in copy.sheets),
        guessed=guessed,
        outside=copy.outside,
        cleaned=terms.clean,
        form=terms.form,
        signs=terms.mask and terms.form != "values",
        frozen=copy.frozen if terms.form != "values" else {},
    )


def _packed(package: Package) -> bytes:
    """The copy as a file."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "copy"
            package.write(path, {})
            return path.read_bytes()
    except OSError as cause:
        raise XlpError("cannot_write", path=cause.filename, found=cause) from cause


def _some(cells: Sequence[str]) -> str:
    return ", ".join(cells[:5]) + ("…" if len(cells) > 5 else "")


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
