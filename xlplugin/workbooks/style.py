"""How a template looks: its colours and cell formats. Every colour also differs in lightness or goes with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

__all__ = ["GRADES", "Style", "workbook_options"]

_FONT = {"zh": "等线", "en": "Calibri"}
_LINE = "#D0D0D0"
_DATE = "yyyy-mm-dd"
_NUMBERS = {
    "date": _DATE,
    "moment": f"{_DATE} hh:mm",
    "month": "yyyy-mm",
    "time": "hh:mm",
    "amount": "#,##0.##",
    "money": "#,##0",
    "balance": "#,##0;-#,##0;0",
    "points": "+0.0;-0.0;0.0",
    "whole": "0",
    "days": "0",
    "serial": "0;-0;",
    "percent": "0%",
    "share": "0%",
    "tenths": "0.0%",
}

# From dark to light by urgency: told apart in grey and by the colour-blind; the letter stands in the cell anyway.
GRADES: dict[str, dict[str, Any]] = {
    "H": {"bg_color": "#0B3C6F", "font_color": "#FFFFFF", "bold": True},
    "A": {"bg_color": "#2E75B6", "font_color": "#FFFFFF", "bold": True},
    "B": {"bg_color": "#7DB1DD", "font_color": "#000000"},
    "C": {"bg_color": "#C9DFF2", "font_color": "#000000"},
    "D": {"bg_color": "#FFFFFF", "font_color": "#404040"},
    "E": {"bg_color": "#FFFFFF", "font_color": "#808080"},
    "F": {"bg_color": "#FFFFFF", "font_color": "#808080", "font_strikeout": True},
}
_BOX: dict[str, Any] = {"border": 1, "border_color": "#A6A6A6"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 16, "bold": True, "font_color": "#1F3864"},
    "purpose": {"font_color": "#595959"},
    "banner": {"bold": True, "font_color": "#C00000"},
    "label": {"align": "right", "font_color": "#404040"},
    "label_left": {"font_color": "#404040"},
    "hint": {"font_size": 8, "font_color": "#7F7F7F"},
    "as_of": {"num_format": _DATE, "border": 1, "border_color": "#7F7F7F", "align": "center"},
    "count": {
        "bold": True,
        "font_size": 12,
        "align": "center",
        "border": 1,
        "border_color": _LINE,
        "bg_color": "#F2F2F2",
    },
    "section": {"bold": True, "font_size": 12, "font_color": "#1F3864", "bottom": 1, "bottom_color": "#1F3864"},
    "text": {"text_wrap": True, "indent": 1},
    "list": {"font_size": 9, "align": "center", "text_wrap": True},
    "list_wide": {"font_size": 8, "align": "left", "indent": 1, "text_wrap": True},
    "from": {"align": "center", "bold": True, "border": 1, "border_color": "#7F7F7F"},
    "list_percent": {"font_size": 9, "align": "center", "num_format": "0%"},
    "list_amount": {"font_size": 9, "align": "center", "num_format": _NUMBERS["amount"]},
    "map_head": {"bg_color": "#595959", "font_color": "#FFFFFF", "bold": True, "align": "center"},
    "map_side": {"bold": True, "align": "center"},
    "map_unit": {"font_size": 8, "text_wrap": True, "align": "left", "valign": "vcenter"},
    "map_building": {"font_size": 14, "bold": True, "font_color": "#1F3864"},
    "map_legend": {"font_size": 9, "align": "center"},
    "number": {"align": "center", "font_color": "#7F7F7F"},
    "form_label": {"align": "right", "indent": 1, "font_color": "#404040", "bg_color": "#F2F2F2", **_BOX},
    "form_choice": {"bold": True, "font_size": 12, "align": "center", "num_format": "@", "border": 2},
    "form_section": {"bold": True, "font_size": 12, "font_color": "#1F3864", "valign": "bottom"},
    "form_said": {"text_wrap": True, "indent": 1, **_BOX},
    "form_answer": {"align": "center", **_BOX},
    "form_note": {"text_wrap": True, "indent": 1, "bottom": 1, "bottom_color": "#A6A6A6"},
    "form_sign": {"align": "right", "valign": "bottom"},
    "form_text": {"text_wrap": True, "indent": 1, **_BOX},
    **{
        f"form_{kind}": {"align": "left", "indent": 1, "num_format": _NUMBERS[kind], **_BOX}
        for kind in ("date", "moment", "amount", "whole")
    },
    "head_input": {"bg_color": "#1F4E79", "font_color": "#FFFFFF"},
    "head_evidence": {"bg_color": "#2F6B4F", "font_color": "#FFFFFF"},
    "head_computed": {"bg_color": "#595959", "font_color": "#FFFFFF"},
    "band_input": {"bg_color": "#D9E5F1", "font_color": "#1F4E79"},
    "band_evidence": {"bg_color": "#DCEBE2", "font_color": "#2F6B4F"},
    "band_computed": {"bg_color": "#E4E4E4", "font_color": "#404040"},
}
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "align": "center", "border": 1, "border_color": "#FFFFFF"}
_BAND = {"bold": True, "font_size": 9, "valign": "vcenter"}

# What a rule paints over a cell; keys are used by the sheets' rules.
_MARKS: dict[str, dict[str, Any]] = {
    "banner": {"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True},
    "overdue": {"bg_color": "#9C2A10", "font_color": "#FFFFFF", "bold": True},
    "today": {"bg_color": "#F4B183", "font_color": "#000000", "bold": True},
    "soon": {"bg_color": "#FFF2CC", "font_color": "#000000"},
    "pending": {"bg_color": "#E4D9F0", "font_color": "#3F2463", "bold": True},
    "quiet": {"font_color": "#808080"},
    "stopped": {"font_color": "#808080", "font_strikeout": True},
    "continued": {"bg_color": "#F7F7F7", "font_color": "#969696", "italic": True},
    "flagged": {"bg_color": "#FCE4D6", "underline": True},
    "overwritten": {"bg_color": "#F8CBAD", "font_color": "#9C0006", "italic": True, "bold": True},
    "typed_over": {"font_color": "#0000FF", "bold": True},
    # LibreOffice takes a rule's borders as all there are, so the other three are said again.
    "required": {"border": 1, "border_color": _LINE, "left": 1, "left_color": "#ED7D31"},
    "missing": {"bg_color": "#FDE9D9"},
    "bad": {"font_color": "#9C0006", "bold": True},
    "wary": {"font_color": "#7F6000", "bold": True},
    "changed": {"bg_color": "#FFE699", "bold": True},
    # States of units, each of another lightness, and named or signed in the cell besides.
    "vacant": {"bg_color": "#F2F2F2", "font_color": "#404040"},
    "matched": {"bg_color": "#9CCB7F", "font_color": "#000000"},
    "contested": {"bg_color": "#FFE08A", "font_color": "#000000"},
    "heap": {"bg_color": "#B3261E", "font_color": "#FFFFFF", "bold": True},
    "sold": {"bg_color": "#BFBFBF", "font_color": "#595959", "italic": True},
    "listed": {"border": 1, "border_color": _LINE, "bg_color": "#F2F2F2"},
    "tier_vip": {"bg_color": "#000000", "font_color": "#FFFFFF", "bold": True},
    "lost": {"pattern": 14, "bg_color": "#FDE9D9", "fg_color": "#ED7D31", "bold": True},
    "filled": {"bg_color": "#E2EFDA"},
    "likely": {"bg_color": "#FFF8DC", "italic": True},
    "day_alone": {"num_format": _DATE},
}


_MAP = {"border": 1, "border_color": "#7F7F7F"}
_MARKS |= {f"map_{state}": _MARKS[state] | _MAP for state in ("vacant", "matched", "contested", "heap", "sold")}
_MARKS |= {f"{due}_day": _MARKS[due] | _MARKS["day_alone"] for due in ("overdue", "today")}
_MARKS["map_wished"] = {"bg_color": "#DDEFD3", "font_color": "#000000", **_MAP}
_MARKS["map_heap"] = {**_MARKS["map_heap"], "bold": False}
_MARKS["map_side"] = {"bg_color": "#595959", "font_color": "#FFFFFF", "bold": True, **_MAP}


class Style:
    """The formats of one workbook, made when first asked for.

    Args:
        book: the XlsxWriter workbook.
        lang: the language, which decides the font.
    """

    def __init__(self, book: Workbook, lang: str) -> None:
        self._book = book
        self._base: dict[str, Any] = {"font_name": _FONT[lang], "font_size": 10, "valign": "vcenter"}
        self._made: dict[tuple[object, ...], Format] = {}

    def look(self, name: str) -> Format:
        """A format by its name, such as `title`."""
        extra = _HEAD if name.startswith("head_") else _BAND if name.startswith("band_") else {}
        return self._format(("look", name), {**self._base, **extra, **_LOOKS[name]})

    def mark(self, name: str) -> Format:
        """What a rule paints, by its name, such as `overdue`."""
        return self._format(("mark", name), _MARKS[name])

    def grade(self, grade: str, *, overridden: bool = False) -> Format:
        """What a rule paints over a grade; an overridden one is shown with a star."""
        star = {"num_format": '@"*"'} if overridden else {}
        return self._format(("grade", grade, overridden), GRADES[grade] | star)

    def cell(self, kind: str, *, computed: bool = False, wrap: bool = False, working: bool = False) -> Format:
        """The format of a table's cell.

        Args:
            kind: what stands in it, as in `recipe.Column`.
            computed: whether it is worked out.
            wrap: whether long text goes on in the next line.
            working: whether it is there for the calculation only.
        """
        properties = {
            **self._base,
            "border": 1,
            "border_color": _LINE,
            "num_format": _NUMBERS.get(kind, "@" if kind in ("text", "phone", "short") and not computed else "General"),
            "align": "left" if wrap or (kind == "text" and not computed) else "center",
        }
        if kind in ("text", "share", "prose") and not computed:
            properties["indent"] = 1
        if kind == "short":  # a word or two, or a few unit numbers
            properties["text_wrap"] = True
        if kind in ("share", "prose"):
            properties |= {"align": "left", "text_wrap": True}
        if kind in (
            "date",
            "moment",
            "month",
        ):  # a date must never turn into ####, nor a text in its place run over its neighbours
            properties["shrink"] = True
        if computed:
            properties["bg_color"] = "#F2F2F2"
        if wrap:
            properties |= {"text_wrap": True, "font_size": 9, "valign": "top"}
        if working:
            properties |= {"font_color": "#808080", "font_size": 9}
        return self._format(("cell", kind, computed, wrap, working), properties)

    def _format(self, key: tuple[object, ...], properties: dict[str, Any]) -> Format:
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def workbook_options(lang: str) -> dict[str, Any]:
    """XlsxWriter's options: a normal style of ten points, and no text that turns into a formula or a link."""
    return {
        "default_format_properties": {"font_name": _FONT[lang], "font_size": 10},
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
