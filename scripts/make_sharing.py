"""Writes docs/sharing.md: every program that can run here opens every copy. Exit code 1 where one is shown wrong."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from _matrices import write
from sharing.page import PAGE, failures, page

if __name__ == "__main__":
    sys.exit(write(PAGE, page, failures))
