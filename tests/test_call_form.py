"""The pre-selection form of one customer: the row of his latest call on a page, whatever it is opened with."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import _calc
import openpyxl
import pytest
from _placement import filled

from xlplugin.cli import main
from xlplugin.hosts.calc import find_office
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.build import build, known_formulas
from xlplugin.workbooks.recipes import tables_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "preselection"
RECIPE = tables_of(NAME)[NAME]
CALLS: list[dict[str, Any]] = [
    {"customer_no": "Y001", "customer": "张三", "phone": "10000000001", "called": date(2026, 3, 2), "state": "再考虑"},
    {"customer": "李四", "phone": "10000000002", "called": date(2026, 3, 3), "convenient": "否"},
    {"customer_no": 1003, "customer": "王五", "phone": "10000000003", "called": "3月4日", "wanted_area": 88.5},
    {
        "customer_no": "Y001",
        "customer": "张三",
        "phone": "10000000001",
        "called": date(2026, 3, 6),
        "agreed": datetime(2026, 3, 8, 10),  # noqa: DTZ001 - a time on the office's clock
        "state": "已有意向",
        "choice_a": "1-101",
        "wished_count": 2,
        "step_1": "否",
        "step_2": "是",
        "note": "周日来看",
    },
    {"customer_no": "Y0011", "customer": "赵六", "phone": "10000000004", "called": date(2026, 3, 6)},
    {"customer_no": "Y002", "customer": "钱七", "phone": "10000000005", "called": date(2026, 3, 6), "state": "再考虑"},
]


def chosen(path: Path, who: object, lang: str = "zh", host: str = "classic") -> dict[str, Any]:
    """What the form shows beside each of its labels, and its warning, once a customer is chosen."""
    filled(path, lang, {NAME: CALLS}, name=NAME, rows=8, host=host, more={(say(lang, "sheet.call_form"), "B3"): who})
    return labelled(openpyxl.load_workbook(path, data_only=True)[say(lang, "sheet.call_form")].values, lang)


def labelled(rows: Any, lang: str = "zh") -> dict[str, Any]:
    """By column key, what stands beside its label; the rest by where it stands."""
    cells = [[cell if cell is not None else "" for cell in row] for row in rows]
    keys = {header: key for key, header in RECIPE.headers(lang).items()}
    found = {keys[row[at]]: row[at + 1] for row in cells[4:] for at in (0, 2) if row[at] in keys}
    ladder = next(at for at, row in enumerate(cells) if row[0] == say(lang, "call_form.ladder"))
    found |= {f"step_{number}": cells[ladder + number][2] for number in range(1, 5)}
    note = next(at for at, row in enumerate(cells) if at > ladder and row[0] == say(lang, "placement.column.note"))
    return found | {"told": cells[2][2], "note": cells[note + 1][0]}


@pytest.mark.parametrize("host", ["classic", "native"])
def test_the_latest_call_of_a_customer(tmp_path: Path, host: str) -> None:
    found = chosen(tmp_path / "form.xlsx", "Y001", host=host)
    assert {key: found[key] for key in ("customer", "phone", "state", "choice_a", "note", "told")} == {
        "customer": "张三",
        "phone": "10000000001",
        "state": "已有意向",
        "choice_a": "1-101",
        "note": "周日来看",
        "told": "",
    }
    assert (found["called"], found["agreed"], found["next_call"]) == (
        datetime(2026, 3, 6),  # noqa: DTZ001 - no zone in a cell
        datetime(2026, 3, 8, 10),  # noqa: DTZ001 - as above
        datetime(2026, 3, 8, 10),  # noqa: DTZ001 - as above
    )
    assert [found[f"step_{number}"] for number in range(1, 5)] == ["否", "是", "", ""]
    assert (found["wished_count"], found["ask_next"]) == (2, "其他单元（由近到远）")


@pytest.mark.parametrize(
    ("who", "phone", "called"),
    [
        ("李四", "10000000002", datetime(2026, 3, 3)),  # noqa: DTZ001 - no zone in a cell
        (1003, "10000000003", "3月4日"),
        ("1003", "10000000003", "3月4日"),
        ("Y0011", "10000000004", datetime(2026, 3, 6)),  # noqa: DTZ001 - no zone in a cell
    ],
)
def test_by_number_or_where_there_is_none_by_name(tmp_path: Path, who: object, phone: str, called: object) -> None:
    found = chosen(tmp_path / "form.xlsx", who)
    assert (found["phone"], found["called"], found["told"]) == (phone, called, "")


def test_what_is_not_there_stays_blank(tmp_path: Path) -> None:
    found = chosen(tmp_path / "form.xlsx", "李四")
    assert {found[key] for key in ("agreed", "wanted_area", "wished_count", "note", "employer")} == {""}
    assert found["next_call"] == "缺项"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_chosen_is_a_blank_form_and_somebody_unknown_is_said(tmp_path: Path, lang: str) -> None:
    nobody = chosen(tmp_path / "form.xlsx", None, lang)
    assert set(nobody.values()) == {""}
    unknown = chosen(tmp_path / "form.xlsx", "Y9", lang)
    assert (
        unknown.pop("told")
        == {
            "zh": "没有这个编号：请核对预选单里的编号或姓名。",
            "en": "No such number: see the number or name on the form sheet.",
        }[lang]
    )
    assert set(unknown.values()) == {""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_of_the_form_and_every_question_is_on_the_page(tmp_path: Path, lang: str) -> None:
    build(NAME, tmp_path / "form.xlsx", lang=lang, rows=5)
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames[:2] == [say(lang, "sheet.preselection"), say(lang, "sheet.call_form")]
    sheet = book[say(lang, "sheet.call_form")]
    shown = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for column in RECIPE.columns:
        if column.band != "working" and column.key != "customer_no":  # which stands in the cell of the choice
            assert f"[{column.header[lang]}]" in shown, column.key
    assert all(say(lang, f"preselection_help.script.{number}") in shown for number in range(1, 8))
    assert sheet.sheet_properties.pageSetUpPr.fitToPage  # on one page, which is what a page says nothing more about
    assert {sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight} <= {None, 1}
    assert int(sheet.page_setup.paperSize) == 9
    formulas = {cell.value[1:] for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")}
    assert formulas <= known_formulas(lang)


@pytest.mark.skipif(bool(_calc.why_not()), reason=_calc.why_not() or "there")
def test_calc_shows_the_same_page(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    for who in ("Y001", "李四", "1003", "Y9", None):
        ours = chosen(path, who)
        with _calc.started(_calc.profile()) as calc:
            book = calc.open(str(path))
            calc.calculate(book)
            theirs = labelled(calc.values(book, [[say("zh", "sheet.call_form"), "A1:D60"]])[0])
            calc.close(book)
        assert {key: value for key, value in ours.items() if not isinstance(value, datetime)} == {
            key: value for key, value in theirs.items() if not isinstance(ours[key], datetime)
        }


@pytest.mark.skipif(bool(_calc.why_not()) or not shutil.which("pdftotext"), reason=_calc.why_not() or "no pdftotext")
@pytest.mark.parametrize(
    ("who", "shown", "agreed"), [("Y002", "2026-03-07", date(2026, 3, 9)), ("Y001", "2026-03-08 10:00", None)]
)
def test_a_day_without_a_time_is_shown_as_a_day(tmp_path: Path, who: str, shown: str, agreed: date | None) -> None:
    path = tmp_path / "form.xlsx"
    chosen(path, who)
    assert shown in printed(path)
    assert shown in printed(path, say("zh", "preselection.purpose"))
    assert " 00:00" not in printed(path)
    assert " 00:00" not in printed(path, say("zh", "preselection.purpose"))
    if agreed:
        calls = [*CALLS[:-1], {**CALLS[-1], "agreed": agreed}]
        filled(path, "zh", {NAME: calls}, name=NAME, rows=8, more={(say("zh", "sheet.call_form"), "B3"): who})
        assert printed(path).count(agreed.isoformat()) == 2
        assert " 00:00" not in printed(path)


def printed(path: Path, mark: str = say("zh", "call_form.signed_on")) -> str:
    """What is on the first page with these words, which is that of the form if they are left out."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [str(find_office().starter), profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=120)
    told = subprocess.run(["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True)
    return next(page for page in told.stdout.decode().split("\f") if mark in page)


@pytest.mark.parametrize("who", ["Y001", "李四"])
def test_a_masked_copy_tells_nobody_on_the_page_either(tmp_path: Path, who: str) -> None:
    chosen(tmp_path / "form.xlsx", who)
    for form in ("values", "native", "lite", "excel"):
        copy = tmp_path / f"{form}.xlsx"
        main(["share", str(tmp_path / "form.xlsx"), "-o", str(copy), "--as", form])
        with zipfile.ZipFile(copy) as book:
            text = "".join(book.read(part).decode("utf-8", "ignore") for part in book.namelist())
        assert not re.search("张三|李四|1000000000[1-4]", text), form
