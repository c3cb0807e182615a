"""What the shop tells of an order after it was completed: changed, given back in part or whole,
cancelled. The order is what all that was told makes of it, in whatever order it was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from memory import events, purchases
from memory.engine import Connection
from memory.events import Happened
from memory.purchases import Purchase
from web import commerce, completed_orders
from web.completed_orders import ProductOf
from web.tracking import CallNotValid

NAMES = (commerce.ORDER_UPDATED, commerce.ORDER_REFUNDED, commerce.ORDER_CANCELLED)


def check(
    connection: Connection,
    customer_id: str,
    properties: Mapping[str, Any],
    *,
    at: datetime,
    product_of: ProductOf,
) -> str:
    """Which order it is about. Raises CallNotValid for what could not be counted."""
    order_id = completed_orders.order_id(properties)
    order = purchases.kept(connection, customer_id, order_id)
    completed_orders.given_back(properties, order, product_of=product_of)
    completed_orders.read(properties, at=at, currency="", product_of=product_of)
    if order is not None and not completed_orders.is_in(order.currency, properties):
        raise CallNotValid("currency_not_valid", "`currency` is not that of the order.")
    return order_id


def settle(
    connection: Connection, customer_id: str, order_id: str, *, product_of: ProductOf
) -> None:
    """Make the order what was told of it; one that is not known yet is settled when it comes."""
    order = purchases.kept(connection, customer_id, order_id)
    if order is None:
        return
    told = [
        one
        for one in events.of_order(connection, customer_id, order_id, NAMES)
        if _counts(one, order, product_of)
    ]
    order = _change(connection, customer_id, order, told, product_of)
    back = [one for one in told if one.name != commerce.ORDER_UPDATED]
    if back:
        amount, at = _given_back(order, back, product_of)
        purchases.set_refunded(connection, customer_id, order_id, amount, at=at)
        goods = [
            each
            for one in back
            for each in completed_orders.goods_back(one.properties, product_of=product_of)
        ]
        purchases.set_given_back(connection, customer_id, order_id, goods)


def _counts(one: Happened, order: Purchase, product_of: ProductOf) -> bool:
    """False for what came another way, by an import, and cannot be read."""
    try:
        completed_orders.given_back(one.properties, order, product_of=product_of)
        completed_orders.read(
            one.properties, at=one.occurred_at, currency=order.currency, product_of=product_of
        )
        return completed_orders.is_in(order.currency, one.properties)
    except CallNotValid:
        return False


def _change(
    connection: Connection,
    customer_id: str,
    order: Purchase,
    told: list[Happened],
    product_of: ProductOf,
) -> Purchase:
    """By the last word on what it comes to."""
    updates = [
        one
        for one in told
        if one.name == commerce.ORDER_UPDATED
        and one.occurred_at >= order.ordered_at
        and completed_orders.says_sum(one.properties)
    ]
    if not updates:
        return order
    changed = completed_orders.read(
        updates[-1].properties,
        at=order.ordered_at,
        currency=order.currency,
        product_of=product_of,
    )
    purchases.change(connection, customer_id, changed)
    return purchases.kept(connection, customer_id, order.order_id) or order


def _given_back(
    order: Purchase, back: list[Happened], product_of: ProductOf
) -> tuple[Decimal, datetime]:
    amount = Decimal()
    for one in back:
        part = completed_orders.given_back(one.properties, order, product_of=product_of)
        is_all = part is None or one.name == commerce.ORDER_CANCELLED
        amount = order.total if is_all or part is None else amount + part
    return min(amount, order.total), back[-1].occurred_at
