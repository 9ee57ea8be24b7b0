"""The golden cases typed into a workbook, recalculated by the embedded host, and read back as others read it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter

from xlplugin.cli.recalc import desk_functions
from xlplugin.hosts.headless import recalc
from xlplugin.rulebook import load
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOK = load()
CASES = [json.loads(line) for line in (Path(__file__).parent / "golden.jsonl").read_text("utf-8").splitlines()]
ANSWERS = ("grade", "status", "interval_days", "next_contact", "flags")
CONTACT = ("as_of", "last_contact", "agreed_contact", "opt_out")


def formulas(scheme: str, row: int, last: str, contact: dict[str, str]) -> dict[str, str]:
    fields, evidence = f"$A$1:${last}$1", f"$A{row}:${last}{row}"
    judged = f'"{scheme}",{fields},{evidence},{contact["as_of"]}{row}'
    grade = f"XLP_GRADE({judged})"
    rest = f"{fields},{evidence},{contact['as_of']}{row}"
    dates = ",".join(f"{contact[name]}{row}" for name in CONTACT[1:])
    return {
        "grade": f"={grade}",
        "status": f"=XLP_STATUS({judged})",
        "interval_days": f'=IF({contact["opt_out"]}{row}=TRUE,"",XLP_INTERVAL("{scheme}",{grade},,{rest}))',
        "next_contact": f'=XLP_NEXT_CONTACT("{scheme}",{grade},{dates},,,{rest})',
        "flags": f'=XLP_FLAGS("{scheme}",{grade},{dates},,,{rest})',
    }


def typed(field: str, value: Any, lang: str, scheme: str) -> Any:
    """A value as somebody types it in that language: words for tokens, 是/否 for yes and no."""
    known = BOOK[scheme].fields.get(field)
    if lang != "id" and known is not None and known.kind == "choice" and value in known.tokens:
        return known.tokens[value][lang][0]
    if lang != "id" and isinstance(value, bool) and field != "opt_out":
        return say(lang, "value.yes" if value else "value.no")
    return value


def write(path: Path, lang: str) -> None:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for scheme, rulebook_scheme in BOOK.items():
        sheet = book.add_worksheet(scheme)
        fields = {**rulebook_scheme.fields, **BOOK.common}
        headers = [id_ if lang == "id" else field.label[lang] for id_, field in fields.items()]
        sheet.write_row(0, 0, headers)
        letters = {id_: xlsxwriter.utility.xl_col_to_name(place) for place, id_ in enumerate(fields)}
        last = xlsxwriter.utility.xl_col_to_name(len(rulebook_scheme.fields) - 1) if rulebook_scheme.fields else "A"
        for row, case in enumerate((case for case in CASES if case["scheme"] == scheme), 2):
            for id_, place in zip(fields, range(len(fields)), strict=True):
                value = case["inputs"].get(id_) if id_ in rulebook_scheme.fields else case[id_]
                if isinstance(value, str) and len(value) == 10 and value[4] == "-":
                    sheet.write_datetime(row - 1, place, datetime.fromisoformat(value))
                elif value is not None:
                    sheet.write(row - 1, place, typed(id_, value, lang, scheme))
            for place, formula in enumerate(formulas(scheme, row, last, letters).values(), len(fields)):
                sheet.write_formula(row - 1, place, formula)
    book.close()


def answers(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    book = openpyxl.load_workbook(path, data_only=True)
    for scheme in BOOK:
        width = len(BOOK[scheme].fields) + len(BOOK.common)
        for row, case in enumerate((case for case in CASES if case["scheme"] == scheme), 2):
            cells = [book[scheme].cell(row, width + place).value for place in range(1, len(ANSWERS) + 1)]
            yield case, dict(zip(ANSWERS, cells, strict=True))


@pytest.mark.parametrize("lang", ["id", "zh", "en"])
def test_golden_cases_through_a_recalculated_workbook(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "golden.xlsx"
    write(path, lang)

    report = recalc(path, path, desk_functions(BOOK))

    assert report.exit_code == 0, list(report.sentences("en"))
    seen = 0
    for case, got in answers(path):
        seen += 1
        status = case["status"] if lang == "id" else say(lang, f"status.{case['status']}")
        flags = case["flags"] if lang == "id" or not case["flags"] else say(lang, f"flag.{case['flags']}")
        day = got["next_contact"]
        if isinstance(day, (int, float)):
            day = date.fromordinal(int(day) + date(1899, 12, 30).toordinal())
        assert (got["grade"] or "") == case["grade"], case
        assert got["status"] == status, case
        assert (got["interval_days"] or None) == case["interval_days"], case
        assert (day.isoformat() if day else None) == case["next_contact"], case
        assert (got["flags"] or "") == flags, case
    assert seen == len(CASES) == 162
