"""Excel on Windows through classic xlwings (its BSD part): the functions, their installation, and what is installed."""

from xlplugin.hosts.excel._install import install, uninstall
from xlplugin.hosts.excel._status import Finding, status

__all__ = ["Finding", "install", "status", "uninstall"]
