"""A demo shop that runs for all tests. Its clock only goes forward, as theirs who use it must
expect; what harms it (test_up.py) comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import temporary_home
from tests.running_shop import RunningShop, running_shop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stops and kills the shop after everything else."""
    items.sort(key=lambda item: item.path == Path(__file__).with_name("test_up.py"))


@pytest.fixture(scope="session")
def demo() -> Iterator[RunningShop]:
    with temporary_home() as home, running_shop(home) as running:
        yield running
