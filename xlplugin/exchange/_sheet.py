"""One sheet of a copy: formulas become their values, people's data are masked, other consultants' rows emptied."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, cached_property
from typing import TYPE_CHECKING

from xlplugin.exchange._areas import Areas
from xlplugin.exchange._cells import filled_cells, with_value
from xlplugin.exchange._masks import MASKED, contacts_hidden, digits_of, masked_phone, shown
from xlplugin.exchange._ours import is_ours
from xlplugin.exchange._texts import masked_xml
from xlplugin.exchange.labels import OWNERS
from xlplugin.hosts._sheet_xml import attribute, put_value
from xlplugin.hosts._values import encode
from xlplugin.texts import LANGUAGES, printed, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlplugin.exchange._areas import Area
    from xlplugin.exchange._cells import Filled
    from xlplugin.exchange._secrets import Secrets
    from xlplugin.hosts._book import Sheet
    from xlplugin.hosts._sheet_xml import Edit, SheetXml
    from xlplugin.hosts._values import Value

__all__ = ["SharedSheet"]

_P = rb"(?:[\w.-]+:)?"
_RULE = re.compile(rb"<(%scfRule)\b(?:[^>]*/>|.*?</\1>)" % _P, re.DOTALL)
_NO_RULES = re.compile(rb"<(%sconditionalFormatting)\b[^>]*>\s*(?:<xm:sqref>[^<]*</xm:sqref>\s*)?</\1>" % _P)
_SHORTEST_PRINTED = 6  # shorter texts of ours are words that people type too
_TELLING = 1000  # smaller numbers come up by themselves
_STAFF = {*OWNERS, "staff"}
_STARS = "**"


class SharedSheet:
    """A sheet on its way out.

    Args:
        sheet: what the book says about it.
        xml: its XML.
        texts: the book's shared texts.
    """

    def __init__(self, sheet: Sheet, xml: SheetXml, texts: Sequence[str]) -> None:
        self.sheet = sheet
        self.xml = xml
        self.rows: dict[int, dict[int, Filled]] = {}
        for cell in filled_cells(xml, texts):
            self.rows.setdefault(cell.row, {})[cell.column] = cell
        self.areas = Areas(self.rows, sheet.tables)
        self.dropped: list[tuple[Area, int]] = []
        self.used: set[int] = set()
        self.changed: dict[tuple[int, int], Value] = {}
        self.guessed: Counter[str] = Counter()
        self.left: set[tuple[int, int]] = set()
        self.live = False
        self.frozen: set[tuple[int, int]] = set()

    @cached_property
    def kinds(self) -> dict[tuple[int, int], str]:
        """What each filled cell holds, where that matters."""
        filled = ((row, column, cell) for row, cells in self.rows.items() for column, cell in cells.items())
        others = ((row, column) for row, column, cell in filled if cell.value not in _printed())
        return {place: kind for place in others if (kind := self.areas.kind_at(*place))}

    @cached_property
    def _numbers(self) -> dict[int, set[float]]:
        """By row the numbers that are removed; a formula beside them that comes to the same shows them."""
        found: dict[int, set[float]] = {}
        for (row, column), kind in self.kinds.items():
            value = self.rows[row][column].value
            if kind in MASKED and isinstance(value, float) and abs(value) >= _TELLING:
                found.setdefault(row, set()).add(value)
        return found

    def values(self, kinds: set[str], dropped: bool | None = None) -> Iterator[tuple[str, Value]]:
        """The values of cells of some kinds, with their kind; of rows that go, or of those that stay."""
        gone = self.gone
        for place, kind in self.kinds.items():
            if kind in kinds and (dropped is None or (place in gone) is dropped):
                yield kind, self.rows[place[0]][place[1]].value

    def kept(self, kinds: set[str]) -> Iterator[tuple[str, Value]]:
        """The values of cells of some kinds in the rows of lists that stay.

        What stands elsewhere, such as a name somebody noted down, does not tell whose customer that is.
        """
        listed = [(area, row) for area in self._lists() for row in self._data(area)]
        places = {(row, column) for area, row in listed for column in range(area.left, area.right + 1)} - self.gone
        for place in places & self.kinds.keys():
            if self.kinds[place] in kinds:
                yield self.kinds[place], self.rows[place[0]][place[1]].value

    def staff(self) -> set[str]:
        """The names of the office's people."""
        return {value.strip() for _, value in self.values(_STAFF) if isinstance(value, str) and value.strip()}

    def owners(self) -> set[str]:
        """The consultants that rows belong to."""
        rows = ((area, row) for area in self.areas.people() for row in self.rows if area.first <= row <= area.last)
        return {owner for area, row in rows if (owner := self._owner(area, row))}

    def drop(self, consultant: str) -> None:
        """Marks the rows of lists with a consultant's column that aren't his."""
        for area in self._lists():
            if _owned(area):
                mine = {row for row in self._data(area) if self._owner(area, row) == consultant}
                self.dropped += [(area, row) for row in self._data(area) if row not in mine]

    def drop_others(self, people: set[tuple[str, str]]) -> None:
        """Marks the rows of lists without such a column that are about none of these people."""
        for area in self._lists():
            if not _owned(area):
                self.dropped += [(area, row) for row in self._data(area) if not self._keys(area, row) & people]

    def keys(self) -> set[tuple[str, str]]:
        """Name, phone and number of the people whose rows stay."""
        gone = {(id(area), row) for area, row in self.dropped}
        lists = [area for area in self._lists() if _owned(area)]
        found = (self._keys(area, row) for area in lists for row in self._data(area) if (id(area), row) not in gone)
        return set().union(*found)

    def written(self, secrets: Secrets) -> bytes:
        """The sheet as it goes out, once everything is decided."""
        edits = [*self._edits(secrets), *self._orphans()]
        if self.dropped:
            edits += self._hidden_rows()
        content = self.xml.edited(edits)
        end = content.rfind(b"</" + self.xml.prefix + b"sheetData")
        head, data, tail = content[: self.xml.start], content[self.xml.start : end], content[end:]
        tail = tail if self.live and not self.frozen else _without_formula_marks(tail)
        if secrets:
            head, tail = (masked_xml(part, secrets.masked, secrets.named) for part in (head, tail))
        return head + data + tail

    def decide(self, secrets: Secrets, mask: bool) -> None:
        """Finds what every cell is to show; those that show something else stand in `changed` afterwards."""
        known: dict[str, Value] = {}
        for row, cells in self.rows.items():
            numbers = self._numbers.get(row, ())
            for column, cell in cells.items():
                place, value = (row, column), cell.value
                if place in self.gone:
                    self.changed[place] = None
                elif secrets and isinstance(value, str) and self._is_our_word(cell, secrets):
                    self.left.add(place)
                elif secrets and value is not None and value != "":
                    told = place in self.kinds or place in self.areas.headers or value in numbers
                    new = self._new(cell, secrets, mask) if told else self._untold(cell, secrets, mask, known)
                    if new != value or type(new) is not type(value):
                        self.changed[place] = new

    def _is_our_word(self, cell: Filled, secrets: Secrets) -> bool:
        """Whether somebody is called by what a cell holds, but it is a word of ours: a header, a choice, a caption."""
        place, value = (cell.row, cell.column), str(cell.value).strip()
        if value not in secrets.texts or not is_ours(value) or place in self.kinds:
            return False
        header = self.areas.header_of(*place)
        return place in self.areas.headers or (is_ours(header) if header else self._is_our_sheet)

    @cached_property
    def _is_our_sheet(self) -> bool:
        """Whether the sheet has a name of ours, and a title of ours in its first cell."""
        cell = self.rows.get(1, {}).get(1)
        return cell is not None and is_ours(self.sheet.name) and is_ours(str(cell.value))

    def _untold(self, cell: Filled, secrets: Secrets, mask: bool, known: dict[str, Value]) -> Value:
        """What a cell is to show of which no header says what it holds; texts recur, those left alone are known."""
        value = cell.value
        if isinstance(value, str):
            if value not in known or known[value] != value:
                known[value] = self._new(cell, secrets, mask)
            return known[value]
        is_small = not isinstance(value, float) or abs(value) < _TELLING
        return value if is_small else self._new(cell, secrets, mask)

    def _edits(self, secrets: Secrets) -> Iterator[Edit]:
        anew: set[tuple[int, int]] = set()
        for place, cell in self._cells():
            if cell.is_formula:
                new = self.changed.get(place, cell.value)
                if not self.live or place in self.frozen:
                    yield with_value(self.xml, cell, new if self.live else _reworded(new))
                elif place in self.changed:
                    yield from self._shown_anew(place, new)
            elif place in self.left and cell.shared >= 0:  # the text it shares is masked for other cells
                anew.add(place)
                yield with_value(self.xml, cell, cell.value)
            elif place in self.changed and not self._by_share(cell, self.changed[place], secrets):
                anew.add(place)
                yield with_value(self.xml, cell, self.changed[place])
        left = ((place, cell) for place, cell in self._cells() if cell.shared >= 0 and not cell.is_formula)
        self.used = {cell.shared for place, cell in left if place not in anew}

    def _cells(self) -> Iterator[tuple[tuple[int, int], Filled]]:
        return (((row, column), cell) for row, cells in self.rows.items() for column, cell in cells.items())

    def news(self) -> Iterator[tuple[Filled, Value]]:
        """The cells that are going to show something else, with what."""
        return ((self.rows[row][column], new) for (row, column), new in self.changed.items())

    def _orphans(self) -> Iterator[Edit]:
        """Formulas that stay and were shared with one that becomes a value, spelled out."""
        shared = [formula for _, formula in self.xml.formulas.marked() if b"shared" in formula.attributes]
        groups = {attribute(one.attributes, b"si") for one in shared if (one.row, one.column) in self.frozen}
        for one in shared if self.live and groups else ():
            if attribute(one.attributes, b"si") in groups and (one.row, one.column) not in self.frozen:
                prefix = self.xml.prefix
                yield one.f_start, one.f_end, b"<%sf>%s</%sf>" % (prefix, one.raw, prefix)

    @cached_property
    def gone(self) -> set[tuple[int, int]]:
        """The cells of rows that go; not to be asked for before all are marked."""
        return {(row, column) for area, row in self.dropped for column in range(area.left, area.right + 1)}

    @cached_property
    def _formulas(self) -> dict[tuple[int, int], int]:
        return {(formula.row, formula.column): at for at, formula in enumerate(self.xml.formulas)}

    def _shown_anew(self, place: tuple[int, int], value: Value) -> Iterator[Edit]:
        """The edits that let a formula show another value; it comes to the same once it is calculated."""
        yield from put_value(self.xml, self.xml.formulas[self._formulas[place]], *encode(value))

    def _by_share(self, cell: Filled, new: Value, secrets: Secrets) -> bool:
        """Whether the shared text itself becomes what the cell is to show."""
        return cell.shared >= 0 and isinstance(cell.value, str) and secrets.masked(cell.value) == new

    def _new(self, cell: Filled, secrets: Secrets, mask: bool) -> Value:
        place, value = (cell.row, cell.column), cell.value
        if not secrets:
            return value
        if place in self.areas.headers:
            return secrets.named(value) if isinstance(value, str) else value
        kind = self.kinds.get(place, "")
        if mask and cell.is_formula and isinstance(value, str):
            return self._computed(kind, value, secrets)
        if mask and kind in MASKED:
            return secrets.instead(kind, value)
        if mask and cell.is_formula and value in self._numbers.get(cell.row, ()):
            return None
        new = _by_content(value, secrets, mask)
        guessed = mask and new != value and (not isinstance(value, str) or contacts_hidden(value) != value)
        if guessed and not cell.is_formula:
            self.guessed[self.areas.header_of(*place) or "?"] += 1
        return new

    def _computed(self, kind: str, value: str, secrets: Secrets) -> Value:
        """What a formula that shows a text is to show."""
        key = secrets.pseudonyms.key(value) if secrets.pseudonyms else None
        if key or kind not in MASKED:
            return key or _by_content(value, secrets, mask=True)
        if kind == "name" and _STARS in value:
            return secrets.masked(value)  # worked out with stars already, such as the customers of a unit
        return secrets.instead(kind, value)

    def _lists(self) -> list[Area]:
        return [area for area in self.areas.people() if {"name", "phone"} & set(area.kinds.values())]

    def _data(self, area: Area) -> list[int]:
        """The rows of an area in which somebody has typed something; prepared rows with formulas alone are none."""
        return [
            row
            for row, cells in self.rows.items()
            if any(area.holds(row, column) and not cell.is_formula for column, cell in cells.items())
        ]

    def _owner(self, area: Area, row: int) -> str:
        for wanted in OWNERS:
            for column, kind in area.kinds.items():
                cell = self.rows[row].get(column) if kind == wanted else None
                if cell and isinstance(cell.value, str) and cell.value.strip():
                    return cell.value.strip()
        return ""

    def _keys(self, area: Area, row: int) -> set[tuple[str, str]]:
        """What tells whom a row is about: the phone if it has one, else number and name."""
        found = set()
        for column, kind in area.kinds.items():
            cell = self.rows[row].get(column)
            if cell and kind in ("name", "phone", "number") and cell.value not in (None, ""):
                text = shown(cell.value)
                found.add((kind, digits_of(text) if kind == "phone" else text))
        phones = {key for key in found if key[0] == "phone" and key[1]}
        return found if not phones else phones | {key for key in found if key[0] == "number"}

    def _hidden_rows(self) -> list[Edit]:
        """Rows that hold nothing any more are hidden, so that the others stand together."""
        gone = self.gone
        empty = {row for _, row in self.dropped if all((row, column) in gone for column in self.rows[row])}
        edits = []
        for row in self.xml.cells(range(1, 1))[1]:
            tag = self.xml.content[row.start : row.open_end]
            if row.row in empty and b" hidden=" not in tag:
                at = row.start + len(tag.rstrip(b"/>"))
                edits.append((at, at, b' hidden="1"'))
        return edits


def _reworded(value: Value) -> Value:
    """The warning of a day that was typed, without the advice to clear it: in a copy of values nothing follows it."""
    if not isinstance(value, str):
        return value
    for lang in LANGUAGES:
        before, after = say(lang, "register.frozen_before"), say(lang, "register.frozen_after")
        if value.startswith(before) and value.endswith(after):
            return value.removesuffix(after) + say(lang, "share.frozen_after")
    return value


@cache
def _printed() -> frozenset[object]:
    """The texts that templates come with, such as their help; whatever they stand under, they are about nobody."""
    texts = (text for lang in LANGUAGES for text in printed(lang))
    return frozenset(text for text in texts if len(text) >= _SHORTEST_PRINTED)


def _owned(area: Area) -> bool:
    return bool(set(OWNERS) & set(area.kinds.values()))


def _by_content(value: Value, secrets: Secrets, mask: bool) -> Value:
    if isinstance(value, str):
        return secrets.masked(value)
    if isinstance(value, float) and not isinstance(value, bool) and value.is_integer() and value >= 1e6:
        text = str(int(value))
        is_mobile = mask and 1e10 <= value < 2e10
        return masked_phone(text) if is_mobile or text in secrets.phones else value
    return value


def _without_formula_marks(tail: bytes) -> bytes:
    """Rules that paint a cell because it holds no formula would paint every computed cell of a copy of values."""
    if b"ISFORMULA" not in tail:
        return tail
    return _NO_RULES.sub(b"", _RULE.sub(lambda hit: b"" if b"ISFORMULA" in hit[0] else hit[0], tail))
