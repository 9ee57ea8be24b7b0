"""`python -m benchmarks --date 2026-03-02`: runs every benchmark, prints the figures and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks._measure import Section, section_of

_ROOT = Path(__file__).parents[1]
_TARGET = _ROOT / "docs" / "benchmarks.md"
_BENCHMARKS = (
    "decision",
    "calls",
    "calls_calc",
    "grade",
    "sharing",
    "payments",
    "placing",
    "startup",
    "accounts",
    "placement_map",
)
_LIBRARIES = ("xlplugin", "formualizer", "python-calamine", "openpyxl", "XlsxWriter", "pandas", "numpy", "scipy")


def _run(*arguments: str) -> str:
    """What a benchmark prints; each has a process of its own, so that none weighs on another."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=_ROOT, check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} ended with {done.returncode}")
    return done.stdout


def _recalc() -> str:
    print("Recalculation")
    said = _run("benchmarks/recalc.py", "--libreoffice").strip()
    print(said)
    return f"## Recalculation\n\nA register, against the sum of its floors measured beside it.\n\n```\n{said}\n```\n"


def _machine() -> str:
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"


def _page(date: str, parts: list[str]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    head = (
        "# What things cost\n\n"
        "Written by `python -m benchmarks --date DATE`. A ratio is taken within one run, where both sides meet the "
        "same machine in the same state; seconds on another machine will differ.\n\n"
        f"{date} · {_machine()} · {versions}\n"
    )
    return "\n".join([head, *parts])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--date", required=True, metavar="YYYY-MM-DD", help="the day that the page is to name")
    parser.add_argument("--only", choices=(*_BENCHMARKS, "recalc"), help="run this one alone and write no page")
    parser.add_argument(
        "--renew", action="store_true", help="with --only: put it into the page in place of the old one"
    )
    options = parser.parse_args()
    parts = []
    for name in [options.only] if options.only else [*_BENCHMARKS, "recalc"]:
        if name == "calls_calc" and not shutil.which("soffice"):
            print("calls_calc is left out: no LibreOffice here\n")
            continue
        if name == "recalc":
            parts.append(_recalc())
            continue
        section: Section = section_of(_run("-m", f"benchmarks.{name}", "--json"))
        print(section.text(), flush=True)
        parts.append(section.markdown())
    if not options.only:
        _write(_page(options.date, parts))
    elif options.renew:
        _write(_renewed(_TARGET.read_text(encoding="utf-8"), parts[0]))


def _renewed(page: str, part: str) -> str:
    """The page with one section in place of the one of the same heading."""
    heading, _, _ = part.partition("\n")
    before, found, rest = page.partition(f"{heading}\n")
    if not found:
        return f"{page}\n{part}"
    _, following, after = rest.partition("\n## ")
    return before + part.rstrip("\n") + "\n" + (f"\n## {after}" if following else "")


def _write(page: str) -> None:
    beside = _TARGET.with_suffix(".part")
    beside.write_text(page, encoding="utf-8")
    beside.replace(_TARGET)
    print(f"written: {_TARGET.relative_to(_ROOT)}")


if __name__ == "__main__":
    main()
