"""The matrix itself: what counts as right, as a fault, as a gap, as not run; and that a broken copy turns it red."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from _books import changed_parts

from sharing.copies import FORMS, SHARED, copies
from sharing.model import ANYTHING, Copy, Fault, Gap, NotRun, Place, faults, is_excused
from sharing.page import rows_of_page
from sharing.readers._cells import cached, each
from sharing.readers.by_formualizer import _recalculated
from sharing.results import COLUMNS, NAMES, READERS, outcome
from sharing.templates import TEMPLATES, visitor_register
from xlplugin.decisions.chain import Chain
from xlplugin.errors import CellError
from xlplugin.hosts.places import open_book
from xlplugin.rulebook import load
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sharing.model import Sheets, Wanted
    from sharing.readers._cells import Shown

PLACE = Place("s", 1, 1)
MARCH_9 = date(2026, 3, 9)


def kinds(wanted: dict[Place, Wanted], computed: dict[Place, str], found: object) -> list[str]:
    copy = Copy("t/v/f", None, wanted, computed)  # type: ignore[arg-type] # no file is read
    return [fault.kind for fault in faults(copy, {"s": {(1, 1): found}})]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("A", "A"),
        (None, None),
        (None, ""),
        (None, float("nan")),
        (0, 0.0),
        (3, 3),
        (MARCH_9, MARCH_9),
        (MARCH_9, datetime(2026, 3, 9)),  # noqa: DTZ001 - a cell has no time zone
        (MARCH_9, "2026-03-09"),
        (ANYTHING, "来访2次"),
    ],
)
def test_right(wanted: Wanted, found: object) -> None:
    assert kinds({PLACE: wanted}, {}, found) == []


@pytest.mark.parametrize(
    ("wanted", "found", "kind"),
    [
        ("A", "", "blank"),
        ("A", None, "blank"),
        ("A", "B", "other"),
        ("A", 0, "zero"),
        ("3", 3.0, "other"),
        ("A", CellError("#NAME?"), "#NAME?"),
        ("A", "#NAME?", "#NAME?"),
        ("A", "Err:504", "Err:504"),
        ("A", 'IF(tbl[[#This Row],[x]]="","",1)', "formula"),
        ("A", CellError('#"IF(tbl[[#This Row],[x]]"'), "formula"),
        ("A", "nan", "nan"),
        (None, 0, "zero"),
        (None, "A", "other"),
        (None, " ", "other"),
        (0, "", "zero left out"),
        (1, "", "blank"),
        (1, True, "other"),
        (MARCH_9, "", "blank"),
        (MARCH_9, 0, "1900"),
        (MARCH_9, time(0, 0), "1900"),
        (MARCH_9, datetime(1899, 12, 31), "1900"),  # noqa: DTZ001 - a cell has no time zone
        (MARCH_9, "1899-12-30", "1900"),
        (MARCH_9, 46090.0, "serial"),
        (MARCH_9, 46090.5, "other"),
        (MARCH_9, datetime(2026, 3, 9, 12), "other"),  # noqa: DTZ001 - a cell has no time zone
        (MARCH_9, "2026/3/9", "other"),
        (MARCH_9, date(2026, 3, 10), "other"),
        (ANYTHING, "", "blank"),
        (ANYTHING, "  ", "other"),
        (ANYTHING, CellError("#NAME?"), "#NAME?"),
        (ANYTHING, 5, "other"),
    ],
)
def test_faults(wanted: Wanted, found: object, kind: str) -> None:
    assert kinds({PLACE: wanted}, {}, found) == [kind]


@pytest.mark.parametrize(
    ("shows", "found", "kind"),
    [
        ("text", "x", ""),
        ("text", "", ""),
        ("text", 0, "zero"),
        ("any", 0, ""),
        ("any", 46090, ""),
        ("date", 46090, ""),
        ("date", "", ""),
        ("date", 0, "1900"),
        ("date", 30, "1900"),
        ("any", CellError("#N/A"), "#N/A"),
        ("any", "Err:508", "Err:508"),
    ],
)
def test_other_computed_cells(shows: str, found: object, kind: str) -> None:
    assert kinds({}, {PLACE: shows}, found) == ([kind] if kind else [])


def test_a_missing_sheet_is_a_fault() -> None:
    copy = Copy("t/v/f", None, {PLACE: None}, {})  # type: ignore[arg-type] # no file is read
    assert [fault.kind for fault in faults(copy, {})] == ["no sheet"]


def test_a_gap_excuses_its_own_kinds_and_needs_a_fault() -> None:
    gap = Gap("why", frozenset(("blank",)))
    blank, other = (Fault(PLACE, kind, "A", "") for kind in ("blank", "other"))
    assert is_excused([blank], gap)
    assert not is_excused([blank, other], gap)
    assert not is_excused([], gap), "the gap has closed"


class Program:
    """A program made up for these tests."""

    COLUMNS = {"made-up": "made up"}  # noqa: RUF012 - as a reader's module has it

    def __init__(self, shown: Sheets | Exception | None, gaps: dict[str, dict[str, Gap]] | None = None) -> None:
        self.shown, self.GAPS = shown, gaps or {}

    def read(self, given: Sequence[Copy]) -> dict[str, Shown]:
        if self.shown is None:
            raise NotRun("there is none here")
        return {column: dict.fromkeys((copy.name for copy in given), self.shown) for column in self.COLUMNS}


@pytest.fixture
def programs() -> Iterator[Any]:
    def add(name: str, program: Program) -> str:
        READERS[name] = program  # type: ignore[assignment] # an instance, the real ones are modules
        COLUMNS[name] = name
        program.COLUMNS = {name: name}
        return name

    before = dict(READERS), dict(COLUMNS)
    yield add
    for table, entries in zip((READERS, COLUMNS), before, strict=True):
        table.clear()  # type: ignore[attr-defined] # both are dictionaries
        table.update(entries)  # type: ignore[attr-defined] # the same


def test_a_program_that_can_not_start_is_not_run_and_never_right(programs: Any) -> None:
    column = programs("none-1", Program(None))
    assert {outcome(column, name) for name in NAMES} == {"not run"}


def test_what_a_gap_does_not_name_has_failed(programs: Any) -> None:
    gaps = {"*": Gap("why", frozenset(("no sheet",)))}
    refused = programs("refused-1", Program(ValueError("not this one"), {"refused-1": gaps}))
    empty = programs("empty-1", Program({}, {"empty-1": gaps}))
    assert {outcome(refused, name) for name in NAMES} == {"failed"}
    assert {outcome(empty, name) for name in NAMES} == {"failed"}, "sheets are missing as declared, and cells with them"


def test_a_copy_that_can_not_be_opened_does_not_keep_the_others_from_being_tried() -> None:
    found = each([Copy("t/v/f", "nowhere.xlsx", {}, {})], cached)  # type: ignore[arg-type] # a name of no file
    assert isinstance(found["t/v/f"], FileNotFoundError)


# a broken copy --------------------------------------------------------------------------------------------------------


def native_copy(tmp_path: Path, old: bytes, new: bytes, count: int = 1) -> Copy:
    """The Chinese register in plain formulas, with something in its first sheet replaced."""
    copy = next(one for one in copies() if one.name == "visitor_register/zh/native")
    path = tmp_path / "broken.xlsx"
    path.write_bytes(copy.path.read_bytes())

    def change(parts: dict[str, bytes]) -> None:
        sheet = "xl/worksheets/sheet1.xml"
        assert old in parts[sheet]
        parts[sheet] = parts[sheet].replace(old, new, count)

    return replace(copy, path=changed_parts(path, change))


def test_a_whole_copy_is_right(tmp_path: Path) -> None:
    whole = native_copy(tmp_path, b"<sheetData>", b"<sheetData>")
    assert list(faults(whole, _recalculated(whole.path))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("&gt;=-3,", "&gt;=-1,"),  # the limit of 3日内
        ('=1,"已续",', '=2,"已续",'),
        ("COUNTIF($B$6:$B$75,", "COUNTIF($V$6:$V$75,"),  # 到期, 状态
        (",MIN($BA", ",MAX($BA"),  # 来访联系日
    ],
)
def test_a_formula_broken_on_purpose_is_seen_once_it_is_calculated(tmp_path: Path, old: str, new: str) -> None:
    broken = native_copy(tmp_path, old.encode(), new.encode(), -1)

    assert list(faults(broken, cached(broken.path))) == [], "the values that were saved are still right"
    assert list(faults(broken, _recalculated(broken.path, lambda _formula: True)))


def test_a_wrong_saved_value_is_seen_as_opened(tmp_path: Path) -> None:
    broken = native_copy(tmp_path, b"<v>A</v>", b"<v>B</v>")
    assert [fault.kind for fault in faults(broken, cached(broken.path))] == ["other"]


# the people -----------------------------------------------------------------------------------------------------------


def test_every_grade_status_and_due_state_is_among_the_people() -> None:
    seen: dict[str, set[object]] = {"grade": set(), "status": set(), "due": set(), "flags": set()}
    for layout in visitor_register.VARIANTS.values():
        for row in visitor_register.rows(layout["lang"], layout.get("scheme")):
            for key, values in seen.items():
                values.add(row[key] or "")
            seen["grade"].add(row.get("grade_2"))
    states = "today soon later unplanned pending plan_past no_callback opt_out continued"
    grades = {grade for id_ in ("visit_count_abcd", "purchase_window_habcf") for grade in load()[id_].grades}
    assert grades | {""} <= seen["grade"]
    assert {say("zh", f"word.{state}") for state in states.split()} <= seen["due"]
    assert any(str(state).startswith("逾期") for state in seen["due"])
    assert {say("zh", f"status.{status}") for status in _statuses()} <= seen["status"]
    assert {say("zh", f"flag.{flag}") for flag in ("beyond_policy", "agreed_in_past", "opt_out")} <= seen["flags"]


def _statuses() -> set[str]:
    """Those that the two schemes of the register can come to with the columns it has."""
    return {"ok", "provisional", "capped", "stale", "missing", "invalid"}


def test_what_is_wanted_comes_from_the_kernel_and_from_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    copy = next(one for one in copies() if one.name == "visitor_register/zh/excel")
    book = open_book(copy.path)
    monkeypatch.setattr(Chain, "decide", _Refused())
    with pytest.raises(_Refused):
        TEMPLATES["visitor_register"].wanted(book, {"lang": "zh"})


class _Refused(Exception):  # noqa: N818 - it says that it was asked
    def __call__(self, *_given: object) -> object:
        raise self


def test_the_page_is_read_back() -> None:
    table = "| program | values | lite |\n|---|---|---|\n| SheetJS | right | gap 1 |\n"
    rows = rows_of_page(f"| program | x |\n## visitor_register\n\n{table}")
    assert rows["visitor_register", "SheetJS"] == ["right", "gap 1"]
    assert set(SHARED) < set(FORMS)
