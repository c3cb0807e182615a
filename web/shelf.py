"""What a shopper sees of the catalogue, in one language: names, prices, sizes, hours. Reads the
JSON that memory keeps; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import phonenumbers

from marketing import formats
from web import languages

Store = Mapping[str, Any]
Product = Mapping[str, Any]
Variant = Mapping[str, Any]

FEW = 2
"""With so many left or fewer a shopper is told so."""
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size of one row."""

    sku: str
    label: str
    also: str | None
    """The same size in the other country's measure."""
    stock: int

    @property
    def is_few(self) -> bool:
        """True if it may be gone soon."""
        return 0 < self.stock <= FEW


@dataclass(frozen=True, kw_only=True)
class Row:
    """The sizes of one colour and width."""

    colour: str
    width: str | None
    sizes: Sequence[Size]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One product on a shelf."""

    product_id: str
    name: str
    brand: str
    category: str
    category_label: str
    price: str
    picture: str
    description: str
    material: str
    size_range: str
    is_wide_too: bool
    stock: int
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Days with the same hours; `last` is None for a single day."""

    first: str
    last: str | None
    hours: str


def item(store: Store, product: Product, language: str) -> Item:
    """The product as it stands on the page."""
    variants = product["variants"]
    return Item(
        product_id=product["product_id"],
        name=product["name"][language],
        brand=label(store, "brands", product["brand"], language),
        category=product["category"],
        category_label=label(store, "categories", product["category"], language),
        price=price(product, currency(store, language), language),
        picture=picture(product),
        description=product["description"][language],
        material=product["material"][language],
        size_range=_size_range(store, variants, language),
        is_wide_too=any(variant["width"] == "wide" for variant in variants),
        stock=sum(variant["stock"] for variant in variants),
        rows=list(_rows(store, variants, language)),
    )


def of_sku(listed: Iterable[Product], sku: str) -> tuple[Product, Variant] | None:
    """The product and its variant of that stock number; None if nothing has it."""
    return next(
        (
            (product, variant)
            for product in listed
            for variant in product["variants"]
            if variant["sku"] == sku
        ),
        None,
    )


def label(store: Store, group: str, term_id: str, language: str) -> str:
    """What the shop calls one of its terms; the id itself if it has no name for it."""
    for term in store.get(group, ()):
        if term["id"] == term_id:
            return str(term["label"][language])
    return term_id


def picture(product: Product) -> str:
    """The address of its picture."""
    return f"/pictures/{product['picture']}"


def width_of(store: Store, variant: Variant, language: str) -> str | None:
    """How wide it is, in words; None for what has no widths."""
    width = variant["width"]
    return label(store, "widths", width, language) if width else None


def told(store: Store, language: str, *names: str) -> str:
    """What the shop says about itself under those names; empty if it says nothing."""
    found: Any = store
    for name in (*names, language):
        found = found.get(name, {})
    return found if isinstance(found, str) else ""


def currency(store: Store, language: str) -> str:
    """What this face of the shop charges in."""
    own = "KRW" if language == languages.KOREAN else "USD"
    return str(store.get("currency", {}).get(language, own))


def amount(product: Product, code: str) -> Decimal | None:
    """The price in that currency; None if it is not sold in it."""
    given = product["price"].get(code)
    return None if given is None else Decimal(str(given))


def price(product: Product, code: str, language: str) -> str:
    """The price as a shopper reads it: 119,000원, $99 or $9.50; empty if it is not sold in it."""
    value = amount(product, code)
    return "" if value is None else formats.money(value, code, language)


def phone(number: str) -> str:
    """A number as people of its country write it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))


def opening_hours(store: Store, language: str) -> list[Opening]:
    """The week, with days of equal hours put together."""
    hours = store.get("opening_hours", {}).get(language, {})
    found = []
    for open_hours, days in groupby(_WEEK, key=hours.get):
        listed = list(days)
        if open_hours is not None:
            last = listed[-1] if len(listed) > 1 else None
            told = formats.span(open_hours, language)
            found.append(Opening(first=listed[0], last=last, hours=told))
    return found


def _rows(store: Store, variants: Iterable[Variant], language: str) -> Iterable[Row]:
    for (colour, _), group in groupby(variants, key=lambda v: (v["colour"], v["width"])):
        alike = list(group)
        yield Row(
            colour=label(store, "colours", colour, language),
            width=width_of(store, alike[0], language),
            sizes=[_size(store, variant, language) for variant in alike],
        )


def _size(store: Store, variant: Variant, language: str) -> Size:
    shown, also = size_names(store, variant, language)
    return Size(sku=variant["sku"], label=shown, also=also, stock=variant["stock"])


def size_names(store: Store, variant: Variant, language: str) -> tuple[str, str | None]:
    """The size as this face calls it, and as the other one does if that differs."""
    own, american = label(store, "sizes", variant["size"], language), variant.get("size_us")
    if language == languages.ENGLISH and american:
        return str(american), own
    return own, f"US {american}" if american else None


def _size_range(store: Store, variants: Sequence[Variant], language: str) -> str:
    names = list(dict.fromkeys(size_names(store, each, language)[0] for each in variants))
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
