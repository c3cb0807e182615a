"""The shop as a customer meets it: its products, words and prices in their language.

Reads the cached catalogue from memory; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from marketing import formats, recommendation, stock
from memory import catalogue
from memory.engine import Connection

Product = Mapping[str, Any]

_CURRENCY_OF_COUNTRY = {"KR": "KRW", "US": "USD"}
_CURRENCY_OF_LANGUAGE = {"ko": "KRW", "en": "USD"}
_NAMELESS = "Dangol"


class _Catalogues:
    """Reads the catalogue again only when it has changed: it is asked for in every turn."""

    def __init__(self) -> None:
        self._digest: str | None = None
        self._kept: tuple[Mapping[str, Any], Sequence[Product]] = ({}, ())

    def read(
        self, connection: Connection, digest: str
    ) -> tuple[Mapping[str, Any], Sequence[Product]]:
        if digest != self._digest:
            self._kept = (catalogue.store_profile(connection), catalogue.listed(connection))
            self._digest = digest
        return self._kept


@lru_cache(maxsize=1)
def _catalogues() -> _Catalogues:
    return _Catalogues()


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The catalogue and the store, told in one language and one currency."""

    store: Mapping[str, Any]
    products: Sequence[Product]
    language: str
    currency: str
    url: str

    @property
    def name(self) -> str:
        """What the shop is called."""
        return str(self.told("name") or _NAMELESS)

    @property
    def phone(self) -> str:
        """The number to call, as one dials it."""
        return formats.phone(str(self.told("phone") or ""))

    @property
    def email(self) -> str:
        """Where to write to."""
        return str(self.told("email") or "")

    def told(self, *path: str) -> Any:
        """What the store says in this language at that place of its profile; None if nothing."""
        found: Any = self.store
        for key in (*path, self.language):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def label(self, section: str, identifier: str) -> str | None:
        """The word for a category, colour, activity, width or brand; None for an unknown one."""
        for term in self.store.get(section, ()):
            if term["id"] == identifier:
                return str(term["label"][self.language])
        return None

    def product(self, product_id: object) -> Product | None:
        """A product the shop lists."""
        return next((one for one in self.products if one["product_id"] == product_id), None)

    def in_category(self, category: str) -> list[Product]:
        """The products of a category, in the shop's own order."""
        return [one for one in self.products if one["category"] == category]

    def name_of(self, product: Product) -> str:
        """What a product is called."""
        return str(product["name"][self.language])

    def price_of(self, product: Product) -> str:
        """What it costs, with the currency."""
        return self.money(recommendation.price(product, self.currency))

    def money(self, amount: Decimal) -> str:
        """A sum in the shop's currency."""
        return formats.money(amount, self.currency, self.language)

    def page_of(self, product: Product) -> str:
        """The address of its page."""
        return f"{self.url}/products/{product['product_id']}"

    def checkout_of(self, variant: Mapping[str, Any], coupon: str | None, quantity: int = 1) -> str:
        """The address of the checkout with so many in the basket, and the coupon filled in."""
        basket = {
            "sku": variant["sku"],
            "quantity": quantity,
            **({"coupon": coupon} if coupon else {}),
        }
        return f"{self.url}/checkout?{urlencode(basket)}"

    def checkout_of_made(self, sku: str, made: Mapping[str, str]) -> str:
        """The address of the checkout with one of it, made so, in the basket."""
        chosen = {f"make_{name}": value for name, value in made.items()}
        return f"{self.url}/checkout?{urlencode({'sku': sku, 'quantity': 1, **chosen})}"

    def card(self, product: Product) -> dict[str, str]:
        """A product card for the web chat."""
        return {
            "product_id": str(product["product_id"]),
            "title": self.name_of(product),
            "price": self.price_of(product),
            "url": self.page_of(product),
            "picture": f"{self.url}/pictures/{product['picture']}",
        }

    def lines(self, products: Sequence[Product]) -> str:
        """Products and their prices, one a line, for a text message; several are numbered, and a
        number chooses one of them."""
        lines = [f"{self.name_of(one)} {self.price_of(one)}" for one in products]
        if len(lines) == 1:
            return lines[0]
        return "\n".join(f"{place} {line}" for place, line in enumerate(lines, start=1))

    def size_label(self, variant: Mapping[str, Any]) -> str:
        """A size as it is called here: millimetres in Korea, American sizes in English."""
        american = variant.get("size_us")
        if self.language == "en" and american:
            return str(american)
        return str(variant["size"])

    def size_labels(self, variants: Iterable[Mapping[str, Any]]) -> str:
        """Sizes in a row."""
        labels = list(dict.fromkeys(self.size_label(one) for one in variants))
        return formats.listing(labels, self.language)

    def colours_of(self, product: Product) -> str:
        """Its colours in a row."""
        labels = (self.label("colours", colour) or colour for colour in stock.colours(product))
        return formats.listing(list(labels), self.language)


def open_shop(
    connection: Connection, digest: str, *, language: str, country: str | None, url: str
) -> Shop:
    """The shop for a customer of that language and country (`KR` pays in won, `US` in dollars).
    `digest` is the catalogue's, as recalled for this turn."""
    store, products = _catalogues().read(connection, digest)
    currency = _CURRENCY_OF_COUNTRY.get(country or "") or _CURRENCY_OF_LANGUAGE[language]
    sold_here = [one for one in products if currency in one["price"]]
    return Shop(store=store, products=sold_here, language=language, currency=currency, url=url)
