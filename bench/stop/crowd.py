"""Customers of the bench, what they report and write, and when."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from memory import clock, customers, due, offers, outbox
from memory.engine import Connection, Engine
from settings import Settings


@dataclass
class Times:
    """Moments of the one process that measures, by its own clock."""

    due: dict[str, float] = field(default_factory=dict)
    """When the report of a customer's order was to be sent."""
    answered: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    """When another connection was told that the offer is cancelled."""
    events: int = 0
    turns: int = 0
    refused: list[str] = field(default_factory=list)


class Crowd:
    """Everybody, at a steady pace whatever the answers."""

    def __init__(self, settings: Settings, times: Times) -> None:
        self._times = times
        self._lock = threading.Lock()
        self._shop = httpx.Client(
            base_url=settings.public_base_url,
            auth=(settings.write_key, ""),
            timeout=20,
            trust_env=False,
            limits=httpx.Limits(max_connections=30, max_keepalive_connections=30),
        )
        self._visitors = httpx.Client(
            base_url=settings.public_base_url,
            timeout=20,
            trust_env=False,
            limits=httpx.Limits(max_connections=30, max_keepalive_connections=30),
        )

    def visitor(self) -> str:
        """A new visitor of the page; returns their token."""
        with_cookies = self._visitors.post("/chat/session", json={"language": "ko"})
        self._visitors.cookies.clear()
        token: str = with_cookies.raise_for_status().json()["token"]
        return token

    def buy(self, customer_id: str, product_id: str, moment: float) -> None:
        """Report an order that was to be reported at `moment`."""
        self._times.due[customer_id] = moment
        lines = [{"product_id": product_id, "quantity": 1, "price": 99}]
        self._track(
            customer_id,
            "Order Completed",
            {"order_id": secrets.token_hex(8), "total": 99, "currency": "USD", "products": lines},
        )
        self._times.answered[customer_id] = time.perf_counter()

    def look(self, customer_id: str, product_id: str) -> None:
        """Report a look."""
        self._track(customer_id, "Product Viewed", {"product_id": product_id})

    def say(self, token: str, text: str) -> None:
        """Write in the chat."""
        answer = self._visitors.post(
            "/chat/messages", json={"text": text}, headers={"Authorization": f"Bearer {token}"}
        )
        self._count(answer, "turns")

    def _track(self, customer_id: str, event: str, properties: dict[str, Any]) -> None:
        call = {
            "messageId": secrets.token_hex(8),
            "anonymousId": customer_id,
            "event": event,
            "properties": properties,
        }
        self._count(self._shop.post("/v1/track", json=call), "events")

    def _count(self, answer: httpx.Response, what: str) -> None:
        with self._lock:
            if answer.is_success:
                setattr(self._times, what, getattr(self._times, what) + 1)
            else:
                self._times.refused.append(f"{answer.status_code} {answer.text[:80]}")


def buyers_in(engine: Engine, product: dict[str, Any], count: int) -> tuple[list[str], list[str]]:
    """So many new customers with a planned offer, its text and an occasion; as many with
    nothing."""
    pending = []
    with engine.begin() as connection:
        now = clock.business_now(connection)
        for place in range(count):
            address = customers.of_address(
                connection, "phone", f"+1971555{place:04d}", proof="inbound", now=now
            )
            _offer(connection, address.customer_id, address.address_id, product, now)
            pending.append(address.customer_id)
        nothing = [customers.create(connection, now=now) for _ in range(count)]
        connection.exec_driver_sql("UPDATE outbox SET hold_until = at + interval '1 day'")
    return pending, nothing


def _offer(
    connection: Connection,
    customer_id: str,
    address_id: int,
    product: dict[str, Any],
    now: datetime,
) -> None:
    about = {"product_id": product["product_id"], "category": product["category"]}
    offer_id = offers.plan(
        connection,
        customer_id,
        campaign="browse",
        occurrence="1",
        **about,
        about={},
        language="en",
        text="…",
        now=now,
    )
    outbox.put(
        connection,
        key=f"offer:{offer_id}",
        customer_id=customer_id,
        address_id=address_id,
        message_class="advertisement",
        purpose="offer",
        offer_id=offer_id,
        body="…",
        now=now,
    )
    tomorrow = now + timedelta(days=1)
    due.put(
        connection,
        customer_id,
        kind=due.BROWSE,
        occurrence="pending",
        due_at=tomorrow,
        now=now,
        about=about,
    )


def lookers_in(engine: Engine, count: int) -> list[str]:
    """So many new customers with a telephone, who are due a follow-up after each look."""
    with engine.begin() as connection:
        now = clock.business_now(connection)
        return [
            customers.of_address(
                connection, "phone", f"+1503555{place:04d}", proof="inbound", now=now
            ).customer_id
            for place in range(count)
        ]
