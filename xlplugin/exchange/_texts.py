"""Texts in a part's XML, masked where they stand; all other bytes stay as they are."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from xlplugin.errors import XlpError
from xlplugin.exchange._cells import text_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

__all__ = ["SharedTexts", "in_containers", "masked_xml", "nodes", "strings"]

_P = rb"(?:[\w.-]+:)?"
_ITEM = re.compile(rb"<(%s)si\s*(?:/>|>.*?</\1si>)" % _P, re.DOTALL)
_RICH = re.compile(rb"<(%s(?:is|text|p|rich))(?:\s[^>]*)?>.*?</\1>" % _P, re.DOTALL)
_TEXT = re.compile(rb"(<%st(?:\s[^>]*)?>)([^<]*)(?=</)" % _P)
_TOKEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_BEHIND_TAG = re.compile(rb">([^<]+)")
_DOUBLE_QUOTED = re.compile(rb"""=\s*"(?![A-Z]{1,3}[1-9]\d{0,5}"|\d{1,6}")([^"]+)\"""")
_SINGLE_QUOTED = re.compile(rb"""=\s*'([^']+)'""")
_FORMULA = re.compile(
    rb"<(?:\w+:)?(?:f|formula|formula1|formula2|definedName|calculatedColumnFormula)(?:\s[^>]*[^/>])?>([^<]+)(?=</)"
)
_SPELLED = re.compile(rb"<(?:\w+:)?(?:f|formula|formula1|formula2|definedName|calculatedColumnFormula)[\s>]")

Mask = "Callable[[str], str]"


class SharedTexts:
    """The texts that cells share.

    Args:
        content: the part.

    `texts` are the texts in order.

    Raises:
        XlpError: the part is not in UTF-8.
    """

    def __init__(self, content: bytes) -> None:
        try:
            content.decode()
        except UnicodeDecodeError as cause:
            raise XlpError("sheet_damaged", sheet="sharedStrings", found=cause) from cause
        self._content = content
        self._items = [hit.span() for hit in _ITEM.finditer(content)]
        self.texts = [text_in(content[start:end]) for start, end in self._items]

    def masked(self, used: AbstractSet[int], mask: Callable[[str], str]) -> bytes:
        """The part with texts masked, and those emptied that no cell uses any more."""
        pieces, done = [], 0
        for place, (start, end) in enumerate(self._items):
            text = self.texts[place]
            new = mask(text) if place in used else ""
            if new != text:
                prefix = re.match(rb"<(%s)si" % _P, self._content[start:end])
                pieces += [self._content[done:start], _item(prefix[1] if prefix else b"", new)]
                done = end
        return b"".join([*pieces, self._content[done:]])


def masked_xml(content: bytes, text: Callable[[str], str], spelled: Callable[[str], str]) -> bytes:
    """The XML with texts and attributes masked.

    Args:
        content: the part.
        text: masks what people read.
        spelled: masks names and formulas, where not every sign may stand.
    """
    content = _RICH.sub(lambda hit: _rich(hit[0], text), content)
    pieces, before = [], b""
    for hit in _TOKEN.finditer(content):
        token = hit[0]
        if token.startswith(b"<"):
            pieces.append(_tag(token, spelled) if b"=" in token else token)
            before = token
        elif token.strip():
            mask = spelled if _SPELLED.match(before) else text
            pieces.append(_content(token, mask))
        else:
            pieces.append(token)
    result = b"".join(pieces)
    return result if len(result) != len(content) or result != content else content


def nodes(content: bytes) -> Iterator[str]:
    """Every text and every attribute of a part."""
    for hit in _TOKEN.finditer(content):
        token = hit[0]
        if token.startswith(b"<![CDATA["):
            yield token[9:-3].decode(errors="replace")
        elif token.startswith(b"<!--"):
            yield token.decode(errors="replace")
        elif not token.startswith(b"<"):
            yield unescape(token.decode(errors="replace"))
        else:
            for found in _ATTRIBUTE.finditer(token):
                yield unescape(found[3][1:-1].decode(errors="replace"))


def strings(content: bytes) -> tuple[set[bytes], set[bytes]] | None:
    """The same at once, each once, as the part spells them and with pieces of tags among them.

    Those that people read stand first, formulas and what tags say second. Plain references of cells are left out. None
    where the part has comments or the like, which only `nodes` can tell apart.
    """
    body = content[content.find(b"?>") + 2 :] if content.lstrip().startswith(b"<?xml") else content
    if b"<!" in body or b"<?" in body:
        return None
    formulas = set(_FORMULA.findall(body))
    spelled = {*formulas, *_DOUBLE_QUOTED.findall(body), *_SINGLE_QUOTED.findall(body)}
    return set(_BEHIND_TAG.findall(_FORMULA.sub(b"", body) if formulas else body)), spelled


def in_containers(content: bytes) -> Iterator[str]:
    """Texts that stand in several pieces, as a reader sees them: joined."""
    for pattern in (_ITEM, _RICH):
        for hit in pattern.finditer(content):
            if hit[0].count(b"</") > 2:
                yield unescape(b"".join(found[2] for found in _TEXT.finditer(hit[0])).decode(errors="replace"))


def _item(prefix: bytes, text: str) -> bytes:
    return b'<%ssi><%st xml:space="preserve">%s</%st></%ssi>' % (
        prefix,
        prefix,
        escape(text, quote=False).encode(),
        prefix,
        prefix,
    )


def _rich(xml: bytes, mask: Callable[[str], str]) -> bytes:
    """A text in several runs: where a secret reaches over their borders, the first takes the whole."""
    found = list(_TEXT.finditer(xml))
    whole = unescape(b"".join(hit[2] for hit in found).decode())
    new = mask(whole)
    if len(found) < 2 or new == whole:
        return xml
    texts = iter([new, *[""] * (len(found) - 1)])
    return _TEXT.sub(lambda hit: hit[1] + escape(next(texts), quote=False).encode(), xml)


def _content(token: bytes, mask: Callable[[str], str]) -> bytes:
    text = unescape(token.decode())
    new = mask(text)
    return token if new == text else escape(new, quote=False).encode()


def _tag(token: bytes, mask: Callable[[str], str]) -> bytes:
    def attribute(hit: re.Match[bytes]) -> bytes:
        if hit[1].startswith(b"xmlns"):
            return hit[0]
        text = unescape(hit[3][1:-1].decode())
        new = mask(text)
        return hit[0] if new == text else hit[1] + hit[2] + b'"' + escape(new).encode() + b'"'

    return _ATTRIBUTE.sub(attribute, token)
