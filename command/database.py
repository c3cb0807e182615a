"""Which database a command works on: DATABASE_URL, else the embedded server of DANGOL_HOME."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bootstrap import open_memory
from marketing.errors import Unavailable
from memory import engine as memory_engine
from memory import migrate
from memory.embedded import EmbeddedServer, ServerState
from memory.engine import Engine
from settings import Settings


class OldTables(Unavailable):
    """The database's tables are not of today's form: run ./dangol up or ./dangol migrate."""


def start(settings: Settings) -> tuple[Settings, bool]:
    """The settings with a database that answers, and whether it is the embedded one.

    Raises memory.engine.DatabaseUnreachable or memory.embedded_errors.EmbeddedServerError.
    """
    is_embedded = not settings.database_url
    url = EmbeddedServer(settings.home).start() if is_embedded else settings.database_url
    ready = replace(settings, database_url=url)
    engine = memory_engine.open_engine(url, pool_size=1)
    try:
        memory_engine.check(engine)
    finally:
        engine.dispose()
    return ready, is_embedded


@contextmanager
def borrowed(settings: Settings) -> Iterator[Settings]:
    """A database for the length of one command; an embedded server that was not running before is
    stopped again."""
    server = EmbeddedServer(settings.home)
    was_running = bool(settings.database_url) or server.status().state is ServerState.RUNNING
    ready, _ = start(settings)
    try:
        yield ready
    finally:
        if not was_running:
            server.stop()


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """A database with today's tables, for the length of one command. Raises OldTables."""
    with borrowed(settings) as ready:
        engine = open_memory(ready)
        try:
            with engine.connect() as connection:
                if migrate.current(connection) != migrate.newest():
                    raise OldTables
            yield engine
        finally:
            engine.dispose()
