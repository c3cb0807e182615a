"""What a customer may have made for them: which choices a product leaves, what is missing, what is
not allowed, what it comes to. Reads the catalogue's JSON (docs/catalogue.md, "Made to order").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from marketing import recommendation, stock
from marketing.stock import Asked, Product, Variant

ITSELF = ""
"""The part of a product that is the product."""
DECLINED = ""
"""The value of an option that is not wanted."""
DIMENSIONS = ("product", "size", "width", "colour")
"""What a variant is picked by, in the order it is asked for."""
_SIGNS = {
    "hangul": "가-힣ㄱ-ㅎㅏ-ㅣ",
    "latin": "A-Za-z",
    "digits": "0-9",
    "marks": r".,!?'&:~♥\-",
}
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "❤": "♥", "\ufe0f": None})

Option = Mapping[str, Any]
Pick = Mapping[str, str]
Candidate = tuple[Product, Variant]


class Refused(StrEnum):
    """Why something cannot be made so."""

    TOO_LONG = "too_long"
    SIGNS = "signs"
    NOT_WITH = "not_with"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that is picked out of the stock."""

    part_id: str
    how_many: int
    product_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What has been chosen so far."""

    picks: Mapping[str, Pick] = field(default_factory=dict)
    """By part, the dimensions that are known."""
    options: Mapping[str, str] = field(default_factory=dict)
    """By option, the id of a value or a text; DECLINED if it is not wanted."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What is to be asked next: an option, or a dimension of a part."""

    name: str
    """The option's id, or the part's."""
    dimension: str | None = None
    values: tuple[str, ...] = ()
    """What may be answered; empty for a text."""


def can_be_made(product: Product) -> bool:
    """True if it leaves something to choose beside what is in stock."""
    return bool(product.get("options") or product.get("parts"))


def options(product: Product) -> Sequence[Option]:
    """Its options, in the catalogue's order."""
    return product.get("options") or ()


def option(product: Product, option_id: str) -> Option | None:
    """One of them."""
    return next((one for one in options(product) if one["id"] == option_id), None)


def parts(product: Product) -> list[Part]:
    """What is picked from the stock: the product itself, then what goes into a set."""
    itself = Part(part_id=ITSELF, how_many=1, product_ids=(str(product["product_id"]),))
    return [
        itself,
        *(
            Part(part_id=one["id"], how_many=int(one["how_many"]), product_ids=tuple(one["of"]))
            for one in product.get("parts") or ()
        ),
    ]


def fitting(part: Part, pick: Pick, listed: Iterable[Product]) -> list[Candidate]:
    """What is there of a part, in the number it takes, that fits what is known of it."""
    asked = Asked(size=pick.get("size"), width=pick.get("width"), colour=pick.get("colour"))
    return [
        (product, variant)
        for product in listed
        if product["product_id"] in part.product_ids
        and pick.get("product") in (None, product["product_id"])
        for variant in stock.variants(product, asked)
        if variant["stock"] >= part.how_many
    ]


def picked(part: Part, before: Pick, said: Pick, listed: Sequence[Product]) -> Pick | None:
    """The pick with what was said last: of what was known before, as much as still goes with it;
    None if there is nothing like what was said."""
    if not fitting(part, said, listed):
        return None
    kept = dict(said)
    for name in DIMENSIONS:
        if name in before and name not in kept:
            more = {**kept, name: before[name]}
            kept = more if fitting(part, more, listed) else kept
    return kept


def missing(product: Product, chosen: Chosen, listed: Sequence[Product]) -> Missing | None:
    """What is to be asked next; None if nothing is."""
    for part in parts(product):
        there = fitting(part, chosen.picks.get(part.part_id, {}), listed)
        for name in DIMENSIONS:
            values = tuple(dict.fromkeys(_value(one, name) for one in there))
            if len(values) > 1:
                return Missing(name=part.part_id, dimension=name, values=values)
    for one in options(product):
        if one["id"] not in chosen.options and not _excluded_by(product, one, chosen.options):
            values = tuple(str(value["id"]) for value in one.get("values") or ())
            return Missing(name=str(one["id"]), values=values)
    return None


def gone(product: Product, listed: Sequence[Product]) -> Part | None:
    """The part of which there is nothing left; None if all can be made."""
    return next((one for one in parts(product) if not fitting(one, {}, listed)), None)


def written(text: str) -> str:
    """A text as it is made: composed, its spaces single, its quotes straight."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_STRAIGHT).split())


def refused(product: Product, wanted: Option, value: str, others: Mapping[str, str]) -> str | None:
    """Why an option cannot be had so beside the `others`; None if it can: a Refused."""
    if value == DECLINED:
        return None
    text = wanted.get("text")
    if text and len(value) > text["most_signs"]:
        return Refused.TOO_LONG
    if text and not re.fullmatch(f"[ {''.join(_SIGNS[one] for one in text['signs'])}]+", value):
        return Refused.SIGNS
    beside = {key: other for key, other in others.items() if key != wanted["id"]}
    return Refused.NOT_WITH if conflict(product, str(wanted["id"]), value, beside) else None


def conflict(
    product: Product, option_id: str, value: str, others: Mapping[str, str]
) -> tuple[str, str] | None:
    """The option, and its value, with which this one does not go."""
    wanted = option(product, option_id)
    assert wanted is not None
    found = _excluded_by(product, wanted, others)
    if found:
        return found
    for other_id, other in others.items():
        beside = option(product, other_id)
        if beside and other != DECLINED and _excluded_by(product, beside, {option_id: value}):
            return other_id, other
    return None


def _excluded_by(
    product: Product, wanted: Option, others: Mapping[str, str]
) -> tuple[str, str] | None:
    for other_id, values in (wanted.get("not_with") or {}).items():
        other = others.get(other_id, DECLINED)
        if other != DECLINED and other in values:
            return other_id, other
    return None


def price(product: Product, chosen: Mapping[str, str], currency: str) -> Decimal:
    """What one of it comes to with these options, by id."""
    total = recommendation.price(product, currency)
    for one in options(product):
        value = chosen.get(str(one["id"]), DECLINED)
        if value != DECLINED:
            total += surcharge(one, value, currency)
    return total


def surcharge(wanted: Option, value: str | None, currency: str) -> Decimal:
    """What an option, or a value of it, costs on top."""
    named = (one for one in wanted.get("values") or () if one["id"] == value)
    sums = (one.get("surcharge") or {} for one in (wanted, *named))
    return sum((Decimal(str(one.get(currency, "0"))) for one in sums), Decimal())


def sku(product: Product, chosen: Chosen, listed: Sequence[Product]) -> str:
    """The stock number of the product itself. Call it when nothing is missing."""
    itself = parts(product)[0]
    return str(fitting(itself, chosen.picks.get(ITSELF, {}), listed)[0][1]["sku"])


def specification(product: Product, chosen: Chosen, listed: Sequence[Product]) -> dict[str, str]:
    """What the shop needs to make it: by part of a set its stock number, by option the value or
    the text. Call it when nothing is missing."""
    of_parts = {
        one.part_id: str(fitting(one, chosen.picks.get(one.part_id, {}), listed)[0][1]["sku"])
        for one in parts(product)
        if one.part_id != ITSELF
    }
    wanted = (str(one["id"]) for one in options(product))
    return {
        **of_parts,
        **{one: chosen.options[one] for one in wanted if chosen.options.get(one)},
    }


def is_makeable(product: Product, given: Mapping[str, str], listed: Sequence[Product]) -> bool:
    """True if a specification is one that this product allows, with every part of its set."""
    skus = {one.part_id: one for one in parts(product) if one.part_id != ITSELF}
    known = set(skus) | {str(one["id"]) for one in options(product)}
    if set(given) - known or not set(skus) <= set(given):
        return False
    if any(_variant(part, given[name], listed) is None for name, part in skus.items()):
        return False
    chosen = {name: value for name, value in given.items() if name not in skus}
    return all(_is_allowed(product, name, value, chosen) for name, value in chosen.items())


def _is_allowed(product: Product, name: str, value: str, chosen: Mapping[str, str]) -> bool:
    wanted = option(product, name)
    assert wanted is not None
    values = [one["id"] for one in wanted.get("values") or ()]
    is_one = value in values if values else bool(value) and value == written(value)
    return is_one and refused(product, wanted, value, chosen) is None


def left(product: Product, given: Mapping[str, str], listed: Sequence[Product]) -> int | None:
    """How many can be made of what is in the set; None where nothing is."""
    found = [
        int(variant["stock"]) // part.how_many
        for part in parts(product)
        if part.part_id != ITSELF
        and (variant := _variant(part, given[part.part_id], listed)) is not None
    ]
    return min(found, default=None)


def _variant(part: Part, sku: str, listed: Sequence[Product]) -> Variant | None:
    """The variant of that stock number that may go into a part, there or not."""
    return next(
        (
            variant
            for product in listed
            if product["product_id"] in part.product_ids
            for variant in product["variants"]
            if variant["sku"] == sku
        ),
        None,
    )


def in_words(
    product: Product,
    given: Mapping[str, str],
    listed: Sequence[Product],
    store: Mapping[str, Any],
    language: str,
) -> Iterator[tuple[str, str]]:
    """Each line of a specification: what it is about, and what was chosen, as the shop says it."""
    for part in product.get("parts") or ():
        found = next(
            (one, variant)
            for one in listed
            for variant in one["variants"]
            if variant["sku"] == given[part["id"]]
        )
        number = f" × {part['how_many']}" if part["how_many"] > 1 else ""
        yield part["label"][language], _called(*found, store, language) + number
    for one in options(product):
        value = given.get(str(one["id"]), DECLINED)
        if value != DECLINED:
            yield one["label"][language], label_of(one, value, language)


def label_of(wanted: Option, value: str, language: str) -> str:
    """A value as the shop says it; a text stands for itself."""
    named = (one for one in wanted.get("values") or () if one["id"] == value)
    return next((str(one["label"][language]) for one in named), value)


def _called(product: Product, variant: Variant, store: Mapping[str, Any], language: str) -> str:
    colours = store.get("colours", ())
    colour = (one["label"][language] for one in colours if one["id"] == variant["colour"])
    american = variant.get("size_us") if language == "en" else None
    size = "" if variant["size"] == stock.ONE_SIZE else str(american or variant["size"])
    words = (product["name"][language], next(colour, variant["colour"]), size)
    return " ".join(filter(None, words))


def _value(candidate: Candidate, dimension: str) -> str:
    product, variant = candidate
    return str((product["product_id"] if dimension == "product" else variant.get(dimension)) or "")


def with_option(chosen: Chosen, option_id: str, value: str) -> Chosen:
    """The same, with that option so."""
    return replace(chosen, options={**chosen.options, option_id: value})


def with_pick(chosen: Chosen, part_id: str, pick: Pick) -> Chosen:
    """The same, with that part so."""
    return replace(chosen, picks={**chosen.picks, part_id: pick})
