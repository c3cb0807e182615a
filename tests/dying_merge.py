"""A merge of two customers that is killed before a chosen one of its statements."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from typing import Any

from sqlalchemy import event

import tests.keyring  # noqa: F401 - lends the engine its keys
from memory import engine as memory_engine
from memory import merging


def run(url: str, *, gone: str, stays: str, now: str, dies_before: int) -> None:
    """Merge in one transaction; die before its n-th statement (the commit is not one), if there are
    that many."""
    engine = memory_engine.open_engine(url, pool_size=1)
    with engine.begin() as connection:
        statements = 0

        def count(*_: Any) -> None:
            nonlocal statements
            statements += 1
            if statements == dies_before:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(connection, "before_cursor_execute", count)
        merging.merge(
            connection, gone=gone, stays=stays, proof="code", now=datetime.fromisoformat(now)
        )
