"""People of the shop with their past, written in bulk: once, when a shop is connected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import insert as upsert

from marketing.greetings import zone_of
from marketing.places import SEOUL
from marketing.told import item_of
from memory import addresses, bell, catalogue, customers, personal_dates
from memory.addresses import NewAddress
from memory.orders import OrderLine
from memory.tables import (
    address_lookup,
    conversations,
    due,
    events,
    facts,
    order_lines,
    orders,
    permissions,
    shop,
    turns,
)
from memory.tables import customers as customers_table

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PastFact:
    """Something the customer told the shop."""

    subject: str
    kind: str
    value: Any
    said: str
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class PastOrder:
    """A purchase."""

    order_id: str
    ordered_at: datetime
    total: Any
    currency: str
    lines: Sequence[OrderLine]


@dataclass(frozen=True, kw_only=True)
class PastEvent:
    """Something done."""

    name: str
    properties: Mapping[str, Any]
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class PastTurn:
    """Something said on the web chat."""

    direction: str
    text: str
    language: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a log-in at the shop, and their past, oldest first."""

    user_id: str
    name: str
    language: str
    country: str
    time_zone: str
    phone: str
    email: str
    joined_at: datetime
    facts: Sequence[PastFact]
    orders: Sequence[PastOrder]
    events: Sequence[PastEvent]
    turns: Sequence[PastTurn]


def lock(connection: Connection) -> bool:
    """Be the only one to load people until the transaction ends; False if they are loaded."""
    loaded = connection.scalar(select(shop.c.people_loaded).with_for_update())
    return not loaded


def load(connection: Connection, people: Sequence[Person], *, now: datetime) -> None:
    """Write people and their past; the shop vouches for their addresses at `now`, business time.
    Who is known by log-in already keeps their dialogue and facts; an address that is somebody
    else's stays so."""
    known = _known(connection, people)
    ids = {person.user_id: known.get(person.user_id) or customers.mint() for person in people}
    new = [person for person in people if person.user_id not in known]
    _write(connection, customers_table, (_customer(one, ids[one.user_id]) for one in new))
    _write(connection, conversations, (_conversation(one, ids[one.user_id]) for one in new))
    _write(connection, permissions, (_permission(ids[one.user_id], now) for one in new))
    _write_addresses(connection, new, ids, now)
    _write(connection, turns, (row for one in new for row in _turns(one, ids[one.user_id])))
    _write(connection, facts, (row for one in people for row in _facts(one, ids[one.user_id])))
    _write(connection, due, _occasions(connection, new, ids, now))
    bell.ring(connection, bell.DUE)
    _write(connection, orders, (row for one in people for row in _orders(one, ids[one.user_id])))
    _write(connection, order_lines, (row for one in people for row in _lines(one, ids)))
    _write(connection, events, (row for one in people for row in _events(one, ids[one.user_id])))


def _known(connection: Connection, people: Sequence[Person]) -> dict[str, str]:
    rows = connection.execute(
        select(address_lookup.c.value, address_lookup.c.customer_id).where(
            address_lookup.c.kind == "login",
            address_lookup.c.value.in_([person.user_id for person in people]),
        )
    )
    return {row.value: row.customer_id for row in rows}


def _write(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(upsert(table).on_conflict_do_nothing(), listed)


def _write_addresses(
    connection: Connection, people: Sequence[Person], ids: Mapping[str, str], now: datetime
) -> None:
    given = [
        NewAddress(customer_id=ids[one.user_id], kind=kind, value=value, proof="shop")
        for one in people
        for kind, value in (("login", one.user_id), ("phone", one.phone), ("email", one.email))
    ]
    addresses.add_all(connection, given, now=now)


def _customer(person: Person, customer_id: str) -> Row:
    return {
        "customer_id": customer_id,
        "language": person.language,
        "name": person.name,
        "country": person.country,
        "time_zone": person.time_zone,
        "created_at": person.joined_at,
    }


def _conversation(person: Person, customer_id: str) -> Row:
    return {"customer_id": customer_id, "last_seq": len(person.turns)}


def _permission(customer_id: str, now: datetime) -> Row:
    return {"customer_id": customer_id, "marketing": "none", "changed_at": now}


def _turns(person: Person, customer_id: str) -> Iterator[Row]:
    for seq, turn in enumerate(person.turns, start=1):
        yield {
            "customer_id": customer_id,
            "seq": seq,
            "direction": turn.direction,
            "channel": "web",
            "text": turn.text,
            "language": turn.language,
            "at": turn.at,
        }


def _facts(person: Person, customer_id: str) -> Iterator[Row]:
    """A fact is closed by the next of its kind, subject and item."""
    ends: dict[tuple[str, str, str], datetime] = {}
    for fact in sorted(person.facts, key=lambda fact: fact.told_at, reverse=True):
        item = item_of(fact.kind, fact.value)
        yield {
            "customer_id": customer_id,
            "subject": fact.subject,
            "kind": fact.kind,
            "item": item,
            "value": fact.value,
            "said": fact.said,
            "source": "shop",
            "confidence": 1.0,
            "valid_from": fact.told_at,
            "valid_to": ends.get((fact.subject, fact.kind, item)),
        }
        ends[fact.subject, fact.kind, item] = fact.told_at


def _occasions(
    connection: Connection, people: Sequence[Person], ids: Mapping[str, str], now: datetime
) -> Iterator[Row]:
    """The next occurrence of each day of their own that holds."""
    shops = catalogue.store_profile(connection).get("time_zone", {})
    for person in people:
        days = {
            fact.kind: fact.value
            for fact in sorted(person.facts, key=lambda fact: fact.told_at)
            if personal_dates.is_one(fact.kind, fact.subject)
        }
        for kind, value in days.items():
            otherwise = shops.get(person.language, SEOUL)
            zone = zone_of(person.time_zone, [person.phone], otherwise=otherwise)
            yield personal_dates.occasion(ids[person.user_id], kind, value, zone=zone, now=now)


def _orders(person: Person, customer_id: str) -> Iterator[Row]:
    for order in person.orders:
        yield {
            "customer_id": customer_id,
            "order_id": order.order_id,
            "ordered_at": order.ordered_at,
            "total": order.total,
            "currency": order.currency,
        }


def _lines(person: Person, ids: Mapping[str, str]) -> Iterator[Row]:
    for order in person.orders:
        for place, line in enumerate(order.lines, start=1):
            yield {
                "customer_id": ids[person.user_id],
                "order_id": order.order_id,
                "line": place,
                "product_id": line.product_id,
                "sku": line.sku,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
            }


def _events(person: Person, customer_id: str) -> Iterator[Row]:
    for event in person.events:
        yield {
            "customer_id": customer_id,
            "name": event.name,
            "properties": dict(event.properties),
            "occurred_at": event.occurred_at,
        }
