"""The add-in put into a user's LibreOffice and taken out again: wholly or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlplugin import __version__
from xlplugin.errors import XlpError
from xlplugin.hosts.calc._alone import alone_with
from xlplugin.hosts.calc._extension import build
from xlplugin.hosts.calc._names import IDENTIFIER
from xlplugin.hosts.calc._office import Office, check_profile, check_version, clean_environment, find_office
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Outcome", "State", "install", "state", "uninstall"]

_WAIT = 240  # seconds; the script itself gives up earlier
_TRIAL = ("XLP_GRADE", ["purchase_window_habcf", "days_to_purchase", 5.0], "H")


@dataclass(frozen=True)
class Outcome:
    """What an installation or removal did.

    Args:
        office: the LibreOffice it was done for.
        before: the version that was installed before; empty for none.
        after: the version that is installed now; empty for none.
        everyone: the version an administrator installed for everyone; empty for none.
    """

    office: Office
    before: str
    after: str
    everyone: str = ""

    def sentences(self, lang: str) -> Iterator[str]:
        """What was done, in words, and what to do next."""
        facts = {"office": self.office.version, "path": self.office.profile, "before": self.before}
        if not self.after:
            yield say(lang, "calc.removed" if self.before else "calc.was_not_there", **facts)
            if self.everyone:
                yield say(lang, "calc.stays_for_everyone", everyone=self.everyone, identifier=IDENTIFIER)
            return
        yield say(lang, "calc.installed", version=self.after, **facts)
        if self.before and self.before != self.after:
            yield say(lang, "calc.replaced", **facts)
        yield say(lang, "calc.next")


@dataclass(frozen=True)
class State:
    """What is there, found without starting anything.

    Args:
        office: the LibreOffice; None where there is none.
        installed: the add-in's version in the user's profile; empty for none.
        everyone: the version an administrator installed for everyone; empty for none.
    """

    office: Office | None
    installed: str
    everyone: str

    def sentences(self, lang: str) -> Iterator[str]:
        """The state in words."""
        if self.office is None:
            yield say(lang, "calc.state.no_office")
            return
        facts = {"found": self.office.version or "?", "path": self.office.starter, "profile": self.office.profile}
        yield say(lang, "calc.state.office" if self.office.is_new_enough else "calc.state.old_office", **facts)
        yield say(lang, f"calc.state.{self._add_in()}", version=self.installed or self.everyone, ours=__version__)
        if self.installed and self.everyone:
            yield say(lang, "calc.state.everyone_too", everyone=self.everyone)

    def _add_in(self) -> str:
        """Which sentence tells of the add-in; a user's own goes before the one for everyone."""
        there = self.installed or self.everyone
        if not there:
            return "not_installed"
        newer = _numbers(there) > _numbers(__version__)
        kind = "installed" if there == __version__ else "newer" if newer else "other_version"
        return kind if self.installed or newer else f"{kind}_for_everyone"


def state(program: Path | str | None = None, profile: Path | str | None = None) -> State:
    """What of LibreOffice and of the add-in is on this machine; nothing is started."""
    try:
        office = _office(program, profile)
    except XlpError:
        return State(None, "", "")
    return State(office, _version_in(office.profile / "user"), _version_for_everyone(office))


def install(
    program: Path | str | None = None,
    profile: Path | str | None = None,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
) -> Outcome:
    """What was installed; the add-in has been tried in a LibreOffice started afresh, or taken out again.

    Args:
        program: LibreOffice's `soffice` or its folder; the one found on this machine without it.
        profile: the folder of the user's settings; LibreOffice's usual one without it.
        progress: told steps done, steps in all, and of what: build, install, try.

    Raises:
        XlpError: no LibreOffice or too old a one, a profile in use or read-only, a newer add-in there already or one
            for everyone, or LibreOffice refused it.
    """
    office = _office(program, profile)
    check_version(office)
    with alone_with(office.profile):
        check_profile(office.profile)
        there = _version_there(office)
        python = office.python()
        before = _put_in(office, python, there, progress)
        progress(2, 3, "try")
        _keep_if_it_works(office, python, before)
        progress(3, 3, "try")
    return Outcome(office, before, __version__)


def _put_in(office: Office, python: Path, there: str, progress: Callable[[int, int, str], None]) -> str:
    """The version that was there before; the add-in is in its place now, or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        progress(0, 3, "build")
        oxt = build(Path(folder) / f"xlplugin-{__version__}.oxt")
        progress(1, 3, "install")
        try:
            return str(_ask(office, python, do="add", oxt=str(oxt)))
        except XlpError:
            # LibreOffice lists an add-in that it could not start, and puts the one before it back where it can.
            if _version_in(office.profile / "user") != there:
                _ask(office, python, do="remove")
            raise


def _keep_if_it_works(office: Office, python: Path, before: str) -> None:
    """Takes the add-in out again where it gives a wrong answer, or none."""
    try:
        _try(office, python)
    except XlpError as error:
        _ask(office, python, do="remove")
        if before:
            raise XlpError("calc_failed_older", before=before, **error.facts) from error
        raise


def uninstall(program: Path | str | None = None, profile: Path | str | None = None) -> Outcome:
    """What was taken out of the user's LibreOffice.

    Args:
        program: LibreOffice's `soffice` or its folder; the one found on this machine without it.
        profile: the folder of the user's settings; LibreOffice's usual one without it.

    Raises:
        XlpError: no LibreOffice, a profile in use or read-only, or LibreOffice did not remove it.
    """
    office = _office(program, profile)
    everyone = _version_for_everyone(office)
    if not _version_in(office.profile / "user"):
        return Outcome(office, "", "", everyone)
    with alone_with(office.profile):
        check_profile(office.profile)
        before = _ask(office, office.python(), do="remove")
        left = _version_in(office.profile / "user")
    if left:
        raise XlpError("calc_not_removed", found=left)
    return Outcome(office, before, "", everyone)


def _office(program: Path | str | None, profile: Path | str | None) -> Office:
    office = find_office(program)
    return office if profile is None else Office(office.starter, office.version, Path(profile).absolute())


def _version_there(office: Office) -> str:
    """The user's own version that is to be replaced; empty for none.

    Raises:
        XlpError: `calc_newer`; `calc_everyone`, beside which LibreOffice does not start a second one.
    """
    there = _version_in(office.profile / "user")
    if there and _numbers(there) > _numbers(__version__):
        raise XlpError("calc_newer", found=there, version=__version__)
    everyone = _version_for_everyone(office)
    if everyone and not there:
        raise XlpError("calc_everyone", found=everyone, version=__version__)
    return there


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _version_in(settings: Path) -> str:
    """The version of our add-in that a settings folder lists as installed; empty where it lists none.

    LibreOffice lists its extensions in a small file of lines: an identifier, then file, kind and version with 0xFF
    between them. The unpacked files say nothing: they stay until the next start after an extension was removed.
    """
    try:
        listed = (settings / "uno_packages/cache/uno_packages.pmap").read_bytes()
    except OSError:
        return ""
    lines = [line.strip(b"\xff") for line in listed.removeprefix(b"Pmp1").split(b"\n")]
    if IDENTIFIER.encode() not in lines[::2]:
        return ""
    entry = lines[2 * lines[::2].index(IDENTIFIER.encode()) + 1].split(b"\xff")
    return entry[3].decode() if len(entry) > 3 else "?"


def _version_for_everyone(office: Office) -> str:
    """The version of our add-in that an administrator installed for everyone, or that came with LibreOffice.

    No list of those is kept; they are known by their unpacked files. Beside one that was removed lies a note, until
    LibreOffice is next started.
    """
    for place in ("share", "Resources"):  # the second on macOS
        folder = office.starter.parent.parent / place
        unpacked = [*folder.glob("uno_packages/cache/uno_packages/*.tmp_/*"), *folder.glob("extensions/*")]
        for add_in in unpacked:
            if not add_in.parent.with_name(add_in.parent.name.removesuffix("_") + "removed").exists():
                version = _described(add_in / "description.xml")
                if version:
                    return version
    return ""


def _described(description: Path) -> str:
    """The version that an extension's description gives, where the extension is ours."""
    try:
        text = description.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    version = re.search(r'<version value="([^"]+)"', text)
    return version[1] if version and f'"{IDENTIFIER}"' in text else ""


def _try(office: Office, python: Path) -> None:
    function, arguments, expected = _TRIAL
    found = _ask(office, python, do="try", function=function, arguments=arguments)
    if found != expected:
        raise XlpError("calc_failed", found=f"{function} = {found}")


def _ask(office: Office, python: Path, **orders: object) -> Any:
    """What the script that talks to LibreOffice reports."""
    orders |= {"starter": str(office.starter), "profile": office.profile.as_uri(), "identifier": IDENTIFIER}
    cause = "calc_not_removed" if orders["do"] == "remove" else "calc_failed"
    with as_file(files("xlplugin.hosts.calc").joinpath("_manager.py")) as script:
        try:
            said, complaint = _run([str(python), str(script)], json.dumps(orders))
        except BaseException as stopped:
            # A LibreOffice that is stopped on its way leaves its lock; there was none before, so it is ours.
            (office.profile / ".lock").unlink(missing_ok=True)
            if isinstance(stopped, subprocess.TimeoutExpired):
                raise XlpError(cause, found=f"> {_WAIT} s") from None
            raise
    report = json.loads(said) if said else {"failed": complaint.strip().rpartition("\n")[2]}
    if "failed" in report:
        raise XlpError(cause, found=report["failed"])
    return report["done"]


def _run(command: list[str], orders: str) -> tuple[str, str]:
    """What a command says and complains of; whatever it has started ends with it, even when it is interrupted."""
    with subprocess.Popen(  # noqa: S603 - our own script, in the Python that was found
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=clean_environment(),
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(orders, timeout=_WAIT)
        finally:
            if hasattr(os, "killpg"):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
