"""Every sentence a user can read, in Chinese and English side by side; code carries keys, never sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.texts import (
    accounts_en,
    accounts_zh,
    calc_en,
    calc_zh,
    call_form_en,
    call_form_zh,
    cli_en,
    cli_zh,
    en,
    excel_en,
    excel_zh,
    lite_en,
    lite_zh,
    native_en,
    native_zh,
    payments_en,
    payments_zh,
    place_en,
    place_zh,
    placement_en,
    placement_zh,
    register_en,
    register_zh,
    share_en,
    share_zh,
    zh,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LANGUAGES", "printed", "say"]

LANGUAGES = ("zh", "en")
_TEXTS = {
    "zh": zh.TEXTS
    | cli_zh.TEXTS
    | register_zh.TEXTS
    | lite_zh.TEXTS
    | calc_zh.TEXTS
    | call_form_zh.TEXTS
    | excel_zh.TEXTS
    | share_zh.TEXTS
    | native_zh.TEXTS
    | payments_zh.TEXTS
    | place_zh.TEXTS
    | placement_zh.TEXTS
    | accounts_zh.TEXTS,
    "en": en.TEXTS
    | cli_en.TEXTS
    | register_en.TEXTS
    | lite_en.TEXTS
    | calc_en.TEXTS
    | call_form_en.TEXTS
    | excel_en.TEXTS
    | share_en.TEXTS
    | native_en.TEXTS
    | payments_en.TEXTS
    | place_en.TEXTS
    | placement_en.TEXTS
    | accounts_en.TEXTS,
}


def say(lang: str, key: str, /, **facts: object) -> str:
    """The sentence a key stands for, in Chinese (`zh`) or English (anything else), with its facts filled in."""
    text = _TEXTS["zh" if lang == "zh" else "en"][key]
    return text.format_map(facts) if facts else text


def printed(lang: str) -> Iterator[str]:
    """All the sentences of a language, as they are before facts are filled in."""
    yield from _TEXTS[lang].values()
