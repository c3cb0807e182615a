"""A purge that is killed when it has written so many tables anew."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import tests.keyring  # noqa: F401 - lends the engine its keys
from memory import engine as memory_engine
from memory import purging
from memory.embedded import EmbeddedServer


def run(url: str, *, home: str, whose: Sequence[str], dies_at: int) -> None:
    """Purge `whose`; die at the table of that number, counted from 1."""

    def say(line: str) -> None:
        if line.startswith(f"{dies_at}/"):
            os.kill(os.getpid(), signal.SIGKILL)

    engine = memory_engine.open_engine(url, pool_size=1)
    reach = EmbeddedServer(Path(home)).reach_of(url)
    purging.purge(engine, whose, reach=reach, say=say)
