"""What a shop sells: products, their variants, and what can be made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shops.values import Money, Synonyms, Words


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One thing that can be put into a basket."""

    sku: str
    size: str
    """Shoes: millimetres; children's clothes: height in centimetres; else a letter, or `one`."""
    size_us: str | None
    """The same size as an American knows it; shoes always have it."""
    width: str | None
    """Of shoes: an id of `Store.widths`."""
    colour: str
    """An id of `Store.colours`."""
    stock: int
    """How many are left, at least 0."""


SIGNS = ("hangul", "latin", "digits", "marks")
"""Kinds of signs that a text may be made of, beside the space."""


@dataclass(frozen=True, kw_only=True)
class TextRule:
    """What may be written on a product."""

    most_signs: int
    signs: tuple[str, ...]
    """Of SIGNS."""


@dataclass(frozen=True, kw_only=True)
class OptionValue:
    """One of the values that an option can have."""

    id: str
    label: Words
    synonyms: Synonyms
    surcharge: tuple[Money, ...]


@dataclass(frozen=True, kw_only=True)
class Option:
    """Something that can be made differently for one customer: a text, or one of some values."""

    id: str
    label: Words
    synonyms: Synonyms
    surcharge: tuple[Money, ...]
    """For having it at all; a value may cost more."""
    text: TextRule | None = None
    values: tuple[OptionValue, ...] = ()
    not_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By another option of the product, the values with which this one cannot be made."""


@dataclass(frozen=True, kw_only=True)
class SetPart:
    """One thing of a gift set that is picked from the stock."""

    id: str
    label: Words
    how_many: int
    of: tuple[str, ...]
    """Ids of the products it may be."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product in all its variants."""

    product_id: str
    category: str
    """An id of `Store.categories`."""
    brand: str
    """An id of `Store.brands`."""
    for_whom: str
    """women, men, everyone or children. Sizes of `everyone` are US men's."""
    name: Words
    synonyms: Synonyms
    description: Words
    material: Words
    activities: tuple[str, ...]
    """Ids of `Store.activities`."""
    price: tuple[Money, ...]
    """One for each currency the shop sells in."""
    picture: str
    """File name of the picture."""
    added_on: date
    variants: tuple[Variant, ...]
    options: tuple[Option, ...] = ()
    """What a customer may have made differently."""
    parts: tuple[SetPart, ...] = ()
    """What a customer may pick for a gift set."""

    def price_in(self, currency: str) -> Money:
        """The price in that currency. Raises KeyError if it is not sold in it."""
        for money in self.price:
            if money.currency == currency:
                return money
        raise KeyError(currency)
