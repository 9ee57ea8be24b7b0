"""The add-in's own files, made from the function records: what it is, what it offers, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from xlplugin import __version__
from xlplugin.hosts.calc._names import COMPONENT, IDENTIFIER, INTERFACE, SERVICE, method_name
from xlplugin.hosts.calc._typelib import Method, type_library
from xlplugin.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlplugin.worksheet import Arg, Function

__all__ = ["OLDEST", "parts"]

OLDEST = "25.2"  # the first LibreOffice known to bind plain names of an .xlsx to an add-in's functions

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CALLER = "com.sun.star.beans.XPropertySet"  # an argument of this type is filled in by Calc: the document that calls
_MEDIA = "application/vnd.sun.star."
_LISTED = {
    "xlplugin.rdb": f"{_MEDIA}uno-typelibrary;type=RDB",
    "xlplugin.components": f"{_MEDIA}uno-components",  # passive: nothing of ours runs while it is installed
    "CalcAddIns.xcu": f"{_MEDIA}configuration-data",
}


def parts(functions: Mapping[str, Function]) -> dict[str, bytes]:
    """The add-in's files by path, all but its Python."""
    texts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "xlplugin.components": _components(),
        "CalcAddIns.xcu": _configuration(functions.values()),
        **{f"about_{lang}.txt": say(lang, "calc.about", version=__version__) for lang in LANGUAGES},
    }
    files = {path: text.encode() for path, text in texts.items()}
    return files | {"xlplugin.rdb": type_library(INTERFACE, [_method(function) for function in functions.values()])}


def _method(function: Function) -> Method:
    args = [("document", _CALLER), *((_inner(arg.name), "any") for arg in function.args)]
    return Method(method_name(function.name), args)


def _inner(name: str) -> str:
    return method_name(name)  # UNO's names have no underscore


def _manifest() -> str:
    spaces = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    entries = [
        f'  <manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>\n'
        for path, kind in _LISTED.items()
    ]
    return f"{_HEAD}<manifest:manifest {spaces}>\n{''.join(entries)}</manifest:manifest>\n"


def _description() -> str:
    office = "http://libreoffice.org/extensions/description/2011"
    names = "".join(f'<name lang="{lang}">{escape(say(lang, "calc.title"))}</name>' for lang in LANGUAGES)
    needs = f'<l:LibreOffice-minimal-version value="{OLDEST}" d:name="LibreOffice {OLDEST}"/>'
    about = "".join(f'<src lang="{lang}" xlink:href="about_{lang}.txt"/>' for lang in LANGUAGES)
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:d="http://openoffice.org/extensions/description/2006"'
        f' xmlns:l="{office}" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
        f'  <identifier value="{IDENTIFIER}"/>\n'
        f'  <version value="{__version__}"/>\n'
        f"  <dependencies>{needs}</dependencies>\n"
        f"  <display-name>{names}</display-name>\n"
        f"  <extension-description>{about}</extension-description>\n"
        "</description>\n"
    )


def _components() -> str:
    return (
        f'{_HEAD}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f'  <component loader="com.sun.star.loader.Python" uri="{COMPONENT}">\n'
        f'    <implementation name="{SERVICE}"><service name="{SERVICE}"/></implementation>\n'
        "  </component>\n</components>\n"
    )


def _configuration(functions: Iterable[Function]) -> str:
    return (
        f'{_HEAD}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{''.join(map(_function, functions))}"
        "</node></node></node>\n</oor:component-data>\n"
    )


def _function(function: Function) -> str:
    # One name for the formula bar, for .xlsx files and for every language.
    names = dict.fromkeys(LANGUAGES, function.name)
    return (
        f'<node oor:name={quoteattr(method_name(function.name))} oor:op="replace">'
        f"{_in_words('DisplayName', names)}"
        f"{_in_words('Description', {'zh': function.zh, 'en': function.en})}"
        '<prop oor:name="Category"><value>Add-In</value></prop>'
        f"{_in_words('CompatibilityName', names)}"
        f'<node oor:name="Parameters">\n{"".join(map(_parameter, function.args))}</node></node>\n'
    )


def _parameter(arg: Arg) -> str:
    return (
        f'<node oor:name={quoteattr(_inner(arg.name))} oor:op="replace">'
        f"{_in_words('DisplayName', dict.fromkeys(LANGUAGES, arg.name))}"
        f"{_in_words('Description', {'zh': arg.zh, 'en': arg.en})}</node>\n"
    )


def _in_words(name: str, words: Mapping[str, str]) -> str:
    values = "".join(f'<value xml:lang="{lang}">{escape(text)}</value>' for lang, text in words.items())
    return f'<prop oor:name="{name}">{values}</prop>'
