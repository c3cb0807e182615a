"""What is in the shop's basket, by what its pages have told: put in, taken out, seen, bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

ADDED, REMOVED, VIEWED, BOUGHT = (
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Order Completed",
)
TOLD = (ADDED, REMOVED, VIEWED, BOUGHT)
_MOST_OF_ONE = 99


@dataclass(frozen=True, kw_only=True)
class Line:
    """One kind of thing in the basket, as the page named it."""

    product_id: str | None
    sku: str | None
    quantity: int


def basket_of(told: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Line]:
    """The basket after all of these events, the earliest first. An order empties it; a look at the
    cart that lists its products says what it holds."""
    lines: dict[tuple[str | None, str | None], Line] = {}
    for name, properties in told:
        if name == BOUGHT:
            lines.clear()
        elif name == VIEWED and isinstance(properties.get("products"), list):
            lines.clear()
            _add(lines, _lines(properties["products"]))
        elif name == ADDED:
            _add(lines, _lines([properties]))
        elif name == REMOVED:
            _take(lines, _lines([properties]), properties)
    return list(lines.values())


def _lines(given: Sequence[Any]) -> list[Line]:
    read = [_line(each) for each in given if isinstance(each, Mapping)]
    return [one for one in read if one.product_id is not None or one.sku is not None]


def _line(given: Mapping[str, Any]) -> Line:
    quantity = given.get("quantity")
    is_whole = isinstance(quantity, int) and not isinstance(quantity, bool)
    return Line(
        product_id=_text(given.get("product_id")),
        sku=_text(given.get("sku")),
        quantity=min(max(quantity, 1), _MOST_OF_ONE) if is_whole and quantity else 1,
    )


def _text(given: object) -> str | None:
    told = str(given).strip() if isinstance(given, str | int) else ""
    return told or None


def _add(lines: dict[tuple[str | None, str | None], Line], added: Sequence[Line]) -> None:
    for one in added:
        key = (one.product_id, one.sku)
        known = lines.get(key)
        many = one.quantity + (known.quantity if known else 0)
        lines[key] = replace(one, quantity=min(many, _MOST_OF_ONE))


def _take(
    lines: dict[tuple[str | None, str | None], Line],
    removed: Sequence[Line],
    properties: Mapping[str, Any],
) -> None:
    """Without a quantity all of it."""
    for one in removed:
        key = (one.product_id, one.sku)
        known = lines.get(key)
        if known is None:
            continue
        left = known.quantity - one.quantity if properties.get("quantity") else 0
        if left > 0:
            lines[key] = replace(known, quantity=left)
        else:
            del lines[key]
