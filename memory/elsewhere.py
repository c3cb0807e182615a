"""What a customer has got somewhere else: they have it, and are left alone about such goods for a
while. No refusal of anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from marketing.campaigns import BROWSE, REMINDER, rest_after_buying
from marketing.decisions import Reason
from memory import consents, customers, due, facts, offers, promises
from memory.tables import facts as facts_table

FACT = "has"


def bought(
    connection: Connection,
    customer_id: str,
    category: str,
    *,
    since: date,
    said: str,
    source_seq: int | None,
    now: datetime,
) -> None:
    """They have something of that category since that day: kept as a fact, and what waits about
    such goods, and what was offered of them, is ended. Locks the permission row, which every send
    locks: none is begun after this has been committed."""
    customer_id = customers.held(connection, customer_id)
    consents.lock_permission(connection, customer_id)
    facts.learn(
        connection,
        customer_id,
        kind=FACT,
        value={"category": category, "since": since.isoformat()},
        said=said,
        source_seq=source_seq,
        now=now,
    )
    due.cancel(
        connection,
        customer_id,
        kinds=[BROWSE, REMINDER],
        category=category,
        reason=Reason.BOUGHT_ELSEWHERE,
        now=now,
    )
    facts.close(connection, customer_id, kind=promises.FACT, item=category, now=now)
    offers.cancel(
        connection,
        customer_id,
        state="cancelled",
        reason=Reason.BOUGHT_ELSEWHERE,
        categories=[category],
        now=now,
    )


def rests(
    connection: Connection,
    customer_id: str,
    category: str,
    *,
    rest_days: Mapping[str, int],
    now: datetime,
) -> bool:
    """True if they have got something of that category, not so long ago that they may want
    another. `rest_days` are the shop's, by category."""
    since: str | None = connection.scalar(
        select(facts_table.c.value["since"].astext).where(
            facts_table.c.customer_id == customer_id,
            facts_table.c.kind == FACT,
            facts_table.c.item == category,
            facts_table.c.valid_to.is_(None),
        )
    )
    if since is None:
        return False
    rest = rest_after_buying(category, rest_days)
    return now.date() - date.fromisoformat(since) < max(rest, timedelta(days=1))
