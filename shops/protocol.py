"""What Dangol asks of a shop, whatever platform it runs on; and its customers, with what they did.

The shapes here, in `shops.goods`, `shops.store` and `shops.values` are frozen, keyword-only and
aware of time zones; they know nothing of files or platforms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from shops.goods import Product
from shops.store import Store
from shops.values import Language, Money, require_aware


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody with a log-in at the shop."""

    user_id: str
    name: str
    language: Language
    country: Literal["KR", "US"]
    time_zone: str
    phone: str
    """E.164."""
    email: str
    joined_at: datetime
    facts: tuple[ToldFact, ...]

    def __post_init__(self) -> None:
        require_aware(self.joined_at)


@dataclass(frozen=True, kw_only=True)
class ToldFact:
    """Something the customer told the shop."""

    subject: str
    """`self`, or whom it is about: `child`, `partner`."""
    kind: str
    value: str
    said: str
    """The customer's own words."""
    told_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.told_at)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One variant of a product in an order."""

    product_id: str
    sku: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, kw_only=True)
class Order:
    """A purchase the shop confirmed."""

    order_id: str
    user_id: str
    ordered_at: datetime
    total: Money
    lines: tuple[OrderLine, ...]

    def __post_init__(self) -> None:
        require_aware(self.ordered_at)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something a customer did, named as in Segment's e-commerce events."""

    event_id: str
    user_id: str
    name: str
    properties: Mapping[str, str]
    occurred_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.occurred_at)


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """One line of past dialogue, on the web chat."""

    user_id: str
    direction: Literal["in", "out"]
    """`in` is from the customer."""
    text: str
    language: Language
    said_at: datetime

    def __post_init__(self) -> None:
        require_aware(self.said_at)


class Shop(Protocol):
    """A shop platform. Iterators may page through the platform lazily; each yields a thing once."""

    def store(self) -> Store:
        """What the shop says about itself."""

    def products(self) -> Iterator[Product]:
        """Everything on sale, in the shop's own order."""

    def customers(self) -> Iterator[Customer]:
        """Everybody with a log-in."""

    def orders(self) -> Iterator[Order]:
        """Every order of those customers, oldest first for each customer."""

    def events(self) -> Iterator[Event]:
        """What those customers did, oldest first for each customer."""

    def dialogue(self) -> Iterator[Utterance]:
        """What was said with those customers, oldest first for each customer."""
