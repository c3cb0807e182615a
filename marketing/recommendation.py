"""What to show to whom: never what is not there, and with the reason why it was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from marketing import stock
from marketing.avoidance import Avoided, is_avoided, without_colours

Product = Mapping[str, Any]

MOST = 3
CHILDREN = "childrens_wear"
JACKETS = "jackets"
GIFTS = "gift_sets"
_SMALLEST = {"KRW": Decimal(1)}
_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody is looking for; None means that it does not matter."""

    category: str | None = None
    activity: str | None = None
    fond_of: str | None = None
    """An activity they are known for: it orders what is shown and excludes nothing."""
    brand: str | None = None
    colour: str | None = None
    shoe_size: str | None = None
    clothing_size: str | None = None
    width: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    """Cheaper than this."""
    currency: str = "KRW"
    for_child: bool = False
    for_grown_up: bool = False
    """Said to be for somebody who is no child; otherwise nobody knows, and gifts may be either."""
    only_shoes: bool = False
    avoided: Avoided = field(default_factory=Avoided)
    """What must not be proposed, however well it fits."""
    liked: frozenset[str] = frozenset()
    """Brands and colours that they like: they order what is shown, after the activity."""
    bought: frozenset[str] = frozenset()
    """Brands that they have bought: they order what is still alike."""
    cheapest_first: bool = False
    """Ordered by price, whatever else they like."""
    for_anybody: bool = False
    """For grown-ups and children alike."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What to show, best first, and which wishes had to be given up for it."""

    products: Sequence[Product]
    given_up: Sequence[str] = ()
    used_size: bool = False
    """True if all of them were looked up in a size."""


def choose(
    products: Sequence[Product],
    wish: Wish,
    *,
    already_shown: frozenset[str] = frozenset(),
    may_give_up: bool = True,
    most: int = MOST,
) -> Choice:
    """Up to `most` products that are in stock and fit the wish, those that suit the activity
    first (the cheapest, if that is wished for), otherwise in the shop's own order.

    If nothing fits and it `may_give_up`, wishes are given up one after the other, the least
    binding first: colour, activity, width, budget. Category, brand and size never are.
    """
    given_up: list[str] = []
    for name, current in _weaker_and_weaker(wish) if may_give_up else [(None, wish)]:
        given_up.extend([name] if name else [])
        fitting = [one for one in products if fits(one, current)]
        fresh = [one for one in fitting if one["product_id"] not in already_shown]
        if fresh:
            ranked = sorted(fresh, key=_rank(wish), reverse=True)[:most]
            return Choice(
                products=ranked,
                given_up=tuple(given_up),
                used_size=all(size_for(one, wish) for one in ranked),
            )
    return Choice(products=(), given_up=tuple(given_up))


def _weaker_and_weaker(wish: Wish) -> Iterator[tuple[str | None, Wish]]:
    """The wish, then the same with one thing less each time, and the name of that thing."""
    yield None, wish
    for name in ("colour", "activity", "width", "at_least", "at_most"):
        if getattr(wish, name) is not None:
            without: dict[str, Any] = {name: None}
            wish = replace(wish, **without)
            yield name, wish


def size_for(product: Product, wish: Wish) -> str | None:
    """The size in which this product is looked up for this wish, if it has sizes and one is
    known. A child's things are never looked up in the grown-up's sizes."""
    if stock.is_in_one_size(product):
        return None
    if (product["for_whom"] == "children") != wish.for_child:
        return None
    if stock.has_widths(product):
        return wish.shoe_size
    is_worn = product["category"] in (JACKETS, CHILDREN)
    return wish.clothing_size if is_worn else None


def price(product: Product, currency: str) -> Decimal:
    """What it costs. Raises KeyError if it is not sold in that currency."""
    return Decimal(str(product["price"][currency]))


def reduced(product: Product, currency: str, percent: int, quantity: int = 1) -> Decimal:
    """What so many cost with so much off, the reduction rounded to the smallest coin as at the
    checkout. Raises KeyError if it is not sold in that currency."""
    full = quantity * price(product, currency)
    return full - (full * percent / 100).quantize(_SMALLEST.get(currency, _CENT), ROUND_HALF_UP)


def fits(product: Product, wish: Wish) -> bool:
    """True if the product is in stock, is all that is wished for, and nothing to be avoided."""
    product = without_colours(product, wish.avoided.colours)
    return (
        _is_for(product, wish)
        and not is_avoided(product, wish.avoided)
        and (wish.category is None or product["category"] == wish.category)
        and (wish.brand is None or product["brand"] == wish.brand)
        and (wish.activity is None or wish.activity in product["activities"])
        and wish.currency in product["price"]
        and (wish.at_least is None or price(product, wish.currency) >= wish.at_least)
        and (wish.at_most is None or price(product, wish.currency) <= wish.at_most)
        and (wish.below is None or price(product, wish.currency) < wish.below)
        and (not wish.only_shoes or stock.has_widths(product))
        and stock.left(product, _asked(product, wish)) > 0
    )


def _is_for(product: Product, wish: Wish) -> bool:
    """Children's things for children and where they are asked for by name; gifts for anybody."""
    is_childrens: bool = product["for_whom"] == "children"
    if product["category"] == GIFTS:
        return not (is_childrens and wish.for_grown_up)
    if wish.category == CHILDREN or wish.for_anybody:
        return True
    return is_childrens == wish.for_child


def _asked(product: Product, wish: Wish) -> stock.Asked:
    return stock.Asked(
        size=size_for(product, wish),
        width=wish.width if stock.has_widths(product) and not wish.for_child else None,
        colour=wish.colour,
    )


def _rank(wish: Wish) -> Callable[[Product], tuple[Decimal, int, int, int]]:
    """By the price, if that is wished for; then by what was said of doing, then of liking, then by
    what was bought."""

    def rank(product: Product) -> tuple[Decimal, int, int, int]:
        return (
            -price(product, wish.currency) if wish.cheapest_first else Decimal(),
            len({wish.activity, wish.fond_of} & set(product["activities"])),
            len(wish.liked & {product["brand"], *stock.colours(product)}),
            int(product["brand"] in wish.bought),
        )

    return rank
