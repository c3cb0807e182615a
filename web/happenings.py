"""What the shop's system says a customer did, and what follows from it: a look, an order, or an
event that is only kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from memory import catalogue, customers, events, looks, purchases
from memory.engine import Connection
from web import completed_orders, languages, shelf

log = logging.getLogger(__name__)


def record(
    connection: Connection,
    customer_id: str,
    event: str,
    properties: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Take in what a customer did at `at`, business time like `now`. Raises CallNotValid."""
    customer_id = customers.held(connection, customer_id)
    if event == events.ORDER_COMPLETED:
        complete_order(connection, customer_id, properties, at=at, now=now)
        return
    product = _viewed(connection, properties) if event == events.PRODUCT_VIEWED else None
    if product is not None:
        looks.record(connection, customer_id, product, now=at)
    else:
        events.record(connection, customer_id, event, properties, occurred_at=at)


def complete_order(
    connection: Connection,
    customer_id: str,
    properties: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> bool:
    """The shop's word makes it an order; False if it was known. Raises CallNotValid."""
    language = customers.get(connection, customer_id).language or languages.ENGLISH
    bought = completed_orders.read(
        properties,
        at=at,
        currency=shelf.currency(catalogue.store_profile(connection), language),
        product_of=lambda product_id, sku: _product_id(connection, product_id, sku),
    )
    is_new = purchases.complete(connection, customer_id, bought, now=now)
    log.info(
        "An order was completed.",
        extra={
            "action": "order_completed" if is_new else "order_repeated",
            "customer_id": customer_id,
            "order_id": bought.order_id,
        },
    )
    return is_new


def _viewed(connection: Connection, properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
    named = (properties.get("product_id"), properties.get("sku"))
    product_id, sku = (each if isinstance(each, str) else None for each in named)
    found = _product_id(connection, product_id, sku)
    return catalogue.product(connection, found) if found else None


def _product_id(connection: Connection, product_id: str | None, sku: str | None) -> str | None:
    """The catalogue's own id, by the sku where a system has ids of its own; as it was told if the
    catalogue has neither."""
    if product_id is not None and catalogue.product(connection, product_id) is not None:
        return product_id
    found = shelf.of_sku(catalogue.listed(connection), sku) if sku is not None else None
    return str(found[0]["product_id"]) if found else product_id or sku
