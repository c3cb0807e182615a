"""Why something was sent or not: one line for every step of every offer, append-only, in the order
in which it was decided (DESIGN rule 12). Reasons are those of `marketing.decisions.Reason`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from memory.tables import decisions


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line of the record."""

    campaign: str
    occurrence: str
    decision: str
    """planned, held, sent, not_sent, cancelled or answered."""
    reason: str
    at: datetime
    channel: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(connection: Connection, customer_id: str, decision: Decision) -> None:
    """Append a line."""
    connection.execute(
        insert(decisions).values(
            customer_id=customer_id,
            campaign=decision.campaign,
            occurrence=decision.occurrence,
            decision=decision.decision,
            reason=decision.reason,
            channel=decision.channel,
            details=dict(decision.details),
            at=decision.at,
        )
    )


def of_customer(
    connection: Connection, customer_id: str, *, campaign: str | None = None, limit: int = 200
) -> list[Decision]:
    """The newest lines of a customer, of one campaign or all, oldest first."""
    asked = select(*(decisions.c[name] for name in Decision.__dataclass_fields__)).where(
        decisions.c.customer_id == customer_id
    )
    if campaign is not None:
        asked = asked.where(decisions.c.campaign == campaign)
    rows = connection.execute(asked.order_by(decisions.c.decision_id.desc()).limit(limit)).all()
    return [Decision(**row._mapping) for row in reversed(rows)]


def newest(connection: Connection) -> int:
    """The place of the newest line of all customers; 0 if there is none."""
    return int(connection.scalar(select(func.max(decisions.c.decision_id))) or 0)


def after(connection: Connection, decision_id: int) -> list[tuple[int, str, Decision]]:
    """The lines of all customers after that place, each with its own and its customer."""
    names = tuple(Decision.__dataclass_fields__)
    rows = connection.execute(
        select(
            decisions.c.decision_id, decisions.c.customer_id, *(decisions.c[name] for name in names)
        )
        .where(decisions.c.decision_id > decision_id)
        .order_by(decisions.c.decision_id)
    )
    return [
        (place, customer_id, Decision(**dict(zip(names, line, strict=True))))
        for place, customer_id, *line in rows
    ]
