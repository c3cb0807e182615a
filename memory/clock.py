"""Business time: real time plus the offset of the one `clock` row, which moves in development only.
Leases, time-outs and tokens use real time and never ask here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from memory import bell
from memory.tables import clock

_OFFSET = select(clock.c.offset)
_MOVING = 0x636C6F636B
"""Names the advisory lock of whoever moves the clock."""


def offset(connection: Connection) -> timedelta:
    """How far business time is ahead of real time (zero unless it was moved)."""
    return connection.scalar(_OFFSET) or timedelta()


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


def is_set(connection: Connection) -> bool:
    """True once business time has been told apart from real time, be it by nothing."""
    return connection.scalar(select(clock.c.clock_id)) is not None


def lock(connection: Connection) -> bool:
    """Be the only one to move the clock, to the end of the transaction; False if somebody is."""
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_MOVING))))


def move_to(connection: Connection, moment: datetime) -> None:
    """Business time is `moment` from now on, unless it is later already; whoever waits for a time
    is rung."""
    ahead = moment - datetime.now(UTC)
    if ahead > offset(connection):
        set_offset(connection, ahead)
    for channel in (bell.CLOCK, bell.DUE, bell.OUTBOX):
        bell.ring(connection, channel)
