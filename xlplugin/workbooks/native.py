"""A recipe with our functions put as plain formulas: each call becomes the working column that holds its answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from xlplugin import rulebook
from xlplugin.errors import XlpError
from xlplugin.hosts.native import CONTACT_FIELDS, key, workings
from xlplugin.texts import LANGUAGES, say
from xlplugin.workbooks.recipe import Column
from xlplugin.worksheet import FUNCTIONS
from xlplugin.worksheet._narrowed import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlplugin.hosts.native import Working
    from xlplugin.rulebook.model import Scheme
    from xlplugin.workbooks.recipe import Recipe

__all__ = ["as_native", "respelled", "step_header"]

_CALL = re.compile(r"\bXLP_\w+\(")
_TOKEN = re.compile(r'"(?:[^"]|"")*"|\[[^\]]*\]|[(),]|[^"\[(),]+')
_TEXT = re.compile(r'("(?:[^"]|"")*")')
_LONGEST = 8192  # characters of a formula in Excel
_DATED = frozenset(("start", "computed", "planned", "contact"))


class _Call(NamedTuple):
    """A call of one of our functions in a formula: where it stands, and its arguments as written."""

    start: int
    end: int
    name: str
    args: tuple[str, ...]

    @property
    def scheme(self) -> str:
        """The scheme that the function judges by, else the one its first argument names."""
        return FUNCTIONS[self.name].scheme or self.args[0].strip('"')


def _calls(formula: str) -> Iterator[_Call]:
    """The calls of a formula, outermost first; ours are not nested in recipes."""
    for match in _CALL.finditer(formula):
        args, depth, at = [""], 0, match.end()
        for token in _TOKEN.finditer(formula, at):
            if token[0] == ")" and not depth:
                yield _Call(match.start(), token.end(), match[0][:-1], tuple(args))
                break
            depth += (token[0] == "(") - (token[0] == ")")
            if token[0] == "," and not depth:
                args.append("")
            else:
                args[-1] += token[0]


def respelled(formula: str, recipe: Recipe) -> str:
    """A recipe's formula with each call replaced; an answer that plain formulas don't give is left empty."""
    for call in reversed(list(_calls(formula))):
        formula = formula[: call.start] + _instead(call, recipe) + formula[call.end :]
    return formula


def _plain(column: Column, recipe: Recipe) -> str:
    return column.native or respelled(column.formula or "", recipe)


def _instead(call: _Call, recipe: Recipe) -> str:
    """What gives a call's answer without our functions."""
    function = FUNCTIONS[call.name]
    if function.native:
        return f"[{key(call.scheme, function.native)}]"
    if not function.plain:
        return '""'
    made = (function.plain(lang, *call.args) for lang in ("zh", "en"))
    return _both(*(narrowed(text, recipe.column_of) for text in made))


def _both(zh: str, en: str) -> str:
    """One formula for both languages out of two that differ in their texts alone."""
    pairs = zip(_TEXT.split(zh), _TEXT.split(en), strict=True)
    return "".join(ours if ours == theirs else f"[~{ours[1:-1]}¦{theirs[1:-1]}]" for ours, theirs in pairs)


def as_native(recipe: Recipe) -> Recipe:
    """The recipe in plain formulas, with the working columns they need behind the others.

    Args:
        recipe: one whose formulas call our functions.

    Raises:
        XlpError: `native_scheme`, `native_length`.
    """
    columns = [
        replace(one, formula=_plain(one, recipe)) if one.formula else one for one in (*recipe.columns, *recipe.steps)
    ]
    made: dict[str, Working] = {}
    for id_ in recipe.schemes:
        scheme = rulebook.load()[id_]
        cells, used = _places(recipe, scheme)
        made |= {column.key: column for column in workings(scheme, cells, used, made)}
    columns += [_column(working, recipe.filled) for working in made.values()]
    result = replace(recipe, columns=tuple(columns), workings=bool(recipe.schemes))
    _short_enough(result)
    return result


def _places(recipe: Recipe, scheme: Scheme) -> tuple[dict[str, str], str | None]:
    """Where a scheme's inputs stand, and the grade its date goes by, as the calls say; None where none asks a date."""
    calls = [call for column in recipe.columns for call in _calls(column.formula or "") if call.scheme == scheme.id]
    cells = {id_: f"[{id_}]" for id_ in scheme.fields if id_ in recipe.place}
    for graded in (call for call in calls if call.name == "XLP_GRADE"):
        cells["as_of"] = graded.args[3]
    for dated in (call for call in calls if call.name == "XLP_NEXT_CONTACT"):
        return cells | dict(zip(CONTACT_FIELDS, dated.args[2:5], strict=True)), dated.args[1]
    return cells, None


def _column(working: Working, filled: str) -> Column:
    header = {lang: step_header(working.of, working.part, lang) for lang in LANGUAGES}
    kind = "date" if working.part in _DATED else "text"
    formula = f'IF([{filled}]="","",{working.formula})'
    return Column(working.key, header, {"zh": 10, "en": 12}, kind, formula=formula, band="working", level=2)


def step_header(id_: str, step: str, lang: str) -> str:
    """What a working column is called: the input or scheme it belongs to, and which step it is."""
    book = rulebook.load()
    scheme = book.get(id_)
    fields = {id_: field for one in book.values() for id_, field in one.fields.items()} | dict(book.common)
    of = scheme.title[lang] if scheme else fields[id_].label[lang] if id_ in fields else say(lang, f"accounts.{id_}")
    if scheme and step in scheme.derived:
        part = scheme.derived[step].label[lang]
    elif step.startswith("line_"):
        part = say(lang, "native.line_of", number=step[5:])
    else:
        part = step if step in FUNCTIONS else say(lang, f"native.{step}")
    return say(lang, "native.column", of=of, part=part)


def _short_enough(recipe: Recipe) -> None:
    for lang in LANGUAGES:
        speller = recipe.speller(lang)
        for column in recipe.columns:
            length = len(speller.spell(column.formula)) + 1 if column.formula else 0
            if length > _LONGEST:
                raise XlpError("native_length", column=column.header[lang], found=length, limit=_LONGEST)
