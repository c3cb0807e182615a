"""The catalogue loader: what it makes of good files, and how it refuses bad ones."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from shops.demo.catalogue import load_catalogue
from shops.errors import CatalogueError, ShopError
from shops.shape import product_as_json, store_as_json
from shops.values import Money

FOLDER = Path(__file__).parents[2] / "data" / "catalogue"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 L9 9"/></svg>'
SHOE: dict[str, Any] = {
    "product_id": "moss-runner",
    "category": "running_shoes",
    "brand": "Fernwick",
    "for_whom": "everyone",
    "name": {"ko": "이끼 러너", "en": "Moss Runner"},
    "synonyms": {"ko": ["이끼"], "en": []},
    "description": {"ko": "폭신해요.", "en": "Soft."},
    "material": {"ko": "니트", "en": "Knit"},
    "activities": ["running"],
    "price": {"KRW": 99000, "USD": "89.00"},
    "picture": "moss-runner.svg",
    "added_on": date(2026, 3, 2),
    "variants": [
        {
            "sku": "MOS-270-W",
            "size": "270",
            "size_us": "9",
            "width": "wide",
            "colour": "green",
            "stock": 2,
        }
    ],
}
SCARF: dict[str, Any] = {
    **SHOE,
    "product_id": "moss-scarf",
    "category": "accessories",
    "name": {"ko": "이끼 목도리", "en": "Moss Scarf"},
    "synonyms": {"ko": [], "en": []},
    "picture": "moss-scarf.svg",
    "variants": [{"sku": "SCF", "size": "one", "colour": "green", "stock": 0}],
}

Change = Callable[[dict[str, Any]], object]


def write(folder: Path, *products: dict[str, Any], store: dict[str, Any] | None = None) -> Path:
    """A catalogue folder of these products and the demo shop's store, or another one."""
    (folder / "pictures").mkdir(exist_ok=True)
    for product in products:
        (folder / "pictures" / f"{product['product_id']}.svg").write_text(PICTURE)
    (folder / "products.yml").write_text(as_yaml({"products": list(products)}), encoding="utf-8")
    if store is None:
        shutil.copy(FOLDER / "store.yml", folder)
    else:
        (folder / "store.yml").write_text(as_yaml(store), encoding="utf-8")
    return folder


def as_yaml(value: object) -> str:
    """The value as a catalogue file holds it."""
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True)


def demo_store() -> dict[str, Any]:
    """The demo shop's store.yml, to be broken."""
    text = (FOLDER / "store.yml").read_text(encoding="utf-8")
    store: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return store


def refusal(folder: Path) -> CatalogueError:
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(folder)
    return raised.value


def set_in(value: object, *path: str | int) -> Change:
    def change(product: dict[str, Any]) -> None:
        target: Any = product
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    def change(product: dict[str, Any]) -> None:
        target: Any = product
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


def test_the_demo_shop_loads_as_written() -> None:
    catalogue = load_catalogue(FOLDER)
    ridge = next(one for one in catalogue.products if one.product_id == "ridge-gtx")
    assert ridge.name.en == "Ridge GTX"
    assert ridge.price_in("USD") == Money(amount=Decimal("159.00"), currency="USD")
    assert ridge.added_on == date(2024, 3, 4)
    assert catalogue.store.name.ko == "숲길"
    assert catalogue.store.time_zone.en == "America/Los_Angeles"


def test_a_price_in_another_currency_is_not_made_up() -> None:
    first = load_catalogue(FOLDER).products[0]
    with pytest.raises(KeyError):
        first.price_in("EUR")


def test_a_product_leaves_as_json_keyed_like_its_file() -> None:
    listed = {one.product_id: one for one in load_catalogue(FOLDER).products}
    text = (FOLDER / "products.yml").read_text(encoding="utf-8")
    written = yaml.load(text, Loader=yaml.CSafeLoader)["products"]
    for product in written:
        shape = product_as_json(listed[product["product_id"]])
        assert set(shape) == {*product, "options", "parts"}
        assert shape["price"] == {
            "KRW": str(product["price"]["KRW"]),
            "USD": product["price"]["USD"],
        }
        assert shape["variants"][0].items() >= product["variants"][0].items()
        assert shape["added_on"] == product["added_on"].isoformat()
        json.dumps(shape)


def test_the_store_leaves_as_json() -> None:
    shape = store_as_json(load_catalogue(FOLDER).store)
    assert shape["opening_hours"]["ko"]["friday"] == {"opens": "10:00", "closes": "21:00"}
    assert "sunday" not in shape["human_hours"]["en"]
    assert shape["delivery"]["free_from"] == {"KRW": "50000", "USD": "75.00"}
    assert {"id", "label", "synonyms"} == set(shape["other_brands"][0])
    assert shape["text_senders"] == {
        "KR": {"is_two_way": False, "is_a2p_registered": False, "is_kr_certified": True},
        "US": {"is_two_way": True, "is_a2p_registered": True, "is_kr_certified": False},
    }
    assert (shape["follow_up_after_seconds"], shape["price_concession_percent"]) == (20, 10)
    assert shape["gifts"]["anniversary"] == ["anniversary-box"]
    assert shape["rest_days"]["running_shoes"] == 365
    assert shape["brand_sizes"]["nike"] == -5
    assert shape["topics"]["parents_day"] == ["parents-walk-set"]
    assert shape["points"]["worth"] == {"KRW": "1", "USD": "0.01"}
    assert shape["points"]["tiers"][1]["spent_from"] == {"KRW": "300000", "USD": "250.00"}
    json.dumps(shape)


def test_a_closed_week_is_still_a_week(tmp_path: Path) -> None:
    store = demo_store()
    store["store"]["human_hours"]["ko"] = {}
    shape = store_as_json(load_catalogue(write(tmp_path, SHOE, store=store)).store)
    assert shape["human_hours"]["ko"] == {}


def test_a_shop_may_have_no_sender_of_texts(tmp_path: Path) -> None:
    store = demo_store()
    store["store"]["text_senders"] = {}
    assert load_catalogue(write(tmp_path, SHOE, store=store)).store.text_senders == {}


def test_another_shop_can_use_its_own_folder(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, SHOE, SCARF))
    assert [one.product_id for one in catalogue.products] == ["moss-runner", "moss-scarf"]
    assert catalogue.products[1].variants[0].width is None


def test_a_shop_may_have_no_products(tmp_path: Path) -> None:
    assert load_catalogue(write(tmp_path)).products == ()


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (set_in(1, "weight"), "moss-runner.weight", "not a field known here"),
        (drop("material"), "moss-runner.material", "is missing"),
        (drop("name", "en"), "moss-runner.name.en", "is missing"),
        (drop("description", "ko"), "moss-runner.description.ko", "is missing"),
        (set_in("Moss", "name"), "moss-runner.name", "must be a list of fields"),
        (set_in(" ", "name", "ko"), "moss-runner.name.ko", "is empty"),
        (set_in(None, "name", "ko"), "moss-runner.name.ko", "must be a text"),
        (set_in("a\nb", "name", "en"), "moss-runner.name.en", "one line"),
        (set_in("x" * 501, "name", "en"), "moss-runner.name.en", "at most 500"),
        (set_in(["이끼", "이끼"], "synonyms", "ko"), "moss-runner.synonyms.ko", "there twice"),
        (set_in("이끼", "synonyms", "ko"), "moss-runner.synonyms.ko", "must be a list"),
        (set_in("shoes", "category"), "moss-runner.category", "is none of running_shoes"),
        (set_in("Fernwich", "brand"), "moss-runner.brand", "is none of Fernwick"),
        (set_in("cats", "for_whom"), "moss-runner.for_whom", "is none of women"),
        (set_in(["flying"], "activities"), "moss-runner.activities", "'flying' is none of"),
        (set_in(-1, "price", "KRW"), "moss-runner.price.KRW", "-1 is not an amount"),
        (set_in(0, "price", "KRW"), "moss-runner.price.KRW", "more than nothing"),
        (set_in(99.5, "price", "KRW"), "moss-runner.price.KRW", "99.5 is not an amount"),
        (set_in(True, "price", "KRW"), "moss-runner.price.KRW", "True is not an amount"),
        (set_in("-89.00", "price", "USD"), "moss-runner.price.USD", "'-89.00' is not an amount"),
        (set_in(89.0, "price", "USD"), "moss-runner.price.USD", "in quotes"),
        (set_in("89", "price", "USD"), "moss-runner.price.USD", "is not an amount"),
        (set_in("89.00", "price", "EUR"), "moss-runner.price.EUR", "not a field known here"),
        (drop("price", "USD"), "moss-runner.price.USD", "is missing"),
        (set_in("spring", "added_on"), "moss-runner.added_on", "must be a date"),
        (set_in("../store.yml", "picture"), "moss-runner.picture", "is not the name of a picture"),
        (set_in("gone.svg", "picture"), "moss-runner.picture", "there is no file"),
        (set_in([], "variants"), "moss-runner.variants", "at least one"),
        (set_in(-2, "variants", 0, "stock"), "moss-runner.MOS-270-W.stock", "from 0, not -2"),
        (set_in("2", "variants", 0, "stock"), "moss-runner.MOS-270-W.stock", "whole number"),
        (set_in(270, "variants", 0, "size"), "moss-runner.MOS-270-W.size", "in quotes"),
        (set_in("teal", "variants", 0, "colour"), "moss-runner.MOS-270-W.colour", "is none of"),
        (set_in("4E", "variants", 0, "width"), "moss-runner.MOS-270-W.width", "is none of regular"),
        (drop("variants", 0, "size_us"), "moss-runner.MOS-270-W.size_us", "is missing"),
        (drop("variants", 0, "width"), "moss-runner.MOS-270-W.width", "is missing"),
        (set_in("mos 270", "variants", 0, "sku"), "moss-runner.mos 270.sku", "a stock number"),
        (set_in("Moss Runner", "product_id"), "Moss Runner.product_id", "a short name"),
    ],
)
def test_a_bad_product_is_refused_by_name(
    tmp_path: Path, change: Change, place: str, reason: str
) -> None:
    folder = write(tmp_path, SHOE)
    broken = copy.deepcopy(SHOE)
    change(broken)
    listing = as_yaml({"products": [SCARF, broken]})
    (folder / "products.yml").write_text(listing, encoding="utf-8")
    (folder / "pictures" / "moss-scarf.svg").write_text(PICTURE)
    error = refusal(folder)
    assert (error.file, error.place) == (str(folder / "products.yml"), place)
    assert reason in error.reason
    assert str(error) == f"{error.file}: {error.place}: {error.reason}"


ENGRAVED: dict[str, Any] = {
    **SHOE,
    "options": [
        {
            "id": "laces",
            "label": {"ko": "끈", "en": "laces"},
            "synonyms": {"ko": [], "en": []},
            "values": [
                {
                    "id": "red",
                    "label": {"ko": "빨강", "en": "red"},
                    "synonyms": {"ko": [], "en": []},
                    "surcharge": {"KRW": 0, "USD": "1.00"},
                }
            ],
        },
        {
            "id": "name",
            "label": {"ko": "이름", "en": "name"},
            "synonyms": {"ko": [], "en": []},
            "text": {"most_signs": 8, "signs": ["latin"]},
            "not_with": {"laces": ["red"]},
        },
    ],
    "parts": [
        {
            "id": "scarf",
            "label": {"ko": "목도리", "en": "scarf"},
            "how_many": 1,
            "of": ["moss-scarf"],
        }
    ],
}


def test_a_product_may_be_made_to_order(tmp_path: Path) -> None:
    shape = product_as_json(load_catalogue(write(tmp_path, ENGRAVED, SCARF)).products[0])
    laces, name = shape["options"]
    assert laces["values"][0]["surcharge"] == {"KRW": "0", "USD": "1.00"}
    assert laces["surcharge"] == {"KRW": "0", "USD": "0"}
    assert name["text"] == {"most_signs": 8, "signs": ["latin"]}
    assert name["not_with"] == {"laces": ["red"]}
    assert shape["parts"][0]["of"] == ["moss-scarf"]


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (set_in("Laces", "options", 0, "id"), "Laces.id", "a short name"),
        (drop("options", 0, "label"), "laces.label", "is missing"),
        (drop("options", 0, "values"), "laces", "either `text` or `values`"),
        (set_in([], "options", 0, "values"), "laces.values", "must be 1 to 8"),
        (set_in("x", "options", 0, "colour"), "laces.colour", "not a field known here"),
        (set_in("name", "options", 0, "id"), "name.not_with.laces", "not a field known here"),
        (
            set_in(-1, "options", 0, "values", 0, "surcharge", "KRW"),
            "laces.red.surcharge.KRW",
            "-1",
        ),
        (set_in(0, "options", 1, "text", "most_signs"), "name.text.most_signs", "from 1 to 100"),
        (set_in(["runes"], "options", 1, "text", "signs"), "name.text.signs", "must be some of"),
        (set_in(["blue"], "options", 1, "not_with", "laces"), "name.not_with.laces", "none of its"),
        (set_in("laces", "parts", 0, "id"), "laces.id", "is there twice"),
        (set_in(0, "parts", 0, "how_many"), "scarf.how_many", "from 1 to 9"),
        (set_in([], "parts", 0, "of"), "scarf.of", "at least one product"),
        (set_in(["gone"], "parts", 0, "of"), "scarf.of", "'gone' is no product"),
        (set_in(["moss-runner"], "parts", 0, "of"), "scarf.of", "is no product to be put"),
    ],
)
def test_what_cannot_be_made_to_order_is_refused_by_name(
    tmp_path: Path, change: Change, place: str, reason: str
) -> None:
    broken = copy.deepcopy(ENGRAVED)
    change(broken)
    error = refusal(write(tmp_path, broken, SCARF))
    assert reason in error.reason
    assert error.place == f"moss-runner.{place}"


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (set_in("moss-runner", "product_id"), "product_id", "belongs to moss-runner already"),
        (set_in("MOS-270-W", "variants", 0, "sku"), "variants", "'MOS-270-W' belongs to"),
        (set_in("moss runner", "name", "en"), "name", "'mossrunner' belongs to"),
        (set_in(["이 끼"], "synonyms", "ko"), "synonyms", "'이끼' belongs to"),
    ],
)
def test_two_products_cannot_be_mistaken_for_each_other(
    tmp_path: Path, change: Change, place: str, reason: str
) -> None:
    folder = write(tmp_path, SHOE, SCARF)
    twin = copy.deepcopy(SCARF)
    change(twin)
    listing = as_yaml({"products": [SHOE, twin]})
    (folder / "products.yml").write_text(listing, encoding="utf-8")
    error = refusal(folder)
    assert error.place == f"{twin['product_id']}.{place}"
    assert reason in error.reason


def test_a_stock_number_is_used_once_in_a_product(tmp_path: Path) -> None:
    twice = {**SHOE, "variants": SHOE["variants"] * 2}
    error = refusal(write(tmp_path, twice))
    assert (error.place, error.reason) == ("moss-runner.MOS-270-W.sku", "is there twice")


def test_only_shoes_have_a_width(tmp_path: Path) -> None:
    wide = {**SCARF, "variants": [{**SCARF["variants"][0], "width": "wide"}]}
    assert refusal(write(tmp_path, wide)).place == "moss-scarf.SCF.width"


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (drop("tagline", "ko"), "store.tagline.ko", "is missing"),
        (set_in("?", "motto"), "store.motto", "not a field known here"),
        (set_in("Asia/Soul", "time_zone", "ko"), "store.time_zone", "no time zone"),
        (set_in("../Seoul", "time_zone", "ko"), "store.time_zone", "no time zone"),
        (set_in("EUR", "currency", "en"), "store.currency.en", "a currency sold in"),
        (set_in("call us", "phone", "ko"), "store.phone.ko", "a number such as"),
        (set_in("nobody", "email", "ko"), "store.email.ko", "an e-mail address"),
        (
            set_in("9:00", "opening_hours", "ko", "monday", "opens"),
            "store.opening_hours.ko.monday.opens",
            "a time in quotes",
        ),
        (
            set_in("09:00", "opening_hours", "ko", "monday", "closes"),
            "store.opening_hours.ko.monday.closes",
            "later than",
        ),
        (set_in({}, "human_hours", "ko", "funday"), "store.human_hours.ko.funday", "not a field"),
        (set_in(9, "delivery", "days_at_least", "en"), "store.delivery.days_at_most", "less than"),
        (set_in(-1, "returns", "days", "ko"), "store.returns.days.ko", "whole number"),
        (set_in("4", "gift_wrapping", "cost", "USD"), "store.gift_wrapping.cost.USD", "amount"),
        (drop("text_senders"), "store.text_senders", "is missing"),
        (set_in({}, "text_senders", "JP"), "store.text_senders.JP", "not a field known here"),
        (
            set_in("no", "text_senders", "KR", "is_two_way"),
            "store.text_senders.KR.is_two_way",
            "true or false, not 'no'",
        ),
        (
            drop("text_senders", "US", "is_a2p_registered"),
            "store.text_senders.US.is_a2p_registered",
            "is missing",
        ),
        (set_in(0, "follow_up_after_seconds"), "store.follow_up_after_seconds", "at least 1"),
        (set_in("20", "follow_up_after_seconds"), "store.follow_up_after_seconds", "whole number"),
        (set_in(91, "price_concession_percent"), "store.price_concession_percent", "at most 90"),
        (drop("gifts", "birthday"), "store.gifts.birthday", "is missing"),
        (set_in("anniversary-box", "gifts", "birthday"), "store.gifts.birthday", "a list"),
        (set_in({"boats": 9}, "rest_days"), "store.rest_days.boats", "not a field"),
        (set_in({"nikee": 0}, "brand_sizes"), "store.brand_sizes.nikee", "not a field"),
        (set_in({"nike": 3}, "brand_sizes"), "store.brand_sizes.nike", "one of -20, -15"),
        (set_in({"nike": True}, "brand_sizes"), "store.brand_sizes.nike", "not True"),
        (set_in({"easter": []}, "topics"), "store.topics.easter", "not a field"),
        (set_in(0, "points", "earn_percent"), "store.points.earn_percent", "from 1 to 100"),
        (set_in(101, "points", "earn_percent"), "store.points.earn_percent", "from 1 to 100"),
        (set_in(0, "points", "least_to_spend"), "store.points.least_to_spend", "at least 1"),
        (set_in("0.00", "points", "worth", "USD"), "store.points.worth.USD", "more than nothing"),
        (drop("points", "how_to_spend"), "store.points.how_to_spend", "is missing"),
        (set_in(5, "points", "bonus"), "store.points.bonus", "not a field"),
        (
            set_in(300000, "points", "tiers", 0, "spent_from", "KRW"),
            "store.points.tiers[2].spent_from",
            "more than that of the tier before",
        ),
    ],
)
def test_a_bad_store_is_refused_by_field(
    tmp_path: Path, change: Change, place: str, reason: str
) -> None:
    store = demo_store()
    change(store["store"])
    error = refusal(write(tmp_path, SHOE, store=store))
    assert (error.file, error.place) == (str(tmp_path / "store.yml"), place)
    assert reason in error.reason


@pytest.mark.parametrize(
    ("section", "change", "reason"),
    [
        ("categories", set_in("packs", 0, "id"), "'id packs' is said of another"),
        ("colours", set_in(["블랙"], 1, "synonyms", "ko"), "'블랙' is said of another"),
        ("brands", set_in("Fernwick", 1, "label", "en"), "'fernwick' is said of another"),
    ],
)
def test_a_word_means_one_thing(tmp_path: Path, section: str, change: Any, reason: str) -> None:
    store = demo_store()
    change(store[section])
    assert reason in refusal(write(tmp_path, SHOE, store=store)).reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"products: [", "did not find expected node content"),
        (b"products: []\nproducts: []\n", "the key 'products' is there twice"),
        (b"products: []\nnlu: []\n", "not a field known here"),
        (b"- moss-runner\n", "must be a list of fields"),
        (b"products: {}\n", "must be a list"),
        (b"", "must be a list of fields"),
        (b"products: \xff\xfe\n", "cannot be read"),
        (b"products: !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    folder = write(tmp_path)
    (folder / "products.yml").write_bytes(content)
    error = refusal(folder)
    assert error.file == str(folder / "products.yml")
    assert reason in str(error)


@pytest.mark.parametrize("name", ["products.yml", "store.yml"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, SHOE)
    (folder / name).unlink()
    assert str(refusal(folder)) == f"{folder / name}: there is no such file"


@pytest.mark.parametrize(
    ("drawing", "reason"),
    [
        ("<svg", "not well-formed"),
        ("<html/>", "not an SVG drawing"),
        ("<svg><script>alert(1)</script></svg>", "must not hold a <script>"),
        ("<svg><foreignObject/></svg>", "must not hold a <foreignObject>"),
        ('<svg onload="alert(1)"/>', "must not act by itself"),
        ('<svg><use href="https://shop.example/a.svg#b"/></svg>', "something outside itself"),
        ('<svg><path fill="url(https://shop.example/a)"/></svg>', "something outside itself"),
        ('<svg><path fill="url( //shop.example/a)"/></svg>', "something outside itself"),
        ("<svg><style>@import 'a.css';</style></svg>", "something outside itself"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "must not declare"),
        ('<?xml-stylesheet href="a.css"?><svg/>', "must not declare"),
    ],
)
def test_a_picture_that_does_more_than_draw_is_refused(
    tmp_path: Path, drawing: str, reason: str
) -> None:
    folder = write(tmp_path, SHOE)
    (folder / "pictures" / "moss-runner.svg").write_text(drawing)
    error = refusal(folder)
    assert error.place == "moss-runner.picture"
    assert reason in error.reason


def test_a_picture_may_refer_to_its_own_parts(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOE)
    own = '<svg><g id="a"/><use href="#a"/><path clip-path="url(#a)" fill="url(\'#a\')"/></svg>'
    (folder / "pictures" / "moss-runner.svg").write_text(own)
    assert len(load_catalogue(folder).products) == 1


def test_a_picture_is_not_a_novel(tmp_path: Path) -> None:
    folder = write(tmp_path, SHOE)
    (folder / "pictures" / "moss-runner.svg").write_text("<svg>" + " " * 500_000 + "</svg>")
    assert "larger than" in refusal(folder).reason


def test_every_error_of_a_shop_is_one_family() -> None:
    assert issubclass(CatalogueError, ShopError)
