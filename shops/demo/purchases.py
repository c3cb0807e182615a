"""What the synthetic customers bought and looked at, in sizes that fit them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

from shops.demo.people import EARLIEST_DAYS_AGO, Person
from shops.demo.taste import choose, fitting_variants, suitable
from shops.goods import Product
from shops.protocol import Event, Order, OrderLine
from shops.values import Money

PRODUCT_VIEWED = "Product Viewed"
BROWSED_FOR_DAYS = 60
SHIPPED, DELIVERED = "Order Shipped", "Order Delivered"
_SHIPPED_AFTER, _DELIVERED_AFTER = timedelta(hours=18), timedelta(days=2, hours=3)
_ALL_DELIVERED_DAYS_AGO = 5
_ORDERS = ((0, 1, 2, 3, 5, 9), (3, 5, 4, 3, 2, 1))
"""How many times somebody ordered, and how many customers in 18 did so."""
_VISITS = ((0, 1, 2, 4, 7), (6, 5, 4, 2, 1))


def orders_of(person: Person, products: Sequence[Product], currency: str) -> list[Order]:
    """The person's orders, oldest first."""
    draw = person.draw("orders")
    days = _days_ago(draw, draw.choices(*_ORDERS)[0], person.days_known)
    orders = [
        _order(person, number, days_ago, products, currency)
        for number, days_ago in enumerate(days, start=1)
    ]
    return sorted((order for order in orders if order.lines), key=lambda order: order.ordered_at)


def views_of(person: Person, products: Sequence[Product], currency: str) -> list[Event]:
    """The product pages the person opened lately, oldest first."""
    draw = person.draw("views")
    known = min(BROWSED_FOR_DAYS, person.days_known)
    views: list[Event] = []
    for days_ago in _days_ago(draw, draw.choices(*_VISITS)[0], known):
        at = person.moment(draw, days_ago)
        on_sale = suitable(person, products, person.day(days_ago))
        for _ in range(draw.randint(1, 4) if on_sale else 0):
            at += timedelta(seconds=draw.randint(20, 240))
            event_id = f"{person.user_id}-view-{len(views) + 1}"
            seen = choose(person, draw, on_sale)
            views.append(
                Event(
                    event_id=event_id,
                    user_id=person.user_id,
                    name=PRODUCT_VIEWED,
                    properties=_viewed(person, seen, currency),
                    occurred_at=at,
                )
            )
    return sorted(views, key=lambda view: view.occurred_at)


def deliveries_of(person: Person, orders: Sequence[Order]) -> Iterator[Event]:
    """What the shop's system told of the person's orders; the newest are on their way."""
    for order in orders:
        yield _told(order, SHIPPED, _SHIPPED_AFTER)
        if order.ordered_at.date() <= person.day(_ALL_DELIVERED_DAYS_AGO):
            yield _told(order, DELIVERED, _DELIVERED_AFTER)


def _told(order: Order, name: str, after: timedelta) -> Event:
    return Event(
        event_id=f"{order.order_id}-{name}",
        user_id=order.user_id,
        name=name,
        properties={"order_id": order.order_id},
        occurred_at=order.ordered_at + after,
    )


def _days_ago(draw: Random, many: int, most: int) -> list[int]:
    return sorted((draw.randint(EARLIEST_DAYS_AGO, most) for _ in range(many)), reverse=True)


def _order(
    person: Person, number: int, days_ago: int, products: Sequence[Product], currency: str
) -> Order:
    draw = person.draw(f"order {number}")
    ordered_at = person.moment(draw, days_ago)
    lines = tuple(_lines(person, draw, products, currency, days_ago))
    amount = sum((line.unit_price.amount * line.quantity for line in lines), Decimal())
    return Order(
        order_id=f"{1000 + person.number}{number:02d}",
        user_id=person.user_id,
        ordered_at=ordered_at,
        total=Money(amount=amount, currency=currency),
        lines=lines,
    )


def _lines(
    person: Person, draw: Random, products: Sequence[Product], currency: str, days_ago: int
) -> Iterator[OrderLine]:
    day = person.day(days_ago)
    on_sale = suitable(person, products, day)
    for _ in range(min(len(on_sale), draw.choice((1, 1, 1, 2, 2, 3)))):
        product = choose(person, draw, on_sale)
        on_sale = [other for other in on_sale if other is not product]
        yield OrderLine(
            product_id=product.product_id,
            sku=draw.choice(fitting_variants(person, product, day)).sku,
            quantity=draw.choice((1, 1, 2)) if product.category == "accessories" else 1,
            unit_price=product.price_in(currency),
        )


def _viewed(person: Person, product: Product, currency: str) -> dict[str, str]:
    name = product.name.ko if person.language == "ko" else product.name.en
    return {
        "product_id": product.product_id,
        "category": product.category,
        "name": name,
        "price": str(product.price_in(currency).amount),
        "currency": currency,
        "url": f"/products/{product.product_id}",
    }
