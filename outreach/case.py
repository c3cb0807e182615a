"""One occasion before the planner: whose it is, how they are spoken to, and what there is to say it
with. Gathered once, decided on by `planner`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketing import formats, recommendation
from marketing.places import place_of
from memory import catalogue, customers, facts, prospects
from memory.customers import Customer
from memory.due import Due
from memory.engine import Connection
from memory.facts import Fact
from memory.prospects import Number
from outreach.live_words import Words

Product = Mapping[str, Any]

_LANGUAGES = {"KR": "ko", "US": "en"}
_CURRENCY_OF_COUNTRY = {"KR": "KRW", "US": "USD"}
_CURRENCY_OF_LANGUAGE = {"ko": "KRW", "en": "USD"}
_NAMELESS = "Dangol"


@dataclass(frozen=True, kw_only=True)
class Case:
    """An occasion and everything that is known around it."""

    connection: Connection
    occasion: Due
    now: datetime
    customer: Customer
    number: Number | None
    facts: Mapping[str, Fact]
    """What the customer told of themselves, by its kind."""
    store: Mapping[str, Any]
    words: Words
    shop_url: str
    language: str
    currency: str

    @property
    def customer_id(self) -> str:
        """Whose it is."""
        return self.occasion.customer_id

    @property
    def brand(self) -> str:
        """What the shop is called in their language."""
        return str(self.store.get("name", {}).get(self.language) or _NAMELESS)

    @property
    def name(self) -> str | None:
        """What the customer is called."""
        told = self.facts.get("name")
        return str(told.value) if told else self.customer.name

    def is_sold(self, product: Product) -> bool:
        """True if it has a price in their currency."""
        return self.currency in product["price"]

    def name_of(self, product: Product) -> str:
        """What a product is called."""
        return str(product["name"][self.language])

    def price_of(self, product: Product) -> str:
        """What it costs, with the currency."""
        price = recommendation.price(product, self.currency)
        return formats.money(price, self.currency, self.language)

    def card(self, product: Product) -> dict[str, str]:
        """Its card for the web chat."""
        return {
            "product_id": str(product["product_id"]),
            "title": self.name_of(product),
            "price": self.price_of(product),
            "url": f"{self.shop_url}/products/{product['product_id']}",
            "picture": f"{self.shop_url}/pictures/{product['picture']}",
        }


def open_case(
    connection: Connection, occasion: Due, *, words: Words, shop_url: str, now: datetime
) -> Case:
    """Everything the planner needs to know. The customer's permission row is locked."""
    customer = customers.get(connection, occasion.customer_id)
    number = prospects.number(connection, occasion.customer_id, now=now)
    country = customer.country or (place_of(number.value).country if number else None) or ""
    language = customer.language or _LANGUAGES.get(country, "en")
    return Case(
        connection=connection,
        occasion=occasion,
        now=now,
        customer=customer,
        number=number,
        facts={
            fact.kind: fact
            for fact in facts.known(connection, occasion.customer_id)
            if fact.subject == "self"
        },
        store=catalogue.store_profile(connection),
        words=words,
        shop_url=shop_url,
        language=language,
        currency=_CURRENCY_OF_COUNTRY.get(country) or _CURRENCY_OF_LANGUAGE[language],
    )
