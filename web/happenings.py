"""What the shop's system says a customer did, and what follows from it: a look, an order, or an
event that is only kept.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from memory import catalogue, customers, events, looks, purchases
from memory.engine import Connection
from memory.events import Happened
from web import completed_orders, languages, order_changes, shelf

log = logging.getLogger(__name__)

ABOUT_ORDERS = frozenset({events.ORDER_COMPLETED, *order_changes.NAMES})
"""Events from which more follows than a look's follow-up: each is a transaction of its own."""


def record_all(connection: Connection, happened: Sequence[Happened], *, now: datetime) -> None:
    """Keep what happened, each once for its message id, and begin the follow-ups of looks. Nothing
    of it is about orders; the caller holds the customers. `now` is business time."""
    names = [
        each.properties.get("product_id") for each in happened if each.name == events.PRODUCT_VIEWED
    ]
    known = looks.known_products(connection, {each for each in names if isinstance(each, str)})
    listed = functools.cache(lambda: catalogue.listed(connection))
    kept, seen = [], set()
    for each in happened:
        about = _looked_at(each, known, listed)
        kept.append(replace(each, properties=about) if about else each)
        if about:
            seen.add(id(kept[-1]))
    new = events.record_new(connection, kept)
    looks.begin_follow_ups(connection, [each for each in new if id(each) in seen], now=now)


def _looked_at(
    each: Happened,
    known: Mapping[str, Mapping[str, str]],
    listed: Callable[[], Sequence[Mapping[str, Any]]],
) -> Mapping[str, str] | None:
    """What is kept of a look at a product of the catalogue, by its own id, or by the sku where a
    system has ids of its own; None for anything else."""
    if each.name != events.PRODUCT_VIEWED:
        return None
    product_id, sku = (each.properties.get(name) for name in ("product_id", "sku"))
    if isinstance(product_id, str) and product_id in known:
        return known[product_id]
    found = shelf.of_sku(listed(), sku) if isinstance(sku, str) else None
    return looks.about(found[0]) if found is not None else None


def record_of_order(
    connection: Connection,
    customer_id: str,
    event: str,
    properties: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> None:
    """Take in what the shop says of an order at `at`, business time like `now`. Raises
    CallNotValid."""
    if event == events.ORDER_COMPLETED:
        complete_order(connection, customer_id, properties, at=at, now=now)
        return
    customer_id = customers.held(connection, customer_id)
    product_of = _product_of(connection)
    order_id = order_changes.check(
        connection, customer_id, properties, at=at, product_of=product_of
    )
    # By the name that its other events have.
    told = Happened(
        customer_id=customer_id,
        name=event,
        properties={**properties, "order_id": order_id},
        occurred_at=at,
    )
    events.record_new(connection, [told])
    order_changes.settle(connection, customer_id, order_id, product_of=product_of)
    log.info(
        "An order was changed.",
        extra={"action": "order_changed", "customer_id": customer_id, "order_id": order_id},
    )


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
        product_of=_product_of(connection),
    )
    is_new = purchases.complete(connection, customer_id, bought, now=now)
    if is_new:
        whose = customers.held(connection, customer_id)
        order_changes.settle(connection, whose, bought.order_id, product_of=_product_of(connection))
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


def _product(
    connection: Connection, product_id: str | None, sku: str | None
) -> Mapping[str, Any] | None:
    """By the catalogue's own id, or by the sku where a system has ids of its own."""
    named = catalogue.product(connection, product_id) if product_id is not None else None
    if named is not None or sku is None:
        return named
    found = shelf.of_sku(catalogue.listed(connection), sku)
    return found[0] if found else None


def _product_of(connection: Connection) -> completed_orders.ProductOf:
    """The catalogue's own id; as it was told if the catalogue has no such product."""

    def product_of(product_id: str | None, sku: str | None) -> str | None:
        found = _product(connection, product_id, sku)
        return str(found["product_id"]) if found else product_id or sku

    return product_of
