"""Brings into memory what the shop's system says: its catalogue whenever it changes, its people and
their past once.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from memory import catalogue, people
from memory import engine as memory_engine
from memory.engine import Connection, Engine
from memory.orders import OrderLine
from shops.protocol import Event, Order, Shop, ToldFact, Utterance
from shops.shape import product_as_json, store_as_json

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
_DATE = re.compile(r"(?:(?P<year>[0-9]{4})-)?(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DATES = frozenset({"birthday", "anniversary"})


def load(engine: Engine, shop: Shop, now: datetime, progress: Progress) -> None:
    """Catalogue and people, before anything is served. Each in a transaction of its own, so that
    what was interrupted is done again and nothing twice. `now` is when the shop vouched for its
    people's addresses; `progress` is told in short lines."""
    if sync_catalogue(engine, shop):
        progress("The catalogue is in.")
    with memory_engine.transaction(engine, seconds=60) as connection:
        count = _load_people(connection, shop, now, progress)
    if count:
        progress(f"{count} customers are in, with their past.")
        log.info("The shop's people are in.", extra={"action": "people_loaded", "count": count})


def sync_catalogue(engine: Engine, shop: Shop) -> bool:
    """Replace the cached catalogue if the shop's has changed; returns whether it had."""
    store = store_as_json(shop.store())
    listed = [product_as_json(product) for product in shop.products()]
    with memory_engine.transaction(engine) as connection:
        has_changed = catalogue.sync(
            connection, shop_name=type(shop).__name__, store=store, listed=listed
        )
    if has_changed:
        log.info(
            "The catalogue has changed.",
            extra={"action": "catalogue_synced", "count": len(listed)},
        )
    return has_changed


def _load_people(connection: Connection, shop: Shop, now: datetime, progress: Progress) -> int:
    if not people.lock(connection):
        return 0
    found = list(_people(shop))
    if found:
        progress(f"Writing {len(found)} customers …")
        people.load(connection, found, now=now)
        catalogue.mark_people_loaded(connection)
    return len(found)


def _people(shop: Shop) -> Iterator[people.Person]:
    orders = _by_user(shop.orders())
    events = _by_user(shop.events())
    dialogue = _by_user(shop.dialogue())
    for customer in shop.customers():
        yield people.Person(
            user_id=customer.user_id,
            name=customer.name,
            language=customer.language,
            country=customer.country,
            time_zone=customer.time_zone,
            phone=customer.phone,
            email=customer.email,
            joined_at=customer.joined_at,
            facts=[_fact(told) for told in customer.facts],
            orders=[_order(order) for order in orders[customer.user_id]],
            events=[_event(event) for event in events[customer.user_id]],
            turns=[_turn(utterance) for utterance in dialogue[customer.user_id]],
        )


def _by_user[Something: Order | Event | Utterance](
    listed: Iterable[Something],
) -> defaultdict[str, list[Something]]:
    sorted_out: defaultdict[str, list[Something]] = defaultdict(list)
    for one in listed:
        sorted_out[one.user_id].append(one)
    return sorted_out


def _fact(told: ToldFact) -> people.PastFact:
    return people.PastFact(
        subject=told.subject,
        kind=told.kind,
        value=fact_value(told.kind, told.value),
        said=told.said,
        told_at=told.told_at,
    )


def fact_value(kind: str, value: str) -> Any:
    """A fact's value as memory keeps it: sizes of shoes as a number of millimetres, days of the
    year as month, day and, where told, year. Raises ValueError for a day that is none."""
    if kind == "shoe_size":
        return int(value)
    if kind not in _DATES:
        return value
    found = _DATE.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is not a day")
    year = found["year"]
    return {
        "month": int(found["month"]),
        "day": int(found["day"]),
        "year": int(year) if year else None,
    }


def _order(order: Order) -> people.PastOrder:
    return people.PastOrder(
        order_id=order.order_id,
        ordered_at=order.ordered_at,
        total=order.total.amount,
        currency=order.total.currency,
        lines=[
            OrderLine(
                product_id=line.product_id,
                sku=line.sku,
                quantity=line.quantity,
                unit_price=line.unit_price.amount,
            )
            for line in order.lines
        ],
    )


def _event(event: Event) -> people.PastEvent:
    return people.PastEvent(
        name=event.name, properties=event.properties, occurred_at=event.occurred_at
    )


def _turn(utterance: Utterance) -> people.PastTurn:
    return people.PastTurn(
        direction=utterance.direction,
        text=utterance.text,
        language=utterance.language,
        at=utterance.said_at,
    )
