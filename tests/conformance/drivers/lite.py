"""xlwings Lite: the code that a template workbook carries, run under Pyodide in Node; Excel itself is not there.

The arguments go in and the answers come out as Office hands them over (`tests/in_pyodide/inside.py`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from _lite import NEWEST, Lite, code_in, why_not

from conformance.model import NotRun
from conformance.reader import TooHard, evaluate
from xlplugin.workbooks.build import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.model import Case

NAME = "xlwings Lite"
GAPS = {
    "native/*": "Lite brings our functions only; the spreadsheet's own are Excel's to calculate",
    "placement/rows-of-a-suggestion": "Lite is brought no solver (scipy); the cell says so, xlplugin place has one",
}
_told: list[str] = []


def version() -> str:
    """The Python it ran on."""
    return ", ".join(_told)


def run(cases: Sequence[Case]) -> dict[str, object]:
    """What the workbook's functions give, all in one start of Pyodide.

    Raises:
        NotRun: there is no Node, or Pyodide has not been fetched.
    """
    reason = why_not()
    if reason:
        raise NotRun(reason)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "lite.xlsx"
        build("visitor_register", book, rows=1, host="lite")
        main = code_in(book)["main.py"]
    answers = {}
    with Lite(main, NEWEST) as lite:
        about = lite.about()
        _told[:] = [f"Python {about['python']} ({about['platform']})", f"decorators of xlwings {about['xlwings']}"]
        for case in cases:
            try:
                answers[case.name] = evaluate(case, lite.call)
            except TooHard:
                continue
    return answers
