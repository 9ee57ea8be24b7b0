"""Both languages say the same things, each in its own words."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from xlplugin import texts
from xlplugin.domain import STATUSES
from xlplugin.texts import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

CHINESE = re.compile("[\u2e80-\u9fff]")
FULL_WIDTH = re.compile("[\u3001-\u303f\uff01-\uff5e]")
# The files of texts come in pairs: zh and en, cli_zh and cli_en …
PAIRS = sorted(path.stem.removesuffix("zh") for path in Path(texts.__file__).parent.glob("*zh.py"))
FLAGS = ("beyond_policy", "agreed_in_past", "opt_out", "unreadable_date")


def module(pair: str, lang: str) -> ModuleType:
    """The module that holds some texts of a language."""
    return import_module(f"xlplugin.texts.{pair}{lang}")


def texts_of(lang: str) -> dict[str, str]:
    """Every text of a language by its key."""
    return {key: text for pair in PAIRS for key, text in module(pair, lang).TEXTS.items()}


def names_in(text: str) -> set[str]:
    """The names in a text's braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_have_the_same_keys_in_the_same_order(pair: str) -> None:
    zh, en = (list(module(pair, lang).TEXTS) for lang in LANGUAGES)
    assert set(zh) == set(en)
    assert zh == en


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_key_stands_in_two_files(lang: str) -> None:
    assert len(texts_of(lang)) == sum(len(module(pair, lang).TEXTS) for pair in PAIRS)


@pytest.mark.parametrize("key", texts_of("zh"))
def test_both_languages_fill_in_the_same_names(key: str) -> None:
    zh, en = (texts_of(lang)[key] for lang in LANGUAGES)
    assert names_in(zh) == names_in(en)
    assert all(name.isidentifier() for name in names_in(zh)), "every brace has a name"


@pytest.mark.parametrize("key", texts_of("en"))
def test_english_is_english(key: str) -> None:
    text = texts_of("en")[key]
    assert not CHINESE.search(text)
    assert not FULL_WIDTH.search(text)


SAID_BY_FUNCTIONS = ("why.", "cell.", "advice.", "rules.")


@pytest.mark.parametrize("key", [key for key in texts_of("zh") if key.startswith(SAID_BY_FUNCTIONS)])
def test_what_functions_say_in_chinese_is_chinese(key: str) -> None:
    text = re.sub(r"\{\w+\}", "", texts_of("zh")[key])
    for word in ("TRUE", "FALSE"):
        text = text.replace(word, "")
    assert not re.search("[A-Za-z]{2,}", text)


def test_every_text_is_said() -> None:
    assert {lang: dict(texts._TEXTS[lang]) for lang in LANGUAGES} == {lang: texts_of(lang) for lang in LANGUAGES}


def test_statuses_and_flags_have_words() -> None:
    zh: Mapping[str, str] = texts_of("zh")
    wording = "ok 正常 provisional 暂定 capped 已下调 gap 标准未列 stale 计划过期 missing 缺项 invalid 填写有误"
    words = f"{wording} out_of_scope 不适用".split()
    assert {status: zh[f"status.{status}"] for status in STATUSES} == dict(zip(words[::2], words[1::2]))
    assert all(f"flag.{flag}" in zh for flag in FLAGS)


def test_say_speaks_chinese_or_english() -> None:
    assert say("zh", "status.ok") == "正常"
    assert say("en", "status.ok") == say("fr", "status.ok") == "ok"
    assert say("zh", "why.missing", fields="{found}") == "缺{found}，暂不定级。"


@pytest.mark.parametrize("key", [key for key in texts_of("zh") if key.startswith("error.")])
def test_an_error_ends_as_a_sentence(key: str) -> None:
    for lang, stop in (("zh", "。"), ("en", ".")):
        text = texts_of(lang)[key]
        assert text.endswith(stop) or re.search("[:：] ?[ -~]+$|--[a-z]+$", text), "or with what is to be typed"
