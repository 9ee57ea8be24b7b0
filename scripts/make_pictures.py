"""Makes the pictures of the docs: demo register -> PDF (LibreOffice) -> PNG, margins cut; a placement map."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from xlplugin.exchange.place.picture import draw
from xlplugin.workbooks.sample_project import sample_project

ROOT = Path(__file__).resolve().parent.parent
# Which page of the PDF shows what; pages behind the register's come last: rules, holidays, help.
PAGES = {"register": 1}
LAST_PAGES = ("rules", "holidays", "help")


def main() -> int:
    if not shutil.which("soffice") or not shutil.which("pdftoppm"):
        print("LibreOffice and poppler-utils are needed", file=sys.stderr)
        return 2
    out = ROOT / "docs" / "pictures"
    out.mkdir(parents=True, exist_ok=True)
    for lang in ("zh", "en"):
        with tempfile.TemporaryDirectory() as work:
            pictures(lang, Path(work), out)
        placement_map(lang, out)
    return 0


def placement_map(lang: str, out: Path) -> None:
    """Some floors of one building of the sample project, as `xlplugin place --picture` draws them."""
    units, wishes = sample_project(lang)
    shown = [unit for unit in units if unit.unit_no.startswith(("2-7", "2-8", "2-9", "2-10", "2-11", "2-12"))]
    draw(shown, wishes, out / f"placement_map_{lang}.png", lang)


def pictures(lang: str, work: Path, out: Path) -> None:
    run("xlplugin", "demo", "--out", str(work), "--lang", lang)
    book = work / f"visitor_register_{lang}.xlsx"
    profile = f"-env:UserInstallation=file://{work}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(book))
    pdf = book.with_suffix(".pdf")
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
