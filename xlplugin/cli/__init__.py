"""The command `xlplugin`: what is asked for is worked out in a module of its own, loaded when it is asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xlplugin.cli._language import message_language
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

__all__ = ["main"]

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 2 for input a person can mend, 3 where formulas kept their old values."""
    from xlplugin.cli._parser import parser  # noqa: PLC0415 - `import xlplugin.cli` stays quick

    _speak_utf8()
    lang = message_language()
    options = parser(lang).parse_args(argv)
    try:
        return _command(options.command)(options, lang)
    except XlpError as error:
        print(say(lang, "cli.error", sentence=error.sentence(lang)), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(say(lang, "cli.stopped"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has closed it, such as `| head`
        sys.stderr.close()
        return 0


def _command(name: str) -> Callable[[argparse.Namespace, str], int]:
    """The `run` of a command's own module."""
    from importlib import import_module  # noqa: PLC0415 - only one command is needed

    run: Callable[[argparse.Namespace, str], int] = import_module(f"xlplugin.cli.{name}").run
    return run


def _speak_utf8() -> None:
    """Chinese must come out whole on consoles that are set to another encoding, and in files."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
