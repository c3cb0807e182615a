"""Reads the blocks `options` and `parts` of a product: what a customer may have made, or picked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from shops.demo.fields import CURRENCIES, Fields
from shops.goods import SIGNS, Option, OptionValue, Product, SetPart, TextRule
from shops.values import Money

ID = "[a-z]+(_[a-z]+)*"
MOST_SIGNS = 100
MOST_TO_CHOOSE = 9
"""As many as one digit of a text message can tell apart."""
_HINT = "a short name such as engraving"
_NOTHING = tuple(Money(amount=Decimal(), currency=currency) for currency in CURRENCIES)


def read_options(product: Fields) -> Iterator[Option]:
    """The options of a product, if it has any. Raises CatalogueError."""
    if not product.has("options"):
        return
    earlier: dict[str, Option] = {}
    keys, optional = ("id", "label", "synonyms"), ("surcharge", "text", "values", "not_with")
    for fields in product.records("options", "id", keys, optional):
        if fields.has("text") == fields.has("values"):
            raise fields.refusal("", "must have either `text` or `values`")
        one = Option(
            id=fields.text("id", ID, _HINT),
            label=fields.words("label"),
            synonyms=fields.synonyms("synonyms"),
            surcharge=_surcharge(fields),
            text=_text(fields) if fields.has("text") else None,
            values=tuple(_values(fields)) if fields.has("values") else (),
            not_with=_not_with(fields, earlier),
        )
        if one.id in earlier:
            raise fields.refusal("id", "is there twice")
        earlier[one.id] = one
        yield one


def _text(option: Fields) -> TextRule:
    fields = option.inside("text", ("most_signs", "signs"))
    most, signs = fields.number("most_signs"), fields.texts("signs")
    if not 1 <= most <= MOST_SIGNS:
        raise fields.refusal("most_signs", f"must be from 1 to {MOST_SIGNS}")
    if not signs or set(signs) - set(SIGNS):
        raise fields.refusal("signs", f"must be some of {', '.join(SIGNS)}")
    return TextRule(most_signs=most, signs=signs)


def _values(option: Fields) -> Iterator[OptionValue]:
    taken: set[str] = set()
    if not 1 <= len(option.items("values")) < MOST_TO_CHOOSE:
        raise option.refusal("values", f"must be 1 to {MOST_TO_CHOOSE - 1}")
    for fields in option.records("values", "id", ("id", "label", "synonyms"), ("surcharge",)):
        one = OptionValue(
            id=fields.text("id", ID, _HINT),
            label=fields.words("label"),
            synonyms=fields.synonyms("synonyms"),
            surcharge=_surcharge(fields),
        )
        words = {one.label.ko, one.label.en, *one.synonyms.ko, *one.synonyms.en}
        claimed = {f"id {one.id}", *(word.casefold() for word in words)}
        if twice := claimed & taken:
            raise fields.refusal("", f"{sorted(twice)[0]!r} is said of another of the values")
        taken |= claimed
        yield one


def _surcharge(fields: Fields) -> tuple[Money, ...]:
    if not fields.has("surcharge"):
        return _NOTHING
    return fields.prices("surcharge", may_be_nothing=True)


def _not_with(option: Fields, earlier: dict[str, Option]) -> dict[str, tuple[str, ...]]:
    """Only of options that stand above it: they are asked for first."""
    if not option.has("not_with"):
        return {}
    others = option.inside("not_with", (), tuple(earlier))
    found = {name: others.texts(name) for name in earlier if others.has(name)}
    for name, values in found.items():
        known = [value.id for value in earlier[name].values]
        for value in values:
            if value not in known:
                raise others.refusal(name, f"{value!r} is none of its values")
    return found


def read_parts(product: Fields) -> Iterator[SetPart]:
    """The parts of a gift set, if it leaves any to choose. Raises CatalogueError."""
    if not product.has("parts"):
        return
    taken = {one["id"] for one in product.items("options")} if product.has("options") else set()
    for fields in product.records("parts", "id", ("id", "label", "how_many", "of")):
        one = SetPart(
            id=fields.text("id", ID, _HINT),
            label=fields.words("label"),
            how_many=fields.number("how_many"),
            of=fields.texts("of"),
        )
        if one.id in taken:
            raise fields.refusal("id", "is there twice")
        if not 1 <= one.how_many <= MOST_TO_CHOOSE:
            raise fields.refusal("how_many", f"must be from 1 to {MOST_TO_CHOOSE}")
        if not one.of:
            raise fields.refusal("of", "must name at least one product")
        taken.add(one.id)
        yield one


def check_parts(top: Fields, products: Sequence[Product]) -> None:
    """Parts are products of the catalogue, and no sets themselves. Raises CatalogueError."""
    plain = _plain(products)
    for product in products:
        for part in product.parts:
            for named in part.of:
                if named not in plain:
                    place = f"{product.product_id}.{part.id}.of"
                    raise top.refusal(place, f"{named!r} is no product to be put into a set")


def _plain(products: Iterable[Product]) -> frozenset[str]:
    return frozenset(one.product_id for one in products if not one.parts)
