"""Facts: what a customer told us or the shop knows. A fact is closed, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from memory import personal_dates
from memory.tables import facts


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing known of a customer or somebody close to them."""

    fact_id: int
    subject: str
    kind: str
    value: Any
    said: str | None
    source: str
    source_seq: int | None
    confidence: float
    valid_from: datetime


_COLUMNS = (
    facts.c.fact_id,
    facts.c.subject,
    facts.c.kind,
    facts.c.value,
    facts.c.said,
    facts.c.source,
    facts.c.source_seq,
    facts.c.confidence,
    facts.c.valid_from,
)


def known(connection: Connection, customer_id: str) -> list[Fact]:
    """The facts that hold now, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(facts.c.customer_id == customer_id, facts.c.valid_to.is_(None))
        .order_by(facts.c.valid_from, facts.c.fact_id)
    )
    return [Fact(**row._mapping) for row in rows]


def learn(
    connection: Connection,
    customer_id: str,
    *,
    kind: str,
    value: object,
    now: datetime,
    source: str = "said",
    said: str | None = None,
    source_seq: int | None = None,
    subject: str = "self",
    confidence: float = 1.0,
) -> bool:
    """Keep a fact; a day of the customer's own is due from now on. One that says the same is left
    alone (returns False); one that says something else is closed at `now` and the new one opened
    (returns True)."""
    held = connection.execute(
        select(facts.c.fact_id, facts.c.value)
        .where(*_open(customer_id, kind, subject))
        .with_for_update()
    ).one_or_none()
    if held is not None and held.value == value:
        return False
    if held is not None:
        close(connection, customer_id, kind=kind, subject=subject, now=now)
    connection.execute(
        insert(facts).values(
            customer_id=customer_id,
            subject=subject,
            kind=kind,
            value=value,
            said=said,
            source=source,
            source_seq=source_seq,
            confidence=confidence,
            valid_from=now,
        )
    )
    if personal_dates.is_one(kind, subject):
        personal_dates.schedule(connection, customer_id, kind=kind, now=now)
    return True


def close(
    connection: Connection,
    customer_id: str,
    *,
    kind: str | None,
    now: datetime,
    subject: str | None = None,
) -> int:
    """End the facts of a kind (None: of every kind) and subject (None: anybody's) at `now`;
    returns how many there were."""
    ended = connection.execute(
        update(facts)
        .where(*_open(customer_id, kind, subject))
        .values(valid_to=now)
        .returning(facts.c.kind, facts.c.subject)
    ).all()
    days = {row.kind for row in ended if personal_dates.is_one(row.kind, row.subject)}
    if days:
        personal_dates.forget(connection, customer_id, days, now=now)
    return len(ended)


def _open(customer_id: str, kind: str | None, subject: str | None) -> list[Any]:
    conditions: list[Any] = [facts.c.customer_id == customer_id, facts.c.valid_to.is_(None)]
    if kind is not None:
        conditions.append(facts.c.kind == kind)
    if subject is not None:
        conditions.append(facts.c.subject == subject)
    return conditions
