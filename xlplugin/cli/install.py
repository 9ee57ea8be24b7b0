"""`xlplugin install`: the worksheet functions put into Excel or LibreOffice, each step said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._outputs import output_of
from xlplugin.cli._shared import Progress, note
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace, _lang: str) -> int:
    """Installs for the host that is named."""
    lang = options.lang
    _check(options)
    if options.host == "excel":
        from xlplugin.hosts.excel import install  # noqa: PLC0415 - only this host is asked for

        install(lambda key, **facts: note(lang, key, **facts), lang=lang, book=options.book)
    elif options.build_only:
        from xlplugin.hosts.calc import build  # noqa: PLC0415 - the same

        target = output_of(options, Path("xlplugin.oxt"), lang, kinds=(".oxt",), kind_error="install_kind")
        note(lang, "calc.built", path=build(target))
    else:
        _install_calc(lang, options.program)
    return 0


def _check(options: argparse.Namespace) -> None:
    """Refuses options that belong to the other host."""
    belongs = (
        ("--book", "excel", options.book),
        ("--build-only", "calc", options.build_only),
        ("-o", "calc", options.output),
        ("--program", "calc", options.program),
        ("--replace", "calc", options.replace),
    )
    for option, host, value in belongs:
        if value and host != options.host:
            raise XlpError("install_option", command="install", option=option, belongs=host, host=options.host)
    if (options.output or options.replace) and not options.build_only:
        raise XlpError("install_output", option="-o" if options.output else "--replace")
    if options.program and options.build_only:
        raise XlpError("install_program")


def _install_calc(lang: str, program: str | None) -> None:
    from xlplugin.hosts.calc import install  # noqa: PLC0415 - the same

    bar = Progress(lang)
    try:
        outcome = install(program, progress=lambda done, total, what: bar(done, total, say(lang, f"calc.step.{what}")))
    finally:
        bar.close()
    for sentence in outcome.sentences(lang):
        note(lang, "cli.recalc.line", line=sentence)
