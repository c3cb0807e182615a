"""Links to everything that is kept of a person: each works once and for a quarter of an hour, and
only together with another proof of who opens it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from memory import customers
from memory.tables import links

LIFETIME = timedelta(minutes=15)
"""Business time."""
_KIND = "export"


@dataclass(frozen=True, kw_only=True)
class ExportLink:
    """Whose data a token stands for."""

    customer_id: str
    address_id: int | None
    """The number it was sent to; None if it was given in the chat."""


def issue(
    connection: Connection, customer_id: str, *, address_id: int | None, now: datetime
) -> str:
    """A new token of 256 random bits; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(links).values(
            token_digest=_digest(token),
            customer_id=customer_id,
            kind=_KIND,
            address_id=address_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return token


def find(connection: Connection, token: str, *, now: datetime) -> ExportLink | None:
    """What the token stands for; None if it is made up, used or too old."""
    row = connection.execute(
        select(links.c.customer_id, links.c.address_id).where(
            links.c.token_digest == _digest(token),
            links.c.kind == _KIND,
            links.c.opened_at.is_(None),
            links.c.expires_at > now,
        )
    ).one_or_none()
    if row is None:
        return None
    customer_id = customers.held(connection, row.customer_id)
    return ExportLink(customer_id=customer_id, address_id=row.address_id)


def take(connection: Connection, token: str, *, now: datetime) -> bool:
    """Use the token up; False if somebody was quicker."""
    taken = connection.execute(
        update(links)
        .where(
            links.c.token_digest == _digest(token),
            links.c.kind == _KIND,
            links.c.opened_at.is_(None),
            links.c.expires_at > now,
        )
        .values(opened_at=now)
    )
    return taken.rowcount == 1


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
