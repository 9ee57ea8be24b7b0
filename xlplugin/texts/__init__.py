"""Every sentence a user can read, in Chinese and English side by side; code carries keys, never sentences."""

from __future__ import annotations

from xlplugin.texts import cli_en, cli_zh, en, register_en, register_zh, zh

__all__ = ["LANGUAGES", "say"]

LANGUAGES = ("zh", "en")
_TEXTS = {"zh": zh.TEXTS | cli_zh.TEXTS | register_zh.TEXTS, "en": en.TEXTS | cli_en.TEXTS | register_en.TEXTS}


def say(lang: str, key: str, /, **facts: object) -> str:
    """The sentence a key stands for, in Chinese (`zh`) or English (anything else), with its facts filled in."""
    text = _TEXTS["zh" if lang == "zh" else "en"][key]
    return text.format_map(facts) if facts else text
