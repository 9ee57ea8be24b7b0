"""Gnumeric by its converter, ssconvert: as opened, and told to recalculate."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sharing.model import Gap, NotRun
from sharing.readers._cells import Shown, cached, each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sharing.model import Copy, Sheets

COLUMNS = {"gnumeric": "Gnumeric, as opened", "gnumeric-hard": "Gnumeric, recalculated"}
_KINDS = frozenset(("#NAME?", "blank", "zero left out", "other"))
_OPENED = Gap(
    "Gnumeric works out anew what hangs on a cell whose saved value is an empty text, and in the register the grade "
    "hangs on some; our functions are not installed there",
    _KINDS,
)
_ANEW = Gap("recalculated, Gnumeric asks for our functions, which are not installed there", _KINDS)
_CALLING = ("visitor_register/*", "account_tiers/*")
_FORMS = ("excel", "lite*")
GAPS: dict[str, dict[str, Gap]] = {
    "gnumeric": {f"visitor_register/*/{form}": _OPENED for form in _FORMS},
    "gnumeric-hard": {f"{one}/{form}": _ANEW for one in _CALLING for form in _FORMS},
}


def version() -> str:
    """The program's version."""
    said = subprocess.run(["ssconvert", "--version"], check=True, capture_output=True, text=True).stdout
    return "Gnumeric " + said.split("'")[1]


def read(copies: Sequence[Copy]) -> dict[str, Shown]:
    """What Gnumeric shows, written by it as values and read back.

    Raises:
        NotRun: it is not installed.
    """
    if shutil.which("ssconvert") is None:
        raise NotRun("Gnumeric is not installed (Debian: apt-get install gnumeric)")
    with warnings.catch_warnings(), ThreadPoolExecutor() as both:
        warnings.simplefilter("ignore")  # for both at once: each sets and takes back what is one list for all threads
        opened = both.submit(each, copies, _shown)
        hard = both.submit(each, copies, partial(_shown, options=("--recalc",)))
        return {"gnumeric": opened.result(), "gnumeric-hard": hard.result()}


def _shown(path: Path, options: Sequence[str] = ()) -> Sheets:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "shown.xlsx"
        subprocess.run(["ssconvert", *options, str(path), str(target)], check=True, capture_output=True, timeout=120)
        return cached(target)
