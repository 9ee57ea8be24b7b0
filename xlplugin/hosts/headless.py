"""The embedded host: a workbook recalculated without any office program, values written into it and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import CellError, XlpError
from xlplugin.hosts._arrays import is_array, publish
from xlplugin.hosts._book import Book
from xlplugin.hosts._cycles import in_circle
from xlplugin.hosts._engine import Engine, Fault
from xlplugin.hosts._formulas import Trait
from xlplugin.hosts._inputs import Input, by_sheet, with_inputs
from xlplugin.hosts._package import Package
from xlplugin.hosts._pages import Kept, Page, Pages
from xlplugin.hosts._sheet_xml import put_value
from xlplugin.hosts._trust import check, is_answer
from xlplugin.hosts._values import decode, encode
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlplugin.hosts._sheet_xml import Edit, Formula
    from xlplugin.hosts._values import Value

__all__ = ["Fault", "Input", "Kept", "Report", "recalc"]

_ROUNDS = 4  # a formula found wanting may uncover another; more rounds than this have never been needed
_SHOWN = 20
_OURS = int(Trait.OURS)
_NOT_COMPARED = int(Trait.OURS | Trait.VOLATILE)


@dataclass(frozen=True)
class Report:
    """What a recalculation did.

    Args:
        formulas: formula cells in the book.
        changed: cells whose shown value is another now.
        kept: formulas that keep their old value, see `Kept`.
        faults: exceptions of our functions; their cells show `#VALUE!`.
        notes: keys of further remarks, each with a sentence `report.note.<key>`.
    """

    formulas: int
    changed: int
    kept: tuple[Kept, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 if everything was calculated, 3 if an old value stays or a function of ours failed."""
        return 3 if self.kept or self.faults else 0

    def sentences(self, lang: str) -> Iterator[str]:
        """The report in words, Chinese for `zh`, English otherwise; of many kept formulas the first twenty."""
        yield say(lang, "report.counts", formulas=self.formulas, changed=self.changed)
        for kept in self.kept[:_SHOWN]:
            shown = {"sheet": kept.sheet, "cell": kept.ref, "formula": kept.formula[:120]}
            values = {"cached": _shown(kept.cached), "computed": _shown(kept.computed)}
            yield say(lang, f"report.{kept.why}", **shown, **values)
        if len(self.kept) > _SHOWN:
            yield say(lang, "report.more_kept", count=len(self.kept) - _SHOWN, total=len(self.kept))
        for fault in self.faults:
            yield say(lang, "report.fault", function=fault.function, found=fault.found, count=fault.count)
        for note in self.notes:
            yield say(lang, f"report.note.{note}")


def recalc(
    source: Path | str,
    target: Path | str | None,
    functions_for: Callable[[bool], Mapping[str, Callable[..., object]]],
    *,
    inputs: Mapping[tuple[str, str], Input] | None = None,
    overwrite_formulas: bool = False,
    trusted: Callable[[str], bool] = lambda _text: False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Report:
    """What was calculated and what keeps its old value; the book with its new values is at `target`.

    Every part of the file stays as it is, byte for byte, but for the values of formula cells, the cells given as
    inputs, and the settings that would make the next program calculate everything anew.

    Args:
        source: the workbook, .xlsx or .xlsm; it is not touched unless it is the target too.
        target: where the result goes, written beside it first; None calculates only.
        functions_for: gives our functions by name, told whether the book counts its days from 1904.
        inputs: values to be typed in first, by sheet name and reference; the check of trust comes before.
        overwrite_formulas: whether an input may take the place of a formula.
        trusted: whether a formula, without equals sign, as the file spells it, needs no check because it is ours.
        progress: told steps done, steps in all, and of what: read, check, calculate, write.

    Raises:
        XlpError: the file can't be read or written, or an input can't be put in.
    """
    run = _Run(Path(source), functions_for, progress or (lambda _done, _total, _what: None))
    run.pin_hopeless(trusted)
    if not run.book.recalculates_on_load:
        run.check(trusted)
    run.put_in(inputs or {}, overwrite_formulas)
    engine = run.calculate()
    changed = run.write(engine, None if target is None else Path(target))
    return run.report(changed)


class _Run:
    """One recalculation from file to file."""

    def __init__(
        self,
        source: Path,
        functions_for: Callable[[bool], Mapping[str, Callable[..., object]]],
        progress: Callable[[int, int, str], None],
    ) -> None:
        self._progress = progress
        progress(0, 1, "read")
        self.book = Book(Package(source))
        self._pages = Pages(self.book, functions_for(self.book.date1904))
        self._formulas_went = False
        self._values: dict[str, dict[int, dict[int, Value]]] = {}
        progress(1, 1, "read")

    def pin_hopeless(self, trusted: Callable[[str], bool]) -> None:
        """Sets aside what the engine can't do, and what it may do wrongly where nothing can show it."""
        suspect = int(Trait.HOPELESS | Trait.DOUBTFUL)
        for page in self._pages.pages.values():
            if not any(traits & suspect for traits in set(page.traits)):
                continue
            for place, formula in enumerate(page.xml.formulas):
                traits = page.traits[place]
                unproved = traits & Trait.DOUBTFUL and self._is_exempt(formula, traits)
                if traits & Trait.HOPELESS or (unproved and not trusted(formula.text)):
                    page.pin(place, "cannot_evaluate")

    def check(self, trusted: Callable[[str], bool]) -> None:
        """Compares the engine with the last program, formula by formula."""
        known: dict[bytes, bool] = {}
        candidates: dict[str, list[int]] = defaultdict(list)
        for name, page in self._pages.pages.items():
            for place, formula in page.live():
                if self._is_exempt(formula, page.traits[place]):
                    continue
                if formula.raw not in known:
                    known[formula.raw] = trusted(formula.text)
                if not known[formula.raw]:
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
        for _ in range(_ROUNDS):
            edits = {name: list(page.view_edits()) for name, page in self._pages.pages.items()}
            engine = self._pages.engine(edits, self._counter())
            del edits
            failed = engine.evaluate()
            if failed is not None:
                self._pin_natives(failed)
                continue
            self._values = {
                name: engine.values(name, ((formula.row, formula.column) for _, formula in page.live()))
                for name, page in self._pages.pages.items()
            }
            if not self._pin_unanswered():
                break
        self._pin_rest()
        return engine

    def write(self, engine: Engine, target: Path | None) -> int:
        """How many cells changed; the file is written if there is a target."""
        self._progress(0, 1, "write")
        changed: dict[str, bytes] = {}
        count = 0
        for name, page in self._pages.pages.items():
            edits, number = self._new_values(page)
            count += number
            arrays = page.live_arrays()
            if arrays:
                members = publish(page.xml, name, engine, arrays)
                count += len(members)
                edits += members
            if edits or page.xml.content is not page.original:
                changed[page.part] = page.xml.edited(edits)
        removed: set[str] = set()
        if self._formulas_went:
            without, removed = self.book.without_calc_chain()
            changed |= without
        changed[self.book.part] = self.book.calculated()
        if target is not None:
            self.book.package.write(target, changed, removed)
        self._progress(1, 1, "write")
        return count

    def report(self, changed: int) -> Report:
        """The report, once all is done."""
        pages = self._pages.pages.values()
        notes = ["signature"] if self.book.is_signed else []
        return Report(
            formulas=sum(len(page.xml.formulas) for page in pages),
            changed=changed,
            kept=tuple(kept for page in pages for _, kept in sorted(page.pinned.items())),
            faults=self._pages.faults.all(),
            notes=tuple(notes),
        )

    def _is_exempt(self, formula: Formula, traits: int) -> bool:
        return bool(traits & _NOT_COMPARED) or formula.value is None or self.book.recalculates_on_load

    def _new_values(self, page: Page) -> tuple[list[Edit], int]:
        """The edits for the formula cells of a sheet, and how many cells they change."""
        values, count = self._values[page.name], 0
        edits: list[Edit] = []
        for _, formula in page.live():
            value = values[formula.column][formula.row]
            cached = decode(formula.kind, formula.value)
            if value is None:
                value = "" if isinstance(cached, str) else 0.0
            if type(value) is type(cached) and value == cached:
                continue
            kind, raw = encode(value)
            if kind != formula.kind or raw != formula.value:
                edits += put_value(page.xml, formula, kind, raw)
                count += 1
        return edits, count

    def _unanswered(self) -> Iterator[tuple[Page, int, Formula, CellError]]:
        for page in self._pages.pages.values():
            values = self._values[page.name]
            for place, formula in page.live():
                value = values[formula.column][formula.row]
                if isinstance(value, CellError) and not is_answer(value):
                    if value != decode(formula.kind, formula.value):
                        yield page, place, formula, value

    def _pin_unanswered(self) -> bool:
        """Finds the formulas themselves that have no answer, apart from those that merely use them."""
        circles: dict[tuple[str, int, int], bytes] = {}
        others: dict[str, list[int]] = defaultdict(list)
        for page, place, formula, value in self._unanswered():
            if value.text == "#CIRC!":
                circles[page.name, formula.row, formula.column] = page.lowered[place]
            else:
                others[page.name].append(place)
        met = in_circle(circles) if circles else set()
        for name, page in self._pages.pages.items():
            for place, formula in list(page.live()):
                if (name, formula.row, formula.column) in met:
                    page.pin(place, "cannot_evaluate", CellError("#CIRC!"))
        return bool(met) | (bool(others) and check(self._pages, others, errors_only=True))

    def _pin_rest(self) -> None:
        for page, place, _, value in list(self._unanswered()):
            page.pin(place, "cannot_evaluate", value)

    def _pin_natives(self, failed: str) -> None:
        """The engine gave up on the book as a whole: every formula that isn't ours is set aside."""
        pinned = False
        for page in self._pages.pages.values():
            for place, _ in list(page.live()):
                if not page.traits[place] & _OURS:
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


def _shown(value: Value) -> str:
    if isinstance(value, CellError):
        return value.text
    return "" if value is None else str(value)
