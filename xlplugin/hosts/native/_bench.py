"""Working columns for any calls: each input, judgement and date worked out once, however often it is asked for."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from xlplugin.domain import STATUSES
from xlplugin.hosts.native._contact import contact
from xlplugin.hosts.native._grading import Graded
from xlplugin.hosts.native._quantities import quantity
from xlplugin.hosts.native._reading import BLANK, blank_of, read, read_key, text
from xlplugin.hosts.native._reason import reason
from xlplugin.rulebook.model import Field
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from xlplugin.rulebook.model import Scheme

__all__ = ["CONTACT_FIELDS", "Bench", "Dated", "Step"]

_WORDS = re.compile(r"\[=([^\]]*)\]|\[~([^\]¦]*)¦([^\]]*)\]")
CONTACT_FIELDS = ("last_contact", "agreed_contact", "opt_out")
_CODES = {"join.sentence": ";"}


class Step(NamedTuple):
    """One working column.

    Args:
        of: the input or scheme it belongs to, and `number`: which of several readings or judgements of it.
        part: which step it is.
        formula: with `[key]` for other columns, `[cell:N]` for cells and `[!N:scheme/path]` for rules.
    """

    of: str
    number: int
    part: str
    formula: str


class Dated(NamedTuple):
    """What a next contact goes by: cells by their place on the bench, empty where they are left out.

    Args:
        base: the judgement that has a say in the date; empty where none has.
        rules: the number of the rules.
    """

    base: str
    used: str
    last_contact: str
    agreed_contact: str
    opt_out: str
    rules: int


class Bench:
    """Working columns, `steps` by key in an order in which each needs only those before it.

    Args:
        common: the fields every scheme may read.
    """

    def __init__(self, common: Mapping[str, Field]) -> None:
        self.steps: dict[str, Step] = {}
        self._common = common
        self._names: dict[Hashable, str] = {}
        self._counts: Counter[str] = Counter()
        self._values_of: dict[str, Callable[[str], str]] = {}
        self._inputs: dict[str, list[str]] = {}

    def reading(self, id_: str, kind: str, cell: str) -> str:
        """The key of the column with what a cell holds that no scheme asks for: a number, date, yes_no or key."""
        if kind != "key":
            return self._reading(Field(id_, {}, kind), cell)
        name, is_new = self._name(id_, (kind, cell))
        for step in read_key(cell, _own(name)) if is_new else ():
            self._add(id_, name, step.part, step.formula)
        return f"{name}.key"

    def added(self, of: str, part: str, formula: str) -> str:
        """The key of a column of its own."""
        self._add(of, of, part, formula)
        return f"{of}.{part}"

    def judged(self, scheme: Scheme, cells: Mapping[str, str], rules: int, lang: str) -> str:
        """The name of a judgement, whose answers stand under `name.grade`, `name.status` and `name.reason`.

        Args:
            scheme: the scheme.
            cells: where each input stands, with `as_of`; one left out is blank.
            rules: the number of the rules; 0 for the published ones.
            lang: of its words: zh, en or code.

        Raises:
            XlpError: `native_scheme`, where plain formulas can't follow the scheme.
        """
        Graded(scheme, str, str, str)  # refuses before anything stands on the bench
        name, is_new = self._name(scheme.id, (scheme.id, tuple(sorted(cells.items())), rules, lang))
        if is_new:
            value = self._values_of[name] = _derived(scheme, self._values(scheme, cells), name)
            graded = Graded(scheme, value, _rule(scheme, rules), _own(name))
            for part, formula in self._parts(scheme, graded, value, name, rules):
                self._add(scheme.id, name, part, _spelled(formula, rules, lang))
            read_ = [value(id_)[1:-1] for id_ in (*scheme.fields, "as_of") if id_ in cells]
            self._inputs[name] = [key.removesuffix(".value") for key in read_ if key.endswith(".value")]
        return name

    def told(self, scheme: Scheme, name: str, rules: int, function: str, otherwise: str) -> str:
        """The key of what a function said of a judgement, which stands for as long as the inputs and the rules do.

        Args:
            scheme: the scheme.
            name: of the judgement.
            rules: the number of the rules.
            function: the function that said it.
            otherwise: the part to show once the row is another; empty to show nothing.
        """
        seen, key = f"{name}.seen", f"{name}.{function}"
        if seen not in self.steps:
            inputs = [f"[{one}.tidy]" for one in dict.fromkeys(self._inputs[name])]
            formula = '&"|"&'.join([*inputs, f"[{name}.grade]", f"[{name}.status]"])
            self._add(scheme.id, name, "seen", formula)
        if key not in self.steps:
            rest = f"[{name}.{otherwise}]" if otherwise else BLANK
            # Programs drop empty texts from files, and INDEX makes 0 of a blank.
            found = f'IFERROR(INDEX([said:{key}],MATCH([{seen}],[said:{key}?],0))&"",{rest})'
            same = _rule(scheme, rules)("same")
            self._add(scheme.id, name, function, f"IF({same},{found},{rest})")
        return key

    def dated(self, scheme: Scheme, by: Dated, lang: str, *, interval_only: bool = False) -> str:
        """The name of a next contact, with `name.interval`, `name.contact` and `name.flags`.

        Args:
            scheme: the scheme.
            by: what it goes by.
            lang: of its words.
            interval_only: whether nothing but the interval is asked for.
        """
        signature = ("contact", scheme.id, by, lang, interval_only)
        if signature in self._names:
            return self._names[signature]
        if by.base and f"{by.base}.interval" not in self.steps:
            name = self._names[signature] = by.base
        else:
            name, _ = self._name(f"{scheme.id}~c", signature)
        for part, formula in self._contact(scheme, by, name):
            if part == "interval" or not interval_only:
                self._add(scheme.id, name, part, _spelled(formula, by.rules, lang))
        return name

    def _parts(
        self, scheme: Scheme, graded: Graded, value: Callable[[str], str], name: str, rules: int
    ) -> Iterator[tuple[str, str]]:
        for derived in scheme.derived.values():
            yield derived.id, quantity(derived, scheme, value, _rule(scheme, rules))
        for part, formula in graded.parts():
            if part == "status":
                words = ",".join(f"[=status.{status}]" for status in STATUSES)
                formula = f"CHOOSE({formula}+1,{words})"  # noqa: PLW2901 - the word is what people read
            yield part, formula
        yield "reason", reason(scheme, value, _rule(scheme, rules), _own(name))

    def _contact(self, scheme: Scheme, by: Dated, name: str) -> Iterator[tuple[str, str]]:
        """A next contact's formulas; evidence that isn't given neither stops it nor says where it counts from."""
        cells = {id_: cell for id_ in CONTACT_FIELDS if (cell := getattr(by, id_))}
        value, rule = self._values(scheme, cells), _rule(scheme, by.rules)
        if not by.base:
            return contact(replace(scheme, interval_from=""), value, rule, _own(name), by.used, ())
        judged = _own(by.base)

        def part_of(part: str) -> str:
            return judged(part) if part.startswith("line") else _own(name)(part)

        def counted(id_: str) -> str:
            return value(id_) if id_ in CONTACT_FIELDS else self._values_of[by.base](id_)

        stops = Graded(scheme, counted, rule, judged).no_contact()
        return contact(scheme, counted, rule, part_of, by.used, stops)

    def _values(self, scheme: Scheme, cells: Mapping[str, str]) -> Callable[[str], str]:
        """What gives the cell of an input's value; its reading is put on the bench where it is missing."""
        fields = {**self._common, **scheme.fields}
        asks_day = any(derived.date for derived in scheme.derived.values())
        last = {
            id_: self._reading(fields[id_], cells[id_])
            for id_ in fields
            if id_ in cells and (id_ != "as_of" or asks_day)
        }
        return lambda id_: f"[{last[id_]}]" if id_ in last else blank_of(fields[id_])

    def _reading(self, field: Field, cell: str) -> str:
        """The key of the column with an input's value; the same cell is read once in the same manner."""
        manner = (field.kind, field.low, field.high, field.blank, repr(field.tokens), cell)
        name, is_new = self._name(field.id, manner)
        if is_new:
            for step in read(field, cell, _own(name)):
                self._add(field.id, name, step.part, step.formula)
        return f"{name}.value"

    def _name(self, of: str, signature: Hashable) -> tuple[str, bool]:
        """The name of what a signature stands for, and whether it is new."""
        known = self._names.get(signature)
        if known is not None:
            return known, False
        self._counts[of] += 1
        number = self._counts[of]
        name = self._names[signature] = of if number == 1 and not of.endswith("~c") else f"{of}~{number}"
        return name, True

    def _add(self, of: str, name: str, part: str, formula: str) -> None:
        number = name.rpartition("~")[2] if "~" in name else "1"
        self.steps[f"{name}.{part}"] = Step(of, int(number), part, formula)


def _spelled(formula: str, rules: int, lang: str) -> str:
    """A formula with its words in a language and its rules by their number."""
    return _WORDS.sub(lambda hit: _word(hit, lang), formula).replace("[!*/", f"[!{rules}:*/")


def _own(name: str) -> Callable[[str], str]:
    return lambda part: f"[{name}.{part}]"


def _rule(scheme: Scheme, rules: int) -> Callable[[str], str]:
    return lambda path: f"[!{rules}:{scheme.id}/{path}]"


def _derived(scheme: Scheme, value: Callable[[str], str], name: str) -> Callable[[str], str]:
    return lambda id_: f"[{name}.{id_}]" if id_ in scheme.derived else value(id_)


def _word(hit: re.Match[str], lang: str) -> str:
    """A word as a formula holds it; where headers are ids, codes are answered."""
    key, chinese, english = hit.groups()
    if key is None:
        return text(chinese if lang == "zh" else english)
    if lang == "code" and key.startswith(("status.", "flag.")):
        return text(key.partition(".")[2])
    if lang == "code" and key in _CODES:
        return text(_CODES[key])
    return text(say("zh" if lang == "zh" else "en", key))
