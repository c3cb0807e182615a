"""An import that is killed before a chosen one of its statements."""

from __future__ import annotations

import os
import signal
from typing import Any

from sqlalchemy import Engine, event

import tests.keyring  # noqa: F401 - lends the engine its keys
from command import imports
from settings import read
from tests import keyring


def run(url: str, home: str, kind: str, path: str, *, chunk: int, dies_before: int) -> None:
    """Import a file in chunks of so many rows; die before the n-th statement or commit."""
    imports._CHUNK = chunk
    steps = 0

    def count(*_: Any, **__: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == dies_before:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    settings = read({**keyring.ENVIRONMENT, "DATABASE_URL": url, "DANGOL_HOME": home})
    imports.run(settings, kind, path, "ko", "en")
