"""A workbook file as a zip of parts: opened with care, written back with unchanged members copied as they lie."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["Edited", "Package", "joined", "read_file", "write_beside"]

_MEGABYTE = 1 << 20
_LIMIT = 1024 * _MEGABYTE
_PART_LIMIT = 512 * _MEGABYTE
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_NAME_AS_UTF8 = 0x800
_SIZES_FOLLOW = 0x08
_MEMBER_ENCRYPTED = 0x01
_LEVEL = 6
_TEXT_ENCODINGS = ("utf-8", "gb18030")


def read_file(path: Path) -> bytes:
    """The bytes of a file, read once so that later changes of it by another program do no harm.

    Raises:
        XlpError: missing, a folder, not readable, or larger than any workbook may be.
    """
    try:
        if path.is_dir():
            raise XlpError("is_folder", path=path)
        size = path.stat().st_size
        if size > _LIMIT:
            raise XlpError("too_large", path=path, found=size // _MEGABYTE, limit=_LIMIT // _MEGABYTE)
        return path.read_bytes()
    except FileNotFoundError:
        raise XlpError("file_missing", path=path) from None
    except OSError as cause:
        raise XlpError("cannot_read", path=path, found=cause) from cause


class Package:
    """The parts of one workbook file.

    Args:
        path: the file; it is read whole and never written.

    Raises:
        XlpError: the file is no workbook package, is encrypted, damaged, or unpacks beyond the limit.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = read_file(path)
        self._members = self._directory()
        self._last = {info.filename: info for info in self._members}
        self._folded = {name.casefold(): name for name in self._last}

    @property
    def names(self) -> tuple[str, ...]:
        """The parts in the order of the file."""
        return tuple(info.filename for info in self._members)

    def find(self, part: str) -> str | None:
        """A part's name as the file spells it (part names don't tell upper from lower case), or None."""
        return part if part in self._last else self._folded.get(part.casefold())

    def read(self, part: str) -> bytes:
        """A part's content, inflated no further than its declared size.

        Raises:
            XlpError: the member is damaged, encrypted, packed in an unknown manner, or too large.
        """
        info = self._last[part]
        if info.file_size > _PART_LIMIT:
            raise XlpError(
                "part_too_large",
                path=self.path,
                part=part,
                found=info.file_size // _MEGABYTE,
                limit=_PART_LIMIT // _MEGABYTE,
            )
        out = io.BytesIO()  # grows in place, where one large read would hold everything twice
        with self._damage(), zipfile.ZipFile(io.BytesIO(self._data)) as archive, archive.open(info) as member:
            while out.tell() <= info.file_size and (piece := member.read(_MEGABYTE)):
                out.write(piece)
        content = out.getvalue()
        if len(content) != info.file_size:
            raise XlpError("truncated", path=self.path, found=f"{part}: {len(content)} of {info.file_size} bytes")
        return content

    def stream(self, part: str) -> Iterator[bytes]:
        """A part's content in pieces of a megabyte, for parts that are too large to be held whole.

        Raises:
            XlpError: as `read`, but for the size, which only the whole package bounds.
        """
        with (
            self._damage(),
            zipfile.ZipFile(io.BytesIO(self._data)) as archive,
            archive.open(self._last[part]) as member,
        ):
            while piece := member.read(_MEGABYTE):
                yield piece

    def write(
        self, target: Path, changed: Mapping[str, bytes | Iterable[bytes]], removed: AbstractSet[str] = frozenset()
    ) -> None:
        """Writes the workbook to `target`: changed parts packed anew, removed ones left out, the rest as it was.

        Args:
            target: the file to be made or replaced.
            changed: by part name, its new content, whole or piece by piece; new parts come last.
            removed: names of parts.

        Raises:
            XlpError: the target can't be written; nothing is left behind then.
        """
        with write_beside(target, like=self.path) as out:
            writer = _Writer(out)
            for info in self._members:
                if info.filename in removed:
                    continue
                if info.filename in changed:
                    writer.pack(info, changed[info.filename])
                else:
                    writer.copy(info, self._packed(info))
            for part in (part for part in changed if part not in self._last):
                writer.pack(zipfile.ZipInfo(part), changed[part])
            writer.close()

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        header = _LOCAL.unpack_from(self._data, info.header_offset)
        start = info.header_offset + _LOCAL.size + header[9] + header[10]
        return memoryview(self._data)[start : start + info.compress_size]

    def _directory(self) -> list[zipfile.ZipInfo]:
        if self._data.startswith(_OLE):
            raise self._ole()
        if not self._data.startswith(b"PK"):
            raise XlpError("not_a_workbook", path=self.path, found=_looks_like(self._data))
        with self._damage(), zipfile.ZipFile(io.BytesIO(self._data)) as archive:
            members = archive.infolist()
        if any(info.flag_bits & _MEMBER_ENCRYPTED for info in members):
            raise XlpError("encrypted", path=self.path)
        total = sum(info.file_size for info in members)
        if total > _LIMIT:
            raise XlpError("too_large", path=self.path, found=total // _MEGABYTE, limit=_LIMIT // _MEGABYTE)
        return members

    def _ole(self) -> XlpError:
        if _ENCRYPTED_STREAM in self._data:
            return XlpError("encrypted", path=self.path)
        return XlpError("not_a_workbook", path=self.path, found=".xls")

    @contextlib.contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OSError) as cause:
            raise XlpError("truncated", path=self.path, found=cause) from cause
        except NotImplementedError as cause:
            raise XlpError("not_a_workbook", path=self.path, found=cause) from cause
        except RuntimeError as cause:  # zipfile asks for a password with it
            raise XlpError("encrypted", path=self.path) from cause


class Edited(Package):
    """A workbook with some parts changed, added or left out, not yet written anywhere.

    Args:
        base: the workbook as it was.
        changed: by part name, its new content; a name the workbook has not got is a new part.
        removed: names of parts.
    """

    def __init__(self, base: Package, changed: Mapping[str, bytes], removed: AbstractSet[str] = frozenset()) -> None:
        self.path = base.path
        self._base = base
        self._changed = dict(changed)
        self._removed = frozenset(removed)
        kept = [part for part in base.names if part not in self._removed]
        self._names = (*kept, *(part for part in self._changed if base.find(part) != part))
        self._by_name = {name.casefold(): name for name in self._names}

    @property
    def names(self) -> tuple[str, ...]:
        """The parts in order, new ones last."""
        return self._names

    def find(self, part: str) -> str | None:
        """A part's name as the file spells it, or None."""
        return self._by_name.get(part.casefold())

    def read(self, part: str) -> bytes:
        """A part's content."""
        return self._changed[part] if part in self._changed else self._base.read(part)

    def write(
        self, target: Path, changed: Mapping[str, bytes | Iterable[bytes]], removed: AbstractSet[str] = frozenset()
    ) -> None:
        """Writes the workbook with these changes and further ones, see `Package.write`."""
        gone = self._removed | removed
        kept = {part: content for part, content in {**self._changed, **changed}.items() if part not in removed}
        self._base.write(target, kept, gone - kept.keys())


class _Writer:
    """A zip written member by member; sizes are known beforehand, so no data descriptors and no zip64."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._offset = 0
        self._central: list[bytes] = []

    def copy(self, info: zipfile.ZipInfo, packed: memoryview) -> None:
        """Takes a member over without unpacking it."""
        self._add(info, info.compress_type, info.CRC, info.file_size, packed)

    def pack(self, info: zipfile.ZipInfo, content: bytes | Iterable[bytes]) -> None:
        """Writes new content under an old member's name and date."""
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        packed, crc, size = bytearray(), 0, 0
        for piece in joined((content,) if isinstance(content, bytes) else content):
            packed += deflate.compress(piece)
            crc, size = zlib.crc32(piece, crc), size + len(piece)
        packed += deflate.flush()
        self._add(info, zipfile.ZIP_DEFLATED, crc, size, memoryview(packed))

    def close(self) -> None:
        """Writes the central directory."""
        directory = b"".join(self._central)
        count = len(self._central)
        self._out.write(directory)
        self._out.write(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._offset, 0))

    def _add(self, info: zipfile.ZipInfo, method: int, crc: int, size: int, packed: memoryview) -> None:
        flags = info.flag_bits & ~_SIZES_FOLLOW
        name = info.orig_filename.encode("utf-8" if flags & _NAME_AS_UTF8 else "cp437")
        extra = _without_zip64(info.extra)
        year, month, day, hour, minute, second = info.date_time
        stamp = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
        common = (20, flags, method, *stamp, crc, len(packed), size, len(name), len(extra))
        self._out.write(_LOCAL.pack(b"PK\3\4", *common) + name + extra)
        self._out.write(packed)
        made_by = info.create_version | info.create_system << 8
        tail = (len(info.comment), 0, info.internal_attr, info.external_attr, self._offset)
        self._central.append(_CENTRAL.pack(b"PK\1\2", made_by, *common, *tail) + name + extra + info.comment)
        self._offset += _LOCAL.size + len(name) + len(extra) + len(packed)


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Many small pieces as few larger ones, of about a megabyte."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _MEGABYTE:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


@contextlib.contextmanager
def write_beside(target: Path, like: Path | None = None) -> Iterator[BinaryIO]:
    """A binary file beside `target` that takes its place when the block ends well and vanishes when it doesn't.

    Args:
        target: the file to be made or replaced.
        like: the file whose permissions a new target takes.

    Raises:
        XlpError: the folder, the disk or the target refuses.
    """
    spare: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
        spare = Path(name)
        with open(handle, "wb") as out:  # noqa: PTH123 - takes over the open handle
            yield out
            out.flush()
            os.fsync(out.fileno())
        model = target if target.exists() else like
        if model is not None and model.exists():
            shutil.copymode(model, spare)
        else:  # a temporary file is its owner's alone; colleagues on a shared drive must be able to open this one
            spare.chmod(_usual_mode())
        spare.replace(target)
        spare = None
    except OSError as cause:
        raise XlpError("cannot_write", path=target, found=cause) from cause
    finally:
        if spare is not None:
            spare.unlink(missing_ok=True)


def _usual_mode() -> int:
    """The permissions that a newly made file has for this user."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _without_zip64(extra: bytes) -> bytes:
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != 1:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept


def _looks_like(data: bytes) -> str:
    if not data:
        return "0 bytes"
    head = data[:16].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        return "HTML/XML"
    for encoding in _TEXT_ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            start = codecs.getincrementaldecoder(encoding)().decode(head)  # the last sign may be cut in two
            if "".join(start.split()).isprintable():
                return "CSV/TXT"
    return "?"
