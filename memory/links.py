"""Links in text messages: a token stands for one offer, or one consent, on one address. It proves
nothing about who opens it: others may hold the telephone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from memory import addresses, customers
from memory.tables import links

LIFETIME = timedelta(days=60)
"""Business time. A way out of marketing must work as long as its message may be read."""
_RANDOM_BYTES = 9
"""72 bits: short, because Korean texts are counted by the byte."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a token stands for."""

    customer_id: str
    kind: str
    """`offer`, `consent` or `answer`: what a person has said."""
    address_id: int
    offer_id: int | None


def issue(
    connection: Connection,
    customer_id: str,
    *,
    kind: str,
    address_id: int,
    now: datetime,
    offer_id: int | None = None,
) -> str:
    """A new token; only its digest is kept."""
    token = secrets.token_urlsafe(_RANDOM_BYTES)
    connection.execute(
        insert(links).values(
            token_digest=_digest(token),
            customer_id=customer_id,
            kind=kind,
            address_id=address_id,
            offer_id=offer_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return token


def find(connection: Connection, token: str, *, now: datetime) -> Link | None:
    """What the token stands for, marked as opened; None if it is made up or too old. Its customer
    is held (`customers.held`)."""
    row = connection.execute(
        select(*(links.c[name] for name in Link.__dataclass_fields__)).where(
            links.c.token_digest == _digest(token),
            links.c.expires_at > now,
            links.c.kind.in_(("offer", "consent", "answer")),
        )
    ).one_or_none()
    if row is None:
        return None
    found = Link(**row._mapping)
    found = replace(found, customer_id=customers.held(connection, found.customer_id))
    addresses.hear(connection, found.customer_id, found.address_id, now=now)
    connection.execute(
        update(links).where(links.c.token_digest == _digest(token)).values(opened_at=now)
    )
    return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
