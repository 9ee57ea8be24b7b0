"""`xlplugin template`: a fresh workbook to work in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.cli._outputs import output_of
from xlplugin.cli._shared import note
from xlplugin.errors import XlpError

if TYPE_CHECKING:
    import argparse

_MOST_ROWS = 100_000


def run(options: argparse.Namespace, lang: str) -> int:
    """Builds the template and says where it is."""
    from xlplugin.workbooks.build import TEMPLATES, build  # noqa: PLC0415 - after the options are known to be right

    if options.name not in TEMPLATES:
        raise XlpError("unknown_template", found=options.name, allowed=", ".join(TEMPLATES))
    if not 1 <= options.rows <= _MOST_ROWS:
        raise XlpError("bad_rows", found=options.rows, limit=_MOST_ROWS)
    usual = f"{options.name}_{options.lang}{'' if options.host == 'classic' else f'_{options.host}'}.xlsx"
    target = output_of(options, Path(usual), lang, kinds=(".xlsx",), kind_error="template_kind")
    size = {"floors": options.floors, "stacks": options.stacks}
    build(options.name, target, lang=options.lang, rows=options.rows, host=options.host, **size)
    note(lang, "cli.template.done", path=target)
    if options.host == "native":
        note(lang, f"cli.template.native_next.{options.name}")
    elif options.host == "lite":
        note(lang, "cli.template.lite_next")
    return 0
