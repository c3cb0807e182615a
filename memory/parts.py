"""Parts: which processes run and how they are, told by themselves. Real time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from memory.tables import parts

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
