"""Cases beside the rules: tests/cases/<scheme>.toml, worked by hand from the specification."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tomllib

from xlplugin.decisions import decide
from xlplugin.rulebook import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.decisions import Decision

FOLDER = Path(__file__).parent / "cases"
BOOK = load()
CONTEXT = ("as_of", "last_contact", "agreed_contact", "opt_out")
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH_WORD = re.compile("[A-Za-z]{2,}")
EXPECTED = ("grade", "status", "interval_days", "next_contact", "flags")


def cases(scheme: str) -> list[dict[str, Any]]:
    """Every case of a scheme's file."""
    return tomllib.loads((FOLDER / f"{scheme}.toml").read_text(encoding="utf-8"))["case"]  # type: ignore[no-any-return] # a list of tables


def decided(scheme: str, case: dict[str, Any]) -> Decision:
    """What is decided about a case; a key that is left out is a blank cell."""
    return decide(BOOK[scheme], case["given"], **{key: case.get(key) for key in CONTEXT})


def outcome(decision: Decision) -> dict[str, object]:
    """A decision in the words of a case file, where `none` stands for no number and no date."""
    day = decision.next_contact
    return {
        "grade": decision.grade,
        "status": decision.status,
        "interval_days": "none" if decision.interval_days is None else decision.interval_days,
        "next_contact": "none" if day is None else day.isoformat(),
        "flags": list(decision.flags),
    }


def every_case() -> Iterator[Any]:
    """Every case of every scheme, named for the report."""
    for scheme in BOOK:
        for case in cases(scheme):
            yield pytest.param(scheme, case, id=f"{scheme}: {case['name']}")


@pytest.mark.parametrize(("scheme", "case"), list(every_case()))
def test_case(scheme: str, case: dict[str, Any]) -> None:
    found = outcome(decided(scheme, case))
    wanted = {key: case[key] for key in EXPECTED if key in case}
    assert {key: found[key] for key in wanted} == wanted


@pytest.mark.parametrize("scheme", list(BOOK))
def test_a_case_says_only_what_a_case_may(scheme: str) -> None:
    fields, names = set(BOOK[scheme].fields), set()
    for case in cases(scheme):
        assert set(case) <= {"name", "given", *CONTEXT, *EXPECTED}, case["name"]
        assert {"name", "given", "grade", "status"} <= set(case), case
        assert set(case["given"]) <= fields, case["name"]
        assert case["name"] not in names
        names.add(case["name"])


def test_every_file_belongs_to_a_scheme() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(BOOK)


@pytest.mark.parametrize("scheme", list(BOOK))
def test_every_line_is_reached_by_a_case(scheme: str) -> None:
    reached = {id(line) for case in cases(scheme) for line in decided(scheme, case)._graded.hits}
    tables = {"first": BOOK[scheme].first, **{table.id: table.lines for table in BOOK[scheme].tables}}
    unreached = [f"{name} {line.number}" for name, lines in tables.items() for line in lines if id(line) not in reached]
    assert unreached == []


@pytest.mark.parametrize("scheme", list(BOOK))
def test_every_token_is_typed_in_a_case_by_id_and_in_both_languages(scheme: str) -> None:
    typed: dict[str, set[str]] = {}
    for case in cases(scheme):
        for field, cell in case["given"].items():
            typed.setdefault(field, set()).add(str(cell).casefold())
    for field in BOOK[scheme].fields.values():
        for token, words in field.tokens.items():
            for spelling in (token, words["zh"][0], words["en"][0]):
                assert spelling.casefold() in typed.get(field.id, set()), f"{field.id}: {spelling}"


@pytest.mark.parametrize("scheme", list(BOOK))
def test_why_and_advice_fit_a_cell_and_keep_to_one_language(scheme: str) -> None:
    for case in cases(scheme):
        decision = decided(scheme, case)
        said = {lang: (decision.why(lang), decision.advice(lang)) for lang in ("zh", "en")}
        for why, advice in said.values():
            assert 0 < len(why) <= 255, case["name"]
            assert len(advice) <= 255, case["name"]
        if case["status"] != "invalid" and "unreadable_date" not in case.get("flags", ()):  # those quote a cell
            assert not CHINESE.search("".join(said["en"])), (case["name"], said["en"])
            assert not ENGLISH_WORD.search("".join(said["zh"]).replace("VIP", "")), (case["name"], said["zh"])
