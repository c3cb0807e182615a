"""The keys of tests: whatever engine is opened without a keyring in a process that imports this
gets this one, so that a test may open an engine as it likes. Parts that tests start read
`SECRET_KEY` from their environment instead.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, event

from memory.sealing import OPTION, Keyring

SECRET_KEY = "the secret key of every test"
KEYRING = Keyring.of([SECRET_KEY])
ENVIRONMENT = {"DANGOL_SECRET_KEY": SECRET_KEY}


@event.listens_for(Engine, "engine_connect")
def _lend(connection: Connection) -> None:
    if OPTION not in connection.get_execution_options():
        connection.execution_options(**{OPTION: KEYRING})
