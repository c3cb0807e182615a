"""Where an order stands, by what the shop's system has told of it; and which order numbers a
message names. What nobody told is not concluded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

UPDATED, REFUNDED, CANCELLED = "Order Updated", "Order Refunded", "Order Cancelled"
SHIPPED, DELIVERED = "Order Shipped", "Order Delivered"
REQUESTED = "Order Request Made"
"""What the customer asked of the shop's people in the chat: no word of the shop's."""
TOLD = (REFUNDED, CANCELLED, SHIPPED, DELIVERED, REQUESTED)

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_SURELY = re.compile(
    r"(?:주문\s*번호\S{0,2}|#|\border\s*(?:number|no\.?|#)?)\s*[:#]?\s*"
    r"([A-Za-z]{0,3}-?\d[A-Za-z0-9-]*)"
    r"|(?<![\d.,$₩+-])(\d{4,})(?=\s*번|\s*(?:주문|어디|언제|상태|조회|취소|반품|환불|교환))"
    r"|(?<![A-Za-z0-9])([A-Za-z]{2}-[A-Za-z0-9]{5,})(?![A-Za-z0-9])",
    re.IGNORECASE,
)


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


def possible_numbers(text: str) -> frozenset[str]:
    """Everything in a message that may be an order number, in capitals."""
    found = (one.upper() for one in _TOKEN.findall(text))
    return frozenset(one for one in found if len(one) > 2 and any(sign.isdigit() for sign in one))


def number_named(text: str) -> str | None:
    """What is plainly meant as an order number, as it was written; None if nothing is."""
    found = _SURELY.search(text)
    return next(one for one in found.groups() if one) if found else None
