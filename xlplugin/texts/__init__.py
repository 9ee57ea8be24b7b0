"""Every sentence a user can read, one file a language; code carries keys, never sentences."""

from __future__ import annotations

from xlplugin.texts import en, register_en, register_zh, zh

__all__ = ["LANGUAGES", "say"]

LANGUAGES = ("zh", "en")
_TEXTS = {"zh": zh.TEXTS | register_zh.TEXTS, "en": en.TEXTS | register_en.TEXTS}


def say(lang: str, key: str, /, **facts: object) -> str:
    """The sentence a key stands for, in Chinese (`zh`) or English (anything else), with its facts filled in."""
    text = _TEXTS["zh" if lang == "zh" else "en"][key]
    return text.format_map(facts) if facts else text
