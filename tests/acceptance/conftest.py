"""A demo shop that runs for all tests that do no harm to it. Its clock only goes forward, as theirs
who use it must expect.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import temporary_home
from tests.running_shop import RunningShop, running_shop


@pytest.fixture(scope="session")
def demo() -> Iterator[RunningShop]:
    with temporary_home() as home, running_shop(home) as running:
        yield running
