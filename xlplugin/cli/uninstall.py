"""`xlplugin uninstall`: what was installed taken away again; what is not ours stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cli._shared import note
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace, lang: str) -> int:
    """Removes from the host that is named."""
    if options.host == "excel":
        if options.program:
            raise XlpError("install_option", command="uninstall", option="--program", belongs="calc", host="excel")
        from xlplugin.hosts.excel import uninstall  # noqa: PLC0415 - only this host is asked for

        uninstall(lambda key, **facts: note(lang, key, **facts))
        return 0
    from xlplugin.hosts.calc import uninstall as uninstall_calc  # noqa: PLC0415 - the same

    for sentence in uninstall_calc(options.program).sentences(lang):
        note(lang, "cli.recalc.line", line=sentence)
    return 0
