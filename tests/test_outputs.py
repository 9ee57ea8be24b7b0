"""One rule for every command that writes: what stands there already is replaced only when it is asked for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest
from _books import cell, raw_book, rows
from _payment_book import account_book
from _project import write_project

from xlplugin.cli import main
from xlplugin.cli._parser import COMMANDS, parser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Made = tuple[list[str], str]

KEPT = b"somebody's work"
EXPORT = "客户编号,品项,月份,金额\nK001,饮料,2026-03,100\n"
UNIT = {"unit_no": "1-101", "building": "1", "floor": 1, "stack": 1, "area": 100, "total": 1_000_000}


def book(folder: Path, name: str = "book.xlsx") -> Path:
    return raw_book(folder / name, {"S": rows(cell("A1", 2), cell("B1", 6, formula="A1*3"))})


def _grade(folder: Path) -> Made:
    (folder / "in.csv").write_text("score\n95\n", encoding="utf-8")
    return ["grade", str(folder / "in.csv"), "--scheme", "score_bands_90_70_60"], ""


def _place(folder: Path) -> Made:
    source = write_project(folder / "book.xlsx", [UNIT], [{"name": "张三", "choice_1": "1-101"}])
    return ["place", str(source)], "book-place.xlsx"


def _payments(folder: Path) -> Made:
    (folder / "in.csv").write_text(EXPORT, encoding="utf-8")
    source = account_book(folder / "book.xlsx")
    return ["payments", str(folder / "in.csv"), "--into", str(source), "--no-recalc"], "book-payments.xlsx"


def _tiers(folder: Path) -> Made:
    return ["tiers", "close-month", str(account_book(folder / "book.xlsx")), "--month", "2026-03"], "book-closed.xlsx"


# How each command is asked for, and the name it gives its result where it is given none.
WRITE: dict[str, Callable[[Path], Made]] = {
    "demo": lambda _folder: (["demo", "--out", ".", "--lang", "zh"], "visitor_register_zh.xlsx"),
    "grade": _grade,
    "place": _place,
    "recalc": lambda folder: (["recalc", str(book(folder))], "book-recalc.xlsx"),
    "share": lambda folder: (["share", str(book(folder))], "book-share.xlsx"),
    "payments": _payments,
    "tiers": _tiers,
    "template": lambda _folder: (["template", "visitor_register", "--rows", "5"], "visitor_register_zh.xlsx"),
    "install": lambda _folder: (["install", "calc", "--build-only"], "xlplugin.oxt"),
}
NAMED = [name for name in WRITE if name != "demo"]  # which is given a folder of its own
USUAL = [name for name in WRITE if name != "grade"]  # which is printed


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLP_LANG", "en")
    monkeypatch.chdir(tmp_path)


def commands() -> dict[str, argparse.ArgumentParser]:
    return next(action.choices for action in parser("en")._actions if isinstance(action, argparse._SubParsersAction))


def test_every_command_that_writes_is_tried_here() -> None:
    writing = {name for name, options in commands().items() if {"-o", "--out"} & set(options._option_string_actions)}
    assert writing == set(WRITE)
    assert set(COMMANDS) >= writing
    assert all("--replace" in commands()[name]._option_string_actions for name in writing)


def occupied(path: Path) -> Path:
    path.write_bytes(KEPT)
    return path


def ending(name: str) -> str:
    return ".oxt" if name == "install" else ".xlsx"


@pytest.mark.parametrize("name", NAMED)
def test_a_file_that_is_named_and_there_is_left_alone(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, _ = WRITE[name](tmp_path)
    target = occupied(tmp_path / f"out{ending(name)}")
    before = sorted(tmp_path.iterdir())
    assert main([*words, "-o", str(target)]) == 2
    said = capsys.readouterr().err
    assert str(target) in said
    assert "--replace" in said
    assert target.read_bytes() == KEPT
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", NAMED)
def test_it_is_replaced_when_asked_for(name: str, tmp_path: Path) -> None:
    words, _ = WRITE[name](tmp_path)
    target = occupied(tmp_path / f"out{ending(name)}")
    assert main([*words, "-o", str(target), "--replace"]) == 0
    assert target.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("name", NAMED)
def test_never_while_somebody_has_it_open(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, _ = WRITE[name](tmp_path)
    target = occupied(tmp_path / f"out{ending(name)}")
    occupied(tmp_path / f"~${target.name}")
    assert main([*words, "-o", str(target), "--replace"]) == 2
    assert "open elsewhere" in capsys.readouterr().err
    assert target.read_bytes() == KEPT


@pytest.mark.parametrize("name", NAMED)
def test_a_name_in_a_folder_counts_as_named(name: str, tmp_path: Path) -> None:
    words, usual = WRITE[name](tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    target = occupied(folder / {"grade": "in-grade.csv", "recalc": "book.xlsx"}.get(name, usual))
    assert main([*words, "-o", str(folder)]) == 2
    assert [path.read_bytes() for path in folder.iterdir()] == [KEPT]
    assert main([*words, "-o", str(folder), "--replace"]) == 0
    assert [path.name for path in folder.iterdir()] == [target.name]
    assert target.read_bytes() != KEPT


@pytest.mark.parametrize("name", USUAL)
def test_without_a_name_the_new_one_stands_beside_the_old(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, usual = WRITE[name](tmp_path)
    old = occupied(tmp_path / usual)
    assert main(words) == 0
    fresh = old.with_name(f"{old.stem}-2{old.suffix}")
    assert old.read_bytes() == KEPT
    assert fresh.read_bytes()[:2] == b"PK"
    said = next(line for line in capsys.readouterr().err.splitlines() if "--replace" in line)
    assert usual in said
    assert fresh.name in said


@pytest.mark.parametrize("name", USUAL)
def test_without_a_name_the_old_one_goes_when_asked_for(name: str, tmp_path: Path) -> None:
    words, usual = WRITE[name](tmp_path)
    old = occupied(tmp_path / usual)
    count = len(list(tmp_path.iterdir()))
    assert main([*words, "--replace"]) == 0
    assert old.read_bytes()[:2] == b"PK"
    assert len(list(tmp_path.iterdir())) == count


def test_a_book_recalculated_three_times_a_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = book(tmp_path)
    for _ in range(3):
        assert main(["recalc", str(source)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"book.xlsx", "book-recalc.xlsx", "book-recalc-2.xlsx", "book-recalc-3.xlsx"}
    assert capsys.readouterr().err.count("--replace") == 2


def test_a_result_that_is_a_source_too_is_kept(tmp_path: Path) -> None:
    sources = [book(tmp_path), book(tmp_path, "book-recalc.xlsx")]
    before = sources[1].read_bytes()
    assert main(["recalc", *map(str, sources)]) == 0
    assert sources[1].read_bytes() == before
    assert (tmp_path / "book-recalc-2.xlsx").exists()
    assert (tmp_path / "book-recalc-recalc.xlsx").exists()


def test_one_result_in_a_folder_that_is_there_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    kept = occupied(folder / "a.xlsx")
    sources = [str(book(tmp_path, name)) for name in ("a.xlsx", "b.xlsx")]
    assert main(["recalc", *sources, "-o", str(folder)]) == 2
    assert kept.read_bytes() == KEPT
    assert (folder / "b.xlsx").exists()
    assert str(kept) in capsys.readouterr().err


READ_TOO = [
    ("grade", ["--holidays", "days.csv", "-o", "days.csv"], "days.csv"),
    ("grade", ["-o", "in.csv"], "in.csv"),
    ("place", ["-o", "book.xlsx"], "book.xlsx"),
    ("place", ["--from", "register.xlsx", "-o", "register.xlsx"], "register.xlsx"),
    ("recalc", ["-o", "book.xlsx"], "book.xlsx"),
    ("share", ["-o", "book.xlsx"], "book.xlsx"),
    ("payments", ["-o", "book.xlsx"], "book.xlsx"),
    ("payments", ["--report", "in.csv"], "in.csv"),
    ("payments", ["--save-mapping", "in.csv"], "in.csv"),
    ("tiers", ["-o", "book.xlsx"], "book.xlsx"),
]


@pytest.mark.parametrize(("name", "words", "read"), READ_TOO)
def test_what_is_read_is_never_replaced(
    name: str, words: list[str], read: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, _ = WRITE[name](tmp_path)
    place = tmp_path / read
    if not place.exists():
        book(tmp_path, read) if read.endswith("xlsx") else place.write_text("日期\n2026-03-02\n", encoding="utf-8")
    before = place.read_bytes()
    assert main([*asked, *words, "--replace"]) == 2
    assert "is the input itself" in capsys.readouterr().err
    assert place.read_bytes() == before


BESIDE = [
    ("payments", "--report", "list.csv", []),
    ("payments", "--report", "list.csv", ["--dry-run"]),
    ("payments", "--save-mapping", "mapping.toml", []),
    ("place", "--picture", "map.svg", []),
]


@pytest.mark.parametrize(("name", "option", "file", "more"), BESIDE)
def test_so_it_is_with_what_is_written_beside_it(
    name: str, option: str, file: str, more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, _ = WRITE[name](tmp_path)
    target = occupied(tmp_path / file)
    before = sorted(tmp_path.iterdir())
    assert main([*words, option, str(target), *more]) == 2
    assert "--replace" in capsys.readouterr().err
    assert target.read_bytes() == KEPT
    assert sorted(tmp_path.iterdir()) == before
    assert main([*words, option, str(target), *more, "--replace"]) == 0
    assert target.read_bytes() != KEPT


def test_two_results_need_two_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, _ = _payments(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main([*words, "--report", "out.xlsx", "-o", "out.xlsx"]) == 2
    assert "out.xlsx is named for two results" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_look_first_speaks_of_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, usual = _payments(tmp_path)
    occupied(tmp_path / usual)
    assert main([*words, "--dry-run"]) == 0
    assert usual not in capsys.readouterr().err


@pytest.mark.parametrize("words", [["excel", "--replace"], ["calc", "--replace"]])
def test_an_installation_knows_its_own_place(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install", *words]) == 2
    assert "--replace" in capsys.readouterr().err
