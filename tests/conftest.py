"""What several test modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import _calc
import pytest
from _grading import SCORE, Result
from hypothesis import HealthCheck, settings

from xlplugin.cli import main
from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _grading import Grade

# The same examples on every machine and every day; nothing is kept between runs.
settings.register_profile(
    "house", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("house")


@pytest.fixture
def functions() -> dict[str, Callable[..., object]]:
    """Every worksheet function, at a desk of its own."""
    return Desk().functions()


@pytest.fixture(scope="session")
def calc_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_calc.Calc]:
    """A LibreOffice without our add-in, started once; the test is skipped where there is none."""
    if _calc.why_not():
        pytest.skip(_calc.why_not())
    with _calc.started(tmp_path_factory.mktemp("calc-alone")) as running:
        yield running


@pytest.fixture
def grade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Grade:
    """The command, run in this process, speaking English."""
    monkeypatch.setenv("XLP_LANG", "en")

    def run(table: object, scheme: str = SCORE, *options: object) -> Result:
        try:
            code = main(["grade", str(table), "--scheme", scheme, *map(str, options)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run
