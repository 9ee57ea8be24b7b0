"""Names that workbooks and installations hold on to; none of them changes once released."""

from __future__ import annotations

__all__ = ["COMPONENT", "IDENTIFIER", "INTERFACE", "SERVICE", "method_name"]

IDENTIFIER = "org.xlplugin.calc"  # of the extension, as the extension manager lists it
SERVICE = "org.xlplugin.Functions"  # stored in .ods files, before each function's own name
INTERFACE = "org.xlplugin.XFunctions"
COMPONENT = "xlplugin_calc.py"


def method_name(function: str) -> str:
    """The name UNO gives a function: `XLP_NEXT_CONTACT` is `xlpNextContact`."""
    first, *others = function.lower().split("_")
    return first + "".join(word.capitalize() for word in others)
