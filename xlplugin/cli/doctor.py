"""`xlplugin doctor`: a true picture of what is installed here, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
import sys
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

from xlplugin import __version__
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_MARKS = {"ok": "✓", "todo": "✗", "info": "·"}
_ENGINE = "formualizer"
_PACKAGES = ("xlwings", "openpyxl", "pandas", "XlsxWriter", "python-calamine")
# What some commands need and most offices don't, with the sentence by which those commands say so.
_EXTRAS = {"scipy": "no_scipy", "matplotlib": "no_matplotlib", "msoffcrypto-tool": "share_no_crypto"}
_OLDEST_PYTHON = (3, 11)

Line = tuple[str, str]


def run(options: argparse.Namespace, _lang: str) -> int:
    """Prints every part of the picture, and how much is to be done."""
    lang = options.lang
    to_do = 0
    calc = partial(_calc, program=options.program)
    for heading, part in (("base", _base), ("excel", _excel), ("calc", calc), ("lite", _lite)):
        print(say(lang, f"doctor.heading.{heading}"))
        for state, sentence in part(lang):
            to_do += state == "todo"
            print(f"  {_MARKS[state]} {sentence}")
    print(say(lang, "doctor.to_do", count=to_do) if to_do else say(lang, "doctor.all_well"))
    return 0


def _base(lang: str) -> Iterator[Line]:
    yield "ok", say(lang, "doctor.xlplugin", version=__version__)
    yield _python(lang)
    yield _rulebook(lang)
    yield _engine(lang)
    yield from (_package(lang, name) for name in _PACKAGES)
    yield from (_extra(lang, name) for name in _EXTRAS)


def _python(lang: str) -> Line:
    version = platform.python_version()
    if sys.version_info < _OLDEST_PYTHON:
        return "todo", say(lang, "doctor.old_python", version=version)
    system = f"{platform.system()} {platform.release()}"
    return "ok", say(lang, "doctor.python", version=version, system=system, path=sys.executable)


def _rulebook(lang: str) -> Line:
    from xlplugin.rulebook import load  # noqa: PLC0415 - what it raises is part of the picture

    folder = os.environ.get("XLP_RULEBOOK", "")
    try:
        count = len(load())
    except XlpError as error:
        return "todo", error.sentence(lang)
    own = say(lang, "doctor.own_rulebook", path=folder) if folder else ""
    return "ok", say(lang, "doctor.rulebook", count=count, own=own)


def _engine(lang: str) -> Line:
    version = _version(_ENGINE)
    if not version:
        return "todo", say(lang, "doctor.package_missing", name=_ENGINE)
    facts = {"name": _ENGINE, "version": version}
    wanted = _wanted(_ENGINE)
    if not _within(version, wanted):
        return "todo", say(lang, "doctor.engine_wrong", wanted=wanted, **facts)
    try:
        import_module(_ENGINE)
    except ImportError as error:  # a wheel of another system, or a damaged one
        return "todo", say(lang, "doctor.engine_fails", found=error, **facts)
    return "ok", say(lang, "doctor.engine", **facts)


def _package(lang: str, name: str) -> Line:
    version = _version(name)
    if version:
        return "ok", say(lang, "doctor.package", name=name, version=version)
    return "todo", say(lang, "doctor.package_missing", name=name)


def _extra(lang: str, name: str) -> Line:
    version = _version(name)
    if version:
        return "ok", say(lang, "doctor.package", name=name, version=version)
    return "info", say(lang, "doctor.extra_missing", name=name, needs=XlpError(_EXTRAS[name]).sentence(lang))


def _version(name: str) -> str:
    try:
        return version_of(name)
    except PackageNotFoundError:
        return ""


def _wanted(name: str) -> str:
    """The versions our own package asks for, such as `>=0.13,<0.14`; empty where it is not installed as one."""
    try:
        asked = requires("xlplugin") or []
    except PackageNotFoundError:
        return ""
    return next((line.removeprefix(name).strip() for line in asked if line.startswith(name)), "")


def _within(version: str, wanted: str) -> bool:
    tests = {">=": lambda here, limit: here >= limit, "<": lambda here, limit: here < limit}
    for part in filter(None, wanted.split(",")):
        sign = ">=" if part.startswith(">=") else "<" if part.startswith("<") and not part.startswith("<=") else ""
        if sign and not tests[sign](_numbers(version), _numbers(part[len(sign) :])):
            return False
    return True


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _excel(lang: str) -> Iterator[Line]:
    from xlplugin.hosts.excel import status  # noqa: PLC0415 - loaded when it is asked for

    return ((found.state, say(lang, found.key, **found.facts)) for found in status())


def _calc(lang: str, program: str | None) -> Iterator[Line]:
    from xlplugin.hosts.calc import find_office, state  # noqa: PLC0415 - the same

    found = state(find_office(program).starter if program else None)
    ready = found.office is not None and found.office.is_new_enough
    there = found.installed or found.everyone
    sentences = list(found.sentences(lang))
    if found.office is None:
        states = ["info"]
    else:
        states = ["ok" if ready else "todo", "ok" if there == __version__ else "todo" if there else "info"]
    return zip([*states, *["info"] * len(sentences)], sentences)


def _lite(lang: str) -> Iterator[Line]:
    yield "info", say(lang, "doctor.lite")
