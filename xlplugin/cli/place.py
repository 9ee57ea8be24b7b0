"""`xlplugin place`: a suggested placement of customers on units, beside what picking in an order would give."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.cli._outputs import named_output, output_of
from xlplugin.cli._shared import Progress, aligned, note
from xlplugin.errors import XlpError
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse

    from xlplugin.exchange.place.reading import Project
    from xlplugin.exchange.place.register import Taken
    from xlplugin.exchange.place.suggesting import Suggestion
    from xlplugin.exchange.place.writing import Placed

    Inputs = dict[tuple[str, int, int], object]

__all__ = ["run"]

_DRAWS, _MOST_DRAWS = 1000, 1_000_000
_WIDEST = 44
_LEFT = 3


def run(options: argparse.Namespace, lang: str) -> int:
    """Suggests, compares, writes and draws; 3 where a formula kept an old value or a customer found no empty row."""
    from xlplugin.exchange.place.reading import read_project  # noqa: PLC0415 - brings the workbook reader
    from xlplugin.exchange.place.rules import numbers_in  # noqa: PLC0415 - as above

    source = Path(options.book)
    draws = _draws(options)
    picture = _picture(options)
    project = read_project(source)
    target = _target(source, options, project, lang)
    inputs: Inputs = {}
    left = 0
    if options.register is not None:
        project, taken = _with_register(project, Path(options.register), lang)
        inputs, left = taken.inputs, taken.left
    numbers = numbers_in(project)
    found = _suggested(project, options.aim, numbers, draws, options.seed, lang)
    _say_problems(found, lang)
    _print(found, lang)
    code = _write(found, target, inputs, lang)
    if picture is not None:
        _draw(found, picture, numbers, lang)
    return code or (_LEFT if left else 0)


def _draws(options: argparse.Namespace) -> int:
    """How many orders are drawn by lot; 0 where only deposits are asked for."""
    if options.draws is None:
        return _DRAWS if options.order == "lottery" else 0
    if not 1 <= options.draws <= _MOST_DRAWS:
        raise XlpError("place_draws", found=options.draws, limit=_MOST_DRAWS)
    return int(options.draws)


def _picture(options: argparse.Namespace) -> Path | None:
    """Where the map goes; known to be possible before anything takes long."""
    if options.picture is None:
        return None
    from xlplugin.exchange.place.picture import check_picture  # noqa: PLC0415 - brings matplotlib

    path = Path(options.picture)
    check_picture(path)
    named_output(path, replace=options.replace)
    return path


def _target(source: Path, options: argparse.Namespace, project: Project, lang: str) -> Path | None:
    """Where the result goes; None where the list is only printed."""
    from xlplugin.exchange.place.writing import has_table  # noqa: PLC0415 - brings the workbook reader

    fills_book = has_table(project) or options.register is not None
    if options.output is None and not fills_book:
        return None
    usual = source.with_name(f"{source.stem}-place{source.suffix}")
    kinds = (".csv", source.suffix.casefold() if fills_book else ".xlsx")
    return output_of(options, usual, lang, kinds=kinds, kind_error="place_kind", read=(source, options.register))


def _with_register(project: Project, register: Path, lang: str) -> tuple[Project, Taken]:
    """The project with the customers of a register, and what they brought."""
    from xlplugin.exchange.place.reading import read_project  # noqa: PLC0415 - as above
    from xlplugin.exchange.place.register import take_in  # noqa: PLC0415 - as above

    taken = take_in(project, register)
    for (sheet, row, column), value in taken.inputs.items():
        project.sheets.put(sheet, row, column, value)
    note(lang, "cli.place.from", path=register, new=taken.new, filled=taken.filled, same=taken.same)
    for done in taken.said:
        note(lang, "cli.place.problem", line=done.sentence(lang))
    return read_project(project.path, project.sheets), taken


def _suggested(project: Project, aim: str, numbers: dict[str, float], draws: int, seed: int, lang: str) -> Suggestion:
    from xlplugin.decisions.choices import limits_by  # noqa: PLC0415 - as above
    from xlplugin.exchange.place.suggesting import suggestion  # noqa: PLC0415 - as above

    progress = Progress(lang)
    what = say(lang, "place.by_lottery", draws=draws, seed=seed)
    progress(0, 1, say(lang, "cli.place.solving"))
    try:
        return suggestion(
            project,
            aim,
            limits=limits_by(numbers),
            draws=draws,
            seed=seed,
            progress=lambda done, total: progress(done, total, what),
        )
    finally:
        progress.close()


def _say_problems(found: Suggestion, lang: str) -> None:
    from xlplugin.exchange.place.checking import check  # noqa: PLC0415 - as above

    problems = check(found.project, found.field)
    if problems:
        note(lang, "cli.place.problems", count=len(problems))
    for problem in problems:
        note(lang, "cli.place.problem", line=problem.sentence(lang))


def _print(found: Suggestion, lang: str) -> None:
    """The comparison, and who would lose what."""
    from xlplugin.decisions.choices import is_for_sale, unit_key  # noqa: PLC0415 - loads nothing it may not need

    units = list({unit_key(unit.unit_no): unit for unit in reversed(found.project.units)}.values())  # the first counts
    open_ = sum(map(is_for_sale, units))
    wanted = sum(found.field.wanted)
    print(say(lang, "place.internal"))
    print(say(lang, "cli.place.found", units=len(units), open=open_, wishes=len(found.plan), wanted=wanted))
    permits = list(dict.fromkeys(unit.permit_no for unit in units if unit.permit_no))
    if permits:
        print(say(lang, "place.permits", permits=say(lang, "place.and").join(permits)))
    wishes = found.project.wishes
    for key, count in (
        ("no_permit", sum(not unit.permit_no for unit in units)),
        ("no_deposit", sum(wish.deposit_time is None for wish in wishes)),
        ("unchecked", sum(None in (wish.acceptable_total, wish.first_payment) or not wish.payment for wish in wishes)),
    ):
        if count:
            print(say(lang, f"place.{key}", count=count))
    print()
    print(aligned(*found.totals(lang), _WIDEST))
    print()
    print(say(lang, "cli.place.ties"))
    told = {"losers": found.losers(lang), "winners": found.winners(lang), "risks": found.chances(lang)}
    for key, lines in told.items():
        if lines:
            print()
            print(say(lang, f"cli.place.{key}", count=len(lines)))
            print("\n".join(f"  {line}" for line in lines))


def _write(found: Suggestion, target: Path | None, inputs: Inputs, lang: str) -> int:
    """The suggestion written where it belongs; what finds no room there is printed."""
    from xlplugin.exchange.place.problems import Problem  # noqa: PLC0415 - as above
    from xlplugin.exchange.place.writing import cells_for, headers  # noqa: PLC0415 - as above
    from xlplugin.workbooks.writing import write_table  # noqa: PLC0415 - as above

    placed = cells_for(found)
    sheet_lang = found.project.lang
    is_list = target is not None and (target.suffix.casefold() == ".csv" or not (placed.sheet or inputs))
    if target is not None and is_list:
        write_table(target, headers(sheet_lang), list(found.rows(sheet_lang)))
        note(lang, "cli.place.done", path=target)
        return 0
    if placed.sheet and placed.left:
        facts = {"room": placed.room, "count": len(placed.left)}
        note(lang, "cli.place.problem", line=Problem(placed.sheet, 0, "no_room", facts).sentence(lang))
    if placed.left:
        print()
        print(aligned(headers(lang), [[show(cell) if cell is not None else "" for cell in row] for row in placed.left]))
    return _fill(found, target, inputs, placed, lang) if target is not None else 0


def _fill(found: Suggestion, target: Path, inputs: Inputs, placed: Placed, lang: str) -> int:
    """The workbook with its cells filled and calculated anew."""
    from xlplugin.cli.recalc import desk_functions, report  # noqa: PLC0415 - brings the kernel
    from xlplugin.exchange.place._map_size import sized  # noqa: PLC0415 - as above
    from xlplugin.exchange.place.writing import reference  # noqa: PLC0415 - as above
    from xlplugin.hosts.headless import recalc  # noqa: PLC0415 - brings the engine
    from xlplugin.rulebook import load  # noqa: PLC0415 - as above
    from xlplugin.workbooks.build import is_ours  # noqa: PLC0415 - as above

    cells = {
        (sheet, reference(row, column)): value for (sheet, row, column), value in {**inputs, **placed.inputs}.items()
    }
    progress = Progress(lang)
    try:
        with TemporaryDirectory() as folder:
            fitting = Path(folder) / found.project.path.name
            result = recalc(
                fitting if sized(found.project.path, fitting, found.project.units) else found.project.path,
                target,
                desk_functions(load()),
                inputs=cells,  # type: ignore[arg-type] # they come from cells
                trusted=is_ours,
                progress=progress,
            )
    finally:
        progress.close()
    report(result, target, lang)
    note(lang, "cli.place.done", path=target)
    return result.exit_code


def _draw(found: Suggestion, picture: Path, numbers: dict[str, float], lang: str) -> None:
    from xlplugin.decisions.placement import terms_of  # noqa: PLC0415 - as above
    from xlplugin.exchange.place.picture import draw  # noqa: PLC0415 - brings matplotlib

    draw(found.project.units, found.project.wishes, picture, found.project.lang, terms_of(numbers))
    note(lang, "cli.place.picture", path=picture)
