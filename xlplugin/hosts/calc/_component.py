"""The part of the add-in that LibreOffice loads: it takes a call, finds the document's calendar, and passes it on.

It runs in LibreOffice's own Python, from the top of the add-in's folder; `uno` is there, this package is not installed.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import unohelper  # type: ignore[import-not-found] # comes with LibreOffice
from com.sun.star.lang import XServiceInfo  # type: ignore[import-not-found] # UNO makes modules of its types
from org.xlplugin import XFunctions  # type: ignore[import-not-found] # as above, from our own type library

# Other Pythons on this machine may have another version of this package installed; ours goes first.
sys.path.insert(0, str(Path(__file__).parent / "pythonpath"))

from xlplugin.hosts.calc._calls import functions
from xlplugin.hosts.calc._names import SERVICE, method_name
from xlplugin.worksheet import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH_1900 = date(1899, 12, 30).toordinal()
_SECONDS = 0.5  # how long a document's calendar is taken as read; asking costs as much as a call


class _Calendar:
    """Day 0 of the serial dates of the document that calls; a person may change it in the options."""

    def __init__(self) -> None:
        self._document: Any = None
        self._until = 0.0
        self._epoch = _EPOCH_1900

    def epoch(self, document: Any) -> int:
        """Day 0 as an ordinal; Excel's usual one where no document calls."""
        if document is None:
            return _EPOCH_1900
        now = monotonic()
        if now > self._until or document != self._document:
            day = document.NullDate
            self._epoch = date(day.Year, day.Month, day.Day).toordinal()
            self._document, self._until = document, now + _SECONDS
        return self._epoch


_calendar = _Calendar()
_desks: dict[int, dict[str, Callable[[tuple[object, ...]], object]]] = {}  # by day 0


def _method(name: str) -> Callable[..., object]:
    def call(_self: object, document: Any, *cells: object) -> object:
        epoch = _calendar.epoch(document)
        desk = _desks.get(epoch)
        if desk is None:
            desk = _desks[epoch] = functions(epoch)
        return desk[name](cells)

    return call


class Functions(unohelper.Base, XFunctions, XServiceInfo):  # type: ignore[misc] # untyped
    """The service that LibreOffice asks for."""

    def __init__(self, context: object) -> None:
        self.context = context

    def getImplementationName(self) -> str:  # noqa: N802 - UNO's names
        """The name under which the service is registered."""
        return SERVICE

    def supportsService(self, name: str) -> bool:  # noqa: N802 - UNO's names
        """Whether this is that service."""
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802 - UNO's names
        """The services this is."""
        return (SERVICE,)


for _name in FUNCTIONS:
    setattr(Functions, method_name(_name), _method(_name))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the name LibreOffice looks for
g_ImplementationHelper.addImplementation(Functions, SERVICE, (SERVICE,))
