"""LISTEN/NOTIFY: how one part tells another that there is work. A bell may be missed; every
listener also looks for itself from time to time.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

INBOX = "inbox"
OUTBOX = "outbox"
CHAT = "chat"
RELEASE = "release"
CATALOGUE = "catalogue"
CLOCK = "clock"
DUE = "due"

ConnectionLost = psycopg.OperationalError
"""What a listener raises when the database is gone."""


def ring(connection: Connection, channel: str, payload: str = "") -> None:
    """Notify the listeners of `channel` when the caller's transaction commits."""
    connection.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
    )


class Listener:
    """A connection of its own that waits for bells. Not shared between threads."""

    def __init__(self, url: str, *channels: str) -> None:
        """`url` as for `open_engine`. Connects at once; raises psycopg.OperationalError."""
        parts = make_url(url)
        self._connection = psycopg.connect(
            parts.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
            application_name="dangol-bell",
            connect_timeout=5,
        )
        for channel in channels:
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

    def wait(self, seconds: float) -> Iterator[tuple[str, str]]:
        """(channel, payload) of each bell within `seconds`; returns after the first batch.

        Raises psycopg.OperationalError when the connection is lost.
        """
        for notice in self._connection.notifies(timeout=seconds, stop_after=1):
            yield notice.channel, notice.payload

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
