"""A refusal of marketing: recorded, and whatever was still to come ended with it, in one
transaction. It counts for the person on every channel (RULES US-3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from memory import consents, customers, due, offers


def refuse_marketing(
    connection: Connection,
    customer_id: str,
    *,
    evidence: Mapping[str, object],
    now: datetime,
    address_id: int | None = None,
) -> None:
    """Withdraw the consent to marketing and end what waits. Locks the permission row, which every
    send locks: none is begun after this has been committed."""
    customer_id = customers.held(connection, customer_id)
    consents.lock_permission(connection, customer_id)
    consents.record(
        connection,
        customer_id,
        purpose="marketing",
        action="withdrawn",
        evidence=evidence,
        now=now,
        address_id=address_id,
    )
    due.cancel(connection, customer_id, reason="refused", now=now)
    offers.cancel(connection, customer_id, state="cancelled", reason="refused", now=now)
