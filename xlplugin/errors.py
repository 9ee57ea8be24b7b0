"""What can go wrong by a person's hand: one exception, a code for each cause, a sentence in each language."""

from __future__ import annotations

import errno

from xlplugin.texts import say

_REFUSALS = "ENOENT ENOTDIR EACCES EPERM EROFS ENOSPC EISDIR EEXIST ENAMETOOLONG EBUSY EINVAL".split()

__all__ = ["CellError", "XlpError"]


class XlpError(Exception):
    """A cause that a person can mend: where it is, what was read, what is allowed.

    Args:
        code: the cause; `error.<code>` is its sentence in the texts of both languages.
        facts: what fills the sentence (path, sheet, row, found, allowed …); an OSError is told in words.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def sentence(self, lang: str) -> str:
        """The cause in words, Chinese for `zh`, English otherwise."""
        facts = {key: _told(fact, lang) if isinstance(fact, OSError) else fact for key, fact in self.facts.items()}
        return say(lang, f"error.{self.code}", **facts)

    def __str__(self) -> str:
        return self.sentence("en")


def _told(cause: OSError, lang: str) -> str:
    """Why the system refused; its own English words only where we have none."""
    code = errno.errorcode.get(cause.errno or 0, "")
    return say(lang, f"refused.{code}") if code in _REFUSALS else cause.strerror or str(cause)


class CellError:
    """An error value as a spreadsheet shows it, such as `#N/A`; a host turns it into its own kind of error.

    Args:
        text: the spelling in the cell, with the number sign.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"CellError({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CellError) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)
