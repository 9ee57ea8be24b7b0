"""All schemes there are: the published ones of this package, and an office's own from a folder of its own."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from xlplugin.errors import XlpError
from xlplugin.rulebook._checked import Section
from xlplugin.rulebook._fields import Tokens, read_field, read_tokens
from xlplugin.rulebook._settings import read_settings
from xlplugin.rulebook.model import Field, Scheme, Settings
from xlplugin.rulebook.schema import read_scheme

__all__ = ["Rulebook", "Scheme", "Settings", "load", "with_values"]

_HERE = Path(__file__).parent
_SETTINGS = "settings"  # the folder of the files that hold numbers of no scheme


class Rulebook(Mapping[str, Scheme]):
    """Every scheme by its id.

    Args:
        schemes: the schemes in the order they are listed.
        common: the fields every scheme reads besides its own.
        vocabulary: the token lists a scheme may name.
        settings: by their id, numbers of rules that are no schemes.
    """

    def __init__(
        self,
        schemes: Mapping[str, Scheme],
        common: Mapping[str, Field],
        vocabulary: Mapping[str, Tokens],
        settings: Mapping[str, Settings],
    ) -> None:
        self._schemes = schemes
        self.common = common
        self.vocabulary = vocabulary
        self.settings = settings

    def __getitem__(self, id_: str) -> Scheme:
        return self._schemes[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemes)

    def __len__(self) -> int:
        return len(self._schemes)

    def find(self, name: str) -> Scheme:
        """The scheme of an id or of a title in either language.

        Raises:
            XlpError: `unknown_scheme`, listing those there are.
        """
        scheme = self._schemes.get(name)
        if scheme is None:
            wanted = name.strip().casefold()
            for scheme in self._schemes.values():
                if wanted in (scheme.id, *(title.casefold() for title in scheme.title.values())):
                    return scheme
            raise XlpError("unknown_scheme", found=name, allowed=", ".join(self._schemes))
        return scheme


def load(folder: str | Path | None = None) -> Rulebook:
    """The published schemes, with those of an office's own folder added or put in their place.

    Args:
        folder: a folder of scheme files; without it, the one that XLP_RULEBOOK names, if any.

    Raises:
        XlpError: a file cannot be read or says what a scheme file may not.
    """
    folder = folder or os.environ.get("XLP_RULEBOOK") or None
    return _load(None if folder is None else str(folder))


@lru_cache(maxsize=8)
def _load(folder: str | None) -> Rulebook:
    files = _published()
    vocabulary, common = _words(files.pop("vocabulary.toml"))
    schemes: dict[str, Scheme] = {}
    settings: dict[str, Settings] = {}
    for path, raw in {**files, **_own(folder)}.items():
        if Path(path).parent.name == _SETTINGS:
            numbers = read_settings(raw, path)
            settings[_named(path, numbers.id)] = numbers
        else:
            scheme = read_scheme(raw, path, vocabulary, common)
            schemes[_named(path, scheme.id)] = scheme
    return Rulebook(schemes, common, vocabulary, settings)


def _named(path: str, id_: str) -> str:
    """The id, which must be the name of its file."""
    if id_ != Path(path).stem:
        raise XlpError("scheme_file", path=path, key="id", found=id_, allowed=Path(path).stem)
    return id_


def _published() -> dict[str, dict[str, Any]]:
    """The content of this package's files; inside other programs they come as one JSON made from the TOML."""
    packed = _HERE / "rulebook.json"
    if packed.exists():
        return dict(json.loads(packed.read_text(encoding="utf-8")))
    paths = [_HERE / "vocabulary.toml", *sorted((_HERE / "schemes").glob("*.toml"))]
    published = {path.name: _read_toml(path) for path in paths}
    numbers = sorted((_HERE / _SETTINGS).glob("*.toml"))
    return published | {f"{_SETTINGS}/{path.name}": _read_toml(path) for path in numbers}


def _own(folder: str | None) -> dict[str, dict[str, Any]]:
    if folder is None:
        return {}
    if not Path(folder).is_dir():
        raise XlpError("rulebook_folder", path=folder)
    paths = [*sorted(Path(folder).glob("*.toml")), *sorted((Path(folder) / _SETTINGS).glob("*.toml"))]
    return {str(path): _read_toml(path) for path in paths}


def _read_toml(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - Python 3.10 has none; there the rulebook comes as JSON

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise XlpError("scheme_encoding", path=path, place=error.start) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = place.groups() if place else ("?", "?")
        found = str(error).partition(" (at ")[0]
        raise XlpError("scheme_syntax", path=path, line=line, column=column, found=found) from None


def _words(raw: dict[str, Any]) -> tuple[dict[str, Tokens], dict[str, Field]]:
    top = Section(raw, "vocabulary.toml")
    vocabulary = {name: read_tokens(part) for name, part in top.section("tokens").items()}
    common = {id_: read_field(id_, part, vocabulary) for id_, part in top.section("common").items()}
    return vocabulary, common


def packed() -> str:
    """The published rulebook as one JSON text, for programs whose Python has no TOML reader."""
    return json.dumps(_published(), ensure_ascii=False)


def with_values(book: Rulebook, scheme: Scheme, values: Mapping[str, float | None]) -> Scheme:
    """The scheme with an office's own numbers in place of the published ones, checked like a file.

    Args:
        book: the rulebook the scheme is from.
        scheme: the published scheme.
        values: by path such as `bands.H.limit` or `interval.A`; None means no contact.

    Raises:
        XlpError: an unknown path, or values that leave the scheme out of order.
    """
    raw = deepcopy(dict(scheme.raw))
    for path, value in values.items():
        if path not in scheme.parameters:
            raise XlpError("unknown_rule", scheme=scheme.id, found=path, allowed=", ".join(scheme.parameters))
        _set(raw, path, value)
    return read_scheme(raw, scheme.path, book.vocabulary, book.common)


def _set(raw: dict[str, Any], path: str, value: float | None) -> None:
    kind, _, rest = path.partition(".")
    if kind == "interval":
        raw["interval"][rest]["days"] = "none" if value is None else value
    elif kind == "limits":
        raw["limits"][rest]["value"] = value
    elif kind == "points":
        field, _, token = rest.partition(".")
        raw["points"]["table"][field][token] = value
    else:
        grade = rest.removesuffix(".limit")
        for table in raw["table"]:
            for band in table.get("bands", ()):
                if band["grade"] == grade:
                    band["limit"] = value
