"""The explanation, made from the decision itself: which line decided, on which inputs, and where it is printed."""

from __future__ import annotations

from datetime import date
from math import trunc
from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.decisions.quantities import picker
from xlplugin.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xlplugin.decisions.evidence import Problem
    from xlplugin.decisions.grading import Graded
    from xlplugin.decisions.quantities import Values
    from xlplugin.rulebook.model import Line, Scheme

__all__ = ["LONGEST", "Explainer", "cut", "explain", "explain_problems", "grade_name", "shown", "shown_cell"]

# What Excel's xlwings, and a COUNTIF over the column, can still handle.
LONGEST = 255
_MOST_NAMED = 6
_MONEY = 1000
_MOST_REMEMBERED = 4096


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
    if field is not None and field.kind == "fraction" and isinstance(value, float):
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
    """The sentences of one scheme, each made once for the values it names.

    Args:
        scheme: the scheme.
        ids: the names of a row's values, in their order.
    """

    def __init__(self, scheme: Scheme, ids: Sequence[str]) -> None:
        self._scheme = scheme
        self._ids = ids
        self._named: dict[int, tuple[Graded, Callable[[Values], object]]] = {}
        self._known: dict[object, str] = {}

    def sentence(self, graded: Graded, values: Values, days: int | None, lang: str) -> str:
        """The sentence of a row, see `explain`."""
        if graded.hits:
            # The same lines give the same object again and again; it is kept, so that its place is not another's.
            named = self._named.get(id(graded))
            if named is None:
                named = self._named[id(graded)] = graded, self._pick(graded)
            key: object = (id(graded), days, lang, named[1](values))
        else:  # what is missing, and of what is there only whether it is
            key = graded.lacking, lang, tuple([value is None for value in values])
        text = self._known.get(key)
        if text is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            text = self._known[key] = explain(self._scheme, graded, values, self._ids, days, lang)
        return text

    def _pick(self, graded: Graded) -> Callable[[Values], object]:
        """What takes the values that the reasons of a grading name out of a row."""
        texts = [text for line in graded.hits for text in line.because.values()]
        named = [place for place, id_ in enumerate(self._ids) if any(f"{{{id_}}}" in text for text in texts)]
        return picker(named)


def explain(scheme: Scheme, graded: Graded, values: Values, ids: Sequence[str], days: int | None, lang: str) -> str:
    """One sentence, at most 255 characters: what decided, on which inputs, and its source.

    Args:
        scheme: the scheme that graded.
        graded: its answer.
        values: the row's values, named by `ids`.
        ids: the names of `values`.
        days: the interval, None where there is none.
        lang: zh or en.
    """
    if not graded.hits:
        return cut(_missing(scheme, graded, dict(zip(ids, values)), lang))
    named = dict(zip(ids, values))
    reasons = [_because(scheme, line, named, lang) for line in graded.hits]
    source = cited(scheme, _decisive(scheme, graded), lang)
    if not graded.grade:
        return cut(say(lang, "why.no_grade", because=reasons[0]) + source)
    text = _graded_sentence(scheme, graded, reasons, days, lang) + _remarks(scheme, graded, lang)
    return text + source if len(text) + len(source) <= LONGEST else cut(text)


def _decisive(scheme: Scheme, graded: Graded) -> Line:
    """The line that gave the grade: the last that lowered it, else the first."""
    lowest = graded.hits[0]
    for line in graded.hits[1:]:
        if line.grade and lowest.grade and scheme.rank(line.grade) > scheme.rank(lowest.grade):
            lowest = line
    return lowest


def _graded_sentence(scheme: Scheme, graded: Graded, reasons: list[str], days: int | None, lang: str) -> str:
    interval = _interval(days, scheme.fixed_days, lang)
    base = graded.hits[0].grade or ""
    grade = grade_name(scheme, graded.grade, lang)
    if base == graded.grade:
        return say(lang, "why.plain", because=say(lang, "join.clause").join(reasons), grade=grade, interval=interval)
    return say(
        lang,
        "why.lowered",
        because=reasons[0],
        base=grade_name(scheme, base, lang),
        reason=say(lang, "join.clause").join(reasons[1:]),
        grade=grade,
        interval=interval,
    )


def _interval(days: int | None, fixed_days: Sequence[int], lang: str) -> str:
    if days is None:
        return ""
    if fixed_days:
        return say(lang, "why.fixed_days", days=say(lang, "join.list").join(map(str, fixed_days)))
    return say(lang, "why.interval_1") if days == 1 else say(lang, "why.interval", days=days)


def _remarks(scheme: Scheme, graded: Graded, lang: str) -> str:
    remarks = []
    if graded.lacking:
        remarks.append(say(lang, "why.provisional", fields=labels(scheme, graded.lacking, lang)))
    if graded.status == "gap":
        remarks.append(say(lang, "why.gap"))
    if scheme.note:
        remarks.append(scheme.note[lang])
    return say(lang, "why.remark", remarks=say(lang, "join.clause").join(remarks)) if remarks else ""


def _missing(scheme: Scheme, graded: Graded, values: Mapping[str, object], lang: str) -> str:
    fields = labels(scheme, graded.lacking, lang)
    if scheme.points is not None:
        asked = list(scheme.points.table)
        answered = sum(values.get(id_) is not None for id_ in asked)
        return say(lang, "why.answered", fields=fields, answered=answered, asked=len(asked))
    dates = [scheme.derived[id_].date for id_ in graded.lacking if id_ in scheme.derived]
    if any(values.get(id_) is not None for id_ in dates if id_):  # the date is there; the day to count from is not
        return say(lang, "why.missing", fields=say(lang, "field.as_of"))
    if graded.lacking == scheme.required_any:
        return say(lang, "why.missing_any", fields=fields)
    return say(lang, "why.missing", fields=fields)


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
