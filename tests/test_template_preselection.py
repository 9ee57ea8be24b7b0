"""The pre-selection form: the next call and what to ask next, as the kernel says them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from _placement import filled, shown

if TYPE_CHECKING:
    from pathlib import Path

# openpyxl knows no print area that is a formula.
pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set to Defined name")


_FRIDAY = date(2026, 3, 6)
_CALLS: list[tuple[dict[str, Any], object]] = [
    ({"state": "再考虑", "convenient": "是"}, date(2026, 3, 7)),
    ({"state": "未看资料", "convenient": "是"}, date(2026, 3, 7)),
    ({"convenient": "否", "agreed": datetime(2026, 3, 8, 10)}, datetime(2026, 3, 8, 10)),  # noqa: DTZ001 - no zone
    ({"convenient": "否"}, "缺项"),
    ({"state": "已有意向", "convenient": "是"}, None),
    ({"state": "已有意向", "convenient": "是", "grade": "B"}, date(2026, 3, 13)),
    ({"state": "再考虑", "called": None}, "缺项"),
]


@pytest.mark.parametrize("host", ["classic", "native"])
@pytest.mark.parametrize("rule", [False, True])
def test_the_next_call_on_the_form(tmp_path: Path, host: str, rule: bool) -> None:
    path = tmp_path / "form.xlsx"
    lines = [{"customer": "张三", "called": _FRIDAY, **more} for more, _ in _CALLS]
    switch = {("规则", "C12"): "是"} if rule else {}
    filled(path, "zh", {"preselection": lines}, name="preselection", host=host, more=switch)
    for (_, usual), row in zip(_CALLS, shown(path, "preselection", name="preselection")):
        expect = date(2026, 3, 9) if usual == date(2026, 3, 7) and rule else usual
        found = row["next_call"] or None
        if isinstance(found, datetime) and not isinstance(expect, datetime):
            found = found.date()
        assert found == expect


def test_what_to_ask_next_on_the_ladder(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    base = {"customer": "张三", "wished_count": 3, "choice_a": "1-101"}
    lines = [
        base,
        {**base, "step_1": "否"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "stated_band": "低"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "stated_band": "高"},
        {**base, "step_1": "否", "step_2": "否", "step_3": "否", "step_4": "是"},
        {**base, "choice_b": "1-102", "choice_c": "1-103"},
    ]
    filled(path, "zh", {"preselection": lines}, name="preselection")
    found = [row["ask_next"] for row in shown(path, "preselection", name="preselection")[: len(lines)]]
    assert found == ["相邻面积户型", "同户型其他楼栋", "其他楼层：中、高", "其他楼层：中、低", "已问完", "已够选"]
