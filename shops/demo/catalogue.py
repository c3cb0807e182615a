"""Loads a catalogue from `products.yml`, `store.yml` and `pictures/`: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shops.demo.fields import Fields, read_yaml
from shops.demo.made_to_order import check_parts, read_options, read_parts
from shops.demo.picture_files import check_picture
from shops.demo.store_file import read_store
from shops.demo.survey_files import read_surveys
from shops.goods import Product, Variant
from shops.store import Store, Term

SHOE_CATEGORIES = ("running_shoes", "hiking_shoes")
CHILDREN = "childrens_wear"
FOR_WHOM = ("women", "men", "everyone", "children")
SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
SKU = "[A-Z0-9]+(-[A-Z0-9]+)*"
PICTURE = SLUG + r"\.(svg|png|jpg|webp)"
_FIELDS = (
    *("product_id", "category", "brand", "for_whom", "name", "synonyms", "description"),
    *("material", "activities", "price", "picture", "added_on", "variants"),
)
_MADE_TO_ORDER = ("options", "parts")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything the files of a catalogue say."""

    store: Store
    products: tuple[Product, ...]


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check a catalogue folder.

    Raises CatalogueError naming the file, the product and the field of the first thing wrong.
    """
    store = read_store(folder / "store.yml")
    top = read_yaml(folder / "products.yml", ("products",))
    products = tuple(_products(top, store, folder / "pictures"))
    check_parts(top, products)
    surveys = read_surveys(folder.parent / "surveys", [one.id for one in store.categories])
    return Catalogue(store=replace(store, surveys=surveys), products=products)


def _products(top: Fields, store: Store, pictures: Path) -> Iterator[Product]:
    taken: dict[tuple[str, str], str] = {}
    for fields in top.records("products", "product_id", _FIELDS, _MADE_TO_ORDER):
        product = _product(fields, store)
        for key, kind, words in _claims(product):
            for word in words:
                if (kind, word) in taken:
                    raise fields.refusal(key, f"{word!r} belongs to {taken[kind, word]} already")
            taken.update({(kind, word): product.product_id for word in words})
        check_picture(pictures / product.picture, fields)
        yield product


def _claims(product: Product) -> Iterator[tuple[str, str, list[str]]]:
    """What no other product may have: an id, stock numbers, the words it is called by."""
    yield "product_id", "product", [product.product_id]
    yield "variants", "sku", [variant.sku for variant in product.variants]
    names = [_folded(product.name.ko), _folded(product.name.en)]
    yield "name", "word", names
    spoken = (*product.synonyms.ko, *product.synonyms.en)
    yield "synonyms", "word", [word for word in map(_folded, spoken) if word not in names]


def _folded(word: str) -> str:
    return "".join(word.casefold().split())


def _product(fields: Fields, store: Store) -> Product:
    category = fields.one_of("category", _ids(store.categories))
    return Product(
        product_id=fields.text("product_id", SLUG, "a short name such as ridge-gtx"),
        category=category,
        brand=fields.one_of("brand", _ids(store.brands)),
        for_whom=fields.one_of("for_whom", FOR_WHOM),
        name=fields.words("name"),
        synonyms=fields.synonyms("synonyms"),
        description=fields.words("description"),
        material=fields.words("material"),
        activities=_activities(fields, store),
        price=fields.prices("price"),
        picture=fields.text("picture", PICTURE, "the name of a picture such as ridge-gtx.svg"),
        added_on=fields.day("added_on"),
        variants=tuple(_variants(fields, category, store)),
        options=tuple(read_options(fields)),
        parts=tuple(read_parts(fields)),
    )


def _activities(fields: Fields, store: Store) -> tuple[str, ...]:
    known = _ids(store.activities)
    for activity in (found := fields.texts("activities")):
        if activity not in known:
            raise fields.refusal("activities", f"{activity!r} is none of {', '.join(known)}")
    return found


def _variants(fields: Fields, category: str, store: Store) -> Iterator[Variant]:
    required, optional = ["sku", "size", "colour", "stock"], []
    if category in SHOE_CATEGORIES:
        required += ["size_us", "width"]
    elif category == CHILDREN:
        required, optional = [*required, "size_us"], ["width"]
    if not fields.items("variants"):
        raise fields.refusal("variants", "must hold at least one")
    skus: set[str] = set()
    for each in fields.records("variants", "sku", required, optional):
        sku = each.text("sku", SKU, "a stock number such as RDG-GRY-270-W")
        if sku in skus:
            raise each.refusal("sku", "is there twice")
        skus.add(sku)
        yield Variant(
            sku=sku,
            size=each.text("size"),
            size_us=each.text("size_us") if each.has("size_us") else None,
            width=each.one_of("width", _ids(store.widths)) if each.has("width") else None,
            colour=each.one_of("colour", _ids(store.colours)),
            stock=each.number("stock"),
        )


def _ids(terms: tuple[Term, ...]) -> tuple[str, ...]:
    return tuple(term.id for term in terms)
