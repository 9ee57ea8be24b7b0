"""A font that has Chinese signs, from those that systems come with."""

from __future__ import annotations

from xlplugin.errors import XlpError

__all__ = ["font_for"]

# In this order; a collection of several faces is known by its first, which is the Japanese one.
_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "SimHei",
    "DengXian",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "SimSun",
    "Songti SC",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
_USUAL = "DejaVu Sans"  # comes with matplotlib


def font_for(text: str) -> list[str]:
    """The families to draw a text with, first choice first.

    Raises:
        XlpError: `no_chinese_font`, where the text needs one and there is none.
    """
    from matplotlib import font_manager  # noqa: PLC0415 - an extra

    if not any("⺀" <= sign <= "鿿" for sign in text):
        return [_USUAL]
    there = {entry.name for entry in font_manager.fontManager.ttflist}
    found = [family for family in _FAMILIES if family in there]
    if not found:
        raise XlpError("no_chinese_font", allowed=", ".join(_FAMILIES[:6]))
    return [found[0], _USUAL]
