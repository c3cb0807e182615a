"""Migrations that are killed before a chosen one of their statements: the process that runs them,
or the database's process that they run in.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from sqlalchemy import Connection, Engine, event

from memory import migrate
from tests.keyring import KEYRING


def run(url: str, *, victim: str, dies_before: int) -> None:
    """Upgrade to the newest revision; `victim` (`process` or `backend`) dies before the n-th
    statement (the commit is not one), if there are that many."""
    statements = 0

    def count(connection: Connection, *_: Any) -> None:
        nonlocal statements
        statements += 1
        if statements == dies_before:
            of_database = connection.connection.dbapi_connection
            assert of_database is not None
            os.kill(
                os.getpid() if victim == "process" else of_database.info.backend_pid,  # type: ignore[attr-defined]
                signal.SIGKILL,
            )

    event.listen(Engine, "before_cursor_execute", count)
    migrate.upgrade(url, KEYRING)
