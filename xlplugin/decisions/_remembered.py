"""What is worked out once and looked up from then on."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from xlplugin.decisions.quantities import Values

__all__ = ["Remembered", "reader"]

_MOST = 4096


class Remembered(dict[Any, Any]):
    """What is worked out from something, once for each; looking up what is known calls nothing of ours.

    Args:
        work_out: what gives the value of a key.
    """

    def __init__(self, work_out: Callable[[Any], object]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: object) -> object:
        if len(self) >= _MOST:
            self.clear()
        found = self[key] = self._work_out(key)
        return found


def reader(places: Collection[int]) -> Callable[[Values], Sequence[object]]:
    """What takes the values at some places out of a row's, in the row's order, with the last one twice.

    Of a single place itemgetter alone would make no tuple.
    """
    ordered = sorted(places)
    return itemgetter(*ordered, ordered[-1]) if ordered else _nothing


def _nothing(_values: Values) -> tuple[object, ...]:
    return ()
