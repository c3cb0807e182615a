"""Lines of the ledger of consents, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, union, update

from memory import due, offers
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


def lock(connection: Connection, customer_ids: Sequence[str]) -> None:
    """Hold the permission rows of customers, which every send locks, to the end of the
    transaction."""
    connection.execute(
        select(permissions.c.customer_id)
        .where(permissions.c.customer_id.in_(set(customer_ids)))
        .order_by(permissions.c.customer_id)
        .with_for_update()
    ).all()


def append(connection: Connection, lines: Sequence[Line], *, now: datetime) -> None:
    """Write the lines, in their order, and end what waits for whoever refuses advertisements. The
    caller has locked the permission rows."""
    if not lines:
        return
    connection.execute(insert(consents), [_row(line) for line in lines])
    of_marketing = {one.customer_id: one for one in lines if one.purpose == "marketing"}
    refused = [one for one, line in of_marketing.items() if line.action in REFUSALS]
    if of_marketing:
        connection.execute(
            update(permissions)
            .where(permissions.c.customer_id == bindparam("whose"))
            .values(marketing=bindparam("state"), changed_at=bindparam("moment")),
            [
                {
                    "whose": customer_id,
                    "state": "refused" if customer_id in refused else "given",
                    "moment": line.at,
                }
                for customer_id, line in of_marketing.items()
            ],
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


def _with_something_pending(connection: Connection, customer_ids: Sequence[str]) -> list[str]:
    if not customer_ids:
        return []
    waiting = select(due_table.c.customer_id).where(
        due_table.c.customer_id.in_(customer_ids), due_table.c.state == "waiting"
    )
    pending = select(offers_table.c.customer_id).where(
        offers_table.c.customer_id.in_(customer_ids), offers_table.c.state.in_(offers.PENDING)
    )
    return sorted(connection.scalars(union(waiting, pending)))
