"""What must not be proposed to somebody: what they dislike, are allergic to, have just bought or
have sent back. Knows nothing of why it is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

Product = Mapping[str, Any]

JUST_BOUGHT = timedelta(days=90)
"""For so long the same thing is not proposed again."""

_MADE_OF: Mapping[str, re.Pattern[str]] = {
    allergen: re.compile(rf"\b({words})\b", re.IGNORECASE)
    for allergen, words in {
        "wool": "wool|merino|cashmere",
        "down": "down|feathers?",
        "leather": "leather|suede|nubuck",
        "latex": "latex|rubber",
        "rubber": "latex|rubber",
        "nickel": "nickel",
        "synthetic": "synthetic|polyester|nylon|acrylic|elastane|spandex",
        "milk": "milk|butter|cream|cheese",
        "nuts": "nuts?|almonds?|walnuts?|peanuts?|pecans?",
    }.items()
}
"""By allergen (docs/facts.md), the words for it in the English material of a product."""


@dataclass(frozen=True, kw_only=True)
class Avoided:
    """Ids of colours, brands, allergens and products."""

    colours: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    allergens: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()


def is_avoided(product: Product, avoided: Avoided) -> bool:
    """True if the product as a whole is not to be proposed; a colour alone only takes variants."""
    return (
        product["product_id"] in avoided.products
        or product["brand"] in avoided.brands
        or any(is_made_of(product, allergen) for allergen in avoided.allergens)
    )


def is_made_of(product: Product, allergen: str) -> bool:
    """True if the shop tells that the product holds it; what is not told is not known."""
    words = _MADE_OF.get(allergen)
    material = product.get("material") or {}
    return words is not None and words.search(str(material.get("en") or "")) is not None


def without_colours(product: Product, colours: frozenset[str]) -> Product:
    """The product with the variants in other colours only."""
    if not colours:
        return product
    kept = [one for one in product["variants"] if one["colour"] not in colours]
    return {**product, "variants": kept}


def just_had(orders: list[Mapping[str, Any]], now: datetime) -> frozenset[str]:
    """Products of orders of the last `JUST_BOUGHT`, and of those whose money was given back."""
    return frozenset(
        str(line["product_id"])
        for order in orders
        if Decimal(str(order.get("refunded") or 0)) > 0
        or now - datetime.fromisoformat(order["ordered_at"]) < JUST_BOUGHT
        for line in order["lines"]
    )
