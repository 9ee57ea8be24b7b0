"""A workbook as XlsxWriter leaves it, made ready to be mailed: cached texts typed, no recalculation on opening."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["tidied"]

_EMPTY_TEXT = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?)(><f>[^<]*</f><v></v></c>)')
_CALC = re.compile(rb"<calcPr\b[^>]*/>")
# The id is that of a current Excel: with an older one Excel would recalculate everything when it opens the book.
_KEPT_CACHE = b'<calcPr calcId="191029"/>'
# XlsxWriter puts the cursor into the lower right pane even where its cell stands among the frozen columns.
_PANES = re.compile(
    rb'(<pane xSplit="(\d+)" [^>]*topLeftCell="([A-Z]+\d+)" activePane=")bottomRight'
    rb'(".*?<selection pane="bottomLeft") [^>]*/><selection pane="bottomRight" activeCell="([A-Z])(\d+)" [^>]*/>'
)
# One fixed time, so that the same recipe always gives the same file.
_TIME = (1980, 1, 1, 0, 0, 0)


def tidied(book: bytes) -> bytes:
    """The workbook with its empty cached texts marked as texts, and told not to be recalculated on opening."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            part = _tidied_part(name, source.read(name))
            target.writestr(zipfile.ZipInfo(name, _TIME), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _tidied_part(name: str, content: bytes) -> bytes:
    if name.startswith("xl/worksheets/sheet"):
        return _PANES.sub(_cursor, _EMPTY_TEXT.sub(rb'\1 t="str"\2', content), count=1)
    return _CALC.sub(_KEPT_CACHE, content) if name == "xl/workbook.xml" else content


def _cursor(panes: re.Match[bytes]) -> bytes:
    """The panes with the cursor in the lower left one, where its column is frozen."""
    before, frozen, corner, between, letter, row = panes.groups()
    if letter[0] - ord("A") >= int(frozen):
        return panes[0]
    left, right = (b' activeCell="%s" sqref="%s"/>' % (cell, cell) for cell in (letter + row, corner))
    return before + b"bottomLeft" + between + left + b'<selection pane="bottomRight"' + right
