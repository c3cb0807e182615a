"""Running the migrations. One at a time, also when several processes start together."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from memory.sealing import Keyring

FOLDER = Path(__file__).with_name("migrations")

_ONE_AT_A_TIME = 0x64616E676F6C  # "dangol", the key of the advisory lock


def upgrade(url: str, keyring: Keyring | None = None) -> bool:
    """Bring the database at `url` to the newest revision; returns False if it was there already.

    `keyring` seals what was stored in clear before; without one there must be nothing of the kind.
    Raises sealing.NoKeyring, and sqlalchemy.exc.OperationalError when the database does not answer.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if current(connection) == newest():
            return False
        configuration = _configuration()
        configuration.attributes.update(connection=connection, keyring=keyring)
        command.upgrade(configuration, "head")
    return True


def current(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision we ship."""
    return ScriptDirectory.from_config(_configuration()).get_current_head()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return configuration
