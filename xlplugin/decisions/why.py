"""The explanation, made from the decision itself: which line decided, on which inputs, and where it is printed."""

from __future__ import annotations

from datetime import date
from math import trunc
from string import Formatter
from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.decisions._remembered import Remembered, reader
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from xlplugin.decisions.evidence import Problem
    from xlplugin.decisions.grading import Graded
    from xlplugin.decisions.quantities import Values
    from xlplugin.rulebook.model import Line, Scheme

    # What takes the values that a sentence names out of a row's, and the sentence for each.
    _Head = tuple[Callable[[Values], Sequence[object]], Remembered]

__all__ = ["LONGEST", "Explainer", "cut", "explain_problems", "grade_name", "names_in", "shown", "shown_cell"]

# What Excel's xlwings, and a COUNTIF over the column, can still handle.
LONGEST = 255
_MOST_NAMED = 6
_MONEY = 1000
_PARTS = Formatter().parse


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, shortened by an ellipsis where it is longer than a cell may hold."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown(scheme: Scheme, id_: str, value: object, lang: str) -> str:
    """A value as the sheet's reader would say it: a token's word, 是 or 否, an ISO date, a number without zeros."""
    field = scheme.fields.get(id_)
    if field is not None and field.kind == "date" and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    if isinstance(value, bool):
        return say(lang, "value.yes" if value else "value.no")
    if field is not None and field.kind == "choice" and value in field.tokens:
        return field.tokens[str(value)][lang][0]
    if field is not None and field.kind == "fraction" and isinstance(value, (int, float)):
        return f"{value * 100:.10g}%"
    if value is None:
        return say(lang, "value.blank")
    return _number(value, is_input=field is not None) if isinstance(value, float) else show(value)


def _number(value: float, *, is_input: bool) -> str:
    """A number as it was typed; one worked out, such as months to a date, in round figures; money to the cent."""
    if abs(value) >= _MONEY:
        return show(trunc(value * 100) / 100)  # never up to a limit it has not met
    return show(value) if is_input else f"{value:.3g}"


def labels(scheme: Scheme, ids: Sequence[str], lang: str) -> str:
    """The labels of some inputs, joined; where there are many, the first few and how many there are."""
    names = [_label(scheme, id_, lang) for id_ in ids]
    joined = say(lang, "join.list").join(names[:_MOST_NAMED])
    return joined if len(names) <= _MOST_NAMED else say(lang, "join.and_more", names=joined, count=len(names))


def _label(scheme: Scheme, id_: str, lang: str) -> str:
    if id_ in scheme.fields:
        return scheme.fields[id_].label[lang]
    derived = scheme.derived.get(id_)
    if derived is None:
        return say(lang, f"field.{id_}")
    # A quantity is missing because what it is worked out from is.
    asked = [name for name in (derived.date, derived.number) if name is not None]
    return say(lang, "join.or").join(scheme.fields[name].label[lang] for name in asked) or derived.label[lang]


def grade_name(scheme: Scheme, grade: str, lang: str) -> str:
    """A grade in a sentence: B级 for B, 阶段3 for a stage, the scheme's own word where it has one."""
    name = scheme.names[grade][lang] if grade in scheme.names else grade
    return scheme.grade_as[lang].format(grade=name) if scheme.grade_as else say(lang, "why.grade", grade=name)


class _Facts:
    """What a reason may name, each worked out when it is named: limits, values, facts of the line."""

    def __init__(self, scheme: Scheme, line: Line, values: Mapping[str, object], lang: str) -> None:
        self._scheme = scheme
        self._line = line
        self._values = values
        self._lang = lang

    def __getitem__(self, name: str) -> str:
        if name in self._line.facts:
            return _fact(self._scheme, self._line, name)
        if name in self._values:
            return shown(self._scheme, name, self._values[name], self._lang)
        return show(self._scheme.parameters[f"limits.{name}"].value)


def _because(scheme: Scheme, line: Line, values: Mapping[str, object], lang: str) -> str:
    text = line.because[lang]
    return text.format_map(_Facts(scheme, line, values, lang)) if "{" in text else text


def _fact(scheme: Scheme, line: Line, name: str) -> str:
    """A limit in the unit of what it limits: 70 % rather than 0.7."""
    value = line.facts[name]
    subject = line.when[0].subject if line.when else scheme.tables[0].lines[0].when[0].subject
    return shown(scheme, subject, float(value), "en") if subject in scheme.fields else show(value)


def cited(scheme: Scheme, line: Line | None, lang: str) -> str:
    """Where a line is printed and on what basis, such as 〔出处002:L358〕."""
    source = scheme.sources[0]
    lines = line.lines if line is not None and line.lines else source.lines
    cite = lines if ":" in lines else f"{source.key}:{lines}"
    basis = "S" if line is None else line.basis
    return say(lang, f"why.cite_{basis}", cite=cite)


class Explainer:
    """The sentences of one scheme, put together from parts that are each made once.

    Args:
        scheme: the scheme.
        ids: the names of a row's values, in their order.
    """

    def __init__(self, scheme: Scheme, ids: Sequence[str]) -> None:
        self._scheme = scheme
        self._ids = ids
        self._by_grading = Remembered(lambda key: self._of_grading(*key))
        # Gradings that differ only in what is lacking have the same lines, and begin alike.
        self._by_lines: dict[object, tuple[_Head, str]] = {}
        self._remarks = Remembered(lambda key: _remarks(scheme, *key))
        self._missing = Remembered(lambda key: self._head([*_asked(scheme)], _lacking(scheme, *key)))

    def sentence(self, graded: Graded, values: Values, days: int | None, lang: str) -> str:
        """One sentence, at most 255 characters: what decided, on which inputs, and its source.

        Args:
            graded: the grade, its status and the lines that led to it.
            values: the row's values.
            days: the interval, None where there is none.
            lang: zh or en.
        """
        (read, heads), end, source = self._by_grading[graded, days, lang]
        text: str = heads[read(values)] + end
        return text if len(text) <= LONGEST else cut(text.removesuffix(source))

    def _of_grading(self, graded: Graded, days: int | None, lang: str) -> tuple[_Head, str, str]:
        """How the sentence of a grading begins, how it ends, and the source that its end ends with."""
        if not graded.hits:
            return self._missing[graded.lacking, lang], "", ""
        # The scheme keeps its lines, and the grade follows from them. The days don't: some customers nobody may call.
        key = tuple(map(id, graded.hits)), days, lang
        known = self._by_lines.get(key)
        if known is None:
            known = self._by_lines[key] = self._of_lines(graded, days, lang)
        head, source = known
        if not source:
            return head, "", ""
        return head, self._remarks[graded.lacking, graded.status == "gap", lang] + source, source

    def _of_lines(self, graded: Graded, days: int | None, lang: str) -> tuple[_Head, str]:
        """How the sentence of a grading's lines begins, and its source; all in one where they leave no grade."""
        scheme = self._scheme
        named = names_in(text for line in graded.hits for text in line.because.values())
        source = cited(scheme, _decisive(scheme, graded), lang)
        if graded.grade:
            return self._head(named, _explained(scheme, graded, days, lang)), source
        return self._head(named, _ungraded(scheme, graded.hits[0], source, lang)), ""

    def _head(self, named: Collection[str], put: Callable[[Mapping[str, object]], str]) -> _Head:
        """What takes the values that a sentence names out of a row, and the sentence for each."""
        ids = [id_ for id_ in self._ids if id_ in named]
        return reader([self._ids.index(id_) for id_ in ids]), Remembered(lambda values: put(dict(zip(ids, values))))


def names_in(texts: Iterable[str]) -> set[str]:
    """What stands in braces in some texts."""
    return {name for text in texts for _, name, _, _ in _PARTS(text) if name}


def _ungraded(scheme: Scheme, line: Line, source: str, lang: str) -> Callable[[Mapping[str, object]], str]:
    """The sentence of a line that leaves no grade, but for the values that it names."""

    def put(values: Mapping[str, object]) -> str:
        return cut(say(lang, "why.no_grade", because=_because(scheme, line, values, lang)) + source)

    return put


def _explained(scheme: Scheme, graded: Graded, days: int | None, lang: str) -> Callable[[Mapping[str, object]], str]:
    """The beginning of the sentence of a grade, but for the values that its reasons name."""
    sentence = _graded_sentence(scheme, graded, days, lang)

    def put(values: Mapping[str, object]) -> str:
        return sentence([_because(scheme, line, values, lang) for line in graded.hits])

    return put


def _decisive(scheme: Scheme, graded: Graded) -> Line:
    """The line that gave the grade: the last that lowered it, else the first."""
    lowest = graded.hits[0]
    for line in graded.hits[1:]:
        if line.grade and lowest.grade and scheme.rank(line.grade) > scheme.rank(lowest.grade):
            lowest = line
    return lowest


def _graded_sentence(scheme: Scheme, graded: Graded, days: int | None, lang: str) -> Callable[[Sequence[str]], str]:
    """The sentence of a grade, but for the reasons of its lines."""
    base = graded.hits[0].grade or ""
    grade, first = grade_name(scheme, graded.grade, lang), grade_name(scheme, base, lang)
    interval, comma = _interval(days, scheme.fixed_days, lang), say(lang, "join.clause")

    def put(reasons: Sequence[str]) -> str:
        if base == graded.grade:
            return say(lang, "why.plain", because=comma.join(reasons), grade=grade, interval=interval)
        because, reason = reasons[0], comma.join(reasons[1:])
        return say(lang, "why.lowered", because=because, base=first, reason=reason, grade=grade, interval=interval)

    return put


def _interval(days: int | None, fixed_days: Sequence[int], lang: str) -> str:
    if days is None:
        return ""
    if fixed_days:
        return say(lang, "why.fixed_days", days=say(lang, "join.list").join(map(str, fixed_days)))
    return say(lang, "why.interval_1") if days == 1 else say(lang, "why.interval", days=days)


def _remarks(scheme: Scheme, lacking: Sequence[str], is_gap: bool, lang: str) -> str:
    remarks = []
    if lacking:
        remarks.append(say(lang, "why.provisional", fields=labels(scheme, lacking, lang)))
    if is_gap:
        remarks.append(say(lang, "why.gap"))
    if scheme.note:
        remarks.append(scheme.note[lang])
    return say(lang, "why.remark", remarks=say(lang, "join.clause").join(remarks)) if remarks else ""


def _asked(scheme: Scheme) -> set[str]:
    """The inputs whose being there or not changes what is said of those that are missing."""
    points = () if scheme.points is None else scheme.points.table
    return {*points, *(derived.date for derived in scheme.derived.values() if derived.date)}


def _lacking(scheme: Scheme, lacking: Sequence[str], lang: str) -> Callable[[Mapping[str, object]], str]:
    """The sentence on what is missing, but for what of the rest is there."""
    fields = labels(scheme, lacking, lang)
    asked = () if scheme.points is None else tuple(scheme.points.table)
    dates = [scheme.derived[id_].date for id_ in lacking if id_ in scheme.derived]

    def put(values: Mapping[str, object]) -> str:
        if asked:
            answered = sum(values[id_] is not None for id_ in asked)
            return cut(say(lang, "why.answered", fields=fields, answered=answered, asked=len(asked)))
        if any(values[id_] is not None for id_ in dates if id_):  # the date is there; the day to count from is not
            return cut(say(lang, "why.missing", fields=say(lang, "field.as_of")))
        if lacking == scheme.required_any:
            return cut(say(lang, "why.missing_any", fields=fields))
        return cut(say(lang, "why.missing", fields=fields))

    return put


def explain_problems(scheme: Scheme, problems: Sequence[Problem], lang: str) -> str:
    """What cannot be read, cell by cell: where, what stands there, what is allowed."""
    return cut(say(lang, "join.sentence").join(_problem(scheme, problem, lang) for problem in problems))


def _problem(scheme: Scheme, problem: Problem, lang: str) -> str:
    cause = problem.cause
    field = scheme.fields.get(problem.field)
    facts = dict(cause.facts)
    if field is not None and field.kind == "choice":
        facts["offered"] = say(lang, "join.slash").join(words[lang][0] for words in field.tokens.values())
    allowed = say(lang, f"cell.{cause.why}", **facts)
    found = shown_cell(cause.found, lang)
    return say(lang, "why.problem", field=_label(scheme, problem.field, lang), found=found, allowed=allowed)


def shown_cell(found: object, lang: str) -> str:
    """A cell as it came, short enough to quote."""
    if found is None:
        return say(lang, "value.blank")
    if isinstance(found, bool):
        return say(lang, "value.true" if found else "value.false")
    return show(found)
