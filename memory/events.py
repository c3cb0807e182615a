"""Events: what a customer did, as the shop saw it. Never recited to them (DESIGN rule 13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from memory.tables import events

PRODUCT_VIEWED = "Product Viewed"
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
