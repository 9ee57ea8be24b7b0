"""`xlplugin functions`: the worksheet functions, as a readable list or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xlplugin.texts import say
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    import argparse

    from xlplugin.worksheet import Function


def run(options: argparse.Namespace, _lang: str) -> int:
    """Prints every function."""
    if options.json:
        print(json.dumps([_record(function) for function in FUNCTIONS.values()], ensure_ascii=False, indent=1))
        return 0
    print("\n\n".join(_text(function, options.lang) for function in FUNCTIONS.values()))
    return 0


def _record(function: Function) -> dict[str, object]:
    args = [{"name": arg.name, "zh": arg.zh, "en": arg.en, "optional": arg.optional} for arg in function.args]
    return {
        "name": function.name,
        "zh": function.zh,
        "en": function.en,
        "args": args,
        "example": function.example,
        "result": function.result,
    }


def _text(function: Function, lang: str) -> str:
    lines = [function.signature, f"  {getattr(function, lang)}"]
    lines += [f"    {arg.name}: {getattr(arg, lang)}" for arg in function.args]
    return "\n".join([*lines, f"  {say(lang, 'cli.functions.example')} ={function.example} → {function.result}"])
