"""Business time: real time plus the offset of the one `clock` row, which moves in development only.
Leases, time-outs and tokens use real time and never ask here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from memory.tables import clock


def offset(connection: Connection) -> timedelta:
    """How far business time is ahead of real time (zero unless it was moved)."""
    return connection.scalar(select(clock.c.offset)) or timedelta()


def business_now(connection: Connection) -> datetime:
    """The business time of this moment, aware, in UTC."""
    return datetime.now(UTC) + offset(connection)


def set_offset(connection: Connection, value: timedelta) -> None:
    """Move business time to `value` ahead of real time. The caller sees to it that this is
    development and that time goes forward."""
    connection.execute(
        insert(clock)
        .values(clock_id=1, offset=value)
        .on_conflict_do_update(index_elements=[clock.c.clock_id], set_={"offset": value})
    )
