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
    if event == events.ORDER_COMPLETED:
        complete_order(connection, customer_id, properties, at=at, now=now)
        return
    product = _viewed(connection, properties) if event == events.PRODUCT_VIEWED else None
    if product is not None:
        looks.record(connection, customer_id, product, now=at)
    else:
        whose = customers.held(connection, customer_id)
        events.record(connection, whose, event, properties, occurred_at=at)


def complete_order(
    connection: Connection,
    customer_id: str,
    properties: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> bool:
    """The shop's word makes it an order; False if it was known. Raises CallNotValid."""
    is_named = bool(properties.get("currency"))
    bought = completed_orders.read(
        properties,
        at=at,
        currency="" if is_named else _usual_currency(connection, customer_id),
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


def _usual_currency(connection: Connection, customer_id: str) -> str:
    language = customers.get(connection, customer_id).language or languages.ENGLISH
    return shelf.currency(catalogue.store_profile(connection), language)


def _viewed(connection: Connection, properties: Mapping[str, Any]) -> Mapping[str, Any] | None:
    named = (properties.get("product_id"), properties.get("sku"))
    product_id, sku = (each if isinstance(each, str) else None for each in named)
    return _product(connection, product_id, sku)


def _product(
    connection: Connection, product_id: str | None, sku: str | None
) -> Mapping[str, Any] | None:
    """By the catalogue's own id, or by the sku where a system has ids of its own."""
    named = catalogue.product(connection, product_id) if product_id is not None else None
    if named is not None or sku is None:
        return named
    found = shelf.of_sku(catalogue.listed(connection), sku)
    return found[0] if found else None


def _product_id(connection: Connection, product_id: str | None, sku: str | None) -> str | None:
    """The catalogue's own id; as it was told if the catalogue has no such product."""
    found = _product(connection, product_id, sku)
    return str(found["product_id"]) if found else product_id or sku
