"""A header as it is looked up, whoever wrote it."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["bracketed", "plain_header"]

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_MARKS = re.compile(r"[\W_]+")


def plain_header(header: object) -> str:
    """A header without what stands in brackets, marks, space and case; one all in brackets keeps its words."""
    text = unicodedata.normalize("NFKC", str(header)).casefold()
    return _MARKS.sub("", _BRACKETED.sub("", text) or text)


def bracketed(header: str) -> str:
    """What stands in a header's brackets, brackets and all, such as the unit of 金额（万元）."""
    return "".join(_BRACKETED.findall(unicodedata.normalize("NFKC", header)))
