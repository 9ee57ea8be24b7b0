"""The LibreOffice on this machine: where it is, which version, whose profile, and the Python it runs add-ins with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.hosts.calc._parts import OLDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Office", "check_profile", "check_version", "find_office"]

_COMMANDS = ("soffice", "libreoffice")
_PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice*/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
    "C:/Program Files (x86)/LibreOffice/program",
)
_STARTERS = ("soffice.exe", "soffice")
_SETTINGS = ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc")
# The folders of a profile that LibreOffice writes into when it starts and when it takes an add-in.
_WRITTEN = ("", "user", "user/extensions", "user/uno_packages", "user/uno_packages/cache")
_PYTHONS = ("python.exe", "python", "../Resources/python")


@dataclass(frozen=True)
class Office:
    """One LibreOffice.

    Args:
        starter: the program file that starts it.
        version: such as `25.2`; empty where its settings do not say.
        profile: the folder of the user's settings, where add-ins are kept too.
    """

    starter: Path
    version: str
    profile: Path

    @property
    def is_new_enough(self) -> bool:
        """Whether plain XLP_ names in an .xlsx find the add-in's functions."""
        return _numbers(self.version) >= _numbers(OLDEST)

    def python(self) -> Path:
        """A Python that can talk to this LibreOffice: its own, or on Linux the system's.

        Raises:
            XlpError: `calc_no_python`; then LibreOffice cannot run add-ins in Python either.
        """
        for candidate in self._pythons():
            try:
                command = [str(candidate), "-c", "import uno, unohelper"]
                done = subprocess.run(  # noqa: S603 - candidates are the office's and this system's own Pythons
                    command, check=False, capture_output=True, timeout=60, env=clean_environment()
                )
            except (OSError, subprocess.TimeoutExpired):
                continue
            if done.returncode == 0:
                return candidate
        raise XlpError("calc_no_python", path=self.starter)

    def _pythons(self) -> Iterator[Path]:
        own = (self.starter.parent / name for name in _PYTHONS)
        yield from (path for path in own if _is_file(path))
        yield from (Path("/usr/bin/python3"), Path(sys.executable))


def clean_environment() -> dict[str, str]:
    """The environment without what would lead another Python to this one's packages.

    LibreOffice starts a Python of its own inside itself, which takes its home from the first `python3` on the path:
    an activated virtual environment there makes it fail.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    folders = [folder for folder in kept.get("PATH", "").split(os.pathsep) if folder]
    kept["PATH"] = os.pathsep.join(folder for folder in folders if not _is_file(Path(folder).parent / "pyvenv.cfg"))
    return kept


def find_office(program: Path | str | None = None) -> Office:
    """The LibreOffice to work with.

    Args:
        program: its `soffice`, or the folder that holds it; without it, the one on the path or in a usual place.

    Raises:
        XlpError: `calc_no_office`, where there is none; `calc_not_there`, where the program named is none.
    """
    for starter in _starters(program):
        settings = _settings(starter.parent)
        if settings:
            version = re.search(r"^ProductKey=\D*([0-9.]+)", settings, re.MULTILINE)
            return Office(starter, version[1] if version else "", _profile(settings))
    if program is not None:
        raise XlpError("calc_not_there", path=program)
    raise XlpError("calc_no_office", allowed=OLDEST)


def _starters(program: Path | str | None) -> Iterator[Path]:
    if program is not None:
        given = Path(program).resolve()
        yield from [given] if _is_file(given) else _inside(given)
        return
    for command in _COMMANDS:
        found = shutil.which(command)
        if found:
            yield Path(found).resolve()
    for place in _PLACES:
        anchor = Path(place).anchor
        for folder in sorted(Path(anchor or ".").glob(place[len(anchor) :]), reverse=True) if anchor else ():
            yield from _inside(folder)


def _inside(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _STARTERS if _is_file(folder / name))


def _is_file(path: Path) -> bool:
    """Whether it is a file one may know of; asking a `Path` raises where one may not look into its folder."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def _settings(folder: Path) -> str:
    for name in _SETTINGS:
        try:
            return (folder / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
    return ""


def _profile(settings: str) -> Path:
    """The folder that LibreOffice's own settings name for this user."""
    line = re.search(r"^UserInstallation=(.*)$", settings, re.MULTILINE)
    place = line[1].strip() if line else "$SYSUSERCONFIG/libreoffice/4"
    if sys.platform == "win32":
        home = Path(os.environ.get("APPDATA", Path.home() / "AppData/Roaming"))
    elif sys.platform == "darwin":
        home = Path.home() / "Library/Application Support"
    else:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return Path(place.replace("$SYSUSERCONFIG", str(home)))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def check_version(office: Office) -> None:
    """Nothing where the functions will work.

    Raises:
        XlpError: `calc_too_old`, saying what would not work.
    """
    if not office.is_new_enough:
        raise XlpError("calc_too_old", found=office.version or "?", allowed=OLDEST, path=office.starter)


def check_profile(profile: Path) -> None:
    """Nothing where add-ins can be changed in this profile now.

    Raises:
        XlpError: `calc_in_use` while LibreOffice is open on it, `calc_read_only` where it cannot be written.
    """
    lock = profile / ".lock"
    folder = profile
    try:
        if lock.exists():
            raise XlpError("calc_in_use", path=lock)
        profile.mkdir(parents=True, exist_ok=True)
        for folder in (profile / name for name in _WRITTEN):
            if os.path.lexists(folder):
                with tempfile.TemporaryFile(dir=folder):
                    pass
    except OSError as error:
        raise XlpError("calc_read_only", path=folder, found=error) from None
