"""Orders as the shop's system reports them (Segment's e-commerce spec), read strictly: completed,
updated, given back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from memory.orders import OrderLine
from memory.purchases import Purchase
from web.tracking import CallNotValid

ProductOf = Callable[[str | None, str | None], str | None]
"""The product id for a product id and a sku as the shop's system wrote them."""

_SUMS = ("total", "revenue")
_LONGEST = 200
_MOST_LINES = 500
_MOST = Decimal(10) ** 12
_MOST_OF_ONE = 1_000_000
_MOST_CHOSEN = 30
_CENT = Decimal("0.01")


def read(
    properties: Mapping[str, Any], *, at: datetime, currency: str, product_of: ProductOf
) -> Purchase:
    """The order; `currency` is what is meant if it names none. Raises CallNotValid."""
    lines = [_line(each, product_of) for each in _products(properties)]
    return Purchase(
        order_id=_text(properties, "order_id"),
        ordered_at=at,
        total=_total(properties, lines),
        currency=_currency(properties.get("currency"), currency),
        lines=lines,
        coupon=_text(properties, "coupon") if properties.get("coupon") else None,
    )


def says_sum(properties: Mapping[str, Any]) -> bool:
    """True if it tells what the order comes to; an update may tell of something else."""
    return any(properties.get(name) for name in (*_SUMS, "products"))


def order_id(properties: Mapping[str, Any]) -> str:
    """Which order it is about. Raises CallNotValid."""
    return _text(properties, "order_id")


def given_back(
    properties: Mapping[str, Any], order: Purchase | None, *, product_of: ProductOf
) -> Decimal | None:
    """The sum of a refund: as it says, else that of the products which came back, at the price of
    the order where it names none; None if it says neither: all of it. Raises CallNotValid."""
    told = _told_sum(properties)
    products = _products(properties)
    if told is not None or not products:
        return told
    paid = {line.product_id: line.unit_price for line in order.lines} if order else {}
    sums = []
    for each in products:
        line = _line(each, product_of)
        price = line.unit_price if each.get("price") else paid.get(line.product_id, Decimal())
        sums.append(price * line.quantity)
    return sum(sums, Decimal())


def goods_back(
    properties: Mapping[str, Any], *, product_of: ProductOf
) -> list[tuple[str, str | None]]:
    """Product and sku of what came back, where a refund names it. Raises CallNotValid."""
    lines = [_line(each, product_of) for each in _products(properties)]
    return [(line.product_id, line.sku) for line in lines]


def is_in(currency: str, properties: Mapping[str, Any]) -> bool:
    """True if it is about sums in that currency, named or not. Raises CallNotValid."""
    return _currency(properties.get("currency"), currency) == currency


def _total(properties: Mapping[str, Any], lines: Sequence[OrderLine]) -> Decimal:
    """`revenue` is the sum without delivery and tax: better than nothing, as are the lines."""
    told = _told_sum(properties)
    if told is not None:
        return told
    return _amount(
        str(sum((line.unit_price * line.quantity for line in lines), Decimal())), "total"
    )


def _told_sum(properties: Mapping[str, Any]) -> Decimal | None:
    for name in _SUMS:
        if properties.get(name) not in (None, ""):
            return _amount(properties[name], name)
    return None


def _products(properties: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = properties.get("products") or []
    if (
        not isinstance(found, list)
        or len(found) > _MOST_LINES
        or not all(isinstance(each, Mapping) for each in found)
    ):
        raise CallNotValid("products_not_valid", "`products` must be a list of objects.")
    return found


def _line(given: Mapping[str, Any], product_of: ProductOf) -> OrderLine:
    ids = {
        name: _text(given, name) for name in ("product_id", "sku") if given.get(name) is not None
    }
    sku = ids.get("sku")
    product_id = product_of(ids.get("product_id"), sku)
    if product_id is None:
        raise CallNotValid("products_not_valid", "Each product needs a `product_id` or a `sku`.")
    quantity = _amount(given.get("quantity") or 1, "quantity")
    if not 1 <= quantity <= _MOST_OF_ONE or quantity != quantity.to_integral_value():
        raise CallNotValid("quantity_not_valid", "`quantity` must be a whole number from 1 on.")
    return OrderLine(
        product_id=product_id,
        sku=sku,
        quantity=int(quantity),
        unit_price=_amount(given.get("price") or 0, "price"),
        specification=_specification(given.get("specification")),
    )


def _specification(given: object) -> dict[str, str] | None:
    """How it is to be made, name by name."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or len(given) > _MOST_CHOSEN:
        raise CallNotValid(
            "specification_not_valid", f"`specification` must hold up to {_MOST_CHOSEN} texts."
        )
    return {name: _text(given, name) for name in map(str, given)} or None


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    told = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    if not isinstance(told, str) or not told.strip() or len(told) > _LONGEST:
        raise CallNotValid(
            f"{name}_not_valid", f"`{name}` must be a text of up to {_LONGEST} signs."
        )
    return told.strip()


def _amount(given: object, name: str) -> Decimal:
    """A sum that is not negative, to the cent; systems send numbers and texts alike."""
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        try:
            found = Decimal(str(given))
        except InvalidOperation:
            found = Decimal(-1)
        if found.is_finite() and 0 <= found < _MOST:
            return found.quantize(_CENT)
    raise CallNotValid(f"{name}_not_valid", f"`{name}` must be a number that is not negative.")


def _currency(given: object, usual: str) -> str:
    if given is None or given == "":
        return usual
    if not isinstance(given, str) or len(given) != 3 or not given.isascii() or not given.isalpha():
        raise CallNotValid("currency_not_valid", "`currency` must be an ISO 4217 code.")
    return given.upper()
