"""What had happened before a conversation began, written with the verbs of `memory`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from marketing.campaigns import WISH_DONE
from marketing.decisions import Reason
from memory import (
    addresses,
    catalogue,
    consents,
    customers,
    due,
    events,
    facts,
    hearing,
    offers,
    orders,
    points,
    purchases,
    turns,
    voice,
)
from memory.engine import Connection
from memory.offers import Offer
from memory.orders import OrderLine
from memory.purchases import Purchase

LONG_AGO = timedelta(days=30)


def had_number(connection: Connection, customer_id: str, number: str, *, now: datetime) -> int:
    """They proved the number by a code."""
    address_id = addresses.add(
        connection, customer_id=customer_id, kind="phone", value=number, proof="code", now=now
    )
    assert address_id is not None
    return address_id


def viewed(
    connection: Connection, customer_id: str, product_ids: Sequence[str], *, now: datetime
) -> None:
    """They saw these pages five minutes ago."""
    for product_id in product_ids:
        events.record(
            connection,
            customer_id,
            events.PRODUCT_VIEWED,
            {"product_id": product_id},
            occurred_at=now - timedelta(minutes=5),
        )


def bought(
    connection: Connection, customer_id: str, product_ids: Sequence[str], *, now: datetime
) -> None:
    """They bought these, one order each."""
    for product_id in product_ids:
        orders.record(
            connection,
            customer_id,
            order_id=secrets.token_hex(4),
            ordered_at=now,
            total=Decimal(100),
            currency="KRW",
            lines=[_line(product_id)],
        )


def ordered(
    connection: Connection, customer_id: str, written: Mapping[str, Any], *, now: datetime
) -> None:
    """An order with a number, and what the shop has told of it since."""
    ordered_at = now - timedelta(days=written.get("days_ago", 1))
    order_id = str(written["number"])
    orders.record(
        connection,
        customer_id,
        order_id=order_id,
        ordered_at=ordered_at,
        total=Decimal(written.get("total", 100)),
        currency=written.get("currency", "KRW"),
        lines=[_line(*str(one).split("/")) for one in written["products"]],
    )
    for told in written.get("told", ()):
        about = {name: one for name, one in told.items() if name not in ("event", "days_ago")}
        at = now - timedelta(days=told["days_ago"])
        properties = {**about, "order_id": order_id}
        events.record(connection, customer_id, told["event"], properties, occurred_at=at)
        if "total" in told:
            back = Decimal(told["total"])
            purchases.set_refunded(connection, customer_id, order_id, back, at=at)


def filled_basket(
    connection: Connection,
    customer_id: str,
    written: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """What the shop's pages told of their basket an hour ago, in that order."""
    for one in written:
        properties = {name: value for name, value in one.items() if name != "event"}
        at = now - timedelta(hours=1)
        events.record(connection, customer_id, one["event"], properties, occurred_at=at)


def moved_points(
    connection: Connection,
    customer_id: str,
    written: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """Points that came and went, in that order."""
    for one in written:
        at = now - timedelta(days=one["days_ago"])
        key, order_id = secrets.token_hex(4), one.get("order")
        told: dict[str, Any] = {"key": key, "reason": "internal note", "now": at}
        if "expired" in one:
            points.expire(connection, customer_id, one["expired"], **told)
        elif "spent" in one:
            points.spend(connection, customer_id, one["spent"], **told, order_id=order_id)
        else:
            points.earn(connection, customer_id, one["earned"], **told, order_id=order_id)


def completes_order(
    connection: Connection, customer_id: str, product_id: str, *, now: datetime
) -> None:
    """The shop tells of an order at its price, and what is open of its kind ends."""
    product = catalogue.product(connection, product_id)
    assert product is not None
    purchase = Purchase(
        order_id=secrets.token_hex(4),
        ordered_at=now,
        total=Decimal(str(product["price"]["KRW"])),
        currency="KRW",
        lines=[_line(product_id)],
    )
    assert purchases.complete(connection, customer_id, purchase, now=now)


def _line(product_id: str, sku: str | None = None) -> OrderLine:
    return OrderLine(product_id=product_id, sku=sku, quantity=1, unit_price=Decimal(100))


def consented(
    connection: Connection, customer_id: str, purposes: Sequence[str], *, now: datetime
) -> None:
    """They agreed to these, on their number."""
    numbers = [one for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"]
    for purpose in purposes:
        consents.record(
            connection,
            customer_id,
            purpose=purpose,
            action="given",
            evidence={"text": "…"},
            now=now,
            address_id=numbers[0].address_id,
        )


def was_offered(
    connection: Connection, customer_id: str, written: Mapping[str, Any], *, now: datetime
) -> Offer:
    """An offer that is open, told on the channel `written` names (else by text) as part of the
    conversation."""
    product = catalogue.product(connection, written["product"])
    assert product is not None
    told_at = now - timedelta(days=written.get("days_ago", 0))
    numbers = [one for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"]
    channel = written.get("channel", "sms" if numbers else "web")
    offer_id = offers.plan(
        connection,
        customer_id,
        campaign=written.get("campaign", "browse"),
        occurrence=secrets.token_hex(4),
        product_id=written["product"],
        category=product["category"],
        about=written.get("about", {}),
        language="ko",
        text=str(product["name"]["ko"]),
        now=told_at,
    )
    assert offer_id is not None
    assert offers.open_up(
        connection,
        customer_id,
        offer_id,
        channel=channel,
        address_id=numbers[0].address_id if channel == "sms" else None,
        now=told_at,
    )
    offer = offers.get(connection, customer_id, offer_id)
    turns.append(
        connection,
        customer_id,
        [turns.Utterance(text=offer.text, payload={turns.OFFER: offer_id})],
        direction="out",
        channel=channel,
        language="ko",
        at=told_at,
    )
    return offer


def was_seen_to(
    connection: Connection, customer_id: str, written: Mapping[str, Any], *, now: datetime
) -> None:
    """Everything they complained of or wished for is done: by that `product`, in those words by
    language, with that many `points`; and they could not be written to."""
    product = catalogue.product(connection, written.get("product", ""))
    everyone = voice.find(connection)
    hearing.done(
        connection,
        [one for one in everyone if one.customer_id == customer_id],
        product_id=written.get("product"),
        category=product["category"] if product else None,
        note=written.get("note"),
        thanks=written.get("points", 0),
        now=now,
    )
    for occasion in due.to_come(connection, customer_id):
        if occasion.kind == WISH_DONE:
            due.finish(connection, occasion, reason=Reason.NO_CONSENT, now=now)


def somebody_else(
    connection: Connection,
    written: Mapping[str, Any],
    *,
    link_opened_by: str | None,
    now: datetime,
) -> None:
    """Another customer with a number; `link_opened_by` has opened the link of an offer to them."""
    then = now - LONG_AGO
    address = customers.of_address(
        connection, "phone", written["number"], proof="inbound", now=then, language="ko"
    )
    owner = address.customer_id
    customers.set_name(connection, owner, written.get("name"))
    for fact in written.get("facts", ()):
        facts.learn(connection, owner, now=then, source="said", **fact)
    for order in written.get("orders", ()):
        ordered(connection, owner, order, now=now)
    if written.get("stopped"):
        addresses.set_stopped(connection, owner, address.address_id, then)
    if link_opened_by is not None:
        consented(connection, owner, ["marketing"], now=then)
        offer = was_offered(connection, owner, {"product": written["shows"]}, now=now)
        assert offers.show_to(connection, offer, link_opened_by, now=now) is not None
