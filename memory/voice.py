"""The voice of the customer: complaints, wishes and answers in their own words, by topic and
product, handed to the team that can act (DESIGN M13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """`complaint`, `wish`, `praise`, `answer` (to a question of the shop's), `refusal` (why an
    offer was not taken), `bought_elsewhere` or `question` (that nothing answered)."""
    topic: str
    """One of the shop's `voice_topics`; of an answer, what was asked."""
    product_id: str | None
    category: str | None
    said: str
    sentiment: str | None
    source_seq: int | None
    """The turn it was said in."""
    state: str
    """`open`, `routed` to a team, `done` or `dismissed`."""
    team: str | None
    at: datetime
    closed_at: datetime | None
    done_product_id: str | None
    """What came of it."""
    done_note: Mapping[str, str] | None
    """The same in words, by language."""


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
    category: str | None = None,
    sentiment: str | None = None,
    team: str | None = None,
    source_seq: int | None = None,
) -> int:
    """Keep what was said, word for word, and hand it to the team, if one is named; returns the
    item's number."""
    item_id: int = connection.execute(
        insert(voice_items)
        .values(
            customer_id=customer_id,
            kind=kind,
            topic=topic,
            product_id=product_id,
            category=category,
            said=said,
            sentiment=sentiment,
            state="routed" if team else "open",
            team=team,
            source_seq=source_seq,
            at=now,
        )
        .returning(voice_items.c.item_id)
    ).scalar_one()
    return item_id


def has_open_complaint(connection: Connection, customer_id: str) -> bool:
    """True while a complaint of theirs has not been dealt with."""
    found = connection.execute(
        select(voice_items.c.item_id)
        .where(
            voice_items.c.customer_id == customer_id,
            voice_items.c.kind == "complaint",
            voice_items.c.state.in_(OPEN_STATES),
        )
        .limit(1)
    )
    return found.first() is not None


def said_of(connection: Connection, customer_id: str, kind: str) -> list[str]:
    """Every wording of a kind that is kept of them, whatever became of it."""
    found = connection.scalars(
        select(voice_items.c.said).where(
            voice_items.c.customer_id == customer_id, voice_items.c.kind == kind
        )
    )
    return list(found)


def get(connection: Connection, item_id: int, *, customer_id: str | None = None) -> Item | None:
    """The item of that number, if it is that customer's."""
    asked = select(*_COLUMNS).where(voice_items.c.item_id == item_id)
    if customer_id is not None:
        asked = asked.where(voice_items.c.customer_id == customer_id)
    row = connection.execute(asked).one_or_none()
    return Item(**row._mapping) if row else None


def find(
    connection: Connection,
    *,
    kind: str | None = None,
    topic: str | None = None,
    team: str | None = None,
    product_id: str | None = None,
    states: Sequence[str] = OPEN_STATES,
    limit: int = 1000,
) -> list[Item]:
    """What was said of a kind, about a topic or a product, or that a team has; newest first."""
    given = {"kind": kind, "topic": topic, "team": team, "product_id": product_id}
    rows = connection.execute(
        select(*_COLUMNS)
        .where(
            voice_items.c.state.in_(tuple(states)),
            *(voice_items.c[name] == value for name, value in given.items() if value is not None),
        )
        .order_by(voice_items.c.at.desc(), voice_items.c.item_id.desc())
        .limit(limit)
    )
    return [Item(**row._mapping) for row in rows]


def like(connection: Connection, item: Item) -> list[Item]:
    """Every open item that says the same: of its kind, topic and kind of goods, and if it complains
    of a product, of that product."""
    is_of_product = item.kind == "complaint"
    found = find(connection, kind=item.kind, topic=item.topic)
    return [
        one
        for one in found
        if one.category == item.category
        and (not is_of_product or one.product_id == item.product_id)
    ]


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
    product_id: str | None = None,
    note: Mapping[str, str] | None = None,
) -> None:
    """It was dealt with, by that product or as the note says, or there was nothing to be done.
    Raises NoSuchItem."""
    values: dict[str, object] = {"state": "dismissed" if is_dismissed else "done"}
    if product_id is not None:
        values["done_product_id"] = product_id
    if note:
        values["done_note"] = dict(note)
    _move(connection, customer_id, item_id, closed_at=now, **values)


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
