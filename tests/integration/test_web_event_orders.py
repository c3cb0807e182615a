"""What the shop tells of an order after it was completed: the order is what all of that makes of
it, whichever is told first.
"""

from __future__ import annotations

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from memory import addresses
from memory.recall import recall
from memory.tables import order_lines, orders
from tests.web_site import RunningSite

NOW = datetime.now(UTC)
LINES = [
    {"product_id": "ridge-gtx", "sku": "RDG-1", "price": 100, "quantity": 2},
    {"product_id": "a sock of another shop", "price": 20, "quantity": 1},
]
COMPLETED = {"order_id": "o", "total": 220, "currency": "USD", "products": LINES}

Told = tuple[str, dict[str, Any], int]
"""Event, properties, and how many minutes ago."""


def _order(site: RunningSite, told: list[Told]) -> dict[str, Any]:
    """The order of somebody new, after all of that was told in one batch."""
    user_id = f"buyer-{secrets.token_hex(6)}"
    batch = [
        {
            "type": "track",
            "userId": user_id,
            "event": event,
            "properties": {"order_id": "o", **properties},
            "timestamp": (NOW - timedelta(minutes=ago)).isoformat(),
            "messageId": secrets.token_hex(8),
        }
        for event, properties, ago in told
    ]
    with site.client(auth=(site.settings.write_key, "")) as client:
        body = {"batch": batch, "sentAt": NOW.isoformat()}
        for _ in range(2):
            answer = client.post("/v1/batch", json=body)
            assert answer.status_code == 200, answer.text
    with site.engine.connect() as connection:
        known = addresses.find(connection, "login", user_id)
        assert known is not None
        row = connection.execute(
            select(orders).where(orders.c.customer_id == known.customer_id)
        ).one()
        lines = connection.execute(
            select(order_lines.c.product_id, order_lines.c.quantity)
            .where(order_lines.c.customer_id == known.customer_id)
            .order_by(order_lines.c.line)
        ).all()
        recalled = recall(
            connection, known.customer_id, now=NOW, before_seq=1, is_proven=True
        ).given_back
    return {**row._mapping, "lines": [tuple(line) for line in lines], "came_back": set(recalled)}


@pytest.mark.parametrize(
    ("refund", "refunded"),
    [
        ({}, 220),
        ({"total": 50}, 50),
        ({"total": "50.25"}, Decimal("50.25")),
        ({"revenue": 30, "currency": "usd"}, 30),
        ({"products": [{"product_id": "ridge-gtx", "quantity": 1}]}, 100),
        ({"products": [{"product_id": "ridge-gtx", "price": 80, "quantity": 2}]}, 160),
        ({"products": [{"product_id": "never bought", "quantity": 1}]}, 0),
        ({"total": 900}, 220),
    ],
)
def test_a_refund_is_what_it_says_or_what_came_back(
    site: RunningSite, refund: dict[str, Any], refunded: Any
) -> None:
    order = _order(site, [("Order Completed", COMPLETED, 9), ("Order Refunded", refund, 5)])
    assert (order["total"], order["refunded"]) == (220, refunded)
    assert abs(order["refunded_at"] - (datetime.now(UTC) - timedelta(minutes=5))) < timedelta(
        minutes=2
    )


ALL = {str(one["product_id"]) for one in LINES}


@pytest.mark.parametrize(
    ("refunds", "came_back"),
    [
        ([], set()),
        ([{"products": LINES[:1]}], {"ridge-gtx"}),
        ([{"products": [{"product_id": "ridge-gtx"}], "total": 5}], {"ridge-gtx"}),
        (
            [{"products": [{"sku": "another", "product_id": "ridge-gtx"}]}],
            ALL,
        ),
        ([{"products": LINES[:1]}, {}], ALL),
        ([{"total": 50}], ALL),
        ([{}], ALL),
    ],
)
def test_of_an_order_given_back_in_part_only_what_is_named_came_back(
    site: RunningSite, refunds: list[dict[str, Any]], came_back: set[str]
) -> None:
    told = [("Order Refunded", one, 5 - place) for place, one in enumerate(refunds)]
    assert _order(site, [("Order Completed", COMPLETED, 9), *told])["came_back"] == came_back


def test_parts_add_up_and_never_to_more_than_the_order(site: RunningSite) -> None:
    parts: list[Told] = [("Order Refunded", {"total": 90}, ago) for ago in (5, 4)]
    assert _order(site, [("Order Completed", COMPLETED, 9), *parts])["refunded"] == 180
    more: Told = ("Order Refunded", {"total": 90}, 3)
    assert _order(site, [("Order Completed", COMPLETED, 9), *parts, more])["refunded"] == 220


def test_a_cancelled_order_is_given_back(site: RunningSite) -> None:
    for name in ("Order Cancelled", "order canceled", "Cancelled Order"):
        order = _order(site, [("Order Completed", COMPLETED, 9), (name, {}, 5)])
        assert order["refunded"] == 220


def test_the_last_update_counts_whenever_it_is_told(site: RunningSite) -> None:
    told: list[Told] = [
        ("Order Completed", COMPLETED, 30),
        ("Order Updated", {"total": 150, "products": LINES[:1]}, 10),
        ("Order Updated", {"total": 999, "products": LINES[1:]}, 20),
        ("Order Updated", {"status": "packed"}, 5),
        ("Order Refunded", {}, 4),
    ]
    for one in itertools.islice(itertools.permutations(told), 0, 120, 17):
        order = _order(site, list(one))
        assert (order["total"], order["refunded"]) == (150, 150)
        assert order["lines"] == [("ridge-gtx", 2)]
        assert abs(order["ordered_at"] - (datetime.now(UTC) - timedelta(minutes=30))) < timedelta(
            minutes=2
        )


@pytest.mark.parametrize(
    ("event", "properties", "code"),
    [
        ("Order Refunded", {"order_id": None}, "order_id_not_valid"),
        ("Order Refunded", {"total": -1}, "total_not_valid"),
        ("Order Refunded", {"products": "all"}, "products_not_valid"),
        ("Order Refunded", {"products": [{"quantity": 1}]}, "products_not_valid"),
        ("Order Refunded", {"currency": "KRW"}, "currency_not_valid"),
        ("Order Updated", {"total": "much"}, "total_not_valid"),
        ("Order Cancelled", {"order_id": ["o"]}, "order_id_not_valid"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    site: RunningSite, event: str, properties: dict[str, Any], code: str
) -> None:
    user_id = f"buyer-{secrets.token_hex(6)}"
    with site.client(auth=(site.settings.write_key, "")) as client:
        for name, told in (
            ("Order Completed", COMPLETED),
            (event, {"order_id": "o", **properties}),
        ):
            answer = client.post(
                "/v1/track", json={"userId": user_id, "event": name, "properties": told}
            )
    assert (answer.status_code, answer.json()["error"]) == (400, code)
