"""The basket as the shop's pages have told of it."""

from __future__ import annotations

from typing import Any

import pytest

from marketing.basket import basket_of

SHOE = {"product_id": "sori-road", "sku": "SOR-NVY-270-R"}
PACK = {"product_id": "haru-20", "sku": "HRU-1"}

Told = list[tuple[str, dict[str, Any]]]


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([], {}),
        ([("Product Added", {**SHOE, "quantity": 2})], {"sori-road": 2}),
        ([("Product Added", SHOE), ("Product Added", SHOE)], {"sori-road": 2}),
        ([("Product Added", SHOE), ("Product Removed", SHOE)], {}),
        (
            [
                ("Product Added", {**SHOE, "quantity": 3}),
                ("Product Removed", {**SHOE, "quantity": 1}),
            ],
            {"sori-road": 2},
        ),
        ([("Product Removed", SHOE), ("Product Added", PACK)], {"haru-20": 1}),
        ([("Product Added", SHOE), ("Order Completed", {"order_id": "1"})], {}),
        (
            [("Product Added", SHOE), ("Cart Viewed", {"products": [{**PACK, "quantity": 2}]})],
            {"haru-20": 2},
        ),
        ([("Product Added", SHOE), ("Cart Viewed", {"cart_id": "c"})], {"sori-road": 1}),
    ],
)
def test_what_is_left_of_it(told: Told, left: dict[str, int]) -> None:
    assert {one.product_id: one.quantity for one in basket_of(told)} == left


@pytest.mark.parametrize(
    "odd",
    [
        {"quantity": 2},
        {"product_id": ["a"]},
        {"product_id": " "},
    ],
)
def test_what_names_no_product_is_passed_over(odd: dict[str, Any]) -> None:
    assert basket_of([("Product Added", odd)]) == []


@pytest.mark.parametrize("quantity", ["many", -3, True, None, 1.5])
def test_an_odd_quantity_is_one(quantity: object) -> None:
    (line,) = basket_of([("Product Added", {**SHOE, "quantity": quantity})])
    assert line.quantity == 1
