"""Which tables hold something of a person, by the schema itself, and under which ids one person is
kept. What exports, erases and purges starts from here, so that no table can be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, select

from memory.tables import customers, metadata

KEY = "customer_id"


def tables() -> list[Table]:
    """Every table with something of one customer, by name."""
    return sorted(
        (table for table in metadata.tables.values() if KEY in table.c), key=lambda one: one.name
    )


def ids_of(connection: Connection, customer_id: str) -> Sequence[str]:
    """The customer's id, and those of everybody who turned out to be the same person."""
    found = [customer_id]
    for known in found:
        found += connection.scalars(
            select(customers.c.customer_id)
            .where(customers.c.merged_into == known, customers.c.customer_id.not_in(found))
            .order_by(customers.c.customer_id)
        )
    return found


def count(connection: Connection, whose: Sequence[str]) -> int:
    """How many rows there are with something of theirs."""
    return sum(
        int(
            connection.scalar(
                select(func.count()).select_from(table).where(table.c[KEY].in_(whose))
            )
            or 0
        )
        for table in tables()
    )
