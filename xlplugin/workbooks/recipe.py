"""What a template workbook consists of, as data: its tables; how they are drawn is not told here."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.spelling import RULES_COLUMNS, Speller
from xlplugin.workbooks.workings import rule_cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Column", "Counter", "Recipe"]

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a template's main table.

    Args:
        key: its name in code and in formulas of the recipe.
        header: its header in each language.
        width: in characters, per language.
        kind: text, short, choice, suggestion, date, month, time, whole, days, number, percent, amount, money, balance
            (money below zero too), prose (a longer text) or phone; of a computed column, what its result is.
        formula: how it is worked out, in the recipe's spelling; None where people type.
        overtype: whether people may type over the formula.
        required: whether a row is incomplete without it.
        words: of a choice, the words offered in each language.
        bounds: of a number, the least and the greatest allowed.
        band: the group it stands under.
        level: 0 on the open sheet, 1 in the first fold, 2 in the fold inside it.
        hint: what is said when its cell is chosen, per language.
        names: of a suggestion, the defined name of the list.
        native: the formula in the native edition, where our function in `formula` has no plain form of its own.
    """

    key: str
    header: Words
    width: dict[str, float]
    kind: str = "text"
    formula: str | None = None
    overtype: bool = False
    required: bool = False
    words: dict[str, tuple[str, ...]] | None = None
    bounds: tuple[float, float] | None = None
    band: str = ""
    level: int = 0
    hint: Words | None = None
    names: str | None = None
    native: str | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A number shown above the table: its label's key and its formula in the recipe's spelling."""

    key: str
    formula: str


@dataclass(frozen=True)
class Recipe:
    """A table of a template workbook, with what stands above it on its sheet.

    Args:
        name: the template it belongs to, such as `visitor_register`.
        table: the name of the table.
        schemes: the ids of the schemes on it; the first gives the grade.
        columns: its columns, in order.
        counters: what is shown above the table.
        banner: the warning above the table while a day is typed, in the recipe's spelling; empty where no day can be.
        frozen: how many columns stay in sight.
        printed: the key of the last column that is printed.
        prefix: what the host wants before the names of our functions.
        workings: whether its formulas are plain ones, which speak of a sheet of workings.
        sheet: what its sheet is called in the texts: `sheet.<sheet>`, `<sheet>.title`, `<sheet>.purpose`.
        filled: the key of the column without which a row counts as empty; typing starts there.
        places: the columns of the counted numbers, each behind its label.
        others: the other tables of the book, by the names its formulas use.
        beside: ids of settings and schemes on its rules table that are no `schemes` of its own.
        holidays: whether the book has a table of holidays.
        steps: columns that the native edition has besides.
    """

    name: str
    table: str
    schemes: tuple[str, ...]
    columns: tuple[Column, ...]
    counters: tuple[Counter, ...]
    banner: str
    frozen: int
    printed: str
    prefix: str = ""
    workings: bool = False
    sheet: str = "register"
    filled: str = "name"
    places: tuple[int, ...] = (6, 9, 11, 14)
    others: Mapping[str, Recipe] = field(default_factory=dict, repr=False, compare=False)
    beside: tuple[str, ...] = ()
    holidays: bool = True
    steps: tuple[Column, ...] = ()

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each column by its key, from 0."""
        return {column.key: place for place, column in enumerate(self.columns)}

    def headers(self, lang: str) -> dict[str, str]:
        """Each column's key with its header."""
        return {column.key: column.header[lang] for column in self.columns}

    def speller(self, lang: str) -> Speller:
        """What spells this recipe's formulas in a language."""
        cells = rule_cells(self.schemes, lang, self.beside, holidays=self.holidays) if self.workings else None
        others = {name: (other.table, other.headers(lang)) for name, other in self.others.items()}
        return Speller(self.table, self.headers(lang), lang, self.prefix, cells, others)

    def column_of(self, cells: str, which: int | str, fields: str) -> str | None:
        """One column of a range as this recipe's formulas speak of both; None of a range they don't speak of so.

        Args:
            cells: the range, in the recipe's spelling.
            which: the column's number from 1, or its header in any language.
            fields: the range of the headers, which are those of the same columns.
        """
        body = cells[1:-1] if cells.startswith("[") else ""
        other, _, keys = body.lstrip("*#&").rpartition("/")
        whole = body in self.others or body == "rules"
        columns = _headers_of(self, body if whole else other)
        if not whole:
            first, _, last = keys.partition(":")
            if (
                columns is None
                or first not in columns
                or (last or first) not in columns
                or (fields and fields[1] != "#")
            ):
                return None
            places = list(columns)
            columns = {one: columns[one] for one in places[places.index(first) : places.index(last or first) + 1]}
        for number, (name, words) in enumerate((columns or {}).items(), 1):
            if which in (number, *words):
                return f"[&{body}/{name}]" if whole else f"[{body[: len(body) - len(keys)]}{name}]"
        return None

    def formulas(self, lang: str) -> Iterator[str]:
        """Every formula of the table and above it, as stored."""
        speller = self.speller(lang)
        yield from (speller.spell(column.formula) for column in self.columns if column.formula)
        yield from (speller.spell(counter.formula) for counter in self.counters)
        if self.banner:
            yield speller.spell(self.banner)


def _headers_of(recipe: Recipe, other: str) -> dict[str, tuple[str, ...]] | None:
    """The columns of a table by their keys, each with its headers in every language; None of an unknown table."""
    if other == "rules":
        return {key: tuple(say(lang, f"rules.{key}") for lang in LANGUAGES) for key in RULES_COLUMNS}
    table = recipe.others.get(other) if other else recipe
    return None if table is None else {column.key: tuple(column.header.values()) for column in table.columns}


def texts(key: str, **facts: str) -> Words:
    """A text in every language."""
    return {lang: say(lang, key, **facts) for lang in LANGUAGES}


def words_of(key: str) -> dict[str, tuple[str, ...]]:
    """A list of words in every language; in the texts they stand apart by commas."""
    return {lang: tuple(say(lang, key).split(",")) for lang in LANGUAGES}
