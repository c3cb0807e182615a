"""What a provider tells us of a customer's will: the same as if they had said STOP to us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from memory import addresses, consents, customers, outbox
from memory.refusals import refuse_marketing
from memory.tables import outbox as outbox_table


def provider_says_stopped(
    connection: Connection, outbox_id: int, *, code: int, now: datetime
) -> None:
    """The provider would not send a message because its recipient has opted out there: close the
    number, refuse marketing for the person, cancel what waits (RULES TW-3). Without a
    confirmation: none could be sent."""
    row = connection.execute(
        select(outbox_table.c.customer_id, outbox_table.c.address_id).where(
            outbox_table.c.outbox_id == outbox_id
        )
    ).one_or_none()
    if row is None:
        return
    customer_id = customers.held(connection, row.customer_id)
    consents.lock_permission(connection, customer_id)
    if addresses.get(connection, customer_id, row.address_id).stopped_at is not None:
        return
    evidence = {"source": "provider", "code": code, "outbox_id": outbox_id}
    refuse_marketing(connection, customer_id, evidence=evidence, now=now, address_id=row.address_id)
    consents.record(
        connection,
        customer_id,
        purpose="texts",
        action="withdrawn",
        evidence=evidence,
        now=now,
        address_id=row.address_id,
    )
    addresses.set_stopped(connection, customer_id, row.address_id, now)
    outbox.cancel_waiting(connection, customer_id, row.address_id, reason="stopped")
