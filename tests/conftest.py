"""What every test gets: a clean environment, and the database fixtures of tests/postgres.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import pytest
from httpx._transports import default as httpx_transport

pytest_plugins = ["tests.postgres", "tests.agents", "tests.web_site"]

OURS = ("DANGOL_", "TWILIO_", "DATABASE_URL", "PUBLIC_BASE_URL")


def _remove_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(OURS) and name != "DANGOL_TEST_HOME":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def clean_session_environment() -> Iterator[None]:
    """Removes the caller's settings before session fixtures start anything."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        _remove_settings(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes what an earlier test may have left in the environment."""
    _remove_settings(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def certificates_are_read_once() -> Iterator[None]:
    """Every httpx client, and so every httpx.get, reads all certificates of this machine anew: 30
    ms each time, and hardly any test speaks https."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_once = cache(httpx_transport.create_ssl_context)
        monkeypatch.setattr(httpx_transport, "create_ssl_context", read_once)
        yield
