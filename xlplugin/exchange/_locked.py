"""A file that opens with a password only."""

from __future__ import annotations

import io

from xlplugin.errors import XlpError

__all__ = ["locked"]


def locked(data: bytes, password: str) -> bytes:
    """The workbook encrypted as Office does it (Agile, AES-256).

    Raises:
        XlpError: the library for it is not installed.
    """
    try:
        from msoffcrypto.format.ooxml import OOXMLFile  # noqa: PLC0415 - an extra, needed only here
    except ImportError:
        raise XlpError("share_no_crypto") from None
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()
