"""Which products suit a synthetic customer, and in which variant they would have bought them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from shops.demo.people import Person
from shops.goods import Product, Variant


def fitting_variants(person: Person, product: Product, on: date) -> list[Variant]:
    """The variants that fit the person, or their child, on that day; stock does not matter."""
    if product.for_whom == "children":
        return [one for one in product.variants if _fits_child(person, one, on)]
    if product.for_whom not in ("everyone", person.sex):
        return []
    return [one for one in product.variants if _fits(person, one)]


def suitable(person: Person, products: Sequence[Product], on: date) -> list[Product]:
    """The products the shop had by that day and in a fitting size."""
    return [
        product
        for product in products
        if product.added_on <= on and fitting_variants(person, product, on)
    ]


def choose(person: Person, draw: Random, products: Sequence[Product]) -> Product:
    """One of the products, four times as likely if it is for what the person likes to do."""
    weights = [4 if person.activity in product.activities else 1 for product in products]
    return draw.choices(products, weights)[0]


def is_shoe_for(person: Person, product: Product) -> bool:
    """True if it is an adult's shoe that comes in the person's size and width."""
    return product.for_whom != "children" and any(
        variant.width is not None and _fits(person, variant) for variant in product.variants
    )


def _fits(person: Person, variant: Variant) -> bool:
    if variant.width is not None:
        return variant.size == person.shoe_size and variant.width == person.width
    return variant.size in ("one", person.letter)


def _fits_child(person: Person, variant: Variant, on: date) -> bool:
    if person.child_born_on is None or on < person.child_born_on:
        return False
    if variant.width is not None:
        return variant.size == person.child_shoe_size(on)
    return variant.size in ("one", person.child_clothing_size(on))
