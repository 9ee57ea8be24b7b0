"""Writes docs/conformance.md: asks every host that can run here for every case. Exit code 1 where one disagrees."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from _matrices import write
from conformance.page import PAGE, failures, page

if __name__ == "__main__":
    sys.exit(write(PAGE, page, failures))
