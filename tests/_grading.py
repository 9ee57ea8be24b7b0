"""The command `xlplugin grade`, run on tables as offices keep them, for the tests."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl

from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    Grade = Callable[..., "Result"]

BOOK = load()
LINES = (Path(__file__).parent / "golden.jsonl").read_text(encoding="utf-8").splitlines()
GOLDEN = [json.loads(line) for line in LINES]
SCORE = "score_bands_90_70_60"
WINDOW = "purchase_window_habcf"
RESULTS = ["grade", "status", "interval_days", "next_contact", "flags", "why"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Result:
    """What a command gave: its exit code, what it printed, and the table it made."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def table(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.out)))

    @property
    def records(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))

    def column(self, name: str) -> list[str]:
        return [record[name] for record in self.records]


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A CSV of some rows; None is a blank cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[object]], title: str = "登记") -> Path:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Worksheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def refusal(result: Result, folder: Path, before: set[Path]) -> str:
    """The one clear sentence with which bad input is refused; nothing is written."""
    assert result.code == 2
    assert result.out == ""
    lines = [line for line in result.err.splitlines() if line.strip()]
    assert len(lines) == 1, result.err
    assert lines[0].startswith("error: ")
    assert lines[0].endswith(".")
    assert "Traceback" not in result.err
    assert set(folder.rglob("*")) == before, "nothing is written"
    return lines[0]


ROWS: list[Sequence[object]] = [("name", "score"), ("张三", 95), ("李四", 70), ("王五", None), ("赵六", "x")]
GRADES = ["A", "B", "", ""]
