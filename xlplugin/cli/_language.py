"""The language a person at this machine reads."""

from __future__ import annotations

import os

__all__ = ["message_language"]


def message_language() -> str:
    """`zh` where XLP_LANG or the system's language is Chinese, else `en`."""
    for name in ("XLP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith(("zh", "chinese")) else "en"
    if os.name != "nt":
        return "en"
    import locale  # noqa: PLC0415 - only Windows keeps its language elsewhere than in the environment

    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
