"""One person's timeline: what they said, did, bought, told, were offered, agreed to and earned, in
one statement, the newest first, page by page. For people who may see all of it; reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from marketing.errors import BadInput
from memory.tables import consents, events, facts, offers, order_lines, orders, points, turns

_ABOVE_ZERO = 10**12
"""Added to numbers before they are padded: `seq` may be below zero after a merge."""
_DIGITS = 20


class NoSuchPlace(BadInput):
    """That is no place in a timeline: take the one that the page before ended with."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an entry stands: its time, kind, and its own key."""

    at: datetime
    kind: str
    key: str

    def __str__(self) -> str:
        """As `read_place` reads it."""
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}/{self.kind}/{self.key}"


THE_END = Place(at=datetime(9999, 1, 1, tzinfo=UTC), kind="~", key="")
"""Before it lies everything."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happened."""

    place: Place
    what: Mapping[str, Any]
    """The columns that tell of it, by their names in its table."""


def read_place(written: str) -> Place:
    """The place that was written. Raises NoSuchPlace."""
    at, *rest = written.split("/", 2)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise NoSuchPlace from error
    if moment.tzinfo is None or len(rest) != 2:
        raise NoSuchPlace
    return Place(at=moment, kind=rest[0], key=rest[1])


def page(
    connection: Connection, customer_id: str, *, before: Place = THE_END, limit: int = 50
) -> list[Entry]:
    """Up to `limit` entries before a place, the newest first. Of entries of one moment the order is
    that of their kinds and keys, so that no page repeats or leaves out any."""
    parts = [_newest(part, customer_id, before, limit) for part in _PARTS]
    whole = union_all(*parts).subquery()
    rows = connection.execute(
        select(whole)
        .order_by(whole.c.at.desc(), whole.c.kind.desc(), whole.c.key.desc())
        .limit(limit)
    )
    return [
        Entry(place=Place(at=row.at, kind=row.kind, key=row.key), what=row.what) for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Where entries of one kind come from."""

    kind: str
    table: Table
    at: ColumnElement[datetime]
    key: ColumnElement[str]
    columns: Sequence[str]


def _number(column: ColumnElement[int]) -> ColumnElement[str]:
    """As text that sorts as the number does."""
    return func.lpad(cast(column + _ABOVE_ZERO, Text), _DIGITS, "0").collate("C")


_PARTS = (
    _Part(
        kind="turn",
        table=turns,
        at=turns.c.at,
        key=_number(turns.c.seq),
        columns=("seq", "direction", "channel", "text", "payload", "intent"),
    ),
    _Part(
        kind="event",
        table=events,
        at=events.c.occurred_at,
        key=_number(events.c.event_id),
        columns=("name", "properties"),
    ),
    _Part(
        kind="order",
        table=orders,
        at=orders.c.ordered_at,
        key=orders.c.order_id.collate("C"),
        columns=("order_id", "total", "currency", "store"),
    ),
    _Part(
        kind="refund",
        table=orders,
        at=orders.c.refunded_at,
        key=orders.c.order_id.collate("C"),
        columns=("order_id", "refunded", "currency"),
    ),
    _Part(
        kind="fact",
        table=facts,
        at=facts.c.valid_from,
        key=_number(facts.c.fact_id),
        columns=("subject", "kind", "item", "value", "said", "source", "valid_to"),
    ),
    _Part(
        kind="offer",
        table=offers,
        at=func.coalesce(offers.c.opened_at, offers.c.planned_at),
        key=_number(offers.c.offer_id),
        columns=("offer_id", "campaign", "product_id", "state", "reason", "channel"),
    ),
    _Part(
        kind="consent",
        table=consents,
        at=consents.c.at,
        key=_number(consents.c.consent_id),
        columns=("purpose", "action", "address_id"),
    ),
    _Part(
        kind="points",
        table=points,
        at=points.c.at,
        key=_number(points.c.transfer_id),
        columns=("from_account", "to_account", "amount", "reason", "order_id"),
    ),
)
KINDS = tuple(part.kind for part in _PARTS)


def _newest(part: _Part, customer_id: str, before: Place, limit: int) -> Select[Any]:
    """The newest of one kind; what they tell is put together only for those that are taken."""
    place = tuple_(part.at, literal(part.kind).collate("C"), part.key)
    end = tuple_(literal(before.at), literal(before.kind), literal(before.key))
    newest = (
        select(part.table, part.at.label("moment"), part.key.label("sorted"))
        .where(part.table.c.customer_id == customer_id, part.at <= before.at, place < end)
        .order_by(part.at.desc(), part.key.desc())
        .limit(limit)
        .subquery()
    )
    told = [item for name in part.columns for item in (literal(name), newest.c[name])]
    if part.kind == "order":
        told += [literal("lines"), _lines(newest.c.customer_id, newest.c.order_id)]
    return select(
        newest.c.moment.label("at"),
        literal(part.kind).collate("C").label("kind"),
        newest.c.sorted.label("key"),
        func.jsonb_build_object(*told).label("what"),
    )


def _lines(customer_id: ColumnElement[str], order_id: ColumnElement[str]) -> Any:
    """The products of an order."""
    line = func.jsonb_build_object(
        "product_id", order_lines.c.product_id, "quantity", order_lines.c.quantity
    )
    return (
        select(func.jsonb_agg(line))
        .where(and_(order_lines.c.customer_id == customer_id, order_lines.c.order_id == order_id))
        .scalar_subquery()
    )
