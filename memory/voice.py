"""The voice of the customer: complaints, wishes and answers in their own words, by topic and
product, handed to the team that can act (DESIGN M13).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from marketing.errors import NotFound
from memory.tables import voice_items

OPEN_STATES = ("open", "routed")


class NoSuchItem(NotFound):
    """There is no open item of that number."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something a customer said that the shop should hear."""

    customer_id: str
    item_id: int
    kind: str
    """`complaint`, `wish`, `praise`, `answer` (to a question of the shop's) or
    `bought_elsewhere`."""
    topic: str
    product_id: str | None
    said: str
    source_seq: int | None
    """The turn it was said in."""
    state: str
    """`open`, `routed` to a team, `done` or `dismissed`."""
    team: str | None
    at: datetime
    closed_at: datetime | None


_COLUMNS = tuple(voice_items.c[name] for name in Item.__dataclass_fields__)


def record(
    connection: Connection,
    customer_id: str,
    *,
    kind: str,
    topic: str,
    said: str,
    now: datetime,
    product_id: str | None = None,
    source_seq: int | None = None,
) -> int:
    """Keep what was said, word for word; returns the item's number."""
    item_id: int = connection.execute(
        insert(voice_items)
        .values(
            customer_id=customer_id,
            kind=kind,
            topic=topic,
            product_id=product_id,
            said=said,
            source_seq=source_seq,
            at=now,
        )
        .returning(voice_items.c.item_id)
    ).scalar_one()
    return item_id


def by_topic(
    connection: Connection,
    topic: str,
    *,
    product_id: str | None = None,
    states: Sequence[str] = OPEN_STATES,
    limit: int = 100,
) -> list[Item]:
    """What is said about a topic, of one product or any, newest first."""
    asked = select(*_COLUMNS).where(
        voice_items.c.topic == topic, voice_items.c.state.in_(tuple(states))
    )
    if product_id is not None:
        asked = asked.where(voice_items.c.product_id == product_id)
    newest = asked.order_by(voice_items.c.at.desc(), voice_items.c.item_id.desc()).limit(limit)
    return [Item(**row._mapping) for row in connection.execute(newest)]


def route(connection: Connection, customer_id: str, item_id: int, *, team: str) -> None:
    """Hand it to a team, or from one to another. Raises NoSuchItem."""
    _move(connection, customer_id, item_id, state="routed", team=team)


def close(
    connection: Connection,
    customer_id: str,
    item_id: int,
    *,
    now: datetime,
    is_dismissed: bool = False,
) -> None:
    """It was dealt with, or there was nothing to be done. Raises NoSuchItem."""
    state = "dismissed" if is_dismissed else "done"
    _move(connection, customer_id, item_id, state=state, closed_at=now)


def _move(connection: Connection, customer_id: str, item_id: int, **values: object) -> None:
    moved = connection.execute(
        update(voice_items)
        .where(
            voice_items.c.customer_id == customer_id,
            voice_items.c.item_id == item_id,
            voice_items.c.state.in_(OPEN_STATES),
        )
        .values(**values)
        .returning(voice_items.c.item_id)
    )
    if moved.one_or_none() is None:
        raise NoSuchItem
