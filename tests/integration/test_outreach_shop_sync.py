"""The shop's catalogue and people as memory has them after the first start, and after a second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from memory import addresses, catalogue, customers, facts
from memory.recall import recall
from outreach import shop_sync
from shops.protocol import Shop
from shops.registry import open_shop
from tests import outbox_rows

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "catalogue"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TABLES = (
    *("customers", "addresses", "address_lookup", "conversations", "permissions", "turns"),
    *("facts", "orders", "order_lines", "events", "products"),
)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return open_shop("demo", catalogue=CATALOGUE, now=NOW)


@pytest.fixture(scope="module")
def engine(postgres_url: str, migrated_template: str, shop: Shop) -> Iterator[Engine]:
    """A database into which the shop was loaded."""
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        shop_sync.load(opened, shop, NOW, lambda _: None)
        yield opened


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in TABLES
        }


def test_everything_the_shop_knows_is_in(engine: Engine, shop: Shop) -> None:
    everybody, orders = list(shop.customers()), list(shop.orders())
    assert counts(engine) == {
        "customers": len(everybody),
        "addresses": 3 * len(everybody),
        "address_lookup": 3 * len(everybody),
        "conversations": len(everybody),
        "permissions": len(everybody),
        "turns": len(list(shop.dialogue())),
        "facts": sum(len(customer.facts) for customer in everybody),
        "orders": len(orders),
        "order_lines": sum(len(order.lines) for order in orders),
        "events": len(list(shop.events())),
        "products": len(list(shop.products())),
    }


def test_a_second_start_changes_nothing(engine: Engine, shop: Shop) -> None:
    before = counts(engine)
    said: list[str] = []
    shop_sync.load(engine, shop, NOW, said.append)
    assert counts(engine) == before
    assert said == []


def test_the_catalogue_is_kept_in_the_shops_order_and_shape(engine: Engine, shop: Shop) -> None:
    with engine.connect() as connection:
        listed = catalogue.listed(connection)
        store = catalogue.store_profile(connection)
    assert [one["product_id"] for one in listed] == [one.product_id for one in shop.products()]
    first = next(iter(shop.products()))
    assert listed[0]["name"] == {"ko": first.name.ko, "en": first.name.en}
    assert store["name"] == {"ko": "숲길", "en": "Trailhead"}


def test_a_customer_is_found_with_their_past(engine: Engine, shop: Shop) -> None:
    """The first of the demo customers, field by field."""
    first = next(iter(shop.customers()))
    with engine.connect() as connection:
        customer_id = customers.resolve(connection, first.user_id)
        assert customers.resolve(connection, first.phone) == customer_id
        assert customers.resolve(connection, first.email) == customer_id
        found = customers.get(connection, customer_id)
        held = {fact.kind: fact for fact in facts.known(connection, customer_id)}
        remembered = recall(connection, customer_id, now=NOW, before_seq=10_000, is_proven=True)
    assert (found.name, found.language, found.country) == (first.name, "ko", "KR")
    assert held["shoe_size"].value == 270
    assert held["shoe_size"].source == "shop"
    theirs = [order for order in shop.orders() if order.user_id == first.user_id]
    assert [order["order_id"] for order in remembered.orders] == [
        order.order_id for order in sorted(theirs, key=lambda order: order.ordered_at)[::-1][:5]
    ]
    spoken = [line.text for line in shop.dialogue() if line.user_id == first.user_id]
    assert [line["text"] for line in remembered.lately] == spoken[-12:]


def test_nobody_has_given_consent_by_being_imported(engine: Engine) -> None:
    with engine.connect() as connection:
        states = connection.execute(text("SELECT DISTINCT marketing FROM permissions")).scalars()
        assert list(states) == ["none"]


def test_a_number_that_somebody_wrote_from_stays_theirs(
    postgres_url: str, migrated_template: str, shop: Shop
) -> None:
    first = next(iter(shop.customers()))
    with outbox_rows.module_engine(postgres_url, migrated_template) as engine:
        with engine.begin() as connection:
            writer = customers.of_address(
                connection, "phone", first.phone, proof="inbound", now=NOW
            )
        shop_sync.load(engine, shop, NOW, lambda _: None)
        with engine.connect() as connection:
            customer_id = customers.resolve(connection, first.user_id)
            owner = addresses.find(connection, "phone", first.phone)
            kinds = [one.kind for one in addresses.of_customer(connection, customer_id)]
    assert owner is not None
    assert owner.customer_id == writer.customer_id != customer_id
    assert kinds == ["login", "email"]


def test_an_empty_shop_brings_nobody(postgres_url: str, migrated_template: str) -> None:
    empty = open_shop("empty", catalogue=CATALOGUE, now=NOW)
    with outbox_rows.module_engine(postgres_url, migrated_template) as engine:
        shop_sync.load(engine, empty, NOW, lambda _: None)
        assert set(counts(engine).values()) == {0}
        with engine.connect() as connection:
            assert catalogue.people_are_loaded(connection) is False


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("shoe_size", "270", 270),
        ("clothing_size", "110", "110"),
        ("width", "wide", "wide"),
        ("anniversary", "05-03", {"month": 5, "day": 3, "year": None}),
        ("birthday", "1988-02-29", {"month": 2, "day": 29, "year": 1988}),
    ],
)
def test_facts_are_kept_in_memorys_shapes(kind: str, value: str, kept: Any) -> None:
    assert shop_sync.fact_value(kind, value) == kept


@pytest.mark.parametrize("value", ["", "May 3", "5-3", "1988-02", "270"])
def test_a_day_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a day"):
        shop_sync.fact_value("anniversary", value)
