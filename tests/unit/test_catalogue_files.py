"""What the demo shop's own catalogue must hold, read from its files without our loader."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "data" / "catalogue"
HANGUL = re.compile("[가-힣]")
SVG = "{http://www.w3.org/2000/svg}"


def read(name: str) -> Any:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


PRODUCTS: list[dict[str, Any]] = read("products.yml")["products"]
STORE: dict[str, Any] = read("store.yml")
BY_ID = {product["product_id"]: product for product in PRODUCTS}
each_product = pytest.mark.parametrize("product", PRODUCTS, ids=list(BY_ID))


def test_it_is_a_small_shop_with_every_kind_of_thing() -> None:
    sold = Counter(product["category"] for product in PRODUCTS)
    assert 35 <= len(PRODUCTS) <= 50
    assert set(sold) == {entry["id"] for entry in STORE["categories"]}
    assert min(sold.values()) >= 4


@pytest.mark.parametrize("name", ["products.yml", "store.yml"])
def test_rasa_does_not_take_the_catalogue_for_training_data(name: str) -> None:
    assert not {"nlu", "rules", "stories", "responses", "intents"} & set(read(name))


@each_product
def test_it_is_told_in_both_languages(product: dict[str, Any]) -> None:
    for field in ("name", "description", "material"):
        assert HANGUL.search(product[field]["ko"]), field
        assert not HANGUL.search(product[field]["en"]), field
    assert any(HANGUL.search(word) for word in product["synonyms"]["ko"])
    assert product["synonyms"]["en"]


@each_product
def test_korean_is_written_as_a_shop_speaks(product: dict[str, Any]) -> None:
    sentences = re.split(r"(?<=[.!?])\s", product["description"]["ko"])
    assert all(re.search("(요|세요)[.!?]$", sentence) for sentence in sentences)


@each_product
def test_it_names_no_brand_of_somebody_else(product: dict[str, Any]) -> None:
    told = " ".join(
        [*product["name"].values(), *product["description"].values(), *product["material"].values()]
    )
    words = set(re.findall(r"\w+", told.casefold()))
    for brand in STORE["other_brands"]:
        assert not words & {spelling.casefold() for spelling in brand["label"].values()}


def test_ridge_gtx_comes_wide_and_in_every_size() -> None:
    ridge = BY_ID["ridge-gtx"]
    wide = {one["size"] for one in ridge["variants"] if one["width"] == "wide"}
    assert ridge["name"]["en"] == "Ridge GTX"
    assert wide == {str(size) for size in range(230, 295, 5)}


def test_270_wide_is_in_stock_and_nine_and_a_half_wide_is_awaited() -> None:
    stock: Counter[str] = Counter()
    for one in BY_ID["ridge-gtx"]["variants"]:
        if one["width"] == "wide":
            stock[one["size"]] += one["stock"]
            stock["US " + one["size_us"]] += one["stock"]
    assert stock["270"] > 0
    assert stock["US 9.5"] == 0


def test_one_product_and_some_sizes_are_sold_out() -> None:
    left = {key: sum(one["stock"] for one in found["variants"]) for key, found in BY_ID.items()}
    gaps = [
        key
        for key, found in BY_ID.items()
        if left[key] and any(one["stock"] == 0 for one in found["variants"])
    ]
    assert [key for key, count in left.items() if count == 0] == ["snowline-boot"]
    assert len(gaps) >= 10


@pytest.mark.parametrize(
    ("product_id", "size", "american"),
    [
        ("ridge-gtx", "270", "9"),
        ("ridge-gtx", "275", "9.5"),
        ("tempo-five", "280", "10"),
        ("dawn-light", "240", "7"),
        ("dawn-light", "255", "8.5"),
        ("little-ridge", "180", "12C"),
        ("little-ridge", "200", "1Y"),
        ("snowball-down", "90", "2T"),
        ("snowball-down", "120", "6"),
    ],
)
def test_american_sizes_are_those_of_the_trade(product_id: str, size: str, american: str) -> None:
    found = {one["size_us"] for one in BY_ID[product_id]["variants"] if one["size"] == size}
    assert found == {american}


def test_the_anniversary_box_holds_what_was_promised() -> None:
    box = BY_ID["anniversary-box"]
    for word in ("모차르트", "케이크", "무알코올 스파클링"):
        assert word in box["description"]["ko"]


def test_brands_that_customers_ask_for_are_known_as_not_carried() -> None:
    labels = {(entry["label"]["ko"], entry["label"]["en"]) for entry in STORE["other_brands"]}
    carried = {entry["id"] for entry in STORE["brands"]}
    assert {("나이키", "Nike"), ("살로몬", "Salomon"), ("호카", "Hoka")} <= labels
    assert not carried & {name for pair in labels for name in pair}


def test_what_is_given_for_a_day_is_a_present_on_sale() -> None:
    for day, gifts in STORE["store"]["gifts"].items():
        assert sum(one["stock"] for one in BY_ID[gifts[0]]["variants"]) > 0, day
        assert set(gifts) <= set(BY_ID)


def test_numbers_of_the_shop_belong_to_nobody() -> None:
    shop = STORE["store"]
    assert shop["phone"]["ko"].startswith("02-0000-")
    assert re.search(r"555-01\d\d$", shop["phone"]["en"])
    assert shop["opt_out_phone"].startswith("080-000-")
    assert all(address.endswith(".example") for address in shop["email"].values())


def test_no_picture_is_left_over() -> None:
    drawn = {path.name for path in (FOLDER / "pictures").iterdir()}
    assert drawn == {*(product["picture"] for product in PRODUCTS), "no-picture.svg"}


@each_product
def test_the_picture_only_draws(product: dict[str, Any]) -> None:
    path = FOLDER / "pictures" / product["picture"]
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 -- a file of this repository
    used = {element.tag for element in root.iter()}
    assert root.tag == SVG + "svg"
    assert used <= {
        SVG + name
        for name in ("svg", "title", "rect", "circle", "ellipse", "path", "g", "clipPath")
    }
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "href" not in text
    assert path.stat().st_size < 40_000


@each_product
def test_the_picture_scales(product: dict[str, Any]) -> None:
    root = ElementTree.parse(FOLDER / "pictures" / product["picture"]).getroot()  # noqa: S314
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert root.get("viewBox") == "0 0 480 480"
    assert root.get("width") is None
    assert len(names) == len(set(names))
