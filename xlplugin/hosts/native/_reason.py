"""A short reason as a plain formula: the words of the lines that hold, with their values, or what is in the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xlplugin.hosts.native._reading import BAD, any_of, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from xlplugin.rulebook.model import Line, Scheme, Words

    Cell = Callable[[str], str]

__all__ = ["reason", "words"]

_NAMED = re.compile(r"\{(\w+)\}")


def words(by_language: Words) -> str:
    """A text in every language, of which the sheet's is taken when the formula is spelled."""
    return f"[~{by_language['zh']}¦{by_language['en']}]"


def reason(scheme: Scheme, value: Cell, rule: Cell, own: Cell) -> str:
    """The formula of the reason; source and advice are not in it.

    Args:
        scheme: the scheme.
        value: the cell of an input's or derived quantity's value, by id.
        rule: the cell of a parameter, by its path.
        own: the cell of the scheme's other formulas, by their part.
    """
    base = scheme.tables[0].lines
    told = [_told(scheme, (*scheme.first,), line, value, rule) for line in scheme.first]
    told += [_told(scheme, base, line, value, rule) for line in base]
    unread = f"IF(NOT({rule('ok')}),[=native.rules_unread],{_listed(scheme, value, '=' + BAD, 'native.unread')})"
    missing = _listed(scheme, value, '=""', "native.missing", (*scheme.required, *scheme.required_any))
    made = f"CHOOSE({own('line')}+1,{unread},{','.join(told)},{missing})"
    for place, table in enumerate(scheme.tables[1:], 2):
        line = own(f"line_{place}")
        more = [_told(scheme, table.lines, one, value, rule) for one in table.lines]
        made += f'&IF({line}=0,"",[=join.clause]&CHOOSE({line}+1,"",{",".join(more)}))'
    return made


def _listed(scheme: Scheme, value: Cell, test: str, before: str, ids: Iterable[str] = ()) -> str:
    """The labels of the inputs that a test holds for, behind what is said of them."""
    made = f"[={before}]"
    for id_ in ids or (*scheme.fields, *scheme.derived):
        derived = scheme.derived.get(id_)
        label = derived.label if derived else scheme.fields[id_].label
        holds = [f"{value(id_)}{test}"]
        if derived and not ids:  # said of the input, where that is what can't be read
            holds += [f"{value(one)}<>{BAD}" for one in (derived.date, derived.number, *derived.fields) if one]
        made += f'&IF({any_of(holds, "AND")},{_spaced(label)},"")'
    return made


def _spaced(label: Words) -> str:
    return words({lang: " " + text for lang, text in label.items()})


def _told(scheme: Scheme, lines: Sequence[Line], line: Line, value: Cell, rule: Cell) -> str:
    """A line's words with the values it names; texts of different languages may name them in different places."""
    zh, en = (_NAMED.split(line.because[lang]) for lang in ("zh", "en"))
    if zh[1::2] != en[1::2]:  # the values stand in another order: told without them
        return words({lang: _NAMED.sub("…", line.because[lang]) for lang in ("zh", "en")})
    parts = []
    for place, (chinese, english) in enumerate(zip(zh, en, strict=True)):
        if place % 2:
            parts.append(_named(scheme, lines, line, chinese, value, rule))
        elif chinese or english:
            parts.append(words({"zh": chinese, "en": english}))
    return "&".join(parts)


def _named(scheme: Scheme, lines: Sequence[Line], line: Line, name: str, value: Cell, rule: Cell) -> str:
    subject = name
    if name in line.facts:
        shown, subject = _fact(lines, line, name, rule), lines[0].when[0].subject
    elif name in scheme.fields or name in scheme.derived:
        shown = value(name)
    else:
        shown = rule(f"limits.{name}")
    share = subject in scheme.fields and scheme.fields[subject].kind == "fraction"
    return f'ROUND({shown}*100,10)&"%"' if share else shown


def _fact(lines: Sequence[Line], line: Line, name: str, rule: Cell) -> str:
    """The cell of a limit that a band speaks of: its own, or that of the band before it."""
    paths = list(dict.fromkeys(one.when[0].path for one in lines if one.when))
    at = paths.index(line.when[0].path) if line.when else len(paths) - 1
    path = {"limit": paths[at], "better": paths[at - 1] if at else None}.get(name)
    return rule(path) if path else number(line.facts[name])
