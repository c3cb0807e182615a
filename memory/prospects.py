"""What is asked about a customer when an offer to them is planned, beyond what the gate asks: where
they can be reached, what they looked at last, what they were offered and have bought.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from marketing.silence import is_silent
from memory import consents, events
from memory.addresses import STORED, opened
from memory.tables import addresses, offers, order_lines, sessions
from memory.tables import events as events_table


@dataclass(frozen=True, kw_only=True)
class Number:
    """A telephone that a text could go to."""

    address_id: int
    value: str
    """E.164."""
    is_proven: bool
    """True if the customer, or the shop, has shown that it is theirs."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A product's page was opened."""

    product_id: str
    at: datetime


def number(connection: Connection, customer_id: str, *, now: datetime) -> Number | None:
    """The telephone that a text goes to: one that agreed to advertisements before one that has not,
    an open one before a closed one, then the one that was proven last. None if there is none."""
    rows = connection.execute(
        select(
            addresses.c.address_id,
            *STORED,
            addresses.c.proof,
            addresses.c.stopped_at,
            addresses.c.last_heard_at,
        )
        .where(
            addresses.c.customer_id == customer_id,
            addresses.c.kind == "phone",
            addresses.c.unlinked_at.is_(None),
        )
        .order_by(addresses.c.proved_at.desc().nulls_last(), addresses.c.address_id.desc())
    ).all()
    agreed = {
        row.address_id: consents.standing(connection, customer_id, row.address_id, now=now)
        for row in rows
    }
    ranked = sorted(
        rows,
        key=lambda row: (agreed[row.address_id].marketing, row.stopped_at is None),
        reverse=True,
    )
    return next(
        (
            Number(
                address_id=row.address_id,
                value=opened(connection, row),
                is_proven=row.proof != "none" and not is_silent(row.last_heard_at, now=now),
            )
            for row in ranked
        ),
        None,
    )


def last_look(connection: Connection, customer_id: str) -> Look | None:
    """The product that they looked at last."""
    row = connection.execute(
        select(
            events_table.c.properties["product_id"].astext.label("product_id"),
            events_table.c.occurred_at.label("at"),
        )
        .where(
            events_table.c.customer_id == customer_id,
            events_table.c.name == events.PRODUCT_VIEWED,
        )
        .order_by(events_table.c.occurred_at.desc(), events_table.c.event_id.desc())
        .limit(1)
    ).one_or_none()
    return Look(**row._mapping) if row else None


def last_offered(connection: Connection, customer_id: str, campaign: str) -> datetime | None:
    """When the newest offer of a campaign was planned; those that never went out do not count, nor
    do copies behind a link."""
    found: datetime | None = connection.scalar(
        select(func.max(offers.c.planned_at)).where(
            offers.c.customer_id == customer_id,
            offers.c.campaign == campaign,
            offers.c.of_offer_id.is_(None),
            offers.c.state.not_in(("cancelled", "not_sent", "failed")),
        )
    )
    return found


def has_bought(connection: Connection, customer_id: str) -> frozenset[str]:
    """Ids of all products that they have ever bought."""
    found = connection.scalars(
        select(order_lines.c.product_id).where(order_lines.c.customer_id == customer_id).distinct()
    )
    return frozenset(found)


def are_sessions_proven(connection: Connection, customer_id: str) -> bool:
    """True if whoever has this customer's chat open has shown who they are: none of the sessions
    that could have it open is a mere visitor's. Real time."""
    proofs = set(
        connection.scalars(
            select(sessions.c.proof).where(
                sessions.c.customer_id == customer_id,
                sessions.c.revoked_at.is_(None),
                sessions.c.expires_at > datetime.now(UTC),
            )
        )
    )
    return bool(proofs) and "none" not in proofs
