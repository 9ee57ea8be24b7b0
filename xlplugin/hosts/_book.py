"""What a workbook package says about itself: sheets, tables, names, date system, how it wants to be calculated."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts._package import Package

__all__ = ["Book", "Name", "Sheet", "Table", "column_letters", "column_number", "split_ref"]

_CALC_ID = b"191029"  # a program of that age or older does not recalculate on load and keeps our values
_CALC_PR = re.compile(rb"<((?:\w+:)?)calcPr\b([^>]*?)(/?)>")
_BEFORE_CALC_PR = re.compile(rb"</((?:\w+:)?)(?:sheets|functionGroups|externalReferences|definedNames)>")
_FORCING = re.compile(rb"""\s+(?:fullCalcOnLoad|forceFullCalc|calcId)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True)
class Table:
    """A table on a sheet: where it lies and what its columns are called.

    Args:
        first_row: its first row, the header's if it has one (1-based); the other bounds likewise.
        columns: column name, folded to lower case, to its place from 0.
        part: its own part in the package.
        headers: the columns' names as they are spelled, in order.
    """

    name: str
    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int
    header_rows: int
    totals_rows: int
    columns: dict[str, int]
    part: str = field(default="", compare=False)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet in the book's order; `kind` is `worksheet` for those with cells."""

    name: str
    part: str
    kind: str
    state: str
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Name:
    """A defined name; `scope` is the place of its sheet in the book, None for the whole book."""

    name: str
    text: str
    scope: int | None


@dataclass
class Book:
    """A workbook package understood.

    Raises:
        XlpError: the package holds no workbook, or a part of it can't be read.
    """

    package: Package
    part: str = field(init=False)
    _root: ET.Element = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.part = self._workbook_part()
        self._root = self._parse(self.part)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets in order, hidden ones and chart sheets too."""
        targets = {key: (kind, part) for key, kind, part in self._relations(self.part)}
        found = []
        for entry in self._root.iterfind("{*}sheets/{*}sheet"):
            key = next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
            kind, part = targets.get(key, ("", ""))
            name, state = entry.get("name", ""), entry.get("state", "visible")
            tables = tuple(self._tables(name, part)) if kind == "worksheet" else ()
            found.append(Sheet(name, part, kind, state, tables))
        if not any(sheet.kind == "worksheet" for sheet in found):
            raise XlpError("not_a_workbook", path=self.package.path, found="0 worksheets")
        return tuple(found)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The defined names with their formulas."""
        found = []
        for entry in self._root.iterfind("{*}definedNames/{*}definedName"):
            scope = entry.get("localSheetId", "")
            found.append(Name(entry.get("name", ""), entry.text or "", int(scope) if scope.isdecimal() else None))
        return tuple(found)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by their name in lower case."""
        return {table.name.casefold(): table for sheet in self.sheets for table in sheet.tables}

    @cached_property
    def date1904(self) -> bool:
        """Whether day 0 is 1904-01-01 instead of 1899-12-30."""
        return _is_on(self._root.find("{*}workbookPr"), "date1904")

    @cached_property
    def recalculates_on_load(self) -> bool:
        """Whether the last program left its values as not to be relied on."""
        return _is_on(self._root.find("{*}calcPr"), "fullCalcOnLoad")

    @cached_property
    def is_signed(self) -> bool:
        """Whether the package carries a digital signature, which any change breaks."""
        return any(part.casefold().startswith("_xmlsignatures/") for part in self.package.names)

    @cached_property
    def shared_strings(self) -> str | None:
        """The part with the shared texts, if there is one."""
        return next((part for _, kind, part in self._relations(self.part) if kind == "sharedStrings"), None)

    @cached_property
    def calc_chain(self) -> str | None:
        """The part that lists the formula cells, if there is one."""
        return next((part for _, kind, part in self._relations(self.part) if kind == "calcChain"), None)

    def calculated(self) -> bytes:
        """The workbook part saying that values are up to date: no recalculation on load."""
        content = self.package.read(self.part)
        setting = b'calcPr calcId="' + _CALC_ID + b'"'
        hit = _CALC_PR.search(content)
        if hit:
            kept = _FORCING.sub(b"", hit[2]).rstrip()
            return b"".join([content[: hit.start()], b"<", hit[1], setting, kept, hit[3], b">", content[hit.end() :]])
        before = list(_BEFORE_CALC_PR.finditer(content))
        if not before:
            return content
        at = before[-1].end()
        return b"".join([content[:at], b"<", before[-1][1], setting, b"/>", content[at:]])

    def without_calc_chain(self) -> tuple[dict[str, bytes], set[str]]:
        """The parts to change and to remove so that no list of formula cells remains."""
        chain = self.calc_chain
        if chain is None:
            return {}, set()
        relations = _relations_part(self.part)
        target = re.escape(posixpath.basename(chain).encode())
        rel = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*?" + target + rb"[^>]*?(?:/>|>\s*</(?:\w+:)?Relationship>)")
        kind = re.compile(rb"<(?:\w+:)?Override\b[^>]*?" + target + rb"[^>]*?(?:/>|>\s*</(?:\w+:)?Override>)")
        changed = {}
        for part, pattern in ((relations, rel), ("[Content_Types].xml", kind)):
            name = self.package.find(part)
            if name is not None:
                changed[name] = pattern.sub(b"", self.package.read(name))
        return changed, {chain}

    def _workbook_part(self) -> str:
        for _, kind, part in self._relations(""):
            if kind == "officeDocument" and part:
                if part.casefold().endswith(".bin"):
                    raise XlpError("not_a_workbook", path=self.package.path, found=".xlsb")
                return part
        raise XlpError("not_a_workbook", path=self.package.path, found="zip")

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        source = self.package.find(_relations_part(part))
        if source is None:
            return
        for entry in self._parse(source):
            if entry.get("TargetMode") == "External":
                continue
            path = posixpath.join("/", posixpath.dirname(part), entry.get("Target", "").replace("\\", "/"))
            target = self.package.find(posixpath.normpath(path).lstrip("/"))
            kind = entry.get("Type", "").rpartition("/")[2]
            yield entry.get("Id", ""), kind, target or ""

    def _tables(self, sheet: str, part: str) -> Iterator[Table]:
        for _, kind, target in self._relations(part):
            if kind == "table" and target:
                try:
                    yield _table(self._parse(target), sheet, target)
                except ValueError as cause:
                    raise XlpError("truncated", path=self.package.path, found=f"{target}: {cause}") from cause

    def _parse(self, part: str) -> ET.Element:
        content = self.package.read(part)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:  # entities can swell without limit
            raise XlpError("truncated", path=self.package.path, found=f"{part}: DOCTYPE")
        try:
            return ET.fromstring(content)  # noqa: S314 - no DOCTYPE, size bounded above
        except ET.ParseError as cause:
            raise XlpError("truncated", path=self.package.path, found=f"{part}: {cause}") from cause


def column_number(letters: str) -> int:
    """The place of a column from 1, e.g. 28 for `AB`."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column counted from 1, e.g. `AB` for 28."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def split_ref(ref: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of `A1` or `A1:C9`, with or without dollars.

    Raises:
        ValueError: it is no such reference.
    """
    first, _, last = ref.partition(":")
    hits = [_REF.fullmatch(end) for end in (first, last or first)]
    if not hits[0] or not hits[1]:
        raise ValueError(ref)
    (column, row), (column_2, row_2) = hits[0].groups(), hits[1].groups()
    rows, columns = sorted((int(row), int(row_2))), sorted((column_number(column), column_number(column_2)))
    return rows[0], columns[0], rows[1], columns[1]


def _table(root: ET.Element, sheet: str, part: str) -> Table:
    first_row, first_column, last_row, last_column = split_ref(root.get("ref", ""))
    headers = tuple(
        _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), entry.get("name", ""))
        for entry in root.iterfind("{*}tableColumns/{*}tableColumn")
    )
    return Table(
        name=root.get("displayName") or root.get("name") or "",
        sheet=sheet,
        first_row=first_row,
        first_column=first_column,
        last_row=last_row,
        last_column=last_column,
        header_rows=int(root.get("headerRowCount", "1")),
        totals_rows=int(root.get("totalsRowCount", "0")),
        columns={header.casefold(): place for place, header in enumerate(headers)},
        part=part,
        headers=headers,
    )


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _is_on(element: ET.Element | None, attribute: str) -> bool:
    return element is not None and element.get(attribute, "0") in ("1", "true")
