"""A purchase, as the shop confirms it: kept once, and what it makes pointless is ended in the same
transaction, on every channel (DESIGN M8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from marketing.campaigns import REMINDER
from memory import consents, coupons, customers, due, events, facts, offers, orders, promises
from memory.orders import OrderLine
from memory.tables import order_lines, products
from memory.tables import orders as orders_table

BOUGHT = "bought"
NEWS_FOR = timedelta(days=1)
"""An order that the shop tells of later than that is history: it ends nothing that is pending."""


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """An order that the shop has taken."""

    order_id: str
    ordered_at: datetime
    total: Decimal
    currency: str
    lines: Sequence[OrderLine]
    coupon: str | None = None


def complete(connection: Connection, customer_id: str, bought: Purchase, *, now: datetime) -> bool:
    """Keep the order, redeem its coupon, and end what is due or offered of the same categories;
    returns False if the order was known. Locks the permission row, which every send locks: none
    that this makes pointless is begun after it has been committed."""
    customer_id = customers.held(connection, customer_id)
    whose = {customer_id, *_behind_links(connection, customer_id, bought)}
    for one in sorted(whose):
        consents.lock_permission(connection, one)
    is_new = orders.record(
        connection,
        customer_id,
        order_id=bought.order_id,
        ordered_at=bought.ordered_at,
        total=bought.total,
        currency=bought.currency,
        lines=bought.lines,
    )
    if not is_new:
        return False
    product_ids = [line.product_id for line in bought.lines]
    events.record(
        connection,
        customer_id,
        events.ORDER_COMPLETED,
        {"order_id": bought.order_id, "product_ids": product_ids},
        occurred_at=bought.ordered_at,
    )
    if bought.coupon is not None:
        coupons.redeem(connection, bought.coupon, order_id=bought.order_id, now=now)
    if bought.ordered_at > now - NEWS_FOR:
        for one in sorted(whose):
            _end_what_is_pointless(connection, one, bought, product_ids, now)
    return True


def change(connection: Connection, customer_id: str, changed: Purchase) -> bool:
    """The order as it is now, by the shop's word; False if they have no such order. The caller sees
    to it that this is the latest word."""
    key = _key(customer_id, changed.order_id)
    known = connection.execute(
        update(orders_table)
        .where(*key)
        .values(total=changed.total, currency=changed.currency)
        .returning(orders_table.c.order_id)
    ).one_or_none()
    if known is None:
        return False
    if changed.lines:
        connection.execute(
            delete(order_lines).where(
                order_lines.c.customer_id == customer_id,
                order_lines.c.order_id == changed.order_id,
            )
        )
        orders.add_lines(connection, customer_id, changed.order_id, changed.lines)
    return True


def kept(connection: Connection, customer_id: str, order_id: str) -> Purchase | None:
    """An order as it is kept; None if they have none of that id."""
    order = connection.execute(
        select(orders_table).where(*_key(customer_id, order_id))
    ).one_or_none()
    if order is None:
        return None
    lines = connection.execute(
        select(
            order_lines.c.product_id,
            order_lines.c.sku,
            order_lines.c.quantity,
            order_lines.c.unit_price,
            order_lines.c.specification,
        )
        .where(order_lines.c.customer_id == customer_id, order_lines.c.order_id == order_id)
        .order_by(order_lines.c.line)
    )
    return Purchase(
        order_id=order_id,
        ordered_at=order.ordered_at,
        total=order.total,
        currency=order.currency,
        lines=[OrderLine(**line._mapping) for line in lines],
    )


def set_refunded(
    connection: Connection, customer_id: str, order_id: str, amount: Decimal, *, at: datetime
) -> None:
    """So much of an order was given back in all, and never more than it came to; `at` is when the
    last of it was."""
    connection.execute(
        update(orders_table)
        .where(*_key(customer_id, order_id))
        .values(refunded=func.least(amount, orders_table.c.total), refunded_at=at)
    )


def set_given_back(
    connection: Connection,
    customer_id: str,
    order_id: str,
    goods: Sequence[tuple[str, str | None]],
) -> None:
    """These goods of an order, by product and sku, came back, and no others of it."""
    of_order = (
        order_lines.c.customer_id == customer_id,
        order_lines.c.order_id == order_id,
    )
    named = [
        (order_lines.c.product_id == product_id)
        & (true() if sku is None else func.coalesce(order_lines.c.sku, sku) == sku)
        for product_id, sku in goods
    ]
    connection.execute(update(order_lines).where(*of_order).values(given_back=or_(false(), *named)))


def _key(customer_id: str, order_id: str) -> tuple[ColumnElement[bool], ...]:
    return (orders_table.c.customer_id == customer_id, orders_table.c.order_id == order_id)


def _behind_links(connection: Connection, customer_id: str, bought: Purchase) -> list[str]:
    """Who was offered it, where somebody unknown has bought with their coupon, or with their offer
    open behind a link: it is the purchase that was wanted."""
    owners = set(offers.shown_of(connection, customer_id))
    if bought.coupon is not None:
        owners |= coupons.owners(connection, bought.coupon)
    return [customers.held(connection, owner) for owner in sorted(owners)]


def _end_what_is_pointless(
    connection: Connection,
    customer_id: str,
    bought: Purchase,
    product_ids: Sequence[str],
    now: datetime,
) -> None:
    """Personal dates stay due: they are not about something that was wanted anyway."""
    categories = _categories(connection, product_ids)
    details = {"order_id": bought.order_id, "bought_at": bought.ordered_at.isoformat()}
    for category in categories:
        due.cancel(
            connection,
            customer_id,
            kinds=[due.BROWSE, REMINDER],
            category=category,
            reason=BOUGHT,
            details=details,
            now=now,
        )
        facts.close(connection, customer_id, kind=promises.FACT, item=category, now=now)
    offers.cancel(
        connection,
        customer_id,
        state=BOUGHT,
        reason=BOUGHT,
        categories=categories,
        details=details,
        now=now,
    )


def _categories(connection: Connection, product_ids: Sequence[str]) -> list[str]:
    category = products.c.product["category"].astext
    found = connection.scalars(
        select(category).where(products.c.product_id.in_(product_ids)).distinct()
    )
    return list(found)


def was_bought_since(
    connection: Connection, customer_id: str, *, category: str, since: datetime
) -> bool:
    """True if something of that category was bought after `since`."""
    found = connection.execute(
        select(orders_table.c.order_id)
        .join(
            order_lines,
            (order_lines.c.customer_id == orders_table.c.customer_id)
            & (order_lines.c.order_id == orders_table.c.order_id),
        )
        .join(products, products.c.product_id == order_lines.c.product_id)
        .where(
            orders_table.c.customer_id == customer_id,
            orders_table.c.ordered_at > since,
            products.c.product["category"].astext == category,
        )
        .limit(1)
    )
    return found.one_or_none() is not None
