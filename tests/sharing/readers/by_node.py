"""SheetJS and ExcelJS under Node: what web pages, mail previews and mini programs read workbooks with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sharing.model import Gap, NotRun
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharing.model import Copy, Sheets
    from sharing.readers._cells import Shown

COLUMNS = {"sheetjs": "SheetJS", "exceljs": "ExcelJS"}
_LOST = Gap(
    "ExcelJS leaves out a formula's result of 0 (the days overdue of a call due today, the wishes of a unit that "
    "nobody wants; `cell.result` has it), and "
    "makes an invalid date of a text that a formula gives in a date column (the last contact, if typed as text)",
    frozenset(("zero left out", "Invalid Date")),
)
_ZEROS = ("visitor_register/*", "unit_placement/*")
GAPS: dict[str, dict[str, Gap]] = {
    "exceljs": {f"{one}/{form}": _LOST for one in _ZEROS for form in ("native*", "excel", "lite*")}
}
_HERE = Path(__file__).parents[1] / "in_node"
_PACKAGES = {"SheetJS": "xlsx", "ExcelJS": "exceljs"}


def version() -> str:
    """The packages' versions."""
    told = [f"{name} {_manifest(package)['version']}" for name, package in _PACKAGES.items()]
    return ", ".join(told)


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What the two show, from one start of Node.

    Raises:
        NotRun: there is no Node, or the packages have not been fetched.
    """
    if shutil.which("node") is None:
        raise NotRun("Node is not installed")
    missing = [package for package in _PACKAGES.values() if not (_folder() / package).is_dir()]
    if missing:
        raise NotRun(f"{', '.join(missing)} not installed: run scripts/get_readers.sh")
    paths = json.dumps({copy.name: str(copy.path) for copy in copies})
    command = ["node", str(_HERE / "read.mjs"), str(_folder())]
    done = subprocess.run(
        command,
        check=True,
        input=paths,
        capture_output=True,
        env={**os.environ, "TZ": "UTC"},
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    answers = json.loads(done.stdout)
    return {column: {name: _sheets(found) for name, found in answers[column].items()} for column in COLUMNS}


def _folder() -> Path:
    folder = os.environ.get("XLP_READERS")
    return (Path(folder) if folder else Path.home() / ".cache" / "xlplugin" / "readers") / "node_modules"


def _manifest(package: str) -> Any:
    return json.loads((_folder() / package / "package.json").read_text(encoding="utf-8"))


def _sheets(found: dict[str, Any]) -> Sheets | Exception:
    if "failed" in found:
        return RuntimeError(found["failed"])
    return {
        name: {
            (row, column): CellError(cell["error"]) if isinstance(cell, dict) else cell for row, column, cell in cells
        }
        for name, cells in found["sheets"].items()
    }
