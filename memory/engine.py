"""Opening the database. The only place that knows how a connection is set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import create_engine, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from marketing.errors import Unavailable
from memory.sealing import OPTION, Keyring


class DatabaseUnreachable(Unavailable):
    """The database does not answer: see DATABASE_URL, or run ./dangol doctor."""


def open_engine(
    url: str,
    *,
    keyring: Keyring | None = None,
    pool_size: int = 5,
    name: str = "dangol",
    connect_seconds: int = 5,
) -> Engine:
    """An engine on `url` (postgresql+psycopg://…). Does not connect yet.

    `keyring` opens the sealed addresses; without one they cannot be read or written. `pool_size`
    connections are kept and none beyond it; `name` shows in pg_stat_activity. Sessions run in UTC.
    Errors name no values, because errors are logged and values are personal.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options={OPTION: keyring} if keyring else {},
        connect_args={
            "application_name": name,
            "connect_timeout": connect_seconds,
            "options": "-c timezone=UTC",
        },
    )


def check(engine: Engine) -> None:
    """Ask the database for one row. Raises DatabaseUnreachable with a one-line reason."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as error:
        reason = str(error.orig or error).strip().splitlines()[0]
        raise DatabaseUnreachable(
            f"The database does not answer ({reason}): see DATABASE_URL, or run ./dangol doctor."
        ) from error


@contextmanager
def transaction(engine: Engine, *, seconds: float = 10) -> Iterator[Connection]:
    """One transaction, committed at the end of the body, whose statements may take `seconds` each.

    For callers outside memory, which know no SQL errors: raises DatabaseUnreachable when the
    database is gone, or too busy to answer in time.
    """
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT set_config('statement_timeout', %s, true)", (str(int(seconds * 1000)),)
            )
            yield connection
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise DatabaseUnreachable from error
