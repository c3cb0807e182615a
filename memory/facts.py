"""Facts: what a customer told us or the shop knows. A fact is closed, never overwritten; what must
never be a fact leaves only a muted topic (`muting`). Learning stops where a customer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from marketing.told import OPPOSITE, item_of
from memory import consents, personal_dates, promises
from memory.tables import customers, facts


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
    item: str = ""
    """Which, of a kind of which several hold at once."""


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
    facts.c.item,
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
    item: str | None = None,
    rule: str | None = None,
    confidence: float = 1.0,
    told_at: datetime | None = None,
) -> bool:
    """Keep a fact, told now or at `told_at`; a day of the customer's own is due from now on. `item`
    follows from kind and value, if it is not given; `rule` is the name of the rule that read it.
    One that says the same is left alone (returns False); one that says something else, or of the
    same item the opposite (what was liked is disliked now), is closed at `now` and the new one
    opened (returns True)."""
    which = item_of(kind, value) if item is None else item
    held = connection.execute(
        select(facts.c.fact_id, facts.c.value)
        .where(*_open(customer_id, kind, subject, which))
        .with_for_update()
    ).one_or_none()
    if held is not None and held.value == value:
        return False
    if held is not None:
        close(connection, customer_id, kind=kind, subject=subject, item=which, now=now)
    if kind in OPPOSITE:
        opposite = OPPOSITE[kind]
        close(connection, customer_id, kind=opposite, subject=subject, item=which, now=now)
    connection.execute(
        insert(facts).values(
            customer_id=customer_id,
            subject=subject,
            kind=kind,
            item=which,
            value=value,
            said=said,
            source=source,
            source_seq=source_seq,
            rule=rule,
            confidence=confidence,
            valid_from=told_at or now,
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
    item: str | None = None,
) -> int:
    """End the facts of a kind (None: of every kind), subject (None: anybody's) and item (None: of
    every one) at `now`; returns how many there were."""
    ended = connection.execute(
        update(facts)
        .where(*_open(customer_id, kind, subject, item))
        .values(valid_to=now)
        .returning(facts.c.kind, facts.c.subject, facts.c.item)
    ).all()
    days = {row.kind for row in ended if personal_dates.is_one(row.kind, row.subject)}
    if days:
        personal_dates.forget(connection, customer_id, days, now=now)
    asked_for = [row.item or None for row in ended if row.kind == promises.FACT]
    if asked_for:
        consents.lock_permission(connection, customer_id)
        promises.forget(connection, customer_id, asked_for, now=now)
    return len(ended)


def close_one(connection: Connection, customer_id: str, fact_id: int, *, now: datetime) -> None:
    """End that fact at `now`, if it still holds."""
    held = connection.execute(
        select(facts.c.kind, facts.c.subject, facts.c.item).where(
            *_open(customer_id, None, None, None), facts.c.fact_id == fact_id
        )
    ).one_or_none()
    if held is not None:
        close(connection, customer_id, now=now, **held._mapping)


def stop_learning(connection: Connection, customer_id: str, *, now: datetime | None) -> None:
    """Keep nothing new of what they say from `now` on; None: keep it again."""
    whose = customers.c.customer_id == customer_id
    connection.execute(update(customers).where(whose).values(learning_stopped_at=now))


def may_learn(connection: Connection, customer_id: str) -> bool:
    """False if they asked that nothing be kept."""
    stopped = select(customers.c.learning_stopped_at).where(customers.c.customer_id == customer_id)
    return connection.scalar(stopped) is None


def _open(customer_id: str, kind: str | None, subject: str | None, item: str | None) -> list[Any]:
    conditions: list[Any] = [facts.c.customer_id == customer_id, facts.c.valid_to.is_(None)]
    if kind is not None:
        conditions.append(facts.c.kind == kind)
    if subject is not None:
        conditions.append(facts.c.subject == subject)
    if item is not None:
        conditions.append(facts.c.item == item)
    return conditions
