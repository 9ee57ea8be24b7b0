"""Writes the generated parts of the docs from the code; with --check only says whether they are up to date."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from xlplugin.cli._parser import COMMANDS
from xlplugin.rulebook import load
from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent


def functions() -> str:
    rows = ["| function | gives | 给出 |", "|---|---|---|"]
    rows += [f"| `{f.signature}` | {f.en} | {f.zh} |" for f in FUNCTIONS.values()]
    return "\n".join(rows)


def commands() -> str:
    rows = ["| command | does | 用途 |", "|---|---|---|"]
    rows += [f"| `xlplugin {n}` | {say('en', f'cli.{n}.help')} | {say('zh', f'cli.{n}.help')} |" for n in COMMANDS]
    return "\n".join(rows)


def schemes() -> str:
    rows = ["| scheme | 名称 | grades | source |", "|---|---|---|---|"]
    for scheme in load().values():
        sources = "; ".join(f"{s.title} ({s.key}: {s.lines})" for s in scheme.sources)
        rows.append(f"| `{scheme.id}` | {scheme.title['zh']} | {' '.join(scheme.grades)} | {sources} |")
    return "\n".join(rows)


PARTS = {"functions": functions, "commands": commands, "schemes": schemes}


def rebuilt(text: str) -> str:
    for name, part in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        content = part()
        text = pattern.sub(lambda match, content=content: f"{match[1]}{content}\n{match[2]}", text)  # type: ignore[misc] # a lambda bound in a loop
    return text


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    path = ROOT / "README.md"
    old = path.read_text(encoding="utf-8")
    new = rebuilt(old)
    if check:
        if new != old:
            print("README.md is not up to date: run python scripts/make_docs.py", file=sys.stderr)
        return int(new != old)
    path.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
