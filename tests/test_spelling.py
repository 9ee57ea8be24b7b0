"""Formulas as recipes write them, spelled as a workbook stores them."""

from __future__ import annotations

import pytest

from xlplugin.workbooks.spelling import Speller

OWN = {"a": "甲", "b": "乙", "odd": "a#b"}
SPELLER = Speller("tblOwn", OWN, "zh", others={"units": ("tblUnits", {"no": "房号", "area": "面积"})})


@pytest.mark.parametrize(
    ("recipe", "stored"),
    [
        ("[a]", "tblOwn[[#This Row],[甲]]"),
        ("[a:b]", "tblOwn[[#This Row],[甲]:[乙]]"),
        ("[#a:b]", "tblOwn[[#Headers],[甲]:[乙]]"),
        ("[*a]", "tblOwn[甲]"),
        ("[*a:b]", "tblOwn[[甲]:[乙]]"),
        ("[odd]", "tblOwn[[#This Row],[a'#b]]"),
        ("[units]", "tblUnits[#All]"),
        ("[*units/no]", "tblUnits[房号]"),
        ("[*units/no:area]", "tblUnits[[房号]:[面积]]"),
        ("[#units/no]", "tblUnits[[#Headers],[房号]]"),
        ("[rules]", "tblRules[#All]"),
        ('[~是¦yes]&"x"', '"是"&"x"'),
    ],
)
def test_a_place_is_spelled(recipe: str, stored: str) -> None:
    assert SPELLER.spell(recipe) == stored


@pytest.mark.parametrize("recipe", ["[nothing]", "[*units/nothing]", "[*other/no]"])
def test_a_place_there_is_none_of_is_a_fault_of_the_recipe(recipe: str) -> None:
    with pytest.raises(KeyError):
        SPELLER.spell(recipe)
