"""LibreOffice Calc: the add-in (.oxt) built from the function records, installed for a user and taken out again."""

from __future__ import annotations

from xlplugin.hosts.calc._extension import build
from xlplugin.hosts.calc._install import Outcome, State, install, state, uninstall
from xlplugin.hosts.calc._office import Office, find_office
from xlplugin.hosts.calc._parts import OLDEST

__all__ = ["OLDEST", "Office", "Outcome", "State", "build", "find_office", "install", "state", "uninstall"]
