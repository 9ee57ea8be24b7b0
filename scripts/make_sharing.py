"""Writes docs/sharing.md: every program that can run here opens every copy. Exit code 1 where one is shown wrong."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from sharing.page import PAGE, failures, page


def main() -> int:
    """0 where every copy is shown right, but for the declared gaps."""
    beside = PAGE.with_suffix(".md.new")
    beside.write_text(page(), encoding="utf-8")
    beside.replace(PAGE)
    failed = failures()
    print(f"{PAGE.name} written", *failed, sep="\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
