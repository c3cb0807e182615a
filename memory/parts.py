"""Parts: which processes run and how they are, told by themselves. Real time."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.postgresql import insert

from memory.tables import parts
from memory.trouble import AWAY

log = logging.getLogger(__name__)

SILENT_AFTER = timedelta(seconds=6)
"""A part that has not told anything for this long counts as gone; parts tell every 2 seconds."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a process last said of itself."""

    part: str
    pid: int
    state: str
    started_at: datetime
    beat_at: datetime

    @property
    def is_ready(self) -> bool:
        """True if it said `ready` and said so lately."""
        return self.state == "ready" and datetime.now(UTC) - self.beat_at < SILENT_AFTER


def beat(connection: Connection, part: str, state: str, *, started_at: datetime) -> None:
    """Say that this process lives and how it is (`ready`, `starting`, or what is wrong)."""
    values = {
        "pid": os.getpid(),
        "state": state,
        "started_at": started_at,
        "beat_at": datetime.now(UTC),
    }
    connection.execute(
        insert(parts)
        .values(part=part, **values)
        .on_conflict_do_update(index_elements=[parts.c.part], set_=values)
    )


def leave(connection: Connection, part: str) -> None:
    """Say that this process stops in good order."""
    connection.execute(delete(parts).where(parts.c.part == part, parts.c.pid == os.getpid()))


def known(connection: Connection) -> list[Part]:
    """All parts that have told of themselves and not left."""
    rows = connection.execute(
        select(
            parts.c.part, parts.c.pid, parts.c.state, parts.c.started_at, parts.c.beat_at
        ).order_by(parts.c.part)
    )
    return [Part(**row._mapping) for row in rows]


def forget_all(connection: Connection) -> None:
    """Before a fresh start: nobody runs."""
    connection.execute(delete(parts))


class Heartbeat(threading.Thread):
    """Tells every two seconds that this process lives, on a thread and connection of its own, so
    that a long turn does not look like a death."""

    def __init__(self, engine: Engine, part: str) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._engine = engine
        self.part = part
        """How this process is called in health and logs."""
        self._started_at = datetime.now(UTC)
        self._ended = threading.Event()
        self._telling = threading.Lock()
        """Held while a word is told, so that an earlier one never comes after a later one."""
        self.state = "starting"
        """`starting`, `ready`, or what is wrong; told at the next beat."""

    def run(self) -> None:
        """Beat until `end`; an unreachable database is waited out."""
        while not self._ended.is_set():
            self.beat()
            self._ended.wait(2)

    def beat(self) -> None:
        """Tell now, unless it has ended."""
        try:
            with self._telling, self._engine.begin() as connection:
                if not self._ended.is_set():
                    beat(connection, self.part, self.state, started_at=self._started_at)
        except AWAY:
            log.warning("The database did not take a heartbeat.", extra={"action": "beat_missed"})

    def say(self, state: str) -> None:
        """Change the state and tell it at once."""
        self.state = state
        self.beat()

    def end(self) -> None:
        """Stop telling, and say that the process leaves in good order."""
        self._ended.set()
        try:
            with self._telling, self._engine.begin() as connection:
                leave(connection, self.part)
        except AWAY:
            log.warning("The database did not take a farewell.", extra={"action": "leave_missed"})
