"""Lines of the ledger of consents, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text, union

from memory import bulk, due, offers
from memory.consents import REFUSALS
from memory.tables import consents, permissions
from memory.tables import due as due_table
from memory.tables import offers as offers_table


@dataclass(frozen=True, kw_only=True)
class Line:
    """What somebody agreed to, or refused."""

    customer_id: str
    address_id: int | None
    purpose: str
    action: str
    """`given`, `refused` or `withdrawn`."""
    evidence: Mapping[str, Any]
    at: datetime


_PERMISSIONS = text(
    """
    UPDATE permissions SET marketing = given.state, changed_at = given.moment
      FROM unnest(CAST(:customers AS text[]), CAST(:states AS text[]),
                  CAST(:moments AS timestamptz[])) AS given (customer_id, state, moment)
     WHERE permissions.customer_id = given.customer_id
    """
)


def lock(connection: Connection, customer_ids: Sequence[str]) -> None:
    """Hold the permission rows of customers, which every send locks, to the end of the
    transaction."""
    connection.execute(
        select(permissions.c.customer_id)
        .where(bulk.among(permissions.c.customer_id, set(customer_ids)))
        .order_by(permissions.c.customer_id)
        .with_for_update()
    ).all()


def append(connection: Connection, lines: Sequence[Line], *, now: datetime) -> None:
    """Write the lines, in their order, and end what waits for whoever refuses advertisements. The
    caller has locked the permission rows."""
    if not lines:
        return
    bulk.insert(connection, consents, [_row(line) for line in lines])
    of_marketing = {one.customer_id: one for one in lines if one.purpose == "marketing"}
    refused = {one for one, line in of_marketing.items() if line.action in REFUSALS}
    if of_marketing:
        connection.execute(
            _PERMISSIONS,
            {
                "customers": list(of_marketing),
                "states": ["refused" if one in refused else "given" for one in of_marketing],
                "moments": [line.at for line in of_marketing.values()],
            },
        )
    for customer_id in _with_something_pending(connection, refused):
        due.cancel(connection, customer_id, reason="refused", now=now)
        offers.cancel(connection, customer_id, state="cancelled", reason="refused", now=now)


def _row(line: Line) -> dict[str, Any]:
    return {
        "customer_id": line.customer_id,
        "address_id": line.address_id,
        "purpose": line.purpose,
        "action": line.action,
        "evidence": dict(line.evidence),
        "at": line.at,
    }


def _with_something_pending(connection: Connection, customer_ids: set[str]) -> list[str]:
    if not customer_ids:
        return []
    waiting = select(due_table.c.customer_id).where(
        bulk.among(due_table.c.customer_id, customer_ids), due_table.c.state == "waiting"
    )
    pending = select(offers_table.c.customer_id).where(
        bulk.among(offers_table.c.customer_id, customer_ids),
        offers_table.c.state.in_(offers.PENDING),
    )
    return sorted(connection.scalars(union(waiting, pending)))
