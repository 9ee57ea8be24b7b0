"""What several test modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from xlplugin.worksheet import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

# The same examples on every machine and every day; nothing is kept between runs.
settings.register_profile(
    "house", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("house")


# Each asks every program once and keeps the answers; of several test processes one is to do that.
_ASKED_ONCE = ("conformance", "sharing")


@pytest.hookimpl(tryfirst=True)  # the plugin reads the marks in its own turn
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a matrix together where several processes test (`pytest -n 2 --dist loadgroup`)."""
    for item in items:
        if item.path.parent.name in _ASKED_ONCE:
            item.add_marker(pytest.mark.xdist_group(item.path.parent.name))


@pytest.fixture
def functions() -> dict[str, Callable[..., object]]:
    """Every worksheet function, at a desk of its own."""
    return Desk().functions()
