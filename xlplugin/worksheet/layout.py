"""How the cells a host hands over lie: ranges as rows, and which column of a header serves which input of a scheme."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.cells import error_in, is_blank, show, text_of
from xlplugin.errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlplugin.rulebook import Rulebook
    from xlplugin.rulebook.model import Scheme

    Rows = list[tuple[object, ...]]

__all__ = ["Layout", "WrongFormula", "judged_rows", "layout_of", "rows_of"]

_REQUIRED = "*※_ "  # signs by which forms mark a column that must be filled


class WrongFormula(Exception):  # noqa: N818 - it is a formula that is wrong, not the program
    """A formula that cannot be meant: unknown scheme or field (#N/A), ranges that don't fit (#VALUE!)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.cell = CellError(text)


class Layout(NamedTuple):
    """How a header range serves a scheme.

    Args:
        columns: for each input of the scheme its column, None where the range has none.
        common: the columns of the common fields there are.
        lang: the language of the headers: zh, en, or `code` where they are ids.
        twice: ids of inputs that stand in two columns.
        width: how many columns the range has.
    """

    columns: tuple[int | None, ...]
    common: dict[str, int]
    lang: str
    twice: tuple[str, ...]
    width: int

    @property
    def is_plain(self) -> bool:
        """Whether the columns are the scheme's inputs, in its order, and nothing else."""
        return self.columns == tuple(range(self.width))

    def picker(self) -> Callable[[Sequence[object]], Sequence[object]]:
        """What takes the cells of the scheme's inputs, in its order, out of a row."""
        if self.is_plain:
            return lambda row: row
        columns = [column for column in self.columns if column is not None]
        if len(columns) == len(self.columns) > 1:
            return itemgetter(*columns)
        return lambda row: [None if column is None else row[column] for column in self.columns]


def rows_of(value: object) -> Rows:
    """A range as rows of cells, whatever a host sends for it: a value, a list, a list of lists."""
    if not isinstance(value, (list, tuple)):
        return [(value,)]
    if len(value) == 1 and isinstance(value[0], (list, tuple)):
        return [tuple(value[0])]
    if any(isinstance(row, (list, tuple)) for row in value):
        return [tuple(row) if isinstance(row, (list, tuple)) else (row,) for row in value]
    return [tuple(value)]


def judged_rows(width: int, fields: object, evidence: object, as_of: object) -> tuple[Rows, Sequence[object], bool]:
    """The rows of an evidence range, the day for each, and whether the rows run across instead of down.

    Args:
        width: how many columns the header has.
        fields: the header range, or one field's name.
        evidence: the cells of the same columns.
        as_of: the day the rows are judged on; one for all, or one a row.

    Raises:
        WrongFormula: #VALUE! where the ranges don't fit.
    """
    rows = rows_of(evidence)
    across = width > 1 and len(rows) == width and _is_column(fields)
    if across:  # headers stand in a column, so each column of evidence is a row
        rows = list(zip(*rows))
    elif width == 1 and len(rows) == 1 and len(rows[0]) > 1:  # one field, many values beside each other
        across, rows = True, list(zip(*rows))
    if any(len(row) != width for row in rows):
        raise WrongFormula("#VALUE!")
    return rows, _spread(as_of, len(rows)), across


def _is_column(fields: object) -> bool:
    rows = rows_of(fields)
    return len(rows) > 1 and len(rows[0]) == 1


def _spread(value: object, count: int) -> Sequence[object]:
    """A value for each row: the same for all, or a range with one for each."""
    if not isinstance(value, (list, tuple)):
        return [value] * count
    cells = [cell for row in rows_of(value) for cell in row]
    if len(cells) == 1:
        return cells * count
    if len(cells) != count:
        raise WrongFormula("#VALUE!")
    return cells


def layout_of(book: Rulebook, scheme: Scheme, header: Sequence[object]) -> Layout:
    """How headers serve a scheme: ids, Chinese or English labels, in any order, among any other columns."""
    names = _header_names(book, scheme)
    columns: dict[str, int] = {}
    twice: list[str] = []
    languages = set()
    for place, cell in enumerate(header):
        if is_blank(cell) or error_in(cell):
            continue
        word = text_of(cell)
        id_ = names.get(word) or names.get(word.strip(_REQUIRED))
        if id_ is None:
            continue
        if id_ in columns:
            twice.append(id_)
        columns.setdefault(id_, place)
        languages.add("zh" if not word.isascii() else "code" if show(cell).strip() == id_ else "en")
    if scheme.fields and not any(id_ in columns for id_ in scheme.fields):
        raise WrongFormula("#N/A")
    lang = next((lang for lang in ("zh", "en") if lang in languages), "code" if languages else "zh")
    common = {id_: columns[id_] for id_ in book.common if id_ in columns and id_ not in scheme.fields}
    return Layout(tuple(columns.get(id_) for id_ in scheme.fields), common, lang, tuple(twice), len(header))


def _header_names(book: Rulebook, scheme: Scheme) -> dict[str, str]:
    names: dict[str, str] = {}
    for id_, field in {**book.common, **scheme.fields}.items():
        for word in (id_, *field.label.values(), *field.also):
            names[text_of(word)] = id_
    return names
