"""`xlplugin schemes`: what schemes there are, and one of them as a readable table with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlplugin.cells import show
from xlplugin.cli._shared import aligned
from xlplugin.rulebook import load
from xlplugin.texts import say

if TYPE_CHECKING:
    import argparse

    from xlplugin.rulebook.model import Condition, Field, Line, Scheme, Table


def run(options: argparse.Namespace, _lang: str) -> int:
    """Prints the list of schemes, or one scheme."""
    book = load(options.rulebook)
    lang = options.lang
    if options.id is None:
        rows = [[scheme.id, scheme.title[lang], " ".join(scheme.grades)] for scheme in book.values()]
        print(aligned([say(lang, f"cli.schemes.{name}") for name in ("id", "title", "grades")], rows))
        return 0
    print(describe(book.find(options.id), lang))
    return 0


def describe(scheme: Scheme, lang: str) -> str:
    """A scheme as text: sources, inputs, tables line by line, intervals; each number with its basis."""
    parts = [f"{scheme.id}  {scheme.title[lang]}"]
    parts += [say(lang, "cli.schemes.source", title=s.title, file=s.file, lines=s.lines) for s in scheme.sources]
    parts.append(say(lang, "cli.schemes.basis"))
    if scheme.fields:
        headers = [say(lang, f"cli.schemes.{name}") for name in ("field", "label", "allowed")]
        fields = [[f.id, f.label[lang], _allowed(f, lang)] for f in scheme.fields.values()]
        parts.append(aligned(headers, fields))
    parts += [_table(scheme, table, lang) for table in scheme.tables]
    if scheme.first:
        parts.append(_lines(scheme, scheme.first, say(lang, "cli.schemes.first"), lang))
    parts.append(_intervals(scheme, lang))
    if scheme.points is not None:
        parts.append(_points(scheme, lang))
    if scheme.note:
        parts.append(scheme.note[lang])
    return "\n\n".join(parts)


def _allowed(field: Field, lang: str) -> str:
    if field.kind == "choice":
        return " / ".join(words[lang][0] for words in field.tokens.values())
    kind = say(lang, f"kind.{field.kind}")
    if abs(field.low) == float("inf"):
        return kind
    high = "" if field.high == float("inf") else show(float(field.high))
    return f"{kind} {show(float(field.low))}–{high}"


def _table(scheme: Scheme, table: Table, lang: str) -> str:
    return _lines(scheme, table.lines, say(lang, "cli.schemes.table", id=table.id), lang)


def _lines(scheme: Scheme, lines: tuple[Line, ...], title: str, lang: str) -> str:
    headers = ["#", *(say(lang, f"cli.schemes.{name}") for name in ("condition", "grade", "status", "basis_column"))]
    rows = []
    for line in lines:
        when = say(lang, "cli.schemes.and").join(_condition(scheme, c, lang) for c in line.when)
        status = "" if line.status == "ok" else say(lang, f"status.{line.status}")
        basis = f"{line.basis} {line.lines}".strip()
        rows.append([str(line.number), when or say(lang, "cli.schemes.otherwise"), line.grade or "", status, basis])
    return f"{title}\n{aligned(headers, rows)}"


def _condition(scheme: Scheme, condition: Condition, lang: str) -> str:
    field = scheme.fields.get(condition.subject)
    label = field.label[lang] if field else scheme.derived[condition.subject].label[lang]
    if condition.test == "in" and field is not None:
        return f"{label} = {'/'.join(field.tokens[token][lang][0] for token in condition.tokens)}"
    if condition.test in ("yes", "no", "blank", "given"):
        return f"{label} = {say(lang, f'value.{condition.test}')}"
    if condition.other is not None:
        return f"{label} {condition.test} {scheme.fields[condition.other].label[lang]}"
    return f"{label} {condition.test} {show(float(condition.limit or 0))}"


def _intervals(scheme: Scheme, lang: str) -> str:
    if scheme.no_interval is not None:
        return scheme.no_interval[lang]
    none = say(lang, "cli.schemes.no_contact")
    rows = [[grade, none if i.days is None else str(i.days), i.basis] for grade, i in scheme.intervals.items()]
    headers = [say(lang, f"cli.schemes.{name}") for name in ("grade", "days", "basis_column")]
    return aligned(headers, rows)


def _points(scheme: Scheme, lang: str) -> str:
    assert scheme.points is not None  # noqa: S101 - the caller has seen to it
    tokens = list(next(iter(scheme.points.table.values())))
    rows = [
        [scheme.fields[id_].label[lang], *(show(float(row[token])) for token in tokens)]
        for id_, row in scheme.points.table.items()
    ]
    return aligned([say(lang, "cli.schemes.points", basis=scheme.points.basis), *tokens], rows)
