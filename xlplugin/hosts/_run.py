"""One recalculation, step by step, from the file to the file."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._arrays import publish
from xlplugin.hosts._book import Book
from xlplugin.hosts._cycles import in_circle
from xlplugin.hosts._formulas import Trait
from xlplugin.hosts._inputs import Input, by_sheet, with_inputs
from xlplugin.hosts._package import Package
from xlplugin.hosts._pages import Page, Pages
from xlplugin.hosts._sheet_xml import put_value
from xlplugin.hosts._trust import check, is_answer
from xlplugin.hosts._values import decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from xlplugin.hosts._engine import Engine, Fault
    from xlplugin.hosts._sheet_xml import Edit, Formula
    from xlplugin.hosts._values import Value

__all__ = ["Run"]

_ROUNDS = 4  # a formula found wanting may uncover another; more rounds than this have never been needed
_OURS = int(Trait.OURS)
_NOT_COMPARED = int(Trait.OURS | Trait.VOLATILE)
_CIRCLE = CellError("#CIRC!")


class Run:
    """One recalculation from file to file."""

    def __init__(
        self,
        source: Path,
        functions_for: Callable[[bool], Mapping[str, Callable[..., object]]],
        progress: Callable[[int, int, str], None] | None,
    ) -> None:
        self._progress = progress or _silent
        self._is_watched = progress is not None
        self._progress(0, 1, "read")
        self.book = Book(Package(source))
        self._pages = Pages(self.book, functions_for(self.book.date1904))
        self._formulas_went = False
        self._changed = 0
        self._values: dict[str, dict[int, dict[int, Value]]] = {}
        self._progress(1, 1, "read")

    def pin_hopeless(self, trusted: Callable[[str], bool]) -> None:
        """Sets aside what the engine can't do, and what it may do wrongly where nothing can show it."""
        suspect = int(Trait.HOPELESS | Trait.DOUBTFUL)
        for page in self._pages.pages.values():
            if not any(traits & suspect for traits in set(page.traits)):
                continue
            for place, formula in enumerate(page.xml.formulas):
                traits = page.traits[place]
                unproved = traits & Trait.DOUBTFUL and self._is_exempt(formula, traits)
                if traits & Trait.HOPELESS or (unproved and not page.is_trusted(formula, trusted)):
                    page.pin(place, "cannot_evaluate")

    def check(self, trusted: Callable[[str], bool]) -> None:
        """Compares the engine with the last program, formula by formula."""
        candidates: dict[str, list[int]] = defaultdict(list)
        for name, page in self._pages.pages.items():
            for place, formula in page.live():
                if self._is_exempt(formula, page.traits[place]):
                    continue
                if not page.is_trusted(formula, trusted):
                    candidates[name].append(place)
        if candidates:
            self._progress(0, 1, "check")
            check(self._pages, candidates)
            self._progress(1, 1, "check")

    def put_in(self, inputs: Mapping[tuple[str, str], Input], overwrite_formulas: bool) -> None:
        """Types the caller's values into the sheets."""
        sheets = {name.casefold(): name for name in self._pages.pages}
        for name, values in by_sheet(inputs, sheets).items():
            xml, went = with_inputs(self._pages.pages[name].xml, values, overwrite_formulas, self.book.date1904)
            self._pages.replace(name, xml)
            self._formulas_went |= went

    def calculate(self) -> Engine:
        """The engine after everything is calculated and what it has no answer to is set aside."""
        failed: str | None = None
        again = True
        for _ in range(_ROUNDS):
            engine = self._pages.engine(Page.view_edits, self._counter() if self._is_watched else None)
            failed = engine.evaluate()
            if failed is not None:
                self._pin_natives(failed)
                continue
            self._values = {
                name: engine.values(name, page.xml.formulas.rows) for name, page in self._pages.pages.items()
            }
            unanswered, pinned = self._pin_unanswered()
            if not unanswered or not (pinned or again):
                break
            again = pinned  # what has no answer here but had one alone is asked once more, then set aside
        if failed is not None:
            raise XlpError("engine_failed", found=failed)
        self._pin_rest()
        return engine

    def write(self, engine: Engine, target: Path | None) -> int:
        """How many cells changed; the file is written if there is a target."""
        self._progress(0, 1, "write")
        changed: dict[str, Iterable[bytes]] = {}
        for page in self._pages.pages.values():
            edits = self._results(page, engine)
            first = next(edits, None)
            if first is not None or page.has_inputs:
                changed[page.part] = page.xml.pieces(chain((first,), edits) if first else ())
        removed: set[str] = set()
        if self._formulas_went:
            without, removed = self.book.without_calc_chain()
            changed |= {part: (content,) for part, content in without.items()}
        changed[self.book.part] = (self.book.calculated(),)
        if target is None:
            deque(chain.from_iterable(changed.values()), 0)  # counts what changes
        else:
            self.book.package.write(target, changed, removed)
        self._progress(1, 1, "write")
        return self._changed

    def _results(self, page: Page, engine: Engine) -> Iterator[Edit]:
        """The edits that write what a sheet's formulas came to, in the order of the sheet; counts changed cells."""
        arrays = page.live_arrays()
        members = sorted(publish(page.xml, page.name, engine, arrays)) if arrays else []
        self._changed += len(members)
        return merge(self._new_values(page), members) if members else self._new_values(page)

    @property
    def pages(self) -> Collection[Page]:
        """The sheets as they are now."""
        return self._pages.pages.values()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What our functions raised."""
        return self._pages.faults.all()

    def _is_exempt(self, formula: Formula, traits: int) -> bool:
        return bool(traits & _NOT_COMPARED) or formula.value is None or self.book.recalculates_on_load

    def _new_values(self, page: Page) -> Iterator[Edit]:
        values = self._values[page.name]
        known: dict[Value, tuple[bytes, bytes]] = {}  # texts recur, and writing them is most of the work
        for _, formula in page.live():
            value = values[formula.column][formula.row]
            if value is None:
                value = "" if formula.kind == b"str" else 0.0
            new = known.get(value) if type(value) is str else encode(value)
            if new is None:
                new = known[value] = encode(value)
            kind, raw = new
            if raw == formula.value and kind == formula.kind:
                continue
            if kind != formula.kind or decode(kind, raw) != decode(kind, formula.value):
                self._changed += 1
                yield from put_value(page.xml, formula, kind, raw)

    def _unanswered(self) -> Iterator[tuple[Page, int, Value]]:
        for page in self._pages.pages.values():
            values = self._values[page.name]
            kinds = {kind for column in values.values() for kind in set(map(type, column.values()))}
            for place, formula in page.live() if CellError in kinds else ():
                value = values[formula.column][formula.row]
                unanswered = isinstance(value, CellError) and not is_answer(value)
                if unanswered and value != decode(formula.kind, formula.value):
                    yield page, place, value

    def _pin_unanswered(self) -> tuple[bool, bool]:
        """Pins the formulas themselves that have no answer, apart from those that merely use them.

        Says whether any formula had no answer, and whether one was pinned.
        """
        circles: dict[tuple[str, int, int], bytes] = {}
        others: dict[str, list[int]] = defaultdict(list)
        for page, place, value in self._unanswered():
            formula = page.xml.formulas[place]
            if value == _CIRCLE:
                circles[page.name, formula.row, formula.column] = page.lowered(formula)
            else:
                others[page.name].append(place)
        met = in_circle(circles) if circles else set()
        for name, page in self._pages.pages.items() if met else ():
            for place in [at for at, formula in page.live() if (name, formula.row, formula.column) in met]:
                page.pin(place, "cannot_evaluate", _CIRCLE)
        pinned = bool(others) and check(self._pages, others, errors_only=True)
        return bool(circles or others), bool(met) or pinned

    def _pin_rest(self) -> None:
        for page, place, value in list(self._unanswered()):
            page.pin(place, "cannot_evaluate", value)

    def _pin_natives(self, failed: str) -> None:
        """The engine gave up on the book as a whole: every formula that isn't ours is set aside."""
        pinned = False
        for page in self._pages.pages.values():
            for place in [at for at, _ in page.live() if not page.traits[at] & _OURS]:
                page.pin(place, "cannot_evaluate")
                pinned = True
        if not pinned:
            raise XlpError("engine_failed", found=failed)

    def _counter(self) -> Callable[[], None]:
        counts = (Counter(page.traits) for page in self._pages.pages.values())
        total = sum(count for found in counts for traits, count in found.items() if traits & _OURS)
        done = 0

        def called() -> None:
            nonlocal done
            done += 1
            if not done % 256:
                self._progress(min(done, total), total, "calculate")

        return called


def _silent(_done: int, _total: int, _what: str) -> None:
    pass
