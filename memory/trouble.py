"""Which errors are the database's own, for callers outside memory: they know no SQL errors, but
must tell a database that is away or overtaxed from a mistake in what they asked of it.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""What a transaction raises when the database is gone, or too busy to answer in time."""

_CLASSES = ("08", "40", "53", "55", "57", "58", "XX")
"""SQLSTATEs that no statement can be blamed for: connection, rollback, resources, locks, time-outs
and shutdown, system, internal (PostgreSQL manual, appendix A)."""


def is_trouble(error: BaseException) -> bool:
    """True for failures of the database itself: a lost connection, a time-out, a deadlock. The
    transaction is then beyond saving, and worth another try."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state.startswith(_CLASSES)
