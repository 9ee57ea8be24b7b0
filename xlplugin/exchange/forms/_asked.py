"""What a copy's workings offer to one call: its cells read, its tier worked out, its payments summed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from xlplugin.cells import is_blank, show
from xlplugin.exchange.forms._holes import COLUMN, HOLE, NotPlain
from xlplugin.rulebook import load
from xlplugin.worksheet import FUNCTIONS, Desk
from xlplugin.worksheet._given import columns_of
from xlplugin.worksheet._plain_accounts import Cells, setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlplugin.exchange.forms._calls import Call
    from xlplugin.exchange.forms._compile import Compiler
    from xlplugin.exchange.forms._ledger import Ledger
    from xlplugin.exchange.forms._opened import Area
    from xlplugin.worksheet._shared_accounts import Checked, Paid

__all__ = ["Asked"]

_HEADED = ("fields", "policy", "table")
_FIGURES = ("monthly_payment", "best_line_payment")
_TIERS = "account_tiers_vip_abc"


class Asked:
    """One call, as `worksheet._shared_accounts.Workings` has it.

    Args:
        compiler: what compiles the formulas of its sheet.
        call: the call.
        row: of its cell, `column` likewise.
    """

    def __init__(self, compiler: Compiler, call: Call, row: int, column: int) -> None:
        self._compiler, self._call, self._at = compiler, call, (row, column)
        self._function = FUNCTIONS[call.name]

    @cached_property
    def lang(self) -> str:
        """The language of the headers it is given, else that of the sheet."""
        for name in _HEADED:
            area = self._area(name)
            if area is not None:
                words = [show(cell) for cell in self._header(area) if not is_blank(cell)]
                return "en" if all(word.isascii() for word in words) else "zh"
        return self._compiler.lang()

    def text(self, argument: str) -> str:
        """An argument as it stands in the call."""
        return self._compiler.text(self._call.arg(argument), *self._at)

    def texts(self) -> list[str]:
        """All arguments for a plain formula, with formulas for the cells that the function reads."""
        made = [self._compiler.text(arg, *self._at) for arg in self._call.args]
        reads = self._function.reads
        for place, arg in enumerate(self._function.args[: len(made)] if reads else ()):
            if arg.name == "evidence":
                made[place] = self._row(made[place], reads)
            elif arg.name == "values":
                made[place] = self._listed(made[place], reads)
            elif arg.name in reads and self._is_cell(arg.name):
                made[place] = self._read(arg.name, reads[arg.name], self._call.arg(arg.name))
        return made

    def key(self, argument: str) -> str:
        """The key of the number in a cell."""
        return self._read("account_no", "key", self._call.arg(argument))

    def setting(self, name: str) -> str:
        """A number of the settings."""
        return setting(name, self._fixed("rules"))

    def tier(self, factor: str = "") -> str:
        """The tier of the row, both payments multiplied by a factor."""
        compiler, scheme = self._compiler, load()[_TIERS]
        inputs, rules, lang = compiler.inputs(scheme, self._call, *self._at)
        for id_ in _FIGURES if factor else ():
            if id_ in inputs:
                read = f"{HOLE}{compiler.bench.reading(id_, 'number', inputs[id_])}{HOLE}"
                inputs[id_] = compiler.placed(f"IF(ISNUMBER({read}),ROUND({read}*{factor},6),{read})")
        return f"{HOLE}{compiler.bench.judged(scheme, inputs, rules, lang)}.grade{HOLE}"

    def paid(self) -> Paid:
        """The payments."""
        return self._ledger().paid(self._fixed("as_of"), self._fixed("rules"))

    def checked(self) -> Checked:
        """The payments as they are checked."""
        return self._ledger().checked(self._fixed("accounts"))

    def _ledger(self) -> Ledger:
        fields, payments = self._area("fields"), self._area("payments")
        ledgers = self._compiler.ledgers
        if ledgers is None or fields is None or payments is None:
            raise NotPlain(self._call.name)
        return ledgers.of(fields, payments)

    def _area(self, argument: str) -> Area | None:
        text = self._call.arg(argument)
        return self._compiler.opened.area(text, self._compiler.sheet, *self._at) if text else None

    def _is_cell(self, argument: str) -> bool:
        area = self._area(argument)
        return area is not None and area.is_cell and area.follows

    def _header(self, area: Area) -> list[object]:
        return list(self._compiler.opened.values(area._replace(bottom=area.top))[0])

    def _fixed(self, argument: str) -> str:
        """An argument as any sheet's formula speaks of it; empty where it is left out."""
        text = self._call.arg(argument)
        if not text or text == '""':
            return ""
        area = self._area(argument)
        if area is None or area.follows:
            raise NotPlain(self._call.name)
        return text if "[" in text else area.fixed()

    def _read(self, id_: str, kind: str, cell: str) -> str:
        return self._reading(id_, kind, self._compiler.cell(cell, *self._at))

    def _reading(self, id_: str, kind: str, place: str) -> str:
        return f"{HOLE}{self._compiler.bench.reading(id_, kind, place)}{HOLE}"

    def _columns(self, reads: Mapping[str, str]) -> dict[str, Area]:
        """The cells of the row that the function reads; none where it is not one row under one header."""
        header, cells = self._area("fields"), self._area("evidence")
        if header is None or cells is None or cells.top != cells.bottom or not cells.follows:
            return {}
        ids = [id_ for id_ in reads if id_ not in {arg.name for arg in self._function.args}]
        places = columns_of(Desk(), [self._header(header)], "accounts", ids).places
        return {id_: cells.column(at) for id_, at in zip(ids, places, strict=True) if at is not None}

    def _row(self, text: str, reads: Mapping[str, str]) -> str:
        made = Cells(text)
        made.read = {
            id_: self._reading(id_, reads[id_], self._compiler.put(area, self._at[0]))
            for id_, area in self._columns(reads).items()
        }
        return made

    def _listed(self, text: str, reads: Mapping[str, str]) -> str:
        """The column whose rows are compared, read; as it stands where it is not the column of the row's own cell."""
        area = self._area("values")
        for id_, own in self._columns(reads).items():
            if area is not None and (area.sheet, area.left, area.right) == (own.sheet, own.left, own.right):
                self._compiler.covered.append(area)
                read = self._reading(id_, reads[id_], self._compiler.put(own, self._at[0]))
                return f"{HOLE}{COLUMN}{read[1:]}"
        return text
