"""The placement map as a picture for the wall, a chat or the printer, readable in grey and by colour-blind people."""

from __future__ import annotations

import errno
import io
import os
import warnings
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from xlplugin.decisions.choices import unit_key
from xlplugin.decisions.placement import STATES, Terms, crowd, state
from xlplugin.errors import XlpError
from xlplugin.exchange._masks import masked_name
from xlplugin.exchange.place._fonts import font_for
from xlplugin.exchange.place._grid import grids
from xlplugin.hosts._package import write_beside
from xlplugin.texts import say
from xlplugin.texts.widths import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xlplugin.domain import Unit, Wish
    from xlplugin.exchange.place._grid import Grid

    Axes = Any  # matplotlib's, which is there only when it is used

__all__ = ["check_picture", "draw"]


class _Stand(NamedTuple):
    """How a unit stands: its state, the customers who want it first, how many of them are placed."""

    state: str
    customers: list[str]
    placed: int


class _Look(NamedTuple):
    """How a state looks: light fill, strong colour and hatch of its bar, and a sign that needs no colour."""

    fill: str
    bar: str
    hatch: str
    sign: str


# Okabe and Ito's colours, which colour-blind people can tell apart; the fills darken from vacant to heap.
_LOOKS = {
    "vacant": _Look("#FFFFFF", "#FFFFFF", "", "○"),
    "wished": _Look("#F0F6FB", "#56B4E9", "", "◐"),
    "matched": _Look("#DDF1EA", "#009E73", "", "●"),
    "contested": _Look("#F5D48A", "#E69F00", "////", "◆"),
    "heap": _Look("#E89A70", "#D55E00", "xxxx", "▲"),
    "sold": _Look("#C4C4C4", "#8C8C8C", "....", "■"),
}
# Inches.
_WIDTH, _HEIGHT, _BAR, _LABEL, _GAP, _HEAD = 1.72, 0.62, 0.09, 0.62, 0.5, 0.75
_TOP, _FOOT, _MARGIN, _LEAST_WIDTH = 1.35, 0.45, 0.3, 7.0
_LEGEND_STEP, _LEGEND_ROW = 2.1, 0.28
_DPI, _MOST_PIXELS = 130, 16_000
_PAPER = 2**0.5  # the long side of A paper to its short one
# Places of a line in a cell, where a Chinese sign takes two; the usual font of English is wider.
_LINE = {"zh": 34, "en": 29}
_LINES = 2  # of customers in a cell


def check_picture(path: Path) -> None:
    """Sees to it that a picture can be drawn and written under this name.

    Raises:
        XlpError: `picture_kind`, `cannot_write`, or `no_matplotlib` where the library is not installed.
    """
    if path.suffix.casefold() not in (".png", ".svg", ".pdf"):
        raise XlpError("picture_kind", path=path)
    if not path.parent.is_dir():
        raise XlpError("cannot_write", path=path, found=FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
    try:
        import matplotlib as mpl  # noqa: F401, PLC0415 - an extra; only its absence is asked here
    except ImportError:
        raise XlpError("no_matplotlib") from None


def draw(units: Sequence[Unit], wishes: Sequence[Wish], path: Path, lang: str, terms: Terms | None = None) -> None:
    """Writes the map: one panel a building, each unit with its figures, its state and its first-choice customers.

    A PDF has a page for each building, to be printed.

    Args:
        units: the project's.
        wishes: the customers'.
        path: a .png, .svg or .pdf; it is written beside its place first.
        lang: of the labels.
        terms: the numbers that states go by; without them, the published ones.

    Raises:
        XlpError: as `check_picture`, `no_chinese_font`, or the file can't be written.
    """
    check_picture(path)
    sheet = _Sheet(units, wishes, lang, terms or Terms())
    data = sheet.rendered(path.suffix.casefold()[1:])
    with write_beside(path) as out:
        out.write(data)


class _Sheet:
    """The whole picture."""

    def __init__(self, units: Sequence[Unit], wishes: Sequence[Wish], lang: str, terms: Terms) -> None:
        self._units, self._lang = units, lang
        self._stands = list(_standing(units, wishes, terms))
        self._grids = grids(units)

    def rendered(self, kind: str) -> bytes:
        """The picture's bytes, `png`, `svg` or `pdf`; the same project gives the same bytes."""
        import matplotlib as mpl  # noqa: PLC0415 - an extra

        settings: Any = {
            "font.family": font_for(self._all_text()),
            "hatch.linewidth": 0.6,
            "svg.hashsalt": "xlplugin",
            "text.parse_math": False,  # a dollar sign in a name is one
        }
        with mpl.rc_context(settings), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a sign that the font lacks comes out as a box, which is seen
            out = io.BytesIO()
            if kind == "pdf":
                self._pages(out)
            else:
                self._picture(out, kind)
        return out.getvalue()

    def _picture(self, out: io.BytesIO, kind: str) -> None:
        """All buildings beside and below each other."""
        rows = list(_arranged(self._grids))
        figure = self._figure(rows, *_size(rows))
        dpi = min(_DPI, _MOST_PIXELS / max(figure.get_size_inches()))
        figure.savefig(out, format=kind, dpi=dpi, metadata={"Date": None} if kind == "svg" else {"Software": None})

    def _pages(self, out: io.BytesIO) -> None:
        """A page for each building, in the shape of A4 and A3 paper, so that it fills the one it is printed on."""
        from matplotlib.backends.backend_pdf import PdfPages  # noqa: PLC0415 - an extra

        with PdfPages(out, metadata={"CreationDate": None}) as pages:
            for rows in [[[grid]] for grid in self._grids] or [[]]:
                width, height = _size(rows)
                long = max(height, width * _PAPER) if height > width else max(width, height * _PAPER)
                size = (long / _PAPER, long) if height > width else (long, long / _PAPER)
                pages.savefig(self._figure(rows, *size))

    def _figure(self, rows: Sequence[Sequence[Grid]], width: float, height: float) -> Any:
        """Buildings in rows on a sheet of so many inches."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        self._heading(axes, width, [at for row in rows for grid in row for at in grid.cells.values()])
        top = _top(width)
        for row in rows:
            left = _MARGIN + (width - _size(rows)[0]) / 2
            for grid in row:
                self._panel(axes, grid, left, top)
                left += _width(grid) + _GAP
            top += max(map(_height, row))
        axes.text(_MARGIN, height - _FOOT / 2, self._say("place.map.note"), size=8, va="center", color="#444444")
        return figure

    def _heading(self, axes: Axes, width: float, shown: Sequence[int]) -> None:
        """The mark, the permit of sale of the units shown, and what the colours mean."""
        mark = {"facecolor": "#FFFFFF", "edgecolor": "#B00020", "boxstyle": "round,pad=0.35"}
        axes.text(_MARGIN + 0.1, 0.3, self._say("place.internal"), size=10, va="center", color="#B00020", bbox=mark)
        axes.text(_MARGIN, 0.68, self._permits([self._units[at] for at in shown]), size=8.5, va="center")
        counts = Counter(self._stands[at].state for at in shown)
        for at, (name, look) in enumerate(_LOOKS.items()):
            row, column = divmod(at, _legend_columns(width))
            left, middle = _MARGIN + column * _LEGEND_STEP, 0.98 + row * _LEGEND_ROW
            self._box(axes, left, middle - 0.1, 0.34, 0.2, look)
            label = self._say("place.map.legend", state=self._say(f"place.map.state.{name}"), count=counts[name])
            axes.text(left + 0.4, middle, f"{look.sign} {label}", size=9, va="center")

    def _permits(self, units: Sequence[Unit]) -> str:
        permits = list(dict.fromkeys(unit.permit_no for unit in units if unit.permit_no))
        bare = sum(not unit.permit_no for unit in units)
        parts = [self._say("place.permits", permits=self._say("place.and").join(permits))] if permits else []
        parts += [self._say("place.no_permit", count=bare)] if bare else []
        return "   ".join(parts)

    def _panel(self, axes: Axes, grid: Grid, left: float, top: float) -> None:
        """One building: its title, its labels, its cells."""
        axes.text(left + _LABEL, top + 0.15, self._title(grid.building), size=13, weight="bold", va="center")
        for column, (entrance, stack) in enumerate(grid.stacks):
            middle = left + _LABEL + (column + 0.5) * _WIDTH
            label = " ".join(part for part in (entrance, stack) if part)
            axes.text(middle, top + _HEAD - 0.12, label, size=8, ha="center", va="center", color="#444444")
        for row, floor in enumerate(grid.floors):
            label = self._say("place.map.floor", floor=floor) if floor[-1:].isalnum() else floor
            label = label if floor else self._say("place.map.no_floor")
            label = floor if floor.endswith(("层", "F", "f")) else label
            axes.text(left + _LABEL - 0.08, top + _HEAD + (row + 0.5) * _HEIGHT, label, size=8, ha="right", va="center")
        for row, column in product(range(len(grid.floors)), range(len(grid.stacks))):
            corner = left + _LABEL + column * _WIDTH, top + _HEAD + row * _HEIGHT
            if (row, column) in grid.cells:
                self._cell(axes, grid.cells[row, column], *corner)
            else:
                centre = corner[0] + _WIDTH / 2, corner[1] + _HEIGHT / 2
                axes.text(*centre, "—", size=8, ha="center", va="center", color="#BBBBBB")

    def _title(self, building: str) -> str:
        name = building or self._say("place.map.no_building")
        return self._say("place.map.title", building=name + "栋" if self._lang == "zh" and name.isdecimal() else name)

    def _cell(self, axes: Axes, at: int, left: float, top: float) -> None:
        unit, stand = self._units[at], self._stands[at]
        look = _LOOKS[stand.state]
        self._box(axes, left, top, _WIDTH, _HEIGHT, look)
        start, end = left + _BAR + 0.05, left + _WIDTH - 0.05
        axes.text(start, top + 0.11, unit.unit_no, size=8, weight="bold", va="center")
        counts = {"wishes": len(stand.customers), "placed": stand.placed}
        said = f" {self._say('place.map.counts', **counts)}" if stand.customers else ""
        axes.text(end, top + 0.11, look.sign + said, size=8, ha="right", va="center")
        axes.text(start, top + 0.265, self._figures(unit), size=7, va="center", color="#222222")
        for line, names in enumerate(_fitted(stand.customers, self._lang)):
            axes.text(start, top + 0.4 + 0.13 * line, names, size=6.3, va="center", color="#222222")

    def _figures(self, unit: Unit) -> str:
        """Area and total, the total in ten thousands in Chinese, in thousands in English."""
        parts = []
        if unit.area is not None:
            parts.append(self._say("place.map.area", area=f"{unit.area:.6g}"))
        if unit.total is not None:
            scaled = unit.total / (10_000 if self._lang == "zh" else 1_000)
            parts.append(self._say("place.map.total", total=f"{scaled:,.1f}".removesuffix(".0")))
        return "  ".join(parts)

    def _box(self, axes: Axes, left: float, top: float, width: float, height: float, look: _Look) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - an extra

        axes.add_patch(Rectangle((left, top), width, height, facecolor=look.fill, edgecolor="#555555", linewidth=0.7))
        bar = Rectangle((left, top), _BAR, height, facecolor=look.bar, edgecolor="#333333", linewidth=0.4)
        bar.set_hatch(look.hatch)
        axes.add_patch(bar)

    def _say(self, key: str, **facts: object) -> str:
        return say(self._lang, key, **facts)

    def _all_text(self) -> str:
        """Every sign that may be drawn."""
        own = "".join(part for unit in self._units for part in unit if isinstance(part, str))
        return own + "".join(who for stand in self._stands for who in stand.customers) + self._say("place.internal")


def _standing(units: Sequence[Unit], wishes: Sequence[Wish], terms: Terms) -> Iterator[_Stand]:
    """How each unit stands; of a unit listed twice the first row has the customers."""
    crowded, seen = crowd(units, wishes, terms), set[str]()
    for unit in units:
        key = unit_key(unit.unit_no)
        those = () if key in seen else crowded.wishes.get(key, ())
        placed = 0 if key in seen else len(crowded.placed.get(key, ()))
        seen.add(key)
        found = state(len(those), terms, unit.sale_state)
        if found not in STATES:
            found = "sold"
        elif found == "matched" and not placed:
            found = "wished"
        yield _Stand(found, [_who(wishes[at]) for at in those], placed)


def _size(rows: Sequence[Sequence[Grid]]) -> tuple[float, float]:
    """Width and height of buildings in rows, with what stands above and below, in inches."""
    width = max([_LEAST_WIDTH, *(sum(map(_width, row)) + _GAP * (len(row) - 1) for row in rows)]) + 2 * _MARGIN
    return width, _top(width) + sum(max(map(_height, row)) for row in rows) + _FOOT


def _who(wish: Wish) -> str:
    return " ".join(part for part in (wish.customer_no, masked_name(wish.name)) if part)


def _legend_rows(width: float) -> int:
    most = int((width - 2 * _MARGIN) / _LEGEND_STEP)
    return -(-len(_LOOKS) // most)


def _legend_columns(width: float) -> int:
    """How many states stand beside each other: as many in each row of the legend."""
    return -(-len(_LOOKS) // _legend_rows(width))


def _top(width: float) -> float:
    """Where the first panel begins: below the legend, in as many rows as it takes."""
    return _TOP + _LEGEND_ROW * (_legend_rows(width) - 1)


def _width(grid: Grid) -> float:
    return _LABEL + _WIDTH * len(grid.stacks)


def _height(grid: Grid) -> float:
    return _HEAD + _HEIGHT * len(grid.floors) + 0.3


def _arranged(panels: Sequence[Grid]) -> Iterator[list[Grid]]:
    """The panels in rows, so that the whole is rather wide than tall but no banner."""
    area = sum(_width(grid) * _height(grid) for grid in panels)
    widest = max([(1.7 * area) ** 0.5, *map(_width, panels)], default=0)
    row: list[Grid] = []
    for grid in panels:
        if row and sum(map(_width, row)) + _GAP * len(row) + _width(grid) > 1.25 * widest:
            yield row
            row = []
        row.append(grid)
    if row:
        yield row


def _fitted(customers: Sequence[str], lang: str) -> list[str]:
    """The customers in a cell's lines; where they don't all fit, the last words say how many there are."""
    lines = [""]
    for at, who in enumerate(customers):
        rest = "" if at == len(customers) - 1 else " " + say(lang, "place.map.more", count=len(customers))
        is_last_line = len(lines) == _LINES
        if width_of(f"{lines[-1]}  {who}{rest if is_last_line else ''}") <= _LINE[lang] or not lines[-1]:
            lines[-1] = f"{lines[-1]}  {who}".strip()
        elif not is_last_line:
            lines.append(who)
        else:
            lines[-1] += " " + say(lang, "place.map.more", count=len(customers))
            break
    return lines
