"""A look at a product: kept as an event, and the occasion for one follow-up, some time after the
last look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from memory import customers, due, events
from memory.events import Happened
from memory.tables import addresses, products, shop
from memory.tables import events as events_table

USUAL_DELAY = timedelta(hours=1)
LATEST_AFTER = timedelta(hours=36)
"""A follow-up that could not be sent by then is not wanted any more."""


def record(
    connection: Connection, customer_id: str, product: Mapping[str, Any], *, now: datetime
) -> None:
    """Keep the look; whoever has a telephone number is due a follow-up once they have stopped
    looking, at most one a day. Whether one is sent is decided when it is due."""
    look = Happened(
        customer_id=customers.held(connection, customer_id),
        name=events.PRODUCT_VIEWED,
        properties=about(product),
        occurred_at=now,
    )
    begin_follow_ups(connection, events.record_new(connection, [look]), now=now)


def about(product: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of a look at a product of the catalogue."""
    return {"product_id": str(product["product_id"]), "category": str(product["category"])}


def known_products(
    connection: Connection, product_ids: Collection[str]
) -> dict[str, dict[str, str]]:
    """What is kept of a look at each of these, if the catalogue has it."""
    if not product_ids:
        return {}
    rows = connection.execute(
        select(
            products.c.product_id, products.c.product["category"].astext.label("category")
        ).where(products.c.product_id.in_(sorted(product_ids)))
    )
    return {row.product_id: dict(row._mapping) for row in rows}


def begin_follow_ups(connection: Connection, looks: Sequence[Happened], *, now: datetime) -> None:
    """Looks that were kept are the occasion for a follow-up, each customer's last one only: one
    that is told of late begins none for a day that is over, or if a later look is known. The
    caller holds the customers."""
    last = {one.customer_id: one for one in sorted(looks, key=lambda one: one.occurred_at)}
    wanted = [one for one in last.values() if one.occurred_at + LATEST_AFTER > now]
    if not wanted:
        return
    reachable = _with_number(connection, [one.customer_id for one in wanted])
    if not reachable:
        return
    delay = _delay(connection)
    for look in wanted:
        if look.customer_id in reachable and not _is_overtaken(connection, look):
            due.put(
                connection,
                look.customer_id,
                kind=due.BROWSE,
                occurrence=f"{look.occurred_at:%Y-%m-%d}",
                about=look.properties,
                due_at=look.occurred_at + delay,
                latest=look.occurred_at + LATEST_AFTER,
                now=now,
            )


def _with_number(connection: Connection, customer_ids: Sequence[str]) -> set[str]:
    found = connection.scalars(
        select(addresses.c.customer_id).where(
            addresses.c.customer_id.in_(customer_ids),
            addresses.c.kind == "phone",
            addresses.c.unlinked_at.is_(None),
        )
    )
    return set(found)


def _is_overtaken(connection: Connection, look: Happened) -> bool:
    later = select(events_table.c.event_id).where(
        events_table.c.customer_id == look.customer_id,
        events_table.c.name == events.PRODUCT_VIEWED,
        events_table.c.occurred_at > look.occurred_at,
    )
    return connection.execute(later.limit(1)).one_or_none() is not None


def _delay(connection: Connection) -> timedelta:
    """How long after the last look: the shop's own wish, else an hour."""
    seconds = connection.scalar(select(shop.c.store["follow_up_after_seconds"]))
    return timedelta(seconds=float(seconds)) if seconds else USUAL_DELAY
