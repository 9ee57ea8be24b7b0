"""A workbook for xlwings Lite taken apart, and its code run under Pyodide in Node."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

__all__ = ["NEWEST", "WORKBOOKS", "Lite", "code_in", "why_not"]

NEWEST, WORKBOOKS = "pyodide", "pyodide-of-the-workbook"
"""The packages of tests/in_pyodide/package.json: the newest Pyodide, and the one that our workbooks name."""

_HERE = Path(__file__).parent / "in_pyodide"
_WE = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"
_EPOCH = dt.date(1899, 12, 30)


def code_in(book: Path) -> dict[str, Any]:
    """What Lite keeps in a workbook, by name: its files as texts, its settings as they are."""
    with zipfile.ZipFile(book) as package:
        part = package.read("xl/webextensions/webextension1.xml")
    root = ET.fromstring(part)  # noqa: S314 - a file of our own making
    return {entry.attrib["name"]: json.loads(entry.attrib["value"]) for entry in root.iter(f"{_WE}property")}


def _packages() -> Path:
    folder = os.environ.get("XLP_PYODIDE")
    return (Path(folder) if folder else Path.home() / ".cache" / "xlplugin" / "pyodide") / "node_modules"


def why_not(package: str = NEWEST) -> str:
    """Why Pyodide can't be started here; empty where it can."""
    if shutil.which("node") is None:
        return "Node is not installed: install Node 18 or later, then run scripts/get_pyodide.sh"
    if not (_packages() / package / "pyodide.asm.wasm").exists():
        return f"{package} is not installed: run scripts/get_pyodide.sh"
    return ""


class Lite:
    """The code of a workbook, running.

    Args:
        main: the text of its main.py.
        package: which Pyodide.
    """

    def __init__(self, main: str, package: str = NEWEST) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        (folder / "main.py").write_text(main, encoding="utf-8")
        shutil.copy(_HERE / "inside.py", folder)
        (folder / "xlwings.zip").write_bytes(_xlwings())
        command = ["node", str(_HERE / "run.mjs"), str(_packages() / package), str(folder)]
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed with the process
        pipe = subprocess.PIPE
        self._node = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=self._log, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, cause: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._node.communicate(timeout=30)
        self._log.close()
        self._folder.cleanup()

    def about(self) -> dict[str, Any]:
        """Where it runs, and what its functions declare."""
        return self._ask("about")  # type: ignore[no-any-return] # JSON

    def again(self) -> None:
        """Loads main.py anew."""
        self._ask("again")

    def cost(self, name: str, *arguments: Any, times: int = 1000) -> tuple[float, float]:
        """Microseconds a call inside Pyodide, of a function and of one that does nothing with the same cells."""
        ours, nothing = self._ask("cost", name=name, arguments=arguments, times=times)
        return ours, nothing

    def raw(self, name: str, *arguments: Any) -> list[list[Any]]:
        """The cells a function fills, both ways as Office has them: rows of cells, null for a blank."""
        return self._ask("call", name=name, arguments=arguments)  # type: ignore[no-any-return] # JSON

    def call(self, name: str, arguments: Sequence[object]) -> object:
        """A function's answer, told and given in Python's values: one for one cell, else rows of them."""
        rows = self.raw(name, *map(_sent, arguments))
        cells = [[_received(cell) for cell in row] for row in rows]
        return cells[0][0] if len(cells) == 1 and len(cells[0]) == 1 else cells

    def _ask(self, method: str, **request: Any) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        try:
            self._node.stdin.write(json.dumps({"method": method, **request}) + "\n")
            self._node.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended; its last words are told below
        line = self._node.stdout.readline()
        if not line:
            self._log.seek(0)
            raise AssertionError(f"Pyodide ended: {self._log.read()[-2000:]}")
        found: Mapping[str, Any] = json.loads(line)
        if "fault" in found:
            raise AssertionError(found["fault"])
        return found["answer"]


def _xlwings() -> bytes:
    """The open-source Python files of the xlwings that is installed here, as a zip."""
    import xlwings  # noqa: PLC0415 - only its files are wanted

    home = Path(xlwings.__file__).parent
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(home.rglob("*.py")):
            if "pro" not in path.relative_to(home).parts:
                archive.write(path, Path("xlwings") / path.relative_to(home))
    return out.getvalue()


def _sent(value: object) -> Any:
    """An argument as Office sends it: always rows, dates as serials, errors as such, blanks as null."""
    rows = value if isinstance(value, list) else [[value]]
    return [[_cell_sent(cell) for cell in row] for row in rows]


def _cell_sent(cell: object) -> object:
    if isinstance(cell, dt.date):
        return (cell - _EPOCH).days
    return {"type": "Error", "basicValue": cell.text} if isinstance(cell, CellError) else cell


def _received(cell: Any) -> object:
    if not isinstance(cell, dict):
        return cell
    if cell["type"] == "Error":
        return CellError(cell["basicValue"])
    days = cell["basicValue"]
    if days == int(days):
        return _EPOCH + dt.timedelta(days=days)
    return dt.datetime.combine(_EPOCH, dt.time()) + dt.timedelta(seconds=round(days * 86400))
