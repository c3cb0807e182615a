"""Addresses: where a customer can be reached, each with its own proof. Here too: whether a number
has said STOP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from memory.tables import address_lookup, addresses


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address of one customer."""

    customer_id: str
    address_id: int
    kind: str
    value: str
    proof: str
    stopped_at: datetime | None


_COLUMNS = (
    addresses.c.customer_id,
    addresses.c.address_id,
    addresses.c.kind,
    addresses.c.value,
    addresses.c.proof,
    addresses.c.stopped_at,
)


def find(connection: Connection, kind: str, value: str) -> Address | None:
    """The address of that kind and value, whoever it belongs to."""
    row = connection.execute(
        select(*_COLUMNS)
        .join(
            address_lookup,
            (address_lookup.c.customer_id == addresses.c.customer_id)
            & (address_lookup.c.address_id == addresses.c.address_id),
        )
        .where(address_lookup.c.kind == kind, address_lookup.c.value == value)
    ).one_or_none()
    return Address(**row._mapping) if row else None


def get(connection: Connection, customer_id: str, address_id: int) -> Address:
    """That address. Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(
        select(*_COLUMNS).where(
            addresses.c.customer_id == customer_id, addresses.c.address_id == address_id
        )
    ).one()
    return Address(**row._mapping)


def of_customer(connection: Connection, customer_id: str) -> list[Address]:
    """All addresses of a customer, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(addresses.c.customer_id == customer_id)
        .order_by(addresses.c.address_id)
    )
    return [Address(**row._mapping) for row in rows]


def add(
    connection: Connection, *, customer_id: str, kind: str, value: str, proof: str, now: datetime
) -> int | None:
    """Give a customer an address; returns its id, or None if the address belongs to somebody."""
    address_id = connection.execute(
        insert(addresses)
        .values(
            customer_id=customer_id,
            kind=kind,
            value=value,
            proof=proof,
            proved_at=now if proof != "none" else None,
            created_at=now,
        )
        .returning(addresses.c.address_id)
    ).scalar_one()
    taken = connection.execute(
        upsert(address_lookup)
        .values(kind=kind, value=value, customer_id=customer_id, address_id=address_id)
        .on_conflict_do_nothing()
        .returning(address_lookup.c.address_id)
    ).one_or_none()
    if taken is not None:
        return int(address_id)
    connection.execute(
        addresses.delete().where(
            addresses.c.customer_id == customer_id, addresses.c.address_id == address_id
        )
    )
    return None


def prove(
    connection: Connection, customer_id: str, address_id: int, *, proof: str, now: datetime
) -> None:
    """Record how the customer showed that the address is theirs (an inbound text, a code …)."""
    connection.execute(
        update(addresses)
        .where(addresses.c.customer_id == customer_id, addresses.c.address_id == address_id)
        .values(proof=proof, proved_at=now)
    )


def set_stopped(
    connection: Connection, customer_id: str, address_id: int, stopped_at: datetime | None
) -> None:
    """Close the number (STOP) or open it again (START, with None)."""
    connection.execute(
        update(addresses)
        .where(addresses.c.customer_id == customer_id, addresses.c.address_id == address_id)
        .values(stopped_at=stopped_at)
    )
