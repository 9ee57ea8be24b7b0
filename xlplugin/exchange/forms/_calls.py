"""Calls of our functions in formulas as files hold them, in any host's spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.hosts._references import closing
from xlplugin.hosts.lite import PREFIX
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Call", "calls", "is_reference", "plainly", "replaced", "unwrapped", "with_prefix"]

_SCAN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<call>(?:(?<![\w.])(?:_xll\.|_xldudf_(?:\w+?_)?(?=XLP_))|\[\d+\]!|'(?:[^']|'')*'!|(?<![\w.])[\w.]+!|(?<![\w.]))
      (?P<name>XLP_\w+)\s*\()
    |(?P<quoted>'(?:[^']|'')*')
    |(?P<mark>[\[(){},])""",
    re.IGNORECASE | re.VERBOSE,
)
_WRAPPED = re.compile(r'IF\(\s*(?P<cells>.+?)\s*=\s*""\s*,\s*""\s*,\s*(?P=cells)\s*\)', re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(
    r"""(?:'(?:[^']|'')+'!|[^\W\d][\w.]*!)?
    (?:\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|[^\W\d][\w.\\]*)
    |(?:[^\W\d][\w.]*)?\[.*\]""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# The ranges that Lite must be handed with texts in place of blanks, see `workbooks.spelling`.
_KEPT_BLANK = ("evidence", "rules")


class Call(NamedTuple):
    """A call of one of our functions: where it stands in the formula, and its arguments as written."""

    start: int
    end: int
    name: str
    args: tuple[str, ...]

    def arg(self, name: str) -> str:
        """An argument by its name, without space around it; empty where it is left out."""
        names = [arg.name for arg in FUNCTIONS[self.name].args]
        place = names.index(name) if name in names else len(self.args)
        return self.args[place].strip() if place < len(self.args) else ""


def calls(formula: str) -> Iterator[Call]:
    """The outermost calls of our functions in a formula, in order; calls inside their arguments are not listed."""
    done = 0
    for hit in _hits(formula, 0):
        if hit["call"] and hit.start() >= done:
            args, done = _arguments(formula, hit.end())
            if not done:  # a bracket that is never closed
                return
            yield Call(hit.start(), done, hit["name"].upper(), tuple(args))


def _hits(formula: str, at: int) -> Iterator[re.Match[str]]:
    """Texts, calls and marks; what stands in square brackets is a table's and passed over."""
    while hit := _SCAN.search(formula, at):
        at = closing(formula, hit.start()) if hit["mark"] == "[" else hit.end()
        yield hit


def _arguments(formula: str, start: int) -> tuple[list[str], int]:
    """The arguments behind an open bracket, and the place after the bracket that closes them; 0 without one."""
    args, depth, at = list[str](), 0, start
    for hit in _hits(formula, start):
        mark = hit["mark"] or ("(" if hit["call"] else "")
        if mark == ")" and not depth:
            rest = formula[at : hit.start()]
            return ([*args, rest] if args or rest.strip() else args), hit.end()
        depth += (mark in ("(", "{")) - (mark in (")", "}"))
        if mark == "," and not depth:
            args.append(formula[at : hit.start()])
            at = hit.end()
    return args, 0


def replaced(formula: str, instead: Callable[[Call], str]) -> str:
    """The formula with each outermost call replaced."""
    pieces, done = [], 0
    for call in calls(formula):
        pieces += [formula[done : call.start], instead(call)]
        done = call.end
    return "".join([*pieces, formula[done:]])


def unwrapped(argument: str) -> str:
    """An argument without the IF that keeps blanks from becoming 0."""
    hit = _WRAPPED.fullmatch(argument.strip())
    return hit["cells"] if hit else argument


def plainly(formula: str) -> str:
    """The formula with our functions called by their plain names, as Excel and LibreOffice have them."""
    return replaced(formula, lambda call: f"{call.name}({','.join(plainly(unwrapped(arg)) for arg in call.args)})")


def is_reference(argument: str) -> bool:
    """Whether an argument is a range, a cell, a name or a part of a table, and nothing worked out."""
    text = argument.strip()
    return _REFERENCE.fullmatch(text) is not None and text.upper() not in ("TRUE", "FALSE")


def with_prefix(formula: str) -> str:
    """A formula with plain calls as an Office add-in's functions are stored."""
    return replaced(formula, _for_lite)


def _for_lite(call: Call) -> str:
    names = [arg.name for arg in FUNCTIONS[call.name].args] if call.name in FUNCTIONS else []
    args = [
        f'IF({arg}="","",{arg})'
        if place < len(names) and names[place] in _KEPT_BLANK and is_reference(arg)
        else with_prefix(arg)
        for place, arg in enumerate(call.args)
    ]
    return f"{PREFIX}{call.name}({','.join(args)})"
