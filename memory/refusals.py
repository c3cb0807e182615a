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
    """Withdraw the consent to marketing and end what waits; whoever refuses behind the link of a
    text refuses for the number it was sent to as well (RULES KR-2, KR-11). Locks the permission
    row, which every send locks: none is begun after this has been committed."""
    customer_id = customers.held(connection, customer_id)
    for owner in offers.shown_of(connection, customer_id):
        told = {**evidence, "behind_a_link_by": customer_id}
        _refuse(connection, customers.held(connection, owner), told, now, None)
    _refuse(connection, customer_id, evidence, now, address_id)


def _refuse(
    connection: Connection,
    customer_id: str,
    evidence: Mapping[str, object],
    now: datetime,
    address_id: int | None,
) -> None:
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
