"""The embedded host: a workbook recalculated without any office program, values written into it and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xlplugin.errors import CellError
from xlplugin.hosts._bare_rows import bare_rows
from xlplugin.hosts._engine import Fault
from xlplugin.hosts._inputs import Input
from xlplugin.hosts._memory import no_collection
from xlplugin.hosts._pages import Kept
from xlplugin.hosts._run import Run
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from xlplugin.hosts._values import Value

__all__ = ["Fault", "Input", "Kept", "Report", "recalc"]

_SHOWN = 20


@dataclass(frozen=True)
class Report:
    """What a recalculation did.

    Args:
        formulas: formula cells in the book.
        changed: cells whose shown value is another now.
        kept: formulas that keep their old value, see `Kept`.
        faults: exceptions of our functions; their cells show `#VALUE!`.
        notes: keys of further remarks, each with a sentence `report.note.<key>`.
        bare: by sheet the rows of tables that are filled in but hold no formulas.
    """

    formulas: int
    changed: int
    kept: tuple[Kept, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    bare: Mapping[str, Sequence[int]] = field(default_factory=dict)

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
        for sheet, rows in self.bare.items():
            shown_rows = say(lang, "join.list").join(map(str, rows[:_SHOWN]))
            yield say(lang, "report.bare", sheet=sheet, rows=shown_rows, count=len(rows))


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
    with no_collection():
        run = Run(Path(source), functions_for, progress)
        run.pin_hopeless(trusted)
        if not run.book.recalculates_on_load:
            run.check(trusted)
        run.put_in(inputs or {}, overwrite_formulas)
        engine = run.calculate()
        changed = run.write(engine, None if target is None else Path(target))
    kept = tuple(kept for page in run.pages for _, kept in sorted(page.pinned.items()))
    formulas = sum(len(page.xml.formulas) for page in run.pages)
    notes = ("signature",) if run.book.is_signed else ()
    return Report(formulas, changed, kept, run.faults, notes, bare_rows(run.book, run.pages))


def _shown(value: Value) -> str:
    if isinstance(value, CellError):
        return value.text
    return "" if value is None else str(value)
