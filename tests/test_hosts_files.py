"""Files as people send them: each cause has its sentence, and nothing is ever left half done."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from _books import cell, parts_of, raw_book, rows

from xlplugin.errors import XlpError
from xlplugin.hosts._package import Package, write_beside
from xlplugin.hosts.headless import recalc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Functions = Mapping[str, Callable[..., object]]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def none(_date1904: bool) -> Functions:
    return {}


def good(path: Path) -> Path:
    return raw_book(path, {"S": rows(cell("A1", 1), cell("B1", formula="A1+1"))})


def _missing(path: Path) -> None:
    del path


def _folder(path: Path) -> None:
    path.mkdir()


def _encrypted(path: Path) -> None:
    path.write_bytes(OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500))


def _xls(path: Path) -> None:
    path.write_bytes(OLE + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("客户,等级\n", encoding="utf-8")


def _html(path: Path) -> None:
    path.write_text("<html><table></table></html>")


def _truncated(path: Path) -> None:
    path.write_bytes(good(path).read_bytes()[:-200])


def _only_the_start(path: Path) -> None:
    path.write_bytes(good(path).read_bytes()[:40])


def _bad_crc(path: Path) -> None:
    data = good(path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + 5
    path.write_bytes(data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 20]) + data[at + 20 :])


def _zip_of_something(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")


def _xlsb(path: Path) -> None:
    good(path)
    parts = parts_of(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(
                name.replace("workbook.xml", "workbook.bin"), content.replace(b"workbook.xml", b"workbook.bin")
            )


def _broken_workbook_part(path: Path) -> None:
    raw_book(path, {"S": ""}, extra={"xl/workbook.xml": b"<workbook><sheets>"})


def _entities(path: Path) -> None:
    raw_book(path, {"S": ""}, extra={"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"})


def _no_sheets(path: Path) -> None:
    raw_book(path, {})


def _zip_with_password(path: Path) -> None:
    data = bytearray(good(path).read_bytes())
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(bytes(data))


CASES = [
    (_missing, "file_missing"),
    (_folder, "is_folder"),
    (_encrypted, "encrypted"),
    (_xls, "not_a_workbook"),
    (_empty, "not_a_workbook"),
    (_text, "not_a_workbook"),
    (_html, "not_a_workbook"),
    (_truncated, "truncated"),
    (_only_the_start, "truncated"),
    (_bad_crc, "truncated"),
    (_zip_of_something, "not_a_workbook"),
    (_xlsb, "not_a_workbook"),
    (_broken_workbook_part, "truncated"),
    (_entities, "truncated"),
    (_no_sheets, "not_a_workbook"),
    (_zip_with_password, "encrypted"),
]


@pytest.mark.parametrize(("make", "code"), CASES, ids=[make.__name__ for make, _ in CASES])
def test_each_bad_file_has_its_sentence(tmp_path: Path, make: Callable[[Path], None], code: str) -> None:
    source, target = tmp_path / "客户 表.xlsx", tmp_path / "out.xlsx"
    make(source)
    before = source.read_bytes() if source.is_file() else b""
    with pytest.raises(XlpError) as caught:
        recalc(source, target, none)
    assert caught.value.code == code
    for lang in ("zh", "en"):
        assert "客户 表.xlsx" in caught.value.sentence(lang)
    assert not target.exists()
    assert (source.read_bytes() if source.is_file() else b"") == before
    assert len(list(tmp_path.iterdir())) == (code != "file_missing")


# --- size ---------------------------------------------------------------------------------------


def _declaring(path: Path, size: int) -> None:
    """A workbook whose directory says that its sheet unpacks to `size` bytes."""
    data = bytearray(good(path).read_bytes())
    at = data.find(b"xl/worksheets/sheet1.xml", data.find(b"PK\1\2")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", size)
    path.write_bytes(bytes(data))


def test_a_bomb_by_its_own_words(tmp_path: Path) -> None:
    _declaring(tmp_path / "in.xlsx", 2000 << 20)
    with pytest.raises(XlpError) as caught:
        recalc(tmp_path / "in.xlsx", tmp_path / "out.xlsx", none)
    assert (caught.value.code, caught.value.facts["limit"]) == ("too_large", 1024)


def test_a_part_beyond_the_limit_of_one_sheet(tmp_path: Path) -> None:
    _declaring(tmp_path / "in.xlsx", 600 << 20)
    with pytest.raises(XlpError) as caught:
        recalc(tmp_path / "in.xlsx", tmp_path / "out.xlsx", none)
    assert (caught.value.code, caught.value.facts["limit"]) == ("part_too_large", 512)


@pytest.mark.parametrize("size", [10, 100 << 20])
def test_a_size_that_lies(tmp_path: Path, size: int) -> None:
    _declaring(tmp_path / "in.xlsx", size)
    with pytest.raises(XlpError) as caught:
        recalc(tmp_path / "in.xlsx", tmp_path / "out.xlsx", none)
    assert caught.value.code == "truncated"


def test_a_sheet_of_blanks_is_calculated(tmp_path: Path) -> None:
    blanks = "".join(
        f'<row r="{row}">' + f'<c r="A{row}" s="1"/><c r="B{row}" s="1"/>' * 20 + "</row>" for row in range(2, 40000)
    )
    source = raw_book(tmp_path / "in.xlsx", {"S": rows(cell("A1", 1), cell("B1", formula="A1+1")) + blanks})
    report = recalc(source, tmp_path / "out.xlsx", none)
    assert (report.exit_code, report.changed) == (0, 1)


# --- writing ------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows may write to such a folder")
def test_a_folder_that_refuses(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(XlpError) as caught:
        recalc(good(tmp_path / "in.xlsx"), folder / "out.xlsx", none)
    assert caught.value.code == "cannot_write"


@pytest.mark.parametrize("target", ["no/such/folder/out.xlsx", "here"])
def test_a_target_that_cannot_be(tmp_path: Path, target: str) -> None:
    (tmp_path / "here").mkdir()
    source = good(tmp_path / "in.xlsx")
    with pytest.raises(XlpError) as caught:
        recalc(source, tmp_path / target, none)
    assert caught.value.code == "cannot_write"
    assert caught.value.sentence("zh")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["here", "in.xlsx"]
    assert not list((tmp_path / "here").iterdir())


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = good(tmp_path / "in.xlsx"), tmp_path / "out.xlsx"
    target.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(XlpError) as caught:
        recalc(source, target, none)
    assert caught.value.code == "cannot_write"
    assert target.read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in.xlsx", "out.xlsx"]


def test_an_error_inside_the_block_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), write_beside(tmp_path / "x") as out:
        out.write(b"1" * (1 // (out.tell() * 0)))
    assert not list(tmp_path.iterdir())


class _Pipe(io.RawIOBase):
    """A stream that can't seek, so that zipfile writes sizes behind the members."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload] # bytes-like
        return len(memoryview(data))  # type: ignore[arg-type] # bytes-like


@pytest.mark.parametrize("zip64", [False, True])
def test_streamed_and_zip64_members(tmp_path: Path, zip64: bool) -> None:
    parts = parts_of(good(tmp_path / "in.xlsx"))
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            with archive.open(zipfile.ZipInfo(name, (2026, 3, 2, 10, 30, 0)), "w", force_zip64=zip64) as member:
                member.write(content)
        archive.writestr("说明/é.txt", "x")
    source = tmp_path / "streamed.xlsx"
    source.write_bytes(bytes(pipe.data))
    recalc(source, tmp_path / "out.xlsx", none)
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*parts, "说明/é.txt"]
        assert archive.getinfo("xl/workbook.xml").date_time == (2026, 3, 2, 10, 30, 0)
        assert all(not info.flag_bits & 8 for info in archive.infolist())
    assert parts_of(tmp_path / "out.xlsx")["_rels/.rels"] == parts["_rels/.rels"]


def test_part_names_in_another_case(tmp_path: Path) -> None:
    good(tmp_path / "in.xlsx")
    parts = parts_of(tmp_path / "in.xlsx")
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("xl/work", "XL/Work"), content)
    assert recalc(tmp_path / "in.xlsx", tmp_path / "out.xlsx", none).changed == 1


def test_raw_bytes_are_reused(tmp_path: Path) -> None:
    source = good(tmp_path / "in.xlsx")
    package = Package(source)
    package.write(tmp_path / "out.xlsx", {})
    old, new = Package(source), Package(tmp_path / "out.xlsx")
    assert [bytes(old._packed(info)) for info in old._members] == [bytes(new._packed(info)) for info in new._members]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_new_file_can_be_opened_by_colleagues(tmp_path: Path) -> None:
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    plain.write_bytes(b"x")
    with write_beside(ours) as out:
        out.write(b"x")
    assert ours.stat().st_mode == plain.stat().st_mode
