"""What is needed to read kept turns again by a rule that has changed: who has said something, what,
and what is known or was forgotten. Reads only; what is found is learnt through memory.facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from memory.tables import customers, facts, turns

_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Said:
    """One utterance of a customer."""

    seq: int
    at: datetime
    text: str
    intent: str | None


@dataclass(frozen=True, kw_only=True)
class Once:
    """A fact that holds, or that held until `valid_to`."""

    fact_id: int
    kind: str
    subject: str
    item: str
    value: Any
    rule: str | None
    source_seq: int | None
    valid_from: datetime
    valid_to: datetime | None


def how_many(connection: Connection) -> int:
    """Customers there are to go through."""
    return connection.scalar(select(func.count()).select_from(customers).where(*_LIVING)) or 0


def everybody(connection: Connection) -> Iterator[tuple[str, str | None, str | None]]:
    """customer_id, language and time zone of everybody, a page at a time."""
    last = ""
    while True:
        rows = connection.execute(
            select(customers.c.customer_id, customers.c.language, customers.c.time_zone)
            .where(customers.c.customer_id > last, *_LIVING)
            .order_by(customers.c.customer_id)
            .limit(_PAGE)
        ).all()
        if not rows:
            return
        yield from (tuple(row) for row in rows)
        last = rows[-1].customer_id


_LIVING = (customers.c.merged_into.is_(None), customers.c.erased_at.is_(None))


def said_by(connection: Connection, customer_id: str) -> Iterator[Said]:
    """What they said, in order, a page at a time."""
    last = -1
    while True:
        rows = connection.execute(
            select(turns.c.seq, turns.c.at, turns.c.text, turns.c.intent)
            .where(
                turns.c.customer_id == customer_id, turns.c.direction == "in", turns.c.seq > last
            )
            .order_by(turns.c.seq)
            .limit(_PAGE)
        ).all()
        if not rows:
            return
        yield from (Said(**row._mapping) for row in rows)
        last = rows[-1].seq


def once_known(connection: Connection, customer_id: str) -> list[Once]:
    """Every fact that was ever kept of them and is not erased, oldest first."""
    columns = [facts.c[name] for name in Once.__dataclass_fields__]
    rows = connection.execute(
        select(*columns)
        .where(facts.c.customer_id == customer_id)
        .order_by(facts.c.valid_from, facts.c.fact_id)
    )
    return [Once(**row._mapping) for row in rows]
