"""`Order Completed` as Segment's e-commerce spec has it, and as systems really write it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from memory.orders import OrderLine
from memory.purchases import Purchase
from web import completed_orders
from web.tracking import CallNotValid

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PRODUCTS = {"SOR-NVY-270-R": "sori-road"}


def _read(**properties: Any) -> Purchase:
    return completed_orders.read(
        properties,
        at=AT,
        currency="KRW",
        product_of=lambda product_id, sku: PRODUCTS.get(sku or "", product_id or sku),
    )


def test_the_specs_own_shape_is_read() -> None:
    order = _read(
        checkout_id="c-1",
        order_id="A-1027",
        affiliation="the shop's site",
        total=27.50,
        subtotal=22.50,
        revenue=25.00,
        shipping=3,
        tax=2,
        discount=2.5,
        coupon="SPRING",
        currency="usd",
        products=[
            {"product_id": "p-1", "sku": "S-1", "price": 19, "quantity": 1},
            {"product_id": "p-2", "sku": "S-2", "price": 3.5, "quantity": 2},
        ],
    )
    assert order == Purchase(
        order_id="A-1027",
        ordered_at=AT,
        total=Decimal("27.50"),
        currency="USD",
        coupon="SPRING",
        lines=[
            OrderLine(product_id="p-1", sku="S-1", quantity=1, unit_price=Decimal("19.00")),
            OrderLine(product_id="p-2", sku="S-2", quantity=2, unit_price=Decimal("3.50")),
        ],
    )


def test_how_a_product_is_to_be_made_is_read() -> None:
    made = {"engraving": "아빠 사랑해요", "laces": "red"}
    order = _read(order_id="A-1", products=[{"sku": "S-1", "price": 1, "specification": made}])
    assert order.lines[0].specification == made
    order = _read(order_id="A-1", products=[{"sku": "S-1", "price": 1, "specification": {}}])
    assert order.lines[0].specification is None


@pytest.mark.parametrize(
    "made", ["red", ["red"], {"a": {"b": "c"}}, {"a": "x" * 201}, {str(n): "x" for n in range(31)}]
)
def test_how_it_is_to_be_made_is_a_few_short_texts(made: Any) -> None:
    with pytest.raises(CallNotValid):
        _read(order_id="A-1", products=[{"sku": "S-1", "price": 1, "specification": made}])


def test_sums_as_text_and_what_is_left_out() -> None:
    order = _read(
        order_id=1027, total="119000", products=[{"sku": "SOR-NVY-270-R", "price": "119000.0"}]
    )
    assert (order.order_id, order.total, order.currency, order.coupon) == (
        "1027",
        Decimal(119000),
        "KRW",
        None,
    )
    assert [(line.product_id, line.quantity) for line in order.lines] == [("sori-road", 1)]


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({"total": 0, "revenue": 5}, "0"),
        ({"revenue": 5}, "5"),
        (
            {"total": "", "revenue": None, "products": [{"sku": "a", "price": 2, "quantity": 3}]},
            "6",
        ),
        ({}, "0"),
    ],
)
def test_the_total_is_the_best_that_is_told(given: dict[str, Any], total: str) -> None:
    assert _read(order_id="x", **given).total == Decimal(total)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_id": None}, "order_id_not_valid"),
        ({"order_id": " "}, "order_id_not_valid"),
        ({"order_id": {"a": 1}}, "order_id_not_valid"),
        ({"order_id": "x" * 201}, "order_id_not_valid"),
        ({"total": "ten"}, "total_not_valid"),
        ({"total": -1}, "total_not_valid"),
        ({"total": [5]}, "total_not_valid"),
        ({"total": True}, "total_not_valid"),
        ({"total": 10**13}, "total_not_valid"),
        ({"total": "NaN"}, "total_not_valid"),
        ({"currency": "won"[:2]}, "currency_not_valid"),
        ({"currency": "원화원"}, "currency_not_valid"),
        ({"currency": 410}, "currency_not_valid"),
        ({"coupon": ["A"]}, "coupon_not_valid"),
        ({"products": {"a": 1}}, "products_not_valid"),
        ({"products": ["a"]}, "products_not_valid"),
        ({"products": [{}]}, "products_not_valid"),
        ({"products": [{"name": "a"}]}, "products_not_valid"),
        ({"products": [{"sku": "a"}] * 501}, "products_not_valid"),
        ({"products": [{"sku": "a", "quantity": -1}]}, "quantity_not_valid"),
        ({"products": [{"sku": "a", "quantity": 1.5}]}, "quantity_not_valid"),
        ({"products": [{"sku": "a", "quantity": 10**7}]}, "quantity_not_valid"),
        ({"products": [{"sku": "a", "price": "free"}]}, "price_not_valid"),
        ({"products": [{"sku": ["a"]}]}, "sku_not_valid"),
    ],
)
def test_what_is_no_order_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CallNotValid) as refused:
        _read(**{"order_id": "x", "total": 1, **changes})
    assert (refused.value.status, refused.value.code) == (400, code)
