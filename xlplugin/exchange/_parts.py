"""The parts of a copy that are not sheets: masked, emptied, or left out with everything that points to them."""

from __future__ import annotations

import posixpath
import re
from html import unescape
from typing import TYPE_CHECKING

from xlplugin.exchange import _caches
from xlplugin.exchange._texts import masked_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from xlplugin.exchange._secrets import Secrets
    from xlplugin.hosts._values import Value

__all__ = ["left_out", "masked_part", "without_formulas", "without_references"]

_P = rb"(?:[\w.-]+:)?"
_ABOUT = (
    rb"creator|lastModifiedBy|title|subject|description|keywords|category|contentStatus|Company|Manager|"
    rb"HyperlinkBase|lpwstr|lpstr|filetime|bstr|i4|r8"
)
_PROPERTY = re.compile(rb"(<(%s(?:%s))(?:\s[^>]*)?>)[^<]*(</\2>)" % (_P, _ABOUT))
_TITLES = re.compile(rb"<TitlesOfParts>.*?</TitlesOfParts>|<HeadingPairs>.*?</HeadingPairs>", re.DOTALL)
_NOTE = re.compile(rb"(<(%s(?:comment|threadedComment))\b[^>]*>)(.*?)(</\2>)" % _P, re.DOTALL)
_NOTE_TEXT = re.compile(rb"(<(%s(?:t|text))(?:\s[^>]*)?>)[^<]+(</\2>)" % _P)
_RELATION = re.compile(rb"<%sRelationship\b[^>]*?(?:/>|>\s*</%sRelationship>)" % (_P, _P))
_TARGET = re.compile(rb"""\sTarget\s*=\s*["']([^"']*)["']""")
_OVERRIDE = re.compile(
    rb"""<%sOverride\b[^>]*?PartName\s*=\s*["']([^"']*)["'][^>]*?(?:/>|>\s*</%sOverride>)""" % (_P, _P)
)
_COLUMN_FORMULA = re.compile(rb"<(%s(?:calculatedColumnFormula|totalsRowFormula))\b.*?</\1>" % _P, re.DOTALL)
_TOTALS = re.compile(rb"""\s+totalsRowFunction\s*=\s*(?:"[^"]*"|'[^']*')""")
_REFERENCES = re.compile(rb"<(%s(?:externalReferences|oleObjects|controls))(?:\s[^>]*)?>.*?</\1>" % _P, re.DOTALL)
_OUTSIDE_NAME = re.compile(rb"<(%sdefinedName)\b[^>]*>[^<]*(?:\[\d+\]|WEBSERVICE)[^<]*</\1>" % _P, re.IGNORECASE)
_NO_NAMES = re.compile(rb"<(%sdefinedNames)>\s*</\1>" % _P)


def masked_part(part: str, content: bytes, secrets: Secrets, changed: Mapping[tuple[str, int, int], Value]) -> bytes:
    """A part as a copy may carry it.

    Args:
        part: its name.
        content: what it holds.
        secrets: what must not be seen.
        changed: new values of cells by sheet in lower case, row and column.
    """
    name = part.casefold()
    if name.startswith("docprops/"):
        content = _PROPERTY.sub(rb"\1\3", _TITLES.sub(b"", content))
    elif "comments" in name:
        content = _NOTE.sub(lambda hit: hit[1] + _NOTE_TEXT.sub(rb"\1\3", hit[3]) + hit[4], content)
    elif "/charts/" in name:
        content = _caches.chart(content, changed)
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            plain = content.decode("utf-16").encode()
            new = masked_xml(plain, secrets.masked, secrets.named)
            return content if new == plain else new.decode().encode("utf-16")
        return masked_xml(content, secrets.masked, secrets.named)
    except UnicodeDecodeError:
        return content  # in some other encoding; whether that may go out is for the proof to say


def without_formulas(table: bytes) -> bytes:
    """A table that fills no formulas into new rows."""
    return _TOTALS.sub(b"", _COLUMN_FORMULA.sub(b"", table))


def without_references(content: bytes) -> bytes:
    """A workbook part or a sheet that no longer speaks of outside links and embedded objects."""
    return _NO_NAMES.sub(b"", _OUTSIDE_NAME.sub(b"", _REFERENCES.sub(b"", content)))


def left_out(gone: AbstractSet[str], names: tuple[str, ...], read: Callable[[str], bytes]) -> dict[str, bytes]:
    """The lists of parts and of relations that no longer name the parts that are left out.

    Args:
        gone: the parts left out.
        names: all parts.
        read: gives a part as it stands by now.
    """
    changed = {}
    folded = {part.casefold() for part in gone}
    for part in names:
        if part in gone or not part.casefold().endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(part))
        old = read(part)
        new = _RELATION.sub(lambda hit, at=folder: b"" if _points_to(hit[0], at, folded) else hit[0], old)  # type: ignore[misc] # a default binds the folder
        if new != old:
            changed[part] = new
    types = next((part for part in names if part.casefold() == "[content_types].xml"), "")
    if types:
        old = read(types)
        new = _OVERRIDE.sub(lambda hit: b"" if hit[1].decode().lstrip("/").casefold() in folded else hit[0], old)
        if new != old:
            changed[types] = new
    return changed


def _points_to(relation: bytes, folder: str, parts: AbstractSet[str]) -> bool:
    target = _TARGET.search(relation)
    if target is None or b"External" in relation:
        return False
    path = posixpath.join("/", folder, unescape(target[1].decode()).replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").casefold() in parts
