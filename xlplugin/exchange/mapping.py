"""Which header of an export stands for which column, kept in a file that a person can read and change."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlplugin.errors import XlpError
from xlplugin.exchange.ledger_words import PAYMENT_WORDS
from xlplugin.hosts._package import write_beside

__all__ = ["Mapping", "read_mapping", "save_mapping"]

_PARTS = ("columns", "constants")


@dataclass(frozen=True)
class Mapping:
    """A mapping: by column its header in the export, or what stands for it in every line."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> Mapping:
    """The mapping of a .toml or .json file.

    Raises:
        XlpError: it can't be read, or names a column that there isn't.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise XlpError("file_missing", path=path) from None
    except (OSError, UnicodeDecodeError) as cause:
        raise XlpError("cannot_read", path=path, found=cause) from None
    raw = _parsed(path, text)
    unknown = [part for part in raw if part not in _PARTS]
    unknown += [key for part in raw.values() if isinstance(part, dict) for key in part if key not in PAYMENT_WORDS]
    texts = all(
        isinstance(part, dict) and all(isinstance(value, str) for value in part.values()) for part in raw.values()
    )
    if unknown or not texts:
        found = ", ".join(unknown) or "-"
        raise XlpError("payments_mapping", path=path, found=found, allowed=", ".join(PAYMENT_WORDS))
    return Mapping(**raw)


def _parsed(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - only where a mapping is given

    try:
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except ValueError as cause:  # both kinds of syntax error are
        raise XlpError("payments_mapping", path=path, found=cause, allowed=", ".join(PAYMENT_WORDS)) from None
    return found if isinstance(found, dict) else {"": found}


def save_mapping(path: Path, mapping: Mapping) -> None:
    """Writes a mapping as JSON where the name ends so, else as TOML.

    Raises:
        XlpError: the folder can't be written to.
    """
    parts = {"columns": mapping.columns, "constants": mapping.constants}
    if path.suffix.lower() == ".json":
        text = json.dumps(parts, ensure_ascii=False, indent=2) + "\n"
    else:
        lines = []
        for name, part in parts.items():
            lines += [
                f"[{name}]",
                *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in part.items()),
                "",
            ]
        text = "\n".join(lines)
    with write_beside(Path(path)) as out:
        out.write(text.encode())
