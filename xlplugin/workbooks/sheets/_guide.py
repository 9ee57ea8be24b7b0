"""A sheet that explains a workbook to those who fill it in: numbered sentences, and sample cells with their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from xlplugin.workbooks.style import Style

__all__ = ["Guide", "Sample", "draw"]

_FIRST_ROW = 3
_WIDTHS = 14, 100
_COMMON = {"input": "", "computed": "", "required": "required", "missing": "missing", "overwritten": "overwritten"}
_COMPUTED = ("computed", "overwritten")


class Sample(NamedTuple):
    """A cell that looks like those it explains.

    Args:
        shown: what stands in it.
        said: what it means.
        computed: whether it looks like a computed cell.
        paint: the colour that a rule gives such cells; None where none does.
    """

    shown: str
    said: str
    computed: bool
    paint: Format | None = None


class Guide:
    """A help sheet while it is being written, from the top down.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
        words: of its texts: `<words>.title`, `<words>.purpose`, `<words>.<section>`, `<words>.<section>.<number>`.
        widths: of its two columns.
    """

    def __init__(self, book: Workbook, style: Style, lang: str, words: str, widths: tuple[int, int] = _WIDTHS) -> None:
        self._style, self._lang, self._words = style, lang, words
        self._sheet = book.add_worksheet(say(lang, "sheet.help"))
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.write_string(0, 0, say(lang, f"{words}.title"), style.look("title"))
        self._sheet.write_string(1, 0, say(lang, f"{words}.purpose"), style.look("purpose"))
        self._row = _FIRST_ROW

    def numbered(self, sections: Mapping[str, int]) -> None:
        """Adds sections, each with the number of its sentences."""
        for section, count in sections.items():
            self._heading(say(self._lang, f"{self._words}.{section}"))
            for number in range(1, count + 1):
                self._sheet.write_number(self._row, 0, number, self._style.look("number"))
                said = say(self._lang, f"{self._words}.{section}.{number}")
                self._sheet.write_string(self._row, 1, said, self._style.look("text"))
                self._row += 1
            self._row += 1

    def samples(self, heading: str, samples: Iterable[Sample]) -> None:
        """Adds cells as they look on the sheets, painted by rules as they are there, each with what it means."""
        self._heading(heading)
        for shown, said, computed, paint in samples:
            self._sheet.write_string(self._row, 0, shown, self._style.cell("choice", computed=computed))
            if paint is not None:
                rule = {"type": "formula", "criteria": "=TRUE", "format": paint}
                self._sheet.conditional_format(self._row, 0, self._row, 0, rule)
            self._sheet.write_string(self._row, 1, said, self._style.look("text"))
            self._row += 1
        self._row += 1

    def end(self, *, landscape: bool = False) -> None:
        """Sets how the sheet is seen and printed, once all is on it."""
        self._sheet.hide_gridlines(2)
        self._sheet.set_paper(9)
        if landscape:
            self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.print_area(0, 0, self._row - 2, 1)

    def _heading(self, text: str) -> None:
        self._sheet.write_string(self._row, 0, text, self._style.look("section"))
        self._sheet.write_string(self._row, 1, "", self._style.look("section"))
        self._row += 1


def draw(
    book: Workbook, style: Style, lang: str, words: str, sections: Mapping[str, int], marks: Sequence[str] = ()
) -> None:
    """The help sheet of numbered sections and, below them, the colours that every workbook has and its own.

    Args:
        book: the XlsxWriter workbook.
        style: its formats.
        lang: `zh` or `en`.
        words: of its texts, see `Guide`; besides them `<words>.sample.<mark>` and `<words>.colour.<mark>`.
        sections: each with the number of its sentences.
        marks: the colours explained besides those that every workbook has.
    """
    guide = Guide(book, style, lang, words)
    guide.numbered(sections)
    common = [
        Sample("", say(lang, f"help.colour.{name}"), name in _COMPUTED, style.mark(mark) if mark else None)
        for name, mark in _COMMON.items()
    ]
    own = [
        Sample(say(lang, f"{words}.sample.{mark}"), say(lang, f"{words}.colour.{mark}"), True, style.mark(mark))
        for mark in marks
    ]
    guide.samples(say(lang, "help.colours"), [*common, *own])
    guide.end()
