"""A script for LibreOffice's own Python: puts an add-in into a profile, takes it out, and tries one of its functions.

It is started as a program with its orders as JSON on standard input, and says what it did as JSON on standard output.
It may use nothing but `uno`: this package is not installed where it runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import uno
import unohelper  # type: ignore[import-not-found] # comes with LibreOffice, as `uno` does
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found] # UNO makes modules of its types
from com.sun.star.task import XInteractionHandler  # type: ignore[import-not-found] # as above
from com.sun.star.ucb import XCommandEnvironment, XProgressHandler  # type: ignore[import-not-found] # as above
from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found] # as above

_WAIT = 60  # seconds for LibreOffice to start or to end; a new profile on a slow disk takes twenty
_QUIET = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")


class _Approving(unohelper.Base, XInteractionHandler, XProgressHandler, XCommandEnvironment):  # type: ignore[misc] # untyped
    """Says yes where LibreOffice asks whether another version is to be replaced; shows no progress."""

    def getInteractionHandler(self) -> Any:  # noqa: N802 - UNO's names
        return self

    def getProgressHandler(self) -> Any:  # noqa: N802 - UNO's names
        return self

    def handle(self, request: Any) -> None:
        approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        for answer in request.getContinuations():
            if answer.queryInterface(approve):
                answer.select()
                return

    def push(self, _status: Any) -> None: ...

    def update(self, _status: Any) -> None: ...

    def pop(self) -> None: ...


class Running:
    """A LibreOffice without windows on one profile, ended when done.

    It stays in this script's group of processes, so that whoever started the script can end all of it at once.
    """

    def __init__(self, starter: str, profile: str) -> None:
        pipe = f"xlplugin{os.getpid()}{time.monotonic_ns()}"
        address = f"pipe,name={pipe};urp;StarOffice.ComponentContext"
        command = [starter, "-env:UserInstallation=" + profile, *_QUIET, "--accept=" + address]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, **quiet)  # type: ignore[call-overload] # noqa: S603 - as it was found
        self.context = self._connected("uno:" + address)

    def _connected(self, address: str) -> Any:
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        end = time.monotonic() + _WAIT
        while time.monotonic() < end and not self._process.poll():  # on Windows the starter may end early, with 0
            try:
                return resolver.resolve(address)
            except NoConnectException:
                time.sleep(0.05)
        self._process.kill()
        raise TimeoutError("LibreOffice did not start")

    def make(self, service: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    def end(self) -> None:
        try:
            self.make("com.sun.star.frame.Desktop").terminate()
            self._process.wait(_WAIT)
        except (UnoException, subprocess.TimeoutExpired):
            self._process.kill()


def _installed(manager: Any, identifier: str) -> Any:
    """The add-in of this user's profile, if it is there."""
    try:
        return manager.getDeployedExtension("user", identifier, identifier, _Approving())
    except UnoException:  # that is how it says there is none
        packages = manager.getDeployedExtensions("user", manager.createAbortChannel(), _Approving())
        return next((package for package in packages if package.getIdentifier().Value == identifier), None)


def _change(running: Running, orders: dict[str, Any]) -> Any:
    """The version that was there before, after the add-in was put in or taken out."""
    manager = running.context.getValueByName("/singletons/com.sun.star.deployment.ExtensionManager")
    before = _installed(manager, orders["identifier"])
    version = before.getVersion() if before else ""
    if orders["do"] == "add":
        url = uno.systemPathToFileUrl(orders["oxt"])
        manager.addExtension(url, (), "user", manager.createAbortChannel(), _Approving())
    elif before:
        name = before.getName()
        manager.removeExtension(orders["identifier"], name, "user", manager.createAbortChannel(), _Approving())
    return version


def _tried(running: Running, orders: dict[str, Any]) -> Any:
    """What one of the functions gives, in a LibreOffice started after the add-in was put in."""
    access = running.make("com.sun.star.sheet.FunctionAccess")
    return access.callFunction(orders["function"], tuple(orders["arguments"]))


def _main() -> None:
    orders = json.load(sys.stdin)
    work = {"add": _change, "remove": _change, "try": _tried}[orders["do"]]
    running = Running(orders["starter"], orders["profile"])
    try:
        report = {"done": work(running, orders)}
    except UnoException as error:
        report = {"failed": f"{type(error).__name__}: {error.Message}"}
    finally:
        running.end()
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    _main()
