"""Events: what a customer did, as the shop saw it. Never recited to them (DESIGN rule 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from memory.tables import events

PRODUCT_VIEWED = "Product Viewed"
HUMAN_ASKED_FOR = "Human Asked For"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing done."""

    name: str
    properties: Mapping[str, Any]
    occurred_at: datetime


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


def latest(
    connection: Connection, customer_id: str, name: str, *, since: datetime, limit: int = 10
) -> list[Event]:
    """The newest events of a name since a business time, newest first."""
    rows = connection.execute(
        select(events.c.name, events.c.properties, events.c.occurred_at)
        .where(
            events.c.customer_id == customer_id,
            events.c.name == name,
            events.c.occurred_at >= since,
        )
        .order_by(events.c.occurred_at.desc(), events.c.event_id.desc())
        .limit(limit)
    )
    return [Event(**row._mapping) for row in rows]
