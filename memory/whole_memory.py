"""All that a person of the shop needs to see of a customer whom they answer, in one piece: who it
is, what was asked, what is known, offered and bought, and the timeline. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from memory import customers, facts, hand_overs, offers, timeline
from memory.customers import Customer
from memory.facts import Fact
from memory.hand_overs import HandOver
from memory.offers import Offer
from memory.timeline import Entry

MOST_ENTRIES = 100


@dataclass(frozen=True, kw_only=True)
class WholeMemory:
    """What is kept of one customer."""

    customer: Customer
    hand_over: HandOver | None
    """The one that is open."""
    ahead: int
    """How many wait before them."""
    facts: Sequence[Fact]
    open_offers: Sequence[Offer]
    timeline: Sequence[Entry]
    """The newest first: what was said, done, bought, offered, agreed to and earned."""


def of(
    connection: Connection, customer_id: str, *, now: datetime, limit: int = MOST_ENTRIES
) -> WholeMemory:
    """Everything of that customer. Raises NotFound."""
    found = hand_overs.of_customer(connection, customer_id)
    return WholeMemory(
        customer=customers.get(connection, customer_id),
        hand_over=found,
        ahead=hand_overs.ahead_of(connection, found) if found else 0,
        facts=facts.known(connection, customer_id),
        open_offers=offers.open_ones(connection, customer_id, now=now),
        timeline=timeline.page(connection, customer_id, limit=limit),
    )
