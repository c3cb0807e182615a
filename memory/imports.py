"""How far an import has come. Its place moves in the transaction that writes its rows, so that one
that was killed goes on where it stood and nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from marketing.errors import Unavailable
from memory.tables import imports, suppressions


class AlreadyRunning(Unavailable):
    """This file is being imported by another process."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Rows of a file that are done with."""

    rows_done: int
    rows_rejected: int
    """Of those, how many stand in the file of rejected rows."""


def begin(connection: Connection, digest: str, *, kind: str, file_name: str) -> Place:
    """Where an import of that digest stands: where it was interrupted, else at its beginning. One
    that was finished begins again: rows that could not be taken then may be taken now."""
    place = {"rows_done": 0, "rows_rejected": 0, "started_at": datetime.now(UTC)}
    connection.execute(
        upsert(imports)
        .values(digest=digest, kind=kind, file_name=file_name, **place)
        .on_conflict_do_update(
            index_elements=[imports.c.digest],
            set_={**place, "file_name": file_name, "finished_at": None},
            where=imports.c.finished_at.is_not(None),
        )
    )
    row = connection.execute(
        select(imports.c.rows_done, imports.c.rows_rejected).where(imports.c.digest == digest)
    ).one()
    return Place(rows_done=row.rows_done, rows_rejected=row.rows_rejected)


def move(connection: Connection, digest: str, before: Place, after: Place) -> None:
    """The rows between are done with. Raises AlreadyRunning if somebody else has moved it."""
    moved = connection.execute(
        update(imports)
        .where(imports.c.digest == digest, imports.c.rows_done == before.rows_done)
        .values(rows_done=after.rows_done, rows_rejected=after.rows_rejected)
    )
    if moved.rowcount != 1:
        raise AlreadyRunning


def finish(connection: Connection, digest: str) -> None:
    """All of its rows are done with."""
    connection.execute(
        update(imports).where(imports.c.digest == digest).values(finished_at=datetime.now(UTC))
    )


def has_suppressions(connection: Connection) -> bool:
    """True once anybody is on the list of those never to be written to, or an empty list was
    imported."""
    of_list = select(imports.c.digest).where(
        imports.c.kind == "suppressions", imports.c.finished_at.is_not(None)
    )
    found = select(exists(select(suppressions.c.kind)) | exists(of_list))
    return bool(connection.scalar(found))


def first_time(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that have not been asked about on this connection before."""
    connection.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS imported_keys (key text UNIQUE)"))
    found = connection.scalars(
        text(
            "INSERT INTO imported_keys SELECT DISTINCT unnest(CAST(:keys AS text[]))"
            " ON CONFLICT DO NOTHING RETURNING key"
        ),
        {"keys": list(keys)},
    )
    return set(found)
