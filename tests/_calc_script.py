"""Runs in LibreOffice's own Python: does with a real Calc what a test asks, order by order, as lines of JSON."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

sys.path.insert(0, sys.argv[1])  # the folder of the script that installs; it knows how to start a LibreOffice

import uno
from _manager import Running  # type: ignore[import-not-found] # found by the line above
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found] # UNO makes modules of its types
from com.sun.star.table.CellContentType import EMPTY, FORMULA, TEXT  # type: ignore[import-not-found] # as above

_NUMBER, _TEXT, _ERROR = 1, 2, 4  # com.sun.star.sheet.FormulaResult
_FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "pdf": "calc_pdf_Export"}


class Session:
    """One Calc and the books open in it, by number."""

    def __init__(self, starter: str, profile: str) -> None:
        self.running = Running(starter, profile)
        self.desktop = self.running.make("com.sun.star.frame.Desktop")
        self.books: dict[int, Any] = {}

    def open(self, path: str, *, seen: bool = False) -> int:
        """A book opened; only one that is seen can be typed into."""
        book = self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, _options(Hidden=not seen))
        number = len(self.books)
        self.books[number] = book
        return number

    def type(self, book: int, sheet: str, cells: list[list[str]]) -> None:
        """Texts typed into cells as a person does, so that Calc decides what they are."""
        controller = self.books[book].CurrentController
        controller.setActiveSheet(self.books[book].Sheets.getByName(sheet))
        dispatcher = self.running.make("com.sun.star.frame.DispatchHelper")
        for place, text in cells:
            dispatcher.executeDispatch(controller.Frame, ".uno:GoToCell", "", 0, _options(ToPoint=place))
            dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, _options(StringName=text))

    def values(self, book: int, areas: list[list[str]]) -> list[list[list[object]]]:
        """What the cells of each area hold: text, number, or an error as `{"error": …}`."""
        return [
            [[_value(area.getCellByPosition(c, r)) for c in range(_width(area))] for r in range(_height(area))]
            for area in (self._area(book, *where) for where in areas)
        ]

    def read(self, book: int, sheet: str, area: str) -> list[list[object]]:
        """What the cells of a large area hold, as `values` tells it, read in one go."""
        return _read(self._area(book, sheet, area))

    def copy(self, book: int, source: list[str], target: list[str]) -> None:
        """What stands in an area of one sheet put into another from a cell on, blanks and all."""
        sheets = self.books[book].Sheets
        to = sheets.getByName(target[0]).getCellRangeByName(target[1]).CellAddress
        sheets.getByName(target[0]).copyRange(to, self._area(book, *source).RangeAddress)

    def shown(self, book: int, sheet: str, area: str) -> list[list[str]]:
        """What a person sees in the cells of an area."""
        found = self._area(book, sheet, area)
        return [[found.getCellByPosition(c, r).String for c in range(_width(found))] for r in range(_height(found))]

    def formula(self, book: int, sheet: str, cell: str) -> str:
        """A cell's formula as the formula bar shows it."""
        return str(self._area(book, sheet, cell).getCellByPosition(0, 0).FormulaLocal)

    def sheets(self, book: int) -> dict[str, list[list[object]]]:
        """Everything each sheet shows from its first cell to its last used one, read in one go."""
        return {sheet.Name: _rows(sheet) for sheet in self.books[book].Sheets}

    def put(self, book: int, sheet: str, cell: str, formula: str) -> None:
        """A formula as it is typed, put in without the keyboard."""
        self._area(book, sheet, cell).getCellByPosition(0, 0).FormulaLocal = formula

    def calculate(self, book: int) -> float:
        """Seconds that calculating everything anew took."""
        start = time.perf_counter()
        self.books[book].calculateAll()
        return time.perf_counter() - start

    def save(self, book: int, path: str) -> None:
        """A copy written in the format its name says."""
        kind = _FILTERS[path.rpartition(".")[2]]
        self.books[book].storeToURL(uno.systemPathToFileUrl(path), _options(FilterName=kind))

    def close(self, book: int) -> None:
        """The book closed without saving."""
        self.books[book].close(True)

    def described(self, service: str) -> list[list[str]]:
        """Name, description and arguments of each add-in function, as the function wizard shows them."""
        listed = self.running.make("com.sun.star.sheet.FunctionDescriptions")
        found = []
        for number in range(listed.Count):
            facts = {entry.Name: entry.Value for entry in listed.getByIndex(number)}
            if facts["Name"].startswith(service):
                words = [f"{arg.Name}: {arg.Description}" for arg in facts["Arguments"]]
                found.append([facts["Name"], facts["Description"], *words])
        return found

    def _area(self, book: int, sheet: str, area: str) -> Any:
        return self.books[book].Sheets.getByName(sheet).getCellRangeByName(area)


def _rows(sheet: Any) -> list[list[object]]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    return _read(sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow))


def _read(area: Any) -> list[list[object]]:
    start = area.RangeAddress
    rows = [list(row) for row in area.getDataArray()]
    for wrong in area.queryFormulaCells(_ERROR).RangeAddresses:
        for row in range(wrong.StartRow - start.StartRow, wrong.EndRow - start.StartRow + 1):
            for column in range(wrong.StartColumn - start.StartColumn, wrong.EndColumn - start.StartColumn + 1):
                rows[row][column] = {"error": area.getCellByPosition(column, row).String}
    return rows


def _options(**options: object) -> tuple[Any, ...]:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in options.items())


def _width(area: Any) -> int:
    return int(area.Columns.Count)


def _height(area: Any) -> int:
    return int(area.Rows.Count)


def _value(cell: Any) -> object:
    if cell.getError():
        return {"error": cell.String}
    is_text = cell.Type in (TEXT, EMPTY) or (cell.Type == FORMULA and cell.FormulaResultType2 == _TEXT)
    return cell.String if is_text else cell.Value


def _main() -> None:
    session = Session(*sys.argv[2:4])
    try:
        for line in sys.stdin:
            what, *given = json.loads(line)
            try:
                report = {"done": getattr(session, what)(*given[0], **given[1])}
            except Exception as error:  # noqa: BLE001 - the test says what it was
                report = {"failed": f"{type(error).__name__}: {error}"}
            print(json.dumps(report), flush=True)  # noqa: T201 - that is how it answers
    finally:
        session.running.end()


if __name__ == "__main__":
    _main()
