"""Which formulas of a masked copy may go on calculating: those that come to the same from the masked cells."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.hosts._book import column_number
from xlplugin.hosts._references import Respeller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlplugin.exchange._secrets import Secrets
    from xlplugin.exchange._sheet import SharedSheet
    from xlplugin.hosts._book import Book
    from xlplugin.hosts._values import Value

__all__ = ["freeze"]

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>(?:'(?:[^']|'')+'|(?<![\w.:])[^\W\d][\w.]*)!)?(?<![\w.])(?:
        \$?(?P<left>[A-Z]{1,3})(?P<fixed>\$?)(?P<top>\d{1,7})(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?
        |\$?(?P<first>[A-Z]{1,3}):\$?(?P<last>[A-Z]{1,3})
        |\$?(?P<low>\d{1,7}):\$?(?P<high>\d{1,7}))(?![\w.(!])
    |(?P<call>[^\W\d][\w.]*)\s*\(
    |(?P<name>[^\W\d][\w.\\]*)
    |(?P<open>\[)""",
    re.VERBOSE,
)
_BLANK = re.compile(r'\s*(?:=|<>)\s*""(?!")')
_ANYWHERE = frozenset(("INDIRECT", "OFFSET", "CELL"))
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_SAME_KINDS = frozenset(("name", "phone", "free"))


class _Area(NamedTuple):
    """Cells a formula reads.

    Args:
        own_row: whether they are those of the formula's row in a table.
        asked: whether it only asks if they are blank, which masked cells are not.
    """

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    own_row: bool
    asked: bool


class _Changed:
    """Cells that are going to show something else, found by area."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, sheet: str, row: int, column: int) -> None:
        """Takes a cell in."""
        self._rows[sheet.casefold()][column].append(row)

    def ready(self) -> None:
        """To be called once every cell is in."""
        for columns in self._rows.values():
            for rows in columns.values():
                rows.sort()

    def meets(self, area: _Area) -> bool:
        """Whether an area has such a cell."""
        columns = self._rows.get(area.sheet.casefold(), {})
        for column, rows in columns.items():
            if area.left <= column <= area.right:
                at = bisect_left(rows, area.top)
                if at < len(rows) and rows[at] <= area.bottom:
                    return True
        return False


def freeze(sheets: Sequence[SharedSheet], book: Book, secrets: Secrets, trusted: Callable[[str], bool]) -> None:
    """Marks on each sheet the formulas that must become values.

    Args:
        sheets: the sheets, on which it is decided what every cell is to show.
        book: the workbook.
        secrets: what must not be seen.
        trusted: whether a formula, as the file spells it, is one of ours: those come to the same from names, phones
            and free texts that are masked one to one.
    """
    changed, other = _Changed(), _Changed()
    shown: dict[str, dict[tuple[int, int], Value]] = {}
    for one in sheets:
        news = shown[one.sheet.name] = {}
        for cell, new in one.news():
            news[cell.row, cell.column] = new
            changed.add(one.sheet.name, cell.row, cell.column)
            if not _keeps_results(one, cell.row, cell.column, cell.value, new):
                other.add(one.sheet.name, cell.row, cell.column)
    changed.ready()
    other.ready()
    for one in sheets:
        one.frozen = (
            set(_frozen(one, book, secrets, trusted, shown[one.sheet.name], changed, other)) if changed else set()
        )


def _keeps_results(one: SharedSheet, row: int, column: int, old: Value, new: Value) -> bool:
    """Whether formulas of ours make the same of the new value: it stands one to one for the old."""
    if not isinstance(new, str) or not new or old in (None, "") or (row, column) in one.gone:
        return False
    return isinstance(old, str) or one.kinds.get((row, column)) in _SAME_KINDS


def _frozen(
    one: SharedSheet, book: Book, secrets: Secrets, trusted: Callable[[str], bool],
    shown: Mapping[tuple[int, int], Value], changed: _Changed, other: _Changed,
) -> Iterator[tuple[int, int]]:  # fmt: skip
    known: dict[bytes, tuple[bool, bool]] = {}
    reader = _Reader(one.sheet.name, book)
    for formula in one.xml.formulas:
        place = formula.row, formula.column
        if formula.raw not in known:
            is_trusted = trusted(formula.text)
            known[formula.raw] = is_trusted, bool(secrets.left_in(formula.text, spelled=is_trusted))
        is_ours, tells = known[formula.raw]
        if tells or place in one.gone:
            yield place
            continue
        if is_ours and (place not in shown or _is_key(secrets, one, place)) and not other:
            continue
        if place in shown and not (is_ours and _is_key(secrets, one, place)):
            yield place
            continue
        areas = reader.areas(formula.raw, formula.row, formula.column)
        if areas is None or any((other if is_ours or area.asked else changed).meets(area) for area in areas):
            yield place


def _is_key(secrets: Secrets, one: SharedSheet, place: tuple[int, int]) -> bool:
    value = one.rows[place[0]][place[1]].value
    return secrets.pseudonyms is not None and isinstance(value, str) and secrets.pseudonyms.key(value) is not None


class _Reader:
    """Tells what the formulas of a sheet read; a text that recurs in a table is looked at once."""

    def __init__(self, sheet: str, book: Book) -> None:
        self._sheet, self._book = sheet, book
        self._respeller = Respeller(sheet, book.tables)
        self._names = {name.name.casefold(): name.text for name in book.names}
        self._known: dict[bytes, tuple[_Area, ...] | None] = {}

    def areas(self, raw: bytes, row: int, column: int) -> list[_Area] | None:
        """The areas a formula reads; None where that can't be told from its text."""
        if raw not in self._known:
            own = unescape(raw.decode())
            found = self._read(unescape(self._respeller.respell(raw, row, column).decode()), row, own)
            self._known[raw] = None if found is None else tuple(found)
        known = self._known[raw]
        return (
            None if known is None else [area._replace(top=row, bottom=row) if area.own_row else area for area in known]
        )

    def _read(self, text: str, row: int, own: str, depth: int = 0) -> list[_Area] | None:
        found: list[_Area] = []
        for hit in _TOKEN.finditer(text):
            if hit["open"] or (hit["call"] or "").upper() in _ANYWHERE:
                return None
            if hit["name"] and hit["name"].casefold() in self._names and depth < 3:
                more = self._read(self._names[hit["name"].casefold()], row, "", depth + 1)
                if more is None:
                    return None
                found += more
            elif hit["left"] or hit["first"] or hit["low"]:
                found.append(self._area(hit, row, own))
        return found

    def _area(self, hit: re.Match[str], row: int, own: str) -> _Area:
        sheet = (hit["sheet"] or "")[:-1]
        sheet = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet or self._sheet
        if hit["low"]:
            return _Area(sheet, int(hit["low"]), 1, int(hit["high"]), _LAST_COLUMN, False, False)
        if hit["first"]:
            return _Area(sheet, 1, column_number(hit["first"]), _LAST_ROW, column_number(hit["last"]), False, False)
        top, bottom = int(hit["top"]), int(hit["bottom"] or hit["top"])
        left, right = column_number(hit["left"]), column_number(hit["right"] or hit["left"])
        own_row = "#This Row" in own and not hit["fixed"] and top == bottom == row and hit[0] not in own
        asked = _BLANK.match(hit.string, hit.end()) is not None
        return _Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right), own_row, asked)
