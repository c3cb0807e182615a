"""A customer's own orders as memory tells them, with what the shop's system told of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine

from memory import customers, events, orders, purchases
from memory.orders import OrderLine
from tests import outbox_rows

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as opened:
        yield opened


def _order(
    connection: Connection, customer_id: str, number: str, *, days_ago: int, total: int = 100
) -> None:
    line = OrderLine(product_id="sori-road", sku=None, quantity=1, unit_price=Decimal(total))
    assert orders.record(
        connection,
        customer_id,
        order_id=number,
        ordered_at=NOW - timedelta(days=days_ago),
        total=Decimal(total),
        currency="KRW",
        lines=[line],
    )


def test_only_their_own_newest_first_each_with_what_was_told(connection: Connection) -> None:
    mine, other = (customers.create(connection, now=NOW) for _ in range(2))
    _order(connection, mine, "sg-1", days_ago=9)
    _order(connection, mine, "1043", days_ago=2)
    _order(connection, other, "1051", days_ago=1)
    # Systems send numbers and texts alike.
    for whose, number in ((mine, 1043), (other, "1043")):
        events.record(connection, whose, "Order Shipped", {"order_id": number}, occurred_at=NOW)
    found = orders.newest(connection, mine, limit=5)
    assert [one.order_id for one in found] == ["1043", "sg-1"]
    assert [[told.name for told in one.told] for one in found] == [["Order Shipped"], []]
    assert [len(one.lines) for one in found] == [1, 1]
    assert [one.order_id for one in orders.newest(connection, mine, limit=5, numbers=["SG-1"])] == [
        "sg-1"
    ]
    assert orders.newest(connection, mine, limit=5, numbers=["1051"]) == []


def test_what_was_spent_is_without_what_was_given_back(connection: Connection) -> None:
    mine = customers.create(connection, now=NOW)
    _order(connection, mine, "1", days_ago=400, total=1000)
    _order(connection, mine, "2", days_ago=100, total=500)
    _order(connection, mine, "3", days_ago=10, total=300)
    purchases.set_refunded(connection, mine, "3", Decimal(200), at=NOW)
    since = NOW - timedelta(days=365)
    assert orders.spent(connection, mine, currency="KRW", since=since) == 600
    assert orders.spent(connection, mine, currency="USD", since=since) == 0
