"""Events: what a customer did, as the shop saw it. Never recited to them (DESIGN rule 13)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from memory.tables import event_messages, events

PRODUCT_VIEWED = "Product Viewed"
ORDER_COMPLETED = "Order Completed"
HUMAN_ASKED_FOR = "Human Asked For"
HUMAN_OFFERED = "Human Offered"
SURVEY_ASKED = "Survey Asked"
PURCHASE_SEEN = "Purchase Seen"
"""A browser says that something was bought there: never an order."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event to be kept."""

    customer_id: str
    name: str
    properties: Mapping[str, Any]
    occurred_at: datetime
    """Business time."""
    message_id: str | None = None
    """The sender's own: one that was taken before is not kept again."""


_HAPPENED = tuple(events.c[name] for name in Happened.__dataclass_fields__)
_KEEP = text("""
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS one (
            place int, message_id text, customer_id text, name text, properties jsonb,
            occurred_at timestamptz
        )
    ), fresh AS (
        INSERT INTO event_messages (message_id, received_at)
        SELECT message_id, :received_at FROM given WHERE message_id IS NOT NULL ORDER BY message_id
        ON CONFLICT DO NOTHING
        RETURNING message_id
    )
    INSERT INTO events (customer_id, name, properties, occurred_at, received_at, message_id)
    SELECT customer_id, name, properties, occurred_at, :received_at, message_id
    FROM given
    WHERE message_id IS NULL OR message_id IN (SELECT fresh.message_id FROM fresh)
    ORDER BY place
    RETURNING message_id
""")
"""Ids are taken in their own order, so that two of us with the same ones do not wait for each
other."""


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


def has_happened(
    connection: Connection,
    customer_id: str,
    name: str,
    about: Mapping[str, Any],
    *,
    since: datetime | None = None,
) -> bool:
    """True if there is an event of that name with such properties, since then."""
    asked = select(events.c.event_id).where(
        events.c.customer_id == customer_id,
        events.c.name == name,
        events.c.properties.contains(dict(about)),
    )
    if since is not None:
        asked = asked.where(events.c.occurred_at >= since)
    return connection.execute(asked.limit(1)).first() is not None


def of_shop(message_id: str) -> str:
    """A message id of the shop's systems as it is kept: each sender's ids are its own, so that a
    browser cannot use up those of the shop."""
    return f"shop:{message_id}"


def record_new(connection: Connection, happened: Sequence[Happened]) -> list[Happened]:
    """Keep events in one statement, each once for its message id; returns those that are new. The
    caller holds their customers."""
    once = {one.message_id or place: one for place, one in reversed(list(enumerate(happened)))}
    given = [one for one in happened if one.message_id is None or once[one.message_id] is one]
    if not given:
        return []
    rows = [
        {
            "place": place,
            "message_id": one.message_id,
            "customer_id": one.customer_id,
            "name": one.name,
            "properties": one.properties,
            "occurred_at": one.occurred_at.isoformat(),
        }
        for place, one in enumerate(given)
    ]
    taken = connection.scalars(
        _KEEP, {"given": json.dumps(rows, ensure_ascii=False), "received_at": datetime.now(UTC)}
    )
    new = set(taken)
    return [one for one in given if one.message_id is None or one.message_id in new]


def of_order(
    connection: Connection, customer_id: str, order_id: str, names: Sequence[str]
) -> list[Happened]:
    """What was told of an order under those names, the earliest first."""
    return of_orders(connection, customer_id, [order_id], names).get(order_id, [])


def of_orders(
    connection: Connection, customer_id: str, order_ids: Sequence[str], names: Sequence[str]
) -> dict[str, list[Happened]]:
    """What was told of these orders under those names, by their numbers, the earliest first."""
    of_which = events.c.properties["order_id"].astext
    rows = connection.execute(
        select(*_HAPPENED)
        .where(
            events.c.customer_id == customer_id,
            events.c.name.in_(names),
            of_which.in_(order_ids),
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
    found: dict[str, list[Happened]] = {}
    for row in rows:
        found.setdefault(str(row.properties["order_id"]), []).append(Happened(**row._mapping))
    return found


def since(
    connection: Connection, customer_id: str, names: Sequence[str], *, since: datetime
) -> list[Happened]:
    """What happened under those names since then, the earliest first."""
    rows = connection.execute(
        select(*_HAPPENED)
        .where(
            events.c.customer_id == customer_id,
            events.c.name.in_(names),
            events.c.occurred_at >= since,
        )
        .order_by(events.c.occurred_at, events.c.event_id)
    )
    return [Happened(**row._mapping) for row in rows]


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


def surveys_asked(connection: Connection, customer_id: str) -> frozenset[str]:
    """Ids of the surveys that they were asked."""
    found = connection.scalars(
        select(events.c.properties["survey"].astext).where(
            events.c.customer_id == customer_id, events.c.name == SURVEY_ASKED
        )
    )
    return frozenset(found)
