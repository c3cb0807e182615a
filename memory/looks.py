"""A look at a product: kept as an event, and the occasion for one follow-up, some time after the
last look.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from memory import customers, due, events
from memory.tables import addresses, shop

USUAL_DELAY = timedelta(hours=1)
LATEST_AFTER = timedelta(hours=36)
"""A follow-up that could not be sent by then is not wanted any more."""


def record(
    connection: Connection, customer_id: str, product: Mapping[str, Any], *, now: datetime
) -> None:
    """Keep the look; whoever has a telephone number is due a follow-up once they have stopped
    looking, at most one a day. Whether one is sent is decided when it is due."""
    customer_id = customers.held(connection, customer_id)
    category = str(product["category"])
    about = {"product_id": product["product_id"], "category": category}
    events.record(connection, customer_id, events.PRODUCT_VIEWED, about, occurred_at=now)
    delay = _delay(connection, customer_id)
    if delay is None:
        return
    due.put(
        connection,
        customer_id,
        kind=due.BROWSE,
        occurrence=f"{now:%Y-%m-%d}",
        about=about,
        due_at=now + delay,
        latest=now + LATEST_AFTER,
        now=now,
    )


def _delay(connection: Connection, customer_id: str) -> timedelta | None:
    """How long after the last look: the shop's own wish, else an hour; None if they have no
    telephone number."""
    row = connection.execute(
        select(select(shop.c.store["follow_up_after_seconds"]).scalar_subquery().label("seconds"))
        .select_from(addresses)
        .where(
            addresses.c.customer_id == customer_id,
            addresses.c.kind == "phone",
            addresses.c.unlinked_at.is_(None),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return timedelta(seconds=float(row.seconds)) if row.seconds else USUAL_DELAY
