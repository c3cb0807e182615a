"""The ledger of consents, append-only with its evidence, and the permission row that every send
locks. Lock order: inbox row, then permission row (DESIGN rule 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from memory.tables import consents, permissions

_STATE = {"given": "given", "reopened": "given", "refused": "refused", "withdrawn": "refused"}


def try_lock_permission(connection: Connection, customer_id: str) -> bool:
    """Lock the permission row as `lock_permission` does, without waiting; False if somebody else
    holds it."""
    found = connection.execute(
        select(permissions.c.customer_id)
        .where(permissions.c.customer_id == customer_id)
        .with_for_update(skip_locked=True)
    )
    return found.one_or_none() is not None


def lock_permission(connection: Connection, customer_id: str) -> str:
    """The state of marketing (`none`, `given`, `refused`), locked to the end of the transaction."""
    return str(
        connection.execute(
            select(permissions.c.marketing)
            .where(permissions.c.customer_id == customer_id)
            .with_for_update()
        ).scalar_one()
    )


def record(
    connection: Connection,
    customer_id: str,
    *,
    purpose: str,
    action: str,
    evidence: Mapping[str, object],
    now: datetime,
    address_id: int | None = None,
) -> None:
    """Append to the ledger; a line about marketing moves the permission row with it.

    A refusal counts for the person on every channel (RULES US-3).
    """
    connection.execute(
        insert(consents).values(
            customer_id=customer_id,
            address_id=address_id,
            purpose=purpose,
            action=action,
            evidence=dict(evidence),
            at=now,
        )
    )
    if purpose == "marketing":
        connection.execute(
            update(permissions)
            .where(permissions.c.customer_id == customer_id)
            .values(marketing=_STATE[action], changed_at=now)
        )


def has_given(connection: Connection, customer_id: str, purpose: str, *, address_id: int) -> bool:
    """True if the ledger holds a consent for that purpose, of the person or for that address, from
    before (RULES US-5)."""
    found = connection.scalar(
        select(consents.c.consent_id)
        .where(
            consents.c.customer_id == customer_id,
            consents.c.purpose == purpose,
            consents.c.action == "given",
            consents.c.address_id.is_(None) | (consents.c.address_id == address_id),
        )
        .limit(1)
    )
    return found is not None
