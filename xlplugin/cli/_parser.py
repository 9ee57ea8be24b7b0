"""The command's words: what can be asked, with which options, and an example of each."""

from __future__ import annotations

import argparse
import re
from functools import partial
from typing import Any, Protocol

from xlplugin import __version__
from xlplugin.texts import say

__all__ = ["COMMANDS", "parser"]

COMMANDS = (
    "demo",
    "grade",
    "place",
    "recalc",
    "share",
    "payments",
    "tiers",
    "template",
    "schemes",
    "functions",
    "install",
    "uninstall",
    "doctor",
)


class _Taking(Protocol):
    """What takes arguments: a command, or a group of it."""

    def add_argument(self, *names: str, **options: Any) -> object:
        """Takes one more."""


class _Parser(argparse.ArgumentParser):
    """Says what was wrong with the words of a command, and where its help is; exits with 2."""

    def __init__(self, *, lang: str = "en", **options: Any) -> None:
        self.lang = lang
        super().__init__(add_help=False, formatter_class=partial(_Help, lang=lang), **options)
        self._positionals.title = say(lang, "cli.usage.given")
        self._optionals.title = say(lang, "cli.usage.options")
        self.add_argument("-h", "--help", action="help", help=say(lang, "cli.usage.help"))

    def error(self, message: str) -> None:  # type: ignore[override] # exits like the one it stands for, which is typed so
        told = _told(message, self.lang)
        self.exit(2, say(self.lang, "cli.usage_error", message=told, command=self.prog) + "\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Begins with the reader's own word for usage."""

    def __init__(self, prog: str, lang: str = "en", **options: Any) -> None:
        super().__init__(prog, **options)
        self._begins = say(lang, "cli.usage.begins")

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._begins if prefix is None else prefix)


# What Python's own parser finds wrong, in its words, and the key of ours.
_FAULTS = (
    ("required", r"the following arguments are required: (?P<what>.+)"),
    (
        "one_of",
        r"argument (?P<what>.+?): invalid choice: '?(?P<found>.*?)'?(?:, maybe .*)? \(choose from (?P<allowed>.+)\)",
    ),
    ("whole", r"argument (?P<what>.+?): invalid int value: '(?P<found>.*)'"),
    ("not_with", r"argument (?P<what>.+?): not allowed with argument (?P<found>.+)"),
    ("value", r"argument (?P<what>.+?): expected (?:one|at least one) argument"),
    ("unknown", r"unrecognized arguments: (?P<what>.+)"),
    ("ambiguous", r"ambiguous option: (?P<what>.+?) could match (?P<allowed>.+)"),
)


def _told(message: str, lang: str) -> str:
    """What was wrong in the reader's language; Python's own words where it is something else."""
    for key, pattern in _FAULTS:
        hit = re.fullmatch(pattern, message, re.DOTALL)
        if hit:
            return say(
                lang, f"cli.usage.{key}", **{name: text.replace("'", "") for name, text in hit.groupdict().items()}
            )
    return message


def parser(lang: str) -> argparse.ArgumentParser:
    """The parser of the whole command line, speaking zh or en."""
    top = _Parser(
        lang=lang,
        prog="xlplugin",
        description=say(lang, "cli.about"),
        epilog=say(lang, "cli.example", example="xlplugin demo"),
    )
    top.add_argument(
        "--version", action="version", help=say(lang, "cli.usage.version"), version=f"xlplugin {__version__}"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar=say(lang, "cli.command"))
    for name in COMMANDS:
        command = commands.add_parser(
            name,
            lang=lang,
            help=say(lang, f"cli.{name}.help"),
            description=say(lang, f"cli.{name}.help"),
            epilog=say(lang, "cli.example", example=_EXAMPLES[name]),
        )
        _OPTIONS[name](command, lang)
    return top


_EXAMPLES = {
    "demo": "xlplugin demo --out my-demo",
    "grade": "xlplugin grade visitors.csv --scheme purchase_window_habcf -o graded.xlsx --lang zh",
    "place": "xlplugin place project.xlsx --from register.xlsx --aim seated --picture map.png",
    "recalc": "xlplugin recalc register.xlsx --in-place --as-of 2026-03-02",
    "share": "xlplugin share register.xlsx --as values --for 周一鸣",
    "payments": "xlplugin payments 回款明细.csv --into accounts.xlsx --in-place --report 清单.csv",
    "tiers": "xlplugin tiers close-month accounts.xlsx --month 2026-03 --in-place",
    "template": "xlplugin template visitor_register --lang zh -o register.xlsx",
    "schemes": "xlplugin schemes purchase_window_habcf",
    "functions": "xlplugin functions --json",
    "install": "xlplugin install calc",
    "uninstall": "xlplugin uninstall calc",
    "doctor": "xlplugin doctor",
}


def _add(command: _Taking, lang: str, *names: str, text: str, **options: Any) -> None:
    command.add_argument(*names, help=say(lang, f"cli.option.{text}"), **options)


def _output(command: argparse.ArgumentParser, lang: str, text: str, metavar: str, *, in_place: bool = False) -> None:
    """Where the result goes; what stands there already is replaced only when asked for."""
    where = command.add_mutually_exclusive_group()
    _add(where, lang, "-o", "--output", text=text, metavar=metavar)
    if in_place:
        _add(where, lang, "--in-place", text="in_place", action="store_true")
    _replace(command, lang)


def _replace(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "--replace", text="replace", action="store_true")


def _rulebook(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "--rulebook", text="rulebook", metavar="DIR")


def _demo(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "--out", text="demo_out", metavar="DIR", default="xlplugin-demo")
    _replace(command, lang)
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default=lang)


def _grade(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "table", text="table", metavar="TABLE")
    _add(command, lang, "--scheme", text="scheme", metavar="ID", required=True)
    _add(command, lang, "--as-of", text="as_of_grade", metavar="DATE")
    _add(command, lang, "--holidays", text="holidays", metavar="FILE")
    _add(command, lang, "--working-days", text="working_days", action="store_true")
    _output(command, lang, "output_table", "OUT")
    _add(command, lang, "--sheet", text="sheet", metavar="NAME")
    _add(command, lang, "--header-row", text="header_row", metavar="N", type=int)
    _add(command, lang, "--lang", text="lang_codes", choices=("codes", "zh", "en"), default="codes")
    _rulebook(command, lang)


def _place(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "book", text="place_book", metavar="BOOK")
    _add(command, lang, "--from", text="place_from", dest="register", metavar="REGISTER")
    _add(command, lang, "--aim", text="aim", choices=("seated", "rank", "worst"), default="seated")
    _add(command, lang, "--order", text="order", choices=("deposit", "lottery"), default="deposit")
    _add(command, lang, "--draws", text="draws", metavar="N", type=int)
    _add(command, lang, "--seed", text="seed", metavar="S", type=int, default=1)
    _output(command, lang, "output_place", "OUT")
    _add(command, lang, "--picture", text="picture", metavar="FILE")


def _recalc(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "books", text="books", metavar="BOOK", nargs="+")
    _output(command, lang, "output_book", "FILE-or-FOLDER", in_place=True)
    _add(command, lang, "--as-of", text="as_of_book", metavar="DATE")
    _rulebook(command, lang)


def _share(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "books", text="share_book", metavar="BOOK", nargs="+")
    _add(
        command,
        lang,
        "--as",
        text="share_as",
        dest="form",
        choices=("values", "native", "excel", "lite"),
        default="values",
    )
    _add(command, lang, "--mask", text="mask", action=argparse.BooleanOptionalAction, default=True)
    _add(command, lang, "--for", text="share_for", dest="consultant", metavar="NAME")
    _add(command, lang, "--clean", text="clean", action="store_true")
    _add(command, lang, "--password-file", text="password_file", metavar="FILE")
    _output(command, lang, "output_share", "OUT")


def _payments(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "export", text="export", metavar="EXPORT")
    _add(command, lang, "--into", text="into", metavar="BOOK", required=True)
    _output(command, lang, "output_payments", "OUT", in_place=True)
    _add(command, lang, "--mapping", text="mapping", metavar="FILE")
    _add(command, lang, "--save-mapping", text="save_mapping", metavar="FILE")
    _add(command, lang, "--sheet", text="sheet_export", metavar="NAME")
    _add(command, lang, "--report", text="report", metavar="FILE.csv")
    _add(command, lang, "--dry-run", text="dry_run", action="store_true")
    _add(command, lang, "--no-recalc", text="no_recalc", action="store_true")


def _tiers(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "action", text="tiers_action", choices=("close-month",))
    _add(command, lang, "book", text="tiers_book", metavar="BOOK")
    _output(command, lang, "output_tiers", "OUT", in_place=True)
    _add(command, lang, "--month", text="month", metavar="YYYY-MM")


def _template(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "name", text="template_name", metavar="NAME")
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default="zh")
    _add(command, lang, "--rows", text="rows", metavar="N", type=int, default=500)
    _add(command, lang, "--host", text="template_host", choices=("classic", "lite", "native"), default="classic")
    _add(command, lang, "--floors", text="floors", metavar="N", type=int)
    _add(command, lang, "--stacks", text="stacks", metavar="N", type=int)
    _output(command, lang, "output_template", "FILE")


def _schemes(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "id", text="scheme_id", metavar="ID", nargs="?")
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default=lang)
    _rulebook(command, lang)


def _functions(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "--json", text="json", action="store_true")
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default=lang)


def _install(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "host", text="install_host", choices=("excel", "calc"))
    _add(command, lang, "--book", text="install_book", metavar="BOOK.xlsm")
    _add(command, lang, "--build-only", text="build_only", action="store_true")
    _output(command, lang, "output_extension", "FILE")
    _add(command, lang, "--program", text="program", metavar="PATH")
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default=lang)


def _uninstall(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "host", text="uninstall_host", choices=("excel", "calc"))
    _add(command, lang, "--program", text="program", metavar="PATH")


def _doctor(command: argparse.ArgumentParser, lang: str) -> None:
    _add(command, lang, "--program", text="program", metavar="PATH")
    _add(command, lang, "--lang", text="lang", choices=("zh", "en"), default=lang)


_OPTIONS = {
    "demo": _demo,
    "grade": _grade,
    "place": _place,
    "recalc": _recalc,
    "share": _share,
    "payments": _payments,
    "tiers": _tiers,
    "template": _template,
    "schemes": _schemes,
    "functions": _functions,
    "install": _install,
    "uninstall": _uninstall,
    "doctor": _doctor,
}
