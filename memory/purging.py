"""The bytes of somebody who was erased: a plain DELETE leaves them in pages, indexes, statistics
and the log of changes. Here what held them is written anew, until no file of the database has them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, create_engine, make_url, text, update
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from marketing.errors import Unavailable
from memory import personal
from memory.embedded import Reach
from memory.tables import erasures

log = logging.getLogger(__name__)

Say = Callable[[str], None]
LOCK_SECONDS = 1.0
"""How long a rewrite may keep others waiting behind it before it steps back and tries again."""
TRIES = 120
MOST_SEGMENTS = 64
_ONE_AT_A_TIME = 0x7075726765
"""Of several purges, the later ones wait for the first."""


class StillRead(Unavailable):
    """A transaction that was open before the erasure still is: the rows it may see cannot go."""


class StillUsed(Unavailable):
    """A table could not be had for rewriting: it is in use without a pause. Try again later."""


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What was done, and what is left to whoever runs the server."""

    relations: Sequence[str]
    """Tables and partitions that were written anew."""
    left_to_operator: Sequence[str]
    """`wal`, `checkpoint`, `statistics`, `backups`: not in reach from here."""


def purge(
    engine: Engine,
    whose: Sequence[str],
    *,
    reach: Reach | None,
    say: Say = lambda _line: None,
    patience: float = 120,
) -> Purged:
    """Write anew everything that may hold bytes of the erased `whose`: their partitions, every
    other table with something of customers, indexes and overflow with them, and the statistics;
    then end the log of changes that tells of it. `patience` in seconds. Raises StillRead and
    StillUsed.

    On a server that is not ours the log, copies and backups are its operator's.
    """
    own = engine.url.render_as_string(hide_password=False)
    url = make_url(reach.admin_url if reach else own)
    alone = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, hide_parameters=True)
    try:
        with alone.connect() as connection:
            _wait_for_turn(connection, patience)
            connection.execute(
                text("SELECT set_config('lock_timeout', :ms, false)"),
                {"ms": str(int(LOCK_SECONDS * 1000))},
            )
            _wait_for_readers(connection, patience)
            relations = relations_of(connection, whose)
            for place, name in enumerate(relations, start=1):
                say(f"{place}/{len(relations)} {name}")
                _rewrite(connection, name)
            left = _rewrite_statistics(connection, patience)
            left += _end_log(connection) if reach else _try_checkpoint(connection)
    finally:
        alone.dispose()
    return Purged(relations=relations, left_to_operator=left)


def record(connection: Connection, whose: Sequence[str], *, now: datetime) -> None:
    """Write down that no byte of theirs is left in the database."""
    connection.execute(
        update(erasures).where(erasures.c.customer_id.in_(whose)).values(purged_at=now)
    )


def _wait_for_turn(connection: Connection, patience: float) -> None:
    """Until no other purge runs; asked again and again, since whoever waits inside a statement is
    one who may still see the rows."""
    deadline = time.monotonic() + patience
    asked = text("SELECT pg_try_advisory_lock(:purge)")
    while not connection.scalar(asked, {"purge": _ONE_AT_A_TIME}):
        if time.monotonic() > deadline:
            raise StillUsed
        time.sleep(0.2)


def _wait_for_readers(connection: Connection, patience: float) -> None:
    """Until everybody who may still see what was deleted by now has finished: a rewrite keeps what
    they see."""
    erased_before = connection.scalar(text("SELECT pg_current_xact_id()::text"))
    deadline = time.monotonic() + patience
    while connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND greatest(age(backend_xid), age(backend_xmin))"
            " > age(CAST(CAST(:erased AS xid8) AS xid))"
        ),
        {"erased": erased_before},
    ):
        if time.monotonic() > deadline:
            raise StillRead
        time.sleep(0.1)


def relations_of(connection: Connection, whose: Sequence[str]) -> list[str]:
    """Every table that may hold something of theirs, dead rows included: of a table in partitions
    the one of each id, with or without a row in it now."""
    return [
        name
        for table in personal.tables()
        for name in _partitions(connection, table.name, whose) or [table.name]
    ]


def _partitions(connection: Connection, table: str, whose: Sequence[str]) -> list[str]:
    rows = connection.execute(
        text(
            "SELECT inhrelid::regclass::text AS name,"
            " pg_get_partition_constraintdef(inhrelid) AS holds"
            " FROM pg_inherits WHERE inhparent = CAST(:parent AS regclass) ORDER BY 1"
        ),
        {"parent": table},
    ).all()
    return [
        row.name
        for row in rows
        if connection.scalar(
            text(
                f"SELECT EXISTS (SELECT FROM unnest(CAST(:whose AS text[])) AS one({personal.KEY})"  # noqa: S608 - the server's own words
                f" WHERE {row.holds})"
            ),
            {"whose": list(whose)},
        )
    ]


def _rewrite(connection: Connection, name: str) -> None:
    """With its indexes, its overflow and what is known of how its values are spread."""
    if _knows(connection, _CAN_CLEAR):
        connection.execute(_CLEAR_STATISTICS, {"name": name})
    _patiently(connection, f"VACUUM (FULL, ANALYZE) {name}")


_CAN_CLEAR = 18
_CLEAR_STATISTICS = text(
    "SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited) FROM pg_stats"
    " WHERE format('%I.%I', schemaname, tablename)::regclass = CAST(:name AS regclass)"
)
"""ANALYZE leaves the old values where it finds no row."""


def _knows(connection: Connection, version: int) -> bool:
    return (connection.dialect.server_version_info or (0,)) >= (version,)


def _patiently(connection: Connection, statement: str) -> None:
    for _ in range(TRIES):
        try:
            connection.execute(text(statement))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in ("55P03", "40P01"):
                raise
            time.sleep(0.25)
        else:
            return
    raise StillUsed


def _rewrite_statistics(connection: Connection, patience: float) -> list[str]:
    """The most common values of a column are values of people; the old ones stay in dead rows."""
    parents = connection.scalars(
        text("SELECT relname FROM pg_class WHERE relkind = 'p' AND relname = ANY(:names)"),
        {"names": [table.name for table in personal.tables()]},
    ).all()
    can_clear = _knows(connection, _CAN_CLEAR)
    for name in parents:
        if can_clear:
            connection.execute(_CLEAR_STATISTICS, {"name": name})
        _patiently(connection, f"ANALYZE {'ONLY ' if can_clear else ''}{name}")
    _wait_for_readers(connection, patience)
    try:
        _patiently(connection, "VACUUM FULL pg_catalog.pg_statistic")
    except ProgrammingError:
        can_clear = False
    return [] if can_clear else ["statistics"]


def _end_log(connection: Connection) -> list[str]:
    """Go on in a new file of changes and delete the old ones, those with a name to come as well."""
    began = _segment(connection)
    for _ in range(MOST_SEGMENTS):
        connection.execute(text("SELECT pg_logical_emit_message(false, 'dangol', '')"))
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CHECKPOINT"))
        oldest, newest = connection.execute(_FILES_OF_LOG).one()
        if oldest > began and newest == _segment(connection):
            return []
    return ["wal"]


_FILES_OF_LOG = text(
    "SELECT min(name), max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
)


def _segment(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())")))


def _try_checkpoint(connection: Connection) -> list[str]:
    """What may be had of a server that is somebody else's."""
    left = ["wal", "backups"]
    try:
        connection.execute(text("CHECKPOINT"))
    except DBAPIError:
        left.append("checkpoint")
    return left
