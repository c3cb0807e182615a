"""Orders: what a customer bought, as the shop confirmed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from marketing.order_state import TOLD
from memory import events
from memory.events import Happened
from memory.tables import order_lines, orders

_MOST = 100


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One product of an order."""

    product_id: str
    sku: str | None
    quantity: int
    unit_price: Decimal
    specification: Mapping[str, str] | None = None
    """How it is to be made: by option its value or text, by part of a set its stock number."""


@dataclass(frozen=True, kw_only=True)
class Bought:
    """One variant that somebody bought."""

    product_id: str
    sku: str | None
    was_returned: bool
    """True if it, or all of its order, was given back."""


def bought(connection: Connection, customer_id: str) -> list[Bought]:
    """What they bought, the newest first."""
    rows = connection.execute(
        select(
            order_lines.c.product_id,
            order_lines.c.sku,
            (
                order_lines.c.given_back
                | ((orders.c.refunded > 0) & (orders.c.refunded >= orders.c.total))
            ).label("was_returned"),
        )
        .join(
            orders,
            (orders.c.customer_id == order_lines.c.customer_id)
            & (orders.c.order_id == order_lines.c.order_id),
        )
        .where(order_lines.c.customer_id == customer_id)
        .order_by(orders.c.ordered_at.desc(), order_lines.c.line)
        .limit(_MOST)
    )
    return [Bought(**row._mapping) for row in rows]


def record(
    connection: Connection,
    customer_id: str,
    *,
    order_id: str,
    ordered_at: datetime,
    total: Decimal,
    currency: str,
    lines: Sequence[OrderLine],
) -> bool:
    """Keep an order once; returns False if it was known."""
    new = connection.execute(
        upsert(orders)
        .values(
            customer_id=customer_id,
            order_id=order_id,
            ordered_at=ordered_at,
            total=total,
            currency=currency,
        )
        .on_conflict_do_nothing()
        .returning(orders.c.order_id)
    ).one_or_none()
    if new is None:
        return False
    add_lines(connection, customer_id, order_id, lines)
    return True


def add_lines(
    connection: Connection, customer_id: str, order_id: str, lines: Sequence[OrderLine]
) -> None:
    """Write the products of an order that has none yet."""
    rows = [
        {
            "customer_id": customer_id,
            "order_id": order_id,
            "line": place,
            "product_id": line.product_id,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "specification": dict(line.specification) if line.specification else None,
        }
        for place, line in enumerate(lines, start=1)
    ]
    if rows:
        connection.execute(insert(order_lines), rows)


def total(connection: Connection, customer_id: str, order_id: str) -> Decimal | None:
    """What an order came to; None if there is no such order."""
    return connection.scalar(
        select(orders.c.total).where(
            orders.c.customer_id == customer_id, orders.c.order_id == order_id
        )
    )


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order, and what was told of it since."""

    order_id: str
    ordered_at: datetime
    total: Decimal
    currency: str
    refunded: Decimal
    refunded_at: datetime | None
    lines: Sequence[OrderLine]
    told: Sequence[Happened]
    """The earliest first."""


def newest(
    connection: Connection,
    customer_id: str,
    *,
    limit: int,
    numbers: Collection[str] | None = None,
) -> list[Order]:
    """The customer's own orders, the newest first; of those `numbers` (in capitals), if given."""
    asked = select(orders).where(orders.c.customer_id == customer_id)
    if numbers is not None:
        asked = asked.where(func.upper(orders.c.order_id).in_(numbers))
    found = connection.execute(
        asked.order_by(orders.c.ordered_at.desc(), orders.c.order_id).limit(limit)
    ).all()
    ids = [row.order_id for row in found]
    lines = _lines(connection, customer_id, ids) if ids else {}
    told = events.of_orders(connection, customer_id, ids, TOLD) if ids else {}
    return [
        Order(
            order_id=row.order_id,
            ordered_at=row.ordered_at,
            total=row.total,
            currency=row.currency,
            refunded=row.refunded,
            refunded_at=row.refunded_at,
            lines=lines.get(row.order_id, []),
            told=told.get(row.order_id, []),
        )
        for row in found
    ]


def _lines(
    connection: Connection, customer_id: str, order_ids: Sequence[str]
) -> dict[str, list[OrderLine]]:
    rows = connection.execute(
        select(
            order_lines.c.order_id,
            order_lines.c.product_id,
            order_lines.c.sku,
            order_lines.c.quantity,
            order_lines.c.unit_price,
            order_lines.c.specification,
        )
        .where(order_lines.c.customer_id == customer_id, order_lines.c.order_id.in_(order_ids))
        .order_by(order_lines.c.order_id, order_lines.c.line)
    )
    found: dict[str, list[OrderLine]] = {}
    for order_id, *line in rows:
        named = dict(zip(OrderLine.__dataclass_fields__, line, strict=True))
        found.setdefault(order_id, []).append(OrderLine(**named))
    return found


def spent(connection: Connection, customer_id: str, *, currency: str, since: datetime) -> Decimal:
    """What the orders since then came to in that currency, less what was given back."""
    found = connection.scalar(
        select(func.coalesce(func.sum(orders.c.total - orders.c.refunded), 0)).where(
            orders.c.customer_id == customer_id,
            orders.c.currency == currency,
            orders.c.ordered_at >= since,
        )
    )
    return Decimal(found or 0)
