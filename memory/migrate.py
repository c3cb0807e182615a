"""Running the migrations. One at a time, also when several processes start together.

Alembic is loaded only where there is something to run: it takes a command a sixth of its time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from memory.sealing import Keyring

if TYPE_CHECKING:
    from alembic.config import Config

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
        from alembic import command

        configuration = _configuration()
        configuration.attributes.update(connection=connection, keyring=keyring)
        command.upgrade(configuration, "head")
    return True


def current(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def newest() -> str:
    """The newest revision we ship: the last number that a file of migrations ends with."""
    return max(path.stem.rpartition("_")[2] for path in (FOLDER / "versions").glob("*.py"))


def _configuration() -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return configuration
