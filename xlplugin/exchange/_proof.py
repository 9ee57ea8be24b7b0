"""The proof of a copy: every part of the written file is searched for what must not be in it."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from xlplugin.errors import XlpError
from xlplugin.exchange._texts import in_containers, nodes, strings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from xlplugin.exchange._secrets import Secrets

__all__ = ["Excused", "prove"]

# Pictures hold no text that could be searched; they are counted in the report.
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|ico|svgz|webp)$", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,9}|-?\d+\.\d+(?:[eE][-+]?\d+)?|-?\d(?:\.\d+)?[eE][-+]?\d+")
_DIGITS = re.compile(rb"[\d.]{1,6}").fullmatch
_ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
_SHORTEST_IN_BYTES = 6


class Excused(NamedTuple):
    """Where a name that is a word of ours may stand.

    Args:
        cells: by part, references of cells that hold such a word because it is ours.
        parts: the parts that we have added; they hold our texts and what the other sheets show.
    """

    cells: Mapping[str, Collection[str]]
    parts: Collection[str]


def prove(data: bytes, secrets: Secrets, path: Path, excused: Excused | None = None) -> None:
    """Returns if nothing is given away.

    Args:
        data: the file as written.
        secrets: what must not be in it.
        path: the workbook that is shared, for the message.
        excused: where words of ours may stand that somebody is called by; nowhere if left out.

    Raises:
        XlpError: something is; nothing may go out then.
    """
    if not secrets:
        return
    place = _found(data, secrets, "", excused or Excused({}, ()))
    if place:
        raise XlpError("share_leak", path=path, part=place)


def _found(data: bytes, secrets: Secrets, inside: str, excused: Excused) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = f"{inside}{info.filename}"
            if secrets.left_in(info.filename):
                return name
            if _PICTURE.search(name):
                continue
            content = archive.read(info)
            if content.startswith(b"PK\3\4"):
                if place := _found(content, secrets, f"{name}/", Excused({}, ())):
                    return place
            elif _gives_away(_without(content, excused.cells.get(name, ())), secrets, ours=name in excused.parts):
                return name
    return ""


def _without(content: bytes, cells: Collection[str]) -> bytes:
    """A sheet without some of its cells."""
    listed = "|".join(cells).encode()
    pattern = rb"""<((?:[\w.-]+:)?c)\s(?:[^>]*\s)?r\s*=\s*["'](?:%s)["'][^>]*(?:/>|>.*?</\1>)""" % listed
    return re.sub(pattern, b"", content, flags=re.DOTALL) if cells else content


def _gives_away(content: bytes, secrets: Secrets, *, ours: bool) -> bool:
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and _is_utf8(content):
        typed, spelled = _all_texts(content)
        return (
            _any(spelled, secrets, spelled=True)
            or _any(typed, secrets, spelled=ours)
            or _any(in_containers(content), secrets, spelled=ours)
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _any(nodes(content.decode("utf-16", errors="replace").encode()), secrets)
    searched = [*secrets.texts, *secrets.phones]
    codes = {code for text in searched for encoding in _ENCODINGS if (code := _coded(text, encoding))}
    return any(code in content for code in codes)


def _all_texts(content: bytes) -> tuple[Iterable[str], Iterable[str]]:
    """The texts of a part that people read; its formulas and what its tags say."""
    found = strings(content)
    if found is None:
        return nodes(content), ()
    typed, spelled = found
    return _read(typed), _read(spelled - typed)


def _read(texts: Iterable[bytes]) -> Iterator[str]:
    return (unescape(text.decode()) if b"&" in text else text.decode() for text in texts if not _DIGITS(text))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _any(texts: Iterable[str], secrets: Secrets, *, spelled: bool = False) -> bool:
    found = {text for text in texts if not _NUMBER.fullmatch(text)}
    return any(
        secrets.left_in(text, spelled=spelled) or ("%" in text and secrets.left_in(unquote(text))) for text in found
    )


def _coded(text: str, encoding: str) -> bytes:
    code = text.encode(encoding, errors="ignore")
    return code if len(code) >= _SHORTEST_IN_BYTES else b""
