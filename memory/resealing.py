"""Changing the secret key: what was sealed under a key before is sealed again under today's, a few
rows at a time while everything runs, and which keys are still needed can be told.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, func, literal, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert

from memory import sealing
from memory.sealing import WrongKey
from memory.tables import address_lookup, addresses, codes, suppressions


def waiting(connection: Connection) -> int:
    """How many rows are sealed under another key than today's."""
    counts = (
        select(func.count()).select_from(table).where(_is_old(connection, table))
        for table in (addresses, codes)
    )
    return sum(int(connection.scalar(count) or 0) for count in counts)


def seal_some_again(connection: Connection, *, limit: int = 500) -> int:
    """Seal that many rows again at most; returns how many. None is waited for that somebody holds.
    Raises WrongKey."""
    return _addresses(connection, limit) + _codes(connection, limit)


def needed_keys(connection: Connection) -> dict[str, int]:
    """Names of the keys that something is sealed or hashed under, with how many rows."""
    named = union_all(
        select(addresses.c.key_id.label("key_id")).where(addresses.c.key_id.is_not(None)),
        select(codes.c.key_id),
        select(func.split_part(suppressions.c.value_index, ".", 1)),
    ).subquery()
    rows = connection.execute(select(named.c.key_id, func.count()).group_by(named.c.key_id))
    return {row[0]: row[1] for row in rows}


def demand_keys(connection: Connection) -> None:
    """Raises WrongKey if something is sealed or hashed under a key that we do not have."""
    if needed_keys(connection).keys() - {key.key_id for key in sealing.keyring(connection).keys}:
        raise WrongKey


def _is_old(connection: Connection, table: Table) -> Any:
    return table.c.key_id != sealing.keyring(connection).keys[0].key_id


def _held(connection: Connection, table: Table, key: str, limit: int) -> list[Any]:
    return list(
        connection.execute(
            select(table)
            .where(_is_old(connection, table))
            .order_by(table.c.customer_id, table.c[key])
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def _addresses(connection: Connection, limit: int) -> int:
    rows = _held(connection, addresses, "address_id", limit)
    for row in rows:
        value = sealing.open_(connection, row.key_id, bytes(row.sealed))
        sealed = sealing.seal(connection, value)
        connection.execute(
            update(addresses)
            .where(
                addresses.c.customer_id == row.customer_id,
                addresses.c.address_id == row.address_id,
            )
            .values(sealed=sealed.data, key_id=sealed.key_id)
        )
        _index_again(connection, row.kind, value)
    return len(rows)


def _index_again(connection: Connection, kind: str, value: str) -> None:
    today, *older = sealing.blind_indexes(connection, value)
    connection.execute(
        update(address_lookup)
        .where(address_lookup.c.kind == kind, address_lookup.c.value.in_(older))
        .values(value=today)
    )
    ours = (suppressions.c.kind == kind) & suppressions.c.value_index.in_(older)
    columns = ("kind", "value_index", "reason", "at")
    connection.execute(
        upsert(suppressions)
        .from_select(
            columns,
            select(suppressions.c.kind, literal(today), suppressions.c.reason, suppressions.c.at)
            .where(ours)
            .limit(1),
        )
        .on_conflict_do_nothing()
    )
    connection.execute(suppressions.delete().where(ours))


def _codes(connection: Connection, limit: int) -> int:
    rows = _held(connection, codes, "code_id", limit)
    for row in rows:
        value = sealing.open_(connection, row.key_id, bytes(row.sealed))
        sealed = sealing.seal(connection, value)
        connection.execute(
            update(codes)
            .where(codes.c.customer_id == row.customer_id, codes.c.code_id == row.code_id)
            .values(
                sealed=sealed.data,
                key_id=sealed.key_id,
                phone_index=sealing.blind_index(connection, value),
            )
        )
    return len(rows)
