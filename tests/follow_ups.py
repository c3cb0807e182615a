"""A shop with its catalogue and its words, a clock that stands where a test wants it, and people
who may or may not be written to: for tests of what is planned and sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine, text

from marketing.wording import Variant
from memory import (
    addresses,
    catalogue,
    clock,
    consents,
    customers,
    decisions,
    looks,
    purchases,
    releases,
)
from memory.addresses import Address
from memory.decisions import Decision
from memory.orders import OrderLine
from memory.purchases import Purchase
from outreach.planner import Planning
from shops.protocol import Shop
from shops.registry import open_shop
from shops.shape import product_as_json, store_as_json
from tests import outbox_rows

ROOT = Path(__file__).resolve().parents[1]
SHOP_URL = "https://shop.example"
MORNING = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
"""A Wednesday, 09:30 in Seoul; the day before, 16:30 in Portland."""
KOREAN, AMERICAN = "+821000000007", "+15035550142"


@cache
def demo_shop() -> Shop:
    """The demo shop: its catalogue is what tests offer from."""
    return open_shop("demo", catalogue=ROOT / "data" / "catalogue", now=MORNING)


@cache
def _goods() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    shop = demo_shop()
    return store_as_json(shop.store()), [product_as_json(one) for one in shop.products()]


@cache
def words() -> Mapping[str, Sequence[Variant]]:
    """The responses of domain.yml."""
    domain = yaml.load((ROOT / "domain.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found: dict[str, Sequence[Variant]] = domain["responses"]
    return found


def opened(engine: Engine, *, now: datetime = MORNING) -> Engine:
    """The shop as it opens: nobody has been there, and its clock stands at `now`."""
    outbox_rows.emptied(engine)
    set_clock(engine, now)
    store, listed = _goods()
    with engine.begin() as connection:
        catalogue.sync(connection, shop_name="DemoShop", store=store, listed=listed)
    publish(engine, words())
    return engine


def publish(engine: Engine, said: Mapping[str, Sequence[Variant]]) -> None:
    """Make these words live."""
    with engine.begin() as connection:
        releases.publish(
            connection, inputs_digest="words", files={}, words=said, model=b"", now=MORNING
        )


def set_clock(engine: Engine, moment: datetime) -> None:
    """Business time is `moment` now, and goes on from there."""
    with engine.begin() as connection:
        clock.set_offset(connection, moment - datetime.now(UTC))


def now(engine: Engine) -> datetime:
    """Business time."""
    with engine.connect() as connection:
        return clock.business_now(connection)


def person(
    engine: Engine,
    number: str | None = AMERICAN,
    *,
    has_agreed: bool = True,
    at_night: bool = False,
    proof: str = "code",
    **known: Any,
) -> str:
    """Somebody with that number, who has agreed to advertisements on it, or without one; returns
    the customer id. `known` is what customers.create takes."""
    with engine.begin() as connection:
        moment = clock.business_now(connection)
        customer_id = customers.create(connection, now=moment, **known)
        if number is not None:
            addresses.add(
                connection,
                customer_id=customer_id,
                kind="phone",
                value=number,
                proof=proof,
                now=moment,
            )
    for purpose in ["marketing"] * has_agreed + ["night"] * at_night:
        agree(engine, customer_id, purpose)
    return customer_id


def phone(engine: Engine, customer_id: str) -> Address:
    """Their newest number."""
    with engine.connect() as connection:
        found = addresses.of_customer(connection, customer_id)
    return [one for one in found if one.kind == "phone"][-1]


def agree(engine: Engine, customer_id: str, purpose: str = "marketing") -> None:
    """They agree to it on their newest number, or, having none, for themselves."""
    with engine.begin() as connection:
        found = addresses.of_customer(connection, customer_id)
        consents.record(
            connection,
            customer_id,
            purpose=purpose,
            action="given",
            evidence={"text": "YES"},
            now=clock.business_now(connection),
            address_id=found[-1].address_id if found else None,
        )


def look(engine: Engine, customer_id: str, product_id: str, at: datetime | None = None) -> None:
    """They open a product's page."""
    with engine.begin() as connection:
        product = catalogue.product(connection, product_id)
        looks.record(
            connection,
            customer_id,
            product or {"product_id": product_id, "category": "gone"},
            now=at or clock.business_now(connection),
        )


def buy(engine: Engine, customer_id: str, product_id: str, order_id: str = "o-1") -> None:
    """The shop says that they have bought it."""
    line = OrderLine(product_id=product_id, sku=None, quantity=1, unit_price=Decimal("99"))
    with engine.begin() as connection:
        moment = clock.business_now(connection)
        purchases.complete(
            connection,
            customer_id,
            Purchase(
                order_id=order_id,
                ordered_at=moment,
                total=Decimal("99"),
                currency="USD",
                lines=[line],
            ),
            now=moment,
        )


def plan(engine: Engine) -> int:
    """Deal with everything that is due; returns how much that was."""
    planning = Planning(engine, SHOP_URL)
    count = 0
    while planning.plan_next():
        count += 1
    return count


def rows(engine: Engine, table: str, customer_id: str) -> list[dict[str, Any]]:
    """Everything that a table holds of a customer, in the order in which it came."""
    key = {"outbox": "outbox_id", "offers": "offer_id", "due": "due_id", "turns": "seq"}[table]
    with engine.connect() as connection:
        found = connection.execute(
            text(f"SELECT * FROM {table} WHERE customer_id = :id ORDER BY {key}"),
            {"id": customer_id},
        )
        return [dict(row._mapping) for row in found]


def record(engine: Engine, customer_id: str) -> list[Decision]:
    """Why, in the order in which it was decided."""
    with engine.connect() as connection:
        return decisions.of_customer(connection, customer_id)


def reasons(engine: Engine, customer_id: str) -> list[tuple[str, str]]:
    """The same, in short: what was decided, and the reason."""
    return [(one.decision, one.reason) for one in record(engine, customer_id)]
