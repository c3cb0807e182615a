"""Consents to advertisements that have grown old: which of them are due to be confirmed again, and
whether the notice of one has gone out (RULES KR-6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Float, func, literal, select
from sqlalchemy import cast as as_type

from marketing import reconfirmation
from memory import due
from memory.consents import REFUSALS
from memory.tables import consents, outbox, permissions
from memory.tables import due as due_table

KIND = "reconfirmation"
_TWO_YEARS, _NEAR = 730.5, 32.0
"""Days; how long before the date a consent is looked at."""
_SENT = ("accepted", "delivered")
_GIVEN = ("given", "reopened")


@dataclass(frozen=True, kw_only=True)
class Old:
    """A consent whose date comes round."""

    customer_id: str
    address_id: int
    at: datetime


def near(connection: Connection, *, now: datetime, limit: int = 100) -> list[Old]:
    """Consents that hold, whose date comes within the month and that nothing waits for yet."""
    newer = consents.alias()
    age = as_type(func.extract("epoch", literal(now) - consents.c.at), Float) / 86400
    since = age - _TWO_YEARS * func.floor(age / _TWO_YEARS)
    rows = connection.execute(
        select(consents.c.customer_id, consents.c.address_id, consents.c.at)
        .join(permissions, permissions.c.customer_id == consents.c.customer_id)
        .where(
            permissions.c.marketing == "given",
            consents.c.purpose == "marketing",
            consents.c.action.in_(_GIVEN),
            consents.c.address_id.is_not(None),
            since > _TWO_YEARS - _NEAR,
            ~select(newer.c.consent_id)
            .where(
                newer.c.customer_id == consents.c.customer_id,
                newer.c.consent_id > consents.c.consent_id,
                newer.c.purpose == "marketing",
                newer.c.action.in_(REFUSALS)
                | (newer.c.action.in_(_GIVEN) & (newer.c.address_id == consents.c.address_id)),
            )
            .exists(),
            ~select(due_table.c.due_id)
            .where(
                due_table.c.customer_id == consents.c.customer_id,
                due_table.c.kind == KIND,
                due_table.c.about["address_id"].as_integer() == consents.c.address_id,
                due_table.c.created_at > now - timedelta(days=2 * _NEAR),
            )
            .exists(),
        )
        .order_by(consents.c.at)
        .limit(limit)
    )
    return [Old(**row._mapping) for row in rows]


def schedule(connection: Connection, old: Old, *, now: datetime) -> bool:
    """Let the planner look at it when its month begins; False if it has."""
    comes = reconfirmation.coming(old.at, now)
    return due.put(
        connection,
        old.customer_id,
        kind=KIND,
        occurrence=f"{old.address_id}:{comes.on}",
        about={"address_id": old.address_id, "agreed_at": old.at.isoformat()},
        due_at=comes.notice_at,
        latest=comes.latest,
        now=now,
    )


def key(address_id: int, on: str) -> str:
    """Of the notice in the outbox: one for a number and a date."""
    return f"{KIND}:{address_id}:{on}"


def is_overdue(connection: Connection, customer_id: str, address_id: int, *, now: datetime) -> bool:
    """True if the consent of a Korean number is over two years old and the notice of its last date
    has not gone out: it counts no more until it is given anew."""
    agreed_at = connection.scalar(
        select(consents.c.at)
        .where(
            consents.c.customer_id == customer_id,
            consents.c.address_id == address_id,
            consents.c.purpose == "marketing",
            consents.c.action.in_(_GIVEN),
        )
        .order_by(consents.c.consent_id.desc())
        .limit(1)
    )
    last = reconfirmation.last_due(agreed_at, now) if agreed_at is not None else None
    if last is None:
        return False
    sent = connection.scalar(
        select(outbox.c.outbox_id).where(
            outbox.c.key == key(address_id, last.isoformat()), outbox.c.state.in_(_SENT)
        )
    )
    return sent is None
