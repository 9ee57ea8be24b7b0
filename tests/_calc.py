"""A real LibreOffice Calc with our add-in, for the tests: started once, told what to do, ended with them."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlplugin.errors import XlpError
from xlplugin.hosts.calc import OLDEST, find_office, install
from xlplugin.hosts.calc._office import clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts.calc import Office

SCRIPT = Path(__file__).parent / "_calc_script.py"
MANAGER = Path(__file__).parents[1] / "xlplugin/hosts/calc"


@lru_cache(maxsize=1)
def why_not() -> str:
    """Why LibreOffice cannot be asked here; empty where it can."""
    try:
        office = find_office()
        office.python()
    except XlpError as error:
        return error.sentence("en")
    return "" if office.is_new_enough else f"LibreOffice {office.version} is older than {OLDEST}"


@lru_cache(maxsize=1)
def profile() -> Path:
    """A profile made for the tests, with the add-in installed by the code that users run."""
    folder = Path(tempfile.mkdtemp(prefix="xlplugin-calc-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    install(profile=folder)
    return folder


class Calc:
    """A running Calc; its methods are those of `_calc_script.Session`."""

    def __init__(self, folder: Path) -> None:
        office: Office = find_office()
        command = [str(office.python()), str(SCRIPT), str(MANAGER), str(office.starter), folder.as_uri()]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=clean_environment(),
            start_new_session=True,
        )

    def __getattr__(self, what: str) -> Any:
        def ask(*given: object, **named: object) -> Any:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps([what, given, named]) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            report = json.loads(line or '{"failed": "LibreOffice has ended"}')
            if "failed" in report:
                raise RuntimeError(report["failed"])
            return report["done"]

        return ask

    def end(self) -> None:
        """Ends the Calc, and everything it has started."""
        try:
            self._process.communicate(timeout=60)
        finally:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


@contextmanager
def started(folder: Path) -> Iterator[Calc]:
    """A Calc on a profile, ended afterwards."""
    calc = Calc(folder)
    try:
        yield calc
    finally:
        calc.end()
