"""The demo shop behind the protocol: its customers, and what they bought, saw and said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shops.errors import CatalogueError, UnknownShop
from shops.goods import Product, Variant
from shops.protocol import Customer, Event, Order, Shop, Utterance
from shops.registry import open_shop, shop_names
from shops.values import Money, NaiveDatetime

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "data" / "catalogue"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def shop() -> Shop:
    return open_shop("demo", catalogue=FOLDER, now=NOW)


@pytest.fixture(scope="module")
def customers(shop: Shop) -> dict[str, Customer]:
    return {one.user_id: one for one in shop.customers()}


@pytest.fixture(scope="module")
def products(shop: Shop) -> dict[str, Product]:
    return {one.product_id: one for one in shop.products()}


@pytest.fixture(scope="module")
def variants(products: dict[str, Product]) -> dict[str, Variant]:
    return {one.sku: one for product in products.values() for one in product.variants}


def told(customer: Customer, kind: str, subject: str = "self") -> str | None:
    """The last thing a customer said of that kind."""
    values = [fact.value for fact in customer.facts if (fact.kind, fact.subject) == (kind, subject)]
    return values[-1] if values else None


def everything(shop: Shop) -> list[object]:
    return [
        *shop.customers(),
        *shop.orders(),
        *shop.events(),
        *shop.dialogue(),
    ]


def by_customer[T: (Order, Event, Utterance)](
    things: Iterable[T],
) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        found[thing.user_id].append(thing)
    return found


# -- the registry --------------------------------------------------------------------------------


def test_the_shops_there_are() -> None:
    assert shop_names() == ["demo", "empty"]


def test_an_unknown_shop_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownShop) as raised:
        open_shop("cafe24", catalogue=FOLDER, now=NOW)
    assert str(raised.value) == "there is no shop 'cafe24'; DANGOL_SHOP can be demo or empty"


@pytest.mark.parametrize("name", ["demo", "empty"])
def test_a_broken_catalogue_opens_no_shop(tmp_path: Path, name: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        open_shop(name, catalogue=tmp_path, now=NOW)
    assert raised.value.file == str(tmp_path / "store.yml")


@pytest.mark.parametrize("name", ["demo", "empty"])
def test_a_day_without_a_time_zone_is_refused(name: str) -> None:
    with pytest.raises(NaiveDatetime):
        open_shop(name, catalogue=FOLDER, now=NOW.replace(tzinfo=None))


def test_the_empty_shop_has_hours_and_nothing_else() -> None:
    empty = open_shop("empty", catalogue=FOLDER, now=NOW)
    assert empty.store().name.en == "Trailhead"
    assert [*empty.products(), *everything(empty)] == []


# -- the same people every time ------------------------------------------------------------------


def test_the_same_day_gives_the_same_people(shop: Shop) -> None:
    again = open_shop("demo", catalogue=FOLDER, now=NOW + timedelta(hours=14))
    assert everything(again) == everything(shop)


def test_another_process_gives_the_same_people() -> None:
    script = (
        "import hashlib; from datetime import datetime, UTC; from pathlib import Path\n"
        "from shops.registry import open_shop\n"
        f"shop = open_shop('demo', catalogue=Path({str(FOLDER)!r}),"
        " now=datetime(2026, 11, 22, tzinfo=UTC))\n"
        "things = [*shop.customers(), *shop.orders(), *shop.events(), *shop.dialogue()]\n"
        "print(hashlib.sha256(repr(things).encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=PROJECT,
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_the_next_day_the_same_people_come_with_the_same_numbers(shop: Shop) -> None:
    tomorrow = open_shop("demo", catalogue=FOLDER, now=NOW + timedelta(days=1))
    assert [one.phone for one in tomorrow.customers()] == [one.phone for one in shop.customers()]
    assert {one.event_id for one in tomorrow.events()} == {one.event_id for one in shop.events()}
    owners = {one.order_id: one.user_id for one in shop.orders()}
    assert owners == {one.order_id: one.user_id for one in tomorrow.orders()}


# -- the customers -------------------------------------------------------------------------------


def test_there_are_two_hundred_of_two_countries(customers: dict[str, Customer]) -> None:
    assert list(customers) == [f"demo-{number:03d}" for number in range(1, 201)]
    assert Counter(one.country for one in customers.values()) == {"KR": 120, "US": 80}
    for one in customers.values():
        assert (one.country == "KR") == (one.language == "ko") == bool(HANGUL.search(one.name))


def test_nobody_can_be_reached(customers: dict[str, Customer]) -> None:
    for one in customers.values():
        if one.country == "KR":
            assert re.fullmatch(r"\+82100000\d{4}", one.phone)
            assert one.email.endswith("@example.kr")
        else:
            assert re.fullmatch(r"\+1[2-9]\d\d55501\d\d", one.phone)
            assert one.email.endswith("@example.com")


def test_nobody_shares_an_address(customers: dict[str, Customer]) -> None:
    assert len({one.phone for one in customers.values()}) == 200
    assert len({one.email for one in customers.values()}) == 200


def test_they_live_where_their_number_is(customers: dict[str, Customer]) -> None:
    lives = {"KR": {"Asia/Seoul"}, "US": {one.time_zone for one in customers.values()}}
    lives["US"] -= {"Asia/Seoul"}
    assert all(one.time_zone in lives[one.country] for one in customers.values())
    assert len(lives["US"]) >= 3
    assert all(ZoneInfo(one.time_zone) for one in customers.values())


def test_the_first_two_are_ready_for_a_demonstration(customers: dict[str, Customer]) -> None:
    father, hiker = customers["demo-001"], customers["demo-002"]
    assert (father.name, told(father, "shoe_size"), told(father, "width")) == (
        "한지훈",
        "270",
        "wide",
    )
    assert told(father, "anniversary") == "2022-07-12"
    assert told(father, "clothing_size", "child") == "90"
    assert (hiker.time_zone, told(hiker, "shoe_size")) == ("America/Los_Angeles", "275")


# -- what they bought ----------------------------------------------------------------------------


def test_some_bought_often_and_some_never(shop: Shop) -> None:
    often = Counter(one.user_id for one in shop.orders())
    assert 120 <= len(often) <= 190
    assert max(often.values()) >= 5


def test_orders_add_up_in_the_money_of_the_country(
    shop: Shop, customers: dict[str, Customer]
) -> None:
    for order in shop.orders():
        currency = "KRW" if customers[order.user_id].country == "KR" else "USD"
        whole = sum((line.unit_price.amount * line.quantity for line in order.lines), Decimal(0))
        assert order.total == Money(amount=whole, currency=currency)
        assert {line.unit_price.currency for line in order.lines} == {currency}
        assert order.lines


def test_what_they_bought_was_for_sale(
    shop: Shop, products: dict[str, Product], customers: dict[str, Customer]
) -> None:
    for order in shop.orders():
        zone = ZoneInfo(customers[order.user_id].time_zone)
        for line in order.lines:
            product = products[line.product_id]
            assert line.sku in {one.sku for one in product.variants}
            assert product.added_on <= order.ordered_at.astimezone(zone).date()


def test_shoes_they_bought_have_one_size_and_the_one_they_told(
    shop: Shop,
    products: dict[str, Product],
    variants: dict[str, Variant],
    customers: dict[str, Customer],
) -> None:
    worn: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for order in shop.orders():
        for line in order.lines:
            shoe = variants[line.sku]
            if shoe.width and products[line.product_id].for_whom != "children":
                worn[order.user_id].add((shoe.size, shoe.width))
    assert len(worn) >= 50
    for user_id, sizes in worn.items():
        (size, width) = sizes.pop()
        assert not sizes
        assert told(customers[user_id], "shoe_size") in (None, size)
        assert told(customers[user_id], "width") in (None, width)


def test_children_grow(
    shop: Shop, products: dict[str, Product], variants: dict[str, Variant]
) -> None:
    for orders in by_customer(shop.orders()).values():
        sizes = [
            int(variants[line.sku].size)
            for order in orders
            for line in order.lines
            if products[line.product_id].category == "childrens_wear"
            and variants[line.sku].width is None
        ]
        assert sizes == sorted(sizes)


def test_order_numbers_are_unique(shop: Shop) -> None:
    numbers = [one.order_id for one in shop.orders()]
    assert len(numbers) == len(set(numbers))


# -- what they looked at -------------------------------------------------------------------------


def test_views_are_of_products_and_say_where(
    shop: Shop, products: dict[str, Product], customers: dict[str, Customer]
) -> None:
    seen = [one for one in shop.events() if not one.name.startswith("Order")]
    assert len(seen) >= 300
    for event in seen:
        product = products[event.properties["product_id"]]
        language = customers[event.user_id].language
        assert event.name == "Product Viewed"
        assert event.properties["url"] == f"/products/{product.product_id}"
        assert event.properties["name"] == getattr(product.name, language)
        assert event.occurred_at > NOW - timedelta(days=62)


def test_what_was_ordered_was_sent_and_what_is_older_has_come(shop: Shop) -> None:
    told = {
        (one.properties["order_id"], one.name)
        for one in shop.events()
        if "order_id" in one.properties
    }
    orders = list(shop.orders())
    assert {(one.order_id, "Order Shipped") for one in orders} <= told
    older = [one for one in orders if one.ordered_at < NOW - timedelta(days=6)]
    assert {(one.order_id, "Order Delivered") for one in older} <= told
    assert len(told) < 2 * len(orders)


# -- what they said ------------------------------------------------------------------------------


def test_everybody_is_answered_in_the_language_they_write(
    shop: Shop, customers: dict[str, Customer]
) -> None:
    for user_id, lines in by_customer(shop.dialogue()).items():
        directions = [line.direction for line in lines]
        assert directions == ["in", "out"] * (len(lines) // 2)
        for line in lines:
            assert line.language == customers[user_id].language
            assert bool(HANGUL.search(line.text)) == (line.language == "ko")
            assert not re.search(r"[{}]|\bNone\b", line.text)


def test_a_fact_was_said_in_the_dialogue(shop: Shop, customers: dict[str, Customer]) -> None:
    said = {
        (line.user_id, line.text, line.said_at)
        for line in shop.dialogue()
        if line.direction == "in"
    }
    facts = [(one.user_id, fact) for one in customers.values() for fact in one.facts]
    assert len(facts) >= 100
    assert all((user_id, fact.said, fact.told_at) in said for user_id, fact in facts)


def test_facts_are_of_known_kinds(customers: dict[str, Customer]) -> None:
    kinds = {
        (fact.subject, fact.kind, re.sub(r"\d", "9", fact.value))
        for one in customers.values()
        for fact in one.facts
    }
    assert kinds == {
        ("self", "shoe_size", "999"),
        ("self", "width", "wide"),
        ("self", "activity", "running"),
        ("self", "activity", "hiking"),
        ("self", "colour_liked", "green"),
        ("self", "anniversary", "99-99"),
        ("self", "anniversary", "9999-99-99"),
        ("child", "clothing_size", "99"),
        ("child", "clothing_size", "999"),
    }


def test_an_american_size_is_kept_in_millimetres(customers: dict[str, Customer]) -> None:
    # US men's 9 and women's 7.5 are 270 and 245 mm in the trade's tables.
    pairs = {
        (match[0], fact.value)
        for one in customers.values()
        if one.country == "US"
        for fact in one.facts
        if fact.kind == "shoe_size" and (match := re.search(r"\d+(\.5)?", fact.said))
    }
    assert pairs <= {
        *(("5", "220"), ("5.5", "225"), ("6", "230"), ("6.5", "235"), ("7", "240")),
        *(("7.5", "245"), ("8", "250"), ("8.5", "255")),
        *(("7", "250"), ("7.5", "255"), ("8", "260"), ("8.5", "265"), ("9", "270")),
        *(("9.5", "275"), ("10", "280"), ("10.5", "285")),
    }
    assert len(pairs) >= 6


# -- all of it -----------------------------------------------------------------------------------


def test_nothing_happens_before_they_join_or_after_now(
    shop: Shop, customers: dict[str, Customer]
) -> None:
    moments = [(one.user_id, one.ordered_at) for one in shop.orders()]
    moments += [(one.user_id, one.occurred_at) for one in shop.events()]
    moments += [(one.user_id, one.said_at) for one in shop.dialogue()]
    assert all(customers[user_id].joined_at <= at < NOW for user_id, at in moments)


def test_each_customers_past_is_told_in_order(shop: Shop) -> None:
    for orders in by_customer(shop.orders()).values():
        assert orders == sorted(orders, key=lambda one: one.ordered_at)
    for events in by_customer(shop.events()).values():
        assert events == sorted(events, key=lambda one: one.occurred_at)
    for lines in by_customer(shop.dialogue()).values():
        assert lines == sorted(lines, key=lambda one: one.said_at)


def test_another_catalogue_gets_people_who_buy_from_it(tmp_path: Path) -> None:
    text = (FOLDER / "products.yml").read_text(encoding="utf-8")
    head, *entries = re.split(r"(?m)^(?=  - product_id:)", text)
    only = next(entry for entry in entries if "product_id: warm-bottle" in entry)
    (tmp_path / "products.yml").write_text(head + only, encoding="utf-8")
    (tmp_path / "store.yml").write_bytes((FOLDER / "store.yml").read_bytes())
    (tmp_path / "pictures").symlink_to(FOLDER / "pictures")
    other = open_shop("demo", catalogue=tmp_path, now=NOW)
    bought = {line.product_id for order in other.orders() for line in order.lines}
    assert bought == {"warm-bottle"}
    assert len(list(other.customers())) == 200
    assert all("‘" not in line.text or "온기" in line.text for line in other.dialogue())
