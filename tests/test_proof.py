"""The last look at a copy before it goes out: wherever somebody's name or phone still stands, it does not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from xlplugin.errors import XlpError
from xlplugin.exchange._proof import prove
from xlplugin.exchange._secrets import Secrets

NAME, PHONE = "王小五", "10000000001"
PLAIN = b"<x>nobody</x>"


@pytest.fixture
def secrets() -> Secrets:
    found = Secrets(set(), patterns=True)
    found.add("name", NAME)
    found.add("phone", PHONE)
    found.ready()
    return found


def packed(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


GIVING_AWAY = {
    "text": f"<x>{NAME}</x>".encode(),
    "entities": f"<x>&#{ord(NAME[0])};{NAME[1:]}</x>".encode(),
    "a link": f"<x to='mailto:{quote(NAME)}'/>".encode(),
    "as links spell it": f"<x>{quote(NAME)}</x>".encode(),
    "phone": f"<x>{PHONE}</x>".encode(),
    "behind a mark": b"\xef\xbb\xbf" + f"<x>&#{ord(NAME[0])};{NAME[1:]}</x>".encode(),
    "utf-16": f"<x>{NAME}</x>".encode("utf-16"),
    "utf-16, the other way": b"\xfe\xff" + f"<x>{NAME}</x>".encode("utf-16-be"),
    "gb18030": f"<x>{NAME}</x>".encode("gb18030"),
    "bytes": b"\0\1" + NAME.encode("utf-16-le"),
    "phone in bytes": b"\0\1" + PHONE.encode(),
    "a file within": packed(inner=f"<x>{NAME}</x>".encode() * 9),
}
HARMLESS = {
    "nobody": PLAIN,
    "masked": f"<x>{NAME[0]}** 100****0001</x>".encode(),
    "bytes": b"\0\1",
    "nothing": b"",
}


@pytest.mark.parametrize("content", GIVING_AWAY.values(), ids=GIVING_AWAY)
def test_what_gives_somebody_away_is_found(secrets: Secrets, content: bytes) -> None:
    with pytest.raises(XlpError) as caught:
        prove(packed(first=PLAIN, part=content), secrets, Path("book.xlsx"))
    assert caught.value.code == "share_leak"
    assert str(caught.value.facts["part"]).startswith("part")


def test_the_name_of_a_part_gives_away_too(secrets: Secrets) -> None:
    with pytest.raises(XlpError) as caught:
        prove(packed(**{f"xl/{NAME}.xml": PLAIN}), secrets, Path("book.xlsx"))
    assert caught.value.code == "share_leak"


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_what_gives_nobody_away_may_go(secrets: Secrets, content: bytes) -> None:
    prove(packed(part=content), secrets, Path("book.xlsx"))
