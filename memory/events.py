"""Events: what a customer did, as the shop saw it. Never recited to them (DESIGN rule 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from memory.tables import event_messages, events

PRODUCT_VIEWED = "Product Viewed"
ORDER_COMPLETED = "Order Completed"
HUMAN_ASKED_FOR = "Human Asked For"


def record(
    connection: Connection,
    customer_id: str,
    name: str,
    properties: Mapping[str, Any],
    *,
    occurred_at: datetime,
) -> None:
    """Keep one event."""
    connection.execute(
        insert(events).values(
            customer_id=customer_id,
            name=name,
            properties=dict(properties),
            occurred_at=occurred_at,
        )
    )


def has_any(connection: Connection, customer_id: str) -> bool:
    """True if the customer has done anything that was kept."""
    found = connection.execute(
        select(events.c.event_id).where(events.c.customer_id == customer_id).limit(1)
    )
    return found.first() is not None


def take_once(connection: Connection, message_id: str) -> bool:
    """True for the first event of that id from the shop's system, False for every repeat."""
    taken = connection.execute(
        upsert(event_messages)
        .values(message_id=message_id, received_at=datetime.now(UTC))
        .on_conflict_do_nothing()
        .returning(event_messages.c.message_id)
    )
    return taken.one_or_none() is not None
