"""Taking values out of a scheme file, each checked; an error names file, key, what stands there and what may."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from xlplugin.errors import XlpError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Section"]

T = TypeVar("T")


class Section:
    """One table of a scheme file, taken apart key by key.

    Args:
        values: what the file says there.
        path: the file, as it is named in errors.
        key: the dotted place in the file.
    """

    def __init__(self, values: object, path: str, key: str = "") -> None:
        self.path = path
        self.key = key
        if not isinstance(values, dict):
            raise self.error(key, values, "a table / 表")
        self.values: Mapping[str, object] = values

    def error(self, key: str, found: object, allowed: object) -> XlpError:
        """The error for one key of this table."""
        return XlpError("scheme_file", path=self.path, key=key, found=repr(found), allowed=allowed)

    def at(self, key: str) -> str:
        """The dotted place of a key of this table."""
        return f"{self.key}.{key}" if self.key else key

    def only(self, allowed: Iterable[str]) -> None:
        """Raise unless every key is one of `allowed`."""
        allowed = tuple(allowed)
        for key in self.values:
            if key not in allowed:
                raise self.error(self.at(key), key, " / ".join(allowed))

    def take(self, key: str, kind: type[T], default: T | None = None, *, needed: bool = False) -> T | None:
        """The value of a key, of the type asked for; its default where it is not given."""
        value = self.values.get(key, default)
        if value is None and not needed:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(self.at(key), value, kind.__name__)
        return value

    def need(self, key: str, kind: type[T]) -> T:
        """The value of a key that must be given."""
        value = self.take(key, kind, needed=True)
        assert value is not None  # noqa: S101 - take() has raised otherwise
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """The value of a key that must be one of a few words."""
        allowed = tuple(allowed)
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            raise self.error(self.at(key), value, " / ".join(allowed))
        return value

    def number(self, key: str) -> float | int:
        """The value of a key that must be a finite number."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value - value != 0:
            raise self.error(self.at(key), value, "a number / 数字")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(self.at(key), value, '["…", "…"]')
        return tuple(value)

    def words(self, key: str, *, needed: bool = True) -> dict[str, str] | None:
        """A text in Chinese and English; both or neither."""
        value = self.values.get(key)
        if value is None and not needed:
            return None
        if (
            not isinstance(value, dict)
            or set(value) != {"zh", "en"}
            or not all(isinstance(text, str) and text.strip() for text in value.values())
        ):
            raise self.error(self.at(key), value, '{ zh = "…", en = "…" }')
        return dict(value)

    def section(self, key: str) -> Section:
        """The table under a key; empty where it is not given."""
        return Section(self.values.get(key, {}), self.path, self.at(key))

    def sections(self, key: str) -> list[Section]:
        """The list of tables under a key; empty where it is not given."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(self.at(key), value, f"[[{key}]]")
        return [Section(item, self.path, f"{self.at(key)}[{place}]") for place, item in enumerate(value, 1)]

    def items(self) -> list[tuple[str, Section]]:
        """Every key of this table with the table under it."""
        return [(key, Section(value, self.path, self.at(key))) for key, value in self.values.items()]
