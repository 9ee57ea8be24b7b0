"""Writes docs/conformance.md: asks every host that can run here for every case. Exit code 1 where one disagrees."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from conformance.page import PAGE, failures, page


def main() -> int:
    beside = PAGE.with_suffix(".md.new")
    beside.write_text(page(), encoding="utf-8")
    os.replace(beside, PAGE)
    failed = failures()
    print(f"{PAGE.name} written", *failed, sep="\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
