"""Sender processes that die where they are told to: see tests/dying_sender.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from settings import PROJECT
from tests.fake_provider import FakeProvider

SCRIPT = Path(__file__).with_name("dying_sender.py")


class SenderProcesses:
    """One sender process after the other, forked by one that has loaded everything."""

    def __init__(self, parent: subprocess.Popen[str]) -> None:
        self._parent = parent

    def begin(self, point: str) -> int:
        """Start a sender that sends everything, or dies at that point; returns its pid."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{point}\n")
        self._parent.stdin.flush()
        return self._number()

    def ended(self) -> int:
        """Wait for its end: 0, or the signal that ended it as a negative number."""
        return self._number()

    def _number(self) -> int:
        assert self._parent.stdout is not None
        return int(self._parent.stdout.readline())


@contextmanager
def sender_processes(engine: Engine, provider: FakeProvider) -> Iterator[SenderProcesses]:
    """Senders on that database, talking to that provider."""
    url = engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "DANGOL_HOME": str(provider.settings.home),
        "DATABASE_URL": url,
        "PUBLIC_BASE_URL": provider.settings.public_base_url,
        "TWILIO_API_BASE_URL": provider.url,
    }
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), url],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        yield SenderProcesses(parent)
