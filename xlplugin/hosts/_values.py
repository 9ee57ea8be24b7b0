"""What a cell holds in a sheet's XML, as a value and back; when two values are the same to a reader."""

from __future__ import annotations

import datetime as dt
import math
import re
from html import escape, unescape

from xlplugin.errors import CellError

__all__ = ["TEXT_LIMIT", "Value", "decode", "encode", "same", "serial"]

Value = None | bool | float | str | CellError
"""What a cell can hold: blank, boolean, number (dates as serials), text, error."""

TEXT_LIMIT = 32767
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RELATIVE, _ABSOLUTE = 1e-9, 1e-12
_EPOCH_1900, _EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - sheets know no zone


def decode(kind: bytes, raw: bytes | None) -> Value:
    """The value behind a formula cell's `t` attribute and the escaped content of its `<v>`, None without one."""
    if raw is None:
        return None
    text = raw.decode()
    if "&" in text:
        text = unescape(text)
    if kind == b"str":
        return text
    if kind == b"b":
        return text.strip() in ("1", "true")
    if kind == b"e":
        return CellError(text)
    try:
        return float(text)
    except ValueError:
        return text


def encode(value: Value) -> tuple[bytes, bytes]:
    """The `t` attribute (empty for a number) and the escaped content of `<v>`; a blank becomes empty text."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            value = _CONTROL.sub(lambda hit: f"_x{ord(hit[0]):04X}_", value)
        return b"str", escape(value[:TEXT_LIMIT], quote=False).encode()
    if isinstance(value, bool):
        return b"b", b"1" if value else b"0"
    if value is None:
        return b"str", b""
    if isinstance(value, CellError):
        return b"e", value.text.encode()
    if not math.isfinite(value):
        return b"e", b"#NUM!"
    whole = value.is_integer() and abs(value) < 1e15
    return b"", (str(int(value)) if whole else repr(value)).encode()


def same(cached: Value, computed: Value) -> bool:
    """Whether a computed value shows a reader what the cached one showed.

    Numbers agree within 1e-9 of their size, about what a sheet's fifteen digits keep after a few steps; texts
    and errors must be the same. A blank result counts as the zero or the empty text that the cache shows.
    """
    if computed is None:
        return cached is None or cached in (0.0, "")
    if isinstance(cached, bool) or isinstance(computed, bool):
        return cached is computed
    if isinstance(cached, (int, float)) and isinstance(computed, (int, float)):
        return math.isclose(cached, computed, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if isinstance(cached, str) and isinstance(computed, str):
        return cached == computed or _ESCAPE.sub(_unescaped, cached) == _ESCAPE.sub(_unescaped, computed)
    return cached == computed


def serial(moment: dt.date, date1904: bool) -> float:
    """The number a sheet keeps for a date or a date with time; a zone is left aside."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - as above
    passed = moment.replace(tzinfo=None) - (_EPOCH_1904 if date1904 else _EPOCH_1900)
    return passed.days + passed.seconds / 86400


def _unescaped(hit: re.Match[str]) -> str:
    return chr(int(hit[1], 16))
