"""What our installation put where, so that its removal takes away that and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.hosts._package import write_beside
from xlplugin.hosts.excel._facts import start_folder

if TYPE_CHECKING:
    from xlplugin.hosts.excel._windows import Windows

__all__ = ["exists", "folders", "forget", "interpreter", "note", "place"]


def note(windows: Windows, **facts: str) -> None:
    """Writes down what was put where; a start folder is added to those known."""
    known = _known(windows)
    if "start_folder" in facts:
        known["start_folders"] = sorted({*map(str, _start_folders(windows)), facts.pop("start_folder")})
    known.update(facts)
    path = place(windows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_beside(path) as out:
        out.write(json.dumps(known, ensure_ascii=False, indent=1).encode())


def folders(windows: Windows) -> list[Path]:
    """Where our add-in may lie: the usual start folder, and those it was put into, each once."""
    return list(dict.fromkeys([start_folder(windows), *_start_folders(windows)]))


def _start_folders(windows: Windows) -> list[Path]:
    """The start folders our add-in was put into."""
    folders = _known(windows).get("start_folders")
    return [Path(str(folder)) for folder in folders] if isinstance(folders, list) else []


def interpreter(windows: Windows) -> str:
    """The interpreter we put into the user's settings; empty where it was the user's own."""
    return str(_known(windows).get("interpreter", ""))


def exists(windows: Windows) -> bool:
    """Whether anything was written down."""
    return place(windows).exists()


def forget(windows: Windows) -> None:
    """Takes the record away, and our folder where nothing else is in it."""
    path = place(windows)
    path.unlink(missing_ok=True)
    if path.parent.exists() and not any(path.parent.iterdir()):
        path.parent.rmdir()


def place(windows: Windows) -> Path:
    """The file in which it is written down."""
    return windows.local / "xlplugin" / "excel.json"


def _known(windows: Windows) -> dict[str, object]:
    try:
        known = json.loads(place(windows).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
