"""The basket of the demo shop's checkout: one product in one size, as it is or made to order, and
what it comes to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from marketing import customising, formats
from memory import catalogue, coupons
from memory.engine import Connection
from web import shelf
from web.incoming_text import without_control_characters

MADE = "make_"
"""What the names of a specification begin with in the address of the page."""
MOST = 9
"""Of one thing in one order."""
_SMALLEST = {"KRW": Decimal(1)}
_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Basket:
    """What is going to be bought, in the language of the page."""

    language: str
    product_id: str
    sku: str
    name: str
    picture: str
    size: str
    also: str | None
    width: str | None
    colour: str
    specification: Mapping[str, str]
    """How it is to be made; empty for what is taken as it is."""
    made: Sequence[tuple[str, str]]
    """The same in words, a line each."""
    stock: int
    wanted: int
    unit_price: Decimal
    currency: str
    coupon: str
    """As it was given; empty if there is none."""
    percent: int
    """What the coupon takes off; 0 if it is not valid here."""
    shipping_cost: Decimal
    free_from: Decimal | None

    @property
    def quantity(self) -> int:
        """What was wanted, as far as it is there."""
        return min(self.wanted, max(self.stock, 1))

    @property
    def is_coupon_refused(self) -> bool:
        """True if a coupon was given that does not count."""
        return bool(self.coupon) and not self.percent

    @property
    def for_analytics(self) -> dict[str, Any]:
        """As a shop's page tells GA4 of it."""
        item = {
            "item_id": self.product_id,
            "item_name": self.name,
            "price": float(self.unit_price),
            "quantity": self.quantity,
        }
        return {"currency": self.currency, "value": float(self.total), "items": [item]}

    @property
    def subtotal(self) -> Decimal:
        """Before the coupon."""
        return self.unit_price * self.quantity

    @property
    def reduction(self) -> Decimal:
        """What the coupon takes off, to the smallest coin."""
        smallest = _SMALLEST.get(self.currency, _CENT)
        return (self.subtotal * self.percent / 100).quantize(smallest, ROUND_HALF_UP)

    @property
    def shipping(self) -> Decimal:
        """Free from a sum on, after the coupon."""
        is_free = self.free_from is not None and self.subtotal - self.reduction >= self.free_from
        return Decimal() if is_free else self.shipping_cost

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal - self.reduction + self.shipping

    def money(self, amount: Decimal) -> str:
        """A sum as it is written here."""
        return formats.money(amount, self.currency, self.language)


def find(
    connection: Connection, given: Mapping[str, str], language: str, *, now: datetime
) -> Basket | None:
    """The basket of `sku`, `quantity`, `coupon` and what is to be made; None if the shop has
    nothing of that sku, does not sell it here, or cannot make it so."""
    listed = catalogue.listed(connection)
    found = shelf.of_sku(listed, given.get("sku", ""))
    store = catalogue.store_profile(connection)
    currency = shelf.currency(store, language)
    made = _specification(given)
    if found is None or shelf.amount(found[0], currency) is None:
        return None
    product, variant = found
    if made and not customising.is_makeable(product, made, listed):
        return None
    size, also = shelf.size_names(store, variant, language)
    code = without_control_characters(given.get("coupon", "")).strip()[:64]
    delivery = store.get("delivery", {})
    return Basket(
        language=language,
        product_id=product["product_id"],
        sku=variant["sku"],
        name=product["name"][language],
        picture=shelf.picture(product),
        size=size,
        also=also,
        width=shelf.width_of(store, variant, language),
        colour=shelf.label(store, "colours", variant["colour"], language),
        specification=made,
        made=list(customising.in_words(product, made, listed, store, language)) if made else [],
        stock=_stock(product, variant, made, listed),
        wanted=_quantity(given.get("quantity", "")),
        unit_price=customising.price(product, made, currency),
        currency=currency,
        coupon=code,
        percent=_percent(connection, code, product, now),
        shipping_cost=_sum(delivery, "cost", currency) or Decimal(),
        free_from=_sum(delivery, "free_from", currency),
    )


def as_order(basket: Basket, order_id: str) -> dict[str, Any]:
    """The properties of its `Order Completed`, as a shop's system reports them."""
    return {
        "order_id": order_id,
        "total": str(basket.total),
        "revenue": str(basket.subtotal - basket.reduction),
        "shipping": str(basket.shipping),
        "discount": str(basket.reduction),
        "coupon": basket.coupon if basket.percent else "",
        "currency": basket.currency,
        "products": [
            {
                "product_id": basket.product_id,
                "sku": basket.sku,
                "name": basket.name,
                "price": str(basket.unit_price),
                "quantity": basket.quantity,
                **({"specification": dict(basket.specification)} if basket.made else {}),
            }
        ],
    }


def _specification(given: Mapping[str, str]) -> dict[str, str]:
    named = {key.removeprefix(MADE): key for key in given if key.startswith(MADE)}
    return {name: customising.written(given[key]) for name, key in named.items() if given[key]}


def _stock(
    product: shelf.Product,
    variant: shelf.Variant,
    made: Mapping[str, str],
    listed: Sequence[shelf.Product],
) -> int:
    """As many as there are of it, and of everything that goes into it."""
    parts = customising.left(product, made, listed) if made else None
    here = int(variant["stock"])
    return here if parts is None else min(here, parts)


def _percent(connection: Connection, code: str, product: shelf.Product, now: datetime) -> int:
    held = coupons.valid(connection, code, now=now) if code else None
    return held.percent if held and held.product_id == product["product_id"] else 0


def _quantity(given: str) -> int:
    return min(MOST, max(1, int(given))) if given.isascii() and given.isdigit() else 1


def _sum(delivery: Mapping[str, Any], name: str, currency: str) -> Decimal | None:
    found = delivery.get(name, {}).get(currency)
    return None if found is None else Decimal(str(found))
