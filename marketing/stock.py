"""What of a product is there: in which sizes, widths and colours. Reads the catalogue's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketing import sizes

Product = Mapping[str, Any]
Variant = Mapping[str, Any]

FEW = 2
"""At most this many of one kind left is worth saying."""
ONE_SIZE = "one"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which variants are asked for; None means any."""

    size: str | None = None
    """As the customer calls it: `270`, `9.5`, `M`."""
    width: str | None = None
    colour: str | None = None


def variants(product: Product, asked: Asked) -> list[Variant]:
    """The variants that fit, in stock or not. A product without widths or in one size fits any."""
    return [one for one in product["variants"] if _fits(one, asked)]


def left(product: Product, asked: Asked) -> int:
    """How many are there of what is asked for."""
    return sum(int(one["stock"]) for one in variants(product, asked))


def all_sizes(product: Product) -> list[Variant]:
    """One variant for each size the product is made in, small to large."""
    return one_per_size(product["variants"])


def sizes_left(product: Product, asked: Asked) -> list[Variant]:
    """One variant for each size that is there, in the width and colour asked for."""
    wanted = Asked(width=asked.width, colour=asked.colour)
    return one_per_size([one for one in variants(product, wanted) if one["stock"] > 0])


def is_in_one_size(product: Product) -> bool:
    """True for what has no sizes: a pack, a gift set."""
    return all(one["size"] == ONE_SIZE for one in product["variants"])


def has_widths(product: Product) -> bool:
    """True for shoes."""
    return any(one.get("width") for one in product["variants"])


def has_two_widths(product: Product) -> bool:
    """True where the width has to be said, too."""
    return len({one.get("width") for one in product["variants"]} - {None}) > 1


def colours(product: Product) -> list[str]:
    """Ids of the colours it is made in, in the catalogue's order."""
    return list(dict.fromkeys(str(one["colour"]) for one in product["variants"]))


def is_made(product: Product, asked: Asked) -> bool:
    """True if the product exists like that, in stock or not."""
    return bool(variants(product, asked))


def _fits(variant: Variant, asked: Asked) -> bool:
    if asked.colour is not None and variant["colour"] != asked.colour:
        return False
    if asked.width is not None and variant.get("width") not in (None, asked.width):
        return False
    if asked.size is None or variant["size"] == ONE_SIZE:
        return True
    return bool({variant["size"], variant.get("size_us")} & sizes.labels(asked.size))


def one_per_size(found: Sequence[Variant]) -> list[Variant]:
    """The first variant of each size, small to large."""
    by_size = {str(one["size"]): one for one in reversed(found)}
    return list(_ordered(by_size))


def _ordered(by_size: Mapping[str, Variant]) -> Iterator[Variant]:
    for size in sizes.in_order(by_size):
        yield by_size[size]
