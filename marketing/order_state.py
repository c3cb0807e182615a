"""Where an order stands, by what the shop's system has told of it. What nobody told is not
concluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

UPDATED, REFUNDED, CANCELLED = "Order Updated", "Order Refunded", "Order Cancelled"
SHIPPED, DELIVERED = "Order Shipped", "Order Delivered"
REQUESTED = "Order Request Made"
"""What the customer asked of the shop's people in the chat: no word of the shop's."""
TOLD = (REFUNDED, CANCELLED, SHIPPED, DELIVERED, REQUESTED)


class Stage(StrEnum):
    """How far an order has come."""

    TAKEN = "taken"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


_BY_LATEST = ((CANCELLED, Stage.CANCELLED), (DELIVERED, Stage.DELIVERED), (SHIPPED, Stage.SHIPPED))


def stage_of(told: Iterable[str]) -> Stage:
    """By the names of the events that were told of it, in whatever order they came."""
    names = set(told)
    return next((stage for name, stage in _BY_LATEST if name in names), Stage.TAKEN)
