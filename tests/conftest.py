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


@pytest.fixture
def functions() -> dict[str, Callable[..., object]]:
    """Every worksheet function, at a desk of its own."""
    return Desk().functions()
