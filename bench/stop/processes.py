"""Web, two agents and the sender as processes of their own, while the bench measures."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bootstrap
from memory import parts
from memory.engine import Engine
from settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
PARTS = ("web", "agent-1", "agent-2", "outreach")


@contextmanager
def running(engine: Engine, settings: Settings) -> Iterator[None]:
    """The parts as the supervisor starts them, ready; they end with this process, however it
    does."""
    lifeline, held_open = os.pipe()
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DANGOL_HOME": str(settings.home),
        "DANGOL_PORT": str(settings.port),
        "PUBLIC_BASE_URL": settings.public_base_url,
        "DANGOL_LOG_LEVEL": "ERROR",
        bootstrap.LIFELINE: str(lifeline),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bootstrap", name.partition("-")[0], "--name", name],
            cwd=PROJECT,
            env=environment,
            pass_fds=[lifeline],
        )
        for name in PARTS
    ]
    try:
        _wait_until_ready(engine)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()
        os.close(lifeline)
        os.close(held_open)


def _wait_until_ready(engine: Engine) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            ready = {part.part for part in parts.known(connection) if part.is_ready}
        if ready >= {*PARTS}:
            return
        time.sleep(0.2)
    raise TimeoutError("the parts did not become ready")
