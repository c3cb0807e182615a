"""The shop's list of those who are never to be written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from memory import bulk, suppressions
from memory.importing import ledger, who
from memory.importing.ledger import Line
from memory.suppressions import Suppressed
from memory.tables import permissions


def write(connection: Connection, given: Sequence[Suppressed], *, now: datetime) -> None:
    """Put addresses on the list; whoever has one now is refused advertisements, and what waits for
    them ends."""
    suppressions.suppress_all(connection, given)
    owners = who.owners(connection, [(one.kind, one.value) for one in given])
    ids = who.now_known_as(connection, [owner.customer_id for owner in owners.values()])
    ledger.lock(connection, ids)
    refused = set(
        connection.scalars(
            select(permissions.c.customer_id).where(
                bulk.among(permissions.c.customer_id, set(ids)),
                permissions.c.marketing == "refused",
            )
        )
    )
    lines = {
        customer_id: Line(
            customer_id=customer_id,
            address_id=owner.address_id,
            purpose="marketing",
            action="refused",
            evidence=suppressions.EVIDENCE,
            at=now,
        )
        for customer_id, owner in zip(ids, owners.values(), strict=True)
        if customer_id not in refused
    }
    ledger.append(connection, list(lines.values()), now=now)
