"""Where an order stands."""

from __future__ import annotations

import pytest

from marketing.order_state import Stage, stage_of


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ([], Stage.TAKEN),
        (["Order Refunded"], Stage.TAKEN),
        (["Order Request Made"], Stage.TAKEN),
        (["Order Shipped"], Stage.SHIPPED),
        (["Order Delivered", "Order Shipped"], Stage.DELIVERED),
        (["Order Cancelled", "Order Shipped"], Stage.CANCELLED),
    ],
)
def test_the_furthest_that_was_told_counts(told: list[str], stage: Stage) -> None:
    assert stage_of(told) is stage
