"""docs/sharing.md: what every program showed of each form when the page was last made."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from sharing.copies import FORMS
from sharing.results import COLUMNS, NAMES, READERS, answers_of, faults_in, gap_of, outcome, title
from sharing.templates import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGE", "failures", "page", "rows_of_page"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sharing.md"
_HEAD = """# Sharing: who opens what

Made by `python scripts/make_sharing.py`; tests compare it with what the programs say. Each template is filled with
its sample and some more, so that every grade, status and due state of the register, every state of a unit and every
tier, blanks, unreadable entries and passed plans are in it, and is sent in each form. Every program then opens every
copy.

| form | made by | what it is | send it to |
|---|---|---|---|
| values | `xlplugin share BOOK` | plain values, people masked | anybody: phones, mail previews, web pages, scripts |
| native | `xlplugin share BOOK --as native` | plain formulas | those who work on in Excel, WPS, LibreOffice, Gnumeric |
| excel | `xlplugin share BOOK --as excel` | our functions by name | those with xlplugin, in Excel or LibreOffice |
| lite | `xlplugin share BOOK --as lite` | our functions for xlwings Lite | those with xlwings Lite in Excel |
| native-edition | `xlplugin template --host native` | plain formulas, written so from the start | as native |
| lite-edition | `xlplugin template --host lite` | our functions for xlwings Lite, as above | as lite |

**right** means that every grade, status, next date, due state, flag and count of the register, every fit, placement,
state and count of units and wishes, and every figure, tier, status, due date and action of the accounts is the one that
the kernel gives for these rows, worked out from what was typed and not from the file, that the free rows show nothing,
and that no computed cell anywhere shows an error, a formula, a needless 0 or a date of 1899 or 1900. A **gap** is a
known limit, told below; it excuses only the kinds of fault it names, and fails the tests as soon as it closes. **not
run** means that the program could not be started where this page was made. Excel, WPS and phones were not at hand.
Amounts, days and counts typed as text, full-width digits among them, are in each template. The functions read them, and
so do the plain formulas of a shared copy; the placement workbook's own formulas, the same in every copy, take no amount
typed as text and say so in the row's remarks.
"""
_ROW = re.compile(r"^\| (.+?) \| (.+) \|$")


def page() -> str:
    """The whole page; it runs every program."""
    return "\n".join([_HEAD, *_matrix(), *_gaps(), "", *_programs(), ""])


def failures() -> list[str]:
    """A line for each program that broke down, and for each copy shown otherwise than declared."""
    broken = [f"{name}: {cause!r}" for name in READERS if (cause := answers_of(name).broken) is not None]
    return broken + [line for column in COLUMNS for name in NAMES for line in _failure(column, name)]


def rows_of_page(text: str) -> dict[tuple[str, str], list[str]]:
    """The rows of the matrix by template and program."""
    found: dict[tuple[str, str], list[str]] = {}
    template = ""
    for line in text.splitlines():
        if line.startswith("## "):
            template = line.strip("# `")
        match = _ROW.match(line)
        if match and template in TEMPLATES:
            found[template, match[1]] = match[2].split(" | ")
    return found


def _failure(column: str, name: str) -> Iterator[str]:
    if outcome(column, name) != "failed" or answers_of(COLUMNS[column]).broken is not None:
        return
    found = faults_in(column, name)
    if not found:
        yield f"{title(column)}: {name}: a declared gap has closed"
    for fault in found[:2]:
        yield f"{title(column)}: {name}: {fault}"


def _matrix() -> Iterator[str]:
    for template, module in TEMPLATES.items():
        yield f"## {template}\n"
        editions = f"; editions of {', '.join(module.EDITIONS)}" if module.EDITIONS else ""
        yield f"In {len(module.VARIANTS)} layout(s): {', '.join(module.VARIANTS)}{editions}.\n"
        yield "| program | " + " | ".join(FORMS) + " |"
        yield "|---|" + "---|" * len(FORMS)
        for column in COLUMNS:
            cells = [_cell(column, f"{template}/*/{form}") for form in FORMS]
            yield f"| {title(column)} | " + " | ".join(cells) + " |"
        yield ""


def _cell(column: str, pattern: str) -> str:
    names = [name for name in NAMES if fnmatchcase(name, pattern)]
    if not names:
        return "–"
    counts = Counter(_told(column, name) for name in names)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{word} ({count} of {len(names)})" for word, count in sorted(counts.items()))


def _told(column: str, name: str) -> str:
    word = outcome(column, name)
    if word == "gap":
        gap = gap_of(column, name)
        return f"gap {_reasons().index(gap.reason) + 1}" if gap else word
    return "**failed**" if word == "failed" else word


def _reasons() -> list[str]:
    declared = [gap.reason for name in READERS for gaps in READERS[name].GAPS.values() for gap in gaps.values()]
    return list(dict.fromkeys(declared))


def _gaps() -> Iterator[str]:
    yield "## Known gaps\n"
    for number, reason in enumerate(_reasons(), 1):
        yield f"{number}. {reason[0].upper()}{reason[1:]}."


def _programs() -> Iterator[str]:
    yield "## Programs\n"
    yield "| program | version | not run |"
    yield "|---|---|---|"
    for name, reader in READERS.items():
        not_run = answers_of(name).not_run
        yield f"| {'; '.join(reader.COLUMNS.values())} | {'' if not_run else reader.version()} | {not_run} |"
