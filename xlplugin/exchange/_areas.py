"""Where on a sheet people's data stand: under the headers of tables and of plain lists, and beside labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xlplugin.exchange._masks import MASKED, digits_of, shown
from xlplugin.exchange.labels import kind_of
from xlplugin.workbooks.spelling import HOLIDAYS_TABLE, RULES_TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlplugin.exchange._cells import Filled
    from xlplugin.hosts._book import Table

__all__ = ["Area", "Areas"]

_OWN_TABLES = {RULES_TABLE.casefold(), HOLIDAYS_TABLE.casefold(), "tblpolicy"}  # in these there are no people
_LAST_ROW = 1 << 20
Rows = "Mapping[int, Mapping[int, Filled]]"


@dataclass
class Area:
    """Rows under one header.

    Args:
        header: the header's row; `first` and `last` are those of its data.
        kinds: what each column holds, where that matters.
        left: its first column; `right` its last.
        is_table: whether it is a table of the workbook.
    """

    header: int
    first: int
    last: int
    kinds: dict[int, str]
    left: int
    right: int
    is_table: bool

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell stands in the data."""
        return self.first <= row <= self.last and self.left <= column <= self.right

    def is_caption(self, row: int, column: int) -> bool:
        """Whether a cell stands right above the header, where groups of columns are named."""
        return row == self.header - 1 and self.left <= column <= self.right


@dataclass
class Areas:
    """The areas of one sheet, and single cells beside labels.

    Args:
        rows: the sheet's filled cells by row and column.
        tables: the sheet's tables.
    """

    rows: Mapping[int, Mapping[int, Filled]]
    tables: Sequence[Table]
    found: list[Area] = field(init=False, default_factory=list)
    single: dict[tuple[int, int], str] = field(init=False, default_factory=dict)
    headers: set[tuple[int, int]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for table in self.tables:
            self._table(table)
        self._lists()

    def kind_at(self, row: int, column: int) -> str:
        """What a cell holds, empty where that is not known."""
        if (row, column) in self.headers:
            return ""
        for area in self.found:
            if area.holds(row, column):
                return area.kinds.get(column, "")
        return self.single.get((row, column), "")

    def header_of(self, row: int, column: int) -> str:
        """The header a cell stands under, as far as there is one."""
        for area in self.found:
            if area.holds(row, column):
                cell = self.rows.get(area.header, {}).get(column)
                return str(cell.value) if cell else ""
        return ""

    def _table(self, table: Table) -> None:
        columns = {table.first_column + place: header for header, place in table.columns.items()}
        is_own = table.name.casefold() in _OWN_TABLES
        kinds = {} if is_own else {column: kind for column, header in columns.items() if (kind := kind_of(header))}
        header = table.first_row if table.header_rows else 0
        below = [
            other.first_row
            for other in self.tables
            if other.first_row > table.last_row and other.first_column <= table.last_column
        ]
        last = table.last_row if is_own else min(below, default=_LAST_ROW + 2) - 2
        self.headers |= {(header, column) for column in columns}
        first = table.first_row + table.header_rows
        self.found.append(Area(header, first, max(last, table.last_row), kinds, min(columns), max(columns), True))

    def _lists(self) -> None:
        labels = {row: found for row, cells in self.rows.items() if (found := self._labels(row, cells))}
        down = Counter(column for found in labels.values() for column in found)
        current: Area | None = None
        for row, found in sorted(labels.items()):
            if self._is_header(row, found, down) and (current is None or self._is_another(row, found)):
                current = self._start(row, found, current)
            elif current is None:
                self._beside(row, found, down)

    def _labels(self, row: int, cells: Mapping[int, Filled]) -> dict[int, str]:
        return {
            column: kind
            for column, cell in cells.items()
            if isinstance(cell.value, str) and (kind := kind_of(cell.value)) and not self._in_table(row, column)
        }

    def _in_table(self, row: int, column: int) -> bool:
        if (row, column) in self.headers:
            return True
        tables = (area for area in self.found if area.is_table)
        return any(area.holds(row, column) or area.is_caption(row, column) for area in tables)

    def _is_header(self, row: int, labels: Mapping[int, str], down: Mapping[int, int]) -> bool:
        """Whether what several labels name stands below them, and not on their right as in a form."""
        if len(labels) < 2:
            return False
        if any(column + 1 in labels for column in labels):
            return True
        for column in (column for column, kind in labels.items() if kind == "phone"):
            if self._is_number(row, column + 1):
                return False
            if any(self._is_number(row + below, column) for below in (1, 2, 3)):
                return True
        under = self.rows.get(row + 1, {})
        filled = any(column in under and not kind_of(under[column].value) for column in labels)
        return filled and any(down[column] == 1 for column in labels)

    def _is_another(self, row: int, labels: Mapping[int, str]) -> bool:
        """Whether a row below a header is one more header, and not data that happen to hold such a word."""
        cells = self.rows[row]
        known = sum(kind_of(cells[column].value, whole=True) != "" for column in labels)
        return known > 1 and known * 3 >= len(cells)

    def _is_number(self, row: int, column: int) -> bool:
        cell = self.rows.get(row, {}).get(column)
        return cell is not None and len(digits_of(shown(cell.value))) > 6

    def _start(self, row: int, labels: dict[int, str], current: Area | None) -> Area:
        columns = [column for column in self.rows[row] if not self._in_table(row, column)]
        kinds = dict(labels)
        if current is not None:
            current.last = row - 1
            follows = row - 1 in self.rows  # without a gap it may be data
            rest = {column: kind for column, kind in current.kinds.items() if follows and column not in labels}
            if len(labels) * 2 < len(columns):  # it may be a row of data that happens to hold such words
                kinds = rest | labels
            self.single |= {(row, column): kind for column, kind in rest.items()}
            columns = [column for column in columns if column not in rest]
        self.headers |= {(row, column) for column in columns}
        columns += list(kinds)
        area = Area(row, row + 1, _LAST_ROW, kinds, min(columns), max(columns), False)
        self.found.append(area)
        return area

    def _beside(self, row: int, labels: Mapping[int, str], down: Mapping[int, int]) -> None:
        """Labels of a form, whose values stand on their right; where that isn't sure they may also head a column."""
        is_form = any(kind == "phone" and self._is_number(row, column + 1) for column, kind in labels.items())
        for column, kind in labels.items():
            self.headers.add((row, column))
            self.single.setdefault((row, column + 1), kind)
            if (is_form or down[column] > 1) and column + 1 in self.rows[row]:
                continue
            for below in self.rows:
                if below > row and not self._in_table(below, column):
                    self.single.setdefault((below, column), kind)

    def people(self) -> list[Area]:
        """The areas with columns that are masked."""
        return [area for area in self.found if set(area.kinds.values()) & set(MASKED)]
