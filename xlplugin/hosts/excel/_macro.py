"""The few lines of VBA that are ours: the refresh macro, and the ribbon button that calls it."""

from __future__ import annotations

__all__ = ["BUTTON", "MODULE_NAME", "vba"]

MODULE_NAME = "xlplugin_refresh"
BUTTON = f"{MODULE_NAME}.XlpRefreshButton"
_MACRO = f"""Attribute VB_Name = "{MODULE_NAME}"
Option Explicit

Public Sub XlpRefresh()
    RunPython "import xlplugin.hosts.excel.refresh as refresh; refresh.main()"
End Sub
"""
_CALLBACK = """
Public Sub XlpRefreshButton(control As IRibbonControl)
    XlpRefresh
End Sub
"""


def vba(*, button: bool) -> bytes:
    """The module as a .bas file; VBA reads only lines that end in CR LF.

    Args:
        button: with the ribbon button's callback, for the add-in; a workbook has the macro alone.
    """
    return (_MACRO + (_CALLBACK if button else "")).replace("\n", "\r\n").encode("ascii")
