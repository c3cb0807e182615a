"""Fixtures for tests of the embedded server itself; databases come from tests/postgres.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.embedded import EmbeddedServer
from tests.postgres import temporary_home


@pytest.fixture
def home() -> Iterator[Path]:
    """A DANGOL_HOME in which nothing was started yet."""
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def used_home() -> Iterator[Path]:
    """A DANGOL_HOME whose cluster is used by test after test, as making one takes a second."""
    with temporary_home() as folder:
        yield folder


@pytest.fixture
def server(used_home: Path) -> EmbeddedServer:
    """A running server that a test may stop, kill and maim, as long as `start` mends it."""
    started = EmbeddedServer(used_home)
    started.start()
    return started
