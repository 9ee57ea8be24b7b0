"""Makes the pictures of the docs: demo register -> PDF (LibreOffice) -> PNG, margins cut; a placement map."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlplugin.cli.recalc import desk_functions
from xlplugin.exchange.place.picture import draw
from xlplugin.hosts.headless import recalc
from xlplugin.hosts.places import cell_named, open_book, ref
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.workbooks import sample_accounts
from xlplugin.workbooks.build import build, is_ours
from xlplugin.workbooks.recipes import tables_of
from xlplugin.workbooks.sample_project import sample_project

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
# Which page of the PDF shows what; pages behind the register's come last: rules, holidays, help.
PAGES = {"register": 1}
LAST_PAGES = ("rules", "holidays", "help")
_CALL = {
    "customer_no": ("Y001", "Y001"),
    "customer": ("张三", "Zhang San"),
    "phone": ("10000000001", "10000000001"),
    "adviser": ("周一鸣", "Zhou"),
    "deposit": ("是", "yes"),
    "called": (date(2026, 3, 6), date(2026, 3, 6)),
    "convenient": ("是", "yes"),
    "state": ("已有意向", "has a wish"),
    "grade": ("B", "B"),
    "buyer_self": ("是", "yes"),
    "payment": ("商业贷款", "mortgage"),
    "motive": ("自住", "own use"),
    "wanted_area": (88.5, 88.5),
    "wished_count": (3, 3),
    "choice_a": ("1-101", "1-101"),
    "choice_b": ("2-302", "2-302"),
    "stated_band": ("低", "low"),
    "step_1": ("否", "no"),
    "step_2": ("是", "yes"),
}


def main() -> int:
    if not shutil.which("soffice") or not shutil.which("pdftoppm"):
        print("LibreOffice and poppler-utils are needed", file=sys.stderr)
        return 2
    out = ROOT / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    for lang in ("zh", "en"):
        with tempfile.TemporaryDirectory() as work:
            pictures(lang, Path(work), out)
            accounts(lang, Path(work), out)
            call_form(lang, Path(work), out)
        placement_map(lang, out)
    return 0


def placement_map(lang: str, out: Path) -> None:
    """Some floors of one building of the sample project, as `xlplugin place --picture` draws them."""
    units, wishes = sample_project(lang)
    shown = [unit for unit in units if unit.unit_no.startswith(("2-7", "2-8", "2-9", "2-10", "2-11", "2-12"))]
    draw(shown, wishes, out / f"placement_map_{lang}.png", lang)


def accounts(lang: str, work: Path, out: Path) -> None:
    """The account workbook with its sample: the first page of the accounts, and the overview."""
    path = work / "accounts.xlsx"
    build("account_tiers", path, lang=lang, rows=45)
    book, tables = open_book(path), tables_of("account_tiers")
    inputs: dict[tuple[str, str], Any] = {}
    for name, lines in sample_accounts.sample(lang).items():
        table, headers = book.tables[tables[name].table.casefold()], tables[name].headers(lang)
        for row, line in enumerate(lines, 1):
            inputs |= {(table.sheet, ref(table, headers[key], row)): value for key, value in line.items()}
    inputs[cell_named(book, "as_of") or ("", "")] = sample_accounts.DAY
    recalc(path, path, desk_functions(load()), inputs=inputs, trusted=is_ours)
    pdf = as_pdf(path, work)
    picture(pdf, 1, out / f"accounts_{lang}")
    picture(pdf, page_of(pdf, say(lang, "sheet.overview")), out / f"accounts_overview_{lang}")


def call_form(lang: str, work: Path, out: Path) -> None:
    """The page of one customer from the pre-selection workbook."""
    path, name = work / "preselection.xlsx", "preselection"
    build(name, path, lang=lang, rows=5)
    book, recipe = open_book(path), tables_of(name)[name]
    table, headers = book.tables[recipe.table.casefold()], recipe.headers(lang)
    call = dict(zip(_CALL, (line[lang == "en"] for line in _CALL.values()), strict=True))
    inputs: dict[tuple[str, str], Any] = {
        (table.sheet, ref(table, headers[key], 1)): value for key, value in call.items()
    }
    inputs[cell_named(book, "form_choice") or ("", "")] = call["customer_no"]
    recalc(path, path, desk_functions(load()), inputs=inputs, trusted=is_ours)
    pdf = as_pdf(path, work)
    page = next(page for page, text in texts_of(pdf) if say(lang, "call_form.signed_on") in text)
    picture(pdf, page, out / f"call_form_{lang}")


def page_of(pdf: Path, title: str) -> int:
    """The page that begins with a title."""
    return next(page for page, text in texts_of(pdf) if text.startswith(title))


def texts_of(pdf: Path) -> Iterator[tuple[int, str]]:
    """Each page's number and text."""
    for page in range(1, pages_of(pdf) + 1):
        yield page, run("pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-")


def as_pdf(book: Path, work: Path) -> Path:
    profile = f"-env:UserInstallation=file://{work}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(book))
    return book.with_suffix(".pdf")


def pictures(lang: str, work: Path, out: Path) -> None:
    run("xlplugin", "demo", "--out", str(work), "--lang", lang)
    book = work / f"visitor_register_{lang}.xlsx"
    pdf = as_pdf(book, work)
    for name, page in PAGES.items():
        picture(pdf, page, out / f"{name}_{lang}")
    count = pages_of(pdf)
    sheets = sheet_pages(pdf, count)
    for name, page in zip(LAST_PAGES, sheets, strict=False):
        picture(pdf, page, out / f"{name}_{lang}")


def sheet_pages(pdf: Path, count: int) -> list[int]:
    """The first pages of the sheets behind the register, known by the titles they print."""
    titles = [("规则", "Rules"), ("节假日", "Holidays"), ("说明", "Help")]
    found = []
    for words in titles:
        for page in range(2, count + 1):
            text = run("pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-").strip()
            if text.startswith(words):
                found.append(page)
                break
    return found


def pages_of(pdf: Path) -> int:
    lines = run("pdfinfo", str(pdf)).splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pages:"))


def picture(pdf: Path, page: int, target: Path) -> None:
    run("pdftoppm", "-r", "110", "-png", "-singlefile", "-f", str(page), "-l", str(page), str(pdf), str(target))


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
